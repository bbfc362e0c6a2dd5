"""Preparing and launching, on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from baken.organisation.errors import Denied
from baken.organisation.models import Headcount, Unit
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry
from baken.storage.base import EditedMeanwhile
from baken.survey.box.actions import close_campaign, launch_campaign, list_launch_obstacles
from baken.survey.campaigns.actions import (
    create_campaign,
    delete_draft_campaign,
    edit_campaign,
    raise_min_group,
)
from baken.survey.campaigns.models import Campaign, hash_tree
from baken.survey.campaigns.queries import (
    find_public_name,
    get_campaign,
    get_public_name,
    list_campaigns,
)
from baken.survey.campaigns.rules import TRANSITIONS, CampaignState, check_transition
from baken.survey.codes.counts import list_counts, record_counts
from baken.survey.disclosure.tree import ROOT
from baken.survey.errors import (
    CampaignNotFound,
    CannotLaunch,
    InvalidDraft,
    InvalidTransition,
    NameTaken,
)


def obstacles(stage, campaign_id, instrument=None, today=None):
    with stage.database.read(stage.client.id) as session:
        found = list_launch_obstacles(
            session, campaign_id, instrument or stage.instrument, today=today or stage.today
        )
    return [obstacle.key.removeprefix("survey.launch_") for obstacle in found]


def edit(stage, campaign_id, **changes):
    with stage.database.session(stage.client.id) as session:
        seen = get_campaign(session, campaign_id).version
        edit_campaign(
            session, campaign_id, stage.plan(**changes), seen=seen, by=stage.client.adviser
        )


@pytest.mark.parametrize("before", CampaignState)
@pytest.mark.parametrize("after", CampaignState)
def test_a_campaign_only_moves_one_step_forward(before, after):
    order = list(CampaignState)
    if order.index(after) == order.index(before) + 1:
        check_transition(before, after)
    else:
        with pytest.raises(InvalidTransition):
            check_transition(before, after)
    assert set(TRANSITIONS) == set(CampaignState)


def test_a_draft_that_is_complete_has_no_obstacle(stage):
    campaign_id = stage.create()
    assert obstacles(stage, campaign_id) == []
    with stage.database.read(stage.client.id) as session:
        names = [campaign.title for campaign in list_campaigns(session, by=stage.client.adviser)]
    assert names == ["Hoe gaat het op het werk?"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"languages": ("nl", "de")}, ["language_missing"]),
        ({"languages": ()}, ["no_language"]),
        ({"background_headcounts": {}}, ["bands_empty"]),
        ({"background_headcounts": {"age": {"-35": 30}}}, ["band_too_small"] * 2),
        (
            {"background_headcounts": {"age": {"-35": 9, "35-50": 10, "50+": 10}}},
            ["band_too_small"],
        ),
        ({"background_headcounts": {"age": {"-35": 10, "35-50": 10, "50+": 10}}}, []),
        ({"contact": " "}, ["names"]),
        (
            {
                "min_group": 37,
                "background_headcounts": {"age": {"-35": 37, "35-50": 37, "50+": 37}},
            },
            ["too_few_people"],
        ),
        ({"opens_on": date(2026, 2, 1), "closes_on": date(2026, 3, 1)}, ["closing_passed"]),
        ({"opens_on": date(2026, 2, 1), "closes_on": date(2026, 3, 2)}, []),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_refuses_the_launch(stage, changes, found):
    campaign_id = stage.create(**changes)
    assert obstacles(stage, campaign_id) == found
    with stage.database.session(stage.client.id) as session:
        arguments = (session, stage.keys, campaign_id, stage.instrument)
        if found:
            with pytest.raises(CannotLaunch):
                launch_campaign(*arguments, by=stage.client.adviser, today=stage.today)
            assert not stage.keys.has(stage.client.id, "campaign", f"{campaign_id}:box")
            assert get_campaign(session, campaign_id).state is CampaignState.DRAFT
        else:
            launch_campaign(*arguments, by=stage.client.adviser, today=stage.today)


def test_units_without_a_number_stop_the_launch(stage):
    campaign_id = stage.create()
    with stage.database.session(stage.client.id) as session:
        team = session.scalars(select(Unit).where(Unit.name == "Team C")).one()
        session.delete(session.scalars(select(Headcount).where(Headcount.unit_id == team.id)).one())
    assert obstacles(stage, campaign_id) == ["headcount_unknown"]
    with stage.database.session(stage.client.id) as session:
        for unit in session.scalars(select(Unit)):
            unit.until_on = date(2025, 12, 31)
    assert obstacles(stage, campaign_id) == ["no_units"]


def test_a_changed_questionnaire_must_be_chosen_again(stage):
    campaign_id = stage.create()
    other = replace(stage.instrument, fingerprint="f" * 64)
    assert obstacles(stage, campaign_id, other) == ["instrument_changed"]


def test_a_structure_without_its_texts_is_not_asked(stage):
    campaign_id = stage.create()
    bare = replace(stage.instrument, structure_only=True)
    assert obstacles(stage, campaign_id, bare) == ["structure_only"]


def test_the_newest_headcount_of_the_first_day_counts(stage):
    with stage.database.session(stage.client.id) as session:
        team = session.scalars(select(Unit).where(Unit.name == "Team A")).one()
        for day, people in ((date(2026, 3, 1), 20), (date(2026, 4, 1), 30)):
            session.add(Headcount(unit_id=team.id, from_on=day, people=people))
    campaign_id = stage.launch()
    assert len(stage.codes(campaign_id)["Team A"]) == 20


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  "},
        {"min_group": 4},
        {"closes_on": date(2026, 3, 1)},
        {"answers_until_on": date(2027, 6, 1)},
        {"comments_until_on": date(2026, 3, 10)},
    ],
)
def test_a_draft_that_contradicts_itself_is_refused(stage, changes):
    with pytest.raises(InvalidDraft):
        stage.create(**changes)


def test_a_draft_is_edited_by_one_person_at_a_time(stage):
    campaign_id = stage.create()
    edit(stage, campaign_id, title="Een andere titel")
    with stage.database.session(stage.client.id) as session:
        assert get_campaign(session, campaign_id).title == "Een andere titel"
        with pytest.raises(EditedMeanwhile):
            edit_campaign(session, campaign_id, stage.plan(), seen=1, by=stage.client.adviser)


def test_what_was_agreed_stays_after_the_launch(stage):
    campaign_id = stage.launch()
    with pytest.raises(InvalidTransition):
        edit(stage, campaign_id, title="Te laat")
    with stage.database.session(stage.client.id) as session, pytest.raises(InvalidTransition):
        delete_draft_campaign(session, campaign_id, by=stage.client.adviser)
    with stage.database.session(stage.client.id) as session, pytest.raises(InvalidTransition):
        launch_campaign(
            session,
            stage.keys,
            campaign_id,
            stage.instrument,
            by=stage.client.adviser,
            today=stage.today,
        )
    assert stage.keys.has(stage.client.id, "campaign", f"{campaign_id}:box")


def test_the_smallest_group_is_only_ever_raised_after_the_launch(stage):
    campaign_id = stage.launch()
    with stage.database.session(stage.client.id) as session:
        for wrong in (4, 9, 10):
            with pytest.raises(InvalidTransition):
                raise_min_group(session, campaign_id, wrong, by=stage.client.adviser)
        campaign = raise_min_group(session, campaign_id, 12, by=stage.client.adviser)
        assert (campaign.min_group, campaign.min_group_at_launch) == (12, 10)
        assert campaign.has_intact_tree


def test_the_tree_is_frozen_with_the_smallest_group(stage):
    campaign_id = stage.launch()
    with stage.database.session(stage.client.id) as session:
        for unit in session.scalars(select(Unit)):
            unit.name = "Renamed"
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        assert [unit["name"] for unit in campaign.unit_tree] == list(stage.unit_of)
        assert campaign.tree_sha256 == hash_tree(campaign.unit_tree, 10)
        assert campaign.tree_sha256 != hash_tree(campaign.unit_tree, 11)
        assert campaign.tree.headcount_with_below(ROOT) == 36
        assert campaign.box_size == 1024


def test_public_names_are_random_or_chosen_and_unique(stage):
    with stage.database.session(stage.client.id) as session:
        arguments = (session, stage.instrument, stage.plan())
        chosen = create_campaign(*arguments, by=stage.client.adviser, public_name="wilg-2026")
        for wrong in ("Wilg", "a", "x" * 41, "-wilg", "wilg/2026", "wilg-2026"):
            with pytest.raises(NameTaken):
                create_campaign(*arguments, by=stage.client.adviser, public_name=wrong)
    first, second = stage.create(), stage.create()
    with stage.database.read(None) as session:
        assert find_public_name(session, "wilg-2026").subject_id == chosen.id
        assert get_public_name(session, first) != get_public_name(session, second)
    with stage.database.session(stage.client.id) as session:
        edit_campaign(
            session,
            chosen.id,
            stage.plan(),
            seen=1,
            by=stage.client.adviser,
            public_name="wilg-lente",
            instrument=stage.instrument,
        )
        delete_draft_campaign(session, first, by=stage.client.adviser)
    with stage.database.read(None) as session:
        assert find_public_name(session, "wilg-lente").subject_id == chosen.id
        with pytest.raises(CampaignNotFound):
            find_public_name(session, "wilg-2026")
        with pytest.raises(CampaignNotFound):
            get_public_name(session, first)


def test_each_act_is_recorded_once(stage):
    campaign_id = stage.launch()
    stage.codes(campaign_id)
    stage.close(campaign_id)
    with stage.database.read(stage.client.id) as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    assert [entry.action for entry in entries] == [
        "campaign.created",
        "campaign.charter_written",
        "campaign.charter_agreed",
        "campaign.launched",
        "campaign.codes_printed",
        "campaign.closed",
    ]
    assert entries[3].facts["codes"] == 36
    assert {entry.actor for entry in entries} == {stage.client.adviser.person_id}


def test_who_may_prepare_launch_print_and_close(stage):
    advisers = {Role.ADVISER, Role.PREVENTION_ADVISER}
    for role, actor in stage.client.people.items():
        with stage.database.session(stage.client.id) as session:
            arguments = (session, stage.instrument, stage.plan())
            if role in advisers:
                create_campaign(*arguments, by=actor)
            else:
                with pytest.raises(Denied):
                    create_campaign(*arguments, by=actor)
    campaign_id = stage.launch()
    for role in set(Role) - advisers:
        by = stage.client.people[role]
        with stage.database.session(stage.client.id) as session:
            with pytest.raises(Denied):
                close_campaign(session, campaign_id, by=by, today=stage.today)
            with pytest.raises(Denied):
                raise_min_group(session, campaign_id, 20, by=by)


def published(stage, campaign_id):
    with stage.database.read(stage.client.id) as session:
        counts = list_counts(session, campaign_id, by=stage.client.adviser)
        names = {key: name for name, key in stage.unit_of.items()}
    return {
        (names.get(count.unit, count.unit), (count.counted_on - stage.today).days): count.rounded
        for count in counts
    }


def count_on(stage, campaign_id, days):
    with stage.database.session(stage.client.id) as session:
        record_counts(session, campaign_id, stage.today + timedelta(days=days))
    return {unit: n for (unit, day), n in published(stage, campaign_id).items() if day == days}


def test_counts_are_rounded_down_once_a_day_and_never_below_k(stage):
    campaign_id = stage.launch()
    codes = stage.codes(campaign_id)
    for code in codes["Team A"][:9] + codes["Team C"]:
        stage.submit(campaign_id, code, stage.sheet())
    assert count_on(stage, campaign_id, 0) == {ROOT: 10, "Care": 10}
    for code in codes["Workshop"][:7] + codes["Team B"][:10]:
        stage.submit(campaign_id, code, stage.sheet())
    assert count_on(stage, campaign_id, 0) == {ROOT: 10, "Care": 10}
    assert count_on(stage, campaign_id, 1) == {ROOT: 25, "Care": 20}
    # nearly everybody in the workshop: nothing was published and nothing will be
    for code in codes["Workshop"][7:]:
        stage.submit(campaign_id, code, stage.sheet())
    assert "Workshop" not in count_on(stage, campaign_id, 2)
    # nearly everybody in all: the last figure stays
    for code in codes["Team A"][9:] + codes["Team B"][10:]:
        stage.submit(campaign_id, code, stage.sheet())
    assert count_on(stage, campaign_id, 3)[ROOT] == 30
    assert count_on(stage, campaign_id, 3)["Care"] == 20


def test_closing_publishes_the_last_count(stage):
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"][:10]:
        stage.submit(campaign_id, code, stage.sheet())
    stage.close(campaign_id)
    assert published(stage, campaign_id) == {(ROOT, 0): 10, ("Care", 0): 10}
    assert count_on(stage, campaign_id, 1) == {}


def test_a_campaign_is_not_seen_from_outside(stage):
    campaign_id = stage.create()
    with stage.database.read(stage.client.id) as session:
        assert session.get(Campaign, campaign_id) is not None
        with pytest.raises(Denied):
            list_campaigns(session, by=stage.client.people[Role.UNIT_HEAD])
