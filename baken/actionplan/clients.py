"""The clients of an account, side by side, without ever mixing two of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from baken.actionplan.overview import get_overview
from baken.actionplan.phases import Phase
from baken.organisation.errors import NotFound
from baken.organisation.organisations import OrganisationRow, list_all
from baken.organisation.people import get_actor
from baken.organisation.permissions import Role
from baken.organisation.waiting import Waiting, put_in_order
from baken.storage.session import Database


@dataclass(frozen=True, slots=True)
class Client:
    """An organisation as somebody with a task in several sees it."""

    organisation: OrganisationRow
    roles: tuple[Role, ...]
    phase: Phase
    n_waiting: int
    most_urgent: Waiting | None
    next_on: date | None  # the first date ahead

    def rank(self, today: date) -> tuple[int, date, int, str]:
        """The most urgent client comes first: late, then due soonest, then most that waits."""
        one = self.most_urgent
        name = self.organisation.name.casefold()
        if one is None:
            return (2, today, 0, name)
        group = 0 if one.is_late(today) else 1
        return (group, one.due_on or self.next_on or today, -self.n_waiting, name)


def list_clients(
    database: Database, account_id: UUID, *, name: str = "", today: date, now: datetime
) -> list[Client]:
    """Return the organisations where the account has a role today, the most urgent first.

    Opens one session for each, which sees nothing of the others.

    Parameters
    ----------
    name : str
        Part of the names to look for; empty for all.
    """
    with database.read(None) as session:
        organisations = list_all(session)
    wanted = name.strip().casefold()
    found = [
        client
        for row in organisations
        if wanted in row.name.casefold()
        if (client := _look(database, row, account_id, today=today, now=now)) is not None
    ]
    return sorted(found, key=lambda client: client.rank(today))


def _look(
    database: Database, row: OrganisationRow, account_id: UUID, *, today: date, now: datetime
) -> Client | None:
    with database.read(row.id) as session:
        try:
            by = get_actor(session, account_id, today=today)
        except NotFound:
            return None
        seen = get_overview(session, by=by, today=today, now=now)
    ordered = put_in_order(seen.waiting, today=today, of_a_kind=1)
    ahead = [one.due_on for one in seen.waiting if one.due_on and one.due_on >= today]
    return Client(
        organisation=row,
        roles=tuple(role for role in Role if role in by.roles),
        phase=seen.phase,
        n_waiting=len(seen.waiting),
        most_urgent=ordered[0] if ordered else None,
        next_on=min(ahead, default=None),
    )
