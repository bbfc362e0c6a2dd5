"""Kinds of form fields that several pages use."""

from collections.abc import Callable
from typing import Any, Final

from wtforms import DateField, IntegerField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from baken.web.body import Upload

_LAST_YEAR: Final = 2199
_FIRST_YEAR: Final = 2000


class Refused(ValidationError):
    """A check of a form says no; the message is a key of the catalogue or a sentence."""


class FileChosen:
    """A file is needed; the reader of forms keeps files apart, so the form carries it."""

    field_flags: Final = {"required": True}

    def __call__(self, form: Any, _field: Any) -> None:
        if not isinstance(form.chosen, Upload):
            raise Refused("forms.choose_file")


def line(
    label: str,
    *,
    length: int,
    hint: str = "",
    required: bool = True,
    more: tuple[Callable[[Any, Any], object], ...] = (),
) -> StringField:
    """One line of text; `more` are further checks."""
    checks = [DataRequired() if required else Optional(), Length(max=length), *more]
    return StringField(label, checks, filters=[_printable], description=hint)


def day(label: str, *, hint: str = "", required: bool = True) -> DateField:
    """A date that somebody can mean."""
    first = InputRequired() if required else Optional()
    return DateField(label, [first, _check_year], description=hint)


def whole(label: str, *, low: int, high: int, hint: str = "") -> IntegerField:
    """A whole number between two limits."""
    checks = [InputRequired(), NumberRange(low, high)]
    return IntegerField(
        label, checks, description=hint, render_kw={"min": low, "max": high, "inputmode": "numeric"}
    )


def option(value: str, label: str) -> Any:
    """One thing to choose; the label is a key of the catalogue or the words themselves."""
    return SelectChoice(value, label)


def _printable(value: str | None) -> str:
    """Signs that nobody can type or see become spaces: no database or mail gets them."""
    return "".join(sign if sign.isprintable() else " " for sign in value or "").strip()


def _check_year(_form: Any, field: Any) -> None:
    # what is no date has its own sentence already
    if field.data and not _FIRST_YEAR <= field.data.year <= _LAST_YEAR:
        raise Refused("forms.far_year")
