"""Keeping the address list: many people at once, or one. The log counts, and names nobody."""

from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign, lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.handing_out import assign
from baken.survey.codes.models import Channel
from baken.survey.codes.slips import CodeMaker, Slip, first_spare
from baken.survey.codes.spares import check_band, send_spare
from baken.survey.errors import InvalidRecipient, InvalidTransition
from baken.survey.invitations.allotting import allot
from baken.survey.invitations.ground import ground_of
from baken.survey.invitations.models import Recipient, Sending
from baken.survey.invitations.queries import get_recipient
from baken.survey.invitations.reading import read_entries
from baken.survey.invitations.rules import (
    Entry,
    Ground,
    Invitee,
    Listing,
    check_entries,
)


def look_at_list(
    session: Session, keys: KeyStore, campaign_id: UUID, content: bytes, *, by: Actor, today: date
) -> Listing:
    """Say what a file would add to the list, and what is wrong with it; nothing is kept."""
    require(by, Action.EDIT_RECIPIENTS)
    campaign = get_campaign(session, campaign_id)
    check_may_edit(campaign)
    entries = read_entries(content, needs_group=campaign.stratum is not None)
    return check_entries(entries, ground_of(session, keys, campaign, today=today))


def take_list(
    session: Session, keys: KeyStore, campaign_id: UUID, content: bytes, *, by: Actor, today: date
) -> Listing:
    """Add everybody in a file, or, with one problem in it, nobody."""
    require(by, Action.EDIT_RECIPIENTS)
    campaign = lock_campaign(session, campaign_id)
    listing = look_at_list(session, keys, campaign_id, content, by=by, today=today)
    if not listing.problems:
        session.add_all(_row(campaign, invitee) for invitee in listing.people)
        session.flush()
        if campaign.state is CampaignState.RUNNING:
            allot(session, keys, campaign)
        _note(session, "added", campaign, len(listing.people), by=by)
    return listing


def add_recipient(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    entry: Entry,
    *,
    is_newcomer: bool = False,
    by: Actor,
    today: date,
) -> UUID:
    """Write one person down; a newcomer in a running campaign takes a spare and counts from now on.

    Raises
    ------
    InvalidRecipient, NoCodeLeft
        With the sentence that says what to do; nothing was changed.
    """
    require(by, Action.EDIT_RECIPIENTS)
    campaign = lock_campaign(session, campaign_id)
    check_may_edit(campaign)
    takes_spare = is_newcomer and campaign.state is CampaignState.RUNNING
    if takes_spare:
        # The right to make a unit one person larger belongs to those who hold the spare cards.
        require(by, Action.HAND_OUT_SPARES)
    ground = ground_of(session, keys, campaign, today=today)
    invitee = _check_one(entry, ground, ignoring_room=takes_spare)
    row = _row(campaign, invitee)
    session.add(row)
    session.flush()
    if takes_spare:
        _give_spare(session, keys, campaign, row)
    elif campaign.state is CampaignState.RUNNING:
        allot(session, keys, campaign)
    _note(session, "newcomer" if takes_spare else "added", campaign, 1, by=by)
    return row.id


def edit_recipient(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    recipient_id: UUID,
    entry: Entry,
    *,
    by: Actor,
    today: date,
) -> None:
    """Correct somebody's line; after the first letter the unit stays, because the code is sent."""
    require(by, Action.EDIT_RECIPIENTS)
    campaign = lock_campaign(session, campaign_id)
    check_may_edit(campaign)
    row = get_recipient(session, campaign_id, recipient_id)
    ground = ground_of(session, keys, campaign, today=today, without=row)
    invitee = _check_one(entry, ground)
    moved = (row.unit, row.stratum, row.channel) != (*invitee.place, invitee.channel)
    if moved and _is_bound(campaign, row):
        raise InvalidRecipient(
            "survey.recipient_sent",
            "The code belongs to this person by now: a letter is on its way or was sent, or a "
            "spare was taken. Name, language and address can still be corrected; unit, group and "
            "kind of letter stay.",
        )
    if moved:
        _release(session, keys, campaign, row)
    for name in ("name", "address", "channel", "unit", "language", "stratum"):
        setattr(row, name, getattr(invitee, name))
    row.refusal, row.refusal_code = "", None
    if row.state is Sending.REFUSED:
        row.state = Sending.WAITING
    session.flush()
    if campaign.state is CampaignState.RUNNING:
        allot(session, keys, campaign)
    _note(session, "corrected", campaign, 1, by=by)


def remove_recipient(
    session: Session, keys: KeyStore, campaign_id: UUID, recipient_id: UUID, *, by: Actor
) -> None:
    """Take somebody off the list before a letter went out; the code can go on a card again."""
    require(by, Action.EDIT_RECIPIENTS)
    campaign = lock_campaign(session, campaign_id)
    check_may_edit(campaign)
    row = get_recipient(session, campaign_id, recipient_id)
    if _is_bound(campaign, row):
        raise InvalidRecipient(
            "survey.recipient_stays",
            "The code belongs to this person by now: a letter is on its way or was sent, or a "
            "spare was taken. The address is deleted with all others when the survey is opened.",
        )
    _release(session, keys, campaign, row)
    session.delete(row)
    session.flush()
    _note(session, "removed", campaign, 1, by=by)


def forget_recipients(session: Session, campaign_id: UUID) -> int:
    """Delete the list of a campaign that is over; return how many addresses went."""
    gone = session.execute(
        delete(Recipient).where(Recipient.campaign_id == campaign_id),
        execution_options={"synchronize_session": False},
    )
    return cast(CursorResult[Any], gone).rowcount


def check_may_edit(campaign: Campaign) -> None:
    """Raise `InvalidTransition` unless people can still be invited."""
    if campaign.is_imported or campaign.state not in {CampaignState.DRAFT, CampaignState.RUNNING}:
        raise InvalidTransition(
            "survey.invitations_over",
            "People are invited before the start and while the survey runs.",
        )


def _give_spare(session: Session, keys: KeyStore, campaign: Campaign, row: Recipient) -> None:
    check_band(campaign, row.stratum)
    wanted = Slip(row.unit, 0, is_spare=True, stratum=row.stratum)
    taken = send_spare(session, CodeMaker.of(keys, campaign), campaign, wanted, row.channel)
    row.slip = taken.number
    session.flush()


def _is_bound(campaign: Campaign, row: Recipient) -> bool:
    """Whether the slip can go to nobody else any more."""
    if row.state is Sending.SENT or row.due is not None:
        return True
    return row.slip is not None and row.slip >= first_spare(campaign, row.unit)


def _release(session: Session, keys: KeyStore, campaign: Campaign, row: Recipient) -> None:
    if row.slip is not None:
        assign(session, CodeMaker.of(keys, campaign), row.unit, row.slip, Channel.SLIP)
        row.slip = None


def _check_one(entry: Entry, ground: Ground, *, ignoring_room: bool = False) -> Invitee:
    listing = check_entries([entry], ground)
    problems = [
        remark
        for remark in listing.problems
        if not (ignoring_room and remark.key == "survey.recipient_over")
    ]
    for remark in problems:
        raise remark.why
    return listing.people[0]


def _row(campaign: Campaign, invitee: Invitee) -> Recipient:
    return Recipient(
        id=uuid4(),
        organisation_id=campaign.organisation_id,
        campaign_id=campaign.id,
        name=invitee.name,
        address=invitee.address,
        unit=invitee.unit,
        language=invitee.language,
        channel=invitee.channel,
        stratum=invitee.stratum,
    )


def _note(session: Session, what: str, campaign: Campaign, n: int, *, by: Actor) -> None:
    record(
        session,
        f"recipients.{what}",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={"people": n},
    )
