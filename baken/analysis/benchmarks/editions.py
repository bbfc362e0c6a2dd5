"""Editions of benchmarks: made by the installation out of what its organisations brought."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from baken.analysis.benchmarks.contributing import contribution_of
from baken.analysis.benchmarks.membership import find_member, take_turn
from baken.analysis.benchmarks.models import PoolContribution, PoolEdition
from baken.analysis.benchmarks.sums import ScaleSums
from baken.analysis.errors import NoPoolEdition
from baken.analysis.references.editions import Edition
from baken.analysis.references.pool_releases import PoolRelease, next_release
from baken.analysis.references.pools import Contribution, PoolRules, figures_of
from baken.analysis.releases.canonical import sha256_of
from baken.organisation.accounts.sessions import LoggedIn
from baken.organisation.installation import check_installer
from baken.organisation.models import Organisation
from baken.storage.audit import InstallationEntry, record
from baken.storage.session import Database, Session

MADE: Final = "benchmark.edition_made"


@dataclass(frozen=True, slots=True)
class Series:
    """All editions of one questionnaire, word for word, over organisations of one kind."""

    edition: Edition
    is_fictional: bool


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series as the installer sees it: how many take part, and what was made of it."""

    series: Series
    n_members: int
    editions: tuple[PoolEdition, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """An organisation without its name: whether it takes part, and what it ever brought."""

    id: str
    is_fictional: bool
    takes_part: bool
    brought: tuple[PoolContribution, ...]

    def newest(self, edition: Edition) -> Contribution | None:
        rows = [row for row in self.brought if _edition_of(row) == edition]
        rows.sort(key=lambda row: (row.released_on, row.brought_on, str(row.id)))
        return contribution_of(rows[-1], self.id) if rows else None


def list_series(database: Database, *, by: LoggedIn) -> list[SeriesRow]:
    """Return every questionnaire of which somebody brought figures or an edition was made."""
    check_installer(by)
    members = _members(database)
    with database.read(None) as session:
        made = _editions(session)
    found: dict[Series, int] = {_series_of(edition): 0 for edition in made}
    for member in members:
        for edition in {_edition_of(row) for row in member.brought} if member.takes_part else ():
            series = Series(edition, member.is_fictional)
            found[series] = found.get(series, 0) + 1
    rows = [
        SeriesRow(series, n, tuple(one for one in reversed(made) if _series_of(one) == series))
        for series, n in found.items()
    ]
    return sorted(rows, key=lambda row: (row.series.edition.name, row.series.is_fictional))


def make_edition(
    database: Database,
    series: Series,
    *,
    rules: PoolRules | None = None,
    by: LoggedIn,
    today: date,
    now: datetime,
) -> PoolEdition:
    """Make the next edition of a series, when there may be one.

    One session for each organisation: none sees two of them. Nobody agrees or withdraws meanwhile.

    Raises
    ------
    NoPoolEdition
        Somebody could be recognised, or nothing would be new. The first has one sentence, whatever
        the rule was.
    """
    check_installer(by)
    rules = rules or PoolRules()
    with database.session(None) as session:
        take_turn(session)
        made = _editions(session)
        earlier = [one for one in made if _series_of(one) == series]
        _check_whole(session, made, earlier)
        members = {one.id: one for one in _members(database)}
        release = _next(series, earlier, members, rules)
        edition = _edition(series, earlier, release, rules, today)
        session.add(edition)
        session.flush()
        record(
            session,
            MADE,
            by=by.account_id,
            subject=f"pool_edition:{edition.id}",
            facts={
                "number": edition.number,
                "members": len(edition.members),
                "sha256": edition.sha256,
            },
            at=now,
        )
    return edition


def is_intact(edition: PoolEdition) -> bool:
    """Whether an edition is still as it was made."""
    return edition.sha256 == _hash(edition)


def _check_whole(session: Session, made: list[PoolEdition], earlier: list[PoolEdition]) -> None:
    """Raise `NoPoolEdition` unless every edition is there, as it was made, in one chain."""
    chain = ["", *(one.sha256 for one in earlier)]
    is_chain = [(one.number, one.previous) for one in earlier] == [
        (1 + place, chain[place]) for place in range(len(earlier))
    ]
    acts = select(func.count()).where(InstallationEntry.action == MADE)
    if not (is_chain and all(map(is_intact, earlier)) and session.scalar(acts) == len(made)):
        raise NoPoolEdition(
            "analysis.pool_damaged",
            "An earlier edition is no longer as it was made. No new one is made from here on; "
            "compare the database with its backup.",
        )


def _next(
    series: Series,
    earlier: list[PoolEdition],
    members: Mapping[str, _Member],
    rules: PoolRules,
) -> PoolRelease:
    alike = [one for one in members.values() if one.is_fictional == series.is_fictional]
    newest = {one.id: found for one in alike if (found := one.newest(series.edition))}
    opted_in = {one.id for one in alike if one.takes_part}
    before = [_recall(series, edition, members) for edition in earlier]
    release = next_release(newest, opted_in, before, rules)
    if not release.shown:
        raise NoPoolEdition(
            "analysis.pool_nothing",
            "No edition was made: too few organisations take part, or one of them could be "
            "recognised. Try again when more of them have new results.",
        )
    if earlier and _pairs(release) == earlier[-1].members:
        raise NoPoolEdition(
            "analysis.pool_unchanged",
            "No edition was made: it would be the same as the one before.",
        )
    return release


def _recall(series: Series, edition: PoolEdition, members: Mapping[str, _Member]) -> PoolRelease:
    """Return an edition as it was released, with what is still known of its members."""
    pool = {}
    for member, brought in edition.members:
        rows = members[member].brought if member in members else ()
        known = (contribution_of(row, member) for row in rows if str(row.id) == brought)
        pool[member] = next(known, Contribution(member, brought, series.edition, {}))
    return PoolRelease(pool, frozenset(edition.scales))


def _edition(
    series: Series,
    earlier: list[PoolEdition],
    release: PoolRelease,
    rules: PoolRules,
    today: date,
) -> PoolEdition:
    taking_part = [one for _, one in sorted(release.pool.items())]
    edition = PoolEdition(
        instrument_key=series.edition.key,
        instrument_version=series.edition.version,
        instrument_fingerprint=series.edition.fingerprint,
        is_fictional=series.is_fictional,
        number=1 + len(earlier),
        made_on=today,
        rules=asdict(rules),
        members=_pairs(release),
        scales={
            scale: ScaleSums.of(figures_of(taking_part, scale)).as_stored()
            for scale in sorted(release.shown)
        },
        previous=earlier[-1].sha256 if earlier else "",
    )
    edition.sha256 = _hash(edition)
    return edition


def _pairs(release: PoolRelease) -> list[list[str]]:
    return [[member, one.survey] for member, one in sorted(release.pool.items())]


def _members(database: Database) -> list[_Member]:
    """Look into every organisation, each in a session of its own."""
    with database.read(None) as session:
        asked = select(Organisation).where(Organisation.removed_on.is_(None))
        organisations = list(session.scalars(asked.order_by(Organisation.id)))
    return list(_found(database, organisations))


def _found(database: Database, organisations: Iterable[Organisation]) -> Iterable[_Member]:
    for organisation in organisations:
        with database.read(organisation.id) as session:
            member = find_member(session)
            if member is not None:
                yield _Member(
                    id=str(member.id),
                    is_fictional=organisation.is_fictional,
                    takes_part=member.takes_part,
                    brought=tuple(session.scalars(select(PoolContribution))),
                )


def _editions(session: Session) -> list[PoolEdition]:
    asked = select(PoolEdition).order_by(
        PoolEdition.instrument_key, PoolEdition.instrument_version, PoolEdition.number
    )
    return list(session.scalars(asked))


def _edition_of(row: PoolContribution | PoolEdition) -> Edition:
    return Edition(row.instrument_key, row.instrument_version, row.instrument_fingerprint)


def _series_of(edition: PoolEdition) -> Series:
    return Series(_edition_of(edition), edition.is_fictional)


def _hash(edition: PoolEdition) -> str:
    told: dict[str, Any] = {
        "instrument": edition.instrument_fingerprint,
        "is_fictional": edition.is_fictional,
        "number": edition.number,
        "made_on": edition.made_on.isoformat(),
        "rules": edition.rules,
        "members": edition.members,
        "scales": edition.scales,
        "previous": edition.previous,
    }
    return sha256_of(told)
