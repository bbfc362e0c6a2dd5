"""The terms for bodies, and which bodies of the law this organisation has."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.actionplan.bodies import cascade, queries
from baken.actionplan.bodies.rules import BodyKind
from baken.actionplan.bodies.settings import Terms, read_terms, set_terms
from baken.actionplan.consultations.organs import find_organs, present_organs
from baken.actionplan.consultations.rules import Organ
from baken.organisation.headcounts.queries import list_headcount_years
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_forms import TermsForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue

_ORGANS: Final = {
    Organ.CPBW: BodyKind.COMMITTEE,
    Organ.UNION_DELEGATION: BodyKind.UNION_DELEGATION,
    Organ.WORKS_COUNCIL: BodyKind.WORKS_COUNCIL,
}


@dataclass(frozen=True, slots=True)
class OrganView:
    """A body of the law in this organisation; `answers` is empty where nobody takes its place."""

    kind: str
    need: str
    workers_from: int
    answers: str


class BodySettingsPages(Controller):
    """Terms and organs."""

    path = "/o/{organisation_id:uuid}/bodies"

    @get("/organs", opt={"action": Action.SEE_BODIES}, sync_to_thread=True)
    def organs(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        years = list_headcount_years(session)
        workers = years[0].working.legal if years else None
        present = queries.list_kinds_present(session)
        rows = tuple(
            _organ(cascade.place_of(organ, present, workers=workers))
            for organ in cascade.organs().values()
        )
        year = years[0].year if years else None
        shown = {"workers": workers, "year": year}
        declared = _declared_otherwise(session, present)
        return page(
            request, "actionplan/body_organs.html", rows=rows, counted=shown, declared=declared
        )

    @get("/settings", opt={"action": Action.EDIT_BODIES}, sync_to_thread=True)
    def settings_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        return show(request, _at(request), _form(session, language))

    @post("/settings", opt={"action": Action.EDIT_BODIES}, sync_to_thread=True)
    def save_settings(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = TermsForm.read(form, language)

        def write() -> str:
            terms = Terms(
                sent.stalled_after_days.data or 0, sent.answer_within_days.data or 0, sent.seen
            )
            set_terms(session, terms, by=actor)
            return frame_of(request).url("/bodies")

        def standing() -> PlanForm:
            return _form(session, language)

        at, said = _at(request), "bodies.done_terms"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _form(session: Session, language: str) -> TermsForm:
    terms = read_terms(session)
    values = {
        "stalled_after_days": terms.stalled_after_days,
        "answer_within_days": terms.answer_within_days,
        "version": terms.version,
    }
    return TermsForm.blank(language, values)


def _declared_otherwise(session: Session, present: Collection[BodyKind]) -> bool:
    """Whether the consultation of the plans counts on other organs than those that run here."""
    if find_organs(session) is None:
        return False
    asked = present_organs(session)
    return any((organ in asked) != (kind in present) for organ, kind in _ORGANS.items())


def _organ(place: cascade.Place) -> OrganView:
    organ = place.organ
    return OrganView(
        kind=organ.kind,
        need=place.need,
        workers_from=organ.workers_from,
        answers=place.answers or "",
    )


def _at(request: PageRequest) -> FormAt:
    frame = frame_of(request)
    return FormAt(
        verb="plan",
        title="bodies.settings",
        back=frame.url("/bodies"),
        back_label=catalogue(frame.language)("bodies.title"),
        save="analyses.save",
        parts=(Part(("stalled_after_days", "answer_within_days")),),
    )
