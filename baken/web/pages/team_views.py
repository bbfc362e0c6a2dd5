"""What the pages and the document of a team's plan show."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.findings.queries import list_findings
from baken.actionplan.measures.queries import list_measures
from baken.actionplan.measures.verdicts import list_verdicts
from baken.actionplan.plans.queries import get_annual_plan
from baken.actionplan.plans.teams import actions
from baken.actionplan.plans.teams.rules import follow_up_due
from baken.actionplan.references import find
from baken.organisation.models import Unit
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.annual_plan_views import MeasureRow
from baken.web.pages.plan_views import unit_names


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in the list of a year."""

    unit_id: UUID
    name: str
    n_measures: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """What was said at one meeting."""

    held_on: date
    text: str
    next_step: str


@dataclass(frozen=True, slots=True)
class TeamView:
    """The plan of a team on its own page."""

    unit_id: UUID
    name: str
    measures: tuple[MeasureRow, ...]
    findings: tuple[tuple[UUID, str], ...]
    items: tuple[ItemView, ...]
    proportion: str
    proportion_text: str
    weighed_on: date | None
    follow_up: str
    followed_up_on: date | None
    follow_up_due: date | None
    version: int


def team_view(
    session: Session, plan_id: UUID, unit_id: UUID, *, by: Actor, today: date
) -> TeamView:
    """Everything the page of a team shows."""
    plan = get_annual_plan(session, plan_id)
    unit = find(session, Unit, unit_id)
    names = unit_names(session)
    measures = [
        one for one in list_measures(session, annual_plan_id=plan_id) if one.unit_id == unit_id
    ]
    verdicts = list_verdicts(session, measures, by=by, today=today)
    found = [one for one in list_findings(session) if one.unit_id == unit_id]
    team = actions.find_team_plan(session, plan_id, unit_id)
    items = actions.list_items(session, team.id) if team else []
    return TeamView(
        unit_id=unit.id,
        name=unit.name,
        measures=tuple(
            MeasureRow.of(one, names, today=today, verdicts=verdicts) for one in measures
        ),
        findings=tuple((one.id, one.statement) for one in found),
        items=tuple(ItemView(one.held_on, one.text, one.next_step) for one in items),
        proportion=team.proportion.value if team and team.proportion else "",
        proportion_text=team.proportion_text if team else "",
        weighed_on=team.weighed_on if team else None,
        follow_up=team.follow_up if team else "",
        followed_up_on=team.followed_up_on if team else None,
        follow_up_due=follow_up_due(plan.adopted_on) if plan.adopted_on else None,
        version=team.version if team else 0,
    )
