"""The worker: every job gets an end, whatever happens, and nothing is done twice."""

import threading
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import select

from baken.organisation.models import Person
from baken.organisation.permissions import Action, Role
from baken.storage.audit import list_entries
from baken.storage.errors import BakenError
from baken.storage.jobs import Job, JobRow, JobState, enqueue, get_job, list_jobs, load_job
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.storage.turns import LEASE, TurnLost, take_turn
from baken.web.jobs.daily import HOUR, ask_for_round, round_of
from baken.web.jobs.kinds import FIRST_PAUSE, JobKind
from baken.web.jobs.registry import JOBS
from baken.web.jobs.work import Work
from baken.web.jobs.worker import Worker
from baken.web.numerals import ZONE
from baken.web.settings import Settings, UnsafeSetting
from baken.web.texts import LANGUAGES, catalogue
from tests.conftest import Client
from tests.web.conftest import START, Clock, Website


class Refusal(BakenError):
    """A rule of a test."""


class Busy(BakenError):
    """Something that passes."""

    kind = "conflict"


class Yard:
    """Workers on one database, with kinds of work of the test's own."""

    def __init__(self, database: Database, keys: KeyStore, client: Client) -> None:
        self.database, self.keys, self.client = database, keys, client
        self.clock = Clock()

    def worker(self, *kinds: JobKind) -> Worker:
        return Worker(self.database, self.keys, Settings(), self.clock, kinds=kinds)

    def ask(self, name: str = "test.one") -> UUID:
        by = self.client.adviser.person_id
        with self.database.session(self.client.id) as session:
            return enqueue(session, name, subject_id=by, by=by, now=self.clock.now)

    def look(self, job_id: UUID) -> JobRow:
        return get_job(self.database, job_id, self.client.id)

    def rename(self, work: Work, letter: str) -> None:
        """An item: a letter at the end of a name, in a transaction of its own."""
        with work.session() as session:
            person = session.get_one(Person, work.subject_id, with_for_update=True)
            person.name += letter

    @property
    def name(self) -> str:
        with self.database.read(self.client.id) as session:
            return session.get_one(Person, self.client.adviser.person_id).name


@pytest.fixture
def yard(database: Database, keys: KeyStore, organisation: Client) -> Yard:
    return Yard(database, keys, organisation)


def test_a_job_is_done_by_the_person_who_asked_and_counts_its_items(yard: Yard) -> None:
    seen = []

    def run(work: Work) -> None:
        assert work.actor() == yard.client.adviser
        for letter in work.each("abc"):
            yard.rename(work, letter)
            seen.append(yard.look(work.job.id).n_done)

    job_id = yard.ask()
    assert yard.worker(JobKind("test.one", run)).work_off() == 1
    assert yard.name.endswith("abc")
    assert seen == [0, 1, 2]
    done = yard.look(job_id)
    assert (done.state, done.n_done, done.n_total, done.fault) == (JobState.DONE, 3, 3, "")


def test_what_passes_is_tried_again_with_growing_pauses_and_then_left_to_a_person(
    yard: Yard,
) -> None:
    def run(_work: Work) -> None:
        raise Busy("test.busy", "Busy with {what}.", what="kanarie")

    job_id, worker = yard.ask(), yard.worker(JobKind("test.one", run, retries=3))
    pauses = []
    while worker.work_off():
        row = yard.look(job_id)
        if row.state is JobState.FAILED:
            break
        assert row.not_before
        pauses.append(row.not_before - yard.clock.now)
        yard.clock.move(seconds=pauses[-1].total_seconds() - 1)
        assert worker.work_off() == 0
        yard.clock.move(seconds=1)
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    row = yard.look(job_id)
    assert (row.attempts, row.fault) == (4, "test.busy")
    assert row.fault_box is not None
    assert b"kanarie" not in row.fault_box


@pytest.mark.parametrize(
    ("error", "state", "fault"),
    [
        (Refusal("test.no", "No."), JobState.FAILED, "test.no"),
        (Busy("test.busy", "Busy."), JobState.WAITING, "test.busy"),
        (OSError(28, "No space left on device"), JobState.WAITING, "jobs.machine"),
        (KeyError("kanarie"), JobState.WAITING, "jobs.broken"),
    ],
)
def test_a_rule_is_final_and_the_rest_may_pass(
    yard: Yard, caplog: Any, error: Exception, state: JobState, fault: str
) -> None:
    def run(_work: Work) -> None:
        raise error

    job_id = yard.ask()
    yard.worker(JobKind("test.one", run)).work_off()
    assert (yard.look(job_id).state, yard.look(job_id).fault) == (state, fault)
    assert "kanarie" not in caplog.text
    assert caplog.text.count("\n") <= 2


def test_work_that_nobody_knows_fails_loudly(yard: Yard, caplog: Any) -> None:
    job_id = yard.ask("test.unheard_of")
    yard.worker().work_off()
    assert yard.look(job_id).fault == "jobs.unknown_kind"
    assert "test.unheard_of" in caplog.text


def test_what_kills_its_worker_each_time_is_given_up(yard: Yard) -> None:
    job_id, kind = yard.ask(), JobKind("test.one", lambda _work: None, retries=2)
    for _ in range(3):
        assert take_turn(yard.database, now=yard.clock.now)  # and dies
        yard.clock.move(seconds=LEASE.total_seconds())
    yard.worker(kind).work_off()
    assert (yard.look(job_id).state, yard.look(job_id).fault) == (JobState.FAILED, "jobs.died")


def test_what_gets_on_is_never_given_up(yard: Yard) -> None:
    def run(work: Work) -> None:
        done = len(yard.name) - len(yard.client.adviser.name)
        work.progress(done, 9)
        yard.rename(work, "x")
        work.progress(done + 1, 9)
        if done < 8:
            raise Busy("test.busy", "Busy.")

    job_id, worker = yard.ask(), yard.worker(JobKind("test.one", run, retries=1))
    for _ in range(9):
        worker.work_off()
        yard.clock.move(hours=1)
    assert yard.look(job_id).state is JobState.DONE
    assert yard.name.endswith("x" * 9)


def test_a_worker_that_is_asked_to_stop_finishes_the_item_and_gives_the_rest_back(
    yard: Yard,
) -> None:
    def run(work: Work) -> None:
        with work.read() as session:
            name = session.get_one(Person, work.subject_id).name
        left = "abc"[len(name) - len(yard.client.adviser.name) :]
        for letter in work.each(left):
            yard.rename(work, letter)
            first.stop()

    kind = JobKind("test.one", run)
    first, job_id = yard.worker(kind), yard.ask()
    first.run(threads=1)
    row = yard.look(job_id)
    assert (row.state, row.attempts, row.not_before) == (JobState.WAITING, 0, None)
    assert yard.name == f"{yard.client.adviser.name}a"
    yard.worker(kind).work_off()
    assert yard.name == f"{yard.client.adviser.name}abc"


def test_a_worker_that_lost_its_turn_writes_nothing_more(yard: Yard, caplog: Any) -> None:
    """Its machine slept, or its clock jumped: the other worker is the one who writes."""
    kind = JobKind("test.one", lambda work: yard.rename(work, "b"))

    def run(work: Work) -> None:
        yard.rename(work, "a")
        yard.clock.move(hours=2)
        assert yard.worker(kind).work_off() == 1
        with pytest.raises(TurnLost):
            yard.rename(work, "c")
        raise TurnLost

    job_id = yard.ask()
    yard.worker(JobKind("test.one", run)).work_off()
    assert yard.name.endswith("ab")
    assert yard.look(job_id).state is JobState.DONE
    assert "taken over" in caplog.text


def test_a_long_job_keeps_its_turn(yard: Yard, monkeypatch: Any) -> None:
    monkeypatch.setattr("baken.web.jobs.worker.BEAT", 0.05)
    began, may_end = threading.Event(), threading.Event()

    def run(_work: Work) -> None:
        began.set()
        assert may_end.wait(10)

    job_id, worker = yard.ask(), yard.worker(JobKind("test.one", run))
    running = threading.Thread(target=worker.run, daemon=True)
    running.start()
    assert began.wait(10)
    for _ in range(4):
        yard.clock.move(seconds=LEASE.total_seconds() / 2)
        wait_until(lambda: lease_of(yard, job_id) == yard.clock.now + LEASE)
        assert take_turn(yard.database, now=yard.clock.now, names=["test.one"]) is None
    worker.stop()
    may_end.set()
    running.join(10)
    assert yard.look(job_id).state is JobState.DONE


def test_a_hand_outlives_a_key_store_that_is_away(yard: Yard, caplog: Any) -> None:
    """What kept a job from being done is sealed; without keys even that cannot be written."""

    said_before: list[int] = []

    def run(_work: Work) -> None:
        said_before.append(caplog.text.count("The next job waits."))
        raise Refusal("test.no", "No.")

    job_id, worker = yard.ask(), yard.worker(JobKind("test.one", run))
    store = yard.keys.folder / "keys.sqlite"
    aside = store.rename(yard.keys.folder / "aside")
    running = threading.Thread(target=worker.run, daemon=True)
    running.start()
    # the worker's own daily round may be the first that could not be noted
    wait_until(lambda: said_before and caplog.text.count("The next job waits.") > said_before[0])
    assert yard.look(job_id).state is JobState.RUNNING
    aside.replace(store)
    yard.clock.move(seconds=LEASE.total_seconds())
    wait_until(lambda: yard.look(job_id).state is JobState.FAILED)
    worker.stop()
    running.join(10)
    assert yard.look(job_id).fault == "test.no"


def lease_of(yard: Yard, job_id: UUID) -> datetime | None:
    with yard.database.read(None) as session:
        return session.get_one(Job, job_id).lease_until


def wait_until(holds: Any) -> None:
    waited = threading.Event()
    for _ in range(400):
        if holds():
            return
        waited.wait(0.025)
    raise AssertionError("it never came")


def test_two_workers_with_three_threads_do_forty_jobs_once_each(yard: Yard) -> None:
    kind = JobKind("test.one", lambda work: yard.rename(work, "x"))
    for _ in range(40):
        yard.ask()
    workers = [yard.worker(kind) for _ in range(2)]
    running = [threading.Thread(target=worker.run, args=(3,), daemon=True) for worker in workers]
    for one in running:
        one.start()
    wait_until(lambda: len(yard.name) == len(yard.client.adviser.name) + 40)
    for worker in workers:
        worker.stop()
    for one in running:
        one.join(30)
    assert yard.name == f"{yard.client.adviser.name}{'x' * 40}"


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 2, 4, 59, tzinfo=ZONE), 1),
        (datetime(2026, 3, 2, 5, 0, tzinfo=ZONE), 2),
        (datetime(2026, 3, 2, 23, 59, tzinfo=ZONE), 2),
        # the night that loses an hour, and the one that has one twice
        (datetime(2026, 3, 29, 5, 0, tzinfo=ZONE), 29),
        (datetime(2026, 3, 29, 2, 59, tzinfo=UTC), 28),
        (datetime(2026, 10, 25, 3, 59, tzinfo=UTC), 24),
        (datetime(2026, 10, 25, 4, 0, tzinfo=UTC), 25),
    ],
)
def test_the_round_of_a_day_begins_at_five_by_the_clock_on_the_wall(
    now: datetime, day: int
) -> None:
    if now.tzinfo is UTC and now.month == 3:
        day = 28 if now.astimezone(ZONE).time() < HOUR else 29
    assert round_of(now).day == day


@pytest.mark.parametrize("start", [START, datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_every_day_has_one_round_whatever_clocks_and_workers_do(
    yard: Yard, start: datetime
) -> None:
    done: list[str] = []

    def run(work: Work) -> None:
        done.append(str(round_of(work.job.asked_at)))

    workers = [yard.worker(JobKind("installation.daily", run)) for _ in range(2)]
    yard.clock.now = start
    jumps = (2, 3, -2, 3, -1, 4) * 5  # hours: two days, there and back
    for number, hours in enumerate(jumps):
        yard.clock.move(hours=hours)
        ask_for_round(yard.database, now=yard.clock.now)
        workers[number % 2].work_off()
    days = {(start.date() + timedelta(days=n)).isoformat() for n in range(3)}
    assert len(done) == len(set(done))
    assert set(done) == days & set(done)
    assert len(done) >= 2


def test_the_round_reaches_every_organisation_once_and_replaces_what_failed(
    database: Database, keys: KeyStore, organisation: Client, tmp_path: Any
) -> None:
    clock = Clock(datetime(2026, 3, 2, 5, 10, tzinfo=ZONE))
    settings = Settings(backups=tmp_path / "backups")
    worker = Worker(database, keys, settings, clock)
    for _ in range(3):
        ask_for_round(database, now=clock.now)
        worker.work_off()
    with database.read(organisation.id) as session:
        rounds = list_jobs(session)
    assert [(row.name, row.state) for row in rounds] == [("organisation.daily", JobState.DONE)]
    with database.session(organisation.id) as session:
        session.get_one(Job, rounds[0].id).state = JobState.FAILED
    clock.move(days=1)
    ask_for_round(database, now=clock.now)
    worker.work_off()
    with database.read(organisation.id) as session:
        assert [row.state for row in list_jobs(session)] == [JobState.DONE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_name_on_the_page(language: str) -> None:
    said = catalogue(language)
    assert [kind.name for kind in JOBS if not said.has(kind.text)] == []
    assert len({kind.name for kind in JOBS}) == len(JOBS)


def ask_in_vain(website: Website) -> UUID:
    """An opening of nothing, asked by the adviser."""
    by = website.organisation.people[Role.ADVISER]
    with website.database.session(website.organisation.id) as session:
        return enqueue(session, "campaign.open", subject_id=by, by=by, now=website.clock.now)


def test_the_page_of_a_job_is_for_who_asked_and_for_administrators(website: Website) -> None:
    path = f"{website.root}/jobs/{ask_in_vain(website)}"
    for role in (Role.ADVISER, Role.ADMINISTRATOR, Role.PREVENTION_ADVISER, Role.GUEST):
        sees = role in {Role.ADVISER, Role.ADMINISTRATOR}
        browser = website.browser(role)
        assert browser.get(path).status_code == (200 if sees else 404), role
        # an administrator sees what failed, and has no survey opened
        again = {Role.ADVISER: 303, Role.ADMINISTRATOR: 403}.get(role, 404)
        assert browser.post(f"{path}/again").status_code == again, role
        listed = browser.get(f"{website.root}/jobs").status_code
        assert listed == (200 if role is Role.ADMINISTRATOR else 403), role
    other = website.add_organisation("Andere").id
    adviser = website.browser(Role.ADMINISTRATOR)
    assert adviser.get(f"/o/{other}/jobs").status_code == 404


def test_trying_again_takes_the_right_to_the_work_and_a_fresh_factor(website: Website) -> None:
    """Whoever may look at what failed may not have a survey opened with somebody else's right."""
    job_id = ask_in_vain(website)
    path = f"{website.root}/jobs/{job_id}"
    website.work_off()
    administrator = website.browser(Role.ADMINISTRATOR)
    failed = administrator.get(path).text
    assert f"{path}/again" not in failed
    assert "wie deze rol heeft: preventieadviseur psychosociale" in unescape(failed)
    assert administrator.post(f"{path}/again").status_code == 403
    adviser = website.browser(Role.ADVISER)
    assert f"{path}/again" in adviser.get(path).text
    website.clock.move(minutes=11)
    stale = adviser.post(f"{path}/again")
    assert stale.status_code == 403
    assert f"/account/confirm?{urlencode({'next': path})}" in stale.text
    with website.database.read(website.organisation.id) as session:
        assert load_job(session, job_id).state is JobState.FAILED
    assert website.browser(Role.ADVISER).post(f"{path}/again").status_code == 303


def test_what_somebody_asks_for_names_the_right_that_it_takes() -> None:
    by_themselves = {"organisation.daily", "installation.daily", "organisation.import"}
    assert {kind.name: str(kind.action) for kind in JOBS if kind.action is not Action.SEE_JOBS} == {
        "campaign.open": "open_campaign",
        "release.make": "release_results",
        "campaign.letters": "send_invitations",
        "mail.invitation": "edit_people",
        "mail.meeting": "lead_meetings",
        "organisation.export": "export_organisation",
        "organisation.remove": "remove_organisation",
    }
    # The rest acts for nobody in an organisation: rounds, letters about an account, an arrival.
    rest = {kind.name for kind in JOBS if kind.action is Action.SEE_JOBS}
    assert {name for name in rest if not name.startswith("mail.")} == by_themselves


def test_a_failure_says_what_to_do_and_can_be_tried_again(website: Website) -> None:
    job_id = ask_in_vain(website)
    path = f"{website.root}/jobs/{job_id}"
    browser = website.browser(Role.ADVISER)
    waiting = browser.get(path).text
    assert 'data-refresh="2"' in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    website.work_off()
    failed = unescape(browser.get(path).text)
    assert "Dit is niet gelukt" in failed
    assert "data-refresh" not in failed
    assert "<html" not in browser.get(path, headers={"X-Swap": "job"}).text
    listed = unescape(website.browser(Role.ADMINISTRATOR).get(f"{website.root}/jobs").text)
    assert "De bevraging openen" in listed
    assert "Niet gelukt" in listed
    browser = website.browser(Role.ADVISER)
    assert browser.post(f"{path}/again").headers["location"] == path
    assert browser.post(f"{path}/again").status_code == 303
    with website.database.read(website.organisation.id) as session:
        done = [entry.action for entry in list_entries(session)]
    assert done.count("job.tried_again") == 1
    assert website.work_off() == 1


def test_a_job_that_nobody_takes_says_so(website: Website) -> None:
    path = f"{website.root}/jobs/{ask_in_vain(website)}"
    browser = website.browser(Role.ADVISER)
    assert "baken worker" not in browser.get(path).text
    website.clock.move(minutes=3)
    assert "baken worker" in browser.get(path).text


def test_a_fault_says_names_in_the_language_of_the_reader(website: Website) -> None:
    """What stands at the placeholders is sealed in the row and whole on the page."""

    def run(work: Work) -> None:
        raise Refusal("survey.opening_promised", "Until {day}.", day=work.today)

    job_id = ask_in_vain(website)
    state = website.app.state
    kind = JobKind("campaign.open", run)
    Worker(
        website.database, state.key_store, website.settings, website.clock, kinds=[kind]
    ).work_off()
    browser = website.browser(Role.ADVISER)
    days = {
        "nl": "2\u00a0maart 2026",
        "fr": "2\u00a0mars 2026",
        "en": "2\u00a0March 2026",
        "de": "2.\u00a0März 2026",
    }
    for language, day in days.items():
        assert day in browser.get(f"{website.root}/jobs/{job_id}?lang={language}").text
    with website.database.read(None) as session:
        assert session.scalars(select(Job)).one().fault_box is not None


def test_whether_a_server_has_a_worker_is_on_or_off() -> None:
    assert Settings.from_environment({}).has_worker
    assert not Settings.from_environment({"BAKEN_WORKER": "off"}).has_worker
    with pytest.raises(UnsafeSetting, match="write on or off"):
        Settings.from_environment({"BAKEN_WORKER": "no"})
