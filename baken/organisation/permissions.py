"""Who may do what: one table, role by action. What is not in it is refused."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from baken.organisation.errors import Denied


class Role(StrEnum):
    """A task in an organisation."""

    ADMINISTRATOR = "administrator"
    ADVISER = "adviser"  # external adviser on psychosocial aspects
    PREVENTION_ADVISER = "prevention_adviser"  # of the internal service
    STEERING_MEMBER = "steering_member"
    CPBW_MEMBER = "cpbw_member"
    UNIT_HEAD = "unit_head"


@dataclass(frozen=True, slots=True)
class Holders:
    """Roles in a sentence: in English as they stand; a screen says them in its own language."""

    roles: tuple[Role, ...]

    def __str__(self) -> str:
        return ", ".join(role.replace("_", " ") for role in self.roles)


class Action(StrEnum):
    """Something a person does or looks at."""

    SEE_ORGANISATION = "see_organisation"
    EDIT_UNITS = "edit_units"
    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    SEE_AUDIT = "see_audit"
    SEE_CAMPAIGNS = "see_campaigns"
    PREPARE_CAMPAIGN = "prepare_campaign"
    LAUNCH_CAMPAIGN = "launch_campaign"
    PRINT_CODES = "print_codes"
    CLOSE_CAMPAIGN = "close_campaign"
    OPEN_CAMPAIGN = "open_campaign"
    READ_COMMENTS = "read_comments"
    RELEASE_RESULTS = "release_results"
    SEE_RESULTS = "see_results"
    SEE_OWN_UNIT_RESULTS = "see_own_unit_results"
    RECORD_FINDING = "record_finding"
    SEE_PLANS = "see_plans"
    EDIT_PLANS = "edit_plans"
    FOLLOW_UP = "follow_up"
    RECORD_ADVICE = "record_advice"


_ALL = frozenset(Role)
_ADVISERS = frozenset({Role.ADVISER, Role.PREVENTION_ADVISER})
_STEERING = _ADVISERS | {Role.STEERING_MEMBER}
_COLLECTIVE = _STEERING | {Role.CPBW_MEMBER}

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SEE_ORGANISATION: _ALL,
    Action.EDIT_UNITS: frozenset({Role.ADMINISTRATOR, Role.PREVENTION_ADVISER}),
    Action.SEE_PEOPLE: frozenset({Role.ADMINISTRATOR}) | _ADVISERS,
    Action.EDIT_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Action.SEE_AUDIT: frozenset({Role.ADMINISTRATOR, Role.CPBW_MEMBER}) | _ADVISERS,
    Action.SEE_CAMPAIGNS: _COLLECTIVE | {Role.ADMINISTRATOR},
    Action.PREPARE_CAMPAIGN: _ADVISERS,
    Action.LAUNCH_CAMPAIGN: _ADVISERS,
    # Codes come from those who run the campaign, never from those who know the staff by name.
    Action.PRINT_CODES: _ADVISERS,
    Action.CLOSE_CAMPAIGN: _ADVISERS,
    Action.OPEN_CAMPAIGN: frozenset({Role.ADVISER}),
    Action.READ_COMMENTS: frozenset({Role.ADVISER}),
    Action.RELEASE_RESULTS: frozenset({Role.ADVISER}),
    Action.SEE_RESULTS: _COLLECTIVE,
    Action.SEE_OWN_UNIT_RESULTS: _COLLECTIVE | {Role.UNIT_HEAD},
    Action.RECORD_FINDING: _ADVISERS,
    Action.SEE_PLANS: _COLLECTIVE | {Role.UNIT_HEAD},
    Action.EDIT_PLANS: _STEERING,
    Action.FOLLOW_UP: _STEERING | {Role.UNIT_HEAD},
    Action.RECORD_ADVICE: _ADVISERS | {Role.CPBW_MEMBER},
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, for one unit (and what lies below it) or for the whole organisation."""

    role: Role
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who asks, with the roles held today."""

    person_id: UUID
    organisation_id: UUID
    name: str
    grants: frozenset[Grant]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def unit_ids(self) -> frozenset[UUID]:
        """Units for which this person holds a role; empty for roles over the organisation."""
        return frozenset(grant.unit_id for grant in self.grants if grant.unit_id)


def may(by: Actor, action: Action) -> bool:
    """Whether one of the person's roles allows the action."""
    return not ALLOWED[action].isdisjoint(by.roles)


def require(by: Actor, action: Action) -> None:
    """Raise `Denied` unless one of the person's roles allows the action."""
    if not may(by, action):
        raise Denied(
            "organisation.denied",
            "Your role does not allow this. Ask somebody with this role: {who}.",
            who=Holders(tuple(role for role in Role if role in ALLOWED[action])),
        )
