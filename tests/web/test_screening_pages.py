"""The pages of the knipperlichten: what they show, refuse, keep and hand out as a file."""

import io
import re
from datetime import date
from typing import Any
from uuid import UUID

import openpyxl

from baken.instruments.library import load_instrument
from baken.organisation.models import Headcount, Unit, UnitKind
from baken.organisation.permissions import Role

CODES = [item.code for item in load_instrument("knipperlichten", "1").items]
SHEET = {
    "from_on": "2025-01-01",
    "until_on": "2025-12-31",
    "met_on": "2026-02-20",
    "group-0-name": "Mieke Voorbeeld",
    "group-0-function": "hoofd",
    "group-1-name": "=cmd|' /C calc'!A0",
    "group-1-function": "vakbond",
}


def add_unit(website: Any, name: str, people: int) -> UUID:
    with website.database.session(website.organisation.id) as session:
        unit = Unit(kind=UnitKind.TEAM, number=name[:8], name=name, from_on=date(2020, 1, 1))
        session.add(unit)
        session.flush()
        session.add(Headcount(unit_id=unit.id, from_on=date(2020, 1, 1), people=people))
        return unit.id


def version_in(answer: Any) -> str:
    return re.search(r'name="version" (?:type="hidden" )?value="(\d+)"', answer.text)[1]


def lights(n_on: int, **more: str) -> dict[str, str]:
    states = {f"state_{n}": "on" if n < n_on else "off" for n in range(len(CODES))}
    return {**states, **more}


def begin(browser: Any, website: Any, unit_id: UUID, **changes: str) -> str:
    """A sheet that has begun; answers its address."""
    sent = {**SHEET, "unit_id": str(unit_id), **changes}
    answer = browser.post(f"{website.root}/screenings/new", sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("/lights")[0]


def save(browser: Any, path: str, fields: dict[str, str]) -> Any:
    version = version_in(browser.get(path))
    return browser.post(path, {**fields, "version": version})


def agreed(browser: Any, website: Any, unit_id: UUID, n_on: int, **more: str) -> str:
    here = begin(browser, website, unit_id)
    assert save(browser, f"{here}/lights", lights(n_on, **more)).status_code == 303
    answer = browser.post(f"{here}/agree", {"version": version_in(browser.get(here))})
    assert answer.status_code == 303, answer.text
    return here


def test_a_group_fills_in_agrees_and_corrects(website: Any) -> None:
    unit_id = add_unit(website, "Nachtploeg", 12)
    browser = website.browser(Role.HR)
    blank = browser.post(f"{website.root}/screenings/new", {**SHEET, "unit_id": ""})
    assert blank.status_code == 422  # no unit is chosen beforehand
    # The field says "%", so its sign may be typed too; elsewhere it may not.
    here = agreed(browser, website, unit_id, 9, value_0="7,5 %", source_0="Sociale balans")
    shown = browser.get(here)
    assert "Nachtploeg: 9 van 12 lichten aan" in shown.text
    assert "Ze vervangt de wettelijke risicoanalyse niet" in shown.text
    assert "niet anoniem" in shown.text
    assert "officieel instrument" in shown.text
    for path in ("edit", "lights", "figures"):
        assert browser.get(f"{here}/{path}").status_code == 409
    later = browser.post(f"{here}/revise").headers["location"].partition("?")[0]
    assert "Er is een nieuwere editie" in browser.get(here).text
    save(browser, f"{later}/figures", {"before_0": "6"})
    assert "1,25 keer 6" in browser.get(later).text
    gone = browser.post(f"{later}/delete", {"version": version_in(browser.get(later))})
    assert gone.status_code == 303
    assert browser.get(later).status_code == 404
    assert "Nachtploeg" in browser.get(f"{website.root}/screenings").text


def test_what_waits_leads_to_the_draft(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    here = begin(browser, website, add_unit(website, "Nachtploeg", 12))
    home = browser.get(f"{website.root}/")
    assert "De knipperlichten van Nachtploeg wachten op het akkoord" in home.text
    assert f'href="{here}"' in home.text
    assert f'href="{website.root}/screenings"' in browser.get(f"{website.root}/cycle/explore").text


def test_nothing_typed_is_lost_and_faults_name_their_light(website: Any) -> None:
    unit_id = add_unit(website, "Nachtploeg", 12)
    browser = website.browser(Role.ADVISER)
    here = begin(browser, website, unit_id)
    odd = lights(3, value_1="veel", comment_2="Blijft <b>staan</b>", source_0="s" * 201)
    refused = save(browser, f"{here}/lights", odd)
    assert refused.status_code == 422
    assert "Vaak kort afwezig: cijfer" in refused.text.replace("Cijfer", "cijfer")
    assert "Blijft &lt;b&gt;staan&lt;/b&gt;" in refused.text
    assert 'value="veel"' in refused.text
    forged = save(browser, f"{here}/lights", {"state_0": "maybe", "value_0": "-3"})
    assert forged.status_code == 422
    odd = save(browser, f"{here}/lights", {"value_1": "7,3%"})
    assert odd.status_code == 422
    nan = save(browser, f"{here}/lights", {"value_0": "nan"})
    assert "Een cijfer is een getal van 0 tot" in nan.text
    for path, field in (("lights", "comment_0"), ("edit", "group-0-name")):
        odd_sign = save(browser, f"{here}/{path}", {**SHEET, field: "a\0b"})
        assert "een teken dat niet bewaard kan worden" in odd_sign.text
    again = browser.post(f"{website.root}/screenings/new", {**SHEET, "unit_id": str(unit_id)})
    assert again.status_code == 422
    assert "Er is al een blad van deze eenheid over 1\u00a0januari 2025" in again.text
    assert "Mieke Voorbeeld" in again.text
    rows = {"group-²-name": "x", "group-99999999999999999999-name": "y", "group--1-name": "z"}
    assert save(browser, f"{here}/edit", {**SHEET, **rows}).status_code == 303
    early = browser.post(f"{here}/agree", {"version": version_in(browser.get(here))})
    assert early.status_code == 422


def test_the_second_of_two_people_is_told_and_can_save_knowingly(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    here = begin(browser, website, add_unit(website, "Nachtploeg", 12))
    old = version_in(browser.get(f"{here}/lights"))
    assert save(browser, f"{here}/lights", lights(3)).status_code == 303
    told = browser.post(f"{here}/lights", {**lights(5), "version": old})
    assert told.status_code == 422
    assert "Iemand anders" in told.text
    knowing = browser.post(f"{here}/lights", {**lights(5), "version": version_in(told)})
    assert knowing.status_code == 303


def test_a_sheet_moved_to_another_period_asks_to_look_again(website: Any) -> None:
    browser = website.browser(Role.HR)
    here = begin(browser, website, add_unit(website, "Nachtploeg", 12))
    save(browser, f"{here}/lights", lights(3, value_0="7,5", source_0="Sociale balans"))
    save(browser, f"{here}/figures", {"before_0": "6"})
    other_year = {**SHEET, "from_on": "2024-01-01", "until_on": "2024-12-31"}
    moved = save(browser, f"{here}/edit", other_year)
    assert "Kijk na of wat u zelf typte" in browser.get(moved.headers["location"]).text
    waits = browser.get(here).text
    assert "nadat cijfers van vorige periodes waren getypt" in waits
    assert f'<a class="button primary" href="{here}/figures">' in waits
    assert (
        "horen misschien niet bij de nieuwe periode: Ziekteverzuim."
        in browser.get(f"{here}/figures").text
    )
    save(browser, f"{here}/figures", {"before_0": "6"})
    assert "De groep is het eens" in browser.get(here).text


def test_a_unit_that_ended_is_told_apart_and_keeps_its_history(website: Any) -> None:
    unit_id = add_unit(website, "Nachtploeg", 12)
    browser = website.browser(Role.HR)
    agreed(browser, website, unit_id, 9)
    with website.database.session(website.organisation.id) as session:
        session.get_one(Unit, unit_id).until_on = date(2026, 1, 31)
    shown = browser.get(f"{website.root}/screenings").text
    assert "Waar eerst kijken" not in shown
    assert (
        "beëindigd op 31\u00a0januari 2026" in shown.partition("Eenheden die niet meer bestaan")[2]
    )
    history = browser.get(f"{website.root}/screenings/units/{unit_id}").text
    assert "beëindigd op 31\u00a0januari 2026" in history
    assert "9 van 12 aan" in history
    assert "Blad beginnen" not in history


def test_the_library_leads_to_the_screening_and_makes_no_own_version_of_it(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    shelf = browser.get(f"{website.root}/library").text
    assert f'<a href="{website.root}/screenings">Naar de knipperlichten</a>' in shelf
    assert f'href="{website.root}/library/knipperlichten/1"' in shelf
    assert (
        "Een eigen versie maken" not in browser.get(f"{website.root}/library/knipperlichten/1").text
    )


def test_files_hold_every_light_and_run_nothing(website: Any) -> None:
    browser = website.browser(Role.EMPLOYER)
    for name, n_on in (("Dagploeg", 2), ("Nachtploeg", 9)):
        unit_id = add_unit(website, name, 12)
        agreed(browser, website, unit_id, n_on, comment_0="=1+1", value_0="3", source_0="-HR")
    text = browser.get(f"{website.root}/screenings/export.csv").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 1 + 2 * 12
    assert "'=1+1" in lines[1]
    assert "'-HR" in lines[1]
    book = openpyxl.load_workbook(
        io.BytesIO(browser.get(f"{website.root}/screenings/export.xlsx").content)
    )
    first, second = book.worksheets
    assert [row[0].value for row in first.iter_rows(min_row=2)] == ["Nachtploeg", "Dagploeg"]
    assert second.max_row == 1 + 2 * 12
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.rows for cell in row}
    assert "f" not in kinds


def test_own_words_and_limits_are_for_sheets_to_come(website: Any) -> None:
    unit_id = add_unit(website, "Nachtploeg", 12)
    browser = website.browser(Role.ADVISER)
    root = f"{website.root}/screenings/wording"
    limits = {"orange_0": "5", "red_0": "10"}
    pairs = {1: ("1,2", "1,5"), 2: ("1,3", "1,6"), 3: ("2", "4")}
    for place, (orange, red) in pairs.items():
        limits |= {f"orange_{place}": orange, f"red_{place}": red}
    odd = save(browser, f"{root}/bands", {**limits, "orange_0": "11"})
    assert odd.status_code == 422
    assert "laat elke oranje grens lager liggen" in odd.text
    assert save(browser, f"{root}/bands", limits).status_code == 303
    page = browser.get(f"{root}/texts/fr")
    typed = dict(re.findall(r'name="(\w+_\d+)"[^>]*? value="([^"]*)"', page.text))
    typed |= {"name_0": "Absences", "note": "Nos mots à nous."}
    assert save(browser, f"{root}/texts/fr", typed).status_code == 303
    assert "eigen versie 2" in browser.get(agreed(browser, website, unit_id, 9)).text
    assert "Nos mots à nous." in browser.get(f"{root}?lang=fr").text
    assert browser.get(f"{root}/texts/xx").status_code == 404
    reader = website.browser(Role.CPBW_MEMBER)
    assert reader.get(root).status_code == 200
    assert reader.get(f"{root}/bands").status_code == 403
    assert reader.get(f"{website.root}/screenings/new").status_code == 403
    assert website.browser(Role.UNIT_HEAD).get(f"{website.root}/screenings").status_code == 403
