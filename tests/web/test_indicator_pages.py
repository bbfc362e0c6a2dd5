"""Pages of indicators, accidents and headcounts: who sees what, forms, and a file step by step."""

import logging
import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from baken.actionplan.indicators.actions import add_series, enter_value
from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.periods import span_of
from baken.actionplan.indicators.rules import Figure, SeriesFields
from baken.actionplan.indicators.types import Better
from baken.organisation.permissions import Actor, Grant, Role
from baken.survey.screening.actions import start_sheet
from baken.survey.screening.rules import SheetFields
from baken.web.body import Form
from baken.web.pages.plan_forms import PlanForm, figure
from tests.web.conftest import Browser, Website
from tests.web.test_screening_pages import add_unit

CANARY = "kanariepluim"
SERIES = {
    "kind": "requests",
    "name": "Consultaties",
    "source": "Dienst",
    "period": "quarter",
    "better": "lower",
    "target": "4,5",
    "target_on": "2026-12-31",
}
ACCIDENT = {
    "happened_on": "2025-05-05",
    "kind": "work",
    "gravity": "temporary",
    "days_lost": "12",
    "n": "1",
}


def _year() -> dict[str, str]:
    found = {"year": "2025", "activity": "ordinary", "source": "Register"}
    for n, days in enumerate((90, 91, 92, 92), start=1):
        found |= {
            f"full_days_{n}": str(40 * days),
            f"part_days_{n}": str(10 * days),
            f"trainee_hours_{n}": "875,0",
            f"people_{n}": "50",
        }
    return found


def _hidden(page: Any) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in pairs}


def _text(browser: Browser, path: str) -> str:
    return unescape(browser.get(path).text)


def test_the_calculator_shows_its_working(website: Website) -> None:
    hr, root = website.browser(Role.HR), f"{website.root}/headcount"
    hr.get(f"{root}/new?lang=nl")
    odd = hr.post(f"{root}/new", {**_year(), "full_days_2": "-1"})
    assert (odd.status_code, "onder nul" in odd.text) == (422, True)
    assert 'value="875,0"' in odd.text  # what was typed stays
    lacking = hr.post(f"{root}/new", {**_year(), "full_days_3": ""})
    assert "Kwartaal 3, dagen van wie" in unescape(lacking.text)
    assert "year=2025" in hr.post(f"{root}/new", _year()).headers["location"]
    shown = re.sub(r"<[^>]+>|\s+", " ", _text(hr, root))
    for cell in ("40,00", "5,00", "2,00", "47,00", "50,00", "groep C-"):
        assert cell in shown
    hr.get(f"{root}/2025")
    stale = hr.post(f"{root}/2025", {**_year(), "version": "9", "source": "Ander"})
    assert (stale.status_code, "Ander" in stale.text) == (422, True)
    assert website.browser(Role.CPBW_MEMBER).get(f"{root}/2025").status_code == 403


def test_accidents_are_kept_by_few_and_read_as_figures(website: Website) -> None:
    adviser, root = website.browser(Role.PREVENTION_ADVISER), f"{website.root}/accidents"
    adviser.get(f"{root}/new?lang=nl")
    bad = adviser.post(f"{root}/new", {**ACCIDENT, "days_lost": "-4", "reason": "mijn tekst"})
    assert (bad.status_code, "mijn tekst" in bad.text) == (422, True)
    assert adviser.post(f"{root}/new", ACCIDENT).status_code == 303
    hours = {"year": "2025", "hours": "180000", "version": ""}
    adviser.get(f"{root}/hours?year=2025")
    assert adviser.post(f"{root}/hours", hours).status_code == 303
    member = website.browser(Role.CPBW_MEMBER)
    # one accident, one permanent disability: they tell of somebody, whoever keeps them sees them
    few = _text(member, f"{root}?year=2025&lang=nl")
    assert "5,56" not in few
    assert "minder dan vijf ongevallen vertellen" in few
    assert "5,56" in _text(adviser, f"{root}?year=2025&lang=nl")  # 1,000,000 / 180,000
    # the same once more is asked about, with what was typed
    again = adviser.post(f"{root}/new", {**ACCIDENT, "reason": "mijn tekst"})
    assert (again.status_code, "mijn tekst" in again.text) == (422, True)
    assert "is_another" in again.text
    assert "is_another" not in bad.text
    other = {**ACCIDENT, "is_another": "y"}
    grave = {**ACCIDENT, "gravity": "permanent", "percent": "10"}
    for sent in (other, other, other, grave):
        assert adviser.post(f"{root}/new", sent).status_code == 303
    listed = re.findall(r"/accidents/([0-9a-f-]{36})", adviser.get(f"{root}?year=2025").text)
    moved = {**ACCIDENT, "happened_on": "2025-06-06", "version": "1"}
    assert adviser.post(f"{root}/{listed[0]}", moved).status_code == 303
    back = adviser.post(f"{root}/{listed[0]}", {**ACCIDENT, "version": "2"})
    assert (back.status_code, "is_another" in back.text) == (422, True)
    assert adviser.post(f"{root}/{listed[0]}", {**other, "version": "2"}).status_code == 303
    page = _text(member, f"{root}?year=2025&lang=nl")
    assert "27,78" in page  # 5,000,000 / 180,000
    assert "0,33" in page  # 60,000 / 180,000
    assert "750" not in page  # flat-rate days of one: the table says what was lost
    assert "2025-05-05" not in page
    assert "/accidents/new" not in page
    assert member.get(f"{root}/new").status_code == 403
    assert adviser.post(f"{root}/2025/fix").status_code == 303
    listed = _text(adviser, f"{root}?year=2025")
    accident = re.findall(r"/accidents/([0-9a-f-]{36})", listed)[0]
    form = adviser.get(f"{root}/{accident}")
    version = re.search(r'name="version"[^>]*value="(\d+)"', form.text)
    assert version is not None
    late = {**ACCIDENT, "days_lost": "14", "version": version[1]}
    assert adviser.post(f"{root}/{accident}", late).status_code == 422
    assert adviser.post(f"{root}/{accident}", {**late, "reason": "Attest"}).status_code == 303
    page = _text(adviser, f"{root}?year=2025")
    assert "Attest" in page
    assert "Vandaag meegedeeld" in page


def test_a_series_is_followed_by_hand(website: Website) -> None:
    hr, root = website.browser(Role.HR), f"{website.root}/indicators"
    hr.get(f"{root}/new?lang=nl")
    assert hr.post(f"{root}/new", {**SERIES, "target_on": ""}).status_code == 422
    made = hr.post(f"{root}/new", SERIES)
    assert made.status_code == 303
    values = made.headers["location"].partition("?")[0]
    hr.get(values)
    for day, n in (("2025-02-01", "9"), ("2025-05-01", "7"), ("2025-08-01", "3")):
        sent = {"on": day, "numerator": n, "people": "60"}
        assert hr.post(values, sent).status_code == 303
    again = hr.post(values, {"on": "2025-03-31", "numerator": "9", "people": "60"})
    assert (again.status_code, "al een cijfer" in again.text) == (422, True)
    series = values.removesuffix("/values")
    reader = website.browser(Role.CPBW_MEMBER)
    page = _text(reader, f"{series}?lang=nl")
    assert "van 9 (K1 2025) naar 7 (K2 2025)" in page  # 3 is a small count
    assert "values" not in page
    assert reader.get(f"{root}?lang=nl").status_code == 200
    assert ">3<" not in page
    assert website.browser(Role.GUEST).get(root).status_code == 403
    assert hr.get(f"{root}/costs?year=2025&yearly_cost=abc").status_code == 422
    assert hr.get(f"{root}/absence?year=99999").status_code == 200


def test_a_file_of_people_goes_through_without_leaving_anybody(
    website: Website, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hr, root = website.browser(Role.HR), f"{website.root}/indicators/import"
    units = "number;name;headcount\nWZ;Woonzorg;60\nAD;Administratie;3\nTD;Techniek;20\n"
    hr.get(f"{website.root}/units/import?lang=nl")
    sent = hr.client.post(
        f"{website.root}/units/import",
        data={"csrf": hr.token, "on": "2025-01-01"},
        files={"file": ("u.csv", units.encode())},
    )
    kept = _hidden(sent)
    assert hr.post(f"{website.root}/units/import/confirm", kept).status_code == 303
    people = "Naam;Eenheid;Begindatum;Einddatum\n" + "".join(
        f"{CANARY} {n};{unit};2025-02-{n + 1:02};2025-02-{n + 3:02}\n"
        for unit in ("WZ", "AD", CANARY)
        for n in range(6)
    )
    hr.get(root)
    first = {"content": "absences", "period": "month", "first": "2025-01-01", "last": "2025-12-31"}
    columns = hr.client.post(
        root, data={"csrf": hr.token, **first}, files={"file": ("p.csv", people.encode())}
    )
    assert columns.status_code == 200
    chosen = dict(re.findall(r'name="(column_\d+)".*?<option value="(\w+)" selected', columns.text,
                             re.DOTALL))  # fmt: skip
    step = {**_hidden(columns), "column_1": "unit", "column_2": "from", "column_3": "until"}
    assert chosen
    checked = hr.post(f"{root}/check", step)
    page = unescape(checked.text)
    assert "6 regels zijn niet meegenomen" in page
    assert "Administratie" in page  # too small for figures of its own
    assert "dus geen cijfer: Techniek" in page
    # as a browser sends it: what the page carries, then the button
    zero = hr.post(f"{root}/check", {**_hidden(checked), "is_complete": "y"})
    told = unescape(zero.text)
    assert "tellen als nul" in told
    assert "dus geen cijfer" not in told
    assert _hidden(zero)["is_complete"] == "y"
    assert "is_complete" not in _hidden(checked)
    assert CANARY not in page.replace(_hidden(checked)["sealed"], "")
    assert hr.post(f"{root}/confirm", {**step, **_hidden(checked)}).status_code == 422
    done = hr.post(f"{root}/confirm", {**step, **_hidden(checked), "leaves_out": "y"})
    assert done.status_code == 303
    overview = _text(hr, f"{website.root}/indicators/absence?year=2025&lang=nl")
    assert "Woonzorg" in overview
    listed = hr.get(root)
    undo = re.search(r'action="([^"]+/undo)"', listed.text)
    assert undo is not None
    assert hr.post(undo[1]).status_code == 303
    assert "geen cijfers over afwezigheid" in _text(hr, f"{website.root}/indicators/absence")
    cut = hr.post(f"{root}/check", {**step, "sealed": "xxxx"})
    assert (cut.status_code, "kwam niet heel aan" in unescape(cut.text)) == (422, True)
    assert CANARY not in caplog.text


def test_a_screening_sheet_offers_what_the_indicators_know(website: Website) -> None:
    unit_id = add_unit(website, "Nachtploeg", 40)
    by = Actor(
        website.organisation.people[Role.PREVENTION_ADVISER],
        website.organisation.id,
        "Iemand",
        frozenset({Grant(Role.PREVENTION_ADVISER)}),
    )
    today = date(2026, 3, 2)
    fields = SeriesFields(
        "absence_rate", "Verzuim", PeriodKind.YEAR, Better.LOWER, "", "Sociaal secretariaat"
    )
    year = span_of(PeriodKind.YEAR, date(2025, 1, 1))
    with website.database.session(website.organisation.id) as session:
        series = add_series(session, fields, by=by)
        figure = Figure(unit_id, year, 730, 14_600, people=40)
        enter_value(session, series.id, figure, by=by, today=today)
        days = SheetFields(year.from_on, year.until_on, ())
        sheet = start_sheet(session, unit_id, days, by=by, today=today).id
    browser = website.browser(Role.PREVENTION_ADVISER)
    page = _text(browser, f"{website.root}/screenings/{sheet}/lights?lang=nl")
    assert 'value="5"' in page
    assert "Sociaal secretariaat, stand van 2 maart 2026" in page
    assert "staan klaar in lege velden" in page


class Counted(PlanForm):
    n = figure("indicators.title")


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("nl", "354960", 354960),
        ("nl", "354 960,5", 354960.5),
        ("nl", "0.125", 0.125),
        ("en", "1.234", 1.234),
        ("nl", "354.960", None),
        ("fr", "1.234.567", None),
        ("en", "1,234", None),
    ],
)
def test_a_sign_between_thousands_is_asked_about(
    language: str, typed: str, read: float | None
) -> None:
    form = Counted.read(Form({"n": (typed,)}), language)
    assert form.validate() == (read is not None)
    assert form.n.data == read
    assert form.n.errors == ([] if read else ["indicators.no_thousands"])
