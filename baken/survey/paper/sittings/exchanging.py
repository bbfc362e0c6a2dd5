"""The desk: a slip is exchanged for a form, or it is not; nobody there hears why not."""

from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update

from baken.organisation.permissions import Action, Actor, require
from baken.storage.crash import crash_point
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box.models import Draft
from baken.survey.box.sealing import draft_id
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.actions import check_running
from baken.survey.codes.handing_out import list_spares
from baken.survey.codes.models import Code
from baken.survey.codes.places import exchange
from baken.survey.codes.secrets import PEPPER, CampaignSecrets
from baken.survey.codes.slips import CodeMaker, first_spare
from baken.survey.codes.symbols import read_code
from baken.survey.errors import NoFormForSlip, SlipOfAnotherUnit
from baken.survey.paper.sittings.models import Sitting, SittingCount
from baken.survey.paper.sittings.queries import check_unsigned, get_sitting, lock_sitting

_NO_SYNC = {"synchronize_session": False}


def exchange_slip(
    session: Session, keys: KeyStore, sitting_id: UUID, typed: str, *, by: Actor, today: date
) -> str:
    """Exchange a slip for one form and return the name of the unit whose form it is.

    Code, place and count of the sitting change in one transaction. No entry in the record says
    that somebody came by: the sitting is recorded when it is planned, counted and signed. Whoever
    counted the forms before this slip counts them again: nobody signs what was counted too early.

    Raises
    ------
    MistypedCode
        A typing error: nothing was looked up.
    NoFormForSlip
        Used, revoked, exchanged before, of another survey, outside its days, or a spare card that
        nobody handed out: one answer.
    SlipOfAnotherUnit
        The unit that stands on the slip has no forms at this sitting; the slip stays as it was.
    """
    require(by, Action.EXCHANGE_SLIPS)
    # Only a slip after the counting changes the sitting itself, so only that one waits for others.
    is_counted = get_sitting(session, sitting_id).is_counted
    sitting = lock_sitting(session, sitting_id, together=not is_counted)
    check_unsigned(sitting)
    campaign = get_campaign(session, sitting.campaign_id)
    check_running(campaign)
    code = read_code(typed)
    maker = CodeMaker.of(keys, campaign)
    tag = maker.tag_of(code)
    _check_unit(session, campaign, sitting, tag)
    if _is_undealt(session, maker, campaign, tag):
        raise NoFormForSlip
    unit = exchange(session, campaign.id, tag, today=today)
    if unit is None:
        raise NoFormForSlip
    _count(session, sitting, unit)
    _drop_draft(session, keys, campaign, code)
    crash_point("slip.exchanged")
    return _name(campaign, unit)


def _check_unit(session: Session, campaign: Campaign, sitting: Sitting, tag: bytes) -> None:
    """Look at the unit alone, whatever became of the code: the answer must not depend on that."""
    asked = select(Code.unit).where(Code.tag == tag, Code.campaign_id == campaign.id)
    unit = session.scalars(asked).one_or_none()
    here = select(SittingCount.unit).where(SittingCount.sitting_id == sitting.id)
    if unit is not None and unit not in set(session.scalars(here)):
        raise SlipOfAnotherUnit(
            "survey.slip_of_another_unit",
            "This is a slip of {unit}, and this sitting has no forms of that unit. The slip was "
            "not exchanged and stays as it was. Add the unit to the sitting, or send the person "
            "to another one.",
            unit=_name(campaign, unit),
        )


def _is_undealt(session: Session, maker: CodeMaker, campaign: Campaign, tag: bytes) -> bool:
    """Whether a slip is a spare card that still lies in the drawer."""
    asked = select(Code.unit).where(
        Code.tag == tag, Code.campaign_id == campaign.id, Code.spare.is_(True)
    )
    unit = session.scalars(asked).one_or_none()
    spare = list_spares(session, campaign.id).get(unit) if unit is not None else None
    if unit is None or spare is None:
        return False
    first = first_spare(campaign, unit)
    left = range(first + spare.dealt, first + spare.issued)
    return any(maker.tag(unit, number) == tag for number in left)


def _count(session: Session, sitting: Sitting, unit: str) -> None:
    here = (SittingCount.sitting_id == sitting.id, SittingCount.unit == unit)
    one_more = update(SittingCount).where(*here).values(slips=SittingCount.slips + 1)
    session.execute(one_more, execution_options=_NO_SYNC)
    if sitting.is_counted:
        again = update(Sitting).where(Sitting.id == sitting.id)
        changed = again.values(is_counted=False, version=Sitting.version + 1)
        session.execute(changed, execution_options=_NO_SYNC)


def _drop_draft(session: Session, keys: KeyStore, campaign: Campaign, code: str) -> None:
    pepper = CampaignSecrets.of(keys, campaign).get(PEPPER)
    mine = Draft.id == draft_id(pepper, campaign.id, code)
    session.execute(
        delete(Draft).where(mine, Draft.campaign_id == campaign.id), execution_options=_NO_SYNC
    )


def _name(campaign: Campaign, unit: str) -> str:
    return next((row["name"] for row in campaign.unit_tree or [] if row["key"] == unit), "")
