"""Kinds of form fields that several pages use."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from wtforms import DateField, FieldList, IntegerField, StringField
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
_LARGEST: Final = 10**15
MAX_DIGITS: Final = 6
# Further checks of a field, or marks that its label shows.
Checks = tuple[Callable[[Any, Any], object], ...]


class Refused(ValidationError):
    """A check of a form says no; the message is a key of the catalogue or a sentence."""


class WholeField(IntegerField):
    """A whole number; one of hundreds of figures is none, and would break checks of its range."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > _LARGEST:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))


class FileChosen:
    """A file is needed; the reader of forms keeps files apart, so the form carries it."""

    field_flags: Final = {"required": True}

    def __call__(self, form: Any, _field: Any) -> None:
        if not isinstance(form.chosen, Upload):
            raise Refused("forms.choose_file")


class NeededToStart:
    """Says beside the label: a draft may leave this empty, the start of the survey may not.

    The start itself asks; here is nothing to refuse.
    """

    field_flags: Final = {"before_start": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        pass


class HintSays:
    """Says nothing behind the label: the hint tells when the field is needed, and a rule asks."""

    field_flags: Final = {"hint_says": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        pass


class Rows(FieldList):  # type: ignore[type-arg]  # generic in its stubs only
    """Rows of a form; a row whose number is not written in plain figures is none of ours."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").partition("-")[0]
            is_row = name.startswith(f"{prefix}-") and number.isascii() and number.isdigit()
            if is_row and len(number) < MAX_DIGITS:
                yield int(number)


def line(
    label: str,
    *,
    length: int,
    hint: str = "",
    required: bool = True,
    more: Checks = (),
    language: str = "",
) -> StringField:
    """One line of text; `more` are further checks, `language` that of what is written in it."""
    checks = [DataRequired() if required else Optional(), Length(max=length), *more]
    spoken = {"lang": language} if language else {}
    return StringField(label, checks, filters=[_printable], description=hint, render_kw=spoken)


def day(label: str, *, hint: str = "", required: bool = True, more: Checks = ()) -> DateField:
    """A date that somebody can mean."""
    first = InputRequired() if required else Optional()
    return DateField(label, [first, _check_year, *more], description=hint)


def whole(label: str, *, low: int, high: int, hint: str = "") -> IntegerField:
    """A whole number between two limits."""
    checks = [InputRequired(), NumberRange(low, high)]
    return WholeField(
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
