"""Benchmarks as they are stored: consent, contributions, editions, and what a member sees of them.

`BAKEN_FUZZ=100 pytest tests/analysis/test_stored_benchmarks.py` attacks 100 times as many stories.
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from baken.analysis.benchmarks.contributing import bring_contributions
from baken.analysis.benchmarks.editions import Series, is_intact, list_series, make_edition
from baken.analysis.benchmarks.membership import agree, find_member, withdraw
from baken.analysis.benchmarks.models import PoolContribution, PoolEdition, PoolMember
from baken.analysis.benchmarks.seeing import list_seen
from baken.analysis.errors import NoPoolEdition, PoolStanding
from baken.analysis.methods.pooling import Pooled
from baken.analysis.references.editions import Edition
from baken.analysis.references.pool_releases import Shown, Withheld
from baken.analysis.releases.canonical import sha256_of
from baken.analysis.releases.models import Release
from baken.organisation.accounts.sessions import LoggedIn
from baken.organisation.errors import Denied, NotFound
from baken.organisation.models import Organisation
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.audit import AuditEntry, InstallationEntry
from baken.storage.base import EditedMeanwhile
from baken.storage.guard import OutsideOrganisation
from baken.storage.session import Database
from baken.survey.campaigns.models import Campaign
from tests.analysis.test_pooled_benchmarks import (
    OUTSIDER,
    SCALE,
    brought,
    derived,
    following,
    histories,
)
from tests.released import add_released

FUZZ = int(os.environ.get("BAKEN_FUZZ", "1"))
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EDITION = Edition("vijf-a", "1", "0" * 64)
SERIES = Series(EDITION, is_fictional=False)
INSTALLER = LoggedIn(
    account_id=uuid4(),
    session_id=uuid4(),
    name="Beheerder",
    mail="beheer@voorbeeld.invalid",
    language="nl",
    is_installer=True,
    csrf_token="",
    seen_at=NOW,
    is_full=True,
    has_factor=True,
    factor_at=NOW,
)


@dataclass
class Service:
    """An external service with its clients, by one letter each."""

    database: Database

    def __post_init__(self) -> None:
        self.ids: dict[str, UUID] = {}
        self.members: dict[str, str] = {}
        self.day = DAY

    def client(self, name: str, *, is_fictional: bool = False) -> UUID:
        if name not in self.ids:
            with self.database.session(None) as session:
                row = Organisation(name=f"Huis {name}", is_fictional=is_fictional)
                session.add(row)
                session.flush()
                self.ids[name] = row.id
        return self.ids[name]

    def contact(self, name: str) -> Actor:
        roles = frozenset({Grant(Role.MAIN_CONTACT)})
        return Actor(uuid4(), self.client(name), "Contact", roles)

    def agree(self, *names: str) -> None:
        for name in names:
            with self.database.session(self.client(name)) as session:
                member = agree(session, by=self.contact(name), today=self.day)
                self.members[name] = str(member.id)

    def withdraw(self, *names: str) -> None:
        for name in names:
            with self.database.session(self.client(name)) as session:
                row = find_member(session)
                withdraw(session, version=row.version, by=self.contact(name), today=self.day)

    def release(self, name: str, survey: str = "s1", *, scale=SCALE, **told) -> None:
        """A survey with the figures of the pure tests, and the round of the night."""
        found = brought(name, survey, **told).figures[SCALE]
        figures = {"n": found.n, "mean": found.mean, "sd": found.sd}
        results = {"protected": True, "scales": {scale: figures}}
        plain = {"instrument": "0" * 64, "plan": {}, "results": results}
        with self.database.session(self.client(name)) as session:
            add_released(session, results, on=self.day, title=survey, sha256=sha256_of(plain))

    def night(self) -> None:
        self.day += timedelta(days=1)
        for organisation_id in self.ids.values():
            with self.database.session(organisation_id) as session:
                bring_contributions(session, today=self.day)

    def edition(self, series: Series = SERIES) -> PoolEdition:
        return make_edition(self.database, series, by=INSTALLER, today=self.day, now=NOW)

    def seen(self, name: str, scale: str = SCALE) -> Pooled | None:
        with self.database.read(self.client(name)) as session:
            found = list_seen(session, EDITION.fingerprint)
        return found[0].figures(scale) if found else None

    def filled(self, names: str = "abcdef") -> "Service":
        self.agree(*names)
        for name in names:
            self.release(name)
        self.night()
        return self


@pytest.fixture
def service(sqlite: Database) -> Service:
    return Service(sqlite)


@pytest.fixture
def service_on_both(database: Database) -> Service:
    return Service(database)


def test_a_member_sees_the_others_and_nobody_else_sees_anything(service_on_both) -> None:
    service = service_on_both
    service.filled("abcdefg")
    made = service.edition()
    assert (made.number, len(made.members), made.previous) == (1, 7, "")
    assert is_intact(made)
    assert not {str(one) for one in service.ids.values()} & {
        one for pair in made.members for one in pair
    }
    (pure,) = following([({name: brought(name) for name in "abcdefg"}, "abcdefg")])
    expected = pure.seen_by("a", SCALE).figures
    seen = service.seen("a")
    assert (seen.organisations, seen.n) == (expected.organisations, expected.n) == (6, 600)
    for name in ("mean", "sd", "within", "between"):
        assert getattr(seen, name) == pytest.approx(getattr(expected, name), abs=1e-6)
    assert service.seen("a", "unknown") is None
    assert service.seen("bystander") is None
    service.agree("bystander")
    assert service.seen("bystander").organisations == 7
    with service.database.read(None) as session:
        acts = session.scalars(select(InstallationEntry.action)).all()
    assert acts.count("benchmark.edition_made") == 1
    with service.database.read(service.ids["a"]) as session:
        acts = session.scalars(select(AuditEntry.action)).all()
    assert acts == ["benchmark.agreed", "benchmark.contributed"]


def test_whoever_withdraws_is_in_no_later_edition_and_keeps_what_was_made(
    service: Service,
) -> None:
    service.filled("abcdefghijkl").edition()
    before = service.seen("a")
    service.release("l", "s2")
    service.night()
    service.withdraw("l")
    with service.database.read(service.ids["l"]) as session:
        assert len(session.scalars(select(PoolContribution)).all()) == 1  # s2 was in no edition
    with pytest.raises(NoPoolEdition, match="could be recognised"):
        service.edition()  # eleven of the twelve that came together
    assert service.seen("a") == before
    assert service.seen("l").organisations == 11
    with pytest.raises(PoolStanding, match="does not take part"):
        service.withdraw("l")
    service.agree("l")
    with service.database.read(service.ids["l"]) as session:
        assert str(find_member(session).id) == service.members["l"]
    with pytest.raises(NoPoolEdition, match="same as the one before"):
        service.edition()


def test_of_a_removed_organisation_only_sums_are_left_and_its_cohort_stays_out(
    service: Service,
) -> None:
    service.filled("abcdef").edition()
    for name in "ghijkl":
        service.agree(name)
        service.release(name)
    service.night()
    assert len(service.edition().members) == 12
    with service.database.session(service.ids["a"]) as session:
        session.execute(delete(PoolContribution))
        session.execute(delete(PoolMember))
    with service.database.session(None) as session:
        session.get_one(Organisation, service.ids["a"]).removed_on = service.day
    made = service.edition()
    # bcdef would be the first edition without a; the second cohort goes on.
    assert {member for member, _ in made.members} == {service.members[one] for one in "ghijkl"}
    assert (made.number, is_intact(made)) == (3, True)
    assert service.seen("b").organisations == 6
    assert service.seen("g").organisations == 5


def test_examples_are_pooled_with_examples_only(service: Service) -> None:
    for name in "uvwxyz":
        service.client(name, is_fictional=True)
    service.filled("abcdefuvwxyz")
    invented = service.edition(Series(EDITION, is_fictional=True))
    assert {member for member, _ in invented.members} == {service.members[one] for one in "uvwxyz"}
    assert service.seen("a") is None
    assert len(service.edition().members) == 6
    assert service.seen("u").organisations == 5


def test_what_cannot_take_part_is_left_at_home(service: Service) -> None:
    service.filled("abcdef")
    for name in "gh":
        service.agree(name)
    service.release("g")
    service.release("h")
    with service.database.session(service.ids["g"]) as session:  # somebody changed the results
        session.execute(update(Release).values(sha256="0" * 64))
    with service.database.session(service.ids["h"]) as session:
        session.execute(update(Release).values(instrument_version="own-1"))
    service.night()
    assert len(service.edition().members) == 6
    (row,) = list_series(service.database, by=INSTALLER)
    assert (row.n_members, [one.number for one in row.editions]) == (6, [1])


def test_who_may_do_it(service: Service) -> None:
    adviser = Actor(uuid4(), service.client("a"), "A", frozenset({Grant(Role.ADVISER)}))
    with pytest.raises(Denied), service.database.session(service.ids["a"]) as session:
        agree(session, by=adviser, today=DAY)
    service.agree("a")
    with pytest.raises(PoolStanding, match="takes part already"):
        service.agree("a")
    with pytest.raises(EditedMeanwhile), service.database.session(service.ids["a"]) as session:
        withdraw(session, version=7, by=service.contact("a"), today=DAY)
    nobody = LoggedIn(**{**_fields(INSTALLER), "is_installer": False})
    with pytest.raises(NotFound):
        list_series(service.database, by=nobody)
    with pytest.raises(NotFound):
        make_edition(service.database, SERIES, by=nobody, today=DAY, now=NOW)
    with pytest.raises(OutsideOrganisation), service.database.read(None) as session:
        session.scalars(select(PoolContribution)).all()


def _fields(visitor: LoggedIn) -> dict:
    return {name: getattr(visitor, name) for name in LoggedIn.__slots__}


def test_an_edition_that_was_changed_ends_the_series(service: Service) -> None:
    service.filled("abcdef").edition()
    with service.database.session(None) as session:
        session.scalars(select(PoolEdition)).one().made_on = DAY - timedelta(days=400)
    with pytest.raises(NoPoolEdition, match="no longer as it was made"):
        service.edition()


def test_an_edition_that_is_gone_ends_the_series(service: Service) -> None:
    made = service.filled("abcdef").edition()
    with service.database.session(None) as session:
        session.delete(session.get_one(PoolEdition, made.id))
    with pytest.raises(NoPoolEdition, match="no longer as it was made"):
        service.edition()


@pytest.mark.postgresql
def test_an_organisation_reads_editions_and_writes_none(postgresql_url: str) -> None:
    """Nobody changes one, and only whoever works for no organisation adds one."""
    service = Service(Database(postgresql_url)).filled("abcdef")
    service.edition()
    own, table = service.ids["a"], PoolEdition.__table__
    with service.database.transaction(own) as connection:
        row = dict(connection.execute(select(table)).mappings().one())
        members = connection.execute(select(PoolMember.__table__.c.organisation_id)).scalars()
        assert members.all() == [own]
    another = {**row, "id": uuid4(), "number": 2}
    for statement in (insert(table).values(another), update(table).values(number=2), delete(table)):
        with (
            pytest.raises(DBAPIError, match=r"row-level security|permission denied"),
            service.database.transaction(own) as connection,
        ):
            connection.execute(statement)
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        service.database.transaction(None) as connection,
    ):
        connection.execute(update(table).values(number=2))
    service.database.dispose()


# The attacker: a member that adds and subtracts every edition, as the pages show them


@dataclass
class Told:
    """One edition as it can be looked at; for the attacker of the pure rules."""

    pool: dict
    views: dict

    def seen_by(self, organisation: str, scale: str) -> Shown | Withheld:
        found = self.views[organisation].get(scale)
        return Shown(found) if found else Withheld()


def lived(service: Service, stories: list) -> list[Told]:
    """Let the organisations live through a history; return every edition there is at its end."""
    service.agree(OUTSIDER)
    agreed: set[str] = set()
    released: set[tuple[str, str]] = set()
    for newest, willing in stories:
        service.agree(*sorted(set(willing) - agreed))
        service.withdraw(*sorted(agreed - set(willing)))
        agreed = set(willing)
        for name, one in sorted(newest.items()):
            if (name, one.survey) not in released:
                released.add((name, one.survey))
                service.release(name, one.survey, n=one.figures[SCALE].n)
        service.night()
        with suppress(NoPoolEdition):
            service.edition()
    return _told(service)


def _told(service: Service) -> list[Told]:
    views, named, surveys = {}, {one: name for name, one in service.members.items()}, {}
    for name, organisation_id in service.ids.items():
        with service.database.read(organisation_id) as session:
            asked = select(PoolContribution.id, Campaign.title).join(
                Campaign, Campaign.id == PoolContribution.campaign_id
            )
            surveys |= {str(one): title for one, title in session.execute(asked)}
            views[name] = {one.edition.number: one for one in list_seen(session)}
    with service.database.read(None) as session:
        made = session.scalars(select(PoolEdition).order_by(PoolEdition.number)).all()
    return [
        Told(
            {named[member]: brought(named[member], surveys[what]) for member, what in one.members},
            {
                name: {SCALE: seen[one.number].figures(SCALE)} if one.number in seen else {}
                for name, seen in views.items()
            },
        )
        for one in made
    ]


@given(histories(), st.booleans())
@settings(
    max_examples=2 * FUZZ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_member_derives_nobody_from_all_editions(
    sqlite_template, tmp_path, stories, nothing_changed
) -> None:
    path = tmp_path / f"{uuid4()}.sqlite"
    shutil.copy(sqlite_template, path)
    service = Service(Database(f"sqlite:///{path}"))
    releases = lived(service, stories)
    service.database.dispose()
    assert [_members(one) for one in releases] == _distinct(following(stories))
    for looker in (OUTSIDER, "a", "g"):
        if looker in service.ids:
            assert derived(releases, looker, nothing_changed=nothing_changed) is None


def _members(release) -> dict[str, str]:
    return {name: one.survey for name, one in sorted(release.pool.items())}


def _distinct(releases) -> list[dict[str, str]]:
    """What the rules alone release, without those that repeat the one before."""
    told = [_members(release) for release in releases if release.shown]
    return [one for place, one in enumerate(told) if place == 0 or one != told[place - 1]]
