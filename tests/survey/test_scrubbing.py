import base64
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from baken.storage.backup import make_backup, open_backup
from baken.storage.keys import KeyDamaged
from baken.survey.answers import AnswerBlock, read_blocks
from baken.survey.box.models import Envelope
from baken.survey.box.scrubbing import check_nothing_left
from baken.survey.box.sealing import seal_envelope
from baken.survey.box.sheet import SEALING_BYTES, encode_sheet
from baken.survey.box.steps import _check_restored, _digest, advance_all, advance_opening
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.errors import (
    BackupDisagrees,
    CannotScrub,
    CannotUnseal,
    CountsDisagree,
    InvalidTransition,
)
from tests.databases import above_the_walls


def opened(stage):
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"]:
        stage.submit(campaign_id, code, stage.sheet())
    stage.close(campaign_id)
    return campaign_id


def test_a_key_in_any_file_stops_the_way(stage):
    secret = b"\0secret\xff" * 4
    for form in (secret, secret.hex().encode(), base64.b64encode(secret)):
        stage.backups.mkdir(exist_ok=True)
        stray = stage.backups / "stray"
        stray.write_bytes(b"x" * 5000 + form + b"y")
        with pytest.raises(CannotScrub, match="stray"):
            check_nothing_left(stage.database, [stage.backups], [secret])
        stray.unlink()
        check_nothing_left(stage.database, [stage.backups], [secret])


def test_a_copied_key_is_found_and_the_state_waits(stage):
    campaign_id = opened(stage)
    key = stage.keys.get(stage.client.id, "campaign", f"{campaign_id}:box")
    stage.backups.mkdir(exist_ok=True)
    stray = stage.backups / "copy-of-the-key"
    stray.write_bytes(key)
    with pytest.raises(CannotScrub, match="copy-of-the-key"):
        stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        assert campaign.state is CampaignState.BACKED_UP
        assert campaign.keys_destroyed_on is None
    stray.unlink()
    assert stage.open(campaign_id) is CampaignState.BACKED_UP


def test_a_copy_of_the_key_store_among_the_backups_is_found(stage):
    campaign_id = opened(stage)
    stage.backups.mkdir(exist_ok=True)
    stray = stage.backups / "keys-of-monday.sqlite"
    shutil.copy(stage.keys.folder / "keys.sqlite", stray)
    with pytest.raises(CannotScrub, match="keys-of-monday"):
        stage.open(campaign_id)
    stray.unlink()
    assert stage.open(campaign_id) is CampaignState.BACKED_UP


def test_a_smallest_group_that_was_lowered_in_the_database_opens_nothing(stage):
    campaign_id = opened(stage)
    with above_the_walls(stage.database) as connection:
        connection.execute(update(Campaign.__table__).values(min_group=5))
    with pytest.raises(CountsDisagree, match="smallest group"):
        stage.open(campaign_id)
    with above_the_walls(stage.database) as connection:
        connection.execute(update(Campaign.__table__).values(min_group=10))
    assert stage.open(campaign_id) is CampaignState.BACKED_UP


@pytest.mark.parametrize(
    "changes",
    [{"answers": (0,) * 7}, {"answers": (9,) * 8}, {"language": "xx"}, {"backgrounds": (7,)}],
)
def test_an_envelope_that_somebody_else_made_opens_nothing(stage, changes):
    campaign_id = opened(stage)
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        envelope = session.scalars(select(Envelope)).first()
    sheet = replace(stage.sheet(), **changes)
    content = encode_sheet(stage.unit_of["Team A"], sheet, size=campaign.box_size - SEALING_BYTES)
    forged = seal_envelope(campaign.box_public_key, campaign_id, content)
    with above_the_walls(stage.database) as connection:
        table = Envelope.__table__
        connection.execute(update(table).where(table.c.tag == envelope.tag).values(box=forged))
    with pytest.raises(CannotUnseal):
        stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        assert get_campaign(session, campaign_id).state is CampaignState.CLOSED


def test_waiting_steps_are_taken_without_anybody_asking(stage):
    campaign_id = opened(stage)
    with pytest.raises(InvalidTransition):
        advance_opening(
            stage.database,
            stage.keys,
            stage.backups,
            campaign_id,
            organisation_id=stage.client.id,
            today=stage.today,
        )
    stage.open(campaign_id)
    later = stage.opening_day + timedelta(days=7)
    arguments = (stage.database, stage.keys, stage.backups)
    for today, state in ((later - timedelta(days=1), "backed_up"), (later, "scrubbed")):
        reached = advance_all(*arguments, organisation_id=stage.client.id, today=today)
        assert reached == {campaign_id: CampaignState(state)}
    assert advance_all(*arguments, organisation_id=stage.client.id, today=later) == {}


def test_an_envelope_that_came_back_stops_the_scrub(stage):
    campaign_id = opened(stage)
    stage.open(campaign_id)
    with stage.database.session(stage.client.id) as session:
        session.add(Envelope(tag=b"t" * 16, campaign_id=campaign_id, box=b"x" * 1024))
    with pytest.raises(CannotScrub, match="envelope"):
        stage.open(campaign_id, days_later=7)


def test_a_backup_that_lacks_the_answers_is_not_accepted(stage):
    campaign_id = opened(stage)
    before = make_backup(stage.database, stage.backups, at=datetime(2026, 3, 2, tzinfo=UTC))
    stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        expected = _digest(session, campaign_id)
    for path, agrees in ((before, False), (max(stage.backups.glob("opening-*/*.sqlite")), True)):
        restored = open_backup(path)
        with restored.read(stage.client.id) as session:
            if agrees:
                _check_restored(session, stage.keys, campaign_id, expected)
            else:
                with pytest.raises(BackupDisagrees):
                    _check_restored(session, stage.keys, campaign_id, expected)
        restored.dispose()


def test_an_answer_block_of_another_label_does_not_open(stage):
    campaign_id = opened(stage)
    stage.open(campaign_id)
    with above_the_walls(stage.database) as connection:
        connection.execute(update(AnswerBlock.__table__).values(label="other"))
    with (
        stage.database.read(stage.client.id) as session,
        pytest.raises(KeyDamaged),
    ):
        list(read_blocks(session, stage.keys, campaign_id))
