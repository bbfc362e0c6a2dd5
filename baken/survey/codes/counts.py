"""How many have answered: exact for the box, once a day and rounded for everybody else."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import CampaignCount, Code, CodeState
from baken.survey.codes.places import list_places
from baken.survey.disclosure.rounding import fieldwork_count
from baken.survey.disclosure.tree import ROOT, Tree


@dataclass(frozen=True, slots=True)
class Count:
    """A published count: a unit with everybody below it, or the organisation under `ROOT`."""

    unit: str
    counted_on: date
    rounded: int


def used_per_unit(session: Session, campaign_id: UUID) -> Counter[str]:
    """Return the exact number of used codes per unit. For the box alone, never for a page."""
    asked = (
        select(Code.unit, func.count())
        .where(Code.campaign_id == campaign_id, Code.state == CodeState.USED)
        .group_by(Code.unit)
    )
    return Counter(dict(iter(session.execute(asked))))


def codes_per_unit(session: Session, campaign_id: UUID) -> Counter[str]:
    """Return how many codes a unit has, whatever became of them, spare ones among them."""
    asked = select(Code.unit, func.count()).where(Code.campaign_id == campaign_id)
    return Counter(dict(iter(session.execute(asked.group_by(Code.unit)))))


def handed_in_per_unit(session: Session, campaign_id: UUID) -> Counter[str]:
    """Return per unit the codes that were used and the forms that were sealed, exactly.

    A form counts once it is sealed, not when its slip is exchanged: a slip is no answer, and a
    stack is sealed at another moment than that at which somebody came by.
    """
    sealed = {unit: row.taken for unit, row in list_places(session, campaign_id).items()}
    return used_per_unit(session, campaign_id) + Counter(sealed)


def record_counts(session: Session, campaign_id: UUID, today: date) -> None:
    """Publish the counts of today, once a day: a second call on the same day changes nothing."""
    campaign = get_campaign(session, campaign_id)
    published = _published(session, campaign_id)
    if campaign.state is not CampaignState.RUNNING or any(
        count.counted_on >= today for count in published
    ):
        return
    last = {count.unit: count.rounded for count in published}
    tree = campaign.tree
    answered = _with_below(tree, handed_in_per_unit(session, campaign_id))
    for unit in tree.keys:
        rounded = fieldwork_count(
            answered[unit],
            k=campaign.min_group,
            headcount=tree.headcount_with_below(unit),
            last=last.get(unit),
        )
        if rounded is not None:
            session.add(
                CampaignCount(campaign_id=campaign_id, unit=unit, counted_on=today, rounded=rounded)
            )
    session.flush()


def list_counts(session: Session, campaign_id: UUID, *, by: Actor) -> list[Count]:
    """Return every published count, oldest first; the last of a unit is its present one."""
    require(by, Action.SEE_CAMPAIGNS)
    return _published(session, get_campaign(session, campaign_id).id)


def _published(session: Session, campaign_id: UUID) -> list[Count]:
    asked = (
        select(CampaignCount)
        .where(CampaignCount.campaign_id == campaign_id)
        .order_by(CampaignCount.counted_on, CampaignCount.unit)
    )
    return [Count(row.unit, row.counted_on, row.rounded) for row in session.scalars(asked)]


def _with_below(tree: Tree, used: Counter[str]) -> Counter[str]:
    total: Counter[str] = Counter()
    for unit, n in used.items():
        key = tree.key_of(unit)
        for above in {key, *tree.ancestors(key), ROOT}:
            total[above] += n
    return total
