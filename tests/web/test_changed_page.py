"""A survey beside an earlier one: only what both show, and no more said than the margins allow."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select

from baken.analysis.releases.canonical import sha256_of
from baken.analysis.releases.models import Release
from baken.analysis.releases.results import results
from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.tally import Tally
from baken.instruments.library import load_instrument
from baken.organisation.models import Unit
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.organisation.structure.history import UnitKind
from baken.storage.audit import AuditEntry
from baken.survey.campaigns.models import Campaign, FrozenUnit, tree_of
from baken.survey.campaigns.rules import CampaignState
from tests.web.test_office_browser import check, serving, signed_in

FIRST, SECOND = date(2024, 3, 1), date(2026, 3, 1)
# name -> unit above and people there; everybody answers
THEN = {"Huis": ("", 0), "Zorg": ("Huis", 2), "Nacht": ("Zorg", 30), "Dag": ("Zorg", 28),
        "Keuken": ("Huis", 24), "Klein": ("Huis", 4)}  # fmt: skip


@dataclass
class House:
    """An organisation whose units keep their identifiers between surveys."""

    website: Any
    keys: dict[str, str]

    def page(self, campaign: UUID, since: str = "") -> str:
        chosen = f"?since={since}" if since else ""
        return f"{self.website.root}/campaigns/{campaign}/results/changed{chosen}"

    def text(self, campaign: UUID, since: str = "", role: Role = Role.ADVISER) -> str:
        answer = self.website.browser(role).get(self.page(campaign, since))
        assert answer.status_code == 200, answer.text
        return re.sub(r"\s+", " ", str(answer.text))

    def hold(
        self,
        on: date,
        *,
        version: str = "2",
        units: dict[str, tuple[str, int]] | None = None,
        better: dict[str, float] | None = None,
        min_group: int = 10,
    ) -> UUID:
        """A released survey; `better` says by how much of the scale a unit answers lower."""
        units = units or THEN
        instrument = load_instrument("vijf-a", version)
        frozen = [
            FrozenUnit(key=self.keys[name], parent=self.keys.get(above), number=name, name=name,
                       kind="team", headcount=people)
            for name, (above, people) in units.items()
        ]  # fmt: skip
        sheets, labels = [], []
        tops = np.array([item.format.high - item.format.low for item in instrument.items])
        for place, (name, (_, people)) in enumerate(units.items()):
            random = np.random.default_rng(place)
            level = 0.5 - (better or {}).get(name, 0.0)
            drawn = np.rint(random.normal(level, 0.15, (people, len(tops))) * tops)
            sheets.append(np.clip(drawn, 0, tops).astype(np.int8))
            labels += [self.keys[name]] * people
        tally = Tally.count(instrument, np.concatenate(sheets), labels)
        found = results(tally, tree_of(frozen), instrument, min_group=min_group)
        asked = {"instrument_key": "vijf-a", "instrument_version": version,
                 "instrument_fingerprint": instrument.fingerprint}  # fmt: skip
        with self.website.database.session(self.website.organisation.id) as session:
            campaign = Campaign(
                title=f"Bevraging {on.year}", state=CampaignState.OPENED, languages=["nl", "fr"],
                opens_on=on, closes_on=on, background_headcounts={}, answers_until_on=on,
                comments_until_on=on, unit_tree=frozen, min_group_at_launch=min_group, **asked,
            )  # fmt: skip
            session.add(campaign)
            session.flush()
            counted = StoredTally(campaign_id=campaign.id, box=b"sealed")
            session.add(counted)
            session.flush()
            session.add(
                Release(
                    number=1,
                    campaign_id=campaign.id,
                    tally_id=counted.id,
                    created_on=on,
                    min_group=min_group,
                    software_version="0",
                    plan={},
                    results=found,
                    sha256=sha256_of(
                        {"instrument": instrument.fingerprint, "plan": {}, "results": found}
                    ),
                    **asked,
                )
            )
            return campaign.id


@pytest.fixture
def house(website: Any) -> House:
    return House(website, {name: str(uuid4()) for name in (*THEN, "Nieuw")})


pytestmark = pytest.mark.sqlite


def test_only_what_both_surveys_show_is_compared_and_firm_changes_are_named(house: House) -> None:
    house.hold(FIRST)
    # a team that was too small then, and one that is new, take no part
    now = THEN | {"Nieuw": ("Huis", 20), "Klein": ("Huis", 16)}
    second = house.hold(SECOND, units=now, better={"Nacht": 0.25})
    text = house.text(second)
    assert "Naast" in text
    assert "Bevraging 2024" in text
    named = re.findall(r'<th scope="row" role="rowheader"><a[^>]*>([^<]+)</a></th>', text)
    assert "Nacht" in named
    assert not {"Dag", "Keuken", "Klein", "Nieuw"} & set(named)
    without = text[text.index("<details>") : text.index("</details>")]
    apart = set(re.findall(r"<li><a[^>]*>(\w+)</a>", without))
    assert apart >= {"Klein", "Nieuw"}
    assert not apart & set(named)
    # a quarter of the scale lower: better where points are risk, worse where they are a resource
    assert "<strong>beter</strong>" in text
    assert "<strong>slechter</strong>" in text
    assert "nan" not in text.lower().replace("nanc", "")


def test_every_change_shown_is_the_difference_of_the_two_figures_beside_it(house: House) -> None:
    house.hold(FIRST)
    second = house.hold(SECOND, better={"Nacht": 0.05})
    figure = r'<td role="cell" class="number"><span[^>]*>[^<]*</span><div>(\u2212?\d+)</div></td>'
    row = re.compile(figure + figure + r'.*?class="signed">([+\u2212]?\d+)', re.DOTALL)
    found = [
        [int(one.replace("\u2212", "-")) for one in cells]
        for cells in row.findall(house.text(second))
    ]
    assert len(found) > 10
    assert all(after - before == points for before, after, points in found)


def test_a_department_that_gained_or_lost_a_team_is_not_compared_with_what_it_was(
    house: House,
) -> None:
    then = {"Huis": ("", 0), "Zorg": ("Huis", 12), "Nacht": ("Zorg", 30), "Dag": ("Zorg", 28),
            "Keuken": ("Huis", 24), "Klein": ("Keuken", 14)}  # fmt: skip
    first = house.hold(FIRST, units=then)
    moved = house.hold(SECOND, units=then | {"Klein": ("Zorg", 14)}, better={"Klein": 0.3})
    without = house.text(moved).partition("<details>")[2].partition("</details>")[0]
    assert set(re.findall(r"<li><a[^>]*>(\w+)</a>", without)) == {"Zorg", "Keuken"}
    gone = house.hold(date(2027, 3, 1), units={name: then[name] for name in then if name != "Dag"})
    text = house.text(gone, str(first)).partition("<details>")[2].partition("</details>")[0]
    assert set(re.findall(r"<li><a[^>]*>(\w+)</a>", text)) == {"Zorg"}


def test_nothing_changed_is_not_sold_as_a_result(house: House) -> None:
    house.hold(FIRST)
    text = house.text(house.hold(SECOND))
    assert "Geen aantoonbare verandering" in text
    assert "Geen enkele eenheid veranderde aantoonbaar." in text


def test_earlier_results_that_are_no_longer_what_was_released_are_named(house: House) -> None:
    first = house.hold(FIRST)
    second = house.hold(SECOND)
    assert "niet meer dezelfde" not in house.text(second)
    with house.website.database.session(house.website.organisation.id) as session:
        release = session.scalars(select(Release).where(Release.campaign_id == first)).one()
        release.results = release.results | {"n": 1}
    assert "niet meer dezelfde" in house.text(second)


def main(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


def test_below_ten_people_a_unit_is_told_only_where_it_is_known_who_moved(house: House) -> None:
    top, day = house.website.organisation, FIRST - timedelta(days=1)
    with house.website.database.session(top.id) as session:
        rows = [
            Unit(id=UUID(key), number=name, name=name, kind=UnitKind.TEAM, from_on=day)
            for name, key in house.keys.items()
            if name != "Nieuw"
        ]
        session.add_all(rows)
    units = {name: THEN[name] for name in ("Huis", "Nacht", "Dag", "Keuken")}
    units = {name: (above and "Huis", people) for name, (above, people) in units.items()}
    house.hold(FIRST, units=units, min_group=5)
    second = house.hold(SECOND, units=units, better={"Nacht": 0.3, "Dag": 0.3, "Keuken": 0.3})
    text = main(house.text(second))
    assert "alleen een eenheid waarvan bekend is" in text
    assert "<strong>beter</strong>" in text  # the whole organisation
    assert 'role="rowheader"><a href="' + house.website.root + "/units" not in text
    assert "Nacht</a></th>" not in text

    hr = house.website.browser(Role.HR)
    page = f"{house.website.root}/units/movements/{FIRST}/{SECOND}"
    assert f'{page}"' in hr.get(f"{house.website.root}/units/movements").text
    assert f'{page}"' in house.text(second, role=Role.HR)
    assert f'{page}"' not in text  # an adviser cannot enter it
    form = hr.get(page).text
    fields = dict(re.findall(r'aria-label="(\w+): kwamen erbij"[^>]* name="joined_(\d+)"', form))
    token = re.search(r'name="token"[^>]*value="(\w+)"', form)
    assert token

    def typed(seen: str, **moved: tuple[str, str]) -> Any:
        told = {"token": seen}
        for name, (joined, departed) in moved.items():
            told |= {f"joined_{fields[name]}": joined, f"departed_{fields[name]}": departed}
        return hr.post(page, told)

    # what is refused is kept: a word, one number of two, more people than there are
    for wrong in (("veel", "1"), ("7", ""), ("7", "2000000"), ("-1", "0")):
        answer = typed(token[1], Dag=wrong, Nacht=("3", "2"))
        assert answer.status_code == 422, wrong
        assert all(f'value="{one}"' in answer.text for one in wrong if one)
        assert main(house.text(second)) == text
    # nobody moved; one person did; more than a quarter of thirty did
    assert typed(token[1], Dag=("0", "0"), Keuken=("1", "0"), Nacht=("6", "2")).status_code == 303
    told = main(house.text(second))
    named = set(re.findall(r'role="rowheader"><a[^>]*>([^<]+)</a></th>', told))
    assert {"Dag", "Nacht"} <= named
    assert "Keuken" not in named
    assert told.count('class="unseen"> meer dan een kwart') == told.count(">Nacht</a></th>") > 0
    # somebody who saw the empty form does not overwrite; what they typed stands there still
    late = typed(token[1], Dag=("9", "9"))
    assert late.status_code == 422
    assert 'value="9"' in late.text
    assert main(house.text(second)) == told
    # forgetting them again hides them again
    seen = re.search(r'name="token"[^>]*value="(\w+)"', late.text)
    assert seen
    assert typed(seen[1]).status_code == 303
    assert main(house.text(second)) == text
    assert hr.get(f"{house.website.root}/units/movements/{SECOND}/{FIRST}").status_code == 422
    with house.website.database.session(top.id) as session:
        acts = session.scalars(select(AuditEntry.action)).all()
    assert acts.count("units.movements_entered") == 2


def test_without_an_earlier_survey_the_page_says_what_would_give_one(house: House) -> None:
    only = house.hold(SECOND)
    assert "geen vroegere bevraging" in house.text(only)
    later = house.hold(date(2028, 3, 1))  # a later one is no earlier one
    assert "geen vroegere bevraging" in house.text(only)
    browser = house.website.browser(Role.ADVISER)
    for wrong in (str(only), str(uuid4()), "x", "' OR 1=1"):
        chosen = house.page(only, "") + f"?since={wrong}"
        assert browser.get(chosen).status_code == 404, wrong
    assert browser.get(house.page(later, str(only))).status_code == 200
    assert browser.get(house.page(later, str(later))).status_code == 404


def test_another_version_shows_the_themes_that_kept_their_questions_and_says_so(
    house: House,
) -> None:
    house.hold(FIRST, version="1")
    text = house.text(house.hold(SECOND))
    assert "kunnen niet naast vroeger staan" in text
    assert text.count('role="rowheader"') >= 12


def test_units_that_acted_stand_beside_the_others_and_are_only_shown_ones(house: House) -> None:
    teams = {f"Ploeg {number}": ("Huis", 20 + number) for number in range(8)}
    house.keys |= {name: str(uuid4()) for name in teams}
    # the smallest one is counted with the first team, so neither is what it was
    units = {"Huis": ("", 0), "Klein": ("Huis", 4), **teams}
    house.hold(FIRST, units=units)
    acted = {f"Ploeg {number}": 0.2 + 0.01 * number for number in (1, 2, 3)}
    second = house.hold(SECOND, units=units, better=acted)
    browser = house.website.browser(Role.CPBW_MEMBER)
    page = house.page(second) + "/measure"

    def said(**asked: Any) -> str:
        answer = browser.get(page, params=asked)
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", str(answer.text))

    def keys(*numbers: int) -> list[str]:
        return [house.keys[f"Ploeg {number}"] for number in numbers]

    form = said()
    assert "Kies de eenheden" in form
    offered = re.findall(r'name="unit" value="[^"]*"> <span>([^<]+)</span>', form)
    assert offered == [name for name in teams if name != "Ploeg 0"]
    assert "aantoonbaar meer vooruit" in said(theme="exhaustion", unit=keys(1, 2, 3))
    assert "minder vooruit" in said(theme="meaningful_work", unit=keys(1, 2, 3))
    assert "minstens 3 nodig" in said(theme="exhaustion", unit=keys(1, 2))
    assert "geen aantoonbaar verschil" in said(theme="exhaustion", unit=keys(1, 4, 5))
    # nobody, everybody and what does not exist choose nothing
    for unit in ([], keys(*range(8)), ["x", str(uuid4())]):
        assert "Verschil in verandering" not in said(theme="nothing", unit=unit)
    # and whoever pressed the button reads why nothing came
    assert "Kies minstens één eenheid" in said(theme="exhaustion")
    assert "Laat minstens één eenheid over" in said(theme="exhaustion", unit=keys(*range(8)))
    assert "minstens één eenheid" not in form
    assert browser.get(page, params={"since": str(second)}).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_what_changed(house: House, role: Role) -> None:
    second = house.hold(SECOND)
    sees = role in ALLOWED[Action.SEE_RESULTS]
    answer = house.website.browser(role).get(house.page(second))
    assert answer.status_code == (200 if sees else 403)


@pytest.mark.browser
def test_the_page_is_usable_at_three_widths(house: House, chromium: Chromium) -> None:
    house.hold(FIRST, min_group=10)
    units = {"Huis": ("", 0), "Nacht": ("Huis", 30), "Dag": ("Huis", 28), "Keuken": ("Huis", 24)}
    house.hold(date(2025, 3, 1), units=units)
    second = house.hold(SECOND, units=units, better={"Nacht": 0.25, "Keuken": -0.3})
    complaints: list[str] = []
    with serving(house.website) as address:
        page = signed_in(chromium, house.website, address, Role.ADVISER, complaints)
        for language in ("nl", "fr"):
            page.goto(f"{address}{house.page(second)}?lang={language}")
            check(page, f"changed-{language}", rules=True)
        page.get_by_role("link", name="Une mesure").click()
        page.get_by_label("Nacht").check()
        page.get_by_role("button", name="Comparer").click()
        page.wait_for_url("**unit=*")
        check(page, "acted-fr", rules=True)
        page.goto(f"{address}{house.page(second)}?lang=fr")
        page.get_by_role("link", name="Bevraging 2024").click()
        page.wait_for_url("**since=*")
        assert page.locator('main [aria-current="true"]').inner_text() == "Bevraging 2024"
    assert complaints == []
