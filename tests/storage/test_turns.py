"""Outbox and turns: written with the change, taken by one, taken over from the dead."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from baken.storage.jobs import (
    Job,
    JobMissing,
    JobRow,
    JobState,
    count_failed,
    enqueue,
    find_unfinished,
    get_job,
    list_jobs,
    load_job,
)
from baken.storage.turns import (
    LEASE,
    LONGEST_PAUSE,
    TurnLost,
    ask_once,
    end,
    fail,
    forget_done,
    hold,
    put_back,
    take_turn,
    try_again,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
MINUTE = timedelta(minutes=1)


def ask(database, organisation_id=None, name="kind.one", **more):
    with database.session(organisation_id) as session:
        return enqueue(session, name, now=NOW, **more)


def test_a_job_is_there_with_the_change_and_not_without_it(database, organisation):
    with pytest.raises(ZeroDivisionError), database.session(organisation.id) as session:
        enqueue(session, "kind.one", now=NOW)
        raise ZeroDivisionError
    assert take_turn(database, now=NOW) is None
    job_id = ask(database, organisation.id, by=organisation.adviser.person_id)
    assert take_turn(database, now=NOW).job.id == job_id


def test_a_job_is_taken_once_and_the_oldest_first(database):
    with database.session(None) as session:
        second = enqueue(session, "kind.one", now=NOW + MINUTE)
        first = enqueue(session, "kind.one", now=NOW)
    taken = [take_turn(database, now=NOW + MINUTE) for _ in range(3)]
    assert [turn.job.id for turn in taken[:2]] == [first, second]
    assert taken[2] is None


def test_twenty_jobs_and_eight_workers_at_once(database):
    wanted = {ask(database) for _ in range(20)}
    taken, lock = [], threading.Lock()

    def work():
        while turn := take_turn(database, now=NOW):
            with lock:
                taken.append(turn.job.id)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted(wanted)


def test_another_organisation_sees_no_job(database, organisation):
    job_id = ask(database, organisation.id)
    for other in (None, organisation.administrator.person_id):
        with pytest.raises(JobMissing):
            get_job(database, job_id, other)
        with database.read(other) as session:
            assert list_jobs(session) == []
            assert count_failed(session) == 0


def test_the_turn_of_a_dead_worker_runs_out_and_its_writing_is_refused(database):
    ask(database)
    dead = take_turn(database, now=NOW)
    assert take_turn(database, now=NOW + LEASE - MINUTE / 60) is None
    heir = take_turn(database, now=NOW + LEASE)
    assert heir.job.id == dead.job.id
    assert heir.job.attempts == 2
    with pytest.raises(TurnLost), database.session(None) as session:
        hold(session, dead, now=NOW + LEASE)
    with database.session(None) as session:
        end(session, heir, today=TODAY)
    assert get_job(database, heir.job.id, None).state is JobState.DONE


def test_what_is_written_with_a_lost_turn_is_rolled_back(database):
    ask(database)
    dead = take_turn(database, now=NOW)
    take_turn(database, now=NOW + LEASE)
    with pytest.raises(TurnLost), database.session(None) as session:
        enqueue(session, "kind.written", now=NOW)
        hold(session, dead, now=NOW + LEASE)
    with database.read(None) as session:
        assert session.scalar(select(func.count()).where(Job.name == "kind.written")) == 0


def test_a_renewed_turn_is_kept(database):
    ask(database)
    turn = take_turn(database, now=NOW)
    with database.session(None) as session:
        hold(session, turn, now=NOW + LEASE / 2, n_done=3)
    assert take_turn(database, now=NOW + LEASE) is None
    assert get_job(database, turn.job.id, None).n_done == 3


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(hours=2), timedelta(days=-400)])
def test_a_clock_that_jumps_stalls_nothing(database, jump):
    fresh, waiting, running = ask(database), ask(database), ask(database)
    turns = {turn.job.id: turn for turn in (take_turn(database, now=NOW) for _ in range(3))}
    with database.session(None) as session:
        put_back(session, turns[waiting], not_before=NOW + LONGEST_PAUSE)
        put_back(session, turns[fresh], not_before=None)
    later = NOW + jump
    found = {turn.job.id for turn in iter(lambda: take_turn(database, now=later), None)}
    assert found == {fresh, waiting, running}
    with pytest.raises(TurnLost), database.session(None) as session:
        hold(session, turns[running], now=later)  # the one before has lost its turn for good


@pytest.mark.parametrize(("minutes", "is_due"), [(0, False), (9, False), (10, True), (11, True)])
def test_a_pause_is_kept(database, minutes, is_due):
    ask(database)
    turn = take_turn(database, now=NOW)
    with database.session(None) as session:
        put_back(session, turn, not_before=NOW + 10 * MINUTE)
    assert (take_turn(database, now=NOW + minutes * MINUTE) is not None) is is_due


def test_a_failed_job_waits_for_a_person_and_starts_anew(database, organisation):
    job_id = ask(database, organisation.id)
    turn = take_turn(database, now=NOW)
    with database.session(organisation.id) as session:
        fail(session, turn, today=TODAY, fault="storage.busy", fault_box=b"sealed")
    assert take_turn(database, now=NOW + timedelta(days=3)) is None
    with database.session(organisation.id) as session:
        assert count_failed(session) == 1
        try_again(load_job(session, job_id))
    assert get_job(database, job_id, organisation.id).fault == ""
    assert take_turn(database, now=NOW).job.attempts == 1


def test_a_button_pressed_twice_finds_the_first_job(database, organisation):
    subject = organisation.adviser.person_id
    job_id = ask(database, organisation.id, subject_id=subject)
    with database.read(organisation.id) as session:
        assert find_unfinished(session, "kind.one", subject) == job_id
        assert find_unfinished(session, "kind.two", subject) is None
    turn = take_turn(database, now=NOW)
    with database.session(None) as session:
        end(session, turn, today=TODAY)
    with database.read(organisation.id) as session:
        assert find_unfinished(session, "kind.one", subject) is None


def test_an_occasion_comes_once_whatever_the_number_of_processes(database):
    asked, lock = [], threading.Lock()
    together = threading.Barrier(6)

    def look_at_calendar():
        together.wait()
        with database.session(None) as session:
            is_first = ask_once(session, "kind.daily", "round 2026-03-02", now=NOW)
        with lock:
            asked.append(is_first)

    processes = [threading.Thread(target=look_at_calendar) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert sorted(asked) == [False] * 5 + [True]


def test_what_was_done_is_forgotten_after_thirty_days_and_failures_are_not(database):
    for number in range(4):
        ask(database, name=f"kind.{number}")
    with database.session(None) as session:
        ask_once(session, "kind.daily", "round 2026-03-02", now=NOW)
    turns = sorted((take_turn(database, now=NOW) for _ in range(5)), key=lambda turn: turn.job.name)
    with database.session(None) as session:
        end(session, turns[0], today=TODAY - timedelta(days=31))
        end(session, turns[1], today=TODAY - timedelta(days=30))
        for turn, day in ((turns[2], 31), (turns[4], 1)):
            fail(session, turn, today=TODAY - timedelta(days=day), fault="x", fault_box=None)
    with database.session(None) as session:
        forget_done(session, today=TODAY)
    with database.read(None) as session:
        left = {job.name: job.state for job in list_jobs(session)}
    assert left == {
        "kind.1": JobState.DONE,
        "kind.2": JobState.FAILED,  # its cause is not known yet
        "kind.3": JobState.RUNNING,
    }


def test_a_row_holds_identifiers_and_no_words():
    kinds = {column.name: str(column.type) for column in Job.__table__.columns}
    words = {name for name, kind in kinds.items() if kind.startswith("VARCHAR")}
    assert words == {"name", "occasion", "state", "fault"}
    assert set(JobRow.__dataclass_fields__) <= set(kinds)
