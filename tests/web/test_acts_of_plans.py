"""Everything that is sent from analyses to feedback leaves exactly one line in the log.

One walk along all of it, in the order in which people do it. A route that is new and not walked
is named at the end. Which role may send what is walked for every route elsewhere. Forms are opened,
so that what they send is what they show; short ones and buttons are sent as they are.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import func, select

from baken.actionplan.analyses.models import AnalysisTurn, ChangeEvent, RiskAnalysis, StartStep
from baken.actionplan.consultations.models import Consultation
from baken.actionplan.measures.models import Measure, MeasureChange
from baken.actionplan.plans.evaluations.models import PlanEvaluation
from baken.actionplan.plans.evaluations.rules import Input
from baken.actionplan.plans.feedback.models import FeedbackPage
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan, Objective
from baken.actionplan.priorities.models import Ballot, Cause, Idea, Priority, Theme
from baken.actionplan.talks.models import Talk, TalkAgreement, TalkNote
from baken.actionplan.talks.rules import Safeguard
from baken.organisation.models import Unit
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry
from baken.web.pages.analysis_forms import LOOKED_AT
from baken.web.routes import list_rules
from tests.web.test_roles_and_routes import INSIDE, PARAMETER

pytestmark = pytest.mark.sqlite

DAY = "2026-03-02"
HEX = "([0-9a-f-]{36})"
# What stands at an address, so that a button can be pressed without reading the page it stands on.
AT = {
    "agreements": TalkAgreement, "analyses": RiskAnalysis, "annual-plans": AnnualPlan,
    "changes": ChangeEvent, "consultations": Consultation, "evaluations": PlanEvaluation,
    "feedback": FeedbackPage, "ideas": Idea, "measures": Measure, "notes": TalkNote,
    "plans": GlobalPlan, "priorities": Priority, "programme": AnalysisTurn, "talks": Talk,
    "votes": Ballot,
}  # fmt: skip
ROOMS = (
    "analyses", "annual-plans", "changes", "feedback", "findings", "ideas", "measures", "plans",
    "priorities", "reminders", "start", "talks", "themes", "votes",
)  # fmt: skip
# A file is read and shown without keeping anything; a released cell needs a whole survey, and the
# rules of the Netherlands another organisation: those are walked where they have one.
ELSEWHERE = {
    "/annual-plans/{annual_plan_id:uuid}/import",
    "/annual-plans/{annual_plan_id:uuid}/import/confirm",
    "/findings/new",
    "/measures/{measure_id:uuid}/unit",
    "/plans/{plan_id:uuid}/expert-review",
}


class Fields(HTMLParser):
    """What a form would send: what stands in it, and something in what stands empty."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self._open = ""
        self._text = ""
        self._main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        self._main = self._main or tag == "main"
        if not self._main:
            return
        if tag == "textarea":
            self._text = name
            self.sent.setdefault(name, "")
        elif tag == "select":
            self._open = name
        elif tag == "option" and self._open:
            if "selected" in given or self._open not in self.sent:
                self.sent[self._open] = value
        elif tag == "input" and name:
            self._input(given, name, value)

    def _input(self, given: dict[str, str], name: str, value: str) -> None:
        kind = given.get("type", "text")
        if kind == "radio":
            if "checked" in given or name not in self.sent:
                self.sent[name] = value
        elif kind == "checkbox":
            if "checked" in given:
                self.sent.setdefault(name, []).append(value)
        else:
            self.sent[name] = value

    def handle_data(self, data: str) -> None:
        if self._text and data.strip():
            self.sent[self._text] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._open = self._text = ""
        if tag == "main":
            self._main = False


@dataclass
class Walk:
    """The prevention adviser, sending one thing after the other."""

    site: Any
    browser: Any
    walked: set[str] = field(default_factory=set)
    noted: list[str] = field(default_factory=list)
    known: set[UUID] = field(default_factory=set)
    blank: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: int = 0

    def __post_init__(self) -> None:
        self.written = self.count()
        rules = list_rules(self.site.app.routes)
        paths = [rule.path for rule in rules if rule.method == "POST" and rule.action]
        self.routes = {
            path.removeprefix(INSIDE): re.compile(PARAMETER.sub("[^/]+", path.removeprefix(INSIDE)))
            for path in paths
            if path.removeprefix(INSIDE).lstrip("/").split("/")[0] in ROOMS
        }

    def ask(self, question: Any) -> Any:
        with self.site.database.read(self.site.organisation.id) as session:
            return session.scalars(question).all()

    def count(self) -> int:
        (known,) = self.ask(select(func.count()).select_from(AuditEntry))
        return int(known)

    def made(self, model: Any) -> str:
        """The one row that came since this was last asked."""
        (new,) = set(self.ask(select(model.id))) - self.known
        self.known.add(new)
        return str(new)

    def fill(self, path: str, **changes: Any) -> str:
        """Open a form, fill it in and send it; returns where it led."""
        before, sign, asked = path.partition("?")
        is_blank = before.endswith("/new")
        kind = f"{re.sub(HEX, '', before)}{sign}{asked}" if is_blank else path
        if kind not in self.blank:
            page = self.browser.get(self.site.root + path)
            assert page.status_code == 200, (path, page.status_code, unescape(page.text)[-900:])
            found = Fields()
            found.feed(page.text.partition("<main")[1] + page.text.partition("<main")[2])
            self.blank[kind] = found.sent
        sent = {name: value for name, value in self.blank[kind].items() if name != "csrf"}
        if not is_blank:
            del self.blank[kind]  # what stands in it changes
        given = {**sent, **changes}
        return self.send(path, {name: value for name, value in given.items() if value is not None})

    def press(self, path: str, **fields: Any) -> str:
        """Press a button, which sends the version of what it is about."""
        kind, key = re.findall(f"([a-z-]+)/{HEX}", path)[-1]
        (version,) = self.ask(select(AT[kind].version).where(AT[kind].id == UUID(key)))
        return self.send(path, {"version": str(version), **fields})

    def adopt(self, plan: str) -> None:
        """Ask the committee about a plan, note that it agrees, adopt the plan."""
        about = "global_plan" if plan.startswith("/plans") else "annual_plan"
        ask = f"/consultations/new?about={about}&id={plan.rpartition('/')[2]}"
        told = {"organ": "cpbw", "kind": "advice", "text_sent": "Ontwerp.", "short_is_meant": "y"}
        self.fill(ask, **told, asked_on=DAY, due_on=DAY)
        asked = self.made(Consultation)
        self.press(f"/consultations/{asked}/advice", outcome="favourable", advised_on=DAY)
        self.press(f"{plan}/adopt")

    def send(self, path: str, fields: dict[str, Any]) -> str:
        answer = self.browser.post(self.site.root + path, fields)
        if answer.status_code not in {200, 303}:
            said = unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]))
            pytest.fail(f"{path} {fields}: {answer.status_code} {' '.join(said.split())[:700]}")
        before, self.written = self.written, self.count()
        if self.written != before + 1:
            self.noted.append(f"{path}: {self.written - before}")
        self.walked |= {
            route for route, asked in self.routes.items() if asked.fullmatch(path.partition("?")[0])
        }
        return urlsplit(answer.headers.get("location", "")).path.removeprefix(self.site.root)


def test_every_act_from_analyses_to_feedback_is_noted_once(website: Any) -> None:
    with website.database.session(website.organisation.id) as session:
        unit = Unit(number="1", name="Nachtploeg", kind="team", from_on=website.clock.now.date())
        session.add(unit)
        session.flush()
        unit_id = str(unit.id)
    walk = Walk(website, website.browser(Role.PREVENTION_ADVISER))
    analysis = _analyse(walk, unit_id)
    finding = _talk(walk, unit_id)
    priority = _choose(walk, finding)
    plan, year, objective = _plan(walk, analysis)
    measure = _measure(walk, year, objective, priority, unit_id)
    _follow(walk, plan, year, measure, f"{year}/teams/{unit_id}")
    _tell(walk)
    _end(walk, analysis, plan, year)
    assert walk.noted == []
    assert set(walk.routes) - walk.walked == ELSEWHERE


def _analyse(walk: Walk, unit_id: str) -> str:
    walk.fill("/start/commitment", content="Wij luisteren.", signed_by="Directie")
    walk.fill("/start/steps/new", title="Start", audience="Allen", channel="Bord")
    walk.fill(f"/start/steps/{walk.made(StartStep)}")
    reasons = {f"why_{one}": "Later." for one in LOOKED_AT}
    reasons |= {"participation": "Praten", "papa_reason": "Later.", "anonymous_way": "Kaartjes"}
    analysis = walk.fill("/analyses/new", title="Analyse", method="Praten", **reasons)
    walk.fill(f"{analysis}/edit", title="Analyse van de zorg")
    turns = f"{analysis}/programme"
    walk.fill(f"{turns}/new", unit_id=unit_id)
    walk.press(f"{turns}/{walk.made(AnalysisTurn)}/remove")
    walk.fill(f"{turns}/new", unit_id=unit_id)
    walk.press(f"{turns}/{walk.made(AnalysisTurn)}/done")
    change = walk.fill("/changes/new", title="Verhuizing", responsible="Hoofd",
                       happens_on=DAY, due_on=DAY)  # fmt: skip
    walk.fill(f"{change}/edit")
    walk.fill(f"{change}/conclude", conclusion_text="Geen verschil.")
    return analysis


def _talk(walk: Walk, unit_id: str) -> str:
    guards = [one.value for one in Safeguard]
    talk = walk.fill("/talks/new", title="Ploeg", leader="An", planned_on=DAY, unit_id=unit_id)
    walk.press(f"{talk}/call-off")
    walk.press(f"{talk}/plan-again")
    walk.fill(f"{talk}/edit", safeguards=guards)
    walk.press(f"{talk}/held", held_on=DAY, n_invited="8", n_present="7")
    notes = f"{talk}/notes"
    walk.fill(f"{notes}/new", text="Te laat.", topic="")
    note = walk.made(TalkNote)
    walk.fill(f"{notes}/{note}", text="Wissels komen te laat.")
    walk.press(f"{notes}/{note}/remove")
    walk.fill(f"{notes}/new", text="Wissels komen te laat.", topic="")
    walk.press(f"{talk}/votes", n_voters="6")
    walk.press(f"{talk}/agreements/new", what="Lijst", who="An", due_on=DAY)
    walk.press(f"{talk}/agreements/{walk.made(TalkAgreement)}/done")
    walk.press(f"{talk}/read-back")
    walk.press(f"{talk}/take-back")
    walk.press(f"{talk}/read-back")
    walk.press(f"{talk}/approve", reach="plans")
    why = {
        "statement": "Wissels wegen.",
        "impact_motivation": "Wij.",
        "danger_motivation": "Allen.",
    }
    finding = walk.fill("/findings/observed/new", seen_text="Te laat.", seen_on=DAY, **why,
                        source="", sub_factor="")  # fmt: skip
    walk.fill(f"{finding}/edit", sub_factor="")
    walk.fill(f"{finding}/evidence", seen_text="Ook gezien.", seen_on=DAY, source="")
    return finding


def _choose(walk: Walk, finding: str) -> str:
    found = finding.rpartition("/")[2]
    walk.fill("/themes/new", title="Rooster")
    walk.fill(f"/themes/{walk.made(Theme)}", finding_ids=[found])
    priority = walk.fill("/priorities/new", title="Rooster", finding_ids=[found],
                         urgency="5", feasibility="4")  # fmt: skip
    walk.fill(f"{priority}/edit")
    key = priority.rpartition("/")[2]
    other = walk.fill("/priorities/new", title="Parking", finding_ids=[found])
    keys = [key, other.rpartition("/")[2]]
    vote = walk.fill("/votes/new", title="Wat eerst?", priority_ids=keys, dots="1", closes_on=DAY,
                     roles=[Role.PREVENTION_ADVISER.value], is_anonymous=None)  # fmt: skip
    walk.press(vote, chosen=[key])
    walk.press(f"{vote}/close")
    walk.fill(f"{priority}/causes/new", whys="Laat.", root="Er is geen vast uur.")
    walk.fill(f"{priority}/causes/{walk.made(Cause)}")
    walk.press(f"{priority}/decide", after="chosen", reason="Weegt het meest.")
    walk.fill("/ideas/new", title="Vast uur", priority_id=key)
    idea = walk.made(Idea)
    walk.fill(f"/ideas/{idea}", text="Om tien uur.")
    walk.press(f"/ideas/{idea}/decide", after="wanted", reason="Helpt.")
    walk.press(f"/ideas/{idea}/decide", after="chosen", reason="Haalbaar.")
    return key


def _plan(walk: Walk, analysis: str) -> tuple[str, str, str]:
    walk.fill("/plans/settings", variant="be")
    plan = walk.fill("/plans/new", title="GPP", from_on="2026-01-01", until_on="")
    walk.fill(f"{plan}/edit", title="GPP 2026-2030")
    walk.fill(f"{plan}/objectives/new", statement="Rust")
    first = walk.made(Objective)
    walk.fill(f"{plan}/objectives/new", statement="Ruimte")
    objective = walk.made(Objective)
    walk.fill(f"{plan}/objectives/{objective}/edit")
    walk.send(f"{plan}/objectives/{objective}/up", {"order": f"{first} {objective}"})
    walk.press(f"{plan}/analyses", analysis=analysis.rpartition("/")[2])
    edit = walk.fill("/annual-plans/new", global_plan_id=plan.rpartition("/")[2],
                     starts_on="2026-01-01", ends_on="")  # fmt: skip
    year = walk.fill(edit, objective_ids=[objective])
    return plan, year, objective


def _measure(walk: Walk, year: str, objective: str, priority: str, unit_id: str) -> str:
    return walk.fill(
        f"{year}/measures/new?priority={priority}", objective_id=objective, unit_id=unit_id,
        responsible_name="Hoofd", decider_name="Directie", prevention_level="primary",
        scope="collective", follow="own", own_name="Wissels", own_unit="per maand", start="40",
        target="10", better="lower", by_on="2026-12-31", strategy="", topic="", budget="",
    )  # fmt: skip


def _follow(walk: Walk, plan: str, year: str, measure: str, team: str) -> None:
    walk.fill(f"{measure}/edit", title="Vast uur")
    key = measure.rpartition("/")[2]
    seen = {f"seen_{key}": "2", "measure": [key]}
    walk.send(f"{year}/measures/bulk", {"field": "ends_on", "ends_on": "2026-11-30", **seen})
    walk.send(f"{year}/measures/bulk/{walk.made(MeasureChange)}/undo", {})
    for one in (plan, year):
        walk.adopt(one)
        walk.press(f"{one}/reopen")
        walk.adopt(one)
    walk.fill(team, held_on=DAY, text="Goed.", next_step="Zomer.")
    walk.fill(f"{team}/weigh", proportion="enough", text="Past.")
    walk.fill(f"{team}/follow-up", text="Verder.")
    walk.press(f"{measure}/note", text="Loopt.", status="", value="30")
    walk.fill(f"{measure}/review", reviewed_on=DAY, text="Goed.")
    edit = walk.press(f"{plan}/evaluations", year="2026")
    inputs = {f"input_{one.value}": "Niets." for one in Input}
    texts = {f"text_{one.hex}": "Halfweg." for one in walk.ask(select(Objective.id))}
    here = walk.fill(edit, participants="Lijn", papa_involved="y", **inputs, **texts)
    walk.press(f"{here}/close")
    edit = walk.fill("/annual-plans/new", global_plan_id=plan.rpartition("/")[2],
                     starts_on="2027-01-01", ends_on="")  # fmt: skip
    walk.fill(edit, objective_ids=[str(one) for one in walk.ask(select(Objective.id))])
    walk.fill(f"{measure}/carry", reason="Niet klaar.", ends_on="2027-06-30")


def _tell(walk: Walk) -> None:
    page = walk.fill("/feedback/new", **{"title": "Roosters", "lines-0-said": "Te laat.",
                     "lines-0-did": "Vast uur."})  # fmt: skip
    walk.fill(f"{page}/edit")
    walk.press(f"{page}/release", confirmed="yes")
    walk.press(f"{page}/withdraw")
    walk.send("/reminders/letter", {"wanted": "no"})
    walk.send("/reminders/calendar", {})
    walk.send("/reminders/calendar/end", {})


def _end(walk: Walk, analysis: str, plan: str, year: str) -> None:
    walk.press(f"{analysis}/feedback", how="Op het teamoverleg.", told_by="Hoofd", given_on=DAY)
    walk.press(f"{analysis}/close")
    walk.press(f"{year}/end")
    walk.press(f"{plan}/end")
