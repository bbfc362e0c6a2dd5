"""One look at an organisation for one person: the phase, and everything that waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from baken.actionplan.analyses import waiting as analyses
from baken.actionplan.annualreport import waiting as reports
from baken.actionplan.bodies import waiting as bodies
from baken.actionplan.measures import waiting as measures
from baken.actionplan.meetings import waiting as meetings
from baken.actionplan.phases import Ground, Phase, phase_of
from baken.actionplan.plans import waiting as plans
from baken.actionplan.priorities import waiting as priorities
from baken.actionplan.register import waiting as register
from baken.actionplan.requests import waiting as requests
from baken.actionplan.retention import waiting as retention
from baken.actionplan.talks import waiting as talks
from baken.actionplan.talks.models import Talk
from baken.analysis.releases import waiting as releases
from baken.organisation import waiting as people
from baken.organisation.permissions import Actor
from baken.organisation.waiting import Waiting
from baken.storage.session import Session
from baken.survey import waiting as campaigns
from baken.survey.campaigns.rules import CampaignState
from baken.survey.paper import waiting as paper
from baken.survey.screening import waiting as screenings
from baken.survey.screening.models import ScreeningSheet
from baken.survey.waiting import CampaignFacts


@dataclass(frozen=True, slots=True)
class Overview:
    """Where the organisation stands, and what waits in no order yet."""

    phase: Phase
    ground: Ground
    waiting: tuple[Waiting, ...]
    asked: tuple[CampaignFacts, ...] = ()  # surveys that run; where none does, those just closed


def get_overview(session: Session, *, by: Actor, today: date, now: datetime) -> Overview:
    """Look once at everything this person has to do with."""
    rounds = campaigns.list_facts(session)
    drawn_up = plans.read_plans(session)
    released = releases.list_released(session) if rounds else {}
    found = [
        *campaigns.list_waiting(session, rounds, by=by, today=today),
        *paper.list_waiting(session, rounds, by=by, today=today),
        *screenings.list_waiting(session, by=by, today=today),
        *releases.list_waiting(rounds, released, by=by, today=today),
        *analyses.list_waiting(session, by=by, today=today),
        *talks.list_waiting(session, by=by, today=today),
        *bodies.list_waiting(session, by=by, today=today),
        *priorities.list_waiting(session, by=by, today=today),
        *plans.list_waiting(session, drawn_up, by=by, today=today),
        *(measures.list_waiting(session, by=by, today=today) if drawn_up.annual_plans else ()),
        *meetings.list_waiting(session, by=by, today=today),
        *register.list_waiting(session, by=by, today=today, now=now),
        *reports.list_waiting(session, by=by, today=today),
        *retention.list_waiting(session, by=by, today=today),
        *requests.list_waiting(session, by=by, today=today, now=now),
        *people.list_waiting(session, by=by, today=today, now=now),
    ]
    phase, ground = phase_of(
        {one.state for one in rounds},
        drawn_up.states,
        talks=set(session.scalars(select(Talk.state))),
        sheets=set(session.scalars(select(ScreeningSheet.state))),
    )
    return Overview(phase, ground, tuple(found), _asked(rounds))


def _asked(rounds: Iterable[CampaignFacts]) -> tuple[CampaignFacts, ...]:
    running = tuple(one for one in rounds if one.state is CampaignState.RUNNING)
    return running or tuple(one for one in rounds if one.state is CampaignState.CLOSED)
