"""A shorter term: what would go is shown, a second person confirms, and it waits.

What a term deletes cannot be called back. So nobody shortens one alone, and in the days between
everybody who may see the table can object, keep a copy, or set a hold.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from baken.actionplan.retention.models import RetentionTerm, Shortening
from baken.actionplan.retention.queries import chosen_years, find_term, years_of
from baken.actionplan.retention.rules import (
    RetentionError,
    check_years,
    fixed,
    get_rule,
    is_shorter,
    shorter_after,
)
from baken.actionplan.retention.sweeps import SWEEPS, Due, Place
from baken.organisation.handing_out import SETTLED, is_settled
from baken.organisation.humans import is_same_human
from baken.organisation.models import Person
from baken.organisation.permissions import ALLOWED, Action, Actor, may, require
from baken.organisation.tenure import get_held_since
from baken.storage.audit import record as record_act
from baken.storage.base import check_version
from baken.storage.session import Session


class NothingAsked(RetentionError):
    """There is no shorter term that waits."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__(
            "retention.nothing_asked",
            "No shorter term waits here: it was called off, or holds already.",
        )


class NotNow(RetentionError):
    """Another step comes first."""

    kind = "conflict"


@dataclass(frozen=True, slots=True)
class Asked:
    """A shorter term that waits.

    Attributes
    ----------
    before
        The term in years that holds now; None: no term.
    due_on
        The first night in which the shorter one holds; None before somebody confirmed.
    may_confirm
        Whether the reader may be the second person.
    """

    record: str
    version: int
    before: int | None
    years: int
    reason: str
    asked_by: str
    asked_on: date
    confirmed_by: str
    due_on: date | None
    may_confirm: bool
    may_end: bool


def ask_shorter(
    session: Session, record: str, years: int, reason: str, *, by: Actor, today: date, now: datetime
) -> Shortening:
    """Ask that a kind of record is kept for fewer years than now; nothing changes yet."""
    require(by, Action.SET_RETENTION)
    rule = get_rule(record)
    clean = check_years(rule, years, reason)
    if not is_shorter(years, years_of(rule, chosen_years(session))):
        raise NotNow("retention.not_shorter", "This term is not shorter. Save it as it is.")
    if _find(session, record) is not None:
        raise _asked_already()
    row = Shortening(
        id=uuid4(), record=record, years=years, reason=clean, asked_by=by.person_id, asked_on=today
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # somebody else asked at the same moment
        raise _asked_already() from error
    _record(session, "asked", row, by=by.person_id, now=now)
    return row


def _asked_already() -> NotNow:
    return NotNow(
        "retention.asked_already", "A shorter term was asked for already. Call that one off first."
    )


def confirm_shorter(
    session: Session, record: str, *, seen: int, by: Actor, today: date, now: datetime
) -> Shortening:
    """Agree as the second person; from now on it waits for its day."""
    require(by, Action.CONFIRM_SHORTER_TERM)
    row = _get(session, record)
    check_version(row, seen)
    if row.confirmed_on is not None:
        raise NotNow("retention.confirmed_already", "Somebody confirmed this already.")
    if is_same_human(session, by.person_id, [row.asked_by]):
        raise NotNow(
            "retention.needs_other",
            "You asked for this yourself. Somebody else has to confirm it.",
        )
    # Whoever asked hands out roles, and may not have made the second person for the occasion.
    roles = ALLOWED[Action.CONFIRM_SHORTER_TERM]
    if not is_settled(get_held_since(session, by.person_id, roles, today=today), row.asked_on):
        raise NotNow(
            "retention.too_new",
            "Only somebody who had such a role {days} days before this was asked confirms it. Ask "
            "somebody who has held it longer, or call this off and ask again later.",
            days=SETTLED.days,
        )
    row.confirmed_by, row.confirmed_on = by.person_id, today
    row.due_on = today + shorter_after()
    session.flush()
    _record(session, "confirmed", row, by=by.person_id, now=now)
    return row


def call_off(
    session: Session, record: str, *, seen: int, by: Actor, today: date, now: datetime
) -> None:
    """Refuse or call off a shorter term before it holds; either of the two may."""
    require(by, Action.CONFIRM_SHORTER_TERM)
    row = _get(session, record)
    check_version(row, seen)
    row.ended_on = today
    session.flush()
    _record(session, "called_off", row, by=by.person_id, now=now)


def bring_into_force(session: Session, *, today: date, now: datetime) -> None:
    """Let the shorter terms hold whose day has come."""
    asked = _open().where(Shortening.due_on <= today)
    for row in list(session.scalars(asked.with_for_update())):
        set_by = row.confirmed_by or row.asked_by
        write_term(session, row.record, row.years, row.reason, set_by=set_by, today=today)
        row.ended_on = today
        session.flush()
        _record(session, "in_force", row, by=None, now=now)


def end_open(session: Session, record: str, *, today: date) -> None:
    """End what waits, because a term was chosen that is not shorter."""
    row = _find(session, record)
    if row is not None:
        row.ended_on = today


def write_term(
    session: Session, record: str, years: int, reason: str, *, set_by: UUID, today: date
) -> RetentionTerm:
    """Write down the term that holds from now on."""
    term = find_term(session, record)
    if term is None:
        term = RetentionTerm(id=uuid4(), record=record)
        session.add(term)
    term.years, term.reason, term.set_by, term.set_on = years, reason, set_by, today
    session.flush()
    return term


def find_asked(session: Session, record: str, *, by: Actor) -> Asked | None:
    """Return the shorter term that waits for a kind of record; None without one."""
    require(by, Action.SEE_RETENTION)
    row = _find(session, record)
    return _asked(session, row, by) if row else None


def list_asked(session: Session, *, by: Actor) -> list[Asked]:
    """Return every shorter term that waits, the first asked before the others."""
    require(by, Action.SEE_RETENTION)
    rows = session.scalars(_open().order_by(Shortening.asked_on, Shortening.record))
    return [_asked(session, row, by) for row in rows]


def would_go(
    session: Session, place: Place, record: str, years: int, *, on: date, by: Actor
) -> list[Due]:
    """Return what a term of so many years deletes on a day and before, and would not have yet."""
    require(by, Action.SEE_RETENTION)
    rule, chosen = get_rule(record), chosen_years(session)
    if not rule.is_open:
        raise fixed()
    sweep = next(one for one in SWEEPS if record in one.records)
    standing = {key: years_of(get_rule(key), chosen) for key in sweep.records}
    found = _due(sweep.preview(session, place, {**standing, record: years}), record, on)
    kept = _due(sweep.preview(session, place, standing), record, on)
    # Counted, not a set: two records that go on one day may look the same.
    going = (Counter(found) - Counter(kept)).elements()
    return sorted(going, key=lambda one: (one.on, one.what))


def _due(found: Iterable[Due], record: str, on: date) -> list[Due]:
    return [one for one in found if one.record == record and one.on <= on]


def _open() -> Select[Shortening]:
    return select(Shortening).where(Shortening.ended_on.is_(None))


def _find(session: Session, record: str) -> Shortening | None:
    asked = _open().where(Shortening.record == record)
    return session.scalars(asked.order_by(Shortening.asked_on).limit(1)).first()


def _get(session: Session, record: str) -> Shortening:
    row = _find(session, record)
    if row is None:
        raise NothingAsked
    return row


def _asked(session: Session, row: Shortening, by: Actor) -> Asked:
    confirmed = session.get(Person, row.confirmed_by) if row.confirmed_by else None
    may_act = may(by, Action.CONFIRM_SHORTER_TERM)
    return Asked(
        record=row.record,
        version=row.version,
        before=years_of(get_rule(row.record), chosen_years(session)),
        years=row.years,
        reason=row.reason,
        asked_by=session.get_one(Person, row.asked_by).name,
        asked_on=row.asked_on,
        confirmed_by=confirmed.name if confirmed else "",
        due_on=row.due_on,
        may_confirm=may_act
        and confirmed is None
        and not is_same_human(session, by.person_id, [row.asked_by]),
        may_end=may_act,
    )


def _record(
    session: Session, verb: str, row: Shortening, *, by: UUID | None, now: datetime
) -> None:
    facts: dict[str, int | str] = {"years": row.years}
    if row.due_on is not None:
        facts["due_on"] = row.due_on.isoformat()
    subject = f"retention:{row.record}"
    record_act(session, f"retention.shorter_{verb}", by=by, subject=subject, facts=facts, at=now)
