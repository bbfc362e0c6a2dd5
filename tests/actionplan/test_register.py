"""The register of acts by third parties: its life, its walls, its end."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from baken.actionplan.register import actions, authors
from baken.actionplan.register.access import KEEPERS, rights_of, rights_of_role
from baken.actionplan.register.actions import Refusal
from baken.actionplan.register.attachments import attach_own, open_file
from baken.actionplan.register.authors import READ
from baken.actionplan.register.counts import LEAST, report_lines, shown_counts, withhold
from baken.actionplan.register.entries import Made, Told
from baken.actionplan.register.errors import (
    AboutColleague,
    InvalidEntry,
    NotYours,
    TooMany,
    Unreadable,
    WrongWord,
)
from baken.actionplan.register.exporting import ask_export, read_period
from baken.actionplan.register.files import File
from baken.actionplan.register.lists import Right, lists
from baken.actionplan.register.models import Entry, EntryAttachment, EntryText
from baken.actionplan.register.queries import list_rows
from baken.actionplan.register.reading import open_entry
from baken.actionplan.register.receipts import print_receipt
from baken.actionplan.register.retention import delete_due, gone_on
from baken.actionplan.register.rules import EntryState, Kind, check_facts, purge_on
from baken.actionplan.register.setting_up import get_register
from baken.actionplan.requests.situations import actions as requests
from baken.actionplan.requests.situations.intake import Asker, Intake, Priority
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.situations.queries import list_steps
from baken.actionplan.requests.situations.rules import RequestState, Step
from baken.actionplan.requests.situations.sealing import (
    RequestWords,
    StepWords,
    open_request,
    open_step,
)
from baken.organisation.errors import Denied
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.organisation.removals.holds import set_hold
from baken.organisation.removals.models import LegalHold
from baken.storage.audit import list_entries, verify
from baken.storage.backup import open_backup
from baken.storage.base import EditedMeanwhile
from baken.storage.crash import VARIABLE
from baken.storage.keys import KeyDamaged, KeyStore
from baken.storage.master_keys import MasterKey
from baken.storage.session import Database
from baken.web.commands.backups import backup as run_backup
from tests.actionplan.registers import FACTS, TODAY, WORD, Kept, at, keep_register
from tests.conftest import Client, make_client
from tests.databases import load_every_model

load_every_model()
NAMED = f"Imke {WORD}-naam"


@pytest.fixture
def kept(sqlite: Database, keys: KeyStore) -> Kept:
    return keep_register(sqlite, keys, make_client(sqlite).people)


@pytest.fixture
def kept_on_both(database: Database, keys: KeyStore, organisation: Client) -> Kept:
    return keep_register(database, keys, organisation.people)


def test_from_the_poster_to_a_number_and_back_to_its_author(kept_on_both: Kept) -> None:
    kept = kept_on_both
    once = "0" * 32
    made = kept.tell(name=NAMED, once=once)
    again = kept.tell(name=NAMED, once=once)
    assert (again.is_new, again.receipt, again.entry.id) == (False, made.receipt, made.entry.id)
    assert made.entry.number is None
    with kept.database.read(kept.id) as session:
        acts = [entry.action for entry in list_entries(session)]
    assert acts == ["register.opened"]  # what the author does stands in no record

    assert kept.accept(made) == 1
    assert kept.enter().entry.number == 2
    reading = kept.read(made)
    assert reading.facts == replace(FACTS, tags=("insults", "threat"))
    assert reading.identity is not None
    assert reading.identity.name == NAMED
    assert kept.read(made, Role.EMPLOYER).identity is None

    receipt = print_receipt(made.receipt)
    with kept.database.session(kept.id) as session:
        register = get_register(session)
        for _ in range(2):  # the button pressed twice
            text = "Ik herinner me nog iets."
            authors.add_supplement(session, kept.keys, register, receipt, text, today=TODAY)
        authors.withdraw_name(session, kept.keys, register, receipt, today=TODAY)
    own = kept.look_up(made)
    assert [text.kind for text in own.reading.texts] == [
        Kind.FACTS,
        Kind.SUPPLEMENT,
        Kind.NAME_WITHDRAWN,
    ]
    assert not own.has_name
    assert [look.who for look in own.looks] == [
        "Persoon employer",
        "Persoon confidential_counsellor",
    ]
    assert kept.read(made).identity is None


def test_nothing_is_overwritten_and_two_keepers_notice_each_other(kept_on_both: Kept) -> None:
    kept = kept_on_both
    made = kept.enter()
    seen = made.entry.version
    better = replace(FACTS, nature="physical", place="Parking")

    def correct() -> None:
        with kept.database.session(kept.id) as session:
            actions.correct(
                session, kept.keys, made.entry.id, better, "Het was buiten.",
                seen=seen, by=kept.keeper, today=TODAY, now=at(TODAY),
            )  # fmt: skip

    correct()
    with pytest.raises(EditedMeanwhile):
        correct()
    texts = kept.read(made).texts
    assert [text.facts and text.facts.place for text in texts] == [FACTS.place, "Parking"]
    with (
        pytest.raises(Exception, match="stays as it is"),
        kept.database.session(kept.id) as session,
    ):
        session.execute(update(EntryText).values(content=b"x"))

    waiting = [kept.tell() for _ in range(6)]
    with ThreadPoolExecutor(3) as pool:
        numbers = list(pool.map(kept.accept, waiting))
    assert sorted(numbers) == list(range(2, 8))
    with kept.database.read(kept.id) as session:
        assert verify(session).first_bad is None


def test_what_cannot_be_recorded_is_said_and_nothing_is_written(kept: Kept) -> None:
    wrong = {
        "description": "x" * 50_000,
        "first_on": TODAY + timedelta(days=1),
        "last_on": TODAY + timedelta(days=3),
        "place": "p" * 301,
        "nature": "7.4 b.9",
        "third_party": "martian",
    }
    for name, value in wrong.items():
        with pytest.raises(InvalidEntry):
            kept.tell(**{name: value})
    with pytest.raises(InvalidEntry, match="before the first"):
        check_facts(replace(FACTS, last_on=date(2026, 2, 1)), today=TODAY)
    with pytest.raises(AboutColleague, match="another way"):
        kept.tell(third_party="colleague")
    with kept.database.session(kept.id) as session:
        told = Told(FACTS, "1" * 32)
        register = get_register(session)
        with pytest.raises(WrongWord):
            authors.tell(session, kept.keys, register, told, word="bcdf-ghjk", today=TODAY)
        for typed in ("", "0000-0000-0000-0", "zo maar iets"):
            with pytest.raises(WrongWord, match="Nothing was found"):
                authors.look_up(session, kept.keys, register, typed)
        assert session.scalar(select(func.count()).select_from(Entry)) == 0


def test_spam_gets_no_number_and_does_not_fill_the_register(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authors, "MOST_A_DAY", 4)  # sixty take a while
    made = [kept.tell() for _ in range(4)]
    with pytest.raises(TooMany):
        kept.tell()
    kept.tell(TODAY + timedelta(days=1))
    with kept.database.session(kept.id) as session:
        actions.refuse(
            session, kept.keys, made[0].entry.id, Refusal.SPAM, "Reclame.",
            seen=made[0].entry.version, by=kept.keeper, today=TODAY, now=at(TODAY),
        )  # fmt: skip
        (act, *_) = list_entries(session, limit=1)
        assert (act.action, act.facts) == ("register.refused", {"reason": "spam"})
    kept.tell()  # whoever fills the day with spam shuts nobody out once the keeper refused it
    with pytest.raises(TooMany):
        kept.tell()
    own = kept.look_up(made[0])
    assert (own.reading.number, own.reading.texts[-1].text) == (None, "Reclame.")
    month = TODAY + timedelta(days=30)
    assert _delete(kept, month - timedelta(days=1)) == 0
    assert _delete(kept, month) == 1
    assert kept.accept(made[1]) == 1


MATRIX = {
    # preset, keeper: what each role may do; every other role nothing
    ("strict", "confidential_counsellor"): {
        "confidential_counsellor": "enter read identity change counts export",
        "employer": "read counts",
    },
    ("strict", "prevention_adviser"): {
        "prevention_adviser": "enter read identity change counts export",
        "employer": "read counts",
    },
    ("wide", "confidential_counsellor"): {
        "confidential_counsellor": "enter read identity change counts export",
        "prevention_adviser": "read identity counts export",
        "employer": "read identity counts",
    },
    ("wide", "prevention_adviser"): {
        "prevention_adviser": "enter read identity change counts export",
        "employer": "read identity counts",
    },
}


def test_every_table_of_access_is_written_down() -> None:
    assert set(MATRIX) == {(preset, one.value) for preset in lists().access for one in KEEPERS}


@pytest.mark.parametrize(("preset", "keeper"), MATRIX)
def test_the_table_of_access_is_the_one_written_down(preset: str, keeper: str) -> None:
    needs = {
        Right.ENTER: Action.KEEP_REGISTER,
        Right.READ: Action.READ_REGISTER,
        Right.IDENTITY: Action.READ_REGISTER,
        Right.CHANGE: Action.KEEP_REGISTER,
        Right.COUNTS: Action.SEE_REGISTER_COUNTS,
        Right.EXPORT: Action.EXPORT_REGISTER,
    }
    for role in Role:
        expected = MATRIX[preset, keeper].get(role.value, "").split()
        rights = rights_of_role(role, keeper=Role(keeper), preset=preset)
        assert sorted(rights) == sorted(expected), role
        # nothing that the table gives is refused by the roles of the house
        assert all(role in ALLOWED[needs[right]] for right in rights), role


def test_everybody_else_is_refused_at_every_door(kept: Kept) -> None:
    made = kept.tell()
    kept.accept(made)
    waiting = kept.tell()
    for role, by in kept.people.items():
        with kept.database.read(kept.id) as session:
            rights = rights_of(get_register(session), by)
        for right, act in _doors(kept, role, made.entry.id).items():
            if right not in rights:
                with pytest.raises((Denied, NotYours)):
                    act()
            elif right in {Right.READ, Right.EXPORT}:
                act()
    with pytest.raises(NotYours):
        kept.read(waiting, Role.EMPLOYER)  # nobody but the keeper reads what waits
    kept.choose("wide")
    assert kept.read(made, Role.PREVENTION_ADVISER).number == 1
    named = kept.tell(name=NAMED)
    kept.accept(named)
    assert kept.read(named, Role.EMPLOYER).identity is not None
    kept.choose("strict")
    assert kept.read(named, Role.EMPLOYER).identity is None


def _doors(kept: Kept, role: Role, entry_id: object) -> dict[Right, Callable[[], object]]:
    by, keys = kept.people[role], kept.keys

    def within(act: Callable[..., object], *given: object, **named: object) -> Callable[[], object]:
        def call() -> object:
            with kept.database.session(kept.id) as session:
                return act(session, *given, by=by, **named)

        return call

    when = {"today": TODAY, "now": at(TODAY)}
    period = {"from_on": TODAY, "until_on": TODAY, "reason": "x", "now": at(TODAY)}
    return {
        Right.ENTER: within(actions.enter, keys, Told(FACTS, "2" * 32), **when),
        Right.READ: within(actions.read_entry, keys, entry_id, now=at(TODAY)),
        Right.CHANGE: within(actions.hold, keys, entry_id, "x", seen=1, **when),
        Right.EXPORT: within(ask_export, **period),
    }


@given(
    st.dictionaries(
        st.sampled_from([choice.key for choice in lists().natures]),
        st.integers(0, 12),
        min_size=5,
        max_size=5,
    )
)
def test_no_count_below_five_is_shown_or_follows(counts: dict[str, int]) -> None:
    shown = withhold(2025, counts)
    values = [n for n in shown.by_nature.values() if n is not None]
    assert all(n >= LEAST for n in values)
    assert shown.total is None or shown.total >= LEAST
    if shown.total is None:
        assert values == []
    else:
        rest = shown.total - sum(values)
        assert rest == 0 or rest >= LEAST
        assert all(shown.by_nature[key] in (None, n) for key, n in counts.items())


def test_others_see_years_that_are_over_and_the_report_its_lines(kept: Kept) -> None:
    before = date(2025, 11, 3)
    for nature in ["physical"] * 5 + ["sexual"] * 6 + ["other"]:
        kept.enter(before, nature=nature, first_on=before)
    kept.enter()
    with kept.database.read(kept.id) as session:
        last, *_ = shown_counts(session, by=kept.people[Role.CPBW_MEMBER], today=TODAY)
        report = {line.row: line.count for line in report_lines(session, 2025)}
        with pytest.raises(Denied):
            shown_counts(session, by=kept.people[Role.GUEST], today=TODAY)
    assert (last.year, last.total) == (2025, 12)
    # one of another kind: with both others shown it would follow from the total
    assert [n for n in last.by_nature.values() if n] == [6]
    assert report == {
        "7.4 a": 12, "7.4 b.1": 5, "7.4 b.2": 0, "7.4 b.3": 0, "7.4 b.4": 6, "7.4 b.5": 1,
    }  # fmt: skip


def test_no_number_of_a_year_moves_while_it_is_shown(kept: Kept) -> None:
    for day in range(1, 7):
        kept.enter(date(2021, 12, day), first_on=date(2021, 1, 1))

    def shown(today: date) -> list[tuple[int, int | None]]:
        _delete(kept, today)
        with kept.database.read(kept.id) as session:
            found = shown_counts(session, by=kept.people[Role.CPBW_MEMBER], today=today)
        return [(one.year, one.total) for one in found if one.year == 2021]

    late = kept.tell(date(2021, 12, 31), first_on=date(2021, 1, 1))
    assert shown(date(2022, 1, 1)) == [(2021, None)]  # one of that year may still get its number
    kept.accept(late)
    assert shown(date(2022, 1, 2)) == [(2021, 7)]
    assert shown(date(2025, 12, 31)) == [(2021, 7)]
    # In the year in which its entries go, a number would tell the day of each.
    assert shown(date(2026, 1, 1)) == shown(date(2026, 12, 2)) == []


def test_a_form_is_an_entry_once_and_other_words_are_another(kept_on_both: Kept) -> None:
    kept, once = kept_on_both, "b" * 32
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: kept.tell(once=once), range(4)))
    assert len({(one.entry.id, one.receipt) for one in made}) == 1
    # Back in the browser, and on with what comes next: nothing that was typed is thrown away.
    other = kept.tell(once=once, description="Iets anders.")
    assert (other.is_new, other.receipt != made[0].receipt) == (True, True)


def _delete(kept: Kept, day: date) -> int:
    return delete_due(kept.database, kept.keys, organisation_id=kept.id, today=day, now=at(day))


def test_the_term_is_five_whole_years_whatever_the_calendar(kept: Kept) -> None:
    assert purge_on(date(2024, 2, 29)) == date(2029, 3, 1)
    assert purge_on(date(2026, 3, 29)) == date(2031, 3, 29)  # the night the clocks change
    made, held = kept.enter(), kept.enter()
    last = date(2031, 3, 2)
    with kept.database.session(kept.id) as session:
        actions.hold(
            session, kept.keys, held.entry.id, "Procedure loopt.",
            seen=held.entry.version, by=kept.keeper, today=TODAY, now=at(TODAY),
        )  # fmt: skip
    assert _delete(kept, last - timedelta(days=1)) == 0
    with kept.database.session(kept.id) as session:
        by = kept.people[Role.PREVENTION_ADVISER]
        set_hold(session, "Onderzoek.", by=by, today=TODAY, now=at(TODAY))
    assert _delete(kept, last) == 0
    with kept.database.session(kept.id) as session:
        for hold in session.scalars(select(LegalHold)):
            hold.lifted_on, hold.lifted_by = TODAY, by.person_id
    assert _delete(kept, last) == 1
    assert _delete(kept, last + timedelta(days=1)) == 0
    with kept.database.read(kept.id) as session:
        rows = list_rows(session, by=kept.keeper, now=at(last))
    assert [(row.number, row.state, row.nature) for row in rows] == [
        (2, EntryState.RECORDED, "psychological"),
        (1, EntryState.DELETED, ""),
    ]
    assert kept.read(made).texts == ()
    assert kept.enter(last).entry.number == 3  # no number is given twice


def _ask_for_analysis(kept: Kept) -> SituationRequest:
    """A request for a specific risk analysis whose every free text holds the word."""
    how: dict[str, Any] = {"by": kept.people[Role.PREVENTION_ADVISER], "today": TODAY}
    intake = Intake(
        asker=Asker.EMPLOYER, asked_on=TODAY, group_name="Nachtploeg", group_size=9,
        situation=f"{WORD} 1", since_on=TODAY, priority=Priority.NOW, priority_reason=f"{WORD} 2",
    )  # fmt: skip
    ways: tuple[tuple[RequestState, str, dict[str, Any]], ...] = (
        (RequestState.ADMISSIBLE, f"{WORD} 3", {}),
        (RequestState.METHOD_AGREED, f"{WORD} 4", {"adviser": "none", "anonymous": f"{WORD} 5"}),
    )
    with kept.database.session(kept.id) as session:
        request = requests.ask(session, kept.keys, intake, **how)
        for seen, (state, text, facts) in enumerate(ways, 1):
            step = Step(state=state, done_on=TODAY, text=text, facts=facts)
            requests.take_step(session, kept.keys, request.id, step, seen=seen, **how)
    return request


def test_nothing_readable_leaves_and_old_backups_close(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kept.tell(name=NAMED)
    _attach(kept, made)
    kept.accept(made)
    kept.read(made)
    asked = _ask_for_analysis(kept)
    folder = tmp_path / "backups"
    url = kept.database.engine.url.render_as_string(hide_password=False)
    for name, value in (("DATABASE_URL", url), ("KEYS", kept.keys.folder), ("BACKUPS", folder)):
        monkeypatch.setenv(f"BAKEN_{name}", str(value))
    run_backup()  # what `baken backup` does, its verification too
    (backup,) = folder.glob("baken-*.*")
    copied = tmp_path / "copy-of-keys"
    shutil.copytree(kept.keys.folder, copied)
    files = [*folder.iterdir(), *kept.keys.folder.iterdir()]
    if kept.database.is_sqlite:
        files += Path(kept.database.engine.url.database or "").parent.glob("baken.sqlite*")
    plain = made.receipt.encode(), print_receipt(made.receipt).encode(), WORD.encode()
    assert [file.name for file in files for word in plain if word in file.read_bytes()] == []
    with kept.database.read(kept.id) as session:
        steps = list_steps(session, asked.id)
        assert open_request(kept.keys, asked) == RequestWords(f"{WORD} 1", f"{WORD} 2")
        assert [open_step(kept.keys, asked, one) for one in steps] == [
            StepWords(f"{WORD} 3"), StepWords(f"{WORD} 4", f"{WORD} 5")
        ]  # fmt: skip

    end = date(2031, 3, 2)
    assert _delete(kept, end) == 1
    assert gone_on(end) == end + timedelta(days=7)
    copy = open_backup(backup)
    old = Kept(copy, KeyStore.open(copied), kept.people)
    reading = _open_quietly(old, made.entry.id)
    assert WORD in reading  # as long as a copy of the key store lives
    assert _files_of(old) == [ATTACHED]
    shutil.rmtree(copied)  # seven days later
    now = Kept(copy, kept.keys, kept.people)
    with pytest.raises(Unreadable, match="Nothing was overwritten"):
        _open_quietly(now, made.entry.id)
    with pytest.raises(Unreadable):
        _files_of(now)
    copy.dispose()


ATTACHED = f"%PDF-1.7 {WORD} %%EOF".encode()


def _attach(kept: Kept, made: Made) -> None:
    file = File(f"{WORD}.pdf", "application/pdf", ATTACHED)
    with kept.database.session(kept.id) as session:
        register, receipt = get_register(session), print_receipt(made.receipt)
        attach_own(session, kept.keys, register, receipt, file, today=TODAY)


def _files_of(kept: Kept) -> list[bytes]:
    with kept.database.read(kept.id) as session:
        return [
            open_file(kept.keys, session.get_one(Entry, row.entry_id), row).content
            for row in session.scalars(select(EntryAttachment))
        ]


def _open_quietly(kept: Kept, entry_id: object) -> str:
    with kept.database.read(kept.id) as session:
        reading = open_entry(session, kept.keys, session.get_one(Entry, entry_id))
        return reading.facts.description if reading.facts else ""


def _killed_at(place: str, act: Callable[[], object]) -> None:
    """Let a process of its own do it and die at a place, as if the power had gone."""
    child = os.fork()
    if child == 0:
        os.environ[VARIABLE] = place
        act()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def test_keys_are_renewed_whatever_is_killed(kept: Kept) -> None:
    made = [kept.enter() for _ in range(3)]
    _attach(kept, made[0])
    keys, running = kept.keys, KeyStore.open(kept.keys.folder)

    def wrapped() -> set[bytes]:
        with closing(sqlite3.connect(keys.folder / "keys.sqlite")) as connection:
            return {bytes(row[0]) for row in connection.execute("SELECT wrapped FROM key")}

    def all_open() -> None:
        for store in (running, KeyStore.open(keys.folder)):
            other = Kept(kept.database, store, kept.people)
            assert all(_open_quietly(other, one.entry.id) for one in made)
            assert _files_of(other) == [ATTACHED]

    first = wrapped()
    for place in ("keys.rewrapping", "keys.rewrapped"):
        _killed_at(place, lambda: keys.renew(kept.id, "register"))
        assert wrapped() == first
        all_open()
    assert keys.renew(kept.id, "register") == len(made) + 1
    all_open()
    masters = {(keys.folder / "master.key").read_bytes()}
    for place in ("keys.master_written", "keys.master_rewrapped"):
        _killed_at(place, lambda: KeyStore.open(keys.folder).renew_master())
        all_open()
        made.append(kept.enter())  # life goes on, with either
    running.renew_master()
    all_open()
    made.append(kept.enter())
    masters.add((keys.folder / "master.key").read_bytes())
    assert len(masters) == 2
    assert not (keys.folder / "master.next").exists()
    assert not any(one in (keys.folder / "keys.sqlite").read_bytes() for one in first)
    all_open()


def test_a_deletion_that_is_killed_goes_on(kept: Kept) -> None:
    made = [kept.enter() for _ in range(2)]
    end = date(2031, 3, 2)
    kept.database.engine.dispose()
    for place in ("register.keys_destroyed", "register.entry_deleted"):
        _killed_at(place, lambda: _delete(kept, end))
        for one in made:
            with suppress(Unreadable):  # or emptied already
                assert _open_quietly(kept, one.entry.id) == ""
    assert _delete(kept, end) == 1
    assert [kept.read(one).state for one in made] == [EntryState.DELETED] * 2


def test_a_lost_master_key_is_said_and_nothing_is_overwritten(kept: Kept) -> None:
    made = kept.enter()
    master = kept.keys.folder / "master.key"
    right = master.read_bytes()
    master.chmod(0o600)
    master.write_bytes(bytes(32))
    master.chmod(0o400)
    with pytest.raises(KeyDamaged, match="Restore the folder from its backup"):
        KeyStore.open(kept.keys.folder)  # at the start
    with_another = KeyStore(kept.keys.folder, MasterKey(kept.keys.folder, bytes(32)))
    lost = Kept(kept.database, with_another, kept.people)
    before = (kept.keys.folder / "keys.sqlite").read_bytes()
    for act in (lost.tell, lost.enter, lambda: lost.read(made), lost.keys.renew_master):
        with pytest.raises(KeyDamaged, match="Restore the folder from its backup"):
            act()
    assert (kept.keys.folder / "keys.sqlite").read_bytes() == before
    master.chmod(0o600)
    master.write_bytes(right)
    master.chmod(0o400)
    assert kept.read(made).number == 1


def test_the_inspector_gets_every_number_and_names_by_consent(kept: Kept) -> None:
    named = kept.tell(name=NAMED)
    kept.accept(named)
    gone = kept.enter(date(2020, 1, 6), first_on=date(2020, 1, 5))
    assert _delete(kept, TODAY) == 1
    with kept.database.session(kept.id) as session:
        permit = ask_export(
            session, from_on=date(2020, 1, 1), until_on=TODAY, reason="Inspectie",
            by=kept.keeper, now=at(TODAY),
        )  # fmt: skip
        assert verify(session, head=permit.head).first_bad is None
    with kept.database.read(kept.id) as session:
        exported = read_period(session, kept.keys, permit, language="nl")
    first, second = exported.entries
    assert (first.number, first.identity and first.identity.name) == (1, NAMED)
    assert (second.number, second.deleted_on, second.texts) == (gone.entry.number, TODAY, ())
    own = kept.look_up(named)
    assert [look.is_export for look in own.looks] == [True]
    with kept.database.read(kept.id) as session:
        assert [act.action for act in list_entries(session)].count(READ) == 0
