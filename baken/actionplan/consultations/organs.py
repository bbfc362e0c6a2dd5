"""Which organs an organisation has, and who speaks for which."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import uuid4

from sqlalchemy import select

from baken.actionplan.consultations.models import ConsultedOrgans
from baken.actionplan.consultations.rules import Organ
from baken.organisation.errors import Denied
from baken.organisation.permissions import Action, Actor, Role, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

CHOSEN: Final = (
    Organ.CPBW,
    Organ.UNION_DELEGATION,
    Organ.WORKS_COUNCIL,
    Organ.STAFF_REPRESENTATION,
)
"""What an organisation has or has not; workers there always are."""

BY_DEFAULT: Final = frozenset({Organ.CPBW, Organ.WORKS_COUNCIL, Organ.WORKERS})

SPEAKS_FOR: Final[Mapping[Role, frozenset[Organ]]] = {
    Role.CPBW_MEMBER: frozenset({Organ.CPBW}),
    Role.UNION_DELEGATE: frozenset({Organ.UNION_DELEGATION}),
    Role.WORKS_COUNCIL_MEMBER: frozenset({Organ.WORKS_COUNCIL, Organ.STAFF_REPRESENTATION}),
    # They write down what reached them on paper.
    Role.ADVISER: frozenset(Organ),
    Role.PREVENTION_ADVISER: frozenset(Organ),
}


def find_organs(session: Session) -> ConsultedOrgans | None:
    """Return what the organisation said of its organs; None while nobody said anything."""
    return session.scalars(select(ConsultedOrgans)).one_or_none()


def present_organs(session: Session) -> frozenset[Organ]:
    """Return the organs there are to ask."""
    found = find_organs(session)
    if found is None:
        return BY_DEFAULT
    return frozenset({Organ.WORKERS, *(organ for organ in CHOSEN if getattr(found, organ))})


def choose_organs(
    session: Session, organs: Collection[Organ], *, seen: int, by: Actor
) -> ConsultedOrgans:
    """Say which organs there are; `seen` is 0 where nothing was said before."""
    require(by, Action.SET_UP_PLANS)
    row = find_organs(session)
    values = {organ.value: organ in organs for organ in CHOSEN}
    if row is None:
        row = ConsultedOrgans(id=uuid4(), **values)
        session.add(row)
    else:
        check_version(row, seen)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    record(
        session,
        "consultation.organs_chosen",
        by=by.person_id,
        subject=f"consulted_organs:{row.id}",
        facts={"organs": sorted(organ.value for organ in CHOSEN if organ in organs)},
    )
    return row


def organs_spoken_for(roles: Collection[Role]) -> frozenset[Organ]:
    """Return whose answer somebody with these roles may record."""
    return frozenset(organ for role in roles for organ in SPEAKS_FOR.get(role, ()))


def check_speaks_for(by: Actor, organ: Organ) -> None:
    """Raise `Denied` unless this person records what the organ answered."""
    if organ not in organs_spoken_for(by.roles):
        raise Denied(
            "consultations.other_organ",
            "This was asked of another organ. Its own members record the answer, or an adviser.",
        )
