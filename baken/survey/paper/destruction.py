"""The end of the paper: written down once, when it is not needed any more."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.paper.errors import CannotLogDestruction
from baken.survey.paper.models import PaperDestruction
from baken.survey.paper.sittings.rules import plain

NEEDED_NO_MORE = frozenset(
    {CampaignState.BACKED_UP, CampaignState.SHREDDED, CampaignState.SCRUBBED}
)


@dataclass(frozen=True, slots=True)
class Destruction:
    """When and how the forms were destroyed, and who saw it."""

    destroyed_on: date
    how: str
    witness: str


def log_destruction(
    session: Session, campaign_id: UUID, said: Destruction, *, by: Actor, today: date
) -> PaperDestruction:
    """Write down that the forms were destroyed; it is never changed after that.

    Raises
    ------
    CannotLogDestruction
        The answers are not safe in a backup yet, it was written down before, or something is
        missing.
    """
    require(by, Action.LOG_DESTRUCTION)
    campaign = lock_campaign(session, campaign_id)
    if find_destruction(session, campaign_id) is not None:
        raise CannotLogDestruction(
            "paper_entry.destroyed_before",
            "The destruction of these forms was written down before, and stays as it is.",
        )
    check_may_be_destroyed(campaign)
    first = campaign.backed_up_on or campaign.opens_on
    if not first <= said.destroyed_on <= today:
        raise CannotLogDestruction(
            "paper_entry.destroyed_when",
            "The day of destruction lies between {first}, when the answers were safe in a backup, "
            "and today.",
            first=first,
        )
    if not said.how.strip() or not said.witness.strip():
        raise CannotLogDestruction(
            "paper_entry.destroyed_how",
            "Write down how the forms were destroyed, and the name of somebody who saw it.",
        )
    if plain(said.witness.partition(",")[0]) == plain(by.name):  # an office may follow the name
        raise CannotLogDestruction(
            "paper_entry.destroyed_own_witness",
            "A witness is somebody else than who writes it down here: preferably a member of the "
            "committee, who saw it.",
        )
    row = PaperDestruction(
        campaign_id=campaign_id,
        destroyed_on=said.destroyed_on,
        how=said.how.strip(),
        witness=said.witness.strip(),
        logged_by=by.person_id,
        logged_on=today,
    )
    session.add(row)
    session.flush()
    record(
        session,
        "paper.destroyed",
        by=by.person_id,
        subject=f"campaign:{campaign_id}",
        facts={"destroyed_on": said.destroyed_on.isoformat()},
        private={"witness": row.witness},
    )
    return row


def find_destruction(session: Session, campaign_id: UUID) -> PaperDestruction | None:
    """Return what was written down about the end of the paper."""
    asked = select(PaperDestruction).where(PaperDestruction.campaign_id == campaign_id)
    return session.scalars(asked).one_or_none()


def check_may_be_destroyed(campaign: Campaign) -> None:
    """Raise `CannotLogDestruction` while the paper is the only thing to go back to."""
    if campaign.state not in NEEDED_NO_MORE:
        raise CannotLogDestruction(
            "paper_entry.still_needed",
            "Keep the forms under lock until the survey was opened and its answers are safe in a "
            "backup: until then the paper is all there is to go back to.",
        )
