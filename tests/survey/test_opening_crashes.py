"""The process is killed at every named point; the next call goes on and nothing is lost."""

import os
import signal
import subprocess
import sys
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

pytestmark = pytest.mark.crash

OPEN = """
import sys
from datetime import date
from pathlib import Path
from uuid import UUID
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.steps import open_campaign
url, keys, backups, organisation, person, campaign, today = sys.argv[1:]
by = Actor(UUID(person), UUID(organisation), "", frozenset({Grant(Role.ADVISER)}))
open_campaign(Database(url), KeyStore.open(Path(keys)), Path(backups), UUID(campaign), by=by,
              today=date.fromisoformat(today))
"""
SUBMIT = """
import sys
from datetime import date
from pathlib import Path
from uuid import UUID
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.sheet import Sheet
from baken.survey.box.writer import Writer
url, keys, organisation, campaign, code, today = sys.argv[1:]
Writer(Database(url), KeyStore.open(Path(keys))).submit(
    UUID(organisation), UUID(campaign), code, Sheet("nl", (1,) * 8, (0,), ("",)),
    today=date.fromisoformat(today))
"""

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


def run(script, at, *arguments):
    finished = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "BAKEN_CRASH_AT": at},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert finished.returncode == -signal.SIGKILL, finished.stderr.decode()


def run_opening(stage, campaign_id, at, today):
    url = stage.database.engine.url.render_as_string(hide_password=False)
    run(
        OPEN,
        at,
        url,
        stage.keys.folder,
        stage.backups,
        stage.client.id,
        stage.client.adviser.person_id,
        campaign_id,
        today,
    )


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
        run_opening(stage, campaign_id, at, stage.opening_day)
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
        run_opening(stage, campaign_id, at, later)
        assert stage.open(campaign_id, days_later=7) is CampaignState.SCRUBBED


def test_before_the_opening_is_written_everything_is_still_sealed(stage):
    campaign_id, n = filled(stage)
    run_opening(stage, campaign_id, "opening.written", stage.opening_day)
    with stage.database.read(stage.client.id) as session:
        assert get_campaign(session, campaign_id).state is CampaignState.CLOSED
        assert len(session.scalars(select(Envelope)).all()) == n
        assert list(read_blocks(session, stage.keys, campaign_id)) == []


@pytest.mark.parametrize("at", ["submit.before_commit", "submit.after_commit"])
def test_a_kill_around_a_submission_neither_loses_nor_doubles(stage, at):
    campaign_id = stage.launch()
    code = stage.codes(campaign_id)["Team A"][0]
    url = stage.database.engine.url.render_as_string(hide_password=False)
    run(SUBMIT, at, url, stage.keys.folder, stage.client.id, campaign_id, code, stage.today)
    outcome = stage.submit(campaign_id, code, stage.sheet())
    stored = at == "submit.after_commit"
    assert outcome.standing is (Standing.ALREADY_RECEIVED if stored else Standing.RECEIVED)
    with stage.database.read(stage.client.id) as session:
        assert len(session.scalars(select(Envelope)).all()) == 1
        used = session.scalars(select(Code).where(Code.state == CodeState.USED)).all()
        assert len(used) == 1
