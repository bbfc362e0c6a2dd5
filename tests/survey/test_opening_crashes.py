"""The process is killed at every named point; the next call goes on and nothing is lost."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from baken.storage.audit import AuditEntry
from baken.survey.answers import read_blocks
from baken.survey.box.models import Envelope
from baken.survey.box.queries import get_agreement
from baken.survey.box.statements import Standing
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Code, CodeState
from tests.crash.killed_acts import Installation, die, open_box, submit

pytestmark = pytest.mark.crash

AT_ONCE = (
    "opening.decrypted",
    "opening.written",
    "opening.committed",
    "backup.made",
    "backup.verified",
    "backup.committed",
    "keys.box_destroyed",
    "keys.table_destroyed",
    "keys.files_scrubbed",
    "keys.committed",
)
A_WEEK_LATER = ("shred.committed", "scrub.files_scrubbed", "scrub.committed")


def die_opening(stage, campaign_id, at, today):
    place = Installation.of(stage.database, stage.keys)
    die(at, open_box, place, stage.backups, stage.client.adviser, campaign_id, today)


def filled(stage):
    campaign_id = stage.launch()
    codes = [code for found in stage.codes(campaign_id).values() for code in found]
    for number, code in enumerate(codes):
        stage.submit(campaign_id, code, stage.sheet(number, comments=("note",)))
    stage.close(campaign_id)
    return campaign_id, len(codes)


def check_opened(stage, campaign_id, n):
    with stage.database.read(stage.client.id) as session:
        agreement = get_agreement(session, campaign_id, by=stage.client.adviser)
        blocks = list(read_blocks(session, stage.keys, campaign_id))
        mine = AuditEntry.subject == f"campaign:{campaign_id}"
        recorded = Counter(session.scalars(select(AuditEntry.action).where(mine)))
    assert agreement.agrees
    assert agreement.answers == n
    seen = Counter(
        sum(int(code) * 5**place for place, code in enumerate(row))
        for block in blocks
        for row in block.items
    )
    assert seen == Counter(range(n))
    for action in ("opened", "backed_up", "keys_destroyed"):
        assert recorded[f"campaign.{action}"] == 1


def test_a_kill_at_any_point_of_the_opening_is_resumed(stage):
    points = AT_ONCE if stage.database.is_sqlite else ("opening.written", "keys.box_destroyed")
    for at in points:
        campaign_id, n = filled(stage)
        die_opening(stage, campaign_id, at, stage.opening_day)
        assert stage.open(campaign_id) is CampaignState.BACKED_UP
        check_opened(stage, campaign_id, n)
        with stage.database.read(stage.client.id) as session:
            assert get_campaign(session, campaign_id).keys_destroyed_on == stage.opening_day


def test_a_kill_after_the_copies_expired_is_resumed(stage):
    if not stage.database.is_sqlite:
        return
    later = stage.opening_day + timedelta(days=7)
    for at in A_WEEK_LATER:
        campaign_id, _ = filled(stage)
        stage.open(campaign_id)
        die_opening(stage, campaign_id, at, later)
        assert stage.open(campaign_id, days_later=7) is CampaignState.SCRUBBED


def test_before_the_opening_is_written_everything_is_still_sealed(stage):
    campaign_id, n = filled(stage)
    die_opening(stage, campaign_id, "opening.written", stage.opening_day)
    with stage.database.read(stage.client.id) as session:
        assert get_campaign(session, campaign_id).state is CampaignState.CLOSED
        assert len(session.scalars(select(Envelope)).all()) == n
        assert list(read_blocks(session, stage.keys, campaign_id)) == []


@pytest.mark.parametrize("at", ["submit.before_commit", "submit.after_commit"])
def test_a_kill_around_a_submission_neither_loses_nor_doubles(stage, at):
    campaign_id = stage.launch()
    code = stage.codes(campaign_id)["Team A"][0]
    place = Installation.of(stage.database, stage.keys)
    die(at, submit, place, stage.client.id, campaign_id, code, stage.today)
    outcome = stage.submit(campaign_id, code, stage.sheet())
    stored = at == "submit.after_commit"
    assert outcome.standing is (Standing.ALREADY_RECEIVED if stored else Standing.RECEIVED)
    with stage.database.read(stage.client.id) as session:
        assert len(session.scalars(select(Envelope)).all()) == 1
        used = session.scalars(select(Code).where(Code.state == CodeState.USED)).all()
        assert len(used) == 1
