"""What a finding rests on: choosing it, and showing it by its kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from baken.actionplan.errors import Invalid
from baken.actionplan.findings import actions, queries, sources
from baken.actionplan.findings.models import Evidence
from baken.actionplan.findings.rules import TOLD, EvidenceFields, EvidenceKind
from baken.actionplan.prevention import Domain
from baken.actionplan.register.lists import lists
from baken.actionplan.talks.notes import note_evidence
from baken.actionplan.talks.queries import list_notes, list_talks, visible
from baken.actionplan.talks.rules import Reach
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import option
from baken.web.pages.finding_forms import FindingForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, as_id, day, text
from baken.web.pages.plan_views import unit_choices
from baken.web.pages.register_views import words_of
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.texts import Catalogue, catalogue

_TELLABLE: Final = [
    option(each.value, f"findings.evidence_{each}") for each in EvidenceKind if each in TOLD
]
_LONGEST: Final = 90


class EvidenceForm(PlanForm):
    """Something seen or heard, or something that Baken keeps."""

    source = SelectField("findings.source", default="", description="findings.source_hint")
    told_as = RadioField(
        "findings.told_as",
        [InputRequired()],
        choices=_TELLABLE,
        default=EvidenceKind.OBSERVATION,
        description="findings.told_as_hint",
    )
    seen_text = text("findings.seen_text", hint="findings.seen_text_hint", rows=3)
    seen_on = day("findings.seen_on")

    def offer_sources(self, session: Session, *, by: Actor, today: date) -> Self:
        """Offer sheets, counts of the register and notes of talks that this person may use."""
        t = catalogue(self.language)
        self.source.choices = [
            option("", t("findings.source_told")),
            *_sheets(session, t, by),
            *_counts(session, t, by, today),
            *_notes(session, t),
        ]
        return self


class ObservedForm(FindingForm, EvidenceForm):
    """A finding that starts from something else than a released figure."""

    unit_id = SelectField("findings.unit", default="")

    def offer_all(self, session: Session, *, by: Actor, today: date) -> Self:
        self.offer(session).offer_sources(session, by=by, today=today)
        whole = catalogue(self.language)("findings.whole")
        self.unit_id.choices = unit_choices(session, whole, today=today)
        return self


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A ground of a finding, in words."""

    kind: str
    text: str
    said: str
    seen_on: date


class EvidencePages(Controller):
    """Findings from talks, observation, lights and counts; more grounds for a finding."""

    path = "/o/{organisation_id:uuid}/findings"

    @get("/observed/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def observed_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        asked = request.query_params
        values = {
            "seen_on": today,
            "domains": [Domain.PSYCHOSOCIAL.value],
            "source": asked.get("source", ""),
            "unit_id": asked.get("unit", ""),
            "risk_analysis_id": asked.get("analysis", ""),
        }
        form = ObservedForm.blank(language, values)
        return show(request, _observed_at(request), form.offer_all(session, by=actor, today=today))

    @post("/observed/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def observe(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = ObservedForm.read(form, language).offer_all(session, by=actor, today=today)

        def write() -> str:
            made = actions.record_observed(
                session,
                sent.fields(),
                _evidence(session, sent, by=actor, today=today),
                unit_id=as_id(sent.unit_id.data),
                by=actor,
                today=today,
            )
            return frame_of(request).url(f"/findings/{made.id}")

        at = _observed_at(request)
        return keep(request, session, at, sent, write, said="findings.done_recorded")

    @get("/{finding_id:uuid}/evidence", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def evidence_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        finding_id: FromPath[UUID],
    ) -> Response[str]:
        form = EvidenceForm.blank(language, {"seen_on": today})
        form.offer_sources(session, by=actor, today=today)
        return show(request, _evidence_at(request, session, finding_id), form)

    @post("/{finding_id:uuid}/evidence", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        finding_id: FromPath[UUID],
    ) -> Response[str]:
        at = _evidence_at(request, session, finding_id)
        sent = EvidenceForm.read(form, language)
        sent.offer_sources(session, by=actor, today=today)

        def write() -> str:
            found = _evidence(session, sent, by=actor, today=today)
            actions.add_evidence(session, finding_id, found, by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="findings.done_evidence")


def evidence_rows(session: Session, finding_id: UUID, *, language: str) -> tuple[EvidenceRow, ...]:
    """The grounds of a finding, in words."""
    t = catalogue(language)
    return tuple(
        EvidenceRow(one.kind, one.text, _said(one, t), one.seen_on)
        for one in queries.list_evidence(session, finding_id)
    )


def _said(one: Evidence, t: Catalogue) -> str:
    facts = one.facts
    if one.kind == EvidenceKind.SCREENING:
        colour = t(f"screening.colour_{facts['colour']}")
        return t("findings.said_sheet", unit=facts["unit"], colour=colour, n=facts["n_on"])
    if one.kind == EvidenceKind.REGISTER:
        return _count_in_words(t, facts["year"], facts["nature"], facts["count"])
    if one.kind == EvidenceKind.TALK:
        return t("findings.said_talk", method=t(f"talks.method_{facts['method']}"), n=facts["n"])
    return ""


def _evidence(session: Session, sent: EvidenceForm, *, by: Actor, today: date) -> EvidenceFields:
    """What was chosen or told; the text of a note is the note itself."""
    kind, _, rest = str(sent.source.data or "").partition(":")
    typed, seen_on = sent.seen_text.data, sent.seen_on.data or today
    makers: dict[str, Callable[[], EvidenceFields]] = {
        "": lambda: EvidenceFields(
            kind=EvidenceKind(sent.told_as.data), text=typed, seen_on=seen_on
        ),
        "sheet": lambda: sources.sheet_evidence(session, _id(rest), typed, seen_on=seen_on, by=by),
        "count": lambda: _register(session, rest, typed, seen_on, by=by, today=today),
        "note": lambda: note_evidence(session, _id(rest)),
    }
    return makers[kind]()


def _register(
    session: Session, chosen: str, typed: str, seen_on: date, *, by: Actor, today: date
) -> EvidenceFields:
    year, _, nature = chosen.partition(":")
    return sources.register_evidence(
        session, int(year), nature, typed, seen_on=seen_on, by=by, today=today
    )


def _id(text: str) -> UUID:
    found = as_id(text)
    if found is None:
        raise Invalid(
            "findings.source_missing",
            "Choose where this comes from, so that others can look it up.",
        )
    return found


def _sheets(session: Session, t: Catalogue, by: Actor) -> list[Any]:
    return [
        option(
            f"sheet:{one.sheet.id}",
            t(
                "findings.source_sheet",
                unit=one.unit,
                colour=t(f"screening.colour_{one.result.colour.word}"),
                day=one.sheet.until_on,
            ),
        )
        for one in sources.list_sheets(session, by=by)
    ]


def _counts(session: Session, t: Catalogue, by: Actor, today: date) -> list[Any]:
    return [
        option(f"count:{year}:{nature}", _count_in_words(t, year, nature, n))
        for year, nature, n in sources.list_counts(session, by=by, today=today)
    ]


def _count_in_words(t: Catalogue, year: int, nature: str, n: int) -> str:
    what = words_of(lists().natures, t.language)[nature] if nature else t("findings.all_natures")
    return t("findings.said_count", year=str(year), what=what, n=n)


def _notes(session: Session, t: Catalogue) -> list[Any]:
    """Notes that the group lets go as far as the plans."""
    return [
        option(f"note:{note.id}", f"{talk.title}: {_short(note.text)}")
        for talk in list_talks(session)
        if talk.reach == Reach.PLANS
        for note in visible(talk, list_notes(session, talk.id))
    ]


def _short(written: str) -> str:
    line = " ".join(written.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"


_GROUND: Final = ("source", "told_as", "seen_text", "seen_on")


def _observed_at(request: PageRequest) -> FormAt:
    frame = frame_of(request)
    risk = ("employer_has_impact", "impact_motivation", "objective_danger", "danger_motivation")
    what = ("statement", "unit_id", "group_name", "factor", "sub_factor", "domains")
    return FormAt(
        verb="understand",
        title="findings.observed_new",
        back=frame.url("/findings"),
        back_label=catalogue(frame.language)("findings.title"),
        save="findings.save",
        parts=(
            Part(what),
            Part(_GROUND, title="findings.part_ground", story="findings.ground_story"),
            Part(
                (*risk, "risk_analysis_id"),
                title="findings.part_risk",
                story="findings.risk_story",
            ),
        ),
    )


def _evidence_at(request: PageRequest, session: Session, finding_id: UUID) -> FormAt:
    return FormAt(
        verb="understand",
        title="findings.evidence_new",
        back=frame_of(request).url(f"/findings/{finding_id}"),
        back_label=queries.get_finding(session, finding_id).statement,
        save="analyses.save",
        parts=(Part(_GROUND),),
    )
