"""Choosing a term where the law leaves it open."""

from datetime import date, datetime
from uuid import uuid4

from baken.actionplan.retention.models import RetentionTerm
from baken.actionplan.retention.queries import find_term
from baken.actionplan.retention.rules import check_years, get_rule
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
    clean = check_years(get_rule(record), years, reason)
    term = find_term(session, record)
    if term is None:
        term = RetentionTerm(id=uuid4(), record=record)
        session.add(term)
    else:
        check_version(term, seen)
    term.years, term.reason, term.set_by, term.set_on = years, clean, by.person_id, today
    session.flush()
    record_act(
        session,
        "retention.term_set",
        by=by.person_id,
        subject=f"retention:{record}",
        facts={"years": years},
        at=now,
    )
    return term


def drop_term(session: Session, record: str, *, seen: int, by: Actor, now: datetime) -> None:
    """Keep a kind of record as long as the table says again."""
    require(by, Action.SET_RETENTION)
    term = find_term(session, record)
    if term is None:
        return
    check_version(term, seen)
    session.delete(term)
    session.flush()
    subject = f"retention:{record}"
    record_act(session, "retention.term_dropped", by=by.person_id, subject=subject, at=now)
