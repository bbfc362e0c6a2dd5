"""What deletes by term: each room's own deletion, and what it would delete next.

A sweep is called every night; cut off anywhere, the next night goes on. A new kind of record that
goes by itself is one line in `SWEEPS` and its rule in `rules.toml`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from baken.actionplan.annualreport import retention as reports
from baken.actionplan.bodies import retention as bodies
from baken.actionplan.register import retention as register
from baken.actionplan.requests.situations import retention as situations
from baken.analysis.tallies import retention as tallies
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box import expiry
from baken.survey.paper import sealing

Terms = Mapping[str, int | None]
"""Kind of record to its term in years; None: no term in years."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when: an organisation on a day."""

    database: Database
    keys: KeyStore
    organisation_id: UUID
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """So many records of a kind go on a day; `what` names them, where that may be known."""

    record: str
    on: date
    n: int = 1
    what: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One room's deletion.

    Attributes
    ----------
    records
        Kinds of records that it deletes, those of the table.
    preview
        What it would delete and when, in no order.
    delete
        Deletes what is due today; returns how many of each kind.
    """

    name: str
    records: tuple[str, ...]
    preview: Callable[[Session, Place, Terms], Iterable[Due]]
    delete: Callable[[Place, Terms], Mapping[str, int]]


def _paper(session: Session, _place: Place, _terms: Terms) -> Iterable[Due]:
    return (Due("paper", day + timedelta(days=1)) for day in sealing.days_of_readable(session))


def _delete_paper(place: Place, _terms: Terms) -> Mapping[str, int]:
    n = sealing.expire_batches(
        place.database, place.keys, organisation_id=place.organisation_id, today=place.today
    )
    return {"paper": n}


def _addresses(session: Session, _place: Place, _terms: Terms) -> Iterable[Due]:
    return (Due("addresses", day) for day in expiry.address_days(session))


def _delete_addresses(place: Place, _terms: Terms) -> Mapping[str, int]:
    with place.database.session(place.organisation_id) as session:
        return {"addresses": expiry.delete_expired_addresses(session, today=place.today)}


def _answers(session: Session, place: Place, _terms: Terms) -> Iterable[Due]:
    return (Due(record, day) for record, day in expiry.list_expiries(session, place.keys))


def _delete_answers(place: Place, _terms: Terms) -> Mapping[str, int]:
    with place.database.read(place.organisation_id) as session:
        due = [record for record, day in expiry.list_expiries(session, place.keys)
               if day <= place.today]  # fmt: skip
    expiry.delete_expired(
        place.database, place.keys, organisation_id=place.organisation_id, today=place.today
    )
    return {record: due.count(record) for record in set(due)}


def _register(session: Session, _place: Place, _terms: Terms) -> Iterable[Due]:
    for is_refused, day in register.days_due(session):
        yield Due("register_refused" if is_refused else "register_entry", day)


def _delete_register(place: Place, _terms: Terms) -> Mapping[str, int]:
    with place.database.read(place.organisation_id) as session:
        due = [is_refused for is_refused, day in register.days_due(session) if day <= place.today]
    n = register.delete_due(
        place.database,
        place.keys,
        organisation_id=place.organisation_id,
        today=place.today,
        now=place.now,
    )
    refused = min(sum(due), n)
    return {"register_refused": refused, "register_entry": n - refused}


def _tallies(session: Session, _place: Place, terms: Terms) -> Iterable[Due]:
    days = tallies.days_due(session, terms["tallies"])
    return (Due("tallies", day) for day in days.values())


def _delete_tallies(place: Place, terms: Terms) -> Mapping[str, int]:
    return {"tallies": tallies.delete_due(place.database, place.keys, years=terms["tallies"],
                                          organisation_id=place.organisation_id,
                                          today=place.today, now=place.now)}  # fmt: skip


def _reports(session: Session, _place: Place, terms: Terms) -> Iterable[Due]:
    days = reports.days_due(session, terms["annual_reports"])
    names = reports.names_of(session)
    return (Due("annual_reports", day, what=names[one]) for one, day in days.items())


def _delete_reports(place: Place, terms: Terms) -> Mapping[str, int]:
    n = reports.delete_due(
        place.database,
        years=terms["annual_reports"],
        organisation_id=place.organisation_id,
        today=place.today,
        now=place.now,
    )
    return {"annual_reports": n}


def _applications(session: Session, _place: Place, _terms: Terms) -> Iterable[Due]:
    return (Due("applications", day, n) for day, n in bodies.days_due(session).values())


def _delete_applications(place: Place, _terms: Terms) -> Mapping[str, int]:
    n = bodies.delete_due(
        place.database, organisation_id=place.organisation_id, today=place.today, now=place.now
    )
    return {"applications": n}


def _situations(session: Session, _place: Place, terms: Terms) -> Iterable[Due]:
    days = situations.days_due(session, terms["request_words"])
    return (Due("request_words", day) for day in days.values())


def _delete_situations(place: Place, terms: Terms) -> Mapping[str, int]:
    n = situations.delete_due(
        place.database,
        place.keys,
        years=terms["request_words"],
        organisation_id=place.organisation_id,
        today=place.today,
        now=place.now,
    )
    return {"request_words": n}


SWEEPS: Final = (
    Sweep("paper", ("paper",), _paper, _delete_paper),
    Sweep("addresses", ("addresses",), _addresses, _delete_addresses),
    Sweep("answers", ("answers", "comments"), _answers, _delete_answers),
    Sweep("register", ("register_entry", "register_refused"), _register, _delete_register),
    Sweep("tallies", ("tallies",), _tallies, _delete_tallies),
    Sweep("reports", ("annual_reports",), _reports, _delete_reports),
    Sweep("applications", ("applications",), _applications, _delete_applications),
    Sweep("situations", ("request_words",), _situations, _delete_situations),
)
