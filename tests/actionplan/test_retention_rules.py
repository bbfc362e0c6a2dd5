"""The table of terms, the round of the night, holds, and what it leaves behind."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from baken.actionplan.annualreport.actions import start_report
from baken.actionplan.annualreport.choosing import Shape, Sharing
from baken.actionplan.annualreport.queries import list_reports
from baken.actionplan.register.lists import lists
from baken.actionplan.register.models import Entry
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
)
from baken.actionplan.retention.sweeps import SWEEPS, Place
from baken.actionplan.retention.waiting import list_waiting
from baken.organisation.accounts.links import LIFE, LinkKind
from baken.organisation.accounts.sessions import ABSOLUTE
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

LEAP = date(2024, 2, 29)


def test_the_table_says_what_the_rooms_do() -> None:
    table = rules()
    assert table["register_entry"].years == lists().retention.years
    assert table["register_refused"].days == lists().retention.refused_days
    assert table["backups"].days == BACKUPS_KEPT_DAYS
    assert table["key_copies"].days == COPIES_EXPIRE_AFTER_DAYS
    assert table["jobs"].days == KEPT_DAYS
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


def _place(kept: Kept, day: date) -> Place:
    now = datetime.combine(day, time(4), UTC)
    return Place(kept.database, kept.keys, kept.id, day, now)


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
    term = choose("annual_reports", 5)
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
        drop_term(session, "annual_reports", seen=term.version, by=contact, now=now)
    _night(kept, date(2090, 1, 1))
    with kept.database.read(kept.id) as session:
        assert [one.year for one in list_reports(session)] == [2021]


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
