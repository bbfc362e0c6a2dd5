"""The end of what people wrote about themselves to take part: a year after the call it goes.

A seat that came of it stays, as the history of who sat there.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select

from baken.actionplan.bodies.calls import ApplicationState
from baken.actionplan.bodies.models import CallApplication, OpenCall
from baken.organisation.removals.holds import is_held
from baken.storage.audit import record
from baken.storage.retention import delete_each
from baken.storage.session import Database, Session

KEPT: Final = timedelta(days=365)


def days_due(session: Session) -> dict[UUID, tuple[date, int]]:
    """Return for each call the day on which its answered applications go, and how many."""
    asked = (
        select(OpenCall.id, OpenCall.until_on, func.count(CallApplication.id))
        .join(CallApplication, CallApplication.call_id == OpenCall.id)
        .where(CallApplication.state != ApplicationState.APPLIED)
        .group_by(OpenCall.id, OpenCall.until_on)
    )
    return {call: (until + KEPT, n) for call, until, n in session.execute(asked)}


def delete_due(database: Database, *, organisation_id: UUID, today: date, now: datetime) -> int:
    """Delete the applications whose term is over, each call in a transaction; return how many."""
    return delete_each(
        database,
        organisation_id,
        lambda session: {call: day for call, (day, _) in days_due(session).items()},
        lambda session, call_id: _delete(session, call_id, now),
        today=today,
    )


def _delete(session: Session, call_id: UUID, now: datetime) -> int:
    """Delete what was answered of one call; nothing while somebody holds everything."""
    call = session.get(OpenCall, call_id)
    if call is None or is_held(session):
        return 0
    gone = session.execute(
        delete(CallApplication)
        .where(
            CallApplication.call_id == call_id,
            CallApplication.state != ApplicationState.APPLIED,
        )
        .returning(CallApplication.id)
    ).all()
    if gone:
        record(
            session, "call.cleared", by=None, subject=f"body:{call.body_id}",
            facts={"applications": len(gone)}, at=now,
        )  # fmt: skip
    return len(gone)
