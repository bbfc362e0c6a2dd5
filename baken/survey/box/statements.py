"""What a submission does to the database. Every function runs inside one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from baken.survey.box.models import Draft, Envelope
from baken.survey.box.sealing import print_receipt, receipt_hash
from baken.survey.campaigns.holding import hold_open
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Code, CodeState

_CAMPAIGN = cast(Table, Campaign.__table__)
_CODE = cast(Table, Code.__table__)
_ENVELOPE = cast(Table, Envelope.__table__)
_DRAFT = cast(Table, Draft.__table__)


class Standing(StrEnum):
    """What a code and its campaign allow."""

    WELCOME = "welcome"
    RECEIVED = "received"
    ALREADY_RECEIVED = "already_received"
    EXCHANGED = "exchanged"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission; the receipt belongs to the envelope that is stored."""

    standing: Standing
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code stands: the campaign, the tag of the code, the name of its draft, the day."""

    organisation_id: UUID
    campaign_id: UUID
    tag: bytes
    draft: bytes
    today: date


# Made once: they run for every respondent.
_USE_CODE = (
    update(_CODE)
    .where(
        _CODE.c.tag == bindparam("this_tag"),
        _CODE.c.campaign_id == bindparam("this_campaign"),
        _CODE.c.state == int(CodeState.FREE),
        exists(
            select(_CAMPAIGN.c.id).where(
                _CAMPAIGN.c.id == bindparam("this_campaign"),
                _CAMPAIGN.c.state == CampaignState.RUNNING,
                _CAMPAIGN.c.opens_on <= bindparam("today"),
                _CAMPAIGN.c.closes_on >= bindparam("today"),
            )
        ),
    )
    .values(state=int(CodeState.USED))
    .returning(_CODE.c.unit)
)
_PUT_ENVELOPE = insert(_ENVELOPE)
_DROP_DRAFT = delete(_DRAFT).where(_DRAFT.c.id == bindparam("this_draft"))


def submit(connection: Connection, place: Place, seal_for: Callable[[str], bytes]) -> Outcome:
    """Use the code and store the envelope, or say why not.

    Parameters
    ----------
    seal_for : callable
        Seals the sheet with the unit of the code.
    """
    hold_open(connection, place.campaign_id)
    asked = {"this_tag": place.tag, "this_campaign": place.campaign_id, "today": place.today}
    unit = connection.execute(_USE_CODE, asked).scalar_one_or_none()
    if unit is None:
        return look_up(connection, place)
    box = seal_for(unit)
    connection.execute(
        _PUT_ENVELOPE,
        {
            "tag": place.tag,
            "organisation_id": place.organisation_id,
            "campaign_id": place.campaign_id,
            "box": box,
        },
    )
    connection.execute(_DROP_DRAFT, {"this_draft": place.draft})
    return Outcome(Standing.RECEIVED, print_receipt(receipt_hash(box)))


def look_up(connection: Connection, place: Place) -> Outcome:
    """Say what the code allows now; the receipt of a stored envelope is computed again from it."""
    row = connection.execute(
        select(_CODE.c.state, _ENVELOPE.c.box)
        .outerjoin(_ENVELOPE, _ENVELOPE.c.tag == _CODE.c.tag)
        .where(_CODE.c.tag == place.tag, _CODE.c.campaign_id == place.campaign_id)
    ).one_or_none()
    if row is not None and row.box is not None:
        return Outcome(Standing.ALREADY_RECEIVED, print_receipt(receipt_hash(row.box)))
    standing = _standing_of_campaign(connection, place)
    if standing is not Standing.WELCOME:
        return Outcome(standing)
    if row is None or row.state == CodeState.REVOKED:
        return Outcome(Standing.UNKNOWN)
    return Outcome(Standing.EXCHANGED if row.state == CodeState.PAPER else Standing.WELCOME)


def save_draft(connection: Connection, place: Place, box: bytes) -> Outcome:
    """Keep a draft for a code that is still free; it replaces an earlier one."""
    hold_open(connection, place.campaign_id)
    outcome = look_up(connection, place)
    if outcome.standing is Standing.WELCOME:
        connection.execute(_DROP_DRAFT, {"this_draft": place.draft})
        connection.execute(
            insert(_DRAFT).values(
                id=place.draft,
                organisation_id=place.organisation_id,
                campaign_id=place.campaign_id,
                box=box,
            )
        )
    return outcome


def read_draft(connection: Connection, place: Place) -> bytes | None:
    """Return the sealed draft of a code; None when there is none."""
    box: bytes | None = connection.execute(
        select(_DRAFT.c.box).where(
            _DRAFT.c.id == place.draft, _DRAFT.c.campaign_id == place.campaign_id
        )
    ).scalar_one_or_none()
    return box


def _standing_of_campaign(connection: Connection, place: Place) -> Standing:
    row = connection.execute(
        select(_CAMPAIGN.c.state, _CAMPAIGN.c.opens_on, _CAMPAIGN.c.closes_on).where(
            _CAMPAIGN.c.id == place.campaign_id
        )
    ).one()
    if row.state == CampaignState.DRAFT or (
        row.state == CampaignState.RUNNING and place.today < row.opens_on
    ):
        return Standing.NOT_YET
    if row.state != CampaignState.RUNNING or place.today > row.closes_on:
        return Standing.CLOSED
    return Standing.WELCOME
