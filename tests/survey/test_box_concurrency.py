"""Many people at once, one code many times, and a database that refuses."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from baken.survey.box.actions import close_campaign
from baken.survey.box.models import Envelope
from baken.survey.box.statements import Standing
from baken.survey.box.turns import Turns
from baken.survey.codes.models import Code, CodeState
from baken.survey.errors import NotStored
from tests.databases import listening


def count(stage, model, *where):
    with stage.database.read(stage.client.id) as session:
        return session.scalar(select(func.count()).select_from(model).where(*where))


def test_one_code_fifty_times_at_once_gives_one_envelope(stage):
    campaign_id = stage.launch()
    codes = stage.codes(campaign_id)["Team A"][:2]
    with ThreadPoolExecutor(50) as pool:
        for code in codes:
            ready = threading.Barrier(50)

            def one(number, code=code, ready=ready):
                ready.wait()
                return stage.submit(campaign_id, code, stage.sheet(number))

            outcomes = list(pool.map(one, range(50)))
            assert Counter(outcome.standing for outcome in outcomes) == {
                Standing.RECEIVED: 1,
                Standing.ALREADY_RECEIVED: 49,
            }
            assert len({outcome.receipt for outcome in outcomes}) == 1
    assert count(stage, Envelope) == 2


def test_everybody_at_once_is_stored_once(stage):
    campaign_id = stage.launch()
    codes = [code for found in stage.codes(campaign_id).values() for code in found]
    with ThreadPoolExecutor(len(codes)) as pool:
        outcomes = list(pool.map(lambda c: stage.submit(campaign_id, c, stage.sheet()), codes))
    assert {outcome.standing for outcome in outcomes} == {Standing.RECEIVED}
    assert len({outcome.receipt for outcome in outcomes}) == len(codes)
    assert count(stage, Envelope) == count(stage, Code, Code.state == CodeState.USED) == len(codes)


def test_a_closing_in_the_middle_loses_no_acknowledged_answer(stage):
    campaign_id = stage.launch()
    codes = [code for found in stage.codes(campaign_id).values() for code in found]

    def close():
        time.sleep(0.03)
        with stage.database.session(stage.client.id) as session:
            close_campaign(session, campaign_id, by=stage.client.adviser, today=stage.today)

    with ThreadPoolExecutor(8) as pool:
        closing = pool.submit(close)
        outcomes = list(pool.map(lambda c: stage.submit(campaign_id, c, stage.sheet()), codes))
        closing.result()
    standings = Counter(outcome.standing for outcome in outcomes)
    assert set(standings) <= {Standing.RECEIVED, Standing.CLOSED}
    assert count(stage, Envelope) == standings[Standing.RECEIVED]
    assert count(stage, Code, Code.state == CodeState.USED) == standings[Standing.RECEIVED]


NOBODY = uuid4()


def test_people_who_wait_together_share_a_transaction(sqlite):
    turns = Turns(sqlite)
    commits = []
    hold = threading.Event()
    with listening(sqlite.engine, "commit", commits.append), ThreadPoolExecutor(21) as pool:
        first = pool.submit(turns.run, NOBODY, lambda _connection: hold.wait(10))
        time.sleep(0.1)
        rest = [pool.submit(turns.run, NOBODY, lambda _connection, n=n: n) for n in range(20)]
        time.sleep(0.2)
        assert not any(answer.done() for answer in rest)
        hold.set()
        assert first.result()
        assert [answer.result() for answer in rest] == list(range(20))
    turns.stop()
    assert len(commits) == 2


def test_a_group_that_fails_is_tried_one_by_one(sqlite):
    turns = Turns(sqlite)
    hold = threading.Event()

    def broken(_connection):
        raise ZeroDivisionError

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(turns.run, NOBODY, lambda _connection: hold.wait(10))
        time.sleep(0.1)
        rest = [
            pool.submit(turns.run, NOBODY, work) for work in (lambda _c: 1, broken, lambda _c: 2)
        ]
        time.sleep(0.1)
        hold.set()
        assert first.result()
        assert rest[0].result() == 1
        assert rest[2].result() == 2
        with pytest.raises(ZeroDivisionError):
            rest[1].result()
    turns.stop()
    assert turns.run(NOBODY, lambda _connection: 3) == 3
    turns.stop()


def test_a_database_that_refuses_leaves_the_code_valid(stage):
    if not stage.database.is_sqlite:
        return
    campaign_id = stage.launch()
    code, other = stage.codes(campaign_id)["Team A"][:2]
    stage.submit(campaign_id, other, stage.sheet())
    limit = {"pages": 1}  # SQLite never goes below the present size

    def limit_size(connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count={limit['pages']}")

    with listening(stage.database.engine, "begin", limit_size):
        written = 0
        failed = None
        for spare in [
            code,
            *stage.codes(campaign_id)["Team B"],
            *stage.codes(campaign_id)["Workshop"],
        ]:
            try:
                stage.submit(campaign_id, spare, stage.sheet())
                written += 1
            except NotStored:
                failed = spare
                break
        assert failed is not None
        looked = stage.writer.look_up(stage.client.id, campaign_id, failed, today=stage.today)
        assert looked.standing is Standing.WELCOME
        limit["pages"] = 1_000_000
        assert stage.submit(campaign_id, failed, stage.sheet()).standing is Standing.RECEIVED
    assert count(stage, Envelope) == 1 + written + 1
