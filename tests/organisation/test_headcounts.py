"""The headcount of the law and the prevention group that follows from it."""

from dataclasses import replace
from datetime import date

import pytest

from baken.organisation.errors import Conflict, Denied, Invalid
from baken.organisation.headcounts.actions import enter_headcount
from baken.organisation.headcounts.limits import limits
from baken.organisation.headcounts.queries import year_headcount
from baken.organisation.headcounts.rules import (
    Employer,
    Group,
    Quarter,
    check,
    count,
    group_of,
    leap_doubt,
)
from baken.organisation.permissions import Role
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Database
from tests.conftest import make_client

DAYS = (90, 91, 92, 92)
# 40 full-timers and 10 half-timers all year, and 3,500 hours of trainees
YEAR = tuple(Quarter(40 * n, 10 * n, 875, 50) for n in DAYS)


def test_the_worked_check_gives_47() -> None:
    found = count(YEAR, limits())
    assert (found.full, found.part, found.trainees) == (40, 5, 2)
    assert found.legal == 47
    assert found.actual == 50
    assert count((replace(YEAR[0], people=None), *YEAR[1:]), limits()).actual is None


@pytest.mark.parametrize(
    ("workers", "employer", "group"),
    [
        (1000.01, Employer(), Group.A),
        (1000, Employer(), Group.B),
        (200, Employer(), Group.B),
        (199.99, Employer(), Group.C_MINUS),
        (199.99, Employer(has_training=True), Group.C_PLUS),
        (20, Employer(is_own_adviser=True), Group.C_MINUS),
        (19.99, Employer(is_own_adviser=True), Group.D),
        (19.99, Employer(), Group.C_MINUS),
        (501, Employer("water"), Group.A),
        (500, Employer("water"), Group.B),
        (100, Employer("water"), Group.B),
        (99, Employer("water"), Group.C_MINUS),
        (201, Employer("construction"), Group.A),
        (50, Employer("construction"), Group.B),
        (51, Employer("petrochemicals"), Group.A),
        (20, Employer("petrochemicals", is_own_adviser=True), Group.B),
        (19, Employer("petrochemicals", is_own_adviser=True), Group.D),
    ],
)
def test_a_group_follows_from_number_activity_and_adviser(
    workers: float, employer: Employer, group: Group
) -> None:
    assert group_of(workers, employer, limits()) is group


def test_a_leap_year_says_so_where_it_decides() -> None:
    """200 people all year are 200.55 by 365 days: the law says group B, and so it is."""
    leap = tuple(Quarter(199.8 * n, 0, 0) for n in (91, 91, 92, 92))
    found = count(leap, limits())
    assert group_of(found.legal, Employer(), limits()) is Group.B
    assert leap_doubt(found, 2024, Employer(), limits()) is Group.C_MINUS
    assert leap_doubt(found, 2025, Employer(), limits()) is None


@pytest.mark.parametrize(
    ("year", "quarters", "employer", "key"),
    [
        (2027, YEAR, Employer(), "headcounts.year_odd"),
        (2025, YEAR[:3], Employer(), "headcounts.incomplete"),
        (2025, YEAR, Employer("moon"), "headcounts.incomplete"),
        (2025, (Quarter(-1, 0, 0), *YEAR[1:]), Employer(), "headcounts.negative"),
        (2025, (Quarter(float("nan"), 0, 0), *YEAR[1:]), Employer(), "headcounts.negative"),
        (2025, (Quarter(1e12, 0, 0), *YEAR[1:]), Employer(), "headcounts.too_many"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    year: int, quarters: tuple[Quarter, ...], employer: Employer, key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check(year, quarters, employer, limits(), this_year=2026)
    assert refused.value.key == key


def test_a_year_is_kept_once_and_two_editors_lose_nothing(sqlite: Database) -> None:
    client = make_client(sqlite)
    by, today = client.people[Role.HR], date(2026, 3, 2)
    with sqlite.session(client.id) as session:
        row = enter_headcount(session, 2025, YEAR, Employer(), by=by, today=today)
        assert year_headcount(session, 2025).working.legal == 47  # type: ignore[union-attr]
        with pytest.raises(Conflict, match="are there already"):
            enter_headcount(session, 2025, YEAR, Employer(), by=by, today=today)
        with pytest.raises(EditedMeanwhile):
            enter_headcount(session, 2025, YEAR, Employer(), seen=9, by=by, today=today)
        enter_headcount(
            session, 2025, YEAR, Employer("water"), seen=row.version, by=by, today=today
        )
        with pytest.raises(Denied):
            member = client.people[Role.CPBW_MEMBER]
            enter_headcount(session, 2024, YEAR, Employer(), by=member, today=today)
