"""Accidents of a year: the table of the annual report, and the list for those who keep it."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.annualreport.queries import has_report
from baken.actionplan.indicators.accidents import actions
from baken.actionplan.indicators.accidents.lists import lists
from baken.actionplan.indicators.accidents.queries import (
    FormType,
    find_draft,
    get_accident,
    list_accidents,
    list_hours,
    list_years,
)
from baken.actionplan.indicators.accidents.shown import hidden_places, readers_see
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.yearly import accident_year
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.accident_forms import AccidentForm, values_of
from baken.web.pages.accident_views import (
    ALL,
    accident_rows,
    correction_rows,
    few_counts,
    form_of,
    place_rows,
    rate_rows,
    year_of,
)
from baken.web.pages.plan_forms import save, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

YEAR: Final = "actionplan/accidents.html"
FORM: Final = "actionplan/accident_form.html"
EDITING: Final = {"action": Action.EDIT_ACCIDENTS}


class AccidentPages(Controller):
    """Accidents, and the figures that follow."""

    path = "/o/{organisation_id:uuid}/accidents"

    @get("/", opt={"action": Action.SEE_INDICATORS}, sync_to_thread=True)
    def year_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        texts, years = catalogue(language), list_years(session)
        chosen = year_of(request.query_params.get("year"), years, today)
        tree = load_tree(session)
        form = form_of(request.query_params.get("form"), tree)
        found = accident_year(session, chosen, form)
        sees_all = may(actor, Action.EDIT_ACCIDENTS)
        names = {unit.id: unit.newest.name for unit in tree.values()}
        on = min(date(chosen, 12, 31), today)
        lines = [one for kind in FormType for one in accident_year(session, chosen, kind).by_unit]
        hidden = hidden_places(lines, (found.work, found.commuting), Heads(tree), on=on)
        seen = ALL if sees_all else readers_see(found.work)
        rows = list_accidents(session, chosen) if sees_all else []
        return page(
            request,
            YEAR,
            year=chosen,
            years=sorted({*years, today.year}, reverse=True),  # this year, before anything happened
            form=form.value,
            figures=found,
            rates=rate_rows(found.work, texts, seen),
            few=few_counts(found, texts, sees_all=sees_all),
            is_part_hidden=not seen.flat or not seen.columns,
            is_small=found.work.is_small,
            few_hours=lists().few_hours,
            least_hours=lists().establishment_hours,
            places=place_rows(found.by_unit, hidden, texts, sees_all=sees_all),
            categories=found.by_category,
            corrections=correction_rows(found.corrections),
            accidents=accident_rows(rows, names, texts),
            hours=tuple(
                (row.unit_id, names.get(row.unit_id, "") if row.unit_id else "", row.hours)
                for row in list_hours(session, chosen)
            ) if sees_all else (),
            is_over=today.year > chosen,
            is_signed=has_report(session, chosen),
        )  # fmt: skip

    @get("/new", opt=EDITING, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = AccidentForm.blank(language, {"kind": "work", "n": 1}).offer(session, today=today)
        return page(request, FORM, form=form, accident_id=None, is_late=False, meanwhile=())

    @post("/new", opt=EDITING, sync_to_thread=True)
    def enter(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = AccidentForm.read(form, language).offer(session, today=today)

        def write() -> str:
            how: dict[str, Any] = {"reason": sent.reason.data or "", "by": actor, "today": today}
            with sent.asking():
                row = actions.enter_accident(
                    session, sent.facts, is_another=bool(sent.is_another.data), **how
                )
            return _see(request, row.happened_on.year)

        said = "accidents.done_entered"
        return save(request, session, FORM, sent, write, said=said, accident_id=None, is_late=False)

    @get("/{accident_id:uuid}", opt=EDITING, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        accident_id: FromPath[UUID],
    ) -> Response[str]:
        form = _standing(session, accident_id, language, today)()
        return page(
            request,
            FORM,
            form=form,
            accident_id=accident_id,
            is_late=_is_late(session, accident_id),
            meanwhile=(),
        )

    @post("/{accident_id:uuid}", opt=EDITING, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        accident_id: FromPath[UUID],
    ) -> Response[str]:
        sent = AccidentForm.read(form, language).offer(session, today=today)
        is_strike = form.get("strike") == "y"

        def write() -> str:
            reason = sent.reason.data or ""
            how: dict[str, Any] = {"seen": sent.seen, "reason": reason, "by": actor}
            year = get_accident(session, accident_id).happened_on.year
            if is_strike:
                actions.strike_accident(session, accident_id, today=today, **how)
                return _see(request, year)
            how |= {"is_another": bool(sent.is_another.data), "today": today}
            with sent.asking():
                row = actions.change_accident(session, accident_id, sent.facts, **how)
            return _see(request, row.happened_on.year)

        return save(
            request,
            session,
            FORM,
            sent,
            write,
            said="accidents.done_struck" if is_strike else "accidents.done_changed",
            standing=_standing(session, accident_id, language, today),
            accident_id=accident_id,
            is_late=_is_late(session, accident_id),
        )

    @post("/{year:int}/fix", opt=EDITING, sync_to_thread=True)
    def fix(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        year: FromPath[int],
    ) -> Response[str]:
        actions.draft_year(session, year, by=actor, today=today)
        return done(request, see=_see(request, year), said="accidents.done_fixed")

    @post("/{year:int}/reopen", opt=EDITING, sync_to_thread=True)
    def reopen(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        year: FromPath[int],
    ) -> Response[str]:
        actions.reopen_year(session, year, is_signed=has_report(session, year), by=actor)
        return done(request, see=_see(request, year), said="accidents.done_reopened")

    @post("/corrections/{correction_id:uuid}", opt=EDITING, sync_to_thread=True)
    def tell(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        correction_id: FromPath[UUID],
    ) -> Response[str]:
        """The committee is told at a meeting of today or before; the button says today."""
        actions.tell_committee(
            session, correction_id, today, seen=seen_of(form), by=actor, today=today
        )
        year = form.get("year")
        see = _see(request, int(year) if year.isdecimal() and len(year) == 4 else today.year)
        return done(request, see=see, said="accidents.done_told")


def _see(request: PageRequest, year: int) -> str:
    return frame_of(request).url(f"/accidents?year={year}")


def _is_late(session: Session, accident_id: UUID) -> bool:
    return find_draft(session, get_accident(session, accident_id).happened_on.year) is not None


def _standing(
    session: Session, accident_id: UUID, language: str, today: date
) -> Callable[[], AccidentForm]:
    def standing() -> AccidentForm:
        values = values_of(get_accident(session, accident_id))
        return AccidentForm.blank(language, values).offer(session, today=today)

    return standing
