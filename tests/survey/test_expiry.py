"""Answers and comments go on the agreed day; what was counted stays."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from baken.storage.audit import list_entries
from baken.storage.backup import BackupFailed, make_backup, open_backup
from baken.storage.keys import KeyGone
from baken.survey.answers import AnswerBlock, read_blocks
from baken.survey.box.expiry import delete_expired
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.comments import Comment, read_comments
from baken.survey.invitations.models import Recipient
from baken.web.jobs.daily import HOUR, ask_for_round
from baken.web.jobs.worker import Worker
from baken.web.numerals import ZONE
from baken.web.settings import Settings
from tests.databases import above_the_walls
from tests.survey.invited import draft


@pytest.fixture
def opened(stage):
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"]:
        stage.submit(campaign_id, code, stage.sheet(comments=("canary comment",)))
    stage.close(campaign_id)
    stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        return get_campaign(session, campaign_id)


def count_rows(stage):
    with stage.database.read(stage.client.id) as session:
        blocks = len(session.scalars(select(AnswerBlock)).all())
        return blocks, len(session.scalars(select(Comment)).all())


def expire(stage, today):
    return delete_expired(stage.database, stage.keys, organisation_id=stage.client.id, today=today)


def go_round(stage, day):
    now = datetime.combine(day, HOUR, ZONE)
    settings = Settings(backups=stage.backups)
    assert ask_for_round(stage.database, now=now)
    Worker(stage.database, stage.keys, settings, lambda: now).work_off()


def test_nothing_goes_the_day_before_and_everything_on_the_day(stage, opened):
    until = max(opened.answers_until_on, opened.comments_until_on)
    first = min(opened.answers_until_on, opened.comments_until_on)
    before = count_rows(stage)
    assert min(before) >= 1
    assert expire(stage, first - timedelta(days=1)) == 0
    assert count_rows(stage) == before
    assert expire(stage, until) == 2
    assert count_rows(stage) == (0, 0)
    assert expire(stage, until + timedelta(days=1)) == 0
    with stage.database.read(stage.client.id) as session:
        actions = [entry.action for entry in list_entries(session)]
    assert actions.count("campaign.answers_deleted") == 1
    assert actions.count("campaign.comments_deleted") == 1


def test_addresses_go_a_month_after_the_last_day_when_nobody_opens(stage):
    campaign_id = draft(stage, {"Team A": 3})
    with stage.database.read(stage.client.id) as session:
        over = get_campaign(session, campaign_id).closes_on + timedelta(days=30)
    for day, left in ((over, 3), (over + timedelta(days=1), 0), (over + timedelta(days=2), 0)):
        go_round(stage, day)
        with stage.database.read(stage.client.id) as session:
            assert len(session.scalars(select(Recipient)).all()) == left
    with stage.database.read(stage.client.id) as session:
        said = [entry for entry in list_entries(session) if entry.action == "recipients.expired"]
    assert [entry.facts for entry in said] == [{"people": 3}]


def test_an_older_backup_cannot_be_read_any_more(stage, opened, tmp_path):
    path = make_backup(stage.database, tmp_path / "old", at=datetime(2026, 4, 1, tzinfo=UTC))
    expire(stage, max(opened.answers_until_on, opened.comments_until_on))
    copy = open_backup(path)
    with copy.read(stage.client.id) as session:
        with pytest.raises(KeyGone):
            list(read_blocks(session, stage.keys, opened.id))
        with pytest.raises(KeyGone):
            read_comments(session, stage.keys, opened.id)
    copy.dispose()


def test_the_daily_round_does_it(stage, opened):
    go_round(stage, max(opened.answers_until_on, opened.comments_until_on))
    assert count_rows(stage) == (0, 0)


def test_one_fault_does_not_keep_the_rest_of_the_round(stage, opened):
    stage.launch()
    with above_the_walls(stage.database) as connection:
        connection.exec_driver_sql("DROP TABLE campaign_count")
    go_round(stage, max(opened.answers_until_on, opened.comments_until_on))
    assert count_rows(stage) == (0, 0)


def test_answers_deleted_before_the_backup_do_not_keep_the_keys_for_ever(stage):
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"]:
        stage.submit(campaign_id, code, stage.sheet(comments=("canary comment",)))
    stage.close(campaign_id)
    stage.backups.write_text("a file where the folder of the backups should be")
    with pytest.raises(BackupFailed):
        stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
    assert campaign.state is CampaignState.OPENED
    until = max(campaign.answers_until_on, campaign.comments_until_on)
    assert expire(stage, until) == 2
    stage.backups.unlink()
    assert (
        stage.open(campaign_id, days_later=(until - stage.opening_day).days)
        is CampaignState.BACKED_UP
    )
