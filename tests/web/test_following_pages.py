"""Plans that are followed, over HTTP: views, files, years, teams, feedback, letters, calendar."""

import io
import re
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import docx
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import delete

from baken.actionplan.measures.queries import get_measure
from baken.actionplan.plans.editions.models import PlanEdition
from baken.actionplan.plans.evaluations.rules import Input
from baken.organisation.models import Unit
from baken.organisation.permissions import Role
from baken.web.jobs.daily import ask_for_round
from baken.web.jobs.worker import Worker
from baken.web.mail.settings import Encryption, MailSettings
from baken.web.pages.evaluation_forms import form_of
from tests.mailbox import mail_server

pytestmark = pytest.mark.sqlite


@dataclass
class House:
    """A website with a plan of five years and one of 2026, and the prevention adviser."""

    site: Any
    browser: Any
    plan: str
    year: str
    objective: str
    unit: str

    def go(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(self.site.root + path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-1500:])
        return unescape(answer.text)

    def send(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.browser.post(self.site.root + path, fields, **more)

    def done(self, path: str, fields: dict[str, Any] | None = None) -> str:
        answer = self.send(path, fields)
        assert answer.status_code == 303, unescape(answer.text)[-3000:]
        return urlsplit(answer.headers["location"]).path.removeprefix(self.site.root)

    def version(self, path: str) -> str:
        found = re.search(r'name="version"[^>]* value="(\d+)"', self.go(path))
        assert found, path
        return found[1]

    def measure(self, **changes: str) -> str:
        fields = {
            "objective_id": self.objective, "title": "Roosters vooraf", "method": "Kiezen.",
            "unit_id": self.unit, "responsible_name": "Hoofd", "decider_name": "Directie",
            "prevention_level": "primary", "scope": "collective", "domains": "psychosocial",
            "starts_on": "2026-01-05", "ends_on": "2026-12-31", "follow": "own",
            "own_name": "Wissels", "own_unit": "per maand", "start": "40", "target": "10",
            "better": "lower", "by_on": "2026-12-31", "budget": "4000", "hours_physician": "4",
        }  # fmt: skip
        return self.done(f"{self.year}/measures/new", fields | changes)

    def adopt(self, path: str, about: str) -> None:
        """Ask the committee about a plan, let it agree, adopt the plan."""
        ask = {"organ": "cpbw", "kind": "advice", "text_sent": "Ontwerp.", "item": about,
               "asked_on": "2026-03-02", "due_on": "2026-03-31"}  # fmt: skip
        self.done(f"/consultations/new?about={about}&id={path.rpartition('/')[2]}", ask)
        asked = re.findall(r"/consultations/([0-9a-f-]{36})", self.go(path))[-1]
        page = f"/consultations/{asked}/advice"
        advice = {"outcome": "favourable", "advised_on": "2026-03-02", "outcome_text": "Goed."}
        self.done(page, advice | {"version": self.version(page)})
        self.done(f"{path}/adopt", {"version": self.version(path)})


@pytest.fixture
def house(website: Any) -> House:
    with website.database.session(website.organisation.id) as session:
        unit = Unit(number="1", name="Nachtploeg", kind="team", from_on=date(2020, 1, 1))
        session.add(unit)
        session.flush()
        unit_id = str(unit.id)
    made = House(website, website.browser(Role.PREVENTION_ADVISER), "", "", "", unit_id)
    made.plan = made.done("/plans/new", {"title": "GPP 2026-2030", "from_on": "2026-01-01"})
    made.done(f"{made.plan}/objectives/new", {"statement": "Rust", "target_2026": "Zes weken"})
    edit = made.done(
        "/annual-plans/new",
        {"global_plan_id": made.plan.rpartition("/")[2], "starts_on": "2026-01-01"},
    )
    page = made.go(edit)
    made.objective = re.search(r'name="objective_ids" value="([^"]+)"', page)[1]  # type: ignore[index]
    made.year = made.done(edit, {"objective_ids": made.objective, "version": made.version(edit)})
    return made


def test_a_year_is_seen_changed_carried_and_printed(house: House) -> None:
    first, second = house.measure(), house.measure(title="Stilte", unit_id="")
    for view, said in (("board", "Gepland (2)"), ("list", "Meerdere maatregelen"),
                       ("timeline", "jan 2026")):  # fmt: skip
        assert said in house.go(f"{house.year}/measures?view={view}&status=planned"), view
    shown = house.go(f"{house.year}/measures?view=board")
    assert shown.count('<option value="board"') + shown.count('<option value=""') == 7
    assert "0 van 2" in house.go(f"{house.year}/measures?responsible=Niemand&late=1")
    key = second.rpartition("/")[2]
    change = {"field": "ends_on", "ends_on": "2026-06-30", "measure": key, f"seen_{key}": "1"}
    house.done(f"{house.year}/measures/bulk", change)
    meanwhile = house.send(f"{house.year}/measures/bulk", change | {"ends_on": "2026-05-31"})
    assert (meanwhile.status_code, "iemand anders" in meanwhile.text.lower()) == (422, True)
    other = first.rpartition("/")[2]
    both = change | {"ends_on": "2026-05-31", "measure": [key, other], f"seen_{other}": "1"}
    left = house.send(f"{house.year}/measures/bulk", both).headers["location"]
    assert "hier bleef het zoals die persoon het bewaarde" in house.browser.get(left).text
    undo = re.search(r"/measures/bulk/[0-9a-f-]{36}/undo", house.browser.get(left).text)
    other = House(house.site, house.site.browser(Role.STEERING_MEMBER), "", house.year, "", "")
    assert "wijzigde op" in other.go(f"{house.year}/measures?view=list")
    silent = other.send(f"{house.year}{undo[0]}")  # type: ignore[index]
    assert (silent.status_code, "Schrijf waarom" in silent.text) == (422, True)
    other.done(f"{house.year}{undo[0]}", {"reason": "Te vroeg."})  # type: ignore[index]
    assert "ongedaan: Te vroeg." in house.go(f"{house.year}/measures?view=list")
    refused = house.send(f"{house.year}/measures/bulk", {"field": "ends_on"})
    assert refused.status_code == 422
    undo = re.search(
        r"/measures/bulk/[0-9a-f-]{36}/undo", house.go(f"{house.year}/measures?view=list")
    )
    house.done(f"{house.year}{undo[0]}")  # type: ignore[index]
    assert "Arbeidsarts" not in house.go(first)
    assert "5 preventie-eenheden" in house.go(first)
    draft = house.browser.get(f"{house.site.root}{house.year}/document/docx").content
    assert any("Ontwerp" in line.text for line in docx.Document(io.BytesIO(draft)).paragraphs)
    assert "Ontbreekt" in house.go(house.year)
    assert "begint op 1\u00a0januari 2026, in het verleden" in house.go(house.plan)
    house.adopt(house.plan, "global_plan")
    house.adopt(house.year, "annual_plan")
    files = {kind: house.browser.get(f"{house.site.root}{house.year}/document/{kind}").content
             for kind in ("pdf", "docx")}  # fmt: skip
    again = house.browser.get(f"{house.site.root}{house.year}/document/pdf").content
    assert files["pdf"][:5] == b"%PDF-"
    assert files["pdf"] == again
    words = "\n".join(line.text for line in docx.Document(io.BytesIO(files["docx"])).paragraphs)
    assert "Roosters vooraf" in words
    assert "vastgesteld op 2\u00a0maart 2026" in words
    word = f"{house.site.root}{house.year}/document/docx"
    assert house.browser.get(word).content == files["docx"]
    assert "Versie 1" in house.go(f"{house.year}/versions")
    house.go(f"{house.year}/document/odt", status=404)
    with house.site.database.session(house.site.organisation.id) as session:
        session.execute(delete(PlanEdition).where(PlanEdition.annual_plan_id.is_(None)))
    before = house.go(f"{house.plan}/document/pdf", status=404)  # adopted before editions were kept
    assert "vastgesteld voor Baken versies bewaarde" in before
    assert "nooit vastgesteld" in house.go(f"{house.plan}/document/pdf?version=7", status=404)
    for status in ("decided", "running"):
        house.done(f"{first}/note", {"status": status, "version": house.version(f"{first}/note")})
    review = {"worked": "4", "accepted": "2", "text": "Ruilen gaat vlot.", "decision": "keep",
              "reviewed_on": "2026-03-02"}  # fmt: skip
    house.done(f"{first}/review", review)
    assert "Grotendeels" in house.go(first) or "grotendeels" in house.go(first)
    edit = house.done(
        "/annual-plans/new",
        {"global_plan_id": house.plan.rpartition("/")[2], "starts_on": "2027-01-01"},
    )
    year = house.done(edit, {"objective_ids": house.objective, "version": house.version(edit)})
    target = f"{year.rpartition('/')[2]} {house.objective}"
    assert f'<option value="{target}" selected>' in house.go(f"{first}/carry")
    carry = {"target": target, "ends_on": "2027-06-30", "reason": "De zomer ontbreekt nog."}
    carry |= {"version": house.version(f"{first}/carry")}
    new = house.done(f"{first}/carry", carry)
    assert "De zomer ontbreekt nog." in house.go(new)
    ended = house.send(f"{house.year}/end", {"version": house.version(house.year)})
    assert ended.status_code == 409
    assert "Stilte" in unescape(ended.text)
    # One stays on the page of the year, and each open measure is a way to mend it.
    stuck = ended.text.partition('id="problems"')[2].partition("</div>")[0]
    assert re.findall(r"/measures/([0-9a-f-]{36})", stuck)
    assert f"{house.year}/end" in ended.text


def test_what_a_measure_has_is_not_lost_when_it_cannot_be_chosen_any_more(house: House) -> None:
    priority = house.done("/priorities/new", {"title": "Piek", "kind": "priority", "story": "x",
                                              "urgency": "5", "feasibility": "4"})  # fmt: skip

    def decide(after: str, **more: str) -> None:
        page = f"{priority}/decide"
        house.done(page, {"after": after, "version": house.version(page)} | more)

    def follow(variant: str) -> None:
        chosen = {"variant": variant, "people": "20", "branch_instrument": ""}
        page = "/plans/settings"
        house.done(page, chosen | {"version": house.version(page)})

    follow("nl")
    decide("chosen")
    asked = {"priority_id": priority[-36:], "strategy": "source"}
    measure = house.measure()
    with house.site.database.session(house.site.organisation.id) as session:
        get_measure(session, UUID(measure[-36:])).strategy = "source"  # of before the plan decided
    edit, given = f"{measure}/edit", dict.fromkeys(("responsible_id", "decider_id"), "")
    fields = {
        "objective_id": house.objective, "title": "Roosters", "responsible_name": "Hoofd",
        "prevention_level": "primary", "scope": "collective", "domains": "psychosocial",
        "starts_on": "2026-01-05", "ends_on": "2026-12-31", "follow": "own", "own_name": "Wissels",
        "own_unit": "per maand", "start": "40", "target": "10", "better": "lower",
        "by_on": "2026-12-31", **given, **asked,
    }  # fmt: skip
    refused = house.send(edit, fields | {"version": house.version(edit)})
    assert refused.status_code == 422  # nobody wrote down why yet
    house.done(f"{priority}/causes/new", {"kind": "whys", "whys": "Omdat.", "root": "Geen uur."})
    house.done(edit, fields | {"version": house.version(edit)})
    decide("dropped", reason="Anders.")
    follow("be")
    shown = house.go(edit)
    for value in asked.values():
        chosen = re.search(rf'<option[^>]*value="{value}"[^>]*>', shown)
        assert chosen is not None, value
        assert "selected" in chosen[0], value
    house.done(edit, fields | {"title": "Anders", "version": house.version(edit)})
    with house.site.database.read(house.site.organisation.id) as session:
        kept = get_measure(session, UUID(measure[-36:]))
        assert (str(kept.priority_id), kept.strategy, kept.title) == (*asked.values(), "Anders")


def test_a_template_comes_back_as_measures(house: House) -> None:
    page = f"{house.year}/import"
    content = house.browser.get(f"{house.site.root}{page}/template/xlsx").content
    assert load_workbook(io.BytesIO(content)).active["A2"].value.startswith("Voorbeeld")
    house.go(page)
    answer = house.send(page, files={"file": ("measures.xlsx", content)})
    text = unescape(answer.text)
    assert answer.status_code == 200, text[-2000:]
    sent = re.search(r'name="content" value="([^"]+)"', text)[1]  # type: ignore[index]
    house.done(f"{page}/confirm", {"content": sent})
    assert "Voorbeeld: rooster" in house.go(f"{house.year}/measures")
    again = house.send(f"{page}/confirm", {"content": sent})
    assert again.status_code == 422  # pressed twice, or sent again with the way back
    wrong = house.send(page, files={"file": ("m.csv", b"titel;begin\nX;morgen\n")})
    assert wrong.status_code == 422


def test_teams_evaluation_feedback_and_settings(house: House) -> None:
    house.measure()
    team = f"{house.year}/teams/{house.unit}"
    assert "Nachtploeg" in house.go(f"{house.year}/teams")
    house.done(team, {"held_on": "2026-03-02", "text": "Loopt goed.", "next_step": "Zomer."})
    weighed = {"proportion": "more_needed", "text": "Alleen roosters."}
    house.done(f"{team}/weigh", weighed | {"version": house.version(f"{team}/weigh")})
    stale = house.send(f"{team}/follow-up", {"text": "Verder.", "version": "1"})
    assert stale.status_code == 422
    assert "Verder." in stale.text
    assert "Het moet verder gaan" in house.go(team)
    paper = house.browser.get(f"{house.site.root}{team}/document/docx")
    lines = [line.text for line in docx.Document(io.BytesIO(paper.content)).paragraphs]
    assert "Alleen roosters." in lines
    assert "Volgende stap: Zomer." in lines
    assert house.browser.get(f"{house.site.root}{team}/document/pdf").content[:4] == b"%PDF"
    assert house.browser.get(f"{house.site.root}{team}/document/odt").status_code == 404
    # The year that runs is proposed where none is over; nobody closes before everything is weighed.
    assert 'value="2026"' in house.go(f"{house.plan}/evaluations")
    edit = house.done(f"{house.plan}/evaluations", {"year": "2026"})
    assert "Dit jaar loopt nog" in house.go(edit)
    # No year is proposed that has one already; the next one comes with its first day.
    begun = house.go(f"{house.plan}/evaluations")
    assert ('name="year"' in begun, "zodra het begint" in begun) == (False, True)
    lacking = house.go(edit.removesuffix("/edit"))
    assert ("Nog te doen voor u kunt afsluiten" in lacking, "/close" in lacking) == (True, False)
    forced = house.send(f"{edit.removesuffix('/edit')}/close", {"version": "1"})
    assert (forced.status_code, "Nog te doen" in forced.text) == (422, True)
    # A count of a year that runs moves, and tells that somebody asked.
    assert "In 2026 waren er 0 verzoeken" not in house.go(edit)
    hexed = house.objective.replace("-", "")
    fields = {f"input_{key}": "Niets." for key in ("situation_requests", "formal_requests",
              "physician", "recurring", "register", "annual_report")}  # fmt: skip
    fields |= {f"verdict_{hexed}": "on_the_way", f"text_{hexed}": "Halfweg."}
    fields |= {"participants": "Lijn", "papa_involved": "y", "version": house.version(edit)}
    unweighed = house.send(edit, fields | {f"verdict_{hexed}": ""})
    assert (unweighed.status_code, "Halfweg." in unweighed.text) == (422, True)
    here = house.done(edit, fields)
    house.done(f"{here}/close", {"version": house.version(here)})
    assert "Afgesloten op 2\u00a0maart 2026" in house.go(here)
    page = house.done("/feedback/new", {
        "title": "Roosters", "language_of": "nl", "lines-0-said": "Te laat.",
        "lines-0-did": "Zes weken vooraf.", "lines-0-standing": "running"})  # fmt: skip
    again = f"{page}/release"
    house.done(again, {"version": house.version(again)})
    public = re.search(r"/s/\w+/feedback", house.go(page))[0]  # type: ignore[index]
    assert "Deze versie vrijgeven" not in house.go(page)  # everybody reads this one
    visitor = house.site.browser()
    # Read in the language it was written in, whatever the reader's own, under its own title.
    told = visitor.get(f"{public}?lang=fr").text
    assert "Zes weken vooraf." in told
    assert '<html lang="nl">' in told
    assert "<title>Roosters - " in told
    assert "Wij deden" in told
    assert visitor.get("/s/nietbestaand/feedback").status_code == 404
    house.done(f"{page}/withdraw", {"version": house.version(page)})
    assert visitor.get(public).status_code == 404
    chosen = {"variant": "nl", "people": "20", "branch_instrument": "RI&E Zorg"}
    house.done("/plans/settings", chosen | {"version": house.version("/plans/settings")})
    assert "Start-RI&E" in house.go("/plans/new")
    # The plan of before stays under the rules it was drafted under.
    assert 'name="prevention_level"' in house.go(f"{house.year}/measures/new")
    rie = house.done("/plans/new", {"title": "RI&E", "kind": "rie", "from_on": "2026-01-01"})
    # its list of the law, its form and its parts are called alike
    assert house.go(rie).count("Maatregelen die u voorziet") > 1
    assert "Prioritaire doelstellingen" not in house.go(rie)
    assert "Maatregelen die u voorziet" in house.go(f"{rie}/edit")
    listed, measure = house.go("/annual-plans"), house.go(house.measure())
    assert "Jaaractieplan 2026" in listed
    assert "Jaaractieplan 2026" in measure
    assert "Plan van aanpak 2026" not in listed + measure
    # So do its measures: their words, and whom they are asked of.
    mine = house.measure(title="Onder de regels van toen")
    said = [house.go(f"{mine}{part}") for part in ("", "/edit", "/note", "/review")]
    assert "sychosociale aspecten" in said[0] + said[1]
    assert "PSA" not in "".join(said)
    asked = f"/consultations/new?about=measure&id={mine.rpartition('/')[2]}"
    assert asked in unescape(said[0])
    assert "Ondernemingsraad" in house.go(asked)


def test_a_letter_a_week_and_a_calendar(house: House) -> None:
    house.measure()
    page = unescape(house.send("/reminders/calendar").text)
    address = urlsplit(re.search(r"http[^<]+\.ics", page)[0]).path  # type: ignore[index]
    visitor = house.site.browser()
    found = visitor.get(address)
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(found.content).walk("VEVENT")
    assert {str(event["summary"]).partition(": ")[2] for event in events} == {"Roosters vooraf"}
    assert {str(name) for event in events for name in event} == {
        "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "TRANSP",
    }  # fmt: skip
    house.done("/reminders/calendar/end")
    assert visitor.get(address).status_code == 404
    assert "Maatregel" in house.go("/reminders") or "maatregel" in house.go("/reminders")
    with mail_server() as (mailbox, port):
        mail = MailSettings("127.0.0.1", "baken@voorbeeld.example", port, Encryption.NONE)
        site, keys = house.site, house.site.app.state.key_store
        settings = replace(site.settings, mail=mail)
        reader = "prevention_adviser@voorbeeld.example"
        worker = Worker(site.database, keys, settings, site.clock)
        for wanted in ("yes", "no"):
            house.done("/reminders/letter", {"wanted": wanted})
            ask_for_round(site.database, now=site.clock.now)
            worker.work_off()
            assert mailbox.by_recipient[reader] == 1, wanted
        site.clock.move(days=7)
        ask_for_round(site.database, now=site.clock.now)
        worker.work_off()
        assert mailbox.by_recipient[reader] == 1
        said = next(text.get_content() for to, text in mailbox.letters if to == reader)
        assert "Roosters vooraf" not in said
        assert "/reminders/settings" in said


def test_what_is_known_by_now_stands_where_an_evaluation_says_nothing_yet() -> None:
    form = form_of(()).blank("nl", {"input_register": "Zelf geschreven."})
    form.offer_known({Input.REGISTER: "Vijf feiten.", Input.ANNUAL_REPORT: "Zeven ongevallen."})
    said = form.fields().inputs
    assert (said[Input.REGISTER], said[Input.ANNUAL_REPORT], said[Input.PHYSICIAN]) == (
        "Zelf geschreven.", "Zeven ongevallen.", ""
    )  # fmt: skip
