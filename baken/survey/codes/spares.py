"""Spare cards at the desk: for a newcomer, or for a lost card."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign, lock_campaign
from baken.survey.codes.actions import check_running
from baken.survey.codes.handing_out import (
    assign,
    count_in,
    list_spares,
    replace,
    take_spare,
)
from baken.survey.codes.models import Channel, Code
from baken.survey.codes.slips import CodeMaker, Slip, first_spare
from baken.survey.codes.symbols import read_code
from baken.survey.errors import InvalidRecipient


class Reason(StrEnum):
    """What a spare is handed out for."""

    NEWCOMER = "newcomer"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class SpareRow:
    """The spares of a unit as the desk sees them; `next_number` is what stands on the next card."""

    unit: str
    name: str
    issued: int
    dealt_new: int
    dealt_replacing: int
    next_number: int | None


def list_spare_rows(session: Session, campaign_id: UUID, *, by: Actor) -> tuple[SpareRow, ...]:
    """Return what became of the spares, in the order of the units."""
    require(by, Action.HAND_OUT_SPARES)
    campaign = get_campaign(session, campaign_id)
    spares = list_spares(session, campaign_id)
    return tuple(
        SpareRow(
            unit["key"],
            unit["name"],
            spare.issued,
            spare.dealt_new,
            spare.dealt_replacing,
            spare.dealt + 1 if spare.left else None,
        )
        for unit in campaign.unit_tree or []
        if (spare := spares.get(unit["key"])) is not None
    )


def hand_out_spare(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    unit: str,
    reason: Reason,
    *,
    old_code: str = "",
    stratum: str | None = None,
    by: Actor,
) -> int:
    """Note that the next spare card of a unit is handed out, and return the number on it.

    Parameters
    ----------
    old_code : str
        The code of a lost card as somebody typed it, where it is known. It is revoked unless it
        was used; then the spare is revoked instead. Nobody hears which of the two.
    stratum : str, optional
        Band of a newcomer, where codes carry one.

    Raises
    ------
    NoCodeLeft
        The unit has no spare left.
    MistypedCode, InvalidRecipient
        The old code is no code, or none of this unit; the band is none of this campaign.
    """
    require(by, Action.HAND_OUT_SPARES)
    campaign = lock_campaign(session, campaign_id)
    check_running(campaign)
    maker = CodeMaker.of(keys, campaign)
    old = _old_tag(session, maker, unit, old_code) if reason is Reason.LOST and old_code else None
    if reason is Reason.NEWCOMER:
        check_band(campaign, stratum)
    number = take_spare(session, campaign, unit, is_newcomer=reason is Reason.NEWCOMER)
    if reason is Reason.NEWCOMER:
        count_in(session, maker, campaign, Slip(unit, number, is_spare=True, stratum=stratum))
    elif old is not None:
        replace(session, maker, old, maker.tag(unit, number))
    record_spare(session, campaign, reason, by=by)
    return number - first_spare(campaign, unit) + 1


def check_band(campaign: Campaign, stratum: str | None) -> None:
    """Raise `InvalidRecipient` unless a newcomer's band is one of the campaign's."""
    bands = [band["key"] for band in campaign.stratum["bands"]] if campaign.stratum else [None]
    if stratum not in bands:
        raise InvalidRecipient(
            "survey.band_unknown",
            "Choose one of the groups of this survey: {bands}.",
            bands=", ".join(str(band) for band in bands if band),
        )


def record_spare(session: Session, campaign: Campaign, reason: Reason, *, by: Actor) -> None:
    """Log that a spare was handed out and what for; never to whom."""
    record(
        session,
        f"campaign.spare_{reason.value}",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={"codes": campaign.n_issued},
    )


def send_spare(
    session: Session,
    maker: CodeMaker,
    campaign: Campaign,
    slip: Slip,
    channel: Channel,
) -> Slip:
    """Give the next spare of a unit to a newcomer by mail or letter instead of on a card."""
    number = take_spare(session, campaign, slip.unit, is_newcomer=True)
    taken = Slip(slip.unit, number, is_spare=True, stratum=slip.stratum)
    count_in(session, maker, campaign, taken)
    assign(session, maker, slip.unit, number, channel)
    return taken


def _old_tag(session: Session, maker: CodeMaker, unit: str, typed: str) -> bytes:
    tag = maker.tag_of(read_code(typed))
    # Of this unit, whatever became of it: an answer that depended on that would tell.
    asked = select(Code.tag).where(
        Code.tag == tag, Code.campaign_id == maker.campaign_id, Code.unit == unit
    )
    if session.scalars(asked).one_or_none() is None:
        raise InvalidRecipient(
            "survey.old_code_elsewhere",
            "This is no code of that unit. Look whether the unit is right, or leave the old code "
            "empty.",
        )
    return tag
