"""Who may do what: the table, written out a second time."""

from uuid import uuid4

import pytest

from baken.organisation.errors import Denied
from baken.organisation.permissions import ALLOWED, Action, Actor, Grant, Role, may, require

# Columns: administrator, adviser, prevention adviser, steering member, CPBW member, unit head
EXPECTED = {
    Action.SEE_ORGANISATION: "111111",
    Action.EDIT_UNITS: "101000",
    Action.SEE_PEOPLE: "111000",
    Action.EDIT_PEOPLE: "100000",
    Action.SEE_AUDIT: "111010",
    Action.SEE_CAMPAIGNS: "111110",
    Action.PREPARE_CAMPAIGN: "011000",
    Action.LAUNCH_CAMPAIGN: "011000",
    Action.PRINT_CODES: "011000",
    Action.CLOSE_CAMPAIGN: "011000",
    Action.OPEN_CAMPAIGN: "010000",
    Action.READ_COMMENTS: "010000",
    Action.RELEASE_RESULTS: "010000",
    Action.SEE_RESULTS: "011110",
    Action.SEE_OWN_UNIT_RESULTS: "011111",
    Action.RECORD_FINDING: "011000",
    Action.SEE_PLANS: "011111",
    Action.EDIT_PLANS: "011100",
    Action.FOLLOW_UP: "011101",
    Action.RECORD_ADVICE: "011010",
}


def make_actor(*grants: Grant) -> Actor:
    return Actor(person_id=uuid4(), organisation_id=uuid4(), name="x", grants=frozenset(grants))


def test_every_action_stands_in_both_tables() -> None:
    assert set(EXPECTED) == set(ALLOWED) == set(Action)


@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_do_what_the_table_says(action: Action) -> None:
    granted = "".join(str(int(may(make_actor(Grant(role)), action))) for role in Role)
    assert granted == EXPECTED[action]


def test_without_a_role_nothing_is_allowed() -> None:
    for action in Action:
        with pytest.raises(Denied, match="role"):
            require(make_actor(), action)


def test_several_roles_add_up() -> None:
    both = make_actor(Grant(Role.ADMINISTRATOR), Grant(Role.ADVISER))
    require(both, Action.EDIT_PEOPLE)
    require(both, Action.OPEN_CAMPAIGN)
