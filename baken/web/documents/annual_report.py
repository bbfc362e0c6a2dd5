"""The annual report on paper: the boxes and tables of the form, out of the values that were frozen.

PDF and DOCX are made of the same paper, so they cannot say different things. Nothing of today goes
in: a frozen report gives the same bytes each time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from baken.actionplan.annualreport.answers import Row
from baken.actionplan.annualreport.applying import is_empty
from baken.actionplan.annualreport.form import (
    FIGURES,
    Column,
    ColumnKind,
    Field,
    Kind,
    Named,
)
from baken.actionplan.annualreport.rules import Signatory
from baken.actionplan.annualreport.wording import form_in, kept_since
from baken.actionplan.indicators.yearly import FormType
from baken.web import numerals
from baken.web.documents.annual_report_words import words_of
from baken.web.rendering import render
from baken.web.texts import Catalogue

RATE_DECIMALS: Final = 2
CHECKED: Final = "\N{BALLOT BOX WITH CHECK}"
OPEN: Final = "\N{BALLOT BOX}"
NOTHING: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as what, when."""

    signs_as: Signatory
    name: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """What a document is made of: the values as they are frozen, and what was put under them.

    `number` is None while the report is not signed; the document says so on every sheet.
    """

    content: Mapping[str, Any]
    signatures: Sequence[Signature] = ()
    number: int | None = None
    sha256: str = ""
    audit_head: str = ""
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One field with its number and what stands in it."""

    code: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Fields below each other."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the form; `numeric` says of each column whether it holds figures."""

    key: str
    code: str
    label: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


Part = Boxes | Grid


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A numbered section of the form."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole document in one language."""

    language: str
    title: str
    mark: str
    organisation: str
    lead: tuple[str, ...]
    sections: tuple[PaperSection, ...]
    changed_title: str
    changed: tuple[str, ...]
    signatures_title: str
    signatures: tuple[Box, ...]
    foot: tuple[str, ...]
    nothing: str
    column_code: str
    column_field: str
    column_value: str
    column_as: str
    column_signed: str


def report_page(source: Source, *, language: str, static_root: str) -> str:
    """Return the report as the page that its documents are set from."""
    paper = paper_of(source, language)
    return render("documents/annual_report.html", static_root, language=language, paper=paper)


def paper_of(source: Source, language: str) -> Paper:
    """Return the document in a language: the form in words, with every value written out."""
    content = source.content
    say = words_of(content, language)
    year, form = str(content["year"]), FormType(content["form"])
    return Paper(
        language=language,
        title=say("reports.doc_title", year=year),
        mark=_mark(source, say),
        organisation=content["organisation"],
        lead=tuple(_lead(source, say)),
        sections=tuple(_sections(content, form, say)),
        changed_title=say("reports.doc_changed"),
        changed=tuple(_changed(content, say)),
        signatures_title=say("reports.doc_signatures"),
        signatures=tuple(_signatures(source, say)),
        foot=tuple(_foot(source, say)),
        nothing=say("reports.doc_none"),
        column_code=say("reports.column_code"),
        column_field=say("reports.column_field"),
        column_value=say("reports.column_value"),
        column_as=say("reports.column_as"),
        column_signed=say("reports.column_signed"),
    )


def _mark(source: Source, say: Catalogue) -> str:
    marks = []
    if source.content["is_fictional"]:
        marks.append(say("reports.doc_fictional"))
    if source.number is None:
        marks.append(say("reports.doc_draft"))
    return " ".join(marks)


def _lead(source: Source, say: Catalogue) -> Iterator[str]:
    content = source.content
    yield say(
        "reports.doc_form",
        form=content["form"],
        form_edition=content["form_edition"],
        edition=str(content["edition"]),
    )
    if source.number is not None and source.signed_on:
        yield say("reports.doc_number", number=str(source.number), day=source.signed_on)
    if content["corrects"]:
        former = str(content["edition"] - 1)
        yield say("reports.doc_corrects", edition=former, reason=content["corrects"])
    yield say("reports.doc_kept", day=kept_since(content))


def _sections(content: Mapping[str, Any], form: FormType, say: Catalogue) -> Iterator[PaperSection]:
    values, lines = content["fields"], form_in(content)
    for section in lines.sections:
        fields = [one for one in lines.in_section(form, section.key) if one.key in values]
        if not fields:
            continue
        number = "" if section.key == "annex" else f"{section.key}. "
        title = number + section.label[say.language]
        yield PaperSection(title, tuple(_parts(fields, values, form, say)))


def _parts(
    fields: Sequence[Field], values: Mapping[str, Any], form: FormType, say: Catalogue
) -> Iterator[Part]:
    """Single fields gather in one table of boxes; every table of the form stands apart."""
    loose: list[Box] = []
    for one in fields:
        if not one.columns:
            value = said_value(one, values[one.key], say)
            loose.append(Box(one.code, one.label[say.language], value))
            continue
        if loose:
            yield Boxes(tuple(loose))
            loose = []
        yield grid_of(one, values[one.key] or (), form, say)
    if loose:
        yield Boxes(tuple(loose))


def grid_of(field: Field, rows: Sequence[Row], form: FormType, say: Catalogue) -> Grid:
    """Write a table of the form out."""
    columns = field.columns_of(form)
    named = {one.key: one for one in field.rows}
    return Grid(
        key=field.key,
        code=field.code,
        label=field.label[say.language],
        heads=tuple(column.label[say.language] for column in columns),
        numeric=tuple(column.kind in FIGURES | _DERIVED for column in columns),
        rows=tuple(
            tuple(_cell(column, row.get(column.key), named, say) for column in columns)
            for row in rows
        ),
    )


_DERIVED: Final = frozenset({ColumnKind.SUM, ColumnKind.RATE})


def _cell(column: Column, value: Any, named: Mapping[str, Named], say: Catalogue) -> str:
    if column.kind is ColumnKind.ROW:
        return named[value].label[say.language]
    if is_empty(value):
        return NOTHING
    if column.kind is ColumnKind.RATE:
        return numerals.number(value, say.language, RATE_DECIMALS)
    if column.kind in FIGURES | _DERIVED:
        return numerals.number(value, say.language)
    return _maybe_day(str(value), say)


def said_value(field: Field, value: Any, say: Catalogue) -> str:
    """Write the value of a single field out; a choice as boxes, the chosen one ticked."""
    if field.kind is Kind.CHOICE:
        return "\n".join(
            _ticked(one.label[say.language], one.key == value) for one in field.choices
        )
    if field.kind is Kind.YES_NO:
        answers = ((say("reports.yes"), True), (say("reports.no"), False))
        return "   ".join(_ticked(words, value is answer) for words, answer in answers)
    if is_empty(value):
        return NOTHING
    if field.kind is Kind.PERCENT:
        return numerals.percent(value / 100, say.language, 0 if value == int(value) else 1)
    if field.kind in (Kind.NUMBER, Kind.DECIMAL):
        return numerals.number(value, say.language)
    return _maybe_day(value, say) if field.kind is Kind.DAY else str(value)


def _ticked(words: str, is_chosen: bool) -> str:
    return f"{CHECKED if is_chosen else OPEN} {words}"


def _maybe_day(text: str, say: Catalogue) -> str:
    """A day is kept as 2026-12-31 and written out; other words stay as they are."""
    try:
        return numerals.day(date.fromisoformat(text), say.language)
    except ValueError:
        return text


def _changed(content: Mapping[str, Any], say: Catalogue) -> Iterator[str]:
    """Where the report says something else than the records of Baken, and why."""
    lines = form_in(content)
    for key, change in content["changed"].items():
        field = lines.fields[key]
        label = f"{field.code} {field.label[say.language]}".strip()
        if field.columns:
            yield say("reports.doc_changed_table", field=label, reason=change["reason"])
        else:
            known = said_plain(field, change["known"], say)
            yield say("reports.doc_changed_line", field=label, known=known, reason=change["reason"])


def said_plain(field: Field, value: Any, say: Catalogue) -> str:
    """Write a value out within a sentence."""
    if field.kind is Kind.YES_NO:
        return say("reports.yes" if value else "reports.no")
    if field.kind is Kind.CHOICE:
        return next((one.label[say.language] for one in field.choices if one.key == value), NOTHING)
    return said_value(field, value, say)


def _signatures(source: Source, say: Catalogue) -> Iterator[Box]:
    signed = {one.signs_as: one for one in source.signatures}
    for place in Signatory:
        one = signed.get(place)
        words = say("reports.doc_unsigned")
        if one is not None:
            words = say("reports.doc_signed", name=one.name, moment=one.signed_at)
        yield Box("", say(f"reports.as_{place}"), words)


def _foot(source: Source, say: Catalogue) -> Iterator[str]:
    if source.sha256:
        yield say("reports.doc_fingerprint", sha256=source.sha256)
    if source.audit_head:
        yield say("reports.doc_record", head=source.audit_head)
