"""What an installer sees: which organisations there are, and the protocols of those removed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.accounts.sessions import LoggedIn
from baken.organisation.errors import NotFound
from baken.organisation.models import Organisation, Person
from baken.organisation.removals.actions import find_removal
from baken.organisation.removals.holds import count_holds
from baken.organisation.removals.models import RemovalProtocol
from baken.storage.session import Database, Session

State = Literal["active", "removal_asked", "removal_waits", "removal_runs", "removed"]


@dataclass(frozen=True, slots=True)
class HouseRow:
    """An organisation in the list of the installer; nothing of what is in it."""

    id: UUID
    name: str
    is_fictional: bool
    state: State
    on: date | None
    n_people: int
    is_held: bool


def check_installer(account: LoggedIn) -> None:
    """Raise `NotFound` for everybody else: the page does not exist for them."""
    if not account.is_installer:
        raise NotFound("organisation.not_found", "There is nothing at this address.")


def list_houses(database: Database) -> list[HouseRow]:
    """Return all organisations by name, those removed last.

    Opens one session for each organisation: none sees two of them.
    """
    with database.read(None) as session:
        rows = list(session.scalars(select(Organisation).order_by(Organisation.name)))
    return sorted(
        (_house(database, row) for row in rows), key=lambda row: (row.state == "removed", row.name)
    )


def list_protocols(session: Session) -> list[RemovalProtocol]:
    """Return the protocols of removals, the newest first."""
    newest = select(RemovalProtocol).order_by(RemovalProtocol.finished_at.desc())
    return list(session.scalars(newest))


def get_protocol(session: Session, removed_id: UUID) -> RemovalProtocol:
    """Return the protocol of one organisation, or raise `NotFound`."""
    asked = select(RemovalProtocol).where(RemovalProtocol.removed_id == removed_id)
    found = session.scalars(asked).first()
    if found is None:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    return found


def _house(database: Database, row: Organisation) -> HouseRow:
    with database.read(row.id) as session:
        state, on = _state(session, row)
        return HouseRow(
            id=row.id,
            name=row.name,
            is_fictional=row.is_fictional,
            state=state,
            on=on,
            n_people=session.scalar(select(func.count()).select_from(Person)) or 0,
            is_held=count_holds(session) > 0,
        )


def _state(session: Session, row: Organisation) -> tuple[State, date | None]:
    if row.removed_on is not None:
        return "removed", row.removed_on
    removal = find_removal(session)
    if removal is None:
        return "active", None
    if removal.started_at is not None:
        return "removal_runs", None
    return ("removal_waits", removal.due_on) if removal.due_on else ("removal_asked", None)
