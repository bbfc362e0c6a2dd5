"""Results through HTTP: who sees what, and that nothing withheld ever comes out."""

import io
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.engine import Engine

from baken.analysis.releases.models import Release
from baken.analysis.releases.results import results
from baken.analysis.tallies.tally import Tally
from baken.instruments.library import load_instrument
from baken.organisation.models import RoleGrant, Unit, UnitKind
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.storage.audit import list_entries
from baken.survey.answers import Block, data_key, write_block
from baken.survey.campaigns.models import Campaign, FrozenUnit, tree_of
from baken.survey.campaigns.rules import CampaignState
from baken.survey.comments import DetachedComment, comments_key, write_comments
from baken.survey.disclosure.merging import merge_labels
from baken.web.charts.intervals import Spot, intervals
from baken.web.pages.access import SESSION_COOKIE
from baken.web.pages.results_values import Difference, Shown, Withheld, unit_cell, whole_cell
from baken.web.texts import catalogue
from tests.accessibility import violations, width_of
from tests.databases import listening
from tests.served import served

INSTRUMENT = load_instrument("vijf-a", "1")
DAY = date(2026, 3, 2)
UNTIL = date(2027, 3, 1)
# name -> unit above, people who answered, people there. "Klein" is too small to be shown.
HOUSE = {
    "Huis": ("", 0, 0),
    "Zorg": ("Huis", 2, 2),
    "Nachtploeg": ("Zorg", 14, 20),
    "Dagploeg": ("Zorg", 16, 16),
    "Klein": ("Zorg", 4, 6),
    "Keuken": ("Huis", 22, 30),
}
# So long that no identifier or hash of a page holds them by chance.
PLANTED, PLANTED_COUNT = 765432109.0, 987654321


@dataclass
class Held:
    """A campaign whose answers were opened."""

    website: Any
    campaign_id: UUID
    unit_of: dict[str, str]
    answers: dict[str, np.ndarray]

    @property
    def page(self) -> str:
        return f"{self.website.root}/campaigns/{self.campaign_id}/results"

    def unit_page(self, name: str) -> str:
        return f"{self.page}/units/{self.unit_of[name]}"

    def release(self) -> "Held":
        answer = self.website.browser(Role.ADVISER).post(self.page)
        assert answer.status_code == 303, answer.text
        self.website.work_off()
        return self

    def stored(self) -> dict[str, Any]:
        with self.website.database.read(self.website.organisation.id) as session:
            return deepcopy(session.scalars(select(Release)).one().results)

    def store(self, changed: dict[str, Any]) -> None:
        with self.website.database.session(self.website.organisation.id) as session:
            session.scalars(select(Release)).one().results = changed

    def pages(self) -> list[str]:
        """The text of every page of the release, as the adviser sees it."""
        browser = self.website.browser(Role.ADVISER)
        units = [f"{self.page}/units/{key}" for key in self.stored()["units"]]
        scales = [f"{self.page}/scales/{scale.key}" for scale in INSTRUMENT.scales]
        found = [browser.get(path) for path in (self.page, *units, *scales)]
        assert {answer.status_code for answer in found} == {200}
        return [answer.text for answer in found]


def sheets(n: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    tops = [item.format.high - item.format.low for item in INSTRUMENT.items]
    level = random.normal(0.3 + 0.1 * (seed % 4), 0.2, (n, 1))
    noise = random.normal(0, 0.2, (n, len(tops)))
    return np.clip(np.rint((level + noise) * tops), 0, tops).astype(np.int8)


def hold(website: Any, house: dict[str, tuple[str, int, int]] | None = None) -> Held:
    """A campaign as the opening leaves it: labels merged, blocks of at least k."""
    house = house or HOUSE
    organisation_id = website.organisation.id
    unit_of = {name: str(uuid4()) for name in house}
    frozen = [
        FrozenUnit(
            key=unit_of[name],
            parent=unit_of.get(above),
            number=name,
            name=name,
            kind="team",
            headcount=people,
        )
        for name, (above, _, people) in house.items()
    ]
    answers = {name: sheets(n, seed) for seed, (name, (_, n, _)) in enumerate(house.items()) if n}
    tree = tree_of(frozen)
    rows = {unit_of[name]: len(rows) for name, rows in answers.items()}
    label_of = dict(merge_labels(tree, rows, 10).label_of)
    with website.database.session(organisation_id) as session:
        for name, (above, _, _) in house.items():
            session.add(
                Unit(
                    id=UUID(unit_of[name]),
                    parent_id=UUID(unit_of[above]) if above else None,
                    kind=UnitKind.TEAM,
                    number=name,
                    name=name,
                    from_on=date(2020, 1, 1),
                )
            )
            session.flush()
        campaign = Campaign(
            title="Bevraging 2026",
            state=CampaignState.OPENED,
            instrument_key=INSTRUMENT.key,
            instrument_version=INSTRUMENT.version,
            instrument_fingerprint=INSTRUMENT.fingerprint,
            languages=["nl"],
            opens_on=DAY,
            closes_on=DAY,
            background_headcounts={},
            answers_until_on=UNTIL,
            comments_until_on=UNTIL,
            unit_tree=frozen,
            min_group_at_launch=10,
            label_of=label_of,
        )
        session.add(campaign)
        session.flush()
        keys = website.app.state.key_store
        key = data_key(keys, organisation_id, campaign.id)
        blocks: dict[str, list[np.ndarray]] = {}
        for name, items in answers.items():
            blocks.setdefault(label_of[tree.key_of(unit_of[name])], []).append(items)
        for label, parts in blocks.items():
            items = np.concatenate(parts)
            block = Block(label, items, np.zeros((len(items), 0), np.int8), ())
            write_block(session, key, campaign.id, block)
        return Held(website, campaign.id, unit_of, answers)


@pytest.fixture
def held(website: Any) -> Held:
    return hold(website)


@pytest.fixture
def released(held: Held) -> Held:
    return held.release()


def make_head_of(held: Held, name: str) -> None:
    """Let the unit head head this unit, and no longer nothing."""
    website = held.website
    with website.database.session(website.organisation.id) as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.role == Role.UNIT_HEAD)).one()
        grant.unit_id = UUID(held.unit_of[name])


def test_results_are_released_once_by_the_adviser(held: Held) -> None:
    website = held.website
    member = website.browser(Role.CPBW_MEMBER)
    assert "geeft de resultaten vrij" in member.get(held.page).text
    assert "Bevraging 2026" not in member.get(f"{website.root}/results").text

    adviser = website.browser(Role.ADVISER)
    assert "nog niet vrijgegeven" in adviser.get(f"{website.root}/results").text
    assert "Resultaten vrijgeven" in adviser.get(held.page).text
    following = {adviser.post(held.page).headers["location"] for _ in range(2)}
    assert len(following) == 1  # pressed twice, asked once
    assert website.work_off() == 1
    assert f'href="{held.page}"' in adviser.get(following.pop()).text
    assert adviser.post(held.page).headers["location"] == held.page
    with website.database.read(website.organisation.id) as session:
        assert session.scalars(select(Release)).one().number == 1
        entry = list_entries(session)[0]
        assert (entry.action, entry.facts["number"]) == ("release.made", 1)

    text = member.get(held.page).text
    assert "58 van 74 mensen antwoordden" in text
    assert "Bevraging 2026" in member.get(f"{website.root}/results").text
    assert "Maak vaststelling" not in text


@pytest.mark.parametrize("role", list(Role))
def test_who_opens_which_page(released: Held, role: Role) -> None:
    browser = released.website.browser(role)
    sees = role in ALLOWED[Action.SEE_RESULTS]
    theme = f"{released.page}/scales/workload"
    for path in (released.page, f"{released.page}.json", f"{released.page}.xlsx", theme):
        assert browser.get(path).status_code == (200 if sees else 403), path
    unit = browser.get(released.unit_page("Keuken"))
    elsewhere = 404 if role is Role.UNIT_HEAD else 403
    assert unit.status_code == (200 if sees else elsewhere)
    may_record = role in {Role.ADVISER, Role.PREVENTION_ADVISER}
    assert ("/findings/new?release=" in unit.text) == may_record
    if role is not Role.ADVISER:
        assert browser.post(released.page).status_code == 403
        comments = released.page.replace("/results", "/comments")
        assert browser.get(comments).status_code == 403
        assert browser.post(comments).status_code == 403


def test_a_unit_head_sees_the_own_unit_and_those_below(released: Held) -> None:
    make_head_of(released, "Zorg")
    browser = released.website.browser(Role.UNIT_HEAD)
    listed = browser.get(f"{released.website.root}/results").text
    assert "Nachtploeg" in listed
    assert "Keuken" not in listed
    for name in ("Zorg", "Nachtploeg", "Dagploeg", "Klein"):
        page = browser.get(released.unit_page(name))
        assert page.status_code == 200
        assert "Keuken" not in page.text
        assert f"{released.page}/scales" not in page.text
    assert browser.get(released.unit_page("Keuken")).status_code == 404
    assert browser.get(f"{released.page}/units/{uuid4()}").status_code == 404

    make_head_of(released, "Keuken")
    assert browser.get(released.unit_page("Keuken")).status_code == 200
    assert browser.get(released.unit_page("Zorg")).status_code == 404


def test_results_of_another_organisation_do_not_exist(released: Held) -> None:
    other = released.website.add_organisation("Elders")
    browser = released.website.browser(Role.ADVISER)
    foreign = released.page.replace(str(released.website.organisation.id), str(other.id))
    assert browser.get(foreign).status_code == 404
    assert browser.get(f"{released.website.root}/campaigns/{uuid4()}/results").status_code == 404
    assert browser.get(f"{released.page}/scales/none").status_code == 404


def test_a_merged_unit_says_where_it_counts(released: Held) -> None:
    stored = released.stored()["units"]
    merged = [name for name, key in released.unit_of.items() if _is_merged(stored.get(key))]
    assert "Klein" in merged
    browser = released.website.browser(Role.CPBW_MEMBER)
    into = {stored[released.unit_of[name]]["withheld"]["counted_in"] for name in merged}
    assert into == {released.unit_of["Zorg"]}
    sentence = "om de anonimiteit te beschermen."
    assert f"Samen geteld met Zorg {sentence}" in browser.get(released.page).text
    for name in merged:
        page = browser.get(released.unit_page(name)).text
        assert f'<a href="{released.unit_page("Zorg")}">Zorg</a> {sentence}' in page
        assert "data-chart" not in page
    assert "eenheden zijn samen geteld met andere" in browser.get(released.page).text


def _is_merged(entry: dict[str, Any] | None) -> bool:
    return entry is not None and entry["withheld"].get("unit") == "merged"


def hidden_places(stored: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Every figure that the release withholds, as (where it would stand, its name)."""
    found = []
    for entry in stored["units"].values():
        reasons = entry["withheld"]
        for scale, figures in entry["scales"].items():
            if "unit" in reasons or scale in reasons.get("scales", {}):
                found += [(figures, name) for name in figures]
            else:
                missing = reasons.get("figures", {}).get(scale, {})
                found += [(figures, name) for name in missing]
        if "unit" in reasons or len(reasons.get("scales", {})) == len(entry["scales"]):
            found += [(entry, name) for name in ("n", "headcount", "response_rate")]
    return found


def test_what_is_withheld_stands_on_no_page_even_when_it_is_there_to_leak(
    released: Held,
) -> None:
    stored = released.stored()
    places = hidden_places(stored)
    assert len(places) > 100
    for figures, name in places:
        assert figures[name] is None
        figures[name] = PLANTED_COUNT if name == "n" else "red" if name == "light" else PLANTED
    released.store(stored)
    pages = released.pages()
    assert not any(_planted(text) for text in pages)
    assert all("niet meer dezelfde als bij het vrijgeven" in text for text in pages)

    # The same number in a place that is shown does come out: the test can see.
    kitchen = stored["units"][released.unit_of["Keuken"]]["scales"]["workload"]
    kitchen["mean"] = PLANTED
    released.store(stored)
    assert sum(_planted(text) for text in released.pages()) == 2


def _planted(text: str) -> bool:
    return bool(re.search(r"765432109|987654321", text.replace("\u202f", "")))


def test_a_department_shows_its_groups_or_the_one_sentence_and_a_team_neither(
    released: Held,
) -> None:
    stored, texts = released.stored(), INSTRUMENT.texts["nl"]
    care = stored["units"][released.unit_of["Zorg"]]
    figures = dict.fromkeys(("n", "mean", "sd", "low", "high", "share_at_risk"))
    figures |= dict.fromkeys(("share_low", "share_high"))
    hidden = {scale.key: figures for scale in INSTRUMENT.scales}
    shown = figures | {"n": 18, "mean": 43.4, "sd": 9.0, "low": 38.0, "high": 49.0}
    first = INSTRUMENT.scales[0].key
    by_day = {"n": 18, "scales": hidden | {first: shown | {"share_at_risk": 0.27}}}
    other = {"n": 17, "scales": hidden | {first: shown}}
    care["groups"] = {"pattern": {"day": by_day, "irregular": other}}
    care["withheld"]["groups"] = {"category": "privacy"}
    released.store(stored)
    browser = released.website.browser(Role.ADVISER)
    text = browser.get(released.unit_page("Zorg")).text
    section = text[text.index("<h2>Groepen</h2>") :]
    assert texts.backgrounds["pattern"] in section
    assert texts.bands["pattern"]["irregular"] in section
    assert re.search(r"43 <span class=\"quiet\">\(38&#8211;49\)", section)
    assert "27\u202f%" in section or "27\u00a0%" in section or "27 %" in section
    assert "aandeel verborgen" in section
    category = section[section.index(texts.backgrounds["category"]) :]
    assert "Verborgen om de anonimiteit te beschermen." in category[:200]
    assert texts.backgrounds["seniority"] not in section
    assert "<h2>Groepen</h2>" not in browser.get(released.unit_page("Nachtploeg")).text


def test_the_file_holds_what_was_released_and_no_more(released: Held) -> None:
    answer = released.website.browser(Role.STEERING_MEMBER).get(f"{released.page}.json")
    assert "attachment" in answer.headers["content-disposition"]
    sent = json.loads(answer.content)
    assert sent == released.stored()

    key = released.unit_of["Klein"]
    small = sent["units"][key]
    assert small["n"] is None
    assert all(value is None for cell in small["scales"].values() for value in cell.values())
    # Without protection the same answers do say something about these four people.
    with released.website.database.read(released.website.organisation.id) as session:
        tree = session.get_one(Campaign, released.campaign_id).tree
    items = np.concatenate(list(released.answers.values()))
    labels = [released.unit_of[name] for name, rows in released.answers.items() for _ in rows]
    tally = Tally.count(INSTRUMENT, items, labels)
    open_results = results(tally, tree, INSTRUMENT, min_group=10, protected=False)
    assert open_results["units"][key]["scales"]["workload"]["mean"] is not None


def test_document_and_workbook_hold_what_is_shown_and_are_the_same_each_time(
    released: Held,
) -> None:
    browser = released.website.browser(Role.CPBW_MEMBER)
    printed, workbook = (browser.get(f"{released.page}.{kind}") for kind in ("pdf", "xlsx"))
    assert (printed.status_code, workbook.status_code) == (200, 200)
    assert browser.get(f"{released.page}.pdf").content == printed.content
    assert browser.get(f"{released.page}.xlsx").content == workbook.content

    stored = released.stored()
    small = released.unit_of["Klein"]
    book = load_workbook(io.BytesIO(workbook.content))
    (units,) = (sheet for sheet in book if sheet.cell(1, 1).value == "unit")
    lines = {(line[0], line[4]): line for line in units.iter_rows(min_row=2, values_only=True)}
    names = [cell.value for cell in units[1]]
    for (unit, scale), line in lines.items():
        figures = stored["units"][unit]["scales"][scale]
        told = dict(zip(names[6:], line[6:], strict=True))
        numbers = {name: one for name, one in told.items() if isinstance(one, int | float)}
        # a spreadsheet keeps fifteen digits
        assert numbers == pytest.approx({name: figures[name] for name in numbers}, rel=1e-13)
        assert not (unit == small and numbers)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    assert "Bevraging 2026" in text
    with released.website.database.read(released.website.organisation.id) as session:
        assert session.scalars(select(Release)).one().sha256 in text.replace("\n", "")

    stored["units"][small]["scales"]["workload"]["mean"] = PLANTED
    released.store(stored)
    for kind in ("pdf", "xlsx", "json"):  # nothing goes round that is not what was released
        assert browser.get(f"{released.page}.{kind}").status_code == 409


def test_figures_carry_their_margin_and_the_story_its_facts(released: Held) -> None:
    stored = released.stored()
    whole = stored["scales"]["workload"]
    text = " ".join(released.website.browser(Role.ADVISER).get(released.page).text.split())
    mean = f'{whole["mean"]:.0f} <span class="quiet">({whole["low"]:.0f}–{whole["high"]:.0f})'
    assert mean in text.replace("&#8211;", "–")
    assert "Niet te onderscheiden" in text
    assert "Dat is geen bewijs dat alles gelijk is." in text
    heading = re.search(r"<h1>(.*?)</h1>", text)
    assert heading
    assert "aandacht" in heading[1] or "gevarenzone" in heading[1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"headcount": None, "response_rate": None}, "Er is geen aantal medewerkers opgegeven"),
        ({"headcount": 50, "response_rate": 1.16}, "meer antwoorden dan mensen"),
        ({"headcount": 58, "response_rate": 1.0}, "58 van 58 mensen antwoordden: iedereen"),
    ],
)
def test_the_response_says_what_is_odd(released: Held, changed: dict[str, Any], said: str) -> None:
    released.store(released.stored() | changed)
    assert said in released.website.browser(Role.ADVISER).get(released.page).text


@pytest.mark.parametrize(
    ("light", "said"),
    [
        ("green", "De gevarenzone is voor elk thema klein"),
        ("orange?", "vragen de meeste aandacht</h1>"),
    ],
)
def test_the_headline_follows_the_facts(released: Held, light: str, said: str) -> None:
    stored = released.stored()
    for key, figures in stored["scales"].items():
        figures["light"] = light
        if not INSTRUMENT.scale(key).is_ever_green:
            figures["share_at_risk"] = None
    released.store(stored)
    assert said in released.website.browser(Role.ADVISER).get(released.page).text


def test_unwanted_behaviour_is_not_green_even_where_an_old_release_says_so(released: Held) -> None:
    stored = released.stored()
    entries = [stored, *stored["units"].values()]
    for figures in (figures for entry in entries for figures in entry["scales"].values()):
        if figures["mean"] is not None:
            figures |= {"share_at_risk": 0.06, "share_low": 0.05, "share_high": 0.08}
            figures["light"] = "green"
    for entry in entries:
        entry.get("withheld", {}).pop("figures", None)
    released.store(stored)
    browser = released.website.browser(Role.ADVISER)
    for scale, light, other in (
        ("unwanted_inside", "oranje, zeker", "groen, zeker"),
        ("workload", "groen, zeker", "oranje, zeker"),
    ):
        text = browser.get(f"{released.page}/scales/{scale}").text
        assert (light in text, other in text) == (True, False)
        assert ("Ongewenst gedrag wordt nooit groen" in text) is (scale == "unwanted_inside")
    text = browser.get(released.page).text
    assert "vragen de meeste aandacht" in text  # both kinds, and nothing else is orange
    assert "Ongewenst gedrag wordt nooit groen" in text


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_every_page_speaks_the_other_languages(released: Held, language: str) -> None:
    browser = released.website.browser(Role.ADVISER)
    for path in (released.page, released.unit_page("Keuken"), released.unit_page("Klein")):
        text = browser.get(f"{path}?lang={language}").text
        assert f'<html lang="{language}">' in text
        assert "anonimiteit" not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "Eigen voorlopige grens van Baken"), ("fr", "Seuil provisoire propre à Baken")],
)
def test_the_source_of_a_cut_off_is_said_in_the_language_of_the_reader(
    released: Held, language: str, said: str
) -> None:
    browser = released.website.browser(Role.ADVISER)
    for path in (released.page, f"{released.page}/scales/workload"):
        text = browser.get(f"{path}?lang={language}").text
        assert said in text
        assert "Own default" not in text


def test_too_few_answers_give_one_sentence(released: Held) -> None:
    stored = released.stored()
    released.store(stored | {"withheld": "privacy", "n": None, "units": {}})
    text = released.website.browser(Role.ADVISER).get(released.page).text
    assert "Er kwamen minder dan 10 antwoorden" in text
    assert "<table" not in text


def test_sealed_answers_have_no_button(held: Held) -> None:
    website = held.website
    with website.database.session(website.organisation.id) as session:
        session.get_one(Campaign, held.campaign_id).state = CampaignState.CLOSED
    browser = website.browser(Role.ADVISER)
    text = browser.get(held.page).text
    assert "nog verzegeld" in text
    assert "Resultaten vrijgeven" not in text
    refused = browser.post(held.page)
    assert refused.status_code == 409
    assert "nog verzegeld" in refused.text
    comments = held.page.replace("/results", "/comments")
    assert "pas gelezen worden" in browser.get(comments).text
    assert browser.post(comments).status_code == 409


def test_reading_comments_takes_a_button_and_is_noted(held: Held) -> None:
    website, comments = held.website, held.page.replace("/results", "/comments")
    question = INSTRUMENT.open_questions[0].key
    with website.database.session(website.organisation.id) as session:
        key = comments_key(website.app.state.key_store, website.organisation.id, held.campaign_id)
        written = [
            DetachedComment(held.unit_of["Keuken"], question, "De oven lekt."),
            DetachedComment("ALL", question, "<b>Te veel</b> wissels."),
        ]
        write_comments(session, key, held.campaign_id, written)
    browser = website.browser(Role.ADVISER)
    before = browser.get(comments).text
    assert "Lees de opmerkingen" in before
    assert "oven" not in before
    assert readings(website) == 0
    text = browser.post(comments).text
    assert "De oven lekt." in text
    assert "&lt;b&gt;Te veel" in text
    assert text.index("De hele organisatie") < text.index("Keuken")
    assert readings(website) == 1


def readings(website: Any) -> int:
    with website.database.read(website.organisation.id) as session:
        return sum(entry.action == "campaign.comments_read" for entry in list_entries(session))


def test_no_comments_is_said(held: Held) -> None:
    browser = held.website.browser(Role.ADVISER)
    text = browser.post(held.page.replace("/results", "/comments")).text
    assert "Niemand schreef een opmerking." in text


def test_twenty_units_ask_the_database_no_more_than_three(make_website: Any) -> None:
    website = make_website()
    found = []
    for n_units in (3, 20):
        house = {"Huis": ("", 0, 0)}
        house |= {f"{n_units}-{i}": ("Huis", 11, 15) for i in range(n_units)}
        held = hold(
            website, {f"{name} {n_units}": value for name, value in _renamed(house, n_units)}
        )
        held.release()
        browser = website.browser(Role.ADVISER)
        unit = next(name for name in held.unit_of if not name.startswith("Huis"))
        paths = (held.page, held.unit_page(unit), f"{held.page}/scales/workload")
        found.append([queries(website, browser, path) for path in paths])
    assert found[0] == found[1]


def _renamed(house: dict[str, Any], n_units: int) -> Iterator[tuple[str, Any]]:
    for name, (above, n, people) in house.items():
        yield name, (f"{above} {n_units}" if above else "", n, people)


def queries(website: Any, browser: Any, path: str) -> int:
    seen: list[str] = []

    def note(*about: Any) -> None:
        seen.append(about[2])

    with listening(Engine, "before_cursor_execute", note):
        assert browser.get(path).status_code == 200
    return len(seen)


def test_a_cell_is_read_with_its_reason() -> None:
    scale = INSTRUMENT.scale("workload")
    cell = {
        "n": 20, "mean": 50.0, "sd": 0.0, "low": 30.0, "high": 70.0, "share_at_risk": 0.4,
        "share_low": 0.2, "share_high": 0.6, "light": "red?", "diff_rest": -4.4, "g": None,
        "q_welch": 0.01, "q_mwu": 0.3, "shrunken": 49.0,
    }  # fmt: skip
    whole = {"alpha": None}
    stored = {
        "scales": {"workload": whole},
        "units": {"a": {"withheld": {}, "scales": {"workload": cell}}},
    }
    for alpha, light in ((None, "red?"), (0.6, "red?"), (0.59, "grey"), (-0.1, "grey")):
        whole["alpha"] = alpha  # too rough for a unit: the figure stays, without a colour
        found = unit_cell(stored, "a", scale)
        assert isinstance(found, Shown)
        assert found.share
        assert (found.light, found.is_unfit) == (light, light == "grey")
    whole["alpha"] = 0.8
    for rwg, is_divided in ((None, False), (0.7, False), (0.69, True)):
        cell["rwg"] = rwg
        found = unit_cell(stored, "a", scale)
        assert isinstance(found, Shown)
        assert found.is_divided == is_divided
    shown = unit_cell(stored, "a", scale)
    assert isinstance(shown, Shown)
    assert shown.all_equal
    assert shown.is_rough
    assert shown.margin == 20
    assert shown.difference == Difference(-4.4, "", True, False, True, 0.01)
    assert shown.difference.signed == "\u22124"
    for g, word in ((0.1, "negligible"), (-0.3, "small"), (0.6, "medium"), (-2.0, "large")):
        cell["g"] = g
        found = unit_cell(stored, "a", scale)
        assert isinstance(found, Shown)
        assert found.difference
        assert found.difference.size == word
    cell["low"] = cell["diff_rest"] = None
    found = unit_cell(stored, "a", scale)
    assert isinstance(found, Shown)
    assert found.margin is None
    assert not found.is_rough
    assert found.difference is None
    assert Difference(0.2, "small", False, True, False, None).signed == "0"
    stored["units"]["a"]["withheld"] = {"figures": {"workload": {"share_at_risk": "privacy"}}}
    found = unit_cell(stored, "a", scale)
    assert isinstance(found, Shown)
    assert (found.share, found.no_share, found.light) == (None, "privacy", "grey")
    assert whole_cell({"withheld": "privacy"}, scale) == Withheld("privacy")


def test_a_line_without_figures_draws_nothing() -> None:
    made = intervals(
        [Spot("A", 40.0, 30.0, 50.0, 45.0), Spot("B", None, None, None, None, "verborgen")]
    )
    marks, dots = made["data"]
    assert marks["y"] == dots["y"] == [0]
    assert dots["error_x"]["array"] == [10.0]
    assert [words["text"] for words in made["layout"]["annotations"]] == ["verborgen"]


@pytest.fixture
def server(released: Held) -> Iterator[int]:
    """The same installation, served on a port of this machine."""
    with served(released.website.settings, released.website.clock) as port:
        yield port


@pytest.mark.browser
def test_pages_are_accessible_and_the_map_scrolls_in_its_own_frame(
    chromium: Chromium, released: Held, server: int
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    token = released.website.session_of(Role.ADVISER)
    origin = f"http://127.0.0.1:{server}"
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": origin}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    paths = (
        released.page,
        released.unit_page("Keuken"),
        released.unit_page("Klein"),
        f"{released.page}/scales/workload",
        released.page.replace("/results", "/comments"),
    )
    for path in paths:
        page.goto(f"{origin}{path}")
        assert violations(page) == [], path
        wide = width_of(page)
        assert wide <= 360, path
    page.goto(f"{origin}{released.page}")
    assert names_stay(page)
    assert page.locator(".scroll-hint").is_visible()
    for language in ("fr", "nl"):
        page.set_viewport_size({"width": 1400, "height": 900})
        page.goto(f"{origin}{released.page}?lang={language}")
        assert fits(page.locator(".map-frame")), language
        assert not page.locator(".scroll-hint").is_visible()
        page.set_viewport_size({"width": 673, "height": 900})  # A4 between its margins
        page.emulate_media(media="print")
        assert fits(page.locator("html"))
        assert fits(page.locator(".map-frame"))
        page.emulate_media(media="screen")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{origin}{released.unit_page('Keuken')}")
    page.wait_for_selector(".plot .main-svg")
    assert troubles == []
    context.close()


def fits(box: Locator) -> bool:
    """Whether nothing in it runs off the right edge."""
    return bool(box.evaluate("element => element.scrollWidth <= element.clientWidth"))


def names_stay(page: Page) -> bool:
    """Scroll the map to its far end; the unit names are still there."""
    frame = page.locator(".map-frame")
    frame.focus()
    before = page.locator(".heatmap tbody th").first.bounding_box()
    frame.evaluate("element => { element.scrollLeft = element.scrollWidth }")
    after = page.locator(".heatmap tbody th").first.bounding_box()
    assert frame.evaluate("element => element.scrollLeft") > 0
    return before is not None and after is not None and abs(before["x"] - after["x"]) < 4


def test_all_sizes_and_levels_have_words() -> None:
    say = catalogue("nl")
    for word in ("negligible", "small", "medium", "large"):
        assert say(f"results.size_{word}")
    for word in ("good", "groups", "orientation", "poor", "negative", "unknown"):
        assert say(f"results.reliability_{word}")


def test_deleted_comments_are_said_to_be_deleted(held: Held) -> None:
    held.website.clock.move(days=400)
    browser = held.website.browser(Role.ADVISER)
    text = browser.get(held.page.replace("/results", "/comments")).text
    assert "De opmerkingen zijn verwijderd op 1\u00a0maart 2027, zoals afgesproken." in text
    assert "Lees de opmerkingen" not in text
