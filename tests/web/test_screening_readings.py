"""Two readings of the alert lights: the group's sheets beside what everybody said in a survey."""

import re
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select

from baken.analysis.releases.models import Release
from baken.analysis.releases.results import results
from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.tally import Tally
from baken.instruments.library import load_instrument
from baken.organisation.permissions import ALLOWED, Action, Actor, Grant, Role
from baken.survey.campaigns.models import Campaign, FrozenUnit, tree_of
from baken.survey.campaigns.rules import CampaignState
from baken.survey.screening.actions import agree_sheet, fill_sheet, start_sheet
from baken.survey.screening.marks import LightState, Mark, Member
from baken.survey.screening.rules import SheetFields
from tests.web.test_office_browser import check, serving, signed_in
from tests.web.test_screening_pages import add_unit

LIGHTS = load_instrument("knipperlichten", "2")
CODES = [item.code for item in LIGHTS.items]
DAY = date(2026, 1, 20)
GROUP = (Member("Mieke Voorbeeld", "hoofd"), Member("Ali Voorbeeld", "afgevaardigde"))
N_TEAMS, SMALL = 11, "Kleine ploeg"
COLOURS = ("groen", "oranje", "rood")


@dataclass
class Asked:
    """A survey about the lights, and how many lights are on for everybody, by team."""

    website: Any
    campaign_id: UUID
    units: dict[str, UUID]
    everybody: dict[str, int]

    @property
    def path(self) -> str:
        return f"{self.website.root}/screenings/readings/{self.campaign_id}"

    def read(self, role: Role = Role.ADVISER) -> str:
        answer = self.website.browser(role).get(self.path)
        assert answer.status_code == 200, answer.text
        return " ".join(unescape(re.sub("<[^>]*>", " ", answer.text)).split())

    def agree(self, team: str, n_on: int, *, n_unknown: int = 0) -> None:
        """A group agrees on a sheet of a team with so many lights on."""
        states = [LightState.ON] * n_on + [LightState.UNKNOWN] * n_unknown
        states += [LightState.OFF] * (len(CODES) - len(states))
        marks = {code: Mark(state) for code, state in zip(CODES, states, strict=True)}
        fields = SheetFields(date(2025, 1, 1), date(2025, 12, 31), GROUP, DAY)
        house = self.website.organisation
        role = Role.PREVENTION_ADVISER
        by = Actor(house.people[role], house.id, "Persoon", frozenset({Grant(role)}))
        with self.website.database.session(self.website.organisation.id) as session:
            sheet = start_sheet(session, self.units[team], fields, by=by, today=DAY)
            filled = fill_sheet(session, sheet.id, marks, seen=sheet.version, by=by)
            agree_sheet(session, filled.id, seen=filled.version, by=by, today=DAY)


def ask(website: Any, version: str = "2") -> Asked:
    """Everybody is asked in eleven teams of seventy, and in one that is too small to be shown."""
    instrument = load_instrument("knipperlichten", version)
    house = add_unit(website, "Huis", 0)
    units = {f"Ploeg {team}": add_unit(website, f"Ploeg {team}", 70) for team in range(N_TEAMS)}
    units[SMALL] = add_unit(website, SMALL, 6)
    frozen = [FrozenUnit(key=str(house), parent=None, number="H", name="Huis", kind="employer",
                         headcount=0)]  # fmt: skip
    frozen += [
        FrozenUnit(key=str(key), parent=str(house), number=name, name=name, kind="team",
                   headcount=70)
        for name, key in units.items()
    ]  # fmt: skip
    chance = np.random.default_rng(5)
    rows, labels, everybody = [], [], {}
    for place, (name, key) in enumerate(units.items()):
        everybody[name] = 12 if name == SMALL else place
        n = 4 if name == SMALL else 60
        told = np.tile(np.arange(len(CODES)) < everybody[name], (n, 1)).astype(np.int8)
        # Some say otherwise, and of every second light some do not know: it stays on or off.
        for light in range(len(CODES) if n > 4 else 0):
            others = chance.permutation(n)
            told[others[:14], light] = 1 - told[others[:14], light]
            told[others[14:26], light] = -2 if light % 2 else told[others[14:26], light]
        rows.append(told)
        labels += [str(key)] * n
    tree = tree_of(frozen)
    found = results(
        Tally.count(instrument, np.concatenate(rows), labels), tree, instrument, min_group=10
    )
    with website.database.session(website.organisation.id) as session:
        campaign = Campaign(
            title="Lichten 2026", state=CampaignState.OPENED, instrument_key=instrument.key,
            instrument_version=version, instrument_fingerprint=instrument.fingerprint,
            languages=["nl"], opens_on=DAY, closes_on=DAY, background_headcounts={},
            answers_until_on=DAY, comments_until_on=DAY, unit_tree=frozen, min_group_at_launch=10,
        )  # fmt: skip
        session.add(campaign)
        session.flush()
        tally = StoredTally(campaign_id=campaign.id, box=b"sealed")
        session.add(tally)
        session.flush()
        session.add(
            Release(
                number=1, campaign_id=campaign.id, tally_id=tally.id, created_on=DAY,
                instrument_key=instrument.key, instrument_version=version,
                instrument_fingerprint=instrument.fingerprint, min_group=10,
                software_version="0", plan={}, results=found, sha256="0" * 64,
            )
        )  # fmt: skip
        return Asked(website, campaign.id, {"Huis": house, **units}, everybody)


def colour(n_on: int) -> int:
    return (n_on >= 4) + (n_on >= 8)


def test_the_gap_is_read_first_and_counts_units_that_show_both(website: Any) -> None:
    asked = ask(website)
    group = {name: max(0, asked.everybody[name] - 3) for name in asked.units if name != "Huis"}
    for name, n_on in group.items():
        asked.agree(name, n_on)
    asked.agree("Huis", 5)  # the whole house is no twelfth unit: everybody in it is in a team
    text = asked.read()
    shown = [name for name in group if name not in {SMALL, "Ploeg 0"}]  # counted together
    worse = [name for name in shown if colour(asked.everybody[name]) > colour(group[name])]
    assert (len(worse), len(shown)) == (6, 10)
    assert "De groep is optimistischer in 6 van 10 eenheden" in text
    assert "Iedereen ziet 6 eenheden erger dan de groep, en 0 minder erg." in text
    assert "Dat is meer dan toeval (p = 0,031, tekentoets)." in text  # 2 / 2 ** 6
    assert "Gemiddeld scheelt het +0,6 kleur" in text
    assert "Gewogen kappa 0,29:" in text
    assert text.count("Iedereen ziet het erger") == 6
    assert text.count("Telt in de vergelijking mee via de eenheden eronder.") == 1
    # The first light: on for everybody in ten teams, for the group in seven.
    assert re.search(r"Ziekteverzuim Aan volgens de groep 7 van 10 Aan volgens iedereen 10 van 10 "
                     r"Verschil, in punten \+30 ", text)  # fmt: skip
    for said in (
        "Ze vervangt de wettelijke risicoanalyse niet",
        "Ook het nationale instrument is een snelle screening vooraf.",
        "resultaten (nummer 1)",
        "Weten minder dan 10 mensen het, dan is er geen lezing.",
    ):
        assert said in text
    listed = website.browser(Role.ADVISER).get(f"{website.root}/screenings").text
    assert f'href="{asked.path}"' in listed


def test_nothing_of_a_hidden_unit_comes_out_and_few_units_are_not_compared(website: Any) -> None:
    asked = ask(website)
    asked.agree(SMALL, 1)
    for team in range(1, 5):
        asked.agree(f"Ploeg {team}", team, n_unknown=1 if team == 3 else 0)
    text = asked.read()
    small = re.search(rf"{SMALL} (.*?)Ploeg|{SMALL} (.*?)Per licht", text)
    said = next(part for part in small.groups() if part)
    assert "Verborgen om de anonimiteit te beschermen." in said
    assert "Geen vergelijking" in said
    assert re.findall(r"\d+ van 12", said) == ["1 van 12"]  # what the group itself wrote
    assert "In 3 eenheden ligt de kleur in beide lezingen vast." in text
    assert "optimistischer" not in text
    assert "%" not in text
    assert text.count("minder dan 5 eenheden") == 4 * len(CODES)
    assert "De kleur ligt nog niet vast" in text


def test_a_light_that_a_release_withholds_has_no_reading(website: Any) -> None:
    asked = ask(website)
    for team in range(1, 6):
        asked.agree(f"Ploeg {team}", team)
    with website.database.session(website.organisation.id) as session:
        release = session.scalars(select(Release)).one()
        entry = release.results["units"][str(asked.units["Ploeg 1"])]
        hidden = {**entry["scales"]["absence"], "n": None, "mean": None}
        entry = {**entry, "scales": {**entry["scales"], "absence": hidden}}
        units = {**release.results["units"], str(asked.units["Ploeg 1"]): entry}
        release.results = {**release.results, "units": units}
    text = asked.read()
    assert "▼ Groen 0 van 11 aan, 1 verborgen" in text
    assert "in alle 5 eenheden" in text  # one hidden light cannot turn green into orange
    assert re.search(r"Ziekteverzuim Aan volgens de groep minder dan 5 eenheden", text)


def test_what_is_hidden_or_may_be_chance_is_not_said_as_a_fact(website: Any) -> None:
    asked = ask(website)
    for team in range(1, 7):
        asked.agree(f"Ploeg {team}", 0)  # everybody sees orange in 4, 5 and 6
    hidden = [scale.key for scale in LIGHTS.scales if not scale.is_total][1:5]
    with website.database.session(website.organisation.id) as session:
        release = session.scalars(select(Release)).one()
        entry = release.results["units"][str(asked.units["Ploeg 1"])]
        scales = {
            key: {**figures, "n": None, "mean": None} if key in hidden else figures
            for key, figures in entry["scales"].items()
        }
        units = {str(asked.units["Ploeg 1"]): {**entry, "scales": scales}}
        release.results = {**release.results, "units": {**release.results["units"], **units}}
    text = asked.read()
    assert "▽ Groen , kan oranje zijn 1 van 8 aan, 4 verborgen" in text
    assert "verschillen in 3 van 5 eenheden: dat kan toeval zijn" in text
    assert "Van de 5 eenheden die te vergelijken zijn" in text
    assert "De groep is optimistischer" not in text


def test_it_takes_both_rights_and_a_survey_about_lights(website: Any) -> None:
    asked = ask(website, version="1")
    both = set(ALLOWED[Action.SEE_RESULTS]) & set(ALLOWED[Action.SEE_SCREENINGS])
    assert ALLOWED[Action.COMPARE_SCREENINGS] == both
    assert website.browser(Role.GUEST).get(asked.path).status_code == 403
    assert "gebruikte een vroegere versie van de vragen" in asked.read()
    other = replace(asked, campaign_id=asked.units["Huis"])
    assert website.browser(Role.ADVISER).get(other.path).status_code == 404


@pytest.mark.browser
def test_the_page_in_a_browser(chromium: Chromium, website: Any) -> None:
    asked = ask(website)
    for team in range(N_TEAMS):
        asked.agree(f"Ploeg {team}", max(0, team - 2))
    complaints: list[str] = []
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.ADVISER, complaints)
        for language in ("nl", "fr"):
            page.goto(f"{address}{asked.path}?lang={language}")
            check(page, f"screening-readings-{language}")
    assert complaints == []
