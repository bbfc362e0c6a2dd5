"""What the forms of plans and measures share: longer texts, rows, figures, and two editors."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Response
from wtforms import DateField, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms import Form as WTForm
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import TextArea

from baken.actionplan.errors import ActionPlanError
from baken.actionplan.plans.rules import RoleRow
from baken.actionplan.wording import TEXT_LENGTH
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages import fields
from baken.web.pages.fields import Checks
from baken.web.pages.reply import PageRequest, done, refused
from baken.web.texts import catalogue

SPARE_ROWS: Final = 2
MAX_ROWS: Final = 60


def _unix(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").strip()


class PlanForm(BackOfficeForm):
    """A form that knows which version of a row the person was looking at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        return as_version(self.version.data)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else saved in a field that also stands in this form."""

    label: str
    text: str


def as_version(text: Any) -> int:
    """A version that came in with a form; 0, which no row has, when it was changed."""
    sent = str(text or "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def seen_of(form: Form) -> int:
    """The version that a button sends along."""
    return as_version(form.get("version"))


def as_id(text: Any) -> UUID | None:
    """An id that came in with a form; None when it is empty or no id."""
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def as_ids(chosen: Iterable[Any] | None) -> frozenset[UUID]:
    """The ids among several that came in with a form."""
    return frozenset(found for each in chosen or () if (found := as_id(each)))


class _Uncut(TextArea):
    """A text box without a length: a browser cuts what is pasted there, and says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.validation_attrs = ["required"]


class WrittenField(TextAreaField):
    """A text of some length; what is too long comes back whole, with the reason."""

    widget = _Uncut()


def text(
    label: str, *, hint: str = "", rows: int = 4, required: bool = False, more: Checks = ()
) -> Any:
    """A text of some length."""
    checks = [DataRequired() if required else Optional(), Length(max=TEXT_LENGTH), *more]
    return WrittenField(label, checks, filters=[_unix], description=hint, render_kw={"rows": rows})


def line(
    label: str, *, length: int, hint: str = "", required: bool = True, more: Checks = ()
) -> Any:
    """One line of text; once the form was checked, it holds a string."""
    return fields.line(label, length=length, hint=hint, required=required, more=more)


def day(label: str, *, hint: str = "", required: bool = True) -> Any:
    """A date; once the form was checked, it holds one where it is required."""
    return fields.day(label, hint=hint, required=required)


def lines_of(written: str) -> tuple[str, ...]:
    """A text with one thing a line, as lines."""
    return tuple(line.strip() for line in written.splitlines() if line.strip())


_THOUSANDS: Final = {
    is_english: re.compile(rf"-?[1-9]\d{{0,2}}(?:\{sign}\d{{3}})+")
    for is_english, sign in ((False, "."), (True, ","))
}
"""Numbers that may be written with signs between the thousands, or with three decimals."""


class FigureField(StringField):
    """A number with a decimal comma or point."""

    data: Any
    raw_data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        written = "".join(valuelist[:1]).strip()
        self.data = None
        if not written:
            return
        is_english = "en" in (self.meta.locales or ())
        if _THOUSANDS[is_english].fullmatch(written):
            # Three and a half hundred, or as many thousand: nobody may guess.
            raise ValueError("indicators.no_thousands")
        try:
            self.data = float("".join(written.split()).replace(",", "."))
        except ValueError:
            raise ValueError("indicators.no_number") from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        sign = "." if "en" in (self.meta.locales or ()) else ","
        return f"{self.data:.12g}".replace(".", sign)


class ShareField(FigureField):
    """A number of per cent; its sign may be typed too."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([one.strip().removesuffix("%") for one in valuelist])


def figure(label: str, *, hint: str = "", required: bool = False, is_share: bool = False) -> Any:
    """A number that somebody counts or agrees."""
    # An unreadable number keeps its own message: the check looks at what was typed.
    checks = [_typed] if required else []
    kind = ShareField if is_share else FigureField
    return kind(label, checks, description=hint, render_kw={"inputmode": "decimal"})


class RowDay(DateField):
    """A date in a row; rows do not know the language, so the message is a key."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("plans.date_unreadable") from None


class RoleRowForm(WTForm):
    """Who does, owes and gets what."""

    who = StringField("plans.role_who", [Optional()])
    tasks = TextAreaField("plans.role_tasks", [Optional()], filters=[_unix])
    obligations = TextAreaField("plans.role_obligations", [Optional()], filters=[_unix])
    means = TextAreaField("plans.role_means", [Optional()], filters=[_unix])


def role_rows() -> Any:
    """The matrix of the persons involved."""
    return fields.Rows(FormField(RoleRowForm), "plans.roles", max_entries=MAX_ROWS)


def roles_of(rows: Any) -> tuple[RoleRow, ...]:
    """The rows of the matrix in which something was written."""
    return tuple(
        RoleRow(**{name: value or "" for name, value in row.items()}) for row in filled(rows)
    )


def filled(rows: Any) -> list[dict[str, Any]]:
    """The rows in which something was written."""
    return [row.data for row in rows.entries if is_written(row)]


def is_written(row: Any) -> bool:
    """Whether something was written in a row: a choice that stands there from the start is none."""
    return any(field.data and field.data != field.default for field in row.form)


def add_spare_rows(rows: Any) -> None:
    """Leave room to write more: empty rows at the end."""
    empty = len(rows.entries) - len(filled(rows))
    for _ in range(SPARE_ROWS - empty):
        if len(rows.entries) < MAX_ROWS:
            rows.append_entry()


def save(
    request: PageRequest,
    session: Session,
    template: str,
    sent: PlanForm,
    write: Callable[[], str],
    *,
    said: str,
    standing: Callable[[], PlanForm] | None = None,
    **context: Any,
) -> Response[str]:
    """Check a form and write it, or show it again with what was typed.

    Parameters
    ----------
    write : callable
        Writes and answers the page to go to.
    standing : callable
        Makes the form of the row as it stands: asked when somebody else saved first, so that the
        second person sees both texts and can save knowingly.
    """
    if not sent.validate():
        return refused(request, session, template, form=sent, meanwhile=(), **context)
    try:
        see = write()
    except EditedMeanwhile as error:
        session.rollback()
        now = standing() if standing else None
        found = compare(now, sent) if now else ()
        if now:
            sent.version.data = now.version.data
        return refused(
            request, session, template, form=sent, error=error, meanwhile=found, **context
        )
    except ActionPlanError as error:
        if error.kind in {"missing", "denied"}:
            raise
        return refused(request, session, template, form=sent, error=error, meanwhile=(), **context)
    return done(request, see=see, said=said)


def compare(now: PlanForm, sent: PlanForm) -> tuple[Meanwhile, ...]:
    """The fields in which what stands differs from what was typed."""
    found = []
    for there, typed in zip(now, sent, strict=True):
        if there.name == "version" or _said(there) == _said(typed):
            continue
        found.append(Meanwhile(now.label_of(there), _shown(there, sent.language)))
    return tuple(found)


def _said(field: Any) -> Any:
    """Empty is empty, whichever kind; empty rows of a matrix say nothing."""
    if isinstance(field, FieldList):
        return filled(field)
    return field.data if field.data not in (None, "", False) else None


def _shown(field: Any, language: str) -> str:
    texts = catalogue(language)
    if hasattr(field, "iter_choices"):
        labels = [choice[1] for choice in field.iter_choices() if choice[2]]
        return ", ".join(texts(label) if texts.has(label) else label for label in labels)
    if isinstance(field.data, bool):
        return texts("plans.yes" if field.data else "plans.no")
    if isinstance(field, FieldList):
        rows = (_words(row, language) for row in field.entries if is_written(row))
        return "\n".join(rows) or texts("plans.nothing")
    if isinstance(field.data, date):
        return texts("plans.day", day=field.data)
    return str(field.data or texts("plans.nothing"))


def _words(row: Any, language: str) -> str:
    """What stands in a row, as people read it: a choice by its label, a day as a day."""
    return " | ".join(_shown(field, language) for field in row.form if field.data)


def _typed(_form: Any, field: Any) -> None:
    if field.data is None and not field.errors and not field.process_errors:
        raise ValidationError("indicators.number_missing")


_typed.field_flags = {"required": True}  # type: ignore[attr-defined]  # read by WTForms
