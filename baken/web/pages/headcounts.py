"""The calculator of the headcount and the prevention group, with its working line by line."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.errors import NotFound, OrganisationError
from baken.organisation.headcounts.actions import enter_headcount
from baken.organisation.headcounts.limits import ORDINARY, limits
from baken.organisation.headcounts.queries import (
    YearHeadcount,
    find_headcount,
    list_headcount_years,
)
from baken.organisation.permissions import Action, Actor
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.headcount_forms import YearForm, form_of
from baken.web.pages.plan_forms import compare
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

LIST: Final = "organisation/headcounts.html"
FORM: Final = "organisation/headcount_form.html"
EDITING: Final = {"action": Action.EDIT_HEADCOUNTS}


@dataclass(frozen=True, slots=True)
class Working:
    """A year as the page shows it: what was added up, and which group follows."""

    year: int
    full_days: float
    part_days: float
    trainee_hours: float
    full: float
    part: float
    trainees: float
    legal: float
    actual: float | None
    group: str
    group_by_actual: str
    in_leap_year: str
    activity: str
    a_over: int
    b_from: int
    is_listed: bool
    is_unconfirmed: bool
    source: str

    @classmethod
    def of(cls, found: YearHeadcount, language: str) -> "Working":
        working, activity = found.working, limits().activities[found.activity]
        return cls(
            year=found.year,
            full_days=working.full_days,
            part_days=working.part_days,
            trainee_hours=working.trainee_hours,
            full=working.full,
            part=working.part,
            trainees=working.trainees,
            legal=working.legal,
            actual=working.actual,
            group=found.group.value,
            group_by_actual=found.group_by_actual.value if found.group_by_actual else "",
            in_leap_year=found.in_leap_year.value if found.in_leap_year else "",
            activity=activity.texts[language],
            a_over=activity.a_over,
            b_from=activity.b_from,
            is_listed=found.activity != ORDINARY,
            is_unconfirmed=activity.status.startswith("unconfirmed"),
            source=found.source,
        )


class HeadcountPages(Controller):
    """How many workers the law counts, year by year."""

    path = "/o/{organisation_id:uuid}/headcount"

    @get("/", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        years = [Working.of(found, language) for found in list_headcount_years(session)]
        asked = request.query_params.get("year")
        shown = next((one for one in years if str(one.year) == asked), years[0] if years else None)
        others = tuple(one for one in years if one is not shown)
        return page(request, LIST, shown=shown, others=others, limits=limits())

    @get("/new", opt=EDITING, sync_to_thread=True)
    def new_page(
        self, request: PageRequest, language: NamedDependency[str], today: NamedDependency[date]
    ) -> Response[str]:
        form = form_of(None, language, today.year - 1)
        return page(request, FORM, form=form, year=None, meanwhile=())

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
        return _save(request, session, form, None, by=actor, today=today, language=language)

    @get("/{year:int}", opt=EDITING, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        year: FromPath[int],
    ) -> Response[str]:
        form = form_of(_known(session, year), language, year)
        return page(request, FORM, form=form, year=year, meanwhile=())

    @post("/{year:int}", opt=EDITING, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        year: FromPath[int],
    ) -> Response[str]:
        _known(session, year)
        return _save(request, session, form, year, by=actor, today=today, language=language)


def _known(session: Session, year: int) -> Any:
    row = find_headcount(session, year)
    if row is None:
        raise NotFound("headcounts.not_found", "Nothing was filled in of this year.")
    return row


def _save(
    request: PageRequest,
    session: Session,
    form: Form,
    year: int | None,
    *,
    by: Actor,
    today: date,
    language: str,
) -> Response[str]:
    sent = YearForm.read(form, language).offer()
    context: dict[str, Any] = {"year": year}
    if year is not None:
        sent.year.data = year  # the address says which year it is
    if not sent.validate():
        return refused(request, session, FORM, form=sent, meanwhile=(), **context)
    try:
        enter_headcount(
            session,
            int(sent.year.data or 0),
            sent.quarters,
            sent.employer,
            source=str(sent.source.data or ""),
            seen=sent.seen if year is not None else 0,
            by=by,
            today=today,
        )
    except EditedMeanwhile as error:
        session.rollback()
        now = form_of(_known(session, year or 0), language, year or 0)
        sent.version.data = now.version.data
        found = compare(now, sent)
        return refused(request, session, FORM, form=sent, error=error, meanwhile=found, **context)
    except OrganisationError as error:
        return refused(request, session, FORM, form=sent, error=error, meanwhile=(), **context)
    see = frame_of(request).url(f"/headcount?year={sent.year.data}")
    return done(request, see=see, said="headcounts.done_entered")
