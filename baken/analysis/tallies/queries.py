"""Reading the counts of a campaign back."""

from uuid import UUID

from sqlalchemy import select

from baken.analysis.errors import NotCounted
from baken.analysis.tallies.binary import counts_from_bytes
from baken.analysis.tallies.counts import Counts
from baken.analysis.tallies.models import StoredTally
from baken.storage.keys import KeyStore, unseal
from baken.storage.session import Session
from baken.survey.answers import PURPOSE


def find_stored(session: Session, campaign_id: UUID) -> StoredTally | None:
    """Return the sealed tally of a campaign, or None when it was not counted yet."""
    asked = select(StoredTally).where(StoredTally.campaign_id == campaign_id)
    return session.scalars(asked).first()


def get_stored(session: Session, campaign_id: UUID) -> StoredTally:
    """Return the sealed tally of a campaign, or raise `NotCounted`."""
    stored = find_stored(session, campaign_id)
    if stored is None:
        raise NotCounted("analysis.not_counted", "The answers to this survey were not counted yet.")
    return stored


def unseal_tally(keys: KeyStore, stored: StoredTally) -> Counts:
    """Decrypt a tally with its models; raises `KeyGone` when its key was destroyed.

    Raises
    ------
    NotCounted
        The counts stayed on the installation where the organisation came from.
    """
    if not stored.box:
        raise NotCounted(
            "analysis.counts_elsewhere",
            "The counts of this survey stayed on the installation where it was held. What was "
            "released there can be read here; new results of it cannot be made.",
        )
    owner = stored.organisation_id
    key = keys.get(owner, PURPOSE, tally_key_name(stored.campaign_id))
    return counts_from_bytes(unseal(key, stored.box, seal_address(owner, stored.id)))


def tally_key_name(campaign_id: UUID) -> str:
    """Return the name of the data key of a tally in the key store."""
    return f"tally:{campaign_id}"


def seal_address(organisation_id: UUID, tally_id: UUID) -> bytes:
    """Return the place a sealed tally belongs to, so that it opens nowhere else."""
    return f"{organisation_id.hex}|tally|{tally_id.hex}|box|v1|v1".encode()
