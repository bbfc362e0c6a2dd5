"""An organisation sees nothing of another one: not a byte, whichever door somebody tries.

`BAKEN_FUZZ` says how many requests each engine may take: every role and every door when it is
large, a sample otherwise.
"""

import io
import logging
import os
import random
import re
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from baken.organisation.permissions import Role
from baken.organisation.transfers.exports import write_organisation
from baken.storage.guard import owned_tables
from baken.storage.jobs import Job, JobState, enqueue
from baken.storage.portability.reading import Parcel
from baken.storage.portability.sealing import FileKey
from baken.storage.portability.tables import GUARDED, going_in_order
from baken.web.jobs.registry import JOBS
from baken.web.jobs.worker import Worker
from baken.web.mail.settings import Encryption, MailSettings
from baken.web.settings import Settings
from tests.attacker.tenants import NOW, Town
from tests.attacker.trespass import Found, Trespasser, break_in, knock, list_doors
from tests.mailbox import SENDER, mail_server
from tests.web.conftest import Clock, Staffed, Website

# One process builds the town for all.
pytestmark = [pytest.mark.attacker]

FUZZ = int(os.environ.get("BAKEN_FUZZ", "360"))
IS_LARGE = FUZZ >= 5_000
SAMPLE = (None, Role.ADMINISTRATOR, Role.PREVENTION_ADVISER)
# What a kind of job is about, where it is not a unit.
ABOUT = {
    "campaign.letters": "campaign",
    "campaign.open": "campaign",
    "mail.invitation": "invitation",
    "organisation.remove": "organisation",
    "release.make": "campaign",
}
WITHOUT_SUBJECT = {
    "mail.password_reset": "a letter that is not due any more is no fault",
    "organisation.daily": "does the round of the organisation that asked",
}
# Names of numbers in addresses: the how-manieth release of a survey, for instance.
NUMBERS = {"edition", "number", "position", "quarter", "row", "year"}
ROLES: tuple[Role | None, ...] = (None, *Role) if IS_LARGE else SAMPLE


def settings_of(town: Town) -> Settings:
    return Settings(
        database_url=town.database.engine.url.render_as_string(hide_password=False),
        keys=town.keys.folder,
        backups=town.folder / "backups",
        transfers=town.folder / "transfers",
    )


def open_site(town: Town) -> Website:
    return Website(settings_of(town), town.database, Staffed(town.own.id, {}), clock=Clock(NOW))


def snapshot(town: Town, tenant: Any) -> dict[str, list[Any]]:
    """Everything that an organisation has, row by row."""
    with town.database.transaction(tenant.id, read_only=True) as connection:
        return {
            table.name: sorted(
                map(
                    repr,
                    connection.execute(
                        select(table).where(table.c.organisation_id == tenant.id)
                    ).all(),
                )
            )
            for table in sorted(owned_tables(), key=str)
        }


def trespass(town: Town, site: Website) -> Found:
    found, dice, doors = Found(), random.Random(7), list_doors(site.app)
    share = FUZZ // len(ROLES)
    visitors = [Trespasser(site, town, role, found) for role in ROLES]
    for visitor, role in zip(visitors, ROLES, strict=True):
        if role:
            visitor.crawl([door for door in doors if door[0] == "GET"], at_most=share // 2)
        asked = list(break_in(visitor, doors, dice, each=6 if IS_LARGE else 1))
        dice.shuffle(asked)
        for method, address, foreign in asked[: share // 4]:
            visitor.compare("doors", method, address, (), foreign)
        tried = list(knock(visitor, dice, each=4 if IS_LARGE else 1))
        dice.shuffle(tried)
        for page, form, fields, foreign in tried[: share // 6]:
            if page:
                visitor.ask("own pages", "GET", page)  # the form as it stands now
            action = form.action or page
            visitor.compare("forms", form.method.upper(), action, fields, foreign)
    for visitor in visitors:
        visitor.confirm()
    return found


def test_nobody_gets_a_byte_of_another_organisation(
    town: Town, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="baken")
    before = snapshot(town, town.other)
    site = open_site(town)
    try:
        found = trespass(town, site)
    finally:
        site.close()
    assert found.n_forms_done >= (5 if IS_LARGE else 1), found
    said = "".join(capfd.readouterr()) + caplog.text
    assert found.leaks == [], "\n".join(found.leaks)
    assert found.differences == [], "\n".join(found.differences)
    assert found.accepted == [], "\n".join(found.accepted)
    assert found.broken == [], "\n".join(found.broken)
    assert town.other.canary not in said
    assert snapshot(town, town.other) == before, "something of the other organisation was changed"
    own = repr(snapshot(town, town.own))
    assert town.other.canary not in own
    assert not [one for one in town.other.all_identifiers if one.hex in own or str(one) in own]
    assert all(one.version == 4 for one in town.other.all_identifiers)
    kept = [str(path) for path in town.folder.rglob("*") if town.other.canary in path.name]
    assert kept == []
    with capfd.disabled():
        sys.stdout.write(f"\n{town.database.engine.dialect.name}: {found}\n")


def test_a_job_about_something_of_another_organisation_does_nothing_and_says_so(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="baken")
    before = snapshot(town, town.other)
    with mail_server() as (mailbox, port):
        mail = MailSettings("127.0.0.1", SENDER, port, Encryption.NONE)
        settings = replace(settings_of(town), mail=mail)
        clock, asked = Clock(NOW), {}
        for kind in (kind for kind in JOBS if kind.name != "installation.daily"):
            subject = town.other.identifiers[ABOUT.get(kind.name, "unit")][0]
            with town.database.session(town.own.id) as session:
                job_id = enqueue(session, kind.name, subject_id=subject, by=None, now=NOW)
            asked[job_id] = kind.name
        worker = Worker(town.database, town.keys, settings, clock)
        while worker.work_off() or clock.now < NOW + timedelta(days=3):
            clock.move(hours=4)
    with town.database.read(None) as session:
        rows = session.scalars(select(Job).where(Job.id.in_(asked))).all()
    states = {asked[row.id]: row.state for row in rows}
    for name, why in WITHOUT_SUBJECT.items():
        assert states.pop(name) is JobState.DONE, why
    assert set(states.values()) == {JobState.FAILED}, states
    assert town.other.canary not in caplog.text
    assert snapshot(town, town.other) == before
    # The letters that both organisations had waiting went each to its own people.
    for recipient, letter in mailbox.letters:
        other = town.own if town.other.canary in recipient else town.other
        assert other.canary not in letter.as_string()
    for one in (town.own, town.other):
        assert any(one.canary in recipient for recipient, _ in mailbox.letters)


def test_an_export_holds_one_organisation_and_nothing_of_another(built: Town) -> None:
    key, out = FileKey.new("vijf woorden die niet samenhoren", log_n=10), io.BytesIO()
    write_organisation(
        built.database,
        out,
        key,
        organisation_id=built.own.id,
        parts=GUARDED,
        check=lambda _session: None,
        software_version="test",
        now=NOW,
        progress=lambda _done, _of: None,
    )
    parcel = Parcel(out, key)
    content = repr([list(parcel.rows(table)) for table in going_in_order()])
    assert built.own.canary in content
    assert built.other.canary not in content
    assert not [one for one in built.other.all_identifiers if str(one) in content]


def test_no_address_counts_what_can_be_counted(built: Town) -> None:
    """A number in an address is one inside something that was found already."""
    site = open_site(built)
    try:
        doors = list_doors(site.app)
    finally:
        site.close()
    numbers = {
        (path, name)
        for _, path in doors
        for name, kind in re.findall(r"\{(\w+):(\w+)\}", path)
        if kind in {"int", "float", "decimal"}
    }
    assert {name for _, name in numbers} <= NUMBERS, numbers
    assert all("{organisation_id:uuid}" in path for path, _ in numbers)
