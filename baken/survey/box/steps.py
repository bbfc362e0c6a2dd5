"""From closed to scrubbed: one transaction per step, resumed wherever it was cut off.

The order matters. The private key is destroyed only after a backup of the answers was restored and
read; until then a broken disk could still be answered by opening the envelopes again.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.backup import make_backup, open_backup
from baken.storage.crash import crash_point
from baken.storage.keys import COPIES_EXPIRE_AFTER_DAYS, KeyStore
from baken.storage.session import Database, Session
from baken.survey.answers import PURPOSE, list_blocks, read_blocks
from baken.survey.box.models import Draft, Envelope, Receipt
from baken.survey.box.opening import open_envelopes
from baken.survey.box.scrubbing import check_nothing_left, scrub_files
from baken.survey.campaigns import rules
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign, lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Code
from baken.survey.codes.places import list_places
from baken.survey.codes.secrets import NAMES, CampaignSecrets
from baken.survey.comments import Comment, read_comments
from baken.survey.errors import BackupDisagrees, CannotScrub, InvalidTransition


@dataclass(frozen=True, slots=True)
class _Place:
    """One campaign on its way, and who or what moves it on."""

    database: Database
    keys: KeyStore
    backups: Path
    organisation_id: UUID
    campaign_id: UUID
    by: UUID | None
    today: date

    def look(self) -> Campaign:
        with self.database.read(self.organisation_id) as session:
            return get_campaign(session, self.campaign_id)

    def move(self, to: CampaignState, action: str = "", **values: date) -> None:
        """Set the next state and record it; somebody else who was first has done so already."""
        with self.database.session(self.organisation_id) as session:
            campaign = lock_campaign(session, self.campaign_id)
            if campaign.state is to:
                return
            rules.check_transition(campaign.state, to)
            campaign.state = to
            for name, value in values.items():
                setattr(campaign, name, value)
            session.flush()
            self.note(session, action or f"campaign.{to.value}")

    def note(self, session: Session, action: str) -> None:
        record(session, action, by=self.by, subject=f"campaign:{self.campaign_id}")


def open_campaign(
    database: Database,
    keys: KeyStore,
    backups_folder: Path,
    campaign_id: UUID,
    *,
    by: Actor,
    today: date,
    tell: Callable[[CampaignState], None] = lambda _state: None,
) -> CampaignState:
    """Open a closed campaign and take all the steps after it that can be taken today.

    Called again after a crash it goes on where it was; it returns the state that was reached.
    Before each step `tell` hears which state it starts from.
    """
    require(by, Action.OPEN_CAMPAIGN)
    place = _Place(
        database, keys, backups_folder, by.organisation_id, campaign_id, by.person_id, today
    )
    campaign = place.look()
    tell(campaign.state)
    if not campaign.is_opened:
        open_envelopes(
            database, keys, by.organisation_id, campaign_id, by=by.person_id, today=today
        )
    return _advance(place, tell)


def advance_opening(
    database: Database,
    keys: KeyStore,
    backups_folder: Path,
    campaign_id: UUID,
    *,
    organisation_id: UUID,
    by: UUID | None = None,
    today: date,
) -> CampaignState:
    """Take the steps after the opening that can be taken today, from wherever they stopped.

    For the start of a server and for a daily job; `by` is None when nobody asked.
    """
    place = _Place(database, keys, backups_folder, organisation_id, campaign_id, by, today)
    if not place.look().is_opened:
        raise InvalidTransition(
            "survey.not_opened_yet", "This survey was not opened yet. Nothing was changed."
        )
    return _advance(place)


def advance_all(
    database: Database, keys: KeyStore, backups_folder: Path, *, organisation_id: UUID, today: date
) -> dict[UUID, CampaignState]:
    """Take the waiting steps of every opened campaign of an organisation."""
    unfinished = rules.AFTER_OPENING - {CampaignState.SCRUBBED}
    with database.read(organisation_id) as session:
        asked = select(Campaign.id).where(Campaign.state.in_(unfinished))
        campaigns = list(session.scalars(asked))
    return {
        campaign_id: advance_opening(
            database,
            keys,
            backups_folder,
            campaign_id,
            organisation_id=organisation_id,
            today=today,
        )
        for campaign_id in campaigns
    }


def _advance(
    place: _Place, tell: Callable[[CampaignState], None] = lambda _state: None
) -> CampaignState:
    while True:
        state = place.look().state
        tell(state)
        step = _STEPS.get(state)
        if step is None or not step(place):
            return state


def _back_up(place: _Place) -> bool:
    # A folder of its own: taken again after a crash, it replaces nobody else's backup.
    folder = place.backups / f"opening-{place.campaign_id}"
    path = make_backup(place.database, folder, at=datetime.combine(place.today, time(), UTC))
    crash_point("backup.made")
    with place.database.read(place.organisation_id) as session:
        expected = _digest(session, place.campaign_id)
    restored = open_backup(path)
    try:
        with restored.read(place.organisation_id) as session:
            _check_restored(session, place.keys, place.campaign_id, expected)
    finally:
        restored.dispose()
    crash_point("backup.verified")
    place.move(CampaignState.BACKED_UP, backed_up_on=place.today)
    crash_point("backup.committed")
    return True


def _check_restored(session: Session, keys: KeyStore, campaign_id: UUID, expected: str) -> None:
    """Read the backup like the original: same rows, and every block and comment opens."""
    campaign = get_campaign(session, campaign_id)
    n_answers = sum(len(block.items) for block in read_blocks(session, keys, campaign_id))
    read_comments(session, keys, campaign_id)
    # Without their key the answers were deleted on the agreed day, before this step was taken.
    is_kept = keys.has(campaign.organisation_id, PURPOSE, str(campaign_id))
    n_expected = (campaign.n_answers or 0) if is_kept else 0
    agrees = _digest(session, campaign_id) == expected and n_answers == n_expected
    if not agrees:
        raise BackupDisagrees(
            "survey.backup_disagrees",
            "The restored backup does not hold what the database holds. The key was not destroyed "
            "and nothing is lost; check the disk of the backups and try again.",
        )


def _digest(session: Session, campaign_id: UUID) -> str:
    """One hash over the rows of a campaign that must survive, the same on every engine."""
    total = hashlib.sha256()
    for block in list_blocks(session, campaign_id):
        total.update(f"{block.label}|{block.n}|".encode() + block.box)
    comments = select(Comment).where(Comment.campaign_id == campaign_id).order_by(Comment.id)
    for comment in session.scalars(comments):
        total.update(comment.id + comment.label.encode() + comment.box)
    receipts = select(Receipt.hash).where(Receipt.campaign_id == campaign_id).order_by(Receipt.hash)
    for digest in session.scalars(receipts):
        total.update(digest)
    codes = select(Code).where(Code.campaign_id == campaign_id).order_by(Code.tag)
    for code in session.scalars(codes):
        total.update(code.tag + f"|{code.unit}|{int(code.state)}|{int(code.spare)}|".encode())
    for unit, row in sorted(list_places(session, campaign_id).items()):
        total.update(f"{unit}|{row.places}|{row.taken}|{row.blank}|".encode())
    return total.hexdigest()


def _shred(place: _Place) -> bool:
    """Destroy the keys at once; the state is reached when the last copy of them has expired."""
    campaign = place.look()
    if campaign.is_imported:  # there never was a key, so there is no copy to wait for
        place.move(CampaignState.SHREDDED, "campaign.had_no_keys")
        return True
    if campaign.keys_destroyed_on is None:
        _destroy_keys(place)
        campaign = place.look()
    expires = campaign.copies_expire_on
    if expires is None or place.today < expires:
        return False
    place.move(CampaignState.SHREDDED)
    crash_point("shred.committed")
    return True


def _destroy_keys(place: _Place) -> None:
    secrets = CampaignSecrets(place.keys, place.organisation_id, place.campaign_id)
    needles = secrets.still_there()
    for name in NAMES:
        secrets.destroy(name)
        crash_point(f"keys.{name}_destroyed")
    scrub_files(place.database)
    crash_point("keys.files_scrubbed")
    check_nothing_left(place.database, (place.backups, place.keys.folder), needles)
    with place.database.session(place.organisation_id) as session:
        campaign = lock_campaign(session, place.campaign_id)
        if campaign.keys_destroyed_on is None:
            campaign.keys_destroyed_on = place.today
            campaign.copies_expire_on = place.today + timedelta(days=COPIES_EXPIRE_AFTER_DAYS)
            session.flush()
            place.note(session, "campaign.keys_destroyed")
    crash_point("keys.committed")


def _scrub(place: _Place) -> bool:
    scrub_files(place.database)
    crash_point("scrub.files_scrubbed")
    secrets = CampaignSecrets(place.keys, place.organisation_id, place.campaign_id)
    with place.database.read(place.organisation_id) as session:
        left = [
            model.__tablename__
            for model in (Envelope, Draft)
            if session.scalar(
                select(func.count())
                .select_from(model)
                .where(model.campaign_id == place.campaign_id)
            )
        ]
    left += [name for name in NAMES if secrets.has(name)]
    if left:
        raise CannotScrub(
            "survey.something_left",
            "Something of the survey is still there that should be gone: {what}. The survey stays "
            "as it is.",
            what=", ".join(left),
        )
    place.move(CampaignState.SCRUBBED, scrubbed_on=place.today)
    crash_point("scrub.committed")
    return True


_STEPS: Mapping[CampaignState, Callable[[_Place], bool]] = {
    CampaignState.OPENED: _back_up,
    CampaignState.BACKED_UP: _shred,
    CampaignState.SHREDDED: _scrub,
}
