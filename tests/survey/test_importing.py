"""Answers from elsewhere come in whole or not at all, and are then answers like all others."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from baken.analysis.releases.actions import make_release
from baken.analysis.releases.comparing import with_previous
from baken.analysis.tallies.actions import count_campaign
from baken.organisation.errors import Denied
from baken.storage.audit import AuditEntry
from baken.survey.answers import read_blocks
from baken.survey.box.importing.actions import (
    check_import,
    get_kept_columns,
    import_answers,
    keep_columns,
    withdraw_import,
)
from baken.survey.box.models import Envelope, Receipt
from baken.survey.box.queries import get_agreement
from baken.survey.box.sheet import Sheet
from baken.survey.box.steps import advance_all, open_campaign
from baken.survey.campaigns.models import Campaign, PublicName
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.campaigns.trees import get_frozen
from baken.survey.codes.models import Code
from baken.survey.comments import read_comments
from baken.survey.errors import CannotImport, CheckedOtherwise, InvalidDraft
from tests.crash import killed_acts
from tests.crash.killed_acts import Installation, die
from tests.elsewhere import INSTRUMENT, answers_of, asked_of, person_of, write_file

# Team C and one row without a unit are too few to stand alone.
PEOPLE = [("Team A", 12), ("team b", 11), ("Team C", 3), ("Workshop", 10), ("Elders", 1)]
ROWS = [
    (unit, 50 * place + number)
    for place, (unit, n) in enumerate(PEOPLE)
    for number in range(n)
]  # fmt: skip


def bring_in(stage, asked, **more):
    by, today = stage.client.adviser, stage.today
    with stage.database.read(stage.client.id) as session:
        check = check_import(session, asked, by=by, today=today)
    accepted = more.pop("accepted", check.digest)
    database, keys = stage.database, stage.keys
    return import_answers(database, keys, asked, accepted=accepted, by=by, today=today, **more)


def tables(stage):
    with stage.database.read(stage.client.id) as session:
        models = (Campaign, Code, Envelope, Receipt, AuditEntry)
        return [session.scalar(select(func.count()).select_from(model)) for model in models]


def test_a_file_becomes_an_opened_campaign_and_the_states_go_on(stage):
    campaign_id = bring_in(stage, asked_of(write_file(ROWS), today=stage.today))
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        blocks = list(read_blocks(session, stage.keys, campaign_id))
        comments = read_comments(session, stage.keys, campaign_id)
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert session.scalar(select(func.count()).select_from(PublicName)) == 0
        assert get_frozen(session).until_on == date(2024, 3, 31)
    units = stage.unit_of
    assert campaign.state is CampaignState.OPENED
    assert (campaign.n_answers, campaign.n_issued, campaign.box_public_key) == (37, None, None)
    assert campaign.has_intact_tree
    # Team C joins Care, which takes the smallest team along; the row without a unit the Workshop.
    found = {block.label: sorted(map(person_of, block.items)) for block in blocks}
    told = {unit: sorted(who for where, who in ROWS if where == unit) for unit, _ in PEOPLE}
    assert found == {
        units["Team A"]: told["Team A"],
        units["Care"]: sorted(told["team b"] + told["Team C"]),
        "ALL": sorted(told["Workshop"] + told["Elders"]),
    }
    assert not campaign.root_is_loose
    # The label of a comment stands for 2k answers: there are too few beside those of Care.
    assert {comment.label for comment in comments} == {"ALL"}
    assert {comment.text for comment in comments} == {f"opmerking-{n}-van-iemand" for _, n in ROWS}
    (entry,) = [one for one in entries if one.action == "campaign.imported"]
    assert (entry.facts["rows"], entry.facts["answers"], entry.facts["labels"]) == (37, 37, 3)
    by, today = stage.client.adviser, stage.today
    reached = open_campaign(
        stage.database, stage.keys, stage.backups, campaign_id, by=by, today=today
    )
    assert reached is CampaignState.SCRUBBED
    with stage.database.read(stage.client.id) as session:
        agreement = get_agreement(session, campaign_id, by=by)
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert agreement.agrees
    assert (agreement.imported, agreement.answers, agreement.used) == (37, 37, 0)
    assert actions[-3:] == ["campaign.backed_up", "campaign.had_no_keys", "campaign.scrubbed"]


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_imported_answers_have_results_and_a_trend_against_a_campaign_of_baken(stage):
    loose = [("nergens", 900 + number) for number in range(12)]
    rows = [row for row in ROWS if row[0] in {"Team A", "team b", "Workshop"}] + loose
    imported = bring_in(stage, asked_of(write_file(rows), today=stage.today))
    native = held_here(stage)
    with stage.database.session(stage.client.id) as session:
        assert get_campaign(session, imported).root_is_loose
        before, after = (
            make_release(
                session, stage.keys, one, by=stage.client.adviser, today=stage.today
            ).results
            for one in (imported, native)
        )
        tree = get_campaign(session, native).tree
    # Who has no unit counts for the organisation, and for no unit.
    assert (before["n"], before["headcount"]) == (45, 36)
    team_a = stage.unit_of["Team A"]
    assert (before["units"][team_a]["n"], after["units"][team_a]["n"]) == (12, 12)
    trends = with_previous(after, before, INSTRUMENT, (tree, tree))
    scale = INSTRUMENT.scales[0].key
    assert {"ALL", team_a} <= trends[scale].keys()
    assert np.isfinite(trends[scale]["ALL"]["diff"])


def held_here(stage):
    """A campaign of Baken in which everybody answers."""
    stage.instrument = INSTRUMENT
    bands = {one.key: dict.fromkeys(one.bands, 12) for one in INSTRUMENT.backgrounds}
    campaign_id = stage.launch(background_headcounts=bands)
    codes = [code for found in stage.codes(campaign_id).values() for code in found]
    lows = [item.format.low for item in INSTRUMENT.items]
    for number, code in enumerate(codes):
        answers = tuple(a - low for a, low in zip(answers_of(number), lows, strict=True))
        stage.submit(campaign_id, code, Sheet("nl", answers, (0, 0, 0), ("",)))
    stage.close(campaign_id)
    stage.open(campaign_id)
    return campaign_id


def test_too_few_or_what_was_not_accepted_leaves_nothing_behind(stage):
    before, keys = tables(stage), stage.keys.names(stage.client.id)
    few = asked_of(write_file(ROWS[:9], more=["Team A" + ";NA" * 70]), today=stage.today)
    with pytest.raises(CannotImport) as error:
        bring_in(stage, few)
    assert (error.value.key, error.value.values) == ("survey.import_too_few", {"n": 9, "k": 10})
    whole = asked_of(write_file(ROWS), today=stage.today)
    with pytest.raises(CheckedOtherwise):
        bring_in(stage, whole, accepted="0" * 64)
    for wrong, raised in (
        ({"min_group": 4}, InvalidDraft),
        ({"first_on": date(2024, 4, 1)}, CannotImport),
        ({"last_on": stage.today + timedelta(days=1)}, CannotImport),
        ({"units_on": stage.today + timedelta(days=1)}, CannotImport),
        ({"units_on": date(2019, 1, 1)}, CannotImport),
        ({"kept_until_on": stage.today}, CannotImport),
        ({"kept_until_on": stage.today + timedelta(days=367)}, CannotImport),
        ({"title": " "}, CannotImport),
    ):
        with pytest.raises(raised):
            bring_in(stage, asked_of(write_file(ROWS), today=stage.today, **wrong))
    with pytest.raises(Denied), stage.database.read(stage.client.id) as session:
        check_import(session, whole, by=stage.client.prevention_adviser, today=stage.today)
    assert tables(stage) == before
    assert stage.keys.names(stage.client.id) == keys


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_the_same_days_come_in_once_unless_the_first_is_taken_back(stage):
    asked = asked_of(write_file(ROWS), today=stage.today)
    first = bring_in(stage, asked)
    again = asked_of(write_file(ROWS[1:]), today=stage.today, last_on=date(2024, 5, 1))
    with pytest.raises(CannotImport) as error:
        bring_in(stage, again)
    assert error.value.key == "survey.import_twice"
    by = stage.client.adviser
    withdraw_import(stage.database, stage.keys, first, by=by)
    assert stage.keys.names(stage.client.id) == []
    second = bring_in(stage, again)
    with stage.database.session(stage.client.id) as session:
        count_campaign(session, stage.keys, second)
    with pytest.raises(CannotImport) as error:
        withdraw_import(stage.database, stage.keys, second, by=by)
    assert error.value.key == "survey.import_counted"
    native = stage.create()
    with pytest.raises(CannotImport):
        withdraw_import(stage.database, stage.keys, native, by=by)
    assert len(advance_all(
        stage.database, stage.keys, stage.backups,
        organisation_id=stage.client.id, today=stage.today,
    )) == 1  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_what_is_missing_is_told_beforehand_and_columns_are_kept(stage):
    odd = ";".join(["Team A", "3,5", *["3"] * 68, ""])
    more = [odd, odd, "Team A" + ";" * 70, "x" + ";1" * 72]
    content = write_file(ROWS, more=more)
    asked = asked_of(content, today=stage.today)
    with stage.database.session(stage.client.id) as session:
        check = check_import(session, asked, by=stage.client.adviser, today=stage.today)
        # A row with somebody's answers that was taken for the head is not kept.
        keep_columns(session, replace(asked, head_row=2), by=stage.client.adviser)
        assert get_kept_columns(session, "vijf-a", "1") == {}
        keep_columns(session, asked, by=stage.client.adviser)
        keep_columns(session, asked, by=stage.client.adviser)
    assert (check.n_rows, check.n_answers, check.n_without_unit, check.n_odd) == (41, 39, 1, 2)
    assert [(one.row, one.times) for one in check.oddities] == [(39, 2)]
    assert [(one.row, one.reason) for one in check.left_out] == [(41, "no_answer"), (42, "shifted")]
    assert [(one.said, one.rows) for one in check.strangers] == [("Elders", [38])]
    assert check.crowded == ("Organisation", "Care", "Team A")
    assert check.loses
    assert not check.too_few
    with stage.database.read(stage.client.id) as session:
        kept = get_kept_columns(session, "vijf-a", "1")
        made = session.scalars(select(AuditEntry.action)).all().count("import.columns_kept")
    assert (kept["unit"], kept["comments"], made) == ("eenheid", {"improve": "opmerking"}, 1)


@pytest.mark.crash
@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_a_kill_leaves_a_whole_import_or_none(stage, tmp_path):
    file = tmp_path / "answers.csv"
    file.write_bytes(write_file(ROWS))
    place, by = Installation.of(stage.database, stage.keys), stage.client.adviser
    for point, n_campaigns in (("import.written", 0), ("import.committed", 1)):
        die(point, killed_acts.bring_in, place, by, file, stage.today)
        assert tables(stage)[0] == n_campaigns, point
    reached = advance_all(
        stage.database,
        stage.keys,
        stage.backups,
        organisation_id=stage.client.id,
        today=stage.today,
    )
    assert list(reached.values()) == [CampaignState.SCRUBBED]
