"""Who may do what in the register of one organisation: the table of access, as data.

The roles of `ALLOWED` are the widest that any table gives; this table is asked as well, every time.
"""

from typing import Final

from baken.actionplan.register.errors import NotYours
from baken.actionplan.register.lists import Right, lists
from baken.actionplan.register.models import Register
from baken.organisation.permissions import Actor, Role

STRICT: Final = "strict"
KEEPER: Final = "keeper"
KEEPERS: Final = (Role.CONFIDENTIAL_COUNSELLOR, Role.PREVENTION_ADVISER)
"""Roles to which the law can give the register, the usual one first."""


def rights_of_role(role: Role, *, keeper: Role, preset: str) -> frozenset[Right]:
    """Return what somebody with this one role may do where `keeper` keeps the register."""
    lines = lists().access[preset]
    own = lines.get(role.value, frozenset())
    return own | lines[KEEPER] if role is keeper else own


def rights_of(register: Register, by: Actor) -> frozenset[Right]:
    """Return what this person may do; roles add up."""
    keeper = Role(register.keeper)
    of_roles = (rights_of_role(role, keeper=keeper, preset=register.preset) for role in by.roles)
    return frozenset().union(*of_roles)


def readers_of_names(register: Register) -> frozenset[str]:
    """Return the roles that read a name today: for these, and no others, consent is asked."""
    keeper = Role(register.keeper)
    return frozenset(
        role.value
        for role in Role
        if Right.IDENTITY in rights_of_role(role, keeper=keeper, preset=register.preset)
    )


def check_right(register: Register, by: Actor, right: Right) -> None:
    """Raise `NotYours` unless the table of access gives this person the right."""
    if right not in rights_of(register, by):
        raise NotYours
