"""What waits for a person: the form every room uses, and what waits about people and roles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from baken.organisation.accounts.lost_factor_lists import list_to_approve
from baken.organisation.models import Person, RoleGrant
from baken.organisation.open_invitations import list_open
from baken.organisation.people import ENDS_SOON
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.removals.actions import RemovalRow, find_removal
from baken.organisation.removals.holds import count_holds
from baken.organisation.roles import list_open_grants
from baken.storage.session import Session

SHOWN_OF_A_KIND: Final = 3
# What has lain still this long without a date of its own comes before a date that is far away.
SOON: Final = timedelta(days=14)
# Where a removal is confirmed or called off, and where a hold stops it.
_STOPPED_AT: Final = {
    Action.REMOVE_ORGANISATION: "/organisation/removal",
    Action.HOLD_ORGANISATION: "/organisation/holds",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for a person: what, where it is done, since or until when.

    `kind` names the sentence on the screen and `what` stands in it; `path` is an address inside
    the organisation, empty when the reader can do nothing about it there. Of many of one kind only
    the first are kept, and the last of these counts the others in `n_more`.
    """

    kind: str
    path: str
    what: str = ""
    due_on: date | None = None
    since_on: date | None = None
    n_more: int = 0

    def is_late(self, today: date) -> bool:
        """Whether the day by which it had to be done has passed."""
        return self.due_on is not None and self.due_on < today


def put_in_order(
    found: Iterable[Waiting], *, today: date, of_a_kind: int = SHOWN_OF_A_KIND
) -> tuple[Waiting, ...]:
    """Return what waits, the most urgent first, and of each kind the first few.

    First what is late, the latest of all before the others. Then what is due within a fortnight,
    and what can be done now, the longest waiting first. Then what is due later.
    """
    ordered = sorted(found, key=lambda one: _urgency(one, today))
    places: dict[str, list[int]] = {}
    for place, one in enumerate(ordered):
        places.setdefault(one.kind, []).append(place)
    kept: dict[int, Waiting] = {}
    for of_kind in places.values():
        for place in of_kind[:of_a_kind]:
            kept[place] = ordered[place]
        last = of_kind[:of_a_kind][-1]
        kept[last] = replace(ordered[last], n_more=len(of_kind) - len(of_kind[:of_a_kind]))
    return tuple(kept[place] for place in sorted(kept))


def list_waiting(session: Session, *, by: Actor, today: date, now: datetime) -> list[Waiting]:
    """Return what waits about people and roles for whoever hands out rights; for all, the end."""
    removal = find_removal(session)
    ends = [_end_of(session, removal, by)] if removal is not None else []
    if not may(by, Action.EDIT_PEOPLE):
        return ends
    people = {person.id: person for person in session.scalars(select(Person))}
    grants = list_open_grants(session, since=today)
    invited = list_open(session, now=now)
    found = [
        Waiting(kind="role_ends", path=f"/people/{grant.person_id}", what=name, due_on=last)
        for grant in grants
        if (last := grant.until_on) is not None
        and last - today <= ENDS_SOON
        and (name := people[grant.person_id].name)
    ]
    for person_id in sorted({grant.person_id for grant in grants}):
        person = people[person_id]
        if person.account_id is None:
            found.append(_without_account(person, grants, invited.get(person_id)))
    if all(grant.role is not Role.MAIN_CONTACT for grant in grants):
        found.append(Waiting(kind="no_main_contact", path="/people/new"))
    return [*ends, *found, *_lost_factors(session, people.values(), by=by, now=now)]


def _end_of(session: Session, removal: RemovalRow, by: Actor) -> Waiting:
    """Everybody with a role learns that the organisation goes, while that can be stopped."""
    path = next((where for action, where in _STOPPED_AT.items() if may(by, action)), "")
    asked_on = removal.asked_at.date()
    if count_holds(session):
        return Waiting(kind="removal_held", path=path, since_on=asked_on)
    if removal.due_on is None:
        return Waiting(kind="removal_asked", path=path, since_on=asked_on)
    return Waiting(kind="removal_waits", path=path, due_on=removal.due_on)


def _lost_factors(
    session: Session, people: Iterable[Person], *, by: Actor, now: datetime
) -> Iterator[Waiting]:
    """Requests for a new second factor on which the reader has not decided."""
    names = {person.account_id: person.name for person in people if person.account_id}
    own = session.get_one(Person, by.person_id).account_id
    for row in list_to_approve(session, names, by=own, now=now):
        yield Waiting(
            kind="lost_factor",
            path=f"/lost-factors/{row.id}",
            what=names[row.account_id],
            since_on=row.asked_at.date(),
        )


def _without_account(
    person: Person, grants: Iterable[RoleGrant], invited_until: datetime | None
) -> Waiting:
    path = f"/people/{person.id}"
    if invited_until is not None:
        last = invited_until.date()
        return Waiting(kind="invitation_open", path=path, what=person.name, due_on=last)
    since = min(grant.from_on for grant in grants if grant.person_id == person.id)
    return Waiting(kind="not_invited", path=path, what=person.name, since_on=since)


def _urgency(one: Waiting, today: date) -> tuple[int, date, str, str]:
    if one.is_late(today):
        group = 0
    elif one.due_on is None or one.due_on - today <= SOON:
        group = 1
    else:
        group = 2
    return (group, one.due_on or one.since_on or today, one.kind, one.what)
