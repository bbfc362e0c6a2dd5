"""A site with people and no units yet, and a Chromium to look at it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.settings import Settings
from baken.web.texts import catalogue
from tests.journeys.walking import Clock, Site, Walker, people_of
from tests.served import served


@pytest.fixture
def site(sqlite_url: str, sqlite: Database, tmp_path: Path) -> Iterator[Site]:
    keys = KeyStore.create(tmp_path / "keys")
    settings = Settings(database_url=sqlite_url, keys=keys.folder, backups=tmp_path / "backups")
    clock = Clock()
    organisation_id = people_of(sqlite, keys, clock)
    with served(settings, clock) as port:
        settings = replace(settings, port=port)
        yield Site(settings.origin, organisation_id, clock, sqlite, settings)


@pytest.fixture
def new_walker(chromium: Browser, site: Site) -> Iterator[Callable[..., Walker]]:
    opened = []

    def open_one(locale: str = "nl-BE") -> Walker:
        context = chromium.new_context(locale=locale, viewport={"width": 1200, "height": 900})
        opened.append(context)
        return Walker(context.new_page(), site, t=catalogue(locale[:2]))

    yield open_one
    for context in opened:
        context.close()
