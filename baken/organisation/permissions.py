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
    MAIN_CONTACT = "main_contact"  # of the client: hands out rights in the own organisation
    EMPLOYER = "employer"
    HR = "hr"
    CONFIDENTIAL_COUNSELLOR = "confidential_counsellor"
    OCCUPATIONAL_PHYSICIAN = "occupational_physician"
    WORKS_COUNCIL_MEMBER = "works_council_member"
    UNION_DELEGATE = "union_delegate"  # takes the place of the committee where there is none
    WORKING_GROUP_MEMBER = "working_group_member"
    CLERK = "clerk"  # types what others answered, on paper or on the telephone
    DESK = "desk"  # exchanges slips for forms and leads sittings
    GUEST = "guest"  # reads along for a while


@dataclass(frozen=True, slots=True)
class Holders:
    """Roles in a sentence: in English as they stand; a screen says them in its own language."""

    roles: tuple[Role, ...]

    def __str__(self) -> str:
        return ", ".join(role.replace("_", " ") for role in self.roles)


class Action(StrEnum):
    """Something a person does or looks at."""

    COME_IN = "come_in"
    SEE_ORGANISATION = "see_organisation"
    EDIT_UNITS = "edit_units"
    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    SEE_AUDIT = "see_audit"
    SEE_JOBS = "see_jobs"
    SEE_SCREENINGS = "see_screenings"
    FILL_SCREENING = "fill_screening"
    WORD_SCREENING = "word_screening"
    COMPARE_SCREENINGS = "compare_screenings"
    SEE_CAMPAIGNS = "see_campaigns"
    PREPARE_CAMPAIGN = "prepare_campaign"
    LAUNCH_CAMPAIGN = "launch_campaign"
    PRINT_CODES = "print_codes"
    EDIT_RECIPIENTS = "edit_recipients"
    SEND_INVITATIONS = "send_invitations"
    HAND_OUT_SPARES = "hand_out_spares"
    PRINT_FORMS = "print_forms"
    WORK_WITH_PAPER = "work_with_paper"
    PLAN_SITTINGS = "plan_sittings"
    EXCHANGE_SLIPS = "exchange_slips"
    SETTLE_PAPER = "settle_paper"
    VERIFY_CALLERS = "verify_callers"
    ASK_BY_TELEPHONE = "ask_by_telephone"
    KEY_SHEETS = "key_sheets"
    CHECK_SHEETS = "check_sheets"
    DECIDE_SHEETS = "decide_sheets"
    SEAL_SHEETS = "seal_sheets"
    LOG_DESTRUCTION = "log_destruction"
    CLOSE_CAMPAIGN = "close_campaign"
    OPEN_CAMPAIGN = "open_campaign"
    IMPORT_ANSWERS = "import_answers"
    READ_COMMENTS = "read_comments"
    RELEASE_RESULTS = "release_results"
    SEE_RESULTS = "see_results"
    SEE_OWN_UNIT_RESULTS = "see_own_unit_results"
    SEE_REFERENCES = "see_references"
    EDIT_REFERENCES = "edit_references"
    JOIN_BENCHMARKS = "join_benchmarks"
    RECORD_FINDING = "record_finding"
    SEE_PLANS = "see_plans"
    EDIT_PLANS = "edit_plans"
    VOTE_PRIORITIES = "vote_priorities"
    FOLLOW_UP = "follow_up"
    RECORD_ADVICE = "record_advice"
    SET_UP_PLANS = "set_up_plans"
    RELEASE_FEEDBACK = "release_feedback"
    EDIT_ORGANISATION = "edit_organisation"
    EXPORT_ORGANISATION = "export_organisation"
    ALLOW_IN_EXPORT = "allow_in_export"
    HAND_OVER = "hand_over"
    REMOVE_ORGANISATION = "remove_organisation"
    HOLD_ORGANISATION = "hold_organisation"
    SET_UP_REGISTER = "set_up_register"
    KEEP_REGISTER = "keep_register"
    READ_REGISTER = "read_register"
    EXPORT_REGISTER = "export_register"
    SEE_REGISTER_COUNTS = "see_register_counts"
    READ_IN_EMERGENCY = "read_in_emergency"
    SEE_REQUESTS = "see_requests"
    ASK_REQUEST = "ask_request"
    HANDLE_REQUESTS = "handle_requests"
    DECIDE_REQUESTS = "decide_requests"
    SEE_QUARTERS = "see_quarters"
    FILL_QUARTERS = "fill_quarters"
    SEE_COUNSELLORS = "see_counsellors"
    KEEP_COUNSELLORS = "keep_counsellors"
    SEE_VIGILANCE = "see_vigilance"
    KEEP_VIGILANCE = "keep_vigilance"
    TAKE_SIGNALS = "take_signals"
    EDIT_HEADCOUNTS = "edit_headcounts"
    SEE_INDICATORS = "see_indicators"
    EDIT_INDICATORS = "edit_indicators"
    EDIT_ACCIDENTS = "edit_accidents"
    SEE_REPORTS = "see_reports"
    DRAW_UP_REPORT = "draw_up_report"
    SIGN_REPORT = "sign_report"
    SEE_BODIES = "see_bodies"
    TAKE_PART_IN_BODIES = "take_part_in_bodies"
    EDIT_BODIES = "edit_bodies"
    OVERSEE_BODIES = "oversee_bodies"
    ANSWER_PROPOSALS = "answer_proposals"
    SEE_MEETINGS = "see_meetings"
    LEAD_MEETINGS = "lead_meetings"
    SEE_DECISIONS = "see_decisions"
    SEE_RETENTION = "see_retention"
    SET_RETENTION = "set_retention"
    CONFIRM_SHORTER_TERM = "confirm_shorter_term"


_ALL = frozenset(Role)
# Whoever only lends a hand with paper or at the telephone: no list, no count, no result.
_HANDS = frozenset({Role.CLERK, Role.DESK})
_ADVISERS = frozenset({Role.ADVISER, Role.PREVENTION_ADVISER})
_STEERING = _ADVISERS | {Role.STEERING_MEMBER}
_COMMITTEE = frozenset({Role.CPBW_MEMBER, Role.UNION_DELEGATE})
_RIGHTS = frozenset({Role.ADMINISTRATOR, Role.MAIN_CONTACT})
# Whoever the results are meant for: always the one release plan, never a cell outside it.
_READERS = (
    _STEERING | _COMMITTEE | {Role.EMPLOYER, Role.HR, Role.CONFIDENTIAL_COUNSELLOR, Role.GUEST}
)
_REGISTER_KEEPERS = frozenset({Role.CONFIDENTIAL_COUNSELLOR, Role.PREVENTION_ADVISER})
_PLANNERS = _STEERING | {Role.EMPLOYER}
_ASKERS = _ADVISERS | _COMMITTEE | {Role.EMPLOYER, Role.UNIT_HEAD}
# Whoever brings the figures, and whoever weighs them.
_SCREENERS = _PLANNERS | {Role.HR}
_PLAN_READERS = _READERS | {
    Role.UNIT_HEAD,
    Role.OCCUPATIONAL_PHYSICIAN,
    Role.WORKS_COUNCIL_MEMBER,
    Role.WORKING_GROUP_MEMBER,
}

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.COME_IN: _ALL,
    Action.SEE_ORGANISATION: _ALL - _HANDS - {Role.GUEST},
    Action.EDIT_UNITS: frozenset({Role.ADMINISTRATOR, Role.PREVENTION_ADVISER, Role.HR}),
    Action.SEE_PEOPLE: _RIGHTS | _ADVISERS | {Role.EMPLOYER},
    Action.EDIT_PEOPLE: _RIGHTS,
    Action.SEE_AUDIT: _RIGHTS | _ADVISERS | _COMMITTEE,
    Action.SEE_JOBS: frozenset({Role.ADMINISTRATOR}),
    # Figures of small units, and who said what of them: no heads of units, no guests.
    Action.SEE_SCREENINGS: _SCREENERS
    | _COMMITTEE
    | {Role.CONFIDENTIAL_COUNSELLOR, Role.OCCUPATIONAL_PHYSICIAN, Role.WORKING_GROUP_MEMBER},
    Action.FILL_SCREENING: _SCREENERS,
    Action.WORD_SCREENING: _ADVISERS,
    # Sheets beside released results: whoever may see both.
    Action.COMPARE_SCREENINGS: _SCREENERS | _COMMITTEE | {Role.CONFIDENTIAL_COUNSELLOR},
    Action.SEE_CAMPAIGNS: _STEERING | _COMMITTEE | {Role.ADMINISTRATOR, Role.EMPLOYER, Role.HR},
    Action.PREPARE_CAMPAIGN: _ADVISERS,
    Action.LAUNCH_CAMPAIGN: _ADVISERS,
    # Codes come from those who run the campaign, never from those who know the staff by name.
    Action.PRINT_CODES: _ADVISERS,
    # Who knows the addresses writes them down; who runs the campaign lets letters with codes go.
    Action.EDIT_RECIPIENTS: _ADVISERS | {Role.HR},
    Action.SEND_INVITATIONS: _ADVISERS,
    Action.HAND_OUT_SPARES: _ADVISERS,
    Action.PRINT_FORMS: _ADVISERS,
    Action.WORK_WITH_PAPER: _ADVISERS | _HANDS,
    Action.PLAN_SITTINGS: _ADVISERS,
    Action.EXCHANGE_SLIPS: _ADVISERS | {Role.DESK},
    Action.SETTLE_PAPER: _ADVISERS,
    # Two people at the telephone: one knows who calls, the other what is answered.
    Action.VERIFY_CALLERS: _ADVISERS,
    Action.ASK_BY_TELEPHONE: frozenset({Role.CLERK}),
    # Whoever exchanges slips sees who comes by, and reads no form. Two entries and a decision on
    # one stack need three people, which the actions ask.
    Action.KEY_SHEETS: _ADVISERS | {Role.CLERK},
    Action.CHECK_SHEETS: _ADVISERS | {Role.CLERK},
    Action.DECIDE_SHEETS: _ADVISERS,
    Action.SEAL_SHEETS: _ADVISERS | {Role.CLERK},
    Action.LOG_DESTRUCTION: _ADVISERS,
    Action.CLOSE_CAMPAIGN: _ADVISERS,
    Action.OPEN_CAMPAIGN: frozenset({Role.ADVISER}),
    # Whoever brings a file with single answers has read it: the one who may keep them secret.
    Action.IMPORT_ANSWERS: frozenset({Role.ADVISER}),
    Action.READ_COMMENTS: frozenset({Role.ADVISER}),
    Action.RELEASE_RESULTS: frozenset({Role.ADVISER}),
    Action.SEE_RESULTS: _READERS,
    Action.SEE_OWN_UNIT_RESULTS: _READERS | {Role.UNIT_HEAD},
    # What results are held against is no result: whoever hands out rights may see it too.
    Action.SEE_REFERENCES: _READERS | _RIGHTS,
    Action.EDIT_REFERENCES: _ADVISERS,
    # Figures of the client go to the installation: for the client to say.
    Action.JOIN_BENCHMARKS: frozenset({Role.MAIN_CONTACT}),
    Action.RECORD_FINDING: _ADVISERS,
    Action.SEE_PLANS: _PLAN_READERS,
    Action.EDIT_PLANS: _PLANNERS,
    # Whoever sits in a group that weighs; each vote says whose is asked.
    Action.VOTE_PRIORITIES: _PLANNERS
    | _COMMITTEE
    | {Role.HR, Role.CONFIDENTIAL_COUNSELLOR, Role.WORKING_GROUP_MEMBER},
    Action.FOLLOW_UP: _PLANNERS | {Role.UNIT_HEAD},
    # Each of them what was asked of the own organ; the advisers what reached them on paper.
    Action.RECORD_ADVICE: _ADVISERS | _COMMITTEE | {Role.WORKS_COUNCIL_MEMBER},
    # Whose law holds is for the client to say, with the one who keeps the plans.
    Action.SET_UP_PLANS: frozenset({Role.MAIN_CONTACT, Role.PREVENTION_ADVISER}),
    # Everybody may read it afterwards, without logging in.
    Action.RELEASE_FEEDBACK: _ADVISERS | {Role.EMPLOYER},
    Action.EDIT_ORGANISATION: _RIGHTS,
    Action.EXPORT_ORGANISATION: _RIGHTS,
    # The widest: each part is for whoever reads all of it here.
    Action.ALLOW_IN_EXPORT: _ADVISERS | {Role.HR, Role.CONFIDENTIAL_COUNSELLOR},
    # Who sees results is for the client to say, so is who follows an adviser.
    Action.HAND_OVER: frozenset({Role.MAIN_CONTACT}),
    Action.REMOVE_ORGANISATION: _RIGHTS,
    # Not for those who remove: a hold is there to stop them.
    Action.HOLD_ORGANISATION: _ADVISERS,
    # The register of acts by third parties: the widest that the law can mean. Its own table of
    # access, which the organisation chooses, is asked as well.
    Action.SET_UP_REGISTER: frozenset({Role.MAIN_CONTACT}),
    Action.KEEP_REGISTER: _REGISTER_KEEPERS,
    Action.READ_REGISTER: _REGISTER_KEEPERS | {Role.EMPLOYER},
    Action.EXPORT_REGISTER: _REGISTER_KEEPERS,
    Action.SEE_REGISTER_COUNTS: _ALL - {Role.CLERK, Role.DESK, Role.GUEST},
    # Two of these together, while whoever keeps the register cannot be reached.
    Action.READ_IN_EMERGENCY: _REGISTER_KEEPERS | {Role.EMPLOYER},
    # A request for a specific risk analysis: the law names who asks; the line sees its own.
    Action.SEE_REQUESTS: _ASKERS | {Role.CONFIDENTIAL_COUNSELLOR},
    Action.ASK_REQUEST: _ASKERS,
    Action.HANDLE_REQUESTS: _ADVISERS,
    Action.DECIDE_REQUESTS: frozenset({Role.EMPLOYER, Role.PREVENTION_ADVISER}),
    Action.SEE_QUARTERS: _READERS - {Role.GUEST},
    Action.FILL_QUARTERS: _ADVISERS | {Role.CONFIDENTIAL_COUNSELLOR, Role.EMPLOYER},
    # Everybody may know whom to go to.
    Action.SEE_COUNSELLORS: _ALL - _HANDS - {Role.GUEST},
    Action.KEEP_COUNSELLORS: frozenset(
        {Role.PREVENTION_ADVISER, Role.MAIN_CONTACT, Role.EMPLOYER, Role.HR}
    ),
    Action.SEE_VIGILANCE: _ALL - _HANDS - {Role.GUEST},
    Action.KEEP_VIGILANCE: _ADVISERS | {Role.CONFIDENTIAL_COUNSELLOR},
    # The widest: only who stands in the list of the network takes signals.
    Action.TAKE_SIGNALS: _ALL - _HANDS - {Role.GUEST},
    # Figures of personnel: whoever knows them writes them down, others see groups.
    Action.EDIT_HEADCOUNTS: _ADVISERS | {Role.HR},
    Action.SEE_INDICATORS: _SCREENERS
    | _COMMITTEE
    | {Role.CONFIDENTIAL_COUNSELLOR, Role.OCCUPATIONAL_PHYSICIAN, Role.WORKS_COUNCIL_MEMBER},
    Action.EDIT_INDICATORS: _ADVISERS | {Role.HR},
    Action.EDIT_ACCIDENTS: _ADVISERS | {Role.HR},
    # The annual report carries exact counts: the committee gets a copy of the signed one, and
    # whoever heads the internal service draws it up.
    Action.SEE_REPORTS: _ADVISERS | _COMMITTEE | {Role.EMPLOYER},
    Action.DRAW_UP_REPORT: frozenset({Role.PREVENTION_ADVISER}),
    Action.SIGN_REPORT: frozenset({Role.PREVENTION_ADVISER, Role.EMPLOYER}),
    # Whoever works here finds the bodies that are open, and brings a topic to one; each act there
    # asks as well who sits where.
    Action.SEE_BODIES: _ALL - {Role.GUEST},
    Action.TAKE_PART_IN_BODIES: _ALL - {Role.GUEST},
    Action.EDIT_BODIES: _PLANNERS,
    Action.OVERSEE_BODIES: _PLANNERS | _COMMITTEE,
    # The employer decides, and the steering group where it was given the word.
    Action.ANSWER_PROPOSALS: frozenset({Role.EMPLOYER, Role.STEERING_MEMBER}),
    # The widest: who sits in a body sees its meetings, and who leads it prepares them and writes.
    Action.SEE_MEETINGS: _ALL - {Role.GUEST},
    Action.LEAD_MEETINGS: _ALL - {Role.GUEST},
    # What was decided is for more people than what was said.
    Action.SEE_DECISIONS: _PLANNERS
    | _COMMITTEE
    | {Role.HR, Role.CONFIDENTIAL_COUNSELLOR, Role.WORKS_COUNCIL_MEMBER},
    # How long everything is kept is no secret; to keep it longer is for the client to say.
    Action.SEE_RETENTION: _RIGHTS | _ADVISERS | _COMMITTEE | {Role.EMPLOYER},
    Action.SET_RETENTION: frozenset({Role.MAIN_CONTACT}),
    # What a shorter term deletes is gone: two people who answer for it, and never one alone.
    Action.CONFIRM_SHORTER_TERM: frozenset(
        {Role.MAIN_CONTACT, Role.EMPLOYER, Role.PREVENTION_ADVISER}
    ),
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
            who=holders_of(action),
        )


def holders_of(action: Action) -> Holders:
    """Which roles allow an action."""
    return Holders(tuple(role for role in Role if role in ALLOWED[action]))
