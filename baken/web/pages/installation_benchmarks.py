"""Benchmarks as the installer sees them: how many take part, and the editions that were made."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.analysis.benchmarks.editions import (
    Series,
    SeriesRow,
    is_intact,
    list_series,
    make_edition,
)
from baken.analysis.benchmarks.models import PoolEdition
from baken.analysis.errors import NoPoolEdition
from baken.analysis.references.editions import Edition
from baken.organisation.accounts.sessions import LoggedIn
from baken.storage.session import Database
from baken.web.body import Form
from baken.web.pages.benchmarks import rules_in_words
from baken.web.pages.questionnaire_names import shipped_name
from baken.web.pages.reply import PageRequest, done, page
from baken.web.texts import catalogue

HERE: Final = "/installation/benchmarks"
FRESH: Final = {"account": True, "fresh": True}


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition and its hash."""

    number: int
    made_on: date
    n_organisations: int
    n_themes: int
    sha256: str
    is_intact: bool

    @classmethod
    def of(cls, edition: PoolEdition) -> "EditionView":
        return cls(
            number=edition.number,
            made_on=edition.made_on,
            n_organisations=len(edition.members),
            n_themes=len(edition.scales),
            sha256=edition.sha256,
            is_intact=is_intact(edition),
        )


@dataclass(frozen=True, slots=True)
class SeriesView:
    """The benchmark of one questionnaire."""

    title: str
    key: str
    version: str
    fingerprint: str
    is_fictional: bool
    n_members: int
    editions: tuple[EditionView, ...]

    @classmethod
    def of(cls, row: SeriesRow, language: str) -> "SeriesView":
        edition = row.series.edition
        return cls(
            title=shipped_name(edition.key, edition.version, language),
            key=edition.key,
            version=edition.version,
            fingerprint=edition.fingerprint,
            is_fictional=row.series.is_fictional,
            n_members=row.n_members,
            editions=tuple(map(EditionView.of, row.editions)),
        )


class InstallationBenchmarks(Controller):
    """For whoever looks after the installation."""

    path = HERE

    @get("/", opt=FRESH, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        language: NamedDependency[str],
    ) -> Response[str]:
        return _list(request, database, account, language)

    @post("/", opt=FRESH, sync_to_thread=True, status_code=200)
    def make(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        edition = Edition(form.get("key"), form.get("version"), form.get("fingerprint"))
        series = Series(edition, is_fictional=form.get("fictional") == "y")
        try:
            make_edition(database, series, by=account, today=today, now=now)
        except NoPoolEdition as error:
            return _list(request, database, account, language, error)
        return done(request, see=HERE, said="benchmarks.done_made")


def _list(
    request: PageRequest,
    database: Database,
    account: LoggedIn,
    language: str,
    error: NoPoolEdition | None = None,
) -> Response[str]:
    rows = list_series(database, by=account)
    return page(
        request,
        "installation/benchmarks.html",
        status=409 if error else 200,
        rows=tuple(SeriesView.of(row, language) for row in rows),
        refusal=catalogue(language).refusal(error) if error else "",
        **rules_in_words(),
    )
