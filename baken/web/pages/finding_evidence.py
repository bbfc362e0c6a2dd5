"""What a finding rests on: choosing it, and showing it by its kind."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from baken.actionplan.findings import actions, queries
from baken.actionplan.findings.rules import TOLD, EvidenceKind
from baken.actionplan.prevention import Domain
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.evidence_sources import (
    Chosen,
    address_of,
    choices_of,
    evidence_from,
    said_of,
    unit_of,
)
from baken.web.pages.fields import HintSays, option
from baken.web.pages.finding_forms import FindingForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, as_id, day, text
from baken.web.pages.plan_views import unit_choices
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.texts import catalogue

OF_SOURCE: Final = "source"
_TELLABLE: Final = [
    option(each.value, f"findings.evidence_{each}") for each in EvidenceKind if each in TOLD
]


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
    seen_text = text(
        "findings.seen_text", hint="findings.seen_text_hint", rows=3, more=(HintSays(),)
    )
    seen_on = day("findings.seen_on")

    def offer_sources(self, session: Session, *, by: Actor, today: date) -> Self:
        """Offer sheets, counts of the register and notes of talks that this person may use."""
        self.source.choices = choices_of(session, self.language, by=by, today=today)
        return self


class ObservedForm(FindingForm, EvidenceForm):
    """A finding that starts from something else than a released figure."""

    unit_id = SelectField("findings.unit", default=OF_SOURCE)

    def offer_all(self, session: Session, *, by: Actor, today: date) -> Self:
        self.offer(session).offer_sources(session, by=by, today=today)
        whole = catalogue(self.language)("findings.whole")
        of_source = option(OF_SOURCE, catalogue(self.language)("findings.unit_of_source"))
        self.unit_id.choices = [of_source, *unit_choices(session, whole, today=today)]
        return self

    def unit_meant(self, session: Session, *, by: Actor) -> UUID | None:
        """The unit that was chosen, or that of the source."""
        if self.unit_id.data == OF_SOURCE:
            return unit_of(session, self.source.data or "", by=by)
        return as_id(self.unit_id.data)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A ground of a finding, in words."""

    kind: str
    text: str
    said: str
    seen_on: date
    # Where it can be looked up; empty for those who may not, and for what was only told.
    address: str


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
            "unit_id": asked.get("unit", OF_SOURCE),
            "risk_analysis_id": asked.get("analysis", ""),
            # What a note was about; an unknown one chooses nothing.
            "factor": asked.get("factor", ""),
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
                evidence_from(session, chosen_of(sent, today), by=actor, today=today),
                unit_id=sent.unit_meant(session, by=actor),
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
            found = evidence_from(session, chosen_of(sent, today), by=actor, today=today)
            actions.add_evidence(session, finding_id, found, by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="findings.done_evidence")


def evidence_rows(
    session: Session, finding_id: UUID, *, by: Actor, language: str
) -> tuple[EvidenceRow, ...]:
    """The grounds of a finding, in words."""
    t = catalogue(language)
    return tuple(
        EvidenceRow(
            one.kind, one.text, said_of(one, t), one.seen_on, address_of(session, one, by=by)
        )
        for one in queries.list_evidence(session, finding_id)
    )


def chosen_of(sent: EvidenceForm, today: date) -> Chosen:
    """What a form of a ground holds."""
    return Chosen(
        source=str(sent.source.data or ""),
        told_as=sent.told_as.data,
        text=sent.seen_text.data,
        seen_on=sent.seen_on.data or today,
    )


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
