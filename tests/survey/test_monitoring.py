"""The response while people answer: rounded, once a day, forecast from what everybody may know."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from baken.organisation.errors import Denied
from baken.organisation.permissions import Action, Role, may
from baken.storage.audit import AuditEntry
from baken.storage.base import EditedMeanwhile
from baken.survey.box.statements import Standing
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.models import Code
from baken.survey.disclosure.required import Precision, margin
from baken.survey.errors import InvalidDraft, InvalidTransition, TooEarly
from baken.survey.monitoring.actions import extend_campaign, publish_all_counts, publish_counts
from baken.survey.monitoring.queries import Outlook, get_response
from baken.survey.monitoring.rules import WayOn, last_days_from, way_on

BANDS = ["worker", "clerk"]


def response(stage, campaign_id, *, days):
    """Publish the counts of a day and read what may be known."""
    with stage.database.session(stage.client.id) as session:
        publish_all_counts(session, stage.today + timedelta(days=days))
    with stage.database.read(stage.client.id) as session:
        return get_response(session, campaign_id, by=stage.client.people[Role.CPBW_MEMBER])


def give_strata(stage, campaign_id):
    """Let the codes of the Workshop and Team C be of clerks, all others of workers."""
    clerks = {stage.unit_of[name] for name in ("Workshop", "Team C")}
    with stage.database.session(stage.client.id) as session:
        campaign = session.get_one(Campaign, campaign_id)
        people = {
            unit["key"]: {"clerk" if unit["key"] in clerks else "worker": unit["headcount"]}
            for unit in campaign.unit_tree
        }
        campaign.stratum = {
            "title": {"nl": "Statuut"},
            "bands": [{"key": key, "names": {"nl": key}} for key in BANDS],
            "people": people,
        }
        for unit, bands in people.items():
            codes = (Code.campaign_id == campaign_id, Code.unit == unit)
            session.execute(update(Code).where(*codes).values(stratum=next(iter(bands))))


def answer(stage, campaign_id, codes):
    for code in codes:
        assert stage.submit(campaign_id, code, stage.sheet()).standing is Standing.RECEIVED


def test_units_and_strata_are_counted_alike_once_a_day_and_never_exactly(stage):
    campaign_id = stage.launch()
    give_strata(stage, campaign_id)
    codes = stage.codes(campaign_id)
    answer(stage, campaign_id, codes["Team A"][:11] + codes["Workshop"][:4] + codes["Team C"][:2])
    first = response(stage, campaign_id, days=0)
    assert (first.whole.published, first.whole.people, first.whole.needed) == (15, 36, 15)
    # 11 of 12: one is left, and nothing new is said; Team C is too small to stand here.
    assert [(one.name, one.depth, one.published) for one in first.units] == [
        ("Care", 0, 10), ("Team A", 1, None), ("Team B", 1, None), ("Workshop", 0, None),
    ]  # fmt: skip
    assert [(one.name, one.people, one.published) for one in first.strata] == [
        ("worker", 23, 10), ("clerk", 13, None),
    ]  # fmt: skip
    answer(stage, campaign_id, codes["Workshop"][4:8] + codes["Team B"][:9])
    assert response(stage, campaign_id, days=0) == first
    second = response(stage, campaign_id, days=1)
    assert [one.published for one in second.strata] == [20, 10]
    answer(stage, campaign_id, [*codes["Team A"][11:], *codes["Team B"][9:], codes["Team C"][2]])
    last = response(stage, campaign_id, days=2)
    # Every worker answered: the figure of yesterday stays.
    assert [one.published for one in last.strata] == [20, 10]
    assert [n for _, n in last.days] == [15, 30, 30]
    assert last.counted_on == stage.today + timedelta(days=2)
    stage.close(campaign_id)
    assert response(stage, campaign_id, days=3) == last


def test_more_time_is_given_to_everybody_recorded_and_shown(stage):
    campaign_id = stage.launch(closes_on=stage.today + timedelta(days=3))
    by, later = stage.client.adviser, stage.today + timedelta(days=5)

    def extend(days, *, seen=None, by=by):
        with stage.database.session(stage.client.id) as session:
            version = session.get_one(Campaign, campaign_id).version if seen is None else seen
            until = stage.today + timedelta(days=days)
            extend_campaign(session, campaign_id, until=until, seen=version, by=by, today=later)

    with pytest.raises(EditedMeanwhile):
        extend(10, seen=99)
    for wrong in (3, 4, 400):
        with pytest.raises(InvalidDraft):
            extend(wrong)
    for role, actor in stage.client.people.items():
        if not may(actor, Action.CLOSE_CAMPAIGN):
            with pytest.raises(Denied):
                extend(10, by=stage.client.people[role])
    (code, *_) = stage.codes(campaign_id)["Team A"]
    writer, sheet = stage.writer, stage.sheet()
    submit = lambda: writer.submit(stage.client.id, campaign_id, code, sheet, today=later)  # noqa: E731
    assert submit().standing is Standing.CLOSED
    extend(10)
    extend(17)
    assert submit().standing is Standing.RECEIVED
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        acts = session.scalars(select(AuditEntry.action)).all()
    assert campaign.closes_on == stage.today + timedelta(days=17)
    assert campaign.first_closes_on == stage.today + timedelta(days=3)
    assert Counter(acts)["campaign.extended"] == 2
    stage.close(campaign_id)
    with pytest.raises(InvalidTransition):
        extend(20)
    # Opened only after the new last day, as whoever answered was told.
    stage.today -= timedelta(days=5)
    with pytest.raises((InvalidTransition, TooEarly)):
        stage.open(campaign_id, days_later=0)


@given(st.integers(1, 400), st.integers(0, 400), st.integers(5, 20))
def test_a_forecast_follows_from_the_published_count_alone(people, n, k):
    published = n // 5 * 5 if n >= k else None
    found = Outlook.of("unit", people, published)
    known = published or 0
    assert 0 <= found.needed <= max(0, people - known)
    if found.precision in {Precision.PRECISE, Precision.USABLE}:
        assert found.needed == 0
    if found.needed:
        assert margin(known, people) > 10
        # The forecast is enough, and five fewer would not always be.
        assert margin(min(people, known + found.needed), people) <= 10
    assert found == Outlook.of("unit", people, known if published is not None else None)


@given(st.integers(1, 60), st.integers(-3, 70), st.booleans())
def test_more_time_comes_first_only_near_the_end_and_where_it_would_help(days, on, is_short):
    opens_on = date(2026, 3, 2)
    closes_on, today = opens_on + timedelta(days - 1), opens_on + timedelta(on)
    last = last_days_from(opens_on, closes_on)
    assert 1 <= (closes_on - last).days + 1 <= 5
    assert 5 * ((closes_on - last).days + 1) < days + 5  # a fifth, rounded up
    assert last > opens_on or days == 1
    found = way_on(opens_on, closes_on, is_short=is_short, today=today)
    assert (found is WayOn.CLOSE) == (today > closes_on)
    assert (found is WayOn.EXTEND) == (is_short and last <= today <= closes_on)


def test_the_last_days_of_two_weeks_are_three_and_of_a_month_five():
    opens_on = date(2026, 3, 2)
    days = {7: 2, 10: 2, 11: 3, 14: 3, 15: 3, 21: 5, 25: 5, 26: 5, 31: 5}
    for period, n_last in days.items():
        closes_on = opens_on + timedelta(period - 1)
        assert last_days_from(opens_on, closes_on) == closes_on - timedelta(n_last - 1)


def test_nothing_is_published_of_a_campaign_that_does_not_run(stage):
    campaign_id = stage.create()
    with stage.database.session(stage.client.id) as session:
        publish_counts(session, campaign_id, stage.today)
        with pytest.raises(InvalidTransition):
            get_response(session, campaign_id, by=stage.client.adviser)
