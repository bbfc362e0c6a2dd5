"""Measures: adding, adjusting, the page with its life line, and noting progress."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.chain import chain_of_measure
from baken.actionplan.indicators.types import OwnFigure
from baken.actionplan.measures import actions, queries, rules
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_frame,
    get_frame_of,
    list_chosen_objectives,
)
from baken.actionplan.prevention import Domain
from baken.actionplan.priorities.queries import check_ready_for_measure
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.chain_views import stations_of
from baken.web.pages.global_plan_views import YearRow
from baken.web.pages.measure_forms import MeasureForm
from baken.web.pages.measure_origin import Origin, first_values, origin_of
from baken.web.pages.measure_views import measure_view
from baken.web.pages.note_forms import NoteForm
from baken.web.pages.plan_forms import as_id, save
from baken.web.pages.plan_words import speak_of_measure, speak_of_year
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.unit_ends import where_it_went

FORM = "actionplan/measure_form.html"
NOTE = "actionplan/note_form.html"
ROOT = "/o/{organisation_id:uuid}"


class MeasurePages(Controller):
    """What is done, by whom, and how it goes."""

    path = ROOT

    @get(
        "/annual-plans/{plan_id:uuid}/measures/new",
        opt={"action": Action.EDIT_PLANS},
        sync_to_thread=True,
    )
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        plan = get_annual_plan(session, plan_id)
        speak_of_year(request, session, plan_id)
        rules.check_may_add(get_frame(session, plan_id))
        chosen = {str(row.id) for row in list_chosen_objectives(session, plan_id)}
        asked = request.query_params.get("objective", "")
        origin = _origin(request, session)
        values: dict[str, Any] = {
            "objective_id": asked if asked in chosen else "",
            "domains": [Domain.PSYCHOSOCIAL],
            "starts_on": max(plan.starts_on, min(today, plan.ends_on)),
            "ends_on": plan.ends_on,
            **(first_values(session, origin, chosen=chosen) if origin else {}),
        }
        form = MeasureForm.blank(language, values).offer(session, plan_id, today=today)
        shown: dict[str, Any] = {"form": form, "year": YearRow.of(session, plan), "meanwhile": ()}
        return page(request, FORM, measure_id=None, origin=origin, **shown)

    @post(
        "/annual-plans/{plan_id:uuid}/measures/new",
        opt={"action": Action.EDIT_PLANS},
        sync_to_thread=True,
    )
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        year = YearRow.of(session, get_annual_plan(session, plan_id))
        speak_of_year(request, session, plan_id)
        sent = MeasureForm.read(form, language).offer(session, plan_id, today=today)

        def write() -> str:
            within = get_frame(session, plan_id)
            made = actions.add_measure(
                session, sent.fields(session, by=actor), within=within, by=actor
            )
            return frame_of(request).url(f"/measures/{made.id}")

        made_from = as_id(sent.priority_id.data)
        origin = origin_of(session, made_from) if made_from else None
        context: dict[str, Any] = {"year": year, "measure_id": None, "origin": origin}
        return save(request, session, FORM, sent, write, said="measures.done_added", **context)

    @get("/measures/{measure_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        measure = queries.get_measure(session, measure_id)
        speak_of_measure(request, session, measure_id)
        view = measure_view(session, measure, by=actor, today=today, language=language)
        gone = where_it_went(session, measure.unit_id, today=today, language=language)
        chain = chain_of_measure(session, measure, by=actor, today=today)
        stations = stations_of(chain, "measure", by=actor, language=language)
        shown: dict[str, Any] = {"measure": view, "gone": gone, "stations": stations}
        return page(request, "actionplan/measure.html", **shown)

    @get("/measures/{measure_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        frame = get_frame_of(session, measure_id)
        speak_of_measure(request, session, measure_id)
        measure = queries.get_measure(session, measure_id)
        rules.check_may_change(MeasureStatus(measure.status), frame)
        year = YearRow.of(session, get_annual_plan(session, frame.annual_plan_id))
        form = MeasureForm.of(measure, language)
        form.offer(session, frame.annual_plan_id, today=today, measure=measure)
        shown: dict[str, Any] = {"form": form, "year": year, "meanwhile": (), "origin": None}
        return page(request, FORM, measure_id=measure_id, **shown)

    @post(
        "/measures/{measure_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True
    )
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        plan_id = get_frame_of(session, measure_id).annual_plan_id
        speak_of_measure(request, session, measure_id)
        year = YearRow.of(session, get_annual_plan(session, plan_id))
        measure = queries.get_measure(session, measure_id)
        sent = MeasureForm.read(form, language)
        sent.offer(session, plan_id, today=today, measure=measure)

        def write() -> str:
            within = get_frame(session, plan_id)
            fields = sent.fields(session, by=actor)
            actions.edit_measure(
                session, measure_id, fields, within=within, seen=sent.seen, by=actor
            )
            return frame_of(request).url(f"/measures/{measure_id}")

        def standing() -> MeasureForm:
            there = queries.get_measure(session, measure_id)
            now = MeasureForm.of(there, language)
            return now.offer(session, plan_id, today=today, measure=there)

        context: dict[str, Any] = {"year": year, "measure_id": measure_id, "origin": None}
        said = "measures.done_edited"
        return save(request, session, FORM, sent, write, said=said, standing=standing, **context)

    @get("/measures/{measure_id:uuid}/note", opt={"action": Action.FOLLOW_UP}, sync_to_thread=True)
    def note_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        measure = queries.get_measure(session, measure_id)
        form = NoteForm.blank(language, {"version": measure.version})
        form.offer(measure, may_decide=may(actor, Action.EDIT_PLANS))
        return page(request, NOTE, form=form, **_about(request, session, measure_id), meanwhile=())

    @post("/measures/{measure_id:uuid}/note", opt={"action": Action.FOLLOW_UP}, sync_to_thread=True)
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
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        measure = queries.get_measure(session, measure_id)
        may_decide = may(actor, Action.EDIT_PLANS)
        sent = NoteForm.read(form, language).offer(measure, may_decide=may_decide)
        about = _about(request, session, measure_id)

        def write() -> str:
            actions.note_progress(
                session,
                measure_id,
                sent.text.data,
                status=MeasureStatus(sent.status.data) if sent.status.data else None,
                value=sent.value.data,
                evidence=sent.evidence.data or "",
                within=get_frame_of(session, measure_id),
                seen=sent.seen,
                by=actor,
                today=today,
                now=now,
            )
            return frame_of(request).url(f"/measures/{measure_id}")

        def standing() -> NoteForm:
            there = queries.get_measure(session, measure_id)
            # The steps that are possible may be others now.
            sent.offer(there, may_decide=may_decide)
            fresh = NoteForm.blank(language, {"version": there.version})
            return fresh.offer(there, may_decide=may_decide)

        said = "measures.done_noted"
        return save(request, session, NOTE, sent, write, said=said, standing=standing, **about)


def _origin(request: PageRequest, session: Session) -> Origin | None:
    """The priority that the address names; raises why no measure can be made from it yet."""
    asked = as_id(request.query_params.get("priority", ""))
    return origin_of(session, check_ready_for_measure(session, asked).id) if asked else None


def _about(request: PageRequest, session: Session, measure_id: UUID) -> dict[str, Any]:
    measure = queries.get_measure(session, measure_id)
    speak_of_measure(request, session, measure_id)
    return {
        "measure_id": measure_id,
        "title": measure.title,
        "counts": isinstance(measure.indicator, OwnFigure),
    }
