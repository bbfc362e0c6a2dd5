"""Who may do what: the table, written out a second time."""

from uuid import uuid4

import pytest

from baken.organisation.errors import Denied
from baken.organisation.permissions import ALLOWED, Action, Actor, Grant, Role, may, require

# Columns, in this order.
COLUMNS = (
    Role.ADMINISTRATOR,
    Role.ADVISER,
    Role.PREVENTION_ADVISER,
    Role.STEERING_MEMBER,
    Role.CPBW_MEMBER,
    Role.UNIT_HEAD,
    Role.MAIN_CONTACT,
    Role.EMPLOYER,
    Role.HR,
    Role.CONFIDENTIAL_COUNSELLOR,
    Role.OCCUPATIONAL_PHYSICIAN,
    Role.WORKS_COUNCIL_MEMBER,
    Role.UNION_DELEGATE,
    Role.WORKING_GROUP_MEMBER,
    Role.CLERK,
    Role.GUEST,
)
EXPECTED = {
    Action.COME_IN: "1111111111111111",
    Action.SEE_ORGANISATION: "1111111111111100",
    Action.EDIT_UNITS: "1010000010000000",
    Action.SEE_PEOPLE: "1110001100000000",
    Action.EDIT_PEOPLE: "1000001000000000",
    Action.SEE_AUDIT: "1110101000001000",
    Action.SEE_JOBS: "1000000000000000",
    Action.SEE_SCREENINGS: "0111100111101100",
    Action.FILL_SCREENING: "0111000110000000",
    Action.WORD_SCREENING: "0110000000000000",
    Action.COMPARE_SCREENINGS: "0111100111001000",
    Action.SEE_CAMPAIGNS: "1111100110001000",
    Action.PREPARE_CAMPAIGN: "0110000000000000",
    Action.LAUNCH_CAMPAIGN: "0110000000000000",
    Action.PRINT_CODES: "0110000000000000",
    Action.EDIT_RECIPIENTS: "0110000010000000",
    Action.SEND_INVITATIONS: "0110000000000000",
    Action.HAND_OUT_SPARES: "0110000000000000",
    Action.CLOSE_CAMPAIGN: "0110000000000000",
    Action.OPEN_CAMPAIGN: "0100000000000000",
    Action.IMPORT_ANSWERS: "0100000000000000",
    Action.READ_COMMENTS: "0100000000000000",
    Action.RELEASE_RESULTS: "0100000000000000",
    Action.SEE_RESULTS: "0111100111001001",
    Action.SEE_OWN_UNIT_RESULTS: "0111110111001001",
    Action.SEE_REFERENCES: "1111101111001001",
    Action.EDIT_REFERENCES: "0110000000000000",
    Action.JOIN_BENCHMARKS: "0000001000000000",
    Action.RECORD_FINDING: "0110000000000000",
    Action.SEE_PLANS: "0111110111111101",
    Action.EDIT_PLANS: "0111000100000000",
    Action.FOLLOW_UP: "0111010100000000",
    Action.RECORD_ADVICE: "0110100000001000",
    Action.EDIT_ORGANISATION: "1000001000000000",
    Action.EXPORT_ORGANISATION: "1000001000000000",
    Action.HAND_OVER: "0000001000000000",
    Action.REMOVE_ORGANISATION: "1000001000000000",
    Action.HOLD_ORGANISATION: "0110000000000000",
}


def make_actor(*grants: Grant) -> Actor:
    return Actor(person_id=uuid4(), organisation_id=uuid4(), name="x", grants=frozenset(grants))


def test_every_action_and_role_stands_in_both_tables() -> None:
    assert set(EXPECTED) == set(ALLOWED) == set(Action)
    assert tuple(Role) == COLUMNS


@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_do_what_the_table_says(action: Action) -> None:
    granted = "".join(str(int(may(make_actor(Grant(role)), action))) for role in COLUMNS)
    assert granted == EXPECTED[action]


def test_without_a_role_nothing_is_allowed() -> None:
    for action in Action:
        with pytest.raises(Denied, match="role"):
            require(make_actor(), action)


def test_several_roles_add_up() -> None:
    both = make_actor(Grant(Role.ADMINISTRATOR), Grant(Role.ADVISER))
    require(both, Action.EDIT_PEOPLE)
    require(both, Action.OPEN_CAMPAIGN)
