"""What the page of a measure shows beside its life: other years, looks back, its unit."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from baken.actionplan.findings.queries import get_finding
from baken.actionplan.indicators.types import ScaleIndicator
from baken.actionplan.measures.carrying import find_continuation, list_history
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.readings import list_points
from baken.actionplan.measures.reviewing import list_reviews
from baken.actionplan.measures.rules import ENDED
from baken.actionplan.plans.periods import year_name
from baken.actionplan.plans.queries import get_annual_plan
from baken.analysis.releases.queries import get_release
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.structure.queries import list_ended, list_heirs
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class OtherYear:
    """The same measure in the plan of another year."""

    id: UUID
    year: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One look back."""

    on: date
    by: str
    worked: int
    accepted: int
    decision: str
    text: str


@dataclass(frozen=True, slots=True)
class WorkView:
    """What is done with a measure over the years.

    `heirs` are the units it can move to when its own has ended; `compare` is the way to the page
    that sets units that acted beside the others, empty where there is none.
    """

    before: tuple[OtherYear, ...]
    after: OtherYear | None
    reviews: tuple[ReviewView, ...]
    unit_ended: bool
    heirs: tuple[tuple[UUID, str], ...]
    compare: str
    may_carry: bool


def work_view(
    session: Session, measure: Measure, *, by: Actor, today: date, language: str
) -> WorkView:
    """Read what is done with a measure over the years."""
    people = dict(list_names(session))
    after = find_continuation(session, measure.id)
    is_open = measure.status not in ENDED
    ended = list_ended(session, on=today)
    unit_ended = is_open and measure.unit_id in ended
    heirs = list_heirs(session, measure.unit_id) if unit_ended and measure.unit_id else {}
    history = [*list_history(session, measure), measure]
    return WorkView(
        before=tuple(
            OtherYear(one.id, _year(session, one), following.carried_reason)
            for one, following in pairwise(history)
        ),
        after=OtherYear(after.id, _year(session, after), after.carried_reason) if after else None,
        reviews=tuple(
            ReviewView(
                one.reviewed_on,
                people.get(one.reviewed_by, ""),
                one.worked,
                one.accepted,
                one.decision,
                one.text,
            )
            for one in reversed(list_reviews(session, measure.id))
        ),
        unit_ended=unit_ended,
        heirs=tuple(heirs.items()),
        compare=_compare(session, measure, by),
        may_carry=is_open and after is None and may(by, Action.EDIT_PLANS),
    )


def _year(session: Session, measure: Measure) -> str:
    plan = get_annual_plan(session, measure.annual_plan_id)
    return year_name(plan.starts_on, plan.ends_on)


def _compare(session: Session, measure: Measure, by: Actor) -> str:
    """The page on which units that acted stand beside the others, where groups allow it."""
    indicator = measure.indicator
    is_scale = isinstance(indicator, ScaleIndicator)
    if not is_scale or measure.finding_id is None or measure.unit_id is None:
        return ""
    if not may(by, Action.SEE_RESULTS):
        return ""
    points = [one for one in list_points(session, measure, by=by) if one.release_id]
    release_id = get_finding(session, measure.finding_id).release_id
    if not points or points[-1].release_id is None or release_id is None:
        return ""
    first = get_release(session, release_id, by=by)
    last = get_release(session, points[-1].release_id, by=by)
    asked = f"since={first.campaign_id}&theme={indicator.name}&unit={measure.unit_id}"
    return f"/campaigns/{last.campaign_id}/results/changed/measure?{asked}"
