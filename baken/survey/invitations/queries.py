"""Reading the list of a campaign."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.permissions import Action, Actor, require
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.models import Channel
from baken.survey.errors import RecipientNotFound
from baken.survey.invitations.models import Recipient, Sending

SHOWN = 300


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a list may call it."""

    key: str
    number: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How many addresses of a unit there are by way and state; never who answered."""

    unit: str
    channel: Channel
    state: Sending
    people: int
    refused: int  # their last letter, whatever became of those before


def list_named_units(session: Session, campaign: Campaign, *, today: date) -> list[Named]:
    """Return the units in which people can be invited: frozen from the launch on."""
    if campaign.unit_tree is not None:
        return [
            Named(unit["key"], unit["number"], unit["name"], unit["headcount"])
            for unit in campaign.unit_tree
        ]
    units = list_units(session, on=max(today, campaign.opens_on))
    return [Named(str(unit.id), unit.number, unit.name, unit.headcount or 0) for unit in units]


def count_addresses(session: Session, campaign_id: UUID) -> Counter[str]:
    """Count the addresses of every unit, whatever became of them."""
    asked = (
        select(Recipient.unit, func.count())
        .where(Recipient.campaign_id == campaign_id)
        .group_by(Recipient.unit)
    )
    found: Counter[str] = Counter()
    for unit, people in session.execute(asked):
        found[unit] = people
    return found


def count_standings(session: Session, campaign_id: UUID, *, by: Actor) -> list[Standing]:
    """Count the addresses of every unit."""
    require(by, Action.EDIT_RECIPIENTS)
    campaign = get_campaign(session, campaign_id)
    asked = (
        select(
            Recipient.unit,
            Recipient.channel,
            Recipient.state,
            func.count(),
            func.count().filter(Recipient.refusal != ""),
        )
        .where(Recipient.campaign_id == campaign.id)
        .group_by(Recipient.unit, Recipient.channel, Recipient.state)
    )
    return [Standing(*row) for row in session.execute(asked)]


def list_of_unit(
    session: Session, campaign_id: UUID, unit: str, *, by: Actor
) -> Sequence[Recipient]:
    """Return who is invited in a unit, by name."""
    require(by, Action.EDIT_RECIPIENTS)
    asked = (
        select(Recipient)
        .where(Recipient.campaign_id == campaign_id, Recipient.unit == unit)
        .order_by(Recipient.name, Recipient.address, Recipient.id)
    )
    return session.scalars(asked).all()


def list_refused(session: Session, campaign_id: UUID, *, by: Actor) -> Sequence[Recipient]:
    """Return whose address the mail server refused, for as many as fit on a page."""
    require(by, Action.EDIT_RECIPIENTS)
    asked = (
        select(Recipient)
        .where(Recipient.campaign_id == campaign_id, Recipient.refusal != "")
        .order_by(Recipient.name, Recipient.id)
        .limit(SHOWN)
    )
    return session.scalars(asked).all()


def get_recipient(session: Session, campaign_id: UUID, recipient_id: UUID) -> Recipient:
    """Return somebody on the list of a campaign or raise `RecipientNotFound`."""
    found = session.get(Recipient, recipient_id)
    if found is None or found.campaign_id != campaign_id:
        raise RecipientNotFound
    return found


def list_due(session: Session, campaign_id: UUID) -> list[UUID]:
    """Return to whom a mail waits to be sent, in an order that says nothing."""
    asked = select(Recipient.id).where(
        Recipient.campaign_id == campaign_id,
        Recipient.channel == Channel.MAIL,
        Recipient.due.is_not(None),
    )
    return list(session.scalars(asked.order_by(Recipient.id)))


def count_by_mail(session: Session, campaign_id: UUID) -> int:
    """Return how many people are invited by mail."""
    asked = select(func.count()).select_from(Recipient)
    asked = asked.where(Recipient.campaign_id == campaign_id, Recipient.channel == Channel.MAIL)
    return session.scalar(asked) or 0
