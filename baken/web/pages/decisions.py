"""The register of decisions: what bodies decided, by whom, and whether it was carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select

from baken.actionplan.bodies import reach
from baken.actionplan.bodies.models import Body
from baken.actionplan.meetings import queries
from baken.actionplan.meetings.minutes.actions import note_decision
from baken.actionplan.meetings.minutes.queries import Taken, Wanted, get_decision, list_decisions
from baken.actionplan.meetings.minutes.rules import Carried
from baken.actionplan.meetings.people import list_led_bodies
from baken.actionplan.meetings.points import About
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.meeting_pages import how_decided
from baken.web.pages.form_page import FormAt, keep, show
from baken.web.pages.meeting_at_hand import find_led, form_at
from baken.web.pages.meeting_forms import CarriedForm
from baken.web.pages.meeting_subjects import name_of
from baken.web.pages.plan_forms import as_id
from baken.web.pages.reply import PageRequest, frame_of, page

SEE: Final = {"action": Action.SEE_DECISIONS}
LEAD: Final = {"action": Action.LEAD_MEETINGS}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision in the register."""

    id: UUID
    text: str
    body: str
    on: date
    meeting_id: UUID
    how: str
    dissent: str
    about: str
    carried: str
    note: str
    may_note: bool


class DecisionPages(Controller):
    """Decisions of all bodies that the reader finds."""

    path = "/o/{organisation_id:uuid}/decisions"

    @get("/", opt=SEE, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        bodies = _found_bodies(session, actor, today)
        wanted = _wanted(request.query_params)
        led = list_led_bodies(session, by=actor, today=today)
        every = [one for one in list_decisions(session) if one.meeting.body_id in bodies]
        chosen = [one for one in list_decisions(session, wanted) if one.meeting.body_id in bodies]
        return page(
            request,
            "meetings/decisions.html",
            rows=tuple(_row(session, one, bodies, led, language) for one in chosen),
            has_any=bool(every),
            bodies=tuple((str(key), name) for key, name in bodies.items()),
            years=sorted({one.meeting.on.year for one in every}, reverse=True),
            abouts=tuple(each.value for each in About),
            states=tuple(each.value for each in Carried),
            asked=_asked(wanted),
        )

    @get("/{decision_id:uuid}/note", opt=LEAD, sync_to_thread=True)
    def note_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        decision_id: FromPath[UUID],
    ) -> Response[str]:
        at = _note_at(request, session, decision_id, by=actor, today=today)
        return show(request, at, CarriedForm.blank(language))

    @post("/{decision_id:uuid}/note", opt=LEAD, sync_to_thread=True)
    def note(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        decision_id: FromPath[UUID],
    ) -> Response[str]:
        at = _note_at(request, session, decision_id, by=actor, today=today)
        sent = CarriedForm.read(form, language)

        def write() -> str:
            note_decision(
                session,
                decision_id,
                Carried(sent.carried.data),
                sent.text.data or "",
                by=actor,
                today=today,
                now=now,
            )
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_noted")


def _found_bodies(session: Session, by: Actor, today: date) -> dict[UUID, str]:
    own = reach.list_own_seats(session, by=by, today=today)
    bodies = session.scalars(select(Body).order_by(Body.name, Body.id))
    return {one.id: one.name for one in bodies if reach.may_see(one, own, by=by)}


def _wanted(asked: Any) -> Wanted:
    year, about, carried = asked.get("year", ""), asked.get("about", ""), asked.get("carried", "")
    is_year = year.isascii() and year.isdecimal() and len(year) == 4
    return Wanted(
        body_id=as_id(asked.get("body")),
        year=int(year) if is_year else None,
        about=About(about) if about in set(About) else None,
        carried=Carried(carried) if carried in set(Carried) else None,
    )


def _asked(wanted: Wanted) -> Mapping[str, str]:
    return {
        "body": str(wanted.body_id or ""),
        "year": str(wanted.year or ""),
        "about": wanted.about.value if wanted.about else "",
        "carried": wanted.carried.value if wanted.carried else "",
    }


def _row(
    session: Session,
    one: Taken,
    bodies: Mapping[UUID, str],
    led: frozenset[UUID],
    language: str,
) -> DecisionRow:
    reference = queries.reference_of(one.point)
    told = {
        "by": one.decision.decided_by.value,
        "in_favour": one.decision.in_favour,
        "against": one.decision.against,
        "abstained": one.decision.abstained,
    }
    return DecisionRow(
        id=one.decision.id,
        text=one.decision.text,
        body=bodies[one.meeting.body_id],
        on=one.meeting.on,
        meeting_id=one.meeting.id,
        how=how_decided(told, language),
        dissent=one.decision.dissent,
        about=name_of(session, reference, language) if reference else one.point.title,
        carried=one.carried.value,
        note=one.notes[-1].text if one.notes else "",
        may_note=one.meeting.body_id in led,
    )


def _note_at(
    request: PageRequest, session: Session, decision_id: UUID, *, by: Actor, today: date
) -> FormAt:
    decision = get_decision(session, decision_id)
    meeting = find_led(session, decision.meeting_id, by=by, today=today)
    names = ("carried", "text")
    made = form_at(request, session, meeting, "carried", names, about=decision.text)
    return FormAt(
        verb=made.verb,
        title=made.title,
        back=frame_of(request).url("/decisions"),
        back_label=made.back_label,
        save=made.save,
        parts=made.parts,
        story=made.story,
        about=made.about,
    )
