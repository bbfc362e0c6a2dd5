"""Every role at every route: what the table of roles says is what the application does.

The routes are those that the application has when the test runs; a new one needs no line here.
"""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from baken.organisation.accounts.sessions import get_logged_in, start_full, start_half
from baken.organisation.models import Account, Person, RoleGrant
from baken.organisation.permissions import Action, Role
from baken.web.pages.access import SESSION_COOKIE
from baken.web.routes import RouteRule, in_markdown, list_rules
from tests.web.hardening.fuzzing import IS_CAMPAIGN

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "roles-and-routes.md"
FORM = b"application/x-www-form-urlencoded"
MISSING = {
    "uuid": "5f0e7a4c-1111-4222-8333-444455556666",
    "date": "2026-03-02",
    "int": "7",
}
PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
INSIDE = "/o/{organisation_id:uuid}"


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks: the cookie, and the token of the forms."""

    cookie: str = ""
    csrf: str = ""


NOBODY = Visitor()


@dataclass(frozen=True)
class Answer:
    status: int
    location: str

    @property
    def asks_to_log_in(self) -> bool:
        """A reader is led to the door; what somebody sends gets a sentence instead."""
        return self.status == 401 or (self.status == 303 and self.location.startswith("/log-in"))


class Walk:
    """Asks the application itself, with no network and no client in between."""

    def __init__(self, website: Any) -> None:
        self.website = website
        self.rules = list_rules(website.app.routes)
        self.guarded = [rule for rule in self.rules if rule.action]

    def account(self, name: str) -> UUID:
        """An account; nobody types its password, so it has none."""
        with self.website.database.session(None) as session:
            row = Account(mail=f"{name}@walk.invalid", name=name, password_hash="-")
            session.add(row)
            session.flush()
            return row.id

    def member(self, organisation_id: UUID, *roles: Role) -> UUID:
        """An account with a person in the organisation that holds these roles."""
        account_id = self.account(uuid4().hex)
        with self.website.database.session(organisation_id) as session:
            person = Person(name="Iemand", account_id=account_id)
            session.add(person)
            session.flush()
            day = self.website.clock.now.date()
            session.add_all(
                RoleGrant(person_id=person.id, role=role, from_on=day) for role in roles
            )
        return account_id

    def log_in(self, account_id: UUID, *, is_full: bool = True) -> Visitor:
        """A new browser of the account, with a factor shown just now."""
        now = self.website.clock.now
        with self.website.database.session(None) as session:
            token = (start_full if is_full else start_half)(session, account_id, now=now)
            found = get_logged_in(session, token, now=now)
        assert found
        return Visitor(token, found.csrf_token)

    def ask_all(
        self, rules: Iterable[RouteRule], visitor: Visitor, organisation_id: UUID
    ) -> list[tuple[RouteRule, Answer]]:
        """Ask for every route in turn, as this visitor."""

        async def walk() -> list[tuple[RouteRule, Answer]]:
            return [(rule, await self._ask(rule, visitor, organisation_id)) for rule in rules]

        return asyncio.run(walk())

    async def _ask(self, rule: RouteRule, visitor: Visitor, organisation_id: UUID) -> Answer:
        path = address(rule, organisation_id)
        body = urlencode({"csrf": visitor.csrf}).encode() if rule.method == "POST" else b""
        # As our script asks: a refusal then comes as a line and not as a whole page.
        headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", FORM), (b"x-swap", b"1")]
        if visitor.cookie:
            headers.append((b"cookie", f"{SESSION_COOKIE}={visitor.cookie}".encode()))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": rule.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }
        sent: list[dict[str, Any]] = []
        received = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> dict[str, Any]:
            return next(received, {"type": "http.disconnect"})

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.website.app(scope, receive, send)
        found = dict(sent[0]["headers"])
        return Answer(sent[0]["status"], found.get(b"location", b"").decode())


def address(rule: RouteRule, organisation_id: UUID) -> str:
    """The address of a route with things in it that do not exist; only the organisation does."""

    def fill(found: re.Match[str]) -> str:
        if found[1] == "organisation_id":
            return str(organisation_id)
        return MISSING.get(found[2], "no-such-thing")

    return PARAMETER.sub(fill, rule.path) or "/"


@pytest.fixture
def walk(website: Any) -> Walk:
    return Walk(website)


@pytest.mark.attacker
def test_every_role_gets_at_every_route_what_the_table_says(walk: Walk) -> None:
    """Alone it comes in where it may; where it may not, it is refused alone once an action.

    Every route lets in one role alone, another one at the next route, and every role is let in
    alone once an action; `make attack` tries every role alone at every route that is open to it.
    At every other route of an action a role is refused together with all others that may not.
    """
    here = walk.website.organisation.id
    wrong = []

    def ask(roles: Iterable[Role], rules: Iterable[RouteRule], *, comes_in: bool) -> None:
        visitor = walk.log_in(walk.member(here, *roles))
        for rule, answer in walk.ask_all(rules, visitor, here):
            # What is asked for does not exist: whoever may look is told so, others are not.
            came_in = answer.status not in {401, 403} and not answer.asks_to_log_in
            if came_in is not comes_in or answer.status >= 500:
                wrong.append(f"{[*roles]} {rule.method} {rule.path}: {answer}")

    one_each = list({rule.action: rule for rule in walk.guarded}.values())
    for role in Role:
        tried = walk.guarded if IS_CAMPAIGN else [*one_each, *taking_turns(walk.guarded, role)]
        ask([role], [rule for rule in tried if rule.is_open_to(role)], comes_in=True)
        ask([role], [rule for rule in one_each if not rule.is_open_to(role)], comes_in=False)
    for rules in by_who_is_refused(walk.guarded):
        refused = [role for role in Role if not rules[0].is_open_to(role)]
        ask(refused, rules, comes_in=False)
    assert not wrong, "\n".join(wrong)


def taking_turns(rules: Iterable[RouteRule], role: Role) -> list[RouteRule]:
    """The routes at which it is this role's turn among all to which they are open."""
    found = []
    for place, rule in enumerate(rules):
        open_to = [one for one in Role if rule.is_open_to(one)]
        if role is open_to[place % len(open_to)]:
            found.append(rule)
    return found


def test_every_route_has_its_turn(walk: Walk) -> None:
    turns = [rule for role in Role for rule in taking_turns(walk.guarded, role)]
    assert sorted(map(str, turns)) == sorted(map(str, walk.guarded))


def by_who_is_refused(rules: Iterable[RouteRule]) -> list[list[RouteRule]]:
    """The routes that the same roles may not take, together; left out is what everybody may."""
    found: dict[frozenset[Role], list[RouteRule]] = {}
    for rule in rules:
        refused = frozenset(role for role in Role if not rule.is_open_to(role))
        found.setdefault(refused, []).append(rule)
    return [same for refused, same in found.items() if refused]


def test_nobody_comes_in_without_logging_in(walk: Walk) -> None:
    here = walk.website.organisation.id
    closed = [rule for rule in walk.rules if rule.kind != "public"]
    wrong = [
        (rule.method, rule.path, answer)
        for rule, answer in walk.ask_all(closed, NOBODY, here)
        if not answer.asks_to_log_in
    ]
    assert wrong == []


def test_half_a_log_in_opens_the_second_factor_and_nothing_else(walk: Walk) -> None:
    here = walk.website.organisation.id
    visitor = walk.log_in(walk.member(here, *Role), is_full=False)
    closed = [rule for rule in walk.rules if rule.kind in {"action", "account"}]
    wrong = [
        (rule.method, rule.path, answer)
        for rule, answer in walk.ask_all(closed, visitor, here)
        if not answer.asks_to_log_in
    ]
    assert wrong == []


def test_an_account_without_a_task_finds_no_organisation(walk: Walk) -> None:
    here = walk.website.organisation.id
    visitor = walk.log_in(walk.account("taskless"))
    wrong = [
        (rule.method, rule.path, answer)
        for rule, answer in walk.ask_all(walk.guarded, visitor, here)
        if answer.status != 404
    ]
    assert wrong == []


def test_another_organisation_does_not_exist_whatever_the_role_at_home(walk: Walk) -> None:
    home = walk.website.organisation.id
    other = walk.website.add_organisation("Ander Huis").id
    visitor = walk.log_in(walk.member(home, *Role))
    for elsewhere in (other, uuid4()):
        wrong = [
            (rule.method, rule.path, answer)
            for rule, answer in walk.ask_all(walk.guarded, visitor, elsewhere)
            if answer.status != 404
        ]
        assert wrong == []


def test_an_account_opens_its_own_pages(walk: Walk) -> None:
    here = walk.website.organisation.id
    account_id = walk.member(here, Role.CLERK)
    own = [rule for rule in walk.rules if rule.kind == "account"]
    assert own
    for rule in own:
        visitor = walk.log_in(account_id)  # some of these routes end the browser's session
        ((_, answer),) = walk.ask_all([rule], visitor, here)
        assert answer.status < 500, rule
        assert answer.status != 401, rule
        assert not answer.asks_to_log_in, rule


def test_every_action_guards_a_route_or_says_why_not(walk: Walk) -> None:
    guarding = {rule.action for rule in walk.guarded}
    assert {Action.COME_IN, Action.EDIT_PEOPLE, Action.OPEN_CAMPAIGN} <= guarding
    assert all(rule.path.startswith(INSIDE) for rule in walk.guarded)
    assert all(rule.kind != "none" for rule in walk.rules)


def test_changing_rights_asks_for_a_fresh_factor_everywhere(walk: Walk) -> None:
    people = [rule for rule in walk.guarded if rule.path.startswith(f"{INSIDE}/people")]
    rights = [rule for rule in people if rule.action is Action.EDIT_PEOPLE]
    assert len(rights) > 8
    assert all(rule.is_fresh for rule in rights)


# What is sent with a factor shown longer ago: daily work that others see and can put right. It
# opens nothing that is sealed, gives nobody a right or a file, and starts nothing for the staff.
EVERYDAY = {
    f"{INSIDE}/annual-plans/{{annual_plan_id:uuid}}/import",
    f"{INSIDE}/annual-plans/{{annual_plan_id:uuid}}/import/confirm",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/measures/bulk",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/measures/bulk/{{change_id:uuid}}/undo",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/teams/{{unit_id:uuid}}",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/teams/{{unit_id:uuid}}/follow-up",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/teams/{{unit_id:uuid}}/weigh",
    f"{INSIDE}/feedback/new",
    f"{INSIDE}/feedback/{{page_id:uuid}}/edit",
    f"{INSIDE}/feedback/{{page_id:uuid}}/withdraw",
    f"{INSIDE}/measures/{{measure_id:uuid}}/carry",
    f"{INSIDE}/measures/{{measure_id:uuid}}/review",
    f"{INSIDE}/measures/{{measure_id:uuid}}/unit",
    f"{INSIDE}/plans/settings",
    f"{INSIDE}/plans/{{plan_id:uuid}}/evaluations",
    f"{INSIDE}/plans/{{plan_id:uuid}}/evaluations/{{evaluation_id:uuid}}/close",
    f"{INSIDE}/plans/{{plan_id:uuid}}/evaluations/{{evaluation_id:uuid}}/edit",
    f"{INSIDE}/plans/{{plan_id:uuid}}/expert-review",
    f"{INSIDE}/reminders/calendar",
    f"{INSIDE}/reminders/calendar/end",
    f"{INSIDE}/reminders/letter",
    f"{INSIDE}/accidents/corrections/{{correction_id:uuid}}",
    f"{INSIDE}/accidents/hours",
    f"{INSIDE}/accidents/new",
    f"{INSIDE}/accidents/{{accident_id:uuid}}",
    f"{INSIDE}/accidents/{{year:int}}/fix",
    f"{INSIDE}/accidents/{{year:int}}/reopen",
    f"{INSIDE}/headcount/new",
    f"{INSIDE}/headcount/{{year:int}}",
    f"{INSIDE}/indicators/import",  # of people nothing is kept; figures of a file can be taken back
    f"{INSIDE}/indicators/import/check",
    f"{INSIDE}/indicators/import/confirm",
    f"{INSIDE}/indicators/import/{{import_id:uuid}}/undo",
    f"{INSIDE}/indicators/new",
    f"{INSIDE}/indicators/{{series_id:uuid}}/edit",
    f"{INSIDE}/indicators/{{series_id:uuid}}/remove",
    f"{INSIDE}/indicators/{{series_id:uuid}}/values",
    f"{INSIDE}/indicators/{{series_id:uuid}}/values/{{value_id:uuid}}",
    f"{INSIDE}/requests/new",
    f"{INSIDE}/requests/{{request_id:uuid}}/analysis",
    f"{INSIDE}/requests/{{request_id:uuid}}/step",
    f"{INSIDE}/counsellors/new",
    f"{INSIDE}/counsellors/{{counsellor_id:uuid}}/end",
    f"{INSIDE}/counsellors/{{counsellor_id:uuid}}/training",
    f"{INSIDE}/counsellors/quarters/{{year:int}}/{{quarter:int}}",
    f"{INSIDE}/counsellors/policy-advice/new",
    f"{INSIDE}/counsellors/policy-advice/{{service_id:uuid}}/advice",
    f"{INSIDE}/counsellors/policy-advice/{{service_id:uuid}}/leave",
    f"{INSIDE}/vigilance/contacts/new",
    f"{INSIDE}/vigilance/contacts/{{contact_id:uuid}}/end",
    f"{INSIDE}/vigilance/signals/new",
    f"{INSIDE}/vigilance/signals/{{signal_id:uuid}}/answer",
    f"{INSIDE}/vigilance/themes/new",
    f"{INSIDE}/vigilance/themes/{{theme_id:uuid}}/reply",
    f"{INSIDE}/analyses/new",
    f"{INSIDE}/analyses/{{analysis_id:uuid}}/close",
    f"{INSIDE}/analyses/{{analysis_id:uuid}}/edit",
    # meetings: prepared and written at the table; approved minutes and packs stay as they are
    f"{INSIDE}/decisions/{{decision_id:uuid}}/note",
    f"{INSIDE}/meeting-tasks/{{task_id:uuid}}",
    f"{INSIDE}/meetings/new",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/approve",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/cancel",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/corrections/new",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/edit",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/invite",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/minutes/attendance",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/minutes/close",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/minutes/points/{{point_id:uuid}}",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/new",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/topic",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}/decisions/new",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}/decisions/{{decision_id:uuid}}",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}/order",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}/postpone",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}/remove",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}/tasks/new",
    f"{INSIDE}/meetings/{{meeting_id:uuid}}/points/{{point_id:uuid}}/tasks/{{task_id:uuid}}",
    # bodies: who sits where and what is said there; an answer to a proposal stays as it was given
    f"{INSIDE}/bodies/applications/{{application_id:uuid}}/choose",
    f"{INSIDE}/bodies/applications/{{application_id:uuid}}/withdraw",
    f"{INSIDE}/bodies/calls/{{call_id:uuid}}/apply",
    f"{INSIDE}/bodies/calls/{{call_id:uuid}}/edit",
    f"{INSIDE}/bodies/calls/{{call_id:uuid}}/note",
    f"{INSIDE}/bodies/new",
    f"{INSIDE}/bodies/proposals/{{proposal_id:uuid}}/answer",
    f"{INSIDE}/bodies/proposals/{{proposal_id:uuid}}/edit",
    f"{INSIDE}/bodies/proposals/{{proposal_id:uuid}}/note",
    f"{INSIDE}/bodies/proposals/{{proposal_id:uuid}}/priority",
    f"{INSIDE}/bodies/proposals/{{proposal_id:uuid}}/withdraw",
    f"{INSIDE}/bodies/settings",
    f"{INSIDE}/bodies/topics/new",
    f"{INSIDE}/bodies/topics/{{topic_id:uuid}}/agenda",
    f"{INSIDE}/bodies/topics/{{topic_id:uuid}}/answer",
    f"{INSIDE}/bodies/topics/{{topic_id:uuid}}/off-agenda",
    f"{INSIDE}/bodies/topics/{{topic_id:uuid}}/withdraw",
    f"{INSIDE}/bodies/{{body_id:uuid}}/calls/new",
    f"{INSIDE}/bodies/{{body_id:uuid}}/edit",
    f"{INSIDE}/bodies/{{body_id:uuid}}/end",
    f"{INSIDE}/bodies/{{body_id:uuid}}/leave",
    f"{INSIDE}/bodies/{{body_id:uuid}}/note",
    f"{INSIDE}/bodies/{{body_id:uuid}}/proposals/new",
    f"{INSIDE}/bodies/{{body_id:uuid}}/resume",
    f"{INSIDE}/bodies/{{body_id:uuid}}/seats/new",
    f"{INSIDE}/bodies/{{body_id:uuid}}/seats/{{seat_id:uuid}}",
    f"{INSIDE}/bodies/{{body_id:uuid}}/start",
    # talks, causes, ideas and priorities: notes of meetings; a vote opens nothing and stays
    f"{INSIDE}/analyses/{{analysis_id:uuid}}/feedback",
    f"{INSIDE}/analyses/{{analysis_id:uuid}}/programme/new",
    f"{INSIDE}/analyses/{{analysis_id:uuid}}/programme/{{turn_id:uuid}}/done",
    f"{INSIDE}/analyses/{{analysis_id:uuid}}/programme/{{turn_id:uuid}}/remove",
    f"{INSIDE}/changes/new",
    f"{INSIDE}/changes/{{change_id:uuid}}/conclude",
    f"{INSIDE}/changes/{{change_id:uuid}}/edit",
    f"{INSIDE}/findings/observed/new",
    f"{INSIDE}/findings/{{finding_id:uuid}}/evidence",
    f"{INSIDE}/ideas/new",
    f"{INSIDE}/ideas/{{idea_id:uuid}}",
    f"{INSIDE}/ideas/{{idea_id:uuid}}/decide",
    f"{INSIDE}/priorities/new",
    f"{INSIDE}/priorities/{{priority_id:uuid}}/causes/new",
    f"{INSIDE}/priorities/{{priority_id:uuid}}/causes/{{cause_id:uuid}}",
    f"{INSIDE}/priorities/{{priority_id:uuid}}/decide",
    f"{INSIDE}/priorities/{{priority_id:uuid}}/edit",
    f"{INSIDE}/start/commitment",
    f"{INSIDE}/start/steps/new",
    f"{INSIDE}/start/steps/{{step_id:uuid}}",
    f"{INSIDE}/talks/new",
    f"{INSIDE}/talks/{{talk_id:uuid}}/agreements/new",
    f"{INSIDE}/talks/{{talk_id:uuid}}/agreements/{{agreement_id:uuid}}/done",
    f"{INSIDE}/talks/{{talk_id:uuid}}/approve",
    f"{INSIDE}/talks/{{talk_id:uuid}}/call-off",
    f"{INSIDE}/talks/{{talk_id:uuid}}/edit",
    f"{INSIDE}/talks/{{talk_id:uuid}}/held",
    f"{INSIDE}/talks/{{talk_id:uuid}}/notes/new",
    f"{INSIDE}/talks/{{talk_id:uuid}}/notes/{{note_id:uuid}}",
    f"{INSIDE}/talks/{{talk_id:uuid}}/notes/{{note_id:uuid}}/remove",
    f"{INSIDE}/talks/{{talk_id:uuid}}/plan-again",
    f"{INSIDE}/talks/{{talk_id:uuid}}/read-back",
    f"{INSIDE}/talks/{{talk_id:uuid}}/take-back",
    f"{INSIDE}/talks/{{talk_id:uuid}}/votes",
    f"{INSIDE}/themes/new",
    f"{INSIDE}/themes/{{theme_id:uuid}}",
    f"{INSIDE}/votes/new",
    f"{INSIDE}/votes/{{ballot_id:uuid}}",
    f"{INSIDE}/votes/{{ballot_id:uuid}}/close",
    f"{INSIDE}/annual-plans/new",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/adopt",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/edit",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/end",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/measures/new",
    f"{INSIDE}/annual-plans/{{plan_id:uuid}}/reopen",
    f"{INSIDE}/annual-reports/new",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/correct",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/days",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/draft",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/notices/new",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/notices/{{notice_id:uuid}}/told",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/ready",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/sections/{{key:str}}",
    f"{INSIDE}/annual-reports/{{report_id:uuid}}/shape",
    f"{INSIDE}/campaigns/import/check",  # nothing is kept yet; the import itself asks
    f"{INSIDE}/campaigns/import/columns",
    f"{INSIDE}/campaigns/new",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/comments/handwriting",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/delete",  # a draft
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/edit",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/forms",  # opens nothing: only a slip does
    # The pages before them ask; nothing readable comes back, and what was typed must not wait.
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/batches/{{batch_id:uuid}}/aside",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/batches/{{batch_id:uuid}}/check",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/batches/{{batch_id:uuid}}/finish",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/batches/{{batch_id:uuid}}/key",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/batches/{{batch_id:uuid}}/scan",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/batches/{{batch_id:uuid}}/scan/aside",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/destruction",
    # At a desk and after it somebody stands for an hour; each act gives one form or a number.
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/counts",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/sittings/new",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/sittings/{{sitting_id:uuid}}/change",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/sittings/{{sitting_id:uuid}}/count",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/sittings/{{sitting_id:uuid}}/protocol",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/paper/sittings/{{sitting_id:uuid}}/slips",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/agreement",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/background",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/channels",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/channels/all",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/charter",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/invitation",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/promise",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/questionnaire",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/stratum",
    f"{INSIDE}/campaigns/{{campaign_id:uuid}}/prepare/stratum/people",
    f"{INSIDE}/consultations/new",
    f"{INSIDE}/consultations/organs",
    f"{INSIDE}/consultations/{{consultation_id:uuid}}/advice",
    f"{INSIDE}/consultations/{{consultation_id:uuid}}/reply",
    f"{INSIDE}/findings/new",
    f"{INSIDE}/findings/{{finding_id:uuid}}/edit",
    f"{INSIDE}/library/import",
    f"{INSIDE}/library/new",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/delete",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/formats",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/languages",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/languages/{{code:str}}/remove",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/open-questions/new",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/open-questions/{{question:str}}/remove",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/origin",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/parts",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/questions/new",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/questions/{{code:str}}/remove",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/text-file",
    f"{INSIDE}/library/{{key:str}}/{{version:str}}/texts",
    f"{INSIDE}/measures/{{measure_id:uuid}}/edit",
    f"{INSIDE}/measures/{{measure_id:uuid}}/note",
    f"{INSIDE}/organisation",
    f"{INSIDE}/plans/new",
    f"{INSIDE}/plans/{{plan_id:uuid}}/adopt",
    f"{INSIDE}/plans/{{plan_id:uuid}}/analyses",
    f"{INSIDE}/plans/{{plan_id:uuid}}/edit",
    f"{INSIDE}/plans/{{plan_id:uuid}}/end",
    f"{INSIDE}/plans/{{plan_id:uuid}}/objectives/new",
    f"{INSIDE}/plans/{{plan_id:uuid}}/objectives/{{objective_id:uuid}}/edit",
    f"{INSIDE}/plans/{{plan_id:uuid}}/objectives/{{objective_id:uuid}}/up",
    f"{INSIDE}/plans/{{plan_id:uuid}}/reopen",
    f"{INSIDE}/references/import",
    f"{INSIDE}/references/new",
    f"{INSIDE}/references/{{reference_id:uuid}}/along",  # a copy of what was published elsewhere
    f"{INSIDE}/references/{{reference_id:uuid}}/correct",
    f"{INSIDE}/references/{{reference_id:uuid}}/retire",
    f"{INSIDE}/screenings/new",
    f"{INSIDE}/screenings/wording/bands",
    f"{INSIDE}/screenings/wording/texts/{{spoken:str}}",
    f"{INSIDE}/screenings/{{sheet_id:uuid}}/agree",
    f"{INSIDE}/screenings/{{sheet_id:uuid}}/delete",
    f"{INSIDE}/screenings/{{sheet_id:uuid}}/edit",
    f"{INSIDE}/screenings/{{sheet_id:uuid}}/figures",
    f"{INSIDE}/screenings/{{sheet_id:uuid}}/lights",
    f"{INSIDE}/screenings/{{sheet_id:uuid}}/revise",
    f"{INSIDE}/units/changes/{{change_id:uuid}}/undo",
    f"{INSIDE}/units/import",
    f"{INSIDE}/units/import/confirm",
    f"{INSIDE}/units/movements/{{from_on:date}}/{{until_on:date}}",
    f"{INSIDE}/units/new",
    f"{INSIDE}/units/{{unit_id:uuid}}/{{purpose:str}}",
    "/account/confirm",  # here the factor is shown
    "/account/confirm/recovery-code",
    "/account/invitation/{link:str}",  # the link by mail is the proof
    "/account/passkeys/{passkey_id:uuid}",  # another name for it
    "/account/profile",
    "/account/sessions/end-others",  # this must be quick
    "/account/sessions/{session_id:uuid}/end",
}


def test_whatever_is_sent_asks_for_a_fresh_factor_unless_it_is_everyday_work(walk: Walk) -> None:
    """A new route is sensitive until somebody writes it down here."""
    sent = [
        rule
        for rule in walk.rules
        if rule.method != "GET" and rule.kind in {"action", "account"} and not rule.is_fresh
    ]
    assert {rule.path for rule in sent} == EVERYDAY


def test_the_page_of_a_sensitive_form_asks_before_something_is_typed(walk: Walk) -> None:
    """Else what was typed would be lost at the refusal."""
    fresh = {rule.path for rule in walk.rules if rule.is_fresh and rule.method == "POST"}
    reads = {rule.path: rule for rule in walk.rules if rule.method == "GET"}
    late = {path for path in fresh if path in reads and not reads[path].is_fresh}
    # a button and nothing to type; the way back from a provider
    assert late == {
        f"{INSIDE}/campaigns/{{campaign_id:uuid}}/results",
        "/account/identities/back",
    }


def test_the_page_of_the_reference_is_that_of_the_application(walk: Walk) -> None:
    assert PAGE.read_text(encoding="utf-8") == in_markdown(walk.rules), "make docs"
