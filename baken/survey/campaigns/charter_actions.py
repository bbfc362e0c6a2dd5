"""Writing the charter of a campaign, and recording that it was agreed."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.survey.campaigns import queries, rules
from baken.survey.campaigns.charter import Agreement, check_agreement, check_words, promise_of
from baken.survey.campaigns.models import Campaign, Charter
from baken.survey.errors import InvalidDraft

UNWRITTEN = 0
"""What somebody saw who found no charter yet."""


def write_charter(
    session: Session,
    campaign_id: UUID,
    words: Mapping[str, Mapping[str, str]],
    *,
    seen: int,
    by: Actor,
) -> Charter:
    """Write the words of the charter; after an agreement they become the next edition.

    Parameters
    ----------
    words : mapping
        Language to part to text; a part may still be empty.
    seen : int
        What `stamp_of` said of the charter that the person was looking at.
    """
    require(by, Action.PREPARE_CAMPAIGN)
    campaign = queries.lock_campaign(session, campaign_id)
    rules.check_is_draft(campaign.state)
    check_words(words)
    charter = queries.find_charter(session, campaign_id)
    _check_stamp(charter, seen)
    kept = {language: dict(parts) for language, parts in words.items()}
    if charter is None or charter.agreed_on is not None:
        charter = _next_edition(session, campaign, charter, kept)
    else:
        charter.words = kept
        session.flush()
    _record(session, "campaign.charter_written", campaign_id, charter, by)
    return charter


def agree_charter(
    session: Session, campaign_id: UUID, agreement: Agreement, *, seen: int, by: Actor, today: date
) -> Charter:
    """Record that both sides agreed, to these words and to what the campaign promises today.

    Agreed again after the promise changed, it becomes the next edition: the first stays to be read.
    """
    require(by, Action.RECORD_ADVICE)
    campaign = queries.lock_campaign(session, campaign_id)
    rules.check_is_draft(campaign.state)
    charter = queries.find_charter(session, campaign_id)
    _check_stamp(charter, seen)
    if charter is None:
        raise InvalidDraft(
            "survey.charter_not_written", "Write the charter first; then it can be agreed."
        )
    check_agreement(campaign, charter, agreement, today=today)
    if charter.agreed_on is not None:
        charter = _next_edition(session, campaign, charter, charter.words)
    charter.promise = promise_of(campaign)
    charter.body = agreement.body.strip()
    charter.agreed_on = agreement.agreed_on
    charter.agreed_employer = agreement.employer.strip()
    charter.agreed_workers = agreement.workers.strip()
    session.flush()
    _record(session, "campaign.charter_agreed", campaign_id, charter, by)
    return charter


def stamp_of(charter: Charter | None) -> int:
    """A number that changes whenever the charter does; editions and edits in one."""
    return UNWRITTEN if charter is None else charter.edition * 10_000 + charter.version


def _check_stamp(charter: Charter | None, seen: int) -> None:
    if stamp_of(charter) != seen:
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        )


def _next_edition(
    session: Session,
    campaign: Campaign,
    before: Charter | None,
    words: dict[str, dict[str, str]],
) -> Charter:
    edition = before.edition + 1 if before else 1
    charter = Charter(campaign_id=campaign.id, edition=edition, words=words)
    session.add(charter)
    session.flush()
    return charter


def _record(session: Session, action: str, campaign_id: UUID, charter: Charter, by: Actor) -> None:
    record(
        session,
        action,
        by=by.person_id,
        subject=f"campaign:{campaign_id}",
        facts={"edition": charter.edition},
    )
