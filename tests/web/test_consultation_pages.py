"""A year of consultation over HTTP, and under Dutch rules: asked, answered, printed."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE
from tests.accessibility import violations, width_of
from tests.served import served
from tests.web.test_plan_pages import ASK, House, house

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
__all__ = ["house"]
ABOUT_TEXT = "/consultations/new?about=text&item=internal_procedure"


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house.site.settings, house.site.clock) as port:
        yield f"http://127.0.0.1:{port}"


def faults_on(
    house: House, address: str, chromium: Browser, paths: list[str], look: tuple[int, str]
) -> list[Any]:
    """What axe, the width and the console find on these pages, in one width and language."""
    width, language = look
    faults: list[Any] = []
    context = chromium.new_context(viewport={"width": width, "height": 900})
    session = house.site.session_of(Role.PREVENTION_ADVISER)
    context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": address}])
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in paths:
        mark = "&" if "?" in path else "?"
        answer = page.goto(f"{address}{house.site.root}{path}{mark}lang={language}")
        assert answer is not None
        assert answer.ok, path
        faults.extend((path, found) for found in violations(page))
        if width_of(page) > width:
            faults.append((path, width_of(page)))
    context.close()
    return faults


def test_a_year_of_consultation(house: House, address: str, chromium: Browser) -> None:
    plan, year, objective = house.year()
    house.advise("annual_plan", year)
    measure = house.done(f"{year}/measures/new", house.measure(objective, changes_work="1"))
    text = ASK | {"item": "internal_procedure", "kind": "agreement"}
    # A refused question comes back with everything that was typed.
    answer = house.send(ABOUT_TEXT, text | {"text_sent": "Blijft staan."})
    assert answer.status_code == 422
    assert "Blijft staan." in answer.text
    # Little time, after which silence counts, is meant or it is a slip.
    short = {"kind": "advice", "item": "", "due_on": "2026-03-03", "subject": "Kort"}
    answer = house.send(ABOUT_TEXT, ASK | short)
    assert "minder dan 7 dagen" in answer.text
    assert 'name="short_is_meant"' in answer.text
    asked = house.done(ABOUT_TEXT, text | {"subject": "Interne procedure"})
    advice = {"advised_on": "2026-03-02", "version": house.version(f"{asked}/advice")}
    # Two people record at once: the second sees the first answer, and loses nothing.
    house.done(f"{asked}/advice", advice | {"outcome": "unfavourable", "outcome_text": "Neen."})
    late = advice | {"outcome": "favourable", "outcome_text": "Mijn tekst over het akkoord."}
    answer = house.send(f"{asked}/advice", late)
    assert answer.status_code == 422
    assert "Mijn tekst over het akkoord." in answer.text
    assert "Neen." in answer.text

    overview = house.go("/consultations")
    for said in (
        "Interne procedure", "Geen akkoord", "Roosters zes weken vooraf", "Ondernemingsraad",
        "Collectieve voorstellen", "31\u00a0december 2026", "veranderd na het bezorgen",
    ):  # fmt: skip
        assert said in overview, said
    only = house.go("/consultations?organ=works_council")
    assert "Roosters zes weken vooraf" in only
    assert "Interne procedure" not in only
    # An earlier reply stays beside the one that stands, on paper too.
    replies = ("We volgen dit niet.", "We volgen dit vanaf mei.")
    for said in replies:
        reply = {"reply": said, "replied_on": "2026-03-02"}
        house.done(f"{asked}/reply", reply | {"version": house.version(f"{asked}/reply")})
    paper = house.browser.get(house.site.root + "/consultations/document/pdf")
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(paper.content)).pages)
    assert [said in " ".join(text.split()) for said in replies] == [True, True]
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        paper = house.browser.get(house.site.root + f"/consultations/document/{kind}")
        assert paper.content.startswith(begins)
    council = house.site.browser(Role.WORKS_COUNCIL_MEMBER)
    assert "Interne procedure" not in house.go("/consultations", council)
    assert council.get(house.site.root + asked).status_code == 404
    by_id = measure.rpartition("/")[2]
    for path in (
        "/consultations/new?about=person&item=counsellor_appointment",
        "/consultations/new?about=year&item=adviser_proposals",
        f"/consultations/new?about=measure&id={by_id}", f"{asked}/reply", plan, asked,
        "/consultations/table",
    ):  # fmt: skip
        house.go(path)
    paths = ["/consultations"]
    assert faults_on(house, address, chromium, paths, (360, "fr")) == []


def test_an_organisation_under_dutch_rules(house: House) -> None:
    contact = house.site.browser(Role.MAIN_CONTACT)
    chosen = {"variant": "nl", "people": "20", "branch_instrument": "RI&E Zorg", "version": "0"}
    house.done("/plans/settings", chosen, contact)
    organs = {"staff_representation": "1", "version": "0"}
    # The main contact reads no advice, and is not sent where they may not come.
    assert "Nederlandse regels" in house.go(
        house.done("/consultations/organs", organs, contact), contact
    )
    inventory = {"title": "RI&E 2026", "from_on": "2026-01-01", "kind": "rie"}
    plan = house.done("/plans/new", inventory)
    finding = house.find()
    objective = {
        "statement": "Minder agressie",
        "finding_ids": finding.rpartition("/")[2],
        "target_2026": "De helft",
    }
    house.done(f"{plan}/objectives/new", objective)
    # Whom the lines of these rules ask, and nobody else.
    form = house.go(f"/consultations/new?about=global_plan&id={plan.rpartition('/')[2]}")
    offered = re.search(r'<select id="organ".*?</select>', form, re.DOTALL)
    assert offered is not None
    assert re.findall(r'value="(\w+)"', offered[0]) == ["workers", "staff_representation"]
    consent = ASK | {"organ": "staff_representation", "kind": "agreement"}
    house.done(f"/consultations/new?about=global_plan&id={plan.rpartition('/')[2]}", consent)
    assert "/adopt" not in house.go(plan)  # no answer is no consent
    asked = re.findall(r"/consultations/([0-9a-f-]{36})", house.go(plan))[-1]
    form = f"/consultations/{asked}/advice"
    assert "Ingestemd" in house.go(form)
    advice = {"outcome": "favourable", "advised_on": "2026-03-02"}
    house.done(form, advice | {"version": house.version(form)})
    assert "Stel RI&E 2026 vast: het antwoord is er" in house.go("/reminders")
    assert "hoogstens 25 mensen" in house.go(plan)
    house.press(plan, "/adopt")  # 20 people with a recognised instrument: no review
    # What an expert said is read on the plan, by whoever reads the plan.
    start = house.done("/plans/new", inventory | {"kind": "start_rie", "from_on": "2031-01-01"})
    assert "Dit is een start-RI&E" in house.go(start)
    reviewed = {"expert": "Arbodienst Elders", "reviewed_on": "2026-02-20", "is_followed": "no"}
    reasoned = reviewed | {"advice": "Meer over agressie.", "deviation": "Dat volgt in mei."}
    review = f"{start}/expert-review"
    house.done(review, reasoned | {"version": house.version(review)})
    council = house.site.browser(Role.WORKS_COUNCIL_MEMBER)
    read = house.go(start, council)
    for said in (
        "Arbodienst Elders",
        "20\u00a0februari 2026",
        "Meer over agressie.",
        "niet in alles",
    ):
        assert said in read
    assert "Dat volgt in mei." in read
    framework = {"global_plan_id": plan.rpartition("/")[2], "starts_on": "2026-01-01"}
    edit = house.done("/annual-plans/new", framework)
    page = house.go(edit)
    found = re.search(r'name="objective_ids" value="([^"]+)"', page)
    assert found is not None
    version = house.version(edit)
    year = house.done(edit, {"objective_ids": found[1], "version": version})
    fields = house.measure(found[1], strategy="source", topic="sexual_misconduct")
    for name in ("prevention_level", "scope"):
        del fields[name]
    form = house.go(f"{year}/measures/new")
    assert 'name="prevention_level"' not in form
    assert "psychosociale arbeidsbelasting (PSA)" in form
    assert house.send(f"{year}/measures/new", fields | {"strategy": ""}).status_code == 422
    measure = house.done(f"{year}/measures/new", fields)
    assert "Seksueel" in house.go(measure)
    assert "Plannen van aanpak" in house.go("/annual-plans")
    table = house.go("/consultations/table")
    assert "Plan van aanpak: instemming" in table
    assert "Globaal preventieplan" not in table
    # Nothing speaks of levels of prevention: measures are found by where they take hold.
    board = house.go(f"{year}/measures")
    assert 'name="level"' not in board
    assert "Roosters zes weken vooraf" in house.go(f"{year}/measures?strategy=source")
    assert "Roosters zes weken vooraf" not in house.go(f"{year}/measures?strategy=individual")
    for page in (board, house.go(measure), house.go("/ideas/library")):
        assert not re.search("primair|secundair|tertiair", page.casefold())
    # A plan keeps the rules and the words it was drafted under, whatever is chosen afterwards.
    version = house.version("/plans/settings", contact)
    house.done("/plans/settings", chosen | {"variant": "be", "version": version}, contact)
    draft = inventory | {"kind": "start_rie", "from_on": "2031-01-01"}
    house.done(f"{start}/edit", draft | {"version": house.version(f"{start}/edit")})
    kept = house.go(start)
    assert "Dit is een start-RI&E" in kept
    assert "Plannen van aanpak" in kept
    assert "Globaal preventieplan" not in kept
