"""What hangs together, who answered and the recommendation score, as pages show them."""

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select

from baken.analysis.releases.models import Release
from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.driver_cells import count_models, declared_models
from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.survey.campaigns.models import Campaign, FrozenUnit, tree_of
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import PaperPlace
from baken.survey.disclosure.merging import merge_labels
from baken.web import numerals
from baken.web.charts.parts import Part, parts
from baken.web.pages.access import SESSION_COOKIE
from tests.accessibility import violations, width_of
from tests.served import served

DAY = date(2026, 3, 2)
# margins need twenty groups; bands within units are dear to look at
N_UNITS, IN_UNIT, PEOPLE = {"puls": 20, "vijf-a-kort": 5}, 24, 30
PULS, SHORT = load_instrument("puls"), load_instrument("vijf-a-kort")
HIDDEN = "Verborgen om de anonimiteit te beschermen."


@dataclass
class Published:
    """A release of invented answers."""

    website: Any
    campaign_id: UUID

    @property
    def page(self) -> str:
        return f"{self.website.root}/campaigns/{self.campaign_id}/results"

    @cached_property
    def member(self) -> Any:
        return self.website.browser(Role.CPBW_MEMBER)

    def read(self, path: str = "") -> str:
        answer = self.member.get(f"{self.page}{path}")
        assert answer.status_code == 200
        return str(answer.text)

    def have_on_paper(self, n: int) -> None:
        """Let a unit have forms among its answers."""
        organisation = self.website.organisation.id
        with self.website.database.session(organisation) as session:
            session.add(PaperPlace(campaign_id=self.campaign_id, unit="x", places=n, taken=n))

    def change(self, **parts: Any) -> None:
        """Put other parts into the stored results."""
        with self.website.database.session(self.website.organisation.id) as session:
            release = session.scalars(
                select(Release).where(Release.campaign_id == self.campaign_id)
            ).one()
            release.results = {**deepcopy(release.results), **parts}


def sheets(instrument: Instrument) -> np.ndarray:
    """People whose answers follow their mood, so that everything hangs together."""
    random = np.random.default_rng(4)
    n = N_UNITS[instrument.key] * IN_UNIT
    tops = np.array([item.format.high - item.format.low for item in instrument.items])
    risk = [instrument.scale(item.scale).high_is == "risk" for item in instrument.items]
    mood = random.normal(0.55, 0.18, (n, 1))
    level = np.where(risk, 1 - mood, mood) + random.normal(0, 0.22, (n, len(tops)))
    return np.clip(np.rint(level * tops), 0, tops).astype(np.int8)


@cache
def analysed(instrument_key: str) -> tuple[list[FrozenUnit], dict[str, Any], Report]:
    """The units, the headcounts of bands and the results of one survey."""
    instrument = load_instrument(instrument_key)
    frozen = [
        FrozenUnit(
            key=f"u{at:02}",
            parent=None,
            number=str(at),
            name=f"Ploeg {at}",
            kind="team",
            headcount=PEOPLE,
        )
        for at in range(N_UNITS[instrument_key])
    ]
    tree, answers = tree_of(frozen), sheets(instrument)
    labels = [unit["key"] for unit in frozen for _ in range(IN_UNIT)]
    bands = {
        one.key: [one.bands[at % len(one.bands)] for at in range(len(labels))]
        for one in instrument.backgrounds
    }
    tally = Tally.count(instrument, answers, labels, backgrounds=bands)
    tally = tally.broken_down(instrument, merge_labels(tree, tally.rows, 10), 10)
    names, lines = np.unique(labels, return_inverse=True)
    models = declared_models(instrument)
    # of the first band far fewer answered than of the others
    headcounts = {
        one.key: {band: 100 if place == 0 else 45 for place, band in enumerate(one.bands)}
        for one in instrument.backgrounds
    }
    report = analyse(
        tally,
        tree,
        instrument,
        min_group=10,
        drivers=count_models(tally.shape, models, answers, lines, names.tolist()),
        headcounts=headcounts,
    )
    return frozen, headcounts, report


def publish(website: Any, instrument: Instrument) -> Published:
    frozen, headcounts, report = analysed(instrument.key)
    asked = {
        "instrument_key": instrument.key,
        "instrument_version": instrument.version,
        "instrument_fingerprint": instrument.fingerprint,
    }
    with website.database.session(website.organisation.id) as session:
        campaign = Campaign(
            title=f"Bevraging {instrument.key}",
            state=CampaignState.OPENED,
            languages=["nl"],
            opens_on=DAY,
            closes_on=DAY,
            background_headcounts=headcounts,
            answers_until_on=DAY,
            comments_until_on=DAY,
            unit_tree=frozen,
            min_group_at_launch=10,
            **asked,
        )
        session.add(campaign)
        session.flush()
        counts = StoredTally(campaign_id=campaign.id, box=b"sealed")
        session.add(counts)
        session.flush()
        release = Release(
            number=1,
            campaign_id=campaign.id,
            tally_id=counts.id,
            created_on=DAY,
            min_group=10,
            software_version="0",
            plan=report.plan,
            results=report.results,
            sha256="0" * 64,
            **asked,
        )
        session.add(release)
        return Published(website, campaign.id)


def test_what_hangs_together_is_told_with_its_doubts(website: Any) -> None:
    published = publish(website, PULS)
    text = published.read("/together")
    assert "Aanbeveling als werkgever: R² = 0," in text
    assert "Samen verklaren 15 thema’s" in text
    for caution in ("geen oorzaak", "in dezelfde vragenlijst, op hetzelfde moment", "veranderen"):
        assert caution in text
    assert "niet te onderscheiden van" in text
    assert text.count("data-chart=") == 1
    assert f'href="{published.page}/together"' in published.read()

    # the score of the whole and of units, and never without its shares
    text = published.read()
    assert "is de aanbevelingsscore" in text
    for kind in ("Beveelt aan (9 of 10)", "Ertussenin (7 of 8)", "Raadt af (0 tot 6)"):
        assert text.count(kind) == 2  # in the legend, and above the table of units
    assert "vanaf 20 antwoorden" in text

    # what is withheld has one sentence, and no number
    found = _stored(published)
    found["recommendation"]["recommendation"] = {}
    published.change(
        drivers={},
        driver_models={},
        recommendation=found["recommendation"],
        withheld={"drivers": {"recommendation": "privacy"}},
    )
    hidden = published.read("/together")
    assert HIDDEN in hidden
    assert "R² = 0," not in hidden
    assert "data-chart" not in hidden
    assert "is de aanbevelingsscore" not in published.read()
    for reason, said in (
        ("weak", "minder dan 10"),
        ("too_few", "minstens 100"),
        ("not_estimable", "verschillen mensen niet"),
    ):
        published.change(withheld={"drivers": {"recommendation": reason}})
        assert said in published.read("/together")

    # results of before there were models, and of too few people
    kept = {name: part for name, part in _stored(published).items() if "driver" not in name}
    _store(published, {**kept, "withheld": {}})
    assert "voordat samenhang werd geteld" in published.read("/together")
    assert "/together" not in published.read()
    published.change(withheld="privacy")
    for path in ("/together", "/answered"):
        assert "minder dan 10 antwoorden" in published.read(path)


def test_who_answered_is_told_by_unit_and_by_band(website: Any) -> None:
    published = publish(website, SHORT)
    text = published.read("/answered")
    assert "120 van 150" in text
    assert "Ja, de eenheden antwoordden ongeveer even vaak" in text or "niet te berekenen" in text
    assert "Tot welke personeelsgroep behoort u?" in text
    assert "Sommige groepen antwoordden veel vaker dan andere" in text
    assert "40 van 100" in text
    assert "Verandert wegen het beeld?" in text
    assert "24 van 30" in text
    found = _stored(published)
    theme = found["scales"]["workload"]
    theme["mean_weighted"] = theme["mean"] + 3.0
    published.change(scales=found["scales"])
    shown = published.read("/answered")
    assert "Gewogen volgens" in shown
    assert "eenheden</td>" in shown
    # with many groups chance alone gives a link: that is said, and its bias is taken off
    chance = {"n_groups": 12, "chi2": 10.0, "df": 11, "p": 0.53, "cramers_v": 0.13,
              "min_expected": 8.0, "r_indicator": 0.88, "r_indicator_adjusted": 1.0,
              "largest_bias": 0.14}  # fmt: skip
    published.change(nonresponse={**found["nonresponse"], "units": chance})
    by_chance = published.read("/answered")
    assert "niet groter dan toeval geeft" in by_chance
    assert "0,14" not in by_chance
    published.change(nonresponse={**found["nonresponse"], "units": chance | {"p": 0.01}})
    assert "sommige eenheden antwoordden vaker" in published.read("/answered")
    # paper beside screen: of the whole organisation alone, and only what is large enough
    assert "Antwoorden mensen op papier anders?" not in text
    published.have_on_paper(4)
    assert "Voor deze bevraging is dat niet zo." in published.read("/answered")
    alike = {"effect": 0.1, "low": -0.1, "high": 0.3, "notable": False}
    apart = {"effect": -0.4, "low": -0.6, "high": -0.2, "notable": True}
    published.change(modes={"workload": alike})
    # that nothing is found does not say that they answered alike
    assert "blijkt geen duidelijk verschil" in published.read("/answered")
    published.change(modes={"workload": alike, "exhaustion": apart})
    on_paper = published.read("/answered")
    assert "lager dan op een scherm" in on_paper
    assert re.search(r"\(van .?0,6 tot .?0,2\)", on_paper)
    assert on_paper.count("dan op een scherm</div></td>") == 1
    # without headcounts of bands nothing is said of them
    about = {**found["nonresponse"], "margin": None, "precision": None, "groups": {}}
    published.change(
        nonresponse=about,
        weights={},
        withheld={
            "nonresponse": {
                "margin": "headcount_unknown",
                "units": "headcount_unknown",
                "groups": {"category": "privacy"},
            }
        },
    )
    bare = published.read("/answered")
    assert "Niet overal is bekend hoeveel mensen er werken." in bare
    assert HIDDEN in bare
    assert "40 van 100" not in bare
    # what is looked at together is to be seen before anybody answers
    library = published.member.get(f"{website.root}/library/vijf-a-kort/1").text
    found = library[library.index("<strong>Uitputting</strong>") :][:90]
    assert "met autonomie, inspraak" in found
    for role in (Role.STEERING_MEMBER, Role.UNIT_HEAD, Role.HR):
        for path in ("/answered", "/together"):
            status = website.browser(role).get(f"{published.page}{path}").status_code
            assert status == (200 if role in ALLOWED[Action.SEE_RESULTS] else 403)


@pytest.mark.browser
def test_the_pages_beside_the_results_are_accessible(chromium: Chromium, website: Any) -> None:
    puls, short = publish(website, PULS), publish(website, SHORT)
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    with served(website.settings, website.clock) as port:
        origin = f"http://127.0.0.1:{port}"
        token = website.session_of(Role.CPBW_MEMBER)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": origin}])
        page = context.new_page()
        troubles: list[str] = []
        page.on(
            "console", lambda line: troubles.append(line.text) if line.type == "error" else None
        )
        for path in (f"{puls.page}/together", f"{short.page}/answered", f"{short.page}/groups"):
            page.goto(f"{origin}{path}")
            assert violations(page) == [], path
            assert width_of(page) <= 360, path
        page.goto(f"{origin}{puls.page}/together")
        page.wait_for_selector(".plot .main-svg")
        assert page.locator(".plot .bars .point").count() == 15
        assert troubles == []
    context.close()


def test_bars_have_limits_only_when_all_of_them_do() -> None:
    two = [Part("A", 0.3, 0.1, 0.5, "30 %"), Part("B", 0.1, 0.0, 0.2, "10 %")]
    made = parts(two, " %")
    assert made["data"][0]["error_x"]["array"] == [20.0, 10.0]
    assert made["layout"]["xaxis"]["ticktext"] == ["0 %", "10 %", "20 %", "30 %", "40 %", "50 %"]
    assert "error_x" not in parts([*two, Part("C", 0.1, None, None, "10 %")], " %")["data"][0]


def test_points_carry_their_sign() -> None:
    assert [numerals.signed(points, "nl") for points in (9.4, -3.6, 0.4, -0.4)] == [
        "+9",
        "\u22124",
        "0",
        "0",
    ]


def _stored(published: Published) -> dict[str, Any]:
    with published.website.database.read(published.website.organisation.id) as session:
        release = session.scalars(
            select(Release).where(Release.campaign_id == published.campaign_id)
        ).one()
        return deepcopy(release.results)


def _store(published: Published, results: dict[str, Any]) -> None:
    with published.website.database.session(published.website.organisation.id) as session:
        release = session.scalars(
            select(Release).where(Release.campaign_id == published.campaign_id)
        ).one()
        release.results = results
