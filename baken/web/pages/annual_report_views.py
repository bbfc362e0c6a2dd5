"""What the pages of annual reports show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from baken.actionplan.annualreport.answers import Answer, Given
from baken.actionplan.annualreport.applying import is_empty
from baken.actionplan.annualreport.checks import Finding, Weight
from baken.actionplan.annualreport.content import Draft
from baken.actionplan.annualreport.form import ColumnKind, Field, the_form
from baken.actionplan.annualreport.law import law
from baken.actionplan.annualreport.models import AnnualReport, ReportNotice, ReportSignature
from baken.actionplan.annualreport.queries import days_of_report
from baken.actionplan.annualreport.rules import ReportState, Signatory
from baken.actionplan.indicators.yearly import FormType
from baken.web.documents.annual_report import Signature, Source, grid_of, said_plain
from baken.web.pages.annual_report_forms import WHY
from baken.web.pages.plan_forms import PlanForm
from baken.web.texts import Catalogue


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One edition in the list."""

    id: UUID
    version: int
    year: int
    edition: int
    form: str
    state: str
    number: int | None
    signed_on: date | None
    reason: str

    @classmethod
    def of(cls, report: AnnualReport) -> Self:
        return cls(
            report.id,
            report.version,
            report.year,
            report.edition,
            str(report.form),
            str(report.state),
            report.number,
            report.signed_on,
            report.reason,
        )


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that the law sets: what, until when, done on which day; where it was read."""

    what: str
    due_on: date | None
    done_on: date | None
    is_late: bool
    source: str
    is_read: bool


def day_rows(report: AnnualReport, say: Catalogue, *, today: date) -> tuple[DayRow, ...]:
    """Return the days of a report, in their order."""
    days, facts = days_of_report(report), law().facts

    def row(what: str, due_on: date | None, done_on: date | None, rule: str) -> DayRow:
        late = due_on is not None and (done_on or today) > due_on
        fact = facts[rule]
        return DayRow(
            say(f"reports.day_{what}"), due_on, done_on, late, fact.source, fact.status == "read"
        )

    return (
        row("ready", days.ready_by, report.drafted_on, "ready_by"),
        row("copies", days.copies_by, report.copies_on, "copies_before_meeting"),
        row("meeting", days.meeting_until, report.meeting_on, "meeting"),
    )


@dataclass(frozen=True, slots=True)
class FindingLine:
    """Something that does not agree, with the way to where it is mended."""

    sentence: str
    section: str
    is_block: bool


def finding_lines(draft: Draft, say: Catalogue) -> tuple[FindingLine, ...]:
    """Say every finding; what is empty gathers by section, because a new report is mostly empty."""
    lines, empty = [], dict[str, list[str]]()
    for one in draft.findings:
        field = the_form().fields[one.about[0]]
        if one.key == "empty":
            empty.setdefault(field.section, []).append(field.code or field.label[say.language])
            continue
        lines.append(FindingLine(sentence_of(one, say), field.section, one.weight is Weight.BLOCK))
    gathered = [
        FindingLine(
            say("reports.find_empty_of", fields=", ".join(dict.fromkeys(codes))), section, True
        )
        for section, codes in empty.items()
    ]
    return (*gathered, *lines)


def sentence_of(one: Finding, say: Catalogue) -> str:
    """A finding in a sentence; with the field where it is about one alone."""
    field = the_form().fields[one.about[0]]
    label = f"{field.code} {field.label[say.language]}".strip()
    return say(f"reports.find_{one.key}", field=label, **one.values)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section in the table of contents: how many of its fields are filled in."""

    key: str
    label: str
    n_filled: int
    n_fields: int


def section_rows(draft: Draft, say: Catalogue) -> tuple[SectionRow, ...]:
    """Return the sections of a report that are asked."""
    rows = []
    for section in the_form().sections:
        answers = [one for one in draft.answers.values() if one.field.section == section.key]
        if answers:
            label = section.label[say.language]
            number = "" if section.key == "annex" else f"{section.key}. "
            filled = sum(not one.is_empty for one in answers)
            rows.append(SectionRow(section.key, number + label, filled, len(answers)))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class HeadCell:
    """The head of a column, and whether it holds figures."""

    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a section with its control.

    `given` is what Baken knows, in words; `unsure` why it offers nothing; `origin` where from, with
    `href` to go and see. Of a
    table `heads` are the columns that are typed, `row_labels` the rows of the form.
    """

    code: str
    label: str
    help: str
    control: Any
    why: Any
    given: str
    unsure: str
    origin: str
    href: str
    is_changed: bool
    is_needed: bool
    findings: tuple[tuple[str, bool], ...]  # the sentence, and whether nothing goes on with it
    heads: tuple[HeadCell, ...]
    row_labels: tuple[str, ...]


def field_views(
    form: PlanForm, asked: Sequence[Field], draft: Draft, say: Catalogue, *, kind: FormType
) -> tuple[FieldView, ...]:
    """Put the controls of a section beside what Baken knows."""
    findings: dict[str, list[tuple[str, bool]]] = {}
    for one in draft.findings:
        if one.key != "empty":
            said = (sentence_of(one, say), one.weight is Weight.BLOCK)
            for key in one.about:
                findings.setdefault(key, []).append(said)
    return tuple(
        _view(form, draft.answers[one.key], findings.get(one.key, []), say, kind) for one in asked
    )


def _unsure(given: Given, say: Catalogue) -> str:
    """Why a count is not offered, with what stands here of the year."""
    told = given.unsure
    if told is None or not is_empty(given.value):
        return ""
    key = f"reports.unsure_{given.origin}"
    if told.quarters:
        return say(key, quarters=", ".join(map(str, told.quarters)), n=told.n)
    if told.since is None:
        return say(f"{key}_never")
    return say(key, day=told.since, n=told.n)


def _view(
    form: PlanForm,
    answer: Answer,
    findings: Iterable[tuple[str, bool]],
    say: Catalogue,
    kind: FormType,
) -> FieldView:
    one, language, given = answer.field, say.language, answer.given
    columns = [column for column in one.columns_of(kind) if column.is_typed]
    return FieldView(
        code=one.code,
        label=one.label[language],
        help=one.help.get(language, ""),
        control=form[one.key],
        why=form[WHY + one.key] if one.is_given else None,
        given=_given(one, given.value, say, kind) if given and not is_empty(given.value) else "",
        unsure=_unsure(given, say) if given and given.unsure else "",
        origin=say(f"reports.origin_{given.origin}") if given else "",
        href=given.path if given else "",
        is_changed=answer.is_changed,
        is_needed=kind in one.needed,
        findings=tuple(findings),
        heads=tuple(
            HeadCell(column.label[language], column.kind is not ColumnKind.LINE)
            for column in columns
        ),
        row_labels=tuple(row.label[language] for row in one.rows),
    )


def _given(one: Field, value: Any, say: Catalogue, kind: FormType) -> str:
    """What Baken knows, in words; a table as the number of its rows or their first words."""
    if not one.columns:
        return said_plain(one, value, say)
    grid = grid_of(one, value, kind, say)
    shown = ["; ".join(cell for cell in row) for row in grid.rows]
    return "\n".join(shown)


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A place for a signature: who signed there, or that it waits."""

    signs_as: str
    name: str
    signed_at: datetime | None


def signature_views(signed: Mapping[Signatory, ReportSignature]) -> tuple[SignatureView, ...]:
    """Return both places, in order."""
    found = []
    for place in Signatory:
        row = signed.get(place)
        found.append(
            SignatureView(str(place), row.name if row else "", row.signed_at if row else None)
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Something that became known afterwards."""

    id: UUID
    version: int
    text: str
    noted_on: date
    told_on: date | None

    @classmethod
    def of(cls, notice: ReportNotice) -> Self:
        return cls(notice.id, notice.version, notice.text, notice.noted_on, notice.told_on)


def source_of(
    report: AnnualReport, content: Mapping[str, Any], signed: Iterable[ReportSignature]
) -> Source:
    """Return what the documents of a report are made of."""
    is_signed = report.state is ReportState.SIGNED
    return Source(
        content=content,
        signatures=tuple(Signature(one.signs_as, one.name, one.signed_at) for one in signed),
        number=report.number if is_signed else None,
        sha256=report.sha256,
        audit_head=report.audit_head,
        signed_on=report.signed_on,
    )
