"""From a released figure to a measure that is followed, over HTTP."""

import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from baken.organisation.models import RoleGrant, Unit
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.storage.session import Session
from baken.web.texts import catalogue
from tests.released import add_released

CELL = {
    "n": 22,
    "mean": 61.5,
    "low": 56.0,
    "high": 67.0,
    "share_at_risk": 0.52,
    "share_low": 0.41,
    "share_high": 0.6,
    "diff_rest": 9.25,
    "g": 0.6,
    "g_low": 0.2,
    "g_high": 1.0,
    "q_welch": 0.012,
    "light": "red",
}
FINDING = {
    "statement": "In de nachtploeg wegen de roosters.",
    "factor": "A3",
    "domains": "psychosocial",
    "employer_has_impact": "yes",
    "impact_motivation": "De werkgever maakt de roosters.",
    "objective_danger": "yes",
    "danger_motivation": "Het treft de hele ploeg.",
}
ASK = {
    "organ": "cpbw",
    "kind": "advice",
    "text_sent": "Ontwerp van het plan.",
    "asked_on": "2026-03-02",
    "due_on": "2026-03-31",
}


@dataclass
class House:
    """A website with units, released results, and a browser of the prevention adviser."""

    site: Any
    night: UUID
    kitchen: UUID
    release_id: UUID
    browser: Any

    def go(self, path: str, browser: Any = None) -> str:
        answer = (browser or self.browser).get(self.site.root + path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-1500:])
        return unescape(answer.text)

    def send(self, path: str, fields: dict[str, Any] | None = None, browser: Any = None) -> Any:
        return (browser or self.browser).post(self.site.root + path, fields)

    def done(self, path: str, fields: dict[str, Any] | None = None, browser: Any = None) -> str:
        """Send a form that is accepted; answers the page it leads to, without the root."""
        answer = self.send(path, fields, browser)
        assert answer.status_code == 303, unescape(answer.text)
        return str(answer.headers["location"].partition("?")[0].removeprefix(self.site.root))

    def version(self, path: str, browser: Any = None) -> str:
        return version_in(self.go(path, browser))

    def press(self, path: str, step: str, browser: Any = None) -> str:
        """Press a button of a page that carries the version that was seen."""
        return self.done(path + step, {"version": self.version(path, browser)}, browser)

    def cell(self, scale: str = "work_private") -> str:
        return f"/findings/new?release={self.release_id}&unit={self.night}&scale={scale}"

    def find(self) -> str:
        return self.done(self.cell(), FINDING)

    def plan(self) -> str:
        return self.done("/plans/new", {"title": "GPP 2026-2030", "from_on": "2026-01-01"})

    def advise(self, about: str, path: str) -> None:
        """Ask the committee about a plan, and record that it agrees."""
        self.done(f"/consultations/new?about={about}&id={path.rpartition('/')[2]}", ASK)
        asked = re.findall(r"/consultations/([0-9a-f-]{36})", self.go(path))[-1]
        advice = {"outcome": "favourable", "advised_on": "2026-03-02", "outcome_text": "Goed zo."}
        page = f"/consultations/{asked}/advice"
        self.done(page, advice | {"version": self.version(page)})

    def year(self) -> tuple[str, str, str]:
        """A five-year plan and a year with one objective; answers both and the objective's id."""
        plan, finding = self.plan(), self.find()
        objective = {
            "statement": "Voorspelbare roosters",
            "finding_ids": finding.rpartition("/")[2],
            "target_2026": "Zes weken vooraf",
        }
        self.done(f"{plan}/objectives/new", objective)
        edit = self.done(
            "/annual-plans/new",
            {"global_plan_id": plan.rpartition("/")[2], "starts_on": "2026-01-01"},
        )
        page = self.go(edit)
        objective_id = re.search(r'name="objective_ids" value="([^"]+)"', page)[1]  # type: ignore[index]
        year = self.done(edit, {"objective_ids": objective_id, "version": version_in(page)})
        return plan, year, objective_id

    def measure(self, objective_id: str, **changes: str) -> dict[str, str]:
        return {
            "objective_id": objective_id,
            "title": "Roosters zes weken vooraf",
            "method": "Wissels alleen met akkoord.",
            "unit_id": str(self.night),
            "responsible_name": "Hoofd planning",
            "decider_name": "Directie zorg",
            "prevention_level": "primary",
            "scope": "collective",
            "domains": "psychosocial",
            "starts_on": "2026-04-01",
            "ends_on": "2026-12-31",
            "follow": "own",
            "own_name": "Late wissels",
            "own_unit": "per maand",
            "start": "40,5",
            "target": "10",
            "better": "lower",
            "by_on": "2026-12-31",
        } | changes


def version_in(page: str) -> str:
    found = re.search(r'name="version"[^>]* value="(\d+)"', page)
    assert found, page[-800:]
    return found[1]


@pytest.fixture
def house(website: Any) -> House:
    with website.database.session(website.organisation.id) as session:
        night, kitchen = (add_unit(session, number, name) for number, name in NAMES)
        release_id = add_release(session, night, kitchen)
        head = website.organisation.people[Role.UNIT_HEAD]
        for grant in session.query(RoleGrant).filter_by(person_id=head):
            grant.unit_id = night
    return House(website, night, kitchen, release_id, website.browser(Role.PREVENTION_ADVISER))


NAMES = (("1", "Nachtploeg"), ("2", "Keuken"))


def add_unit(session: Session, number: str, name: str) -> UUID:
    unit = Unit(number=number, name=name, kind="team", from_on=date(2020, 1, 1))
    session.add(unit)
    session.flush()
    return unit.id


def add_release(
    session: Session,
    night: UUID,
    kitchen: UUID,
    on: date = date(2026, 1, 20),
    why: str = "",
    **changes: Any,
) -> UUID:
    withheld = {"figures": {"work_private": {"share_at_risk": why}}} if why else {}
    results = {
        "instrument": {"key": "vijf-a", "version": "1"},
        "n": 300,
        "scales": {"work_private": CELL | {"n": 300, "diff_rest": None}},
        "units": {
            str(night): {
                "n": 22,
                "scales": {"work_private": CELL | changes, "workload": None},
                "withheld": withheld,
            },
            str(kitchen): {"n": None, "scales": {}, "withheld": {"unit": "merged"}},
        },
    }
    return add_released(session, results, on=on, sha256=f"{on:%Y%m%d}" * 8)


def test_from_a_figure_to_a_measure_under_way(house: House) -> None:
    page = house.go(house.cell())
    assert "Nachtploeg, Botsing tussen werk en privéleven" in page
    assert "52\u00a0% zit in de gevarenzone (41 tot 60\u00a0%)." in page
    assert "22 mensen antwoordden." in page
    plan, year, objective = house.year()
    page = house.go(plan)
    places = [page.index(f'id="gpp-{n}"') for n in range(1, 9)]
    assert places == sorted(places)
    assert "Doelstelling 1: Voorspelbare roosters" in page
    assert "Zes weken vooraf" in page
    measure = house.done(f"{year}/measures/new", house.measure(objective))
    house.advise("global_plan", plan)
    house.press(plan, "/adopt")
    house.advise("annual_plan", year)
    house.press(year, "/adopt")
    for status, text in (("decided", ""), ("running", "Proef in de nachtploeg.")):
        note = {"status": status, "text": text, "version": house.version(f"{measure}/note")}
        house.done(f"{measure}/note", note)
    page = house.go(measure)
    assert 'class="now" aria-current="step"' in page
    assert "Proef in de nachtploeg." in page
    assert "Late wissels: van 40,5\u00a0per maand naar 10\u00a0per maand" in page
    assert "Er is nog geen nieuw cijfer." in page
    value = {"text": "", "value": "12,5", "version": house.version(f"{measure}/note")}
    house.done(f"{measure}/note", value)
    page = house.go(measure)
    assert "van 40,5\u00a0per maand naar 12,5\u00a0per maand" in page
    assert "data-chart" in page
    assert "Roosters zes weken vooraf" in house.go("/follow-up")
    page = house.go(year)
    assert "Roosters zes weken vooraf" in page
    assert [page.index(f'id="jap-{n}"') for n in range(1, 5)]


def test_a_measure_can_follow_the_figure_of_its_finding(house: House) -> None:
    _, year, objective = house.year()
    finding = re.findall(r"/findings/([0-9a-f-]{36})", house.go("/findings"))[0]
    share = {"follow": "share_at_risk", "finding_id": finding, "target": "35", "start": ""}
    begun = house.measure(objective, **share, starts_on="2026-02-01")
    measure = house.done(f"{year}/measures/new", begun)
    assert "van 52\u00a0% naar 35\u00a0%" in house.go(measure)
    with house.site.database.session(house.site.organisation.id) as session:
        add_release(
            session, house.night, house.kitchen, date(2026, 3, 1),
            share_at_risk=0.44, share_low=0.33, share_high=0.55,
        )  # fmt: skip
    assert "Nog niet aangetoond: van 52\u00a0% naar 44\u00a0%" in house.go(measure)


def test_a_measure_can_follow_an_indicator(house: House) -> None:
    series = {"kind": "absence_rate", "name": "Afwezigheid", "definition": "", "source": "HR",
              "period": "quarter", "better": "lower", "target": "", "target_on": ""}  # fmt: skip
    values = house.done("/indicators/new", series)
    sums = {"denominator": "3600", "people": "40", "told": "", "unit_id": str(house.night)}
    house.done(values, {**sums, "on": "2025-02-01", "numerator": "360"})
    _, year, objective = house.year()
    form = house.go(f"{year}/measures/new")
    assert "Afwezigheid, Nachtploeg: 10,0\u00a0% (31\u00a0maart 2025)" in form
    chosen = re.search(r'<option value="([^"|]+\|[^"]+)"', form)
    assert chosen
    fields = house.measure(objective, follow="series", series="", start="", target="7,5")
    refused = house.send(f"{year}/measures/new", fields)
    assert refused.status_code == 422
    assert "Kies welke indicator u volgt" in unescape(refused.text)
    measure = house.done(f"{year}/measures/new", {**fields, "series": chosen[1]})
    assert "van 10,0\u00a0% naar 7,5\u00a0%" in house.go(measure)
    house.done(values, {**sums, "on": "2025-05-01", "numerator": "252"})
    page = house.go(measure)
    # A quarter of before the measure began is shown, and is no judgement of it.
    assert "Het laatste cijfer, 7,0\u00a0%, is van daarvoor" in page
    assert "is gehaald" not in page
    assert chosen[1] in house.go(f"{measure}/edit")  # the start that was agreed stays


@pytest.mark.parametrize(
    ("reason", "said"),
    [("privacy", "om de mensen achter de cijfers te beschermen"), ("no_cutoff", "geen grens")],
)
def test_a_missing_share_is_refused_with_its_reason_and_the_name_of_the_scale(
    house: House, reason: str, said: str
) -> None:
    with house.site.database.session(house.site.organisation.id) as session:
        house.release_id = add_release(
            session, house.night, house.kitchen, date(2026, 1, 21), share_at_risk=None, why=reason
        )
    _, year, objective = house.year()
    finding = re.search(r"/findings/([0-9a-f-]{36})", house.go("/findings"))
    assert finding
    fields = house.measure(objective, follow="share_at_risk", finding_id=finding[1], start="")
    answer = house.send(f"{year}/measures/new", fields)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert said in page
    assert "“Botsing tussen werk en privéleven”" in page
    assert "work_private" not in page


def test_a_later_share_that_is_withheld_is_not_shown(house: House) -> None:
    _, year, objective = house.year()
    finding = re.search(r"/findings/([0-9a-f-]{36})", house.go("/findings"))
    assert finding
    fields = house.measure(objective, follow="share_at_risk", finding_id=finding[1], start="")
    measure = house.done(f"{year}/measures/new", fields)
    with house.site.database.session(house.site.organisation.id) as session:
        add_release(
            session, house.night, house.kitchen, date(2026, 3, 1), share_at_risk=None, why="privacy"
        )
    house.go(measure)


def test_a_finding_leads_to_an_objective_with_itself_chosen(house: House) -> None:
    finding = house.find()
    assert "Naar de plannen" in house.go(finding)
    plan = house.plan()
    step = re.search(rf'href="[^"]*({plan}/objectives/new\?finding=[^"]+)"', house.go(finding))
    assert step
    key = finding.rpartition("/")[2]
    assert re.search(rf'value="{key}" checked', house.go(step[1]))


def test_who_may_not_is_told_which_roles_may(house: House) -> None:
    head = house.site.browser(Role.UNIT_HEAD)
    for language in ("nl", "fr"):
        answer = head.get(f"{house.site.root}/plans/new?lang={language}")
        page = unescape(answer.text)
        assert answer.status_code == 403
        names = [catalogue(language)(f"people.role_{role}") for role in Role]
        for name, role in zip(names, Role, strict=True):
            if role in ALLOWED[Action.EDIT_PLANS] or len(name) > 6:  # "ast" stands in many words
                assert (name[1:] in page) is (role in ALLOWED[Action.EDIT_PLANS]), role
        assert "prevention adviser" not in page


def test_without_a_finding_a_scale_cannot_be_followed(house: House) -> None:
    _, year, objective = house.year()
    fields = house.measure(objective, follow="mean", start="")
    answer = house.send(f"{year}/measures/new", fields)
    assert answer.status_code == 422
    assert "Kies de vaststelling" in unescape(answer.text)


def test_a_hidden_cell_never_becomes_a_finding(house: House) -> None:
    for path in (
        house.cell("workload"),
        house.cell().replace(str(house.night), str(house.kitchen)),
    ):
        answer = house.browser.get(house.site.root + path)
        assert answer.status_code == 422
        assert "om de mensen erachter te beschermen" in unescape(answer.text)
        assert house.send(path, FINDING).status_code == 422
    for path in ("/findings/new", "/findings/new?release=x&unit=ALL&scale=y"):
        assert house.browser.get(house.site.root + path).status_code == 404
    assert "Hier komen de vaststellingen" in house.go("/findings")


def test_two_editors_of_a_measure_lose_nothing(house: House) -> None:
    _, year, objective = house.year()
    measure = house.done(f"{year}/measures/new", house.measure(objective))
    other = house.site.browser(Role.STEERING_MEMBER)
    mine, theirs = (house.version(f"{measure}/edit", who) for who in (None, other))
    first = house.measure(objective, method="Eerst de nacht.", version=theirs)
    house.done(f"{measure}/edit", first, other)
    second = house.measure(objective, method="Eerst de dag.", version=mine)
    answer = house.send(f"{measure}/edit", second)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "Eerst de nacht." in page
    assert "Eerst de dag.</textarea>" in page
    assert "Eerst de nacht." in house.go(measure)
    house.done(f"{measure}/edit", second | {"version": version_in(page)})
    assert "Eerst de dag." in house.go(measure)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"starts_on": "2025-12-01"}, "loopt tussen 1\u00a0januari 2026 en 31\u00a0december 2026"),
        ({"ends_on": "2027-01-31"}, "loopt tussen 1\u00a0januari 2026 en 31\u00a0december 2026"),
        ({"ends_on": "2026-03-01"}, "komt vóór het begin"),
        ({"target": "50"}, "is geen verbetering"),
        ({"target": "veel"}, "Dit is geen getal"),
        ({"target": ""}, "Vul een getal in"),
        ({"start": ""}, "Vul een getal in"),
        ({"target": "nan"}, "Vul twee getallen in"),
        ({"responsible_name": ""}, "wie verantwoordelijk is"),
        ({"is_reported": "y"}, "wie het initiatief nam"),
    ],
)
def test_a_measure_that_does_not_hold_together(
    house: House, changes: dict[str, str], said: str
) -> None:
    _, year, objective = house.year()
    answer = house.send(f"{year}/measures/new", house.measure(objective, **changes))
    assert answer.status_code == 422, answer.text[-500:]
    assert said in unescape(answer.text)
    assert "Wissels alleen met akkoord." in answer.text


def test_a_plan_waits_for_advice(house: House) -> None:
    plan = house.plan()
    answer = house.send(f"{plan}/adopt", {"version": "1"})
    assert answer.status_code == 409
    assert "Het comité geeft advies" in unescape(answer.text)
    # A button on a page that grew old: nothing that was typed stands below the sentence.
    old = house.send(f"{plan}/adopt", {"version": "9"})
    assert old.status_code == 409
    assert ("Er is niets gebeurd" in old.text, "hieronder" in old.text) == (True, False)


def test_an_analysis_closes_when_it_says_everything(house: House) -> None:
    fields = {"title": "Hele organisatie", "kind": "a_priori", "started_on": "2026-02-01"}
    analysis = house.done("/analyses/new", fields)
    answer = house.send(f"{analysis}/close", {"version": house.version(analysis)})
    assert answer.status_code == 409
    assert "hoe de werknemers hebben meegewerkt" in unescape(answer.text)
    told = fields | {"participation": "Gesprekken.", "papa_involved": "y"}
    told |= {f"covered_A{n}": "y" for n in range(1, 5)}
    page = f"{analysis}/edit"
    house.done(page, told | {"version": house.version(page)})
    answer = house.send(f"{analysis}/close", {"version": house.version(analysis)})
    assert "Nog niet bekeken: Arbeidsverhoudingen." in unescape(answer.text)
    house.done(page, told | {"why_A5": "Vorig jaar.", "version": house.version(page)})
    answer = house.send(f"{analysis}/close", {"version": house.version(analysis)})
    assert "Nog niet bekeken: Stress, Burn-out," in unescape(answer.text)
    shown = ("stress", "burn_out", "conflict", "violence", "bullying")
    told |= {f"covered_{one}": "y" for one in shown}
    told |= {"why_A5": "Vorig jaar.", "why_unwanted_sexual": "Apart bekeken."}
    house.done(page, told | {"version": house.version(page)})
    answer = house.send(f"{analysis}/close", {"version": house.version(analysis)})
    assert "nog niet gehoord" in unescape(answer.text)
    page = f"{analysis}/feedback"
    heard = {"given_on": "2026-03-01", "how": "Een uur per ploeg.", "told_by": "De dienst"}
    house.done(page, heard | {"version": house.version(page)})
    house.press(analysis, "/close")
    assert "Afgesloten op 2\u00a0maart 2026" in house.go(analysis)


def test_stopping_a_measure_needs_a_reason(house: House) -> None:
    _, year, objective = house.year()
    measure = house.done(f"{year}/measures/new", house.measure(objective))
    note = {"status": "stopped", "text": "", "version": house.version(f"{measure}/note")}
    answer = house.send(f"{measure}/note", note)
    assert answer.status_code == 422
    assert "Schrijf waarom" in unescape(answer.text)
    house.done(f"{measure}/note", note | {"text": "De ploeg fuseert."})
    assert "Stopgezet" in house.go(measure)


def test_rows_of_the_plan_are_kept_in_order(house: House) -> None:
    plan = house.plan()
    page = house.go(f"{plan}/edit")
    rows = {
        "activities-0-what": "Regels uitwerken",
        "activities-0-owner": "Directeur",
        "roles-0-who": "Directie",
        "roles-0-tasks": "Beslist",
        "criteria": "Aandeel\r\n\r\nWissels",
    }
    fields = {"title": "GPP", "from_on": "2026-01-01", "version": version_in(page)} | rows
    house.done(f"{plan}/edit", fields)
    page = house.go(plan)
    assert "Regels uitwerken" in page
    assert "<li>Aandeel</li><li>Wissels</li>" in page
    wrong = fields | {
        "activities-0-from_on": "2035-01-01",
        "version": version_in(house.go(f"{plan}/edit")),
    }
    answer = house.send(f"{plan}/edit", wrong)
    assert "moet liggen tussen" in unescape(answer.text)
    answer = house.send(f"{plan}/edit", fields | {"activities-0-from_on": "morgen"})
    assert "Dit is geen datum" in unescape(answer.text)


def test_objectives_change_places(house: House) -> None:
    plan = house.plan()
    for statement in ("Eerst", "Dan"):
        house.done(f"{plan}/objectives/new", {"statement": statement})
    order = re.search(r'name="order" value="([^"]+)"', house.go(plan))
    assert order
    last = order[1].split()[1]
    house.done(f"{plan}/objectives/{last}/up", {"order": order[1]})
    assert "Doelstelling 1: Dan" in house.go(plan)


LISTS = ("analyses", "findings", "plans", "annual-plans", "consultations", "follow-up")


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_and_who_makes_plans(house: House, role: Role) -> None:
    browser = house.site.browser(role)
    root = house.site.root
    seen = 200 if role in ALLOWED[Action.SEE_PLANS] else 403
    assert [browser.get(f"{root}/{path}").status_code for path in LISTS] == [seen] * len(LISTS)
    advisers = {Role.ADVISER, Role.PREVENTION_ADVISER}
    plans = 200 if role in ALLOWED[Action.EDIT_PLANS] else 403
    assert browser.get(f"{root}/plans/new").status_code == plans
    assert browser.get(root + house.cell()).status_code == (200 if role in advisers else 403)


def test_a_unit_head_follows_the_own_unit(house: House) -> None:
    _, year, objective = house.year()
    own = house.done(f"{year}/measures/new", house.measure(objective))
    kitchen = {"unit_id": str(house.kitchen), "title": "Stillere afwas"}
    other = house.done(f"{year}/measures/new", house.measure(objective, **kitchen))
    head = house.site.browser(Role.UNIT_HEAD)
    page = house.go("/follow-up", head)
    assert "Roosters zes weken vooraf" in page
    assert "Stillere afwas" not in page
    house.done(f"{own}/note", {"text": "Goed op weg."}, head)
    assert house.send(f"{other}/note", {"text": "Ook hier."}, head).status_code == 403
    assert "Noteer voortgang" not in house.go(other, head)
    assert 'value="decided"' not in house.go(f"{own}/note", head)


def test_a_form_without_its_token_changes_nothing(house: House) -> None:
    house.browser.token = "guessed"
    answer = house.send("/plans/new", {"title": "GPP", "from_on": "2026-01-01"})
    assert answer.status_code == 403
    assert "Hier komt het globaal preventieplan" in house.go("/plans")
