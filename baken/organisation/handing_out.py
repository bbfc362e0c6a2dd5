"""Which roles go to whom: who hands out what, what does not go together, and for how long."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from baken.organisation.errors import Conflict, Denied, Invalid
from baken.organisation.periods import Period
from baken.organisation.permissions import ALLOWED, Action, Grant, Holders, Role

GUEST_DAYS: Final = 90
"""A guest reads along for this many days at most; then somebody decides again."""

LONGEST_AHEAD: Final = 366
"""A role begins within a year of the day on which it is given."""

SETTLED: Final = timedelta(days=14)
"""Whoever got a right later than this before an act was asked may have come for that act."""

HANDS_OUT: Final = ALLOWED[Action.EDIT_PEOPLE]

# What one person never holds at one time, with the reason in docs/reference/roles.md.
APART: Final[Mapping[Role, frozenset[Role]]] = {
    # Who opens the envelopes neither hands out rights nor leads or administers the staff.
    Role.ADVISER: frozenset({Role.ADMINISTRATOR, Role.MAIN_CONTACT, Role.EMPLOYER, Role.HR}),
    # Who prints the codes does not keep the list of the staff.
    Role.PREVENTION_ADVISER: frozenset({Role.HR}),
    # Who sees a slip being refused neither leads nor administers the staff.
    Role.DESK: frozenset({Role.EMPLOYER, Role.HR}),
    # Who reads handwriting, or hears a voice, does not know both from elsewhere.
    Role.CLERK: frozenset({Role.EMPLOYER, Role.HR}),
    # Art. 32sexies of the Act of 4 August 1996: a confidential counsellor stands beside the sides.
    Role.CONFIDENTIAL_COUNSELLOR: frozenset(
        {
            Role.EMPLOYER,
            Role.CPBW_MEMBER,
            Role.WORKS_COUNCIL_MEMBER,
            Role.UNION_DELEGATE,
            Role.OCCUPATIONAL_PHYSICIAN,
        }
    ),
}


def roles_to_give(roles: Collection[Role], *, has_main_contact: bool) -> frozenset[Role]:
    """Return the roles that somebody with `roles` may hand out to others.

    The main contact of the client hands out everything. An administrator runs the installation
    and does not choose who sees results: other administrators only, and a main contact while there
    is none.
    """
    if Role.MAIN_CONTACT in roles:
        return frozenset(Role)
    if Role.ADMINISTRATOR not in roles:
        return frozenset()
    first = frozenset() if has_main_contact else frozenset({Role.MAIN_CONTACT})
    return first | {Role.ADMINISTRATOR}


def is_settled(since_on: date | None, asked_on: date) -> bool:
    """Whether a right that has been held since a day was there well before the act was asked."""
    return since_on is not None and since_on <= asked_on - SETTLED


def check_may_give(
    role: Role, to: UUID | None, *, by: UUID, roles: Collection[Role], has_main_contact: bool
) -> None:
    """Raise `Denied` unless the person `by`, holding `roles`, may give `role` to `to`."""
    if to == by:
        raise Denied(
            "organisation.not_to_oneself",
            "Nobody gives a role to themselves, nor makes one longer. "
            "Ask somebody else with this role: {who}.",
            who=Holders((Role.MAIN_CONTACT, Role.ADMINISTRATOR)),
        )
    if role not in roles_to_give(roles, has_main_contact=has_main_contact):
        raise Denied(
            "organisation.not_to_give",
            "An administrator hands out the role of administrator and of the first main contact "
            "only. Ask the main contact for this one.",
        )


def check_unit(role: Role, unit_id: UUID | None) -> None:
    """Raise `Invalid` unless exactly the unit heads name a unit."""
    if role is Role.UNIT_HEAD and unit_id is None:
        raise Invalid("organisation.unit_head_of_what", "Choose the unit this person heads.")
    if role is not Role.UNIT_HEAD and unit_id is not None:
        raise Invalid(
            "organisation.role_without_unit",
            "This role holds for the whole organisation; leave the unit empty.",
        )


def check_first_day(from_on: date, *, today: date) -> None:
    """Raise `Invalid` unless a role may begin on that day: never in the past, nor years ahead."""
    if from_on < today:
        raise Invalid(
            "organisation.role_in_the_past",
            "A role begins today or later: nobody gets rights over what has been.",
        )
    if (from_on - today).days > LONGEST_AHEAD:
        raise Invalid(
            "organisation.role_far_ahead", "A role begins within a year. Choose an earlier day."
        )


def check_period(role: Role, period: Period) -> None:
    """Raise `Invalid` unless the days are in order and a guest leaves in time."""
    if not period.is_in_order:
        raise Invalid(
            "organisation.role_ends_before",
            "The last day lies before the first. Choose a later one.",
        )
    if role is Role.GUEST and (period.n_days is None or period.n_days > GUEST_DAYS):
        raise Invalid(
            "organisation.guest_too_long",
            "A guest needs a last day and stays {n} days at most.",
            n=GUEST_DAYS,
        )


def check_together(
    grant: Grant,
    period: Period,
    held: Iterable[tuple[Grant, Period]],
    elsewhere: Iterable[tuple[Grant, Period]] = (),
) -> None:
    """Raise `Conflict` when the person holds this role already, or one that keeps apart from it.

    Parameters
    ----------
    held : iterable of (Grant, Period)
        What the person holds beside it, from today on.
    elsewhere : iterable of (Grant, Period)
        What the same human holds under other entries: two log-ins are no two people.
    """
    for other, days in elsewhere:
        if days.overlaps(period) and is_apart(grant.role, other.role):
            raise Conflict(
                "organisation.roles_apart_elsewhere",
                "Nobody holds these two roles at the same time: {one} and {other}. This person "
                "is in the list twice, with the same account or mail address, and holds the other "
                "role there. End that one first, or choose somebody else.",
                one=Holders((grant.role,)),
                other=Holders((other.role,)),
            )
    for other, days in held:
        if not days.overlaps(period):
            continue
        if other == grant:
            raise Conflict(
                "organisation.role_held_already",
                "This person holds this role already in those days. Change its last day instead.",
            )
        if is_apart(grant.role, other.role):
            raise Conflict(
                "organisation.roles_apart",
                "Nobody holds these two roles at the same time: {one} and {other}. "
                "End the other one first, or choose somebody else.",
                one=Holders((grant.role,)),
                other=Holders((other.role,)),
            )


def is_apart(one: Role, other: Role) -> bool:
    """Whether the two roles never go to one person."""
    return other in APART.get(one, frozenset()) or one in APART.get(other, frozenset())
