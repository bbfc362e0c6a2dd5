"""The end of tallies: after ten years the counts go; that a survey was counted stays.

Results that were released point at the row, so it stays, empty: as in an organisation that came
from elsewhere. The key goes first: without it no copy of the counts opens.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.queries import find_stored, tally_key_name
from baken.organisation.removals.holds import is_held
from baken.storage.audit import record
from baken.storage.crash import crash_point
from baken.storage.keys import KeyStore
from baken.storage.retention import delete_each, over_on
from baken.storage.session import Database, Session
from baken.survey.answers import PURPOSE
from baken.survey.campaigns.models import Campaign


def days_due(session: Session, years: int | None) -> dict[UUID, date]:
    """Return the day on which the counts of each campaign go: so many years after its opening."""
    if years is None:
        return {}
    asked = (
        select(Campaign.id, Campaign.opened_on, Campaign.imported_on)
        .join(StoredTally, StoredTally.campaign_id == Campaign.id)
        .where(func.length(StoredTally.box) > 0)
    )
    found = {row.id: row.opened_on or row.imported_on for row in session.execute(asked)}
    return {campaign_id: over_on(day, years) for campaign_id, day in found.items() if day}


def delete_due(
    database: Database,
    keys: KeyStore,
    *,
    years: int | None,
    organisation_id: UUID,
    today: date,
    now: datetime,
) -> int:
    """Empty the tallies whose term is over, each in a transaction; return how many."""
    return delete_each(
        database,
        organisation_id,
        lambda session: days_due(session, years),
        lambda session, campaign_id: _empty(session, keys, campaign_id, now),
        today=today,
    )


def _empty(session: Session, keys: KeyStore, campaign_id: UUID, now: datetime) -> bool:
    """Empty one tally; false where it is empty, or where somebody holds everything since."""
    organisation_id = session.organisation_id
    if organisation_id is None or is_held(session):
        return False
    stored = find_stored(session, campaign_id)
    if stored is None or not stored.box:
        return False
    keys.destroy(organisation_id, PURPOSE, tally_key_name(campaign_id))
    crash_point("tallies.key_destroyed")
    stored.box = b""
    session.flush()
    subject = f"campaign:{campaign_id}"
    record(session, "campaign.tally_deleted", by=None, subject=subject, at=now)
    return True
