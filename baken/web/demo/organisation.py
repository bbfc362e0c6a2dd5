"""The invented organisation: units from a file, and one person with a login for every role."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from baken.organisation.accounts.actions import make_account
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.organisation.imports import confirm_import
from baken.organisation.models import Account
from baken.organisation.organisations import make_organisation
from baken.organisation.people import add_person, get_actor
from baken.organisation.permissions import Actor, Role
from baken.organisation.units import list_units
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.demo.days import Days, morning
from baken.web.demo.stories import read_story, spoken
from baken.web.demo.unit_history import live_through, units_at_first

_COLUMNS = ("number", "name", "parent", "kind", "headcount", "address", "activity")


@dataclass(frozen=True, slots=True)
class House:
    """The organisation with its units by number, and who acts in it."""

    id: UUID
    units: Mapping[str, UUID]
    people: Mapping[Role, Actor]

    def number_of(self, unit: str) -> str:
        """The number of the unit with this identifier."""
        return next(number for number, key in self.units.items() if str(key) == unit)


def found_house(database: Database, keys: KeyStore, days: Days) -> House:
    """Make accounts, organisation, units and people."""
    told = read_story("organisation")
    accounts = _make_accounts(database, keys, days)
    first = told["people"][0]
    organisation_id = make_organisation(
        database,
        name=told["name"],
        language=spoken(),
        administrator_account_id=accounts[Role.ADMINISTRATOR],
        administrator_name=first["name"],
        is_fictional=True,
        today=days.begun_on,
        now=morning(days.begun_on),
    )
    units = _import_units(database, organisation_id, accounts, days)
    _add_people(database, organisation_id, accounts, units, days)
    with database.read(organisation_id) as session:
        people = {
            role: get_actor(session, account_id, today=days.today)
            for role, account_id in accounts.items()
        }
    return House(organisation_id, units, people)


def units_csv() -> bytes:
    """Return the units of the first day as the file that an administrator would import."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(_COLUMNS)
    for unit in units_at_first(read_story("organisation")):
        row = {**unit, "headcount": unit["people"]}
        writer.writerow([row.get(column, "") for column in _COLUMNS])
    return out.getvalue().encode()


def _make_accounts(database: Database, keys: KeyStore, days: Days) -> dict[Role, UUID]:
    told = read_story("organisation")
    found: dict[Role, UUID] = {}
    installer: UUID | None = None
    with database.session(None) as session:
        for person in told["people"]:
            account: Account = make_account(
                session,
                mail=person["mail"],
                name=person["name"],
                password=told["password"],
                language=spoken(),
                is_installer=installer is None,
                by=installer,
                now=morning(days.begun_on),
            )
            set_up_invented(session, keys, account.id, now=morning(days.begun_on))
            installer = installer or account.id
            found[Role(person["role"])] = account.id
    return found


def _import_units(
    database: Database, organisation_id: UUID, accounts: Mapping[Role, UUID], days: Days
) -> dict[str, UUID]:
    with database.session(organisation_id) as session:
        by = get_actor(session, accounts[Role.ADMINISTRATOR], today=days.begun_on)
        confirm_import(
            session,
            units_csv(),
            by=by,
            today=days.begun_on,
            now=morning(days.begun_on),
        )
        live_through(session, read_story("organisation"), by=by, begun_on=days.begun_on)
    with database.read(organisation_id) as session:
        return {unit.number: unit.id for unit in list_units(session, on=days.today)}


def _add_people(
    database: Database,
    organisation_id: UUID,
    accounts: Mapping[Role, UUID],
    units: Mapping[str, UUID],
    days: Days,
) -> None:
    with database.session(organisation_id) as session:
        by = get_actor(session, accounts[Role.ADMINISTRATOR], today=days.begun_on)
        for person in read_story("organisation")["people"]:
            role = Role(person["role"])
            if role is Role.ADMINISTRATOR:
                continue  # came with the organisation
            if role is not Role.MAIN_CONTACT:  # whom the administrator appoints first
                by = get_actor(session, accounts[Role.MAIN_CONTACT], today=days.begun_on)
            add_person(
                session,
                name=person["name"],
                mail=person["mail"],
                task=person["task"],
                role=role,
                unit_id=units[person["unit"]] if "unit" in person else None,
                account_id=accounts[role],
                by=by,
                today=days.begun_on,
            )
