"""Which fields of a form apply, given what stands in others."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from baken.actionplan.annualreport.form import Field, the_form
from baken.actionplan.indicators.yearly import FormType

GROUP: Final = "prevention_group"
"""Under this key the prevention group of the employer stands among the values."""

Values = Mapping[str, Any]


def _others(values: Values) -> bool:
    return values.get("others") is True


def _committee(values: Values) -> bool:
    return values.get("body") in ("committee", "committees")


def _plan_asked(values: Values) -> bool:
    """Groups A and B, or whoever has a committee or a union delegation."""
    return values.get(GROUP) in ("A", "B") or values.get("body") in (
        "committee",
        "committees",
        "union",
    )


def _informed(values: Values) -> bool:
    return values.get("informed") is True


def _outsiders(values: Values) -> bool:
    return values.get("outsiders") is True


CONDITIONS: Final[Mapping[str, Callable[[Values], bool]]] = {
    "others": _others,
    "committee": _committee,
    "plan_asked": _plan_asked,
    "informed": _informed,
    "outsiders": _outsiders,
}


def applies(field: Field, values: Values) -> bool:
    """Whether a field is asked, given the values of the others by key."""
    return not field.when or CONDITIONS[field.when](values)


def asked_fields(form: FormType, values: Values) -> tuple[Field, ...]:
    """Return the fields of a form that apply, in order."""
    return tuple(one for one in the_form().of(form) if applies(one, values))


def is_empty(value: Any) -> bool:
    """Whether nothing stands in a field; nought and no are answers."""
    return value is None or value in ("", [])
