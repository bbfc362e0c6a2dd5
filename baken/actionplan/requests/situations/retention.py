"""The end of what was written about requests: the key goes first, then the sealed words.

The request itself stays, with its group, its days and its steps: the years of 7.2 are counted from
it. A step that was recorded is never changed, so its words stay as bytes that nothing opens. Cut
off anywhere, the next night goes on: words whose key is gone are still due.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.requests.situations.models import SituationRequest, SituationStep
from baken.actionplan.requests.situations.rules import ENDED, RequestState
from baken.actionplan.requests.situations.sealing import destroy_keys
from baken.organisation.removals.holds import is_held
from baken.storage.audit import record
from baken.storage.crash import crash_point
from baken.storage.keys import KeyStore
from baken.storage.retention import delete_each, over_on
from baken.storage.session import Database, Session

_ENDED: Final = [RequestState(state) for state in ENDED]


def days_due(session: Session, years: int | None) -> dict[UUID, date]:
    """Return the day on which the words of each request go: so many years after its last step."""
    if years is None:
        return {}
    ended_on = func.max(SituationStep.done_on)
    asked = (
        select(SituationRequest.id, ended_on.label("ended_on"))
        .join(SituationStep, SituationStep.request_id == SituationRequest.id)
        .where(SituationRequest.state.in_(_ENDED), SituationRequest.sealed.is_not(None))
        .group_by(SituationRequest.id)
    )
    return {row.id: over_on(row.ended_on, years) for row in session.execute(asked)}


def delete_due(
    database: Database,
    keys: KeyStore,
    *,
    years: int | None,
    organisation_id: UUID,
    today: date,
    now: datetime,
) -> int:
    """Delete the words whose term is over, request after request; return of how many."""
    return delete_each(
        database,
        organisation_id,
        lambda session: days_due(session, years),
        lambda session, request_id: _delete(session, keys, request_id, now),
        today=today,
    )


def _delete(session: Session, keys: KeyStore, request_id: UUID, now: datetime) -> bool:
    """Delete the words of a request; false where somebody holds everything since."""
    request = session.get(SituationRequest, request_id, with_for_update=True)
    if request is None or is_held(session):
        return False
    destroy_keys(keys, request)
    crash_point("requests.key_destroyed")
    request.sealed = None
    session.flush()
    facts = {"asked_on": request.asked_on.isoformat()}
    subject = f"request:{request_id}"
    record(session, "request.words_deleted", by=None, subject=subject, facts=facts, at=now)
    return True
