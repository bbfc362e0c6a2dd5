"""Choosing a term where the law leaves it open; a shorter one goes another way (`shortening`)."""

from datetime import date, datetime

from baken.actionplan.retention.models import RetentionTerm
from baken.actionplan.retention.queries import chosen_years, find_term, years_of
from baken.actionplan.retention.rules import RetentionError, check_years, get_rule, is_shorter
from baken.actionplan.retention.shortening import end_open, write_term
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record as record_act
from baken.storage.base import check_version
from baken.storage.session import Session


def set_term(
    session: Session,
    record: str,
    years: int,
    reason: str,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> RetentionTerm:
    """Keep a kind of record for so many years; `seen` is 0 where nothing was chosen before."""
    require(by, Action.SET_RETENTION)
    rule = get_rule(record)
    clean = check_years(rule, years, reason)
    if is_shorter(years, years_of(rule, chosen_years(session))):
        raise _waits()
    term = find_term(session, record)
    if term is not None:
        check_version(term, seen)
    end_open(session, record, today=today)
    term = write_term(session, record, years, clean, set_by=by.person_id, today=today)
    record_act(
        session,
        "retention.term_set",
        by=by.person_id,
        subject=f"retention:{record}",
        facts={"years": years},
        at=now,
    )
    return term


def drop_term(
    session: Session, record: str, *, seen: int, by: Actor, today: date, now: datetime
) -> None:
    """Keep a kind of record as long as the table says again."""
    require(by, Action.SET_RETENTION)
    term = find_term(session, record)
    if term is None:
        return
    check_version(term, seen)
    if is_shorter(get_rule(record).years, term.years):
        raise _waits()
    end_open(session, record, today=today)
    session.delete(term)
    session.flush()
    subject = f"retention:{record}"
    record_act(session, "retention.term_dropped", by=by.person_id, subject=subject, at=now)


def _waits() -> RetentionError:
    return RetentionError(
        "retention.shorter_waits",
        "This is shorter than it was. Ask for it, have somebody else confirm it, and it holds "
        "after the wait.",
    )
