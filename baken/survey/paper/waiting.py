"""What waits of the paper: to seal before midnight, to enter again, to count, to destroy."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import PaperPlace
from baken.survey.paper.batches import units_of
from baken.survey.paper.destruction import NEEDED_NO_MORE
from baken.survey.paper.models import PaperBatch, PaperDestruction
from baken.survey.paper.rules import READABLE, BatchState
from baken.survey.paper.sittings.models import Sitting
from baken.survey.waiting import CampaignFacts

_AT_WORK = (CampaignState.RUNNING, CampaignState.CLOSED)


def list_waiting(
    session: Session, campaigns: Iterable[CampaignFacts], *, by: Actor, today: date
) -> list[Waiting]:
    """Return what waits of the paper of these campaigns for this person.

    No number stands in it: how many forms lie where is told on the pages that may tell it.
    """
    campaigns = tuple(campaigns)
    at_work = {one.id for one in campaigns if one.state in _AT_WORK}
    found: list[Waiting] = []
    if at_work and may(by, Action.KEY_SHEETS) and Role.DESK not in by.roles:
        found += _stacks(session, at_work, today)
    if at_work and may(by, Action.EXCHANGE_SLIPS):
        found += _sittings(session, at_work, today)
    over = [one for one in campaigns if one.state in NEEDED_NO_MORE]
    if over and may(by, Action.LOG_DESTRUCTION):
        found += _undestroyed(session, over)
    return found


def _stacks(session: Session, campaigns: set[UUID], today: date) -> Iterator[Waiting]:
    """Stacks to seal before midnight; and those of which the day ended first, not begun again."""
    asked = select(PaperBatch).where(PaperBatch.campaign_id.in_(campaigns))
    batches = list(session.scalars(asked.order_by(PaperBatch.opened_on, PaperBatch.id)))
    alive = [one for one in batches if _is_alive(one, today)]
    for one in batches:
        campaign = get_campaign(session, one.campaign_id)
        path = f"/campaigns/{one.campaign_id}/paper/batches/{one.id}"
        unit = _unit_name(campaign, one.unit)
        if one in alive:
            if one.state is not BatchState.SEALED:
                yield Waiting(kind="seal_stack", path=path, what=unit, due_on=one.opened_on)
        elif one.state is not BatchState.DROPPED and not _is_begun_again(campaign, one, alive):
            since = one.opened_on + timedelta(days=1)
            yield Waiting(kind="stack_over", path=path, what=unit, since_on=since)


def _is_alive(one: PaperBatch, today: date) -> bool:
    """Whether it is sealed, or can still be; nothing of it can be read from midnight on."""
    is_readable = one.state in READABLE and one.opened_on >= today
    return is_readable or one.state in {BatchState.SEALED, BatchState.SEALING}


def _is_begun_again(campaign: Campaign, over: PaperBatch, alive: list[PaperBatch]) -> bool:
    """Whether a stack of the same language and unit, or of one above it, was begun since."""
    return any(
        other.campaign_id == over.campaign_id
        and other.language == over.language
        and other.opened_on >= over.opened_on
        and (other.unit == over.unit or over.unit in units_of(campaign, other))
        for other in alive
    )


def _sittings(session: Session, campaigns: set[UUID], today: date) -> Iterator[Waiting]:
    asked = select(Sitting).where(
        Sitting.campaign_id.in_(campaigns), Sitting.signed_on.is_(None), Sitting.held_on < today
    )
    for one in session.scalars(asked.order_by(Sitting.held_on, Sitting.id)):
        path = f"/campaigns/{one.campaign_id}/paper/sittings/{one.id}"
        yield Waiting(kind="count_sitting", path=path, what=one.place, since_on=one.held_on)


def _undestroyed(session: Session, campaigns: list[CampaignFacts]) -> Iterator[Waiting]:
    logged = select(PaperDestruction.campaign_id)
    asked = select(PaperPlace.campaign_id, Campaign.backed_up_on).join(
        Campaign, Campaign.id == PaperPlace.campaign_id
    )
    with_paper = asked.where(PaperPlace.places > 0, PaperPlace.campaign_id.not_in(logged))
    since = {row.campaign_id: row.backed_up_on for row in session.execute(with_paper.distinct())}
    for one in campaigns:
        if one.id in since:
            path = f"/campaigns/{one.id}/paper/destruction"
            yield Waiting(kind="destroy_paper", path=path, what=one.title, since_on=since[one.id])


def _unit_name(campaign: Campaign, unit: str) -> str:
    """The unit of a stack; the survey itself for a stack of the whole organisation."""
    units = campaign.unit_tree or []
    return next((row["name"] for row in units if row["key"] == unit), campaign.title)
