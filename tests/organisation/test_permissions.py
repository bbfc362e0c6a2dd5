"""Who may do what: the table, written out a second time."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Role.DESK,
    Role.GUEST,
)
EXPECTED = {
    Action.COME_IN: "11111111111111111",
    Action.SEE_ORGANISATION: "11111111111111000",
    Action.EDIT_UNITS: "10100000100000000",
    Action.SEE_PEOPLE: "11100011000000000",
    Action.EDIT_PEOPLE: "10000010000000000",
    Action.SEE_AUDIT: "11101010000010000",
    Action.SEE_JOBS: "10000000000000000",
    Action.SEE_SCREENINGS: "01111001111011000",
    Action.FILL_SCREENING: "01110001100000000",
    Action.WORD_SCREENING: "01100000000000000",
    Action.COMPARE_SCREENINGS: "01111001110010000",
    Action.SEE_CAMPAIGNS: "11111001100010000",
    Action.PREPARE_CAMPAIGN: "01100000000000000",
    Action.LAUNCH_CAMPAIGN: "01100000000000000",
    Action.PRINT_CODES: "01100000000000000",
    Action.EDIT_RECIPIENTS: "01100000100000000",
    Action.SEND_INVITATIONS: "01100000000000000",
    Action.HAND_OUT_SPARES: "01100000000000000",
    Action.PRINT_FORMS: "01100000000000000",
    Action.WORK_WITH_PAPER: "01100000000000110",
    Action.PLAN_SITTINGS: "01100000000000000",
    Action.EXCHANGE_SLIPS: "01100000000000010",
    Action.SETTLE_PAPER: "01100000000000000",
    Action.VERIFY_CALLERS: "01100000000000000",
    Action.ASK_BY_TELEPHONE: "00000000000000100",
    Action.KEY_SHEETS: "01100000000000100",
    Action.CHECK_SHEETS: "01100000000000100",
    Action.DECIDE_SHEETS: "01100000000000000",
    Action.SEAL_SHEETS: "01100000000000100",
    Action.LOG_DESTRUCTION: "01100000000000000",
    Action.CLOSE_CAMPAIGN: "01100000000000000",
    Action.OPEN_CAMPAIGN: "01000000000000000",
    Action.IMPORT_ANSWERS: "01000000000000000",
    Action.READ_COMMENTS: "01000000000000000",
    Action.RELEASE_RESULTS: "01000000000000000",
    Action.SEE_RESULTS: "01111001110010001",
    Action.SEE_OWN_UNIT_RESULTS: "01111101110010001",
    Action.SEE_REFERENCES: "11111011110010001",
    Action.EDIT_REFERENCES: "01100000000000000",
    Action.JOIN_BENCHMARKS: "00000010000000000",
    Action.RECORD_FINDING: "01100000000000000",
    Action.SEE_PLANS: "01111101111111001",
    Action.EDIT_PLANS: "01110001000000000",
    Action.FOLLOW_UP: "01110101000000000",
    Action.RECORD_ADVICE: "01101000000110000",
    Action.EDIT_ORGANISATION: "10000010000000000",
    Action.EXPORT_ORGANISATION: "10000010000000000",
    Action.HAND_OVER: "00000010000000000",
    Action.REMOVE_ORGANISATION: "10000010000000000",
    Action.HOLD_ORGANISATION: "01100000000000000",
    Action.SET_UP_REGISTER: "00000010000000000",
    Action.KEEP_REGISTER: "00100000010000000",
    Action.READ_REGISTER: "00100001010000000",
    Action.EXPORT_REGISTER: "00100000010000000",
    Action.SEE_REGISTER_COUNTS: "11111111111111000",
    Action.READ_IN_EMERGENCY: "00100001010000000",
    Action.SEE_REQUESTS: "01101101010010000",
    Action.ASK_REQUEST: "01101101000010000",
    Action.HANDLE_REQUESTS: "01100000000000000",
    Action.DECIDE_REQUESTS: "00100001000000000",
    Action.SEE_QUARTERS: "01111001110010000",
    Action.FILL_QUARTERS: "01100001010000000",
    Action.SEE_COUNSELLORS: "11111111111111000",
    Action.KEEP_COUNSELLORS: "00100011100000000",
    Action.SEE_VIGILANCE: "11111111111111000",
    Action.KEEP_VIGILANCE: "01100000010000000",
    Action.TAKE_SIGNALS: "11111111111111000",
    Action.EDIT_HEADCOUNTS: "01100000100000000",
    Action.SEE_INDICATORS: "01111001111110000",
    Action.EDIT_INDICATORS: "01100000100000000",
    Action.EDIT_ACCIDENTS: "01100000100000000",
    Action.VOTE_PRIORITIES: "01111001110011000",
    Action.SET_UP_PLANS: "00100010000000000",
    Action.RELEASE_FEEDBACK: "01100001000000000",
    Action.SEE_REPORTS: "01101001000010000",
    Action.DRAW_UP_REPORT: "00100000000000000",
    Action.SIGN_REPORT: "00100001000000000",
    Action.SEE_BODIES: "11111111111111110",
    Action.TAKE_PART_IN_BODIES: "11111111111111110",
    Action.EDIT_BODIES: "01110001000000000",
    Action.OVERSEE_BODIES: "01111001000010000",
    Action.ANSWER_PROPOSALS: "00010001000000000",
    Action.SEE_MEETINGS: "11111111111111110",
    Action.LEAD_MEETINGS: "11111111111111110",
    Action.SEE_DECISIONS: "01111001110110000",
    Action.SEE_RETENTION: "11101011000010000",
    Action.ALLOW_IN_EXPORT: "01100000110000000",
    Action.SET_RETENTION: "00000010000000000",
    Action.CONFIRM_SHORTER_TERM: "00100011000000000",
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


@given(roles=st.sets(st.sampled_from(Role)), action=st.sampled_from(Action))
def test_several_roles_may_together_what_one_of_them_may(roles: set[Role], action: Action) -> None:
    together = may(make_actor(*map(Grant, roles)), action)
    assert together is any(may(make_actor(Grant(role)), action) for role in roles)
