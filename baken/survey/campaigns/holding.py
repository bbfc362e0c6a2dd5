"""Closing waits for what is on its way: an envelope or an exchange that came later would be lost.

On SQLite one transaction writes at a time anyway.
"""

from uuid import UUID

from sqlalchemy import Connection, func, select

from baken.storage.session import Session


def hold_open(connection: Connection | Session, campaign_id: UUID) -> None:
    """Let a closing wait until this transaction ends."""
    if _is_postgresql(connection):
        connection.execute(select(func.pg_advisory_xact_lock_shared(_number(campaign_id))))


def shut(session: Session, campaign_id: UUID) -> None:
    """Wait until everything that held the campaign open is written, and let nothing more begin."""
    if _is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(_number(campaign_id))))


def _is_postgresql(connection: Connection | Session) -> bool:
    if isinstance(connection, Session):
        return connection.get_bind().dialect.name == "postgresql"
    return connection.dialect.name == "postgresql"


def _number(campaign_id: UUID) -> int:
    return int.from_bytes(campaign_id.bytes[:8], "big", signed=True)
