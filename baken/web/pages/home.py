"""The home page of an organisation: what waits for the reader; and a page for each verb."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.overview import get_overview
from baken.actionplan.phases import Ground, Phase
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.waiting import Waiting, put_in_order
from baken.storage.jobs import count_failed
from baken.storage.retention import last_backup_on
from baken.storage.session import Session
from baken.web.frame import VERBS
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.waiting_views import lines_of
from baken.web.settings import Settings
from baken.web.texts import catalogue

BACKUP_EVERY: Final = timedelta(days=7)
"""A backup older than this is told to the administrator."""
SHOWN_SURVEYS: Final = 3
"""So many surveys are named beside the cycle; the list of surveys has them all."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a person with this right does in a phase in which nothing waits."""

    action: Action
    key: str
    path: str


_LIGHTS: Final = NextStep(Action.FILL_SCREENING, "next_screening", "/screenings")
_TALKS: Final = NextStep(Action.SEE_PLANS, "next_talks", "/talks")
_NEXT: Final[dict[tuple[Phase, Ground], tuple[NextStep, ...]]] = {
    (Phase.EXPLORE, Ground.ANSWERS): (
        NextStep(Action.PREPARE_CAMPAIGN, "next_campaign", "/campaigns/new"),
        _LIGHTS,
        NextStep(Action.EDIT_UNITS, "next_units", "/units"),
    ),
    (Phase.EXPLORE, Ground.LIGHTS): (_LIGHTS,),
    (Phase.ASK, Ground.ANSWERS): (NextStep(Action.SEE_CAMPAIGNS, "next_ask", "/campaigns"),),
    (Phase.ASK, Ground.TALKS): (_TALKS,),
    (Phase.UNDERSTAND, Ground.ANSWERS): (
        NextStep(Action.SEE_OWN_UNIT_RESULTS, "next_results", "/results"),
    ),
    (Phase.UNDERSTAND, Ground.TALKS): (_TALKS,),
    (Phase.UNDERSTAND, Ground.LIGHTS): (
        NextStep(Action.SEE_SCREENINGS, "next_screened", "/screenings"),
    ),
    (Phase.PLAN, Ground.ANSWERS): (NextStep(Action.SEE_PLANS, "next_plan", "/plans"),),
    (Phase.FOLLOW_UP, Ground.ANSWERS): (
        NextStep(Action.SEE_PLANS, "next_follow_up", "/follow-up"),
    ),
}


class HomePages(Controller):
    """What waits, and what stands where."""

    path = "/o/{organisation_id:uuid}"

    @get("/", opt={"action": Action.COME_IN}, sync_to_thread=True)
    def home(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
    ) -> Response[str]:
        seen = get_overview(session, by=actor, today=today, now=now)
        found = [*seen.waiting, *_about_the_machine(session, settings, actor, today)]
        ordered = put_in_order(found, today=today)
        ahead = _NEXT[seen.phase, seen.ground]
        return page(
            request,
            "home/home.html",
            lines=lines_of(ordered, catalogue(language), frame_of(request), today=today),
            n_waiting=len(found),
            phase=_named(seen.phase, seen.ground),
            asked=seen.asked[:SHOWN_SURVEYS],
            next_step=next((step for step in ahead if may(actor, step.action)), None),
        )

    @get("/cycle/{verb:str}", opt={"action": Action.COME_IN}, sync_to_thread=True)
    def verb(self, request: PageRequest, verb: FromPath[str]) -> Response[str]:
        if verb not in {known.key for known in VERBS}:
            raise NotFoundException
        return page(request, "home/verb.html", verb=verb)


def _named(phase: Phase, ground: Ground) -> str:
    return phase.value if ground is Ground.ANSWERS else f"{phase}_{ground}"


def _about_the_machine(
    session: Session, settings: Settings, by: Actor, today: date
) -> Iterator[Waiting]:
    """What waits for whoever keeps Baken running: work that failed, and backups.

    A backup is made on the server, by a command: there is no page to go to.
    """
    if may(by, Action.SEE_JOBS) and (n_failed := count_failed(session)):
        yield Waiting(kind="failed_jobs", path="/jobs", what=str(n_failed))
    if Role.ADMINISTRATOR not in by.roles:
        return
    last = last_backup_on(settings.backups)
    if last is None:
        yield Waiting(kind="backup_none", path="")
    elif today - last > BACKUP_EVERY:
        yield Waiting(kind="backup_old", path="", since_on=last)
