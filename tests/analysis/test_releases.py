"""From sealed envelopes to a numbered release, on real databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from baken.analysis.errors import (
    CellTooSmall,
    NoSuchRelease,
    NotCounted,
    NotTheSameQuestions,
    NotYetOpened,
)
from baken.analysis.releases.actions import has_intact_results, make_release
from baken.analysis.releases.canonical import canonical_json
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import get_newest_release, get_release, list_releases
from baken.analysis.tallies.actions import count_campaign, read_counts
from baken.analysis.tallies.counts import Counts
from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.queries import find_stored, get_stored, unseal_tally
from baken.instruments.library import load_instrument
from baken.organisation.errors import Denied
from baken.organisation.models import Headcount, Unit, UnitKind
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries
from baken.storage.keys import KeyDamaged, KeyGone, KeyStore
from baken.storage.session import Database
from baken.survey.answers import LANGUAGE_COLUMN, MODE_COLUMN, Block, data_key, write_block
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.box.sheet import Sheet
from baken.survey.box.steps import open_campaign
from baken.survey.box.writer import Writer
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.actions import print_codes
from baken.survey.codes.symbols import read_code
from baken.survey.disclosure.tree import ROOT
from tests.agreed import agree

TODAY = date(2026, 3, 2)
INSTRUMENT = load_instrument("vijf-a")
PEOPLE = {"Zorg": 0, "Team A": 14, "Team B": 12, "Team C": 3, "Keuken": 11}


@dataclass
class Held:
    """A campaign that was held with real codes and envelopes."""

    database: Database
    keys: KeyStore
    client: Any
    campaign_id: UUID
    unit_of: dict[str, str]

    def release(self, today: date = TODAY, counted: Counts | None = None) -> UUID:
        with self.database.session(self.client.id) as session:
            return make_release(
                session,
                self.keys,
                self.campaign_id,
                by=self.client.adviser,
                today=today,
                counted=counted,
            ).id


def sheet(number: int) -> Sheet:
    random = np.random.default_rng(number)
    level = random.random()
    answers = tuple(
        int(np.clip(np.rint((level + random.normal(0, 0.3)) * top), 0, top))
        for top in (item.format.high - item.format.low for item in INSTRUMENT.items)
    )
    return Sheet(
        language="nl",
        answers=answers,
        backgrounds=tuple(number % 2 for _ in INSTRUMENT.backgrounds),
        comments=tuple("" for _ in INSTRUMENT.open_questions),
    )


def add_units(database: Database, client: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    with database.session(client.id) as session:
        for position, (name, people) in enumerate({"Huis": 0, **PEOPLE}.items()):
            above = None if name == "Huis" else found["Zorg" if "Team" in name else "Huis"]
            row = Unit(
                parent_id=UUID(above) if above else None,
                kind=UnitKind.TEAM,
                number=name,
                name=name,
                position=position,
                from_on=date(2020, 1, 1),
            )
            session.add(row)
            session.flush()
            found[name] = str(row.id)
            session.add(Headcount(unit_id=row.id, from_on=date(2020, 1, 1), people=people))
    return found


@pytest.fixture
def launched(
    database: Database, keys: KeyStore, organisation: Any
) -> Iterator[tuple[Held, Writer]]:
    unit_of = add_units(database, organisation)
    bands = {
        background.key: dict.fromkeys(background.bands, 20) for background in INSTRUMENT.backgrounds
    }
    plan = CampaignPlan(
        title="Hoe gaat het op het werk?",
        languages=("nl",),
        opens_on=TODAY,
        closes_on=TODAY,
        background_headcounts=bands,
        adviser_name="A. Adviseur",
        key_holder="Externe dienst",
        contact="vertrouwenspersoon@voorbeeld.invalid",
    )
    with database.session(organisation.id) as session:
        campaign_id = create_campaign(session, INSTRUMENT, plan, by=organisation.adviser).id
        agree(session, campaign_id, by=organisation.adviser)
    with database.session(organisation.id) as session:
        launch_campaign(
            session, keys, campaign_id, INSTRUMENT, by=organisation.adviser, today=TODAY
        )
    writer = Writer(database, keys)
    yield Held(database, keys, organisation, campaign_id, unit_of), writer
    writer.stop()


@pytest.fixture
def held(launched: tuple[Held, Writer], tmp_path: Path) -> Held:
    """Everybody answered; the campaign was closed and opened."""
    held, writer = launched
    client = held.client
    with held.database.session(client.id) as session:
        cards = print_codes(session, held.keys, held.campaign_id, by=client.adviser)
    codes = [read_code(code) for card in cards for code in card.codes]
    for number, code in enumerate(codes):
        writer.submit(client.id, held.campaign_id, code, sheet(number), today=TODAY)
    with held.database.session(client.id) as session:
        close_campaign(session, held.campaign_id, by=client.adviser, today=TODAY)
    open_campaign(
        held.database,
        held.keys,
        tmp_path / "backups",
        held.campaign_id,
        by=client.adviser,
        today=TODAY + timedelta(days=1),
    )
    return held


def pretend_opened(campaign: Campaign) -> None:
    campaign.state = CampaignState.OPENED
    campaign.label_of = {key: key for key in campaign.tree.keys}


def test_a_campaign_becomes_a_release(held: Held) -> None:
    release_id = held.release()
    with held.database.read(held.client.id) as session:
        release = get_release(session, release_id, by=held.client.adviser)
        assert release.number == 1
        assert release.results["n"] == 40
        assert release.results["headcount"] == 40
        units = release.results["units"]
        assert units[held.unit_of["Team A"]]["n"] == 14
        small, sibling = units[held.unit_of["Team C"]], units[held.unit_of["Team B"]]
        expected = {"unit": "merged", "counted_in": held.unit_of["Zorg"]}
        assert small["withheld"] == sibling["withheld"] == expected
        assert units[held.unit_of["Zorg"]]["n"] == 29
        assert has_intact_results(release)
        entry = list_entries(session)[0]
        assert (entry.action, entry.subject) == ("release.made", f"campaign:{held.campaign_id}")
        assert entry.facts["sha256"] == release.sha256
        # models are those of the questionnaire, counted with the answers and kept with the counts
        models = INSTRUMENT.models
        assert set(release.results["withheld"]["drivers"]) == {one.outcome for one in models}
        kept = unseal_tally(held.keys, get_stored(session, held.campaign_id)).drivers
        assert [cells.model for cells in kept] == list(models)
        assert {int(cells.table[:, 0, 0].sum()) for cells in kept} == {40}
        # how many people each band has was entered before the launch
        rates = release.results["nonresponse"]["groups"]
        assert {n["headcount"] for one in rates.values() for n in one["bands"].values()} == {20}


def test_the_same_answers_give_the_same_bytes(held: Held) -> None:
    with held.database.read(held.client.id) as session:  # nobody waits for it to write
        counted = read_counts(session, held.keys, held.campaign_id)
        assert find_stored(session, held.campaign_id) is None
    first, second = held.release(counted=counted), held.release(date(2026, 4, 1))
    with held.database.read(held.client.id) as session:
        by = held.client.adviser
        one, two = (get_release(session, release_id, by=by) for release_id in (first, second))
        assert canonical_json(one.results) == canonical_json(two.results)
        assert (one.sha256, one.number, two.number) == (two.sha256, 1, 2)
        assert [release.id for release in list_releases(session, by=by)] == [second, first]
        assert get_newest_release(session, held.campaign_id, by=by).id == second
        assert sum(entry.action == "release.made" for entry in list_entries(session)) == 2


def test_a_smallest_group_that_was_raised_hides_more(held: Held) -> None:
    held.release()
    with held.database.session(held.client.id) as session:
        session.get_one(Campaign, held.campaign_id).min_group = 13
    later = held.release()
    with held.database.read(held.client.id) as session:
        results = get_release(session, later, by=held.client.adviser).results
        kitchen = results["units"][held.unit_of["Keuken"]]
        assert set(kitchen["withheld"]["scales"].values()) == {"privacy"}
        assert kitchen["n"] is None


def test_counts_are_sealed_and_kept_once(held: Held) -> None:
    with held.database.session(held.client.id) as session:
        first = count_campaign(session, held.keys, held.campaign_id).tally
        box = get_stored(session, held.campaign_id).box
        again = count_campaign(session, held.keys, held.campaign_id).tally
        assert again.rows == first.rows
        assert sum(first.rows.values()) == 40
        assert get_stored(session, held.campaign_id).box == box
        assert INSTRUMENT.items[0].code.encode() not in box


def test_counts_open_nowhere_else(held: Held) -> None:
    with held.database.session(held.client.id) as session:
        count_campaign(session, held.keys, held.campaign_id)
        stored = get_stored(session, held.campaign_id)
        box, campaign_id = stored.box, stored.campaign_id
        session.delete(stored)
        session.flush()
        session.add(StoredTally(id=uuid4(), campaign_id=campaign_id, box=box))
        session.flush()
        with pytest.raises(KeyDamaged):
            count_campaign(session, held.keys, held.campaign_id)


def test_without_its_key_a_tally_is_gone(held: Held) -> None:
    with held.database.session(held.client.id) as session:
        count_campaign(session, held.keys, held.campaign_id)
    held.keys.destroy(held.client.id, "answers", f"tally:{held.campaign_id}")
    with held.database.session(held.client.id) as session, pytest.raises(KeyGone):
        count_campaign(session, held.keys, held.campaign_id)


def test_a_count_that_was_rolled_back_can_be_repeated(held: Held) -> None:
    with (
        pytest.raises(RuntimeError, match="power cut"),
        held.database.session(held.client.id) as session,
    ):
        count_campaign(session, held.keys, held.campaign_id)
        raise RuntimeError("power cut")
    with held.database.session(held.client.id) as session:
        assert find_stored(session, held.campaign_id) is None
        assert count_campaign(session, held.keys, held.campaign_id).tally.n == 40


def test_background_bands_are_counted_over_the_whole_organisation(held: Held) -> None:
    with held.database.session(held.client.id) as session:
        tally = count_campaign(session, held.keys, held.campaign_id).tally
        kept = session.get_one(Campaign, held.campaign_id).kept_columns or []
    named = {background.key for background in INSTRUMENT.backgrounds}
    assert tally.crossing is not None
    assert set(tally.crossing.questions) == named.intersection(kept)
    assert tally.breakdowns is not None
    shown = tally.breakdowns.kept
    assert {question for unit, question in shown if unit == ROOT} == named.intersection(kept)
    assert all(one.cells.rows.sum() == 40 for (unit, _), one in shown.items() if unit == ROOT)


def test_sealed_answers_have_no_results(launched: tuple[Held, Writer]) -> None:
    held, _ = launched
    with pytest.raises(NotYetOpened, match="still sealed"):
        held.release()
    with held.database.read(held.client.id) as session:
        assert list_releases(session, held.campaign_id, by=held.client.adviser) == []
        with pytest.raises(NoSuchRelease):
            get_newest_release(session, held.campaign_id, by=held.client.adviser)
        with pytest.raises(NoSuchRelease):
            get_release(session, uuid4(), by=held.client.adviser)
        with pytest.raises(NotCounted):
            get_stored(session, held.campaign_id)


def test_too_few_answers_have_no_results(launched: tuple[Held, Writer], tmp_path: Path) -> None:
    held, _ = launched
    with held.database.session(held.client.id) as session:
        close_campaign(session, held.campaign_id, by=held.client.adviser, today=TODAY)
    open_campaign(
        held.database,
        held.keys,
        tmp_path / "backups",
        held.campaign_id,
        by=held.client.adviser,
        today=TODAY + timedelta(days=1),
    )
    with pytest.raises(NotYetOpened, match="destroyed unread"):
        held.release()


def test_a_questionnaire_that_changed_is_refused(held: Held) -> None:
    with held.database.session(held.client.id) as session:
        session.get_one(Campaign, held.campaign_id).instrument_fingerprint = "f" * 64
    with pytest.raises(NotTheSameQuestions, match="is not the one"):
        held.release()


def test_a_block_of_too_few_is_never_counted(launched: tuple[Held, Writer]) -> None:
    held, _ = launched
    width = len(INSTRUMENT.items)
    with held.database.session(held.client.id) as session:
        pretend_opened(session.get_one(Campaign, held.campaign_id))
        key = data_key(held.keys, held.client.id, held.campaign_id)
        items = np.zeros((9, width), np.int8)
        block = Block(held.unit_of["Keuken"], items, np.zeros((9, 0), np.int8), ())
        write_block(session, key, held.campaign_id, block)
    with held.database.session(held.client.id) as session, pytest.raises(CellTooSmall):
        count_campaign(session, held.keys, held.campaign_id)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADVISER])
def test_only_the_adviser_releases(launched: tuple[Held, Writer], role: Role) -> None:
    held, _ = launched
    with held.database.session(held.client.id) as session, pytest.raises(Denied):
        make_release(session, held.keys, held.campaign_id, by=held.client.people[role], today=TODAY)


def test_who_may_not_see_results_gets_none(held: Held) -> None:
    release_id = held.release()
    administrator = held.client.administrator
    with held.database.read(held.client.id) as session:
        with pytest.raises(Denied):
            get_release(session, release_id, by=administrator)
        with pytest.raises(Denied):
            list_releases(session, by=administrator)


def test_a_changed_release_is_noticed(held: Held) -> None:
    release_id = held.release()
    with held.database.session(held.client.id) as session:
        release = get_release(session, release_id, by=held.client.adviser)
        release.results = {**release.results, "n": 41}
        assert not has_intact_results(release)


def test_language_and_mode_are_no_background_of_the_results(
    launched: tuple[Held, Writer],
) -> None:
    held, _ = launched
    width = len(INSTRUMENT.items)
    with held.database.session(held.client.id) as session:
        pretend_opened(session.get_one(Campaign, held.campaign_id))
        key = data_key(held.keys, held.client.id, held.campaign_id)
        items = np.ones((11, width), np.int8)
        spoken = np.zeros((11, 1), np.int8)
        block = Block(held.unit_of["Keuken"], items, spoken, (LANGUAGE_COLUMN,))
        write_block(session, key, held.campaign_id, block)
    with held.database.session(held.client.id) as session:
        tally = count_campaign(session, held.keys, held.campaign_id).tally
    assert tally.n == 11
    assert tally.crossing is None
    assert tally.breakdowns is not None
    assert tally.breakdowns.questions == ()


def test_paper_beside_screen_is_told_of_the_whole_organisation_alone(
    launched: tuple[Held, Writer],
) -> None:
    held, _ = launched
    random = np.random.default_rng(7)
    n, tops = 24, np.array([one.format.high - one.format.low for one in INSTRUMENT.items])
    with held.database.session(held.client.id) as session:
        campaign = session.get_one(Campaign, held.campaign_id)
        pretend_opened(campaign)
        campaign.kept_columns = [MODE_COLUMN]
        key = data_key(held.keys, held.client.id, held.campaign_id)
        # one unit used both ways, and on paper everybody agrees more; two used one way each
        for name, modes, level in (
            ("Team A", [0, 1] * (n // 2), 0.5), ("Team B", [1] * n, 0.9), ("Keuken", [0] * n, 0.1),
        ):  # fmt: skip
            mode = np.array(modes, np.int8)
            share = level + 0.3 * mode * (name == "Team A") + random.normal(0, 0.25, n)
            items = np.clip(np.rint(share[:, None] * tops), 0, tops).astype(np.int8)
            block = Block(held.unit_of[name], items, mode[:, None], (MODE_COLUMN,))
            write_block(session, key, held.campaign_id, block)
    release_id = held.release()
    with held.database.session(held.client.id) as session:
        release = session.get_one(Release, release_id)
        told, counts = (
            release.results["modes"],
            count_campaign(session, held.keys, held.campaign_id),
        )
    assert told
    shown = {one.key for one in INSTRUMENT.scales if (one.min_group or 0) <= n // 2}
    assert set(told) <= shown
    for key, one in counts.modes:
        assert one.least == n // 2
        assert abs(one.effect) > 0.5  # between the two other units it is four times as much
        assert abs(one.effect) < 2.5
        if key in told:
            assert told[key] == {
                "effect": one.effect, "low": one.low, "high": one.high, "notable": True,
            }  # fmt: skip
    assert all("modes" not in unit for unit in release.results["units"].values())


def test_a_few_who_skipped_a_theme_are_not_left_out_alone(launched: tuple[Held, Writer]) -> None:
    held, _ = launched
    place = {item.code: at for at, item in enumerate(INSTRUMENT.items)}
    items = np.stack([np.array(sheet(number).answers, np.int8) for number in range(200)])
    items[:3, [place[code] for code in INSTRUMENT.scale("supervisor").items]] = -1
    with held.database.session(held.client.id) as session:
        campaign = session.get_one(Campaign, held.campaign_id)
        campaign.state = CampaignState.OPENED
        campaign.label_of = {key: key for key in campaign.tree.keys}
        key = data_key(held.keys, held.client.id, held.campaign_id)
        for unit, part in (("Keuken", items[:80]), ("Team A", items[80:])):
            none = np.zeros((len(part), 0), np.int8)
            write_block(session, key, held.campaign_id, Block(held.unit_of[unit], part, none, ()))
    with held.database.session(held.client.id) as session:
        first = count_campaign(session, held.keys, held.campaign_id)
        again = count_campaign(session, held.keys, held.campaign_id)
    for one, stored in zip(first.drivers, again.drivers, strict=True):
        # with the three fifteen others, the smallest group of exhaustion; the other unit is whole
        assert sorted(stored.table[:, 0, 0].tolist()) == [80 - 3 - 15, 120]
        assert stored.table.tolist() == one.table.tolist()
    results = _released_results(held)
    assert set(results["drivers"]) == {"exhaustion", "engagement", "intention_to_leave"}


def _released_results(held: Held) -> dict[str, Any]:
    release_id = held.release()
    with held.database.read(held.client.id) as session:
        return dict(get_release(session, release_id, by=held.client.adviser).results)
