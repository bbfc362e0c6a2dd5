"""The table of terms, the round of the night, holds, and what it leaves behind."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from baken.actionplan.annualreport import retention as reports
from baken.actionplan.annualreport.actions import start_report
from baken.actionplan.annualreport.choosing import Shape, Sharing
from baken.actionplan.annualreport.queries import list_reports
from baken.actionplan.bodies import retention as bodies
from baken.actionplan.register.lists import lists
from baken.actionplan.register.models import Entry
from baken.actionplan.retention import shortening
from baken.actionplan.retention.actions import drop_term, set_term
from baken.actionplan.retention.models import Deletion
from baken.actionplan.retention.queries import list_deletions, list_lines
from baken.actionplan.retention.rounds import delete_what_is_over
from baken.actionplan.retention.rules import (
    LANGUAGES,
    Ground,
    RetentionError,
    get_rule,
    rules,
    shorter_after,
)
from baken.actionplan.retention.shortening import (
    ask_shorter,
    call_off,
    confirm_shorter,
    find_asked,
    list_asked,
    would_go,
    write_term,
)
from baken.actionplan.retention.sweeps import SWEEPS, Place
from baken.actionplan.retention.waiting import list_waiting
from baken.analysis.tallies import retention as tallies
from baken.analysis.tallies.models import StoredTally
from baken.organisation.accounts.links import LIFE, LinkKind
from baken.organisation.accounts.sessions import ABSOLUTE
from baken.organisation.errors import Denied
from baken.organisation.models import Person, RoleGrant
from baken.organisation.permissions import Actor, Role
from baken.organisation.removals.holds import count_holds, lift_hold, list_holds, set_hold
from baken.organisation.transfers.places import FETCHED_WITHIN
from baken.storage.audit import AuditEntry
from baken.storage.jobs import KEPT_DAYS
from baken.storage.keys import COPIES_EXPIRE_AFTER_DAYS, KeyStore
from baken.storage.retention import BACKUPS_KEPT_DAYS, over_on
from baken.storage.session import Database
from baken.survey.box.expiry import ADDRESSES_KEPT
from baken.web.jobs.daily import round_of
from tests.actionplan.registers import Kept, keep_register
from tests.conftest import make_client
from tests.released import add_released

LEAP = date(2024, 2, 29)


def test_the_table_says_what_the_rooms_do() -> None:
    table = rules()
    assert table["register_entry"].years == lists().retention.years
    assert table["register_refused"].days == lists().retention.refused_days
    assert table["backups"].days == BACKUPS_KEPT_DAYS
    assert table["key_copies"].days == COPIES_EXPIRE_AFTER_DAYS
    assert table["jobs"].days == KEPT_DAYS
    assert table["applications"].days == bodies.KEPT.days
    assert table["addresses"].days == ADDRESSES_KEPT.days
    assert timedelta(hours=table["exports"].hours or 0) == FETCHED_WITHIN
    assert timedelta(hours=table["sessions"].hours or 0) == ABSOLUTE
    assert table["links"].days == LIFE[LinkKind.INVITATION].days
    assert {one.name for one in SWEEPS} == {one.sweep for one in table.values()} - {""}
    assert {key for one in SWEEPS for key in one.records} == {
        key for key, one in table.items() if one.sweep
    }
    for rule in table.values():
        assert set(rule.what) == set(LANGUAGES)
        has_term = any(term is not None for term in (rule.years, rule.days, rule.hours))
        assert set(rule.start if has_term else rule.until) == set(LANGUAGES)
        # below the law nobody may go, and what was promised no hold keeps
        assert not rule.is_open or (rule.ground is Ground.NO_TERM and 1 <= rule.least <= rule.most)
        assert not (rule.ground is Ground.PROMISE and rule.is_held)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(1, 60))
def test_a_term_is_whole_years_and_never_shorter(start: date, years: int) -> None:
    over = over_on(start, years)
    assert (over.year - start.year, over.month >= start.month) == (years, True)
    assert (over.month, over.day) == (start.month, start.day) or (start.day, over.day) == (29, 1)
    assert over_on(LEAP, 5) == date(2029, 3, 1)
    assert over_on(LEAP, 4) == date(2028, 2, 29)


@pytest.fixture
def kept(sqlite: Database, keys: KeyStore) -> Kept:
    return keep_register(sqlite, keys, make_client(sqlite).people)


def _night(kept: Kept, day: date) -> None:
    assert delete_what_is_over(_place(kept, day)) == []


def _newcomer(kept: Kept, *, since: date) -> Actor:
    """Somebody who has been prevention adviser since a day."""
    role = Role.PREVENTION_ADVISER
    made = replace(kept.people[role], person_id=uuid4())
    with kept.database.session(kept.id) as session:
        session.add(Person(id=made.person_id, name="Nieuw", mail="nieuw@voorbeeld.invalid"))
        session.flush()
        session.add(RoleGrant(person_id=made.person_id, role=role, from_on=since))
    return made


def _place(kept: Kept, day: date) -> Place:
    now = datetime.combine(day, time(4), UTC)
    return Place(kept.database, kept.keys, kept.id, day, now)


def _years(kept: Kept) -> list[int]:
    with kept.database.read(kept.id) as session:
        return [one.year for one in list_reports(session)]


def _states(kept: Kept) -> list[str]:
    with kept.database.read(kept.id) as session:
        return [str(line.state) for line in _entries(session)]


def _entries(session: Any) -> Any:
    return session.scalars(select(Entry).order_by(Entry.recorded_on))


def test_the_night_of_a_leap_day_of_a_hold_and_of_the_changing_clock(kept: Kept) -> None:
    kept.enter(LEAP, first_on=LEAP)
    # the night in which the clocks go back: 03:30 is there twice, the round of the day once
    twice = date(2026, 10, 25)
    kept.enter(twice, first_on=twice)
    instants = [datetime(2031, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2, 3)]
    assert {round_of(now) for now in instants} == {date(2031, 10, 24), date(2031, 10, 25)}
    spring = [datetime(2031, 3, 30, hour, 30, tzinfo=UTC) for hour in (0, 1, 2, 3)]
    assert [round_of(now).day for now in spring] == [29, 29, 29, 30]

    _night(kept, date(2029, 2, 28))
    assert _states(kept) == ["recorded", "recorded"]
    adviser = kept.people[Role.PREVENTION_ADVISER]
    set_on = date(2029, 2, 28)
    with kept.database.session(kept.id) as session:
        set_hold(session, "Geding loopt.", until_on=date(2029, 3, 4), by=adviser, today=set_on,
                 now=datetime.combine(set_on, time(9), UTC))  # fmt: skip
    _night(kept, date(2029, 3, 1))  # the term is over, the hold stands
    assert _states(kept)[0] == "recorded"
    with kept.database.read(kept.id) as session:
        lines = {one.rule.key: one for one in list_lines(session, _place(kept, set_on))}
        assert lines["register_entry"].is_stopped
        assert not lines["answers"].is_stopped
        assert [one.kind for one in list_waiting(session, by=adviser, today=date(2029, 8, 20))] == [
            "hold_review"
        ]
    _night(kept, date(2029, 3, 5))  # its last day is over: it ends, and the same night deletes
    assert _states(kept) == ["deleted", "recorded"]
    with kept.database.read(kept.id) as session:
        assert count_holds(session) == 0
        done = set(session.scalars(select(AuditEntry.action)))
        assert {"hold.set", "hold.ended", "register.deleted"} <= done
        # one entry in a year is not shown, and in that year none
        assert [(row.on, row.n) for row in session.scalars(select(Deletion))] == [
            (date(2029, 1, 1), 1)
        ]
        assert list_deletions(session, today=date(2030, 1, 1)) == []
    _night(kept, date(2031, 10, 24))
    assert _states(kept)[1] == "recorded"
    _night(kept, date(2031, 10, 25))
    _night(kept, date(2031, 10, 25))  # a second round of the same night finds nothing
    assert _states(kept) == ["deleted", "deleted"]


def test_an_organisation_chooses_only_where_the_law_is_silent(kept: Kept) -> None:
    contact, head = kept.people[Role.MAIN_CONTACT], kept.people[Role.PREVENTION_ADVISER]
    today = date(2027, 2, 1)
    now = datetime.combine(today, time(9), UTC)

    def choose(record: str, years: int, seen: int = 0, reason: str = "Verjaring.") -> Any:
        with kept.database.session(kept.id) as session:
            return set_term(session, record, years, reason, seen=seen, by=contact, today=today,
                            now=now)  # fmt: skip

    for record, years, reason in (
        ("register_entry", 6, "x"),  # the law
        ("answers", 2, "x"),  # a promise
        ("annual_reports", 4, "x"),  # below what may be chosen
        ("annual_reports", 61, "x"),
        ("annual_reports", 10, " "),
    ):
        with pytest.raises(RetentionError):
            choose(record, years, reason=reason)
    with pytest.raises(RetentionError):
        get_rule("nothing")
    with kept.database.session(kept.id) as session:
        for year in (2020, 2021):
            start_report(session, year, Shape(Sharing.ONE_EMPLOYER), by=head, today=today, now=now)
    _night(kept, today)  # no term: they stay
    with pytest.raises(RetentionError, match="shorter"):
        choose("annual_reports", 5)  # not alone, and not at once
    with kept.database.session(kept.id) as session:
        term = write_term(session, "annual_reports", 5, "x", set_by=contact.person_id, today=today)
    with kept.database.read(kept.id) as session:
        place = _place(kept, date(2025, 12, 31))
        line = {one.rule.key: one for one in list_lines(session, place)}["annual_reports"]
        assert (line.years, line.is_chosen, line.n_due) == (5, True, 1)
        assert line.next_on == date(2026, 1, 1)
    _night(kept, date(2026, 12, 31))
    with kept.database.read(kept.id) as session:
        assert [one.year for one in list_reports(session)] == [2021]
        (gone,) = list_deletions(session, today=today)
        assert (gone.record, gone.n, gone.is_year) == ("annual_reports", 1, False)
    with kept.database.session(kept.id) as session:
        drop_term(session, "annual_reports", seen=term.version, by=contact, today=today, now=now)
    _night(kept, date(2090, 1, 1))
    with kept.database.read(kept.id) as session:
        assert [one.year for one in list_reports(session)] == [2021]


def test_a_shorter_term_needs_two_people_and_waits(kept: Kept) -> None:
    contact, head = kept.people[Role.MAIN_CONTACT], kept.people[Role.PREVENTION_ADVISER]
    member, employer = kept.people[Role.CPBW_MEMBER], kept.people[Role.EMPLOYER]
    today = date(2027, 12, 2)  # thirty days on, the reports of 2022 are due as well
    acts: dict[str, Any] = {"today": today, "now": datetime.combine(today, time(9), UTC)}

    def shorten(act: Any, by: Actor, seen: int = 1) -> None:
        with kept.database.session(kept.id) as session:
            act(session, "annual_reports", seen=seen, by=by, **acts)

    with kept.database.session(kept.id) as session:
        for year in (2020, 2022, 2023):
            start_report(session, year, Shape(Sharing.ONE_EMPLOYER), by=head, **acts)
        with pytest.raises(Denied):
            ask_shorter(session, "annual_reports", 5, "Beleid.", by=head, **acts)
        ask_shorter(session, "annual_reports", 5, "Beleid.", by=contact, **acts)
        with pytest.raises(RetentionError, match="already"):
            ask_shorter(session, "annual_reports", 6, "Beleid.", by=contact, **acts)
        # Somebody else looked at the same moment, and found nothing either.
        with pytest.MonkeyPatch.context() as blind:
            blind.setattr(shortening, "_find", lambda *_: None)
            with pytest.raises(RetentionError, match="already"):
                ask_shorter(session, "annual_reports", 7, "Beleid.", by=contact, **acts)
        later: Any = {"on": today + shorter_after()}
        going = would_go(session, _place(kept, today), "annual_reports", 5, by=member, **later)
        for no_such in ("jobs", "register_entry"):
            with pytest.raises(RetentionError, match="fixed"):
                would_go(session, _place(kept, today), no_such, 5, by=member, **later)
        with pytest.raises(RetentionError, match="nothing at this address"):
            would_go(session, _place(kept, today), "none", 5, by=member, **later)
        stranger = kept.people[Role.CONFIDENTIAL_COUNSELLOR]
        reads = (
            partial(would_go, session, _place(kept, today), "annual_reports", 5, **later),
            partial(find_asked, session, "annual_reports"),
            partial(list_asked, session),
        )
        for read in reads:
            with pytest.raises(Denied):
                read(by=stranger)
        assert [(one.what, one.n) for one in going] == [("2020", 1), ("2022", 1)]
        assert [one.kind for one in list_waiting(session, by=employer, today=today)] == [
            "term_confirm"
        ]
        assert list_waiting(session, by=contact, today=today) == []
        session.get_one(Person, contact.person_id).mail = "een@voorbeeld.invalid"
        session.get_one(Person, employer.person_id).mail = "Een+2@voorbeeld.invalid"
    with pytest.raises(RetentionError, match="yourself"):
        shorten(confirm_shorter, contact)
    with pytest.raises(RetentionError, match="yourself"):
        shorten(confirm_shorter, employer)  # another entry of the same human
    with pytest.raises(Denied):
        shorten(confirm_shorter, member)
    with pytest.raises(RetentionError, match="14 days before"):
        shorten(confirm_shorter, _newcomer(kept, since=today - timedelta(days=13)))
    _night(kept, date(2040, 1, 1))  # not confirmed: however long it lies there, nothing goes
    assert _years(kept) == [2023, 2022, 2020]
    shorten(confirm_shorter, head)
    with kept.database.read(kept.id) as session:
        (told,) = list_waiting(session, by=member, today=today)
        assert (told.kind, told.due_on) == ("term_shorter", date(2028, 1, 1))
    _night(kept, date(2027, 12, 31))
    assert _years(kept) == [2023, 2022, 2020]
    with kept.database.session(kept.id) as session:
        set_hold(
            session, "Geding.", until_on=date(2028, 1, 1), by=kept.people[Role.ADVISER], **acts
        )
    _night(kept, date(2028, 1, 1))  # it holds now; what somebody holds stays
    assert _years(kept) == [2023, 2022, 2020]
    _night(kept, date(2028, 1, 2))
    assert _years(kept) == [2023]
    with kept.database.session(kept.id) as session:
        done = list(session.scalars(select(AuditEntry.action)))
        steps = [f"retention.shorter_{verb}" for verb in ("asked", "confirmed", "in_force")]
        assert [one for one in done if one in steps] == steps
        set_term(session, "annual_reports", 10, "Langer.", seen=1, by=contact, **acts)
        ask_shorter(session, "annual_reports", 5, "Toch.", by=contact, **acts)
    shorten(call_off, employer)
    with pytest.raises(RetentionError, match="called off"):
        shorten(confirm_shorter, head)


def test_a_hold_that_comes_during_the_round_stops_what_is_left(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set after the round has looked what is due: it looks again before each deletion."""
    adviser, head = kept.people[Role.ADVISER], kept.people[Role.PREVENTION_ADVISER]
    today = date(2040, 1, 1)
    now = datetime.combine(today, time(4), UTC)
    with kept.database.session(kept.id) as session:
        start_report(session, 2020, Shape(Sharing.ONE_EMPLOYER), by=head, today=today, now=now)
        add_released(session, {}, on=date(2025, 1, 1), opened_on=date(2025, 1, 2))
    where: Any = {"organisation_id": kept.id, "today": today, "now": now, "years": 5}
    real = {room: room.days_due for room in (reports, tallies)}

    def hold(_session: object, room: Any) -> dict[Any, date]:
        with kept.database.session(kept.id) as session:
            set_hold(session, "Geding.", by=adviser, today=today, now=now)
        with kept.database.read(kept.id) as session:
            found: dict[Any, date] = real[room](session, 5)
        assert found
        return found

    for room in (reports, tallies):
        monkeypatch.setattr(room, "days_due", lambda session, _, room=room: hold(session, room))
    assert reports.delete_due(kept.database, **where) == 0
    assert tallies.delete_due(kept.database, kept.keys, **where) == 0
    with kept.database.session(kept.id) as session:
        assert [one.year for one in list_reports(session)] == [2020]
        assert session.scalars(select(StoredTally.box)).one() == b"sealed"
        for one in list_holds(session):
            lift_hold(session, one.id, version=one.version, by=adviser, today=today, now=now)
    monkeypatch.undo()
    assert tallies.delete_due(kept.database, kept.keys, **where) == 1


def test_a_hold_is_for_those_who_advise(kept: Kept) -> None:
    adviser: Actor = kept.people[Role.ADVISER]
    today = date(2026, 3, 2)
    now = datetime.combine(today, time(9), UTC)
    with kept.database.session(kept.id) as session:
        with pytest.raises(Exception, match="today or later"):
            set_hold(session, "x", until_on=date(2026, 3, 1), by=adviser, today=today, now=now)
        set_hold(session, "Onderzoek.", by=adviser, today=today, now=now)
        (hold,) = list_holds(session)
        assert hold.until_on is None
        lift_hold(session, hold.id, version=hold.version, by=adviser, today=today, now=now)
