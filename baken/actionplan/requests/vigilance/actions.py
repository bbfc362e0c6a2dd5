"""Who listens in the network, that something was told and answered, what recurs."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.references import check_exists, find
from baken.actionplan.requests.vigilance import queries, rules
from baken.actionplan.requests.vigilance.models import (
    VigilanceContact,
    VigilanceSignal,
    VigilanceTheme,
)
from baken.actionplan.requests.vigilance.rules import ContactFields, ThemeFields
from baken.actionplan.wording import check_text
from baken.organisation.models import Person, Unit
from baken.organisation.permissions import Action, Actor, may, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def add_contact(
    session: Session, fields: ContactFields, *, by: Actor, today: date
) -> VigilanceContact:
    """Put somebody in the list of those who listen."""
    require(by, Action.KEEP_VIGILANCE)
    rules.check_contact(fields)
    check_exists(session, Person, fields.person_id)
    check_exists(session, Unit, fields.unit_id)
    if queries.is_contact(session, fields.person_id, today=today):
        raise InvalidTransition("requests.is_contact", "This person stands in the list already.")
    contact = VigilanceContact(
        person_id=fields.person_id,
        for_what=fields.for_what.strip(),
        unit_id=fields.unit_id,
        charter_on=fields.charter_on,
        from_on=fields.from_on,
    )
    session.add(contact)
    _record(session, "vigilance.contact_added", contact, by, {})
    return contact


def end_contact(
    session: Session, contact_id: UUID, *, until_on: date, seen: int, by: Actor
) -> VigilanceContact:
    """Take somebody off the list after a day; what was noted down stays."""
    require(by, Action.KEEP_VIGILANCE)
    contact = find(session, VigilanceContact, contact_id)
    check_version(contact, seen)
    if until_on < contact.from_on:
        raise Invalid(
            "requests.ends_before",
            "The last day lies before the first ({from_on}).",
            from_on=contact.from_on,
        )
    contact.until_on = until_on
    facts = {"until_on": until_on.isoformat()}
    _record(session, "vigilance.contact_ended", contact, by, facts)
    return contact


def take_signal(
    session: Session,
    theme: str,
    *,
    received_at: datetime,
    is_answered: bool,
    by: Actor,
    today: date,
    now: datetime,
) -> VigilanceSignal:
    """Note down that somebody told something; neither who nor what."""
    queries.check_in_network(session, by=by, today=today)
    rules.check_theme_key(theme)
    rules.check_received(received_at, now=now)
    signal = VigilanceSignal(
        theme=theme,
        received_at=received_at,
        taken_by=by.person_id,
        answered_at=now if is_answered else None,
    )
    session.add(signal)
    # Without the theme: the record is read by many. Its page veils who took the signal.
    _record(session, "vigilance.signal_taken", signal, by, {})
    return signal


def answer_signal(
    session: Session,
    signal_id: UUID,
    *,
    answered_at: datetime,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> VigilanceSignal:
    """Note down when it was answered."""
    queries.check_in_network(session, by=by, today=today)
    signal = queries.get_own_signal(session, signal_id, by=by)
    check_version(signal, seen)
    if signal.answered_at is not None:
        raise InvalidTransition("requests.answered_already", "An answer was noted down already.")
    rules.check_answered(signal.received_at, answered_at, now=now)
    signal.answered_at = answered_at
    _record(session, "vigilance.signal_answered", signal, by, {})
    return signal


def tell_theme(session: Session, fields: ThemeFields, *, by: Actor, today: date) -> VigilanceTheme:
    """Tell those who decide what recurs, and what could be done; the network decides nothing."""
    require(by, Action.TAKE_SIGNALS)
    if not may(by, Action.KEEP_VIGILANCE):
        queries.check_in_network(session, by=by, today=today)
    rules.check_theme(fields, today=today)
    theme = VigilanceTheme(
        theme=fields.theme,
        title=fields.title.strip(),
        pattern=fields.pattern.strip(),
        suggestion=fields.suggestion.strip(),
        told_on=fields.told_on,
        told_by=by.person_id,
    )
    session.add(theme)
    _record(session, "vigilance.theme_told", theme, by, {"told_on": fields.told_on.isoformat()})
    return theme


def answer_theme(
    session: Session,
    theme_id: UUID,
    answer: str,
    *,
    answered_on: date,
    seen: int,
    by: Actor,
    today: date,
) -> VigilanceTheme:
    """Write down what those who decide answered."""
    require(by, Action.EDIT_PLANS)
    theme = queries.get_theme(session, theme_id)
    check_version(theme, seen)
    words = check_text(answer)
    if not words:
        raise Invalid("requests.no_answer", "Write down the answer and its reasons.")
    if not theme.told_on <= answered_on <= today:
        raise Invalid(
            "requests.odd_answer_day",
            "The answer lies between the day it was told ({told_on}) and today.",
            told_on=theme.told_on,
        )
    theme.answer, theme.answered_on = words, answered_on
    facts = {"answered_on": answered_on.isoformat()}
    _record(session, "vigilance.theme_answered", theme, by, facts)
    return theme


def _record(
    session: Session,
    act: str,
    row: VigilanceContact | VigilanceSignal | VigilanceTheme,
    by: Actor,
    facts: Mapping[str, object],
) -> None:
    session.flush()
    record(session, act, by=by.person_id, subject=f"vigilance:{row.id}", facts=facts)
