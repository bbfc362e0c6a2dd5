"""The demonstration: it is made by the real actions and has the promised shape."""

import re
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from baken.actionplan.consultations.deadlines import draft_deadline
from baken.actionplan.measures.models import Measure, ProgressNote
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan, Objective
from baken.actionplan.plans.queries import list_asked
from baken.actionplan.plans.rules import PlanState
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.models import Release
from baken.instruments.library import load_instrument
from baken.organisation.models import RoleGrant, UnitKind
from baken.organisation.permissions import Actor, Grant, Role
from baken.organisation.units import list_units
from baken.storage.audit import verify
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.answers import read_blocks
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.counts import used_per_unit
from baken.survey.comments import read_comments
from baken.survey.disclosure.merging import merge_labels
from baken.survey.paper.sittings.exchanging import exchange_slip
from baken.survey.paper.sittings.models import Sitting
from baken.survey.screening.queries import list_agreed
from baken.web.commands.demo import ROLES
from baken.web.commands.main import main
from baken.web.demo.days import Days
from baken.web.demo.making import Demo, NotADemonstration, find_demo, make_demo, settings_of
from baken.web.demo.respondents import Crowd
from tests.demonstration import NOW, Demonstration
from tests.served import furnished

pytestmark = pytest.mark.sqlite


@dataclass(frozen=True)
class Made:
    folder: Path
    demo: Demo
    database: Database

    def read(self) -> Any:
        return self.database.read(self.demo.organisation_id)


@pytest.fixture(scope="session")
def made(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("demonstration") / "demo"
    demo = demonstration.copy_to(folder)
    database = Database(settings_of(folder).database_url)
    yield Made(folder, demo, database)
    database.dispose()


def campaigns(session: Session) -> list[Campaign]:
    return list(session.scalars(select(Campaign).order_by(Campaign.opens_on)))


def release_of(session: Session, campaign: Campaign) -> Release:
    return session.scalars(select(Release).where(Release.campaign_id == campaign.id)).one()


def test_fourteen_units_on_three_levels_with_640_people(made: Made) -> None:
    with made.read() as session:
        units = list_units(session, on=NOW.date())
    assert len(units) == 14
    assert Counter(unit.depth for unit in units) == {0: 1, 1: 4, 2: 9}
    assert Counter(unit.kind for unit in units) == {
        UnitKind.EMPLOYER: 1,
        UnitKind.DEPARTMENT: 4,
        UnitKind.TEAM: 9,
    }
    assert sum(unit.headcount or 0 for unit in units) == 640


def test_exactly_one_unit_is_counted_elsewhere(made: Made) -> None:
    with made.read() as session:
        first = campaigns(session)[0]
        names = {unit["key"]: unit["name"] for unit in first.unit_tree or []}
        merging = merge_labels(first.tree, used_per_unit(session, first.id), first.min_group)
        results = release_of(session, first).results
    elsewhere = {names[unit]: names[into] for unit, into in merging.counted_in.items()}
    assert elsewhere == {"Technische dienst": "Huis en keuken"}
    hidden = [key for key, unit in results["units"].items() if unit["n"] is None]
    assert [names[key] for key in hidden] == ["Technische dienst"]
    assert results["units"][hidden[0]]["withheld"]["unit"] == "merged"


def test_the_first_survey_went_all_the_way_and_the_second_one_runs(made: Made) -> None:
    with made.read() as session:
        first, before, lights, pulse, second = campaigns(session)
        release = release_of(session, first)
        assert (first.state, second.state) == (CampaignState.SCRUBBED, CampaignState.RUNNING)
        assert (lights.state, pulse.state) == (CampaignState.SCRUBBED, CampaignState.SCRUBBED)
        # pages beside the results have something to say
        assert release.results["drivers"]
        assert release.results["weights"]
        assert before.state == CampaignState.SCRUBBED
        # both pulses asked the same: what changed can be seen
        asked = {(one.instrument_key, one.instrument_version) for one in (before, pulse)}
        assert len(asked) == 1
        scores = release_of(session, pulse).results["recommendation"]["recommendation"]
        assert "ALL" in scores
        assert len(scores) > 4
        # enough people came either way to lay paper beside screen, in the whole organisation
        modes = release_of(session, pulse).results["modes"]
        assert {key for key, one in modes.items() if one["notable"]} == {"point_autonomy"}
        assert len(modes) == 16
        assert (first.instrument_version, second.instrument_version) == ("1", "2")
        assert (first.languages, second.languages) == (["nl", "fr"], ["nl", "fr", "en", "de"])
        assert timedelta(days=395) < NOW.date() - first.closes_on < timedelta(days=490)
        assert timedelta(days=14) < second.closes_on - NOW.date() < timedelta(days=28)
        assert release.campaign_id == first.id
        assert release.number == 1
        assert has_intact_results(release)
        assert 0.62 < release.results["response_rate"] < 0.66
        assert 50 < used_per_unit(session, second.id).total() < 320


def test_answers_and_comments_were_opened_in_groups_of_ten_or_more(made: Made) -> None:
    keys = KeyStore.open(settings_of(made.folder).keys)
    with made.read() as session:
        first = campaigns(session)[0]
        blocks = list(read_blocks(session, keys, first.id))
        comments = read_comments(session, keys, first.id)
    assert min(len(block.items) for block in blocks) >= 10
    assert sum(len(block.items) for block in blocks) == first.n_answers
    assert len(comments) > 30


def test_the_results_tell_what_the_story_says(made: Made) -> None:
    with made.read() as session:
        first = campaigns(session)[0]
        key = {unit["name"]: unit["key"] for unit in first.unit_tree or []}
        units = release_of(session, first).results["units"]

    def clearly(unit: str, scale: str) -> float:
        cell = units[key[unit]]["scales"][scale]
        assert cell["q_welch"] < 0.05
        return float(cell["diff_rest"])

    assert clearly("Nachtploeg", "work_private") > 15
    assert clearly("Nachtploeg", "exhaustion") > 10
    assert clearly("Keuken", "environment") > 15
    assert clearly("Keuken", "workload") > 10
    assert clearly("Dagcentrum", "participation") > 10


def test_one_plan_has_ended_and_the_next_has_two_years_in_it(made: Made) -> None:
    with made.read() as session:
        before, plan = session.scalars(select(GlobalPlan).order_by(GlobalPlan.from_on))
        last, this, following = session.scalars(select(AnnualPlan).order_by(AnnualPlan.starts_on))
        own = select(Objective.rank).where(Objective.global_plan_id == plan.id)
        ranks = session.scalars(own.order_by(Objective.rank)).all()
        advised = list_asked(session, this)
        waiting = list_asked(session, following)
    assert {before.state, last.state} == {PlanState.ENDED}
    assert last.global_plan_id == before.id
    assert (plan.state, this.state, following.state) == (
        PlanState.ADOPTED,
        PlanState.ADOPTED,
        PlanState.DRAFT,
    )
    assert plan.until_on.year - plan.from_on.year == 4
    assert ranks == [1, 2, 3, 4, 5]
    assert [asked.outcome for asked in advised] == ["favourable_with_remarks"]
    assert [asked.outcome for asked in waiting] == [None]
    assert draft_deadline(following.starts_on) == date(2026, 11, 1)
    assert waiting[0].asked_on <= date(2026, 11, 1)


def test_thirteen_measures_with_their_figures_and_notes(made: Made) -> None:
    with made.read() as session:
        measures = session.scalars(select(Measure)).all()
        n_notes = len(session.scalars(select(ProgressNote)).all())
        kinds = {measure.indicator_kind for measure in measures}
    assert len(measures) == 13
    assert {str(measure.status) for measure in measures} == {
        "planned",
        "running",
        "done",
        "stopped",
        "carried",
    }
    assert all(measure.responsible_name and measure.decider_name for measure in measures)
    assert kinds == {"scale", "own-figure", "series"}
    assert n_notes > 15


def test_everybody_was_asked_about_the_lights_that_groups_had_filled_in(made: Made) -> None:
    with made.read() as session:
        lights = campaigns(session)[2]
        units = release_of(session, lights).results["units"]
        sheets = {str(found.sheet.unit_id) for found in list_agreed(session)}
    on = {unit: {key: one["mean"] for key, one in units[unit]["scales"].items()} for unit in sheets}
    assert len(sheets) == 10
    hidden = Counter(sum(mean is None for mean in said.values()) for said in on.values())
    assert hidden[0] >= 5  # shown as a whole,
    assert hidden[14] == 1  # counted elsewhere,
    assert hidden.total() - hidden[0] - hidden[14] >= 1  # and some of it withheld
    assert {mean is not None and mean >= 50 for said in on.values() for mean in said.values()} == {
        True,
        False,
    }


def test_every_act_stands_in_an_unbroken_chain(made: Made) -> None:
    with made.read() as session:
        verdict = verify(session)
    assert verdict.first_bad is None
    assert verdict.n_entries > 60


@contextmanager
def browsing(made: Made) -> Iterator[TestClient[Any]]:
    with (
        furnished(settings_of(made.folder), lambda: NOW) as app,
        TestClient(app, base_url="http://127.0.0.1:8000") as browser,
    ):
        yield browser


@pytest.mark.parametrize("role", list(ROLES))
def test_everybody_can_log_in_and_sees_the_home_page(made: Made, role: Role) -> None:
    login = next(login for login in made.demo.logins if login.role is role)
    with browsing(made) as browser:
        token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/log-in").text)
        assert token
        sent = {"csrf": token[1], "mail": login.mail, "password": made.demo.password}
        answer = browser.post("/log-in", data=sent)
        token = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        shown = re.search(r"telefoon zou nu (\d{3})\s(\d{3}) staan", answer.text)
        assert token
        assert shown
        sent = {"csrf": token[1], "code": shown[1] + shown[2]}
        answer = browser.post("/log-in/factor", data=sent)
        assert answer.status_code == 200
        assert answer.url.path.rstrip("/") == f"/o/{made.demo.organisation_id}"
        assert "Zorghuis De Wilg (fictief)" in answer.text
        assert login.name in answer.text


def test_the_codes_to_try_open_the_questionnaire(made: Made) -> None:
    with browsing(made) as browser:
        for code in made.demo.codes[:3]:
            answer = browser.post(f"/s/{made.demo.campaign}", data={"code": code, "lang": "nl"})
            assert answer.status_code == 200
            assert 'name="WLD1"' in answer.text


def test_it_is_found_again_with_the_codes_that_can_still_be_tried(made: Made) -> None:
    assert find_demo(made.folder, now=NOW) == made.demo
    later = NOW + timedelta(days=30)
    found = find_demo(made.folder, now=later)
    assert found
    assert (found.codes, found.slips) == ((), ())


def test_the_slips_are_exchanged_at_the_sitting_of_today(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(made.folder, folder)
    settings = settings_of(folder)
    database, keys = Database(settings.database_url), KeyStore.open(settings.keys)
    try:
        with database.session(made.demo.organisation_id) as session:
            asked = select(Sitting).where(Sitting.held_on == NOW.date())
            sitting = session.scalars(asked).one()
            grant = session.scalars(select(RoleGrant).where(RoleGrant.role == Role.DESK)).one()
            by = Actor(
                grant.person_id, made.demo.organisation_id, "-", frozenset({Grant(Role.DESK)})
            )
            given = [
                exchange_slip(session, keys, sitting.id, code, by=by, today=NOW.date())
                for code in made.demo.slips
            ]
            assert given == ["Keuken"] * 12  # as many as a stack needs, and two more
    finally:
        database.dispose()


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotADemonstration, match="Nothing was changed"):
        make_demo(tmp_path, now=NOW)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_command_shows_who_can_log_in(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(made.folder, folder)
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--no-serve", "--folder", str(folder), "--port", "8123"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for login in made.demo.logins:
        assert login.mail in said
    assert made.demo.password in said
    assert "http://127.0.0.1:8123/s/dewilg" in said


def test_a_port_in_use_is_one_clear_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["demo", "--folder", str(tmp_path / "demo"), "--port", str(port)])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Port {port} on this machine is in use")
    assert said.count("\n") == 1
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(
    "today", [date(2026, 1, 1), date(2027, 3, 10), date(2026, 12, 31), date(2028, 2, 29)]
)
def test_the_calendar_holds_on_any_day(today: date) -> None:
    days = Days(today)
    order = [
        days.begun_on,
        days.first.launched_on,
        days.first.opens_on,
        days.first.closes_on,
        days.first.opened_on,
        days.first.scrubbed_on,
        days.first.released_on,
        days.found_on,
        days.analysed_on,
        days.of("P-10-20"),
        days.of("Y-01-01"),
        today,
    ]
    assert order == sorted(order)
    assert today - days.first.closes_on >= timedelta(days=420)


def test_the_same_seed_gives_the_same_answers() -> None:
    def draw() -> list[Any]:
        return Crowd(load_instrument("vijf-a"), np.random.default_rng(7)).draw("WZ-3", 30)

    assert draw() == draw()
