"""Handing out slips: by mail or letter, to a newcomer, in place of a lost card.

The number of codes never grows. What somebody at a desk sees is the same whether a code was used
or not.
"""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.codes.models import Channel, Code, CodeState, Spare
from baken.survey.codes.slips import CodeMaker, Slip, first_spare, headcounts, list_slips
from baken.survey.errors import NoCodeLeft

NO_SYNC = {"synchronize_session": False}


def list_spares(session: Session, campaign_id: UUID) -> dict[str, Spare]:
    """Return the spares of every unit that has people, under the key of the unit."""
    rows = session.scalars(select(Spare).where(Spare.campaign_id == campaign_id))
    return {row.unit: row for row in rows}


def list_free_slips(session: Session, keys: KeyStore, campaign: Campaign) -> list[Slip]:
    """Return the slips of the people that stand on no card and were sent to nobody."""
    spares = list_spares(session, campaign.id)
    maker = CodeMaker.of(keys, campaign)
    asked = select(Code.tag).where(Code.campaign_id == campaign.id, Code.channel == Channel.SLIP)
    untaken = frozenset(session.scalars(asked))
    return [
        slip
        for slip in list_slips(campaign)
        if not slip.is_spare
        and not spares[slip.unit].cards_printed
        and maker.tag(slip.unit, slip.number) in untaken
    ]


def assign(session: Session, maker: CodeMaker, unit: str, number: int, channel: Channel) -> None:
    """Let a slip reach somebody by another way than a card, or by a card again."""
    session.execute(
        update(Code)
        .where(Code.tag == maker.tag(unit, number), Code.campaign_id == maker.campaign_id)
        .values(channel=channel),
        execution_options=NO_SYNC,
    )


def take_spare(session: Session, campaign: Campaign, unit: str, *, is_newcomer: bool) -> int:
    """Take the next spare of a unit and return the number of its slip."""
    asked = select(Spare).where(Spare.campaign_id == campaign.id, Spare.unit == unit)
    spare = session.scalars(asked.with_for_update()).one_or_none()
    if spare is None or spare.left == 0:
        name = next((row["name"] for row in campaign.unit_tree or [] if row["key"] == unit), "")
        raise NoCodeLeft(
            "survey.no_spare_left",
            "{unit} has no spare code left. Their number was fixed at the start and does not grow, "
            "so that everybody can check it. Agree on more spares for the next survey.",
            unit=name,
        )
    number = first_spare(campaign, unit) + spare.dealt
    if is_newcomer:
        spare.dealt_new += 1
    else:
        spare.dealt_replacing += 1
    session.flush()
    return number


def count_in(session: Session, maker: CodeMaker, campaign: Campaign, slip: Slip) -> None:
    """Count a spare from now on as a code of its unit: somebody who came later has it."""
    session.execute(
        update(Code)
        .where(Code.tag == maker.tag(slip.unit, slip.number), Code.campaign_id == campaign.id)
        .values(spare=False, stratum=slip.stratum),
        execution_options=NO_SYNC,
    )
    issued = dict(campaign.issued_per_unit or headcounts(campaign))
    issued[slip.unit] += 1
    campaign.issued_per_unit = issued
    campaign.n_issued = sum(issued.values())
    session.flush()


def replace(session: Session, maker: CodeMaker, old: bytes, new: bytes) -> bool:
    """Put one code in the place of another; return whether that was still unused.

    An unused code is revoked, and the new one counts where the old one counted. For a used one the
    new one is revoked instead: one person, one set of answers. The answer is for the letter to that
    person alone.
    """
    revoked = _revoke(session, maker, old)
    if not revoked:
        _revoke(session, maker, new)
        return False
    was = session.execute(_of(select(Code.spare, Code.stratum), maker, old)).one()
    session.execute(
        _of(update(Code), maker, new).values(spare=was.spare, stratum=was.stratum),
        execution_options=NO_SYNC,
    )
    return True


def _revoke(session: Session, maker: CodeMaker, tag: bytes) -> bool:
    done = session.execute(
        _of(update(Code), maker, tag)
        .where(Code.state == CodeState.FREE)
        .values(state=CodeState.REVOKED),
        execution_options=NO_SYNC,
    )
    return cast(CursorResult[Any], done).rowcount == 1


def _of(statement: Any, maker: CodeMaker, tag: bytes) -> Any:
    return statement.where(Code.tag == tag, Code.campaign_id == maker.campaign_id)
