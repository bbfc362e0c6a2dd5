"""The terms of an organisation for its bodies: a choice of its own, or those that come along."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from baken.actionplan.bodies import proposals, stalled
from baken.actionplan.bodies.models import BodySettings
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

# Two meetings of a group that meets each month: long enough to weigh, short enough to answer.
ANSWER_WITHIN_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Terms:
    """In days; `version` is 0 while the organisation chose nothing."""

    stalled_after_days: int = stalled.DEFAULT_DAYS
    answer_within_days: int = ANSWER_WITHIN_DAYS
    version: int = 0


def read_terms(session: Session) -> Terms:
    """Return the terms that hold here."""
    row = session.scalars(select(BodySettings)).one_or_none()
    if row is None:
        return Terms()
    return Terms(row.stalled_after_days, row.answer_within_days, row.version)


def set_terms(session: Session, terms: Terms, *, by: Actor) -> None:
    """Choose after how many days something stands still, and within how many answers come.

    A proposal that was made already keeps its day.
    """
    require(by, Action.EDIT_BODIES)
    stalled.check_days(terms.stalled_after_days)
    proposals.check_term(terms.answer_within_days)
    row = session.scalars(select(BodySettings)).one_or_none()
    check_version(row or BodySettings(version=0), terms.version)
    row = row or BodySettings()
    row.stalled_after_days = terms.stalled_after_days
    row.answer_within_days = terms.answer_within_days
    session.add(row)
    session.flush()
    facts = {
        "stalled_after_days": str(terms.stalled_after_days),
        "answer_within_days": str(terms.answer_within_days),
    }
    record(session, "bodies.terms_set", by=by.person_id, subject=f"settings:{row.id}", facts=facts)
