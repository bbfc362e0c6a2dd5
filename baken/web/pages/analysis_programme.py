"""The programme of an analysis: whose turn it is when, which departments come first; feedback."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.analyses import actions, programme, queries
from baken.actionplan.analyses.rules import Feedback
from baken.actionplan.references import list_units_above, list_units_below
from baken.actionplan.talks.queries import list_talks
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.survey.screening.queries import list_priorities
from baken.web.body import Form
from baken.web.pages.analysis_forms import FeedbackForm, TurnForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, as_id, seen_of
from baken.web.pages.plan_views import AnalysisRow, unit_names
from baken.web.pages.reply import PageRequest, done, frame_of, page

# Two departments a year is what most houses manage beside the work.
PER_YEAR = 2


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A department of the programme."""

    id: UUID
    unit_id: UUID
    unit: str
    year: str
    note: str
    done_on: date | None
    is_late: bool
    talks: tuple[tuple[UUID, str], ...]
    version: int


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """A unit as the alert lights rank it."""

    id: UUID
    name: str
    colour: str
    n_on: int
    people: int | None
    has_turn: bool
    # The department above it that has its turn, and when; empty where none has.
    within: str
    within_year: str


class ProgrammePages(Controller):
    """Departments one after another, and the feedback to the workers."""

    path = "/o/{organisation_id:uuid}/analyses/{analysis_id:uuid}"

    @get("/programme", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def programme_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        analysis = queries.get_analysis(session, analysis_id)
        turns = programme.list_turns(session, analysis_id)
        names, talks = unit_names(session), list_talks(session, risk_analysis_id=analysis_id)
        rows = tuple(
            TurnRow(
                turn.id,
                turn.unit_id,
                names[turn.unit_id],
                str(turn.year),
                turn.note,
                turn.done_on,
                turn.done_on is None and turn.year < today.year,
                tuple(
                    (talk.id, talk.title)
                    for talk in talks
                    if talk.unit_id in list_units_below(session, [turn.unit_id])
                ),
                turn.version,
            )
            for turn in turns
        )
        years = {turn.unit_id: turn.year for turn in turns}
        ranked = _ranked(session, years, names, by=actor, today=today)
        row = AnalysisRow.of(analysis)
        return page(request, "actionplan/programme.html", analysis=row, turns=rows, ranked=ranked)

    @get("/programme/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def turn_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        turns = programme.list_turns(session, analysis_id)
        year = programme.next_years(turns, per_year=PER_YEAR, today=today)
        chosen = {"unit_id": request.query_params.get("unit", ""), "year": year}
        form = TurnForm.blank(language, chosen).offer(session, today=today)
        return show(request, _turn_at(request, session, analysis_id), form)

    @post("/programme/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def give_turn(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        at = _turn_at(request, session, analysis_id)
        sent = TurnForm.read(form, language).offer(session, today=today)

        def write() -> str:
            programme.give_turn(
                session,
                analysis_id,
                as_id(sent.unit_id.data) or analysis_id,
                year=sent.year.data or 0,
                note=sent.note.data,
                by=actor,
                today=today,
            )
            return at.back

        return keep(request, session, at, sent, write, said="analyses.done_turn")

    @post(
        "/programme/{turn_id:uuid}/done", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True
    )
    def end_turn(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        analysis_id: FromPath[UUID],
        turn_id: FromPath[UUID],
    ) -> Response[str]:
        programme.end_turn(session, turn_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/analyses/{analysis_id}/programme")
        return done(request, see=see, said="analyses.done_turn_over")

    @post(
        "/programme/{turn_id:uuid}/remove",
        opt={"action": Action.RECORD_FINDING},
        sync_to_thread=True,
    )
    def remove_turn(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        analysis_id: FromPath[UUID],
        turn_id: FromPath[UUID],
    ) -> Response[str]:
        programme.take_turn_away(session, turn_id, seen=seen_of(form), by=actor)
        see = frame_of(request).url(f"/analyses/{analysis_id}/programme")
        return done(request, see=see, said="analyses.done_turn_gone")

    @get("/feedback", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def feedback_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        form = _feedback_form(session, analysis_id, language, today=today)
        return show(request, _feedback_at(request, session, analysis_id), form)

    @post("/feedback", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def give_feedback(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        at = _feedback_at(request, session, analysis_id)
        sent = FeedbackForm.read(form, language)

        def write() -> str:
            given = sent.given_on.data or today
            told = Feedback(given, sent.how.data, sent.told_by.data or "")
            actions.give_feedback(session, analysis_id, told, seen=sent.seen, by=actor, today=today)
            return at.back

        def standing() -> PlanForm:
            return _feedback_form(session, analysis_id, language, today=today)

        said = "analyses.done_feedback"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _feedback_form(
    session: Session, analysis_id: UUID, language: str, *, today: date
) -> FeedbackForm:
    analysis = queries.get_analysis(session, analysis_id)
    return FeedbackForm.blank(
        language,
        {
            "given_on": analysis.feedback_on or today,
            "how": analysis.feedback_how,
            "told_by": analysis.feedback_by,
            "version": analysis.version,
        },
    )


def _feedback_at(request: PageRequest, session: Session, analysis_id: UUID) -> FormAt:
    return FormAt(
        verb="understand",
        title="analyses.feedback",
        back=frame_of(request).url(f"/analyses/{analysis_id}"),
        back_label=queries.get_analysis(session, analysis_id).title,
        save="analyses.save",
        parts=(Part(("given_on", "how", "told_by")),),
        story="analyses.feedback_story",
    )


def _turn_at(request: PageRequest, session: Session, analysis_id: UUID) -> FormAt:
    return FormAt(
        verb="understand",
        title="analyses.turn_new",
        back=frame_of(request).url(f"/analyses/{analysis_id}/programme"),
        back_label=queries.get_analysis(session, analysis_id).title,
        save="analyses.save",
        parts=(Part(("unit_id", "year", "note")),),
    )


def _ranked(
    session: Session,
    years: Mapping[UUID, int],
    names: Mapping[UUID, str],
    *,
    by: Actor,
    today: date,
) -> tuple[RankedUnit, ...]:
    """Units as the alert lights rank them, for those who may see the lights."""
    if not may(by, Action.SEE_SCREENINGS):
        return ()
    rows = []
    for found in list_priorities(session, on=today):
        unit_id = found.sheet.unit_id
        above = list_units_above(session, unit_id, on=today) - {unit_id}
        within = next((one for one in above if one in years), None)
        rows.append(
            RankedUnit(
                id=unit_id,
                name=found.unit,
                colour=found.result.colour.word,
                n_on=found.result.n_on,
                people=found.sheet.people,
                has_turn=unit_id in years,
                within=names[within] if within else "",
                within_year=str(years[within]) if within else "",
            )
        )
    return tuple(rows)
