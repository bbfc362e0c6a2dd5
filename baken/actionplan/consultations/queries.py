"""Reading consultations: about what, in which year, by whom they may be read."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select

from baken.actionplan.consultations.items import read_items
from baken.actionplan.consultations.models import Consultation, ConsultationReply
from baken.actionplan.consultations.rules import (
    Asked,
    ConsultationKind,
    Organ,
    Outcome,
    Subject,
    SubjectKind,
)
from baken.actionplan.errors import NotFound
from baken.actionplan.references import find
from baken.organisation.permissions import Action, Actor, Role, may
from baken.storage.session import Session

COLUMNS: Final = {
    SubjectKind.GLOBAL_PLAN: Consultation.global_plan_id,
    SubjectKind.ANNUAL_PLAN: Consultation.annual_plan_id,
    SubjectKind.MEASURE: Consultation.measure_id,
    SubjectKind.ANALYSIS: Consultation.risk_analysis_id,
    SubjectKind.REQUEST: Consultation.request_id,
    SubjectKind.PERSON: Consultation.person_id,
    SubjectKind.YEAR: Consultation.year,
    SubjectKind.TEXT: Consultation.subject,
}
OF_PLANS: Final = frozenset({SubjectKind.GLOBAL_PLAN, SubjectKind.ANNUAL_PLAN, SubjectKind.MEASURE})
"""Advice on these stands on their own pages, for everybody who reads plans."""

_SEES_ALL: Final = frozenset(
    {
        Role.ADVISER,
        Role.PREVENTION_ADVISER,
        Role.STEERING_MEMBER,
        Role.EMPLOYER,
        Role.CPBW_MEMBER,
        Role.UNION_DELEGATE,
    }
)
_OF_COUNCIL: Final = frozenset({Organ.WORKS_COUNCIL, Organ.STAFF_REPRESENTATION})


def get_consultation(session: Session, consultation_id: UUID) -> Consultation:
    """Return one consultation."""
    return find(session, Consultation, consultation_id)


def read_consultation(session: Session, consultation_id: UUID, *, by: Actor) -> Consultation:
    """Return one consultation that this person may read, or raise `NotFound`."""
    found = get_consultation(session, consultation_id)
    if not may_read(found, by=by):
        raise NotFound(
            "actionplan.not_found",
            "This does not exist, or no longer. Nothing was changed; go back and choose again.",
        )
    return found


def list_consultations(session: Session, subject: Subject | None = None) -> list[Consultation]:
    """Return consultations in the order of asking: all, or those about one thing."""
    wanted = select(Consultation).order_by(
        Consultation.asked_on, Consultation.number, Consultation.item, Consultation.id
    )
    if subject is not None:
        wanted = _about(wanted, subject)
    return list(session.scalars(wanted))


def list_of_year(session: Session, year: int, *, by: Actor) -> list[Consultation]:
    """Return what was asked or answered in a year, the newest first, as this person may read it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    wanted = select(Consultation).where(
        or_(
            Consultation.asked_on.between(first, last),
            Consultation.advised_on.between(first, last),
            Consultation.replied_on.between(first, last),
        )
    )
    newest = Consultation.asked_on.desc(), Consultation.item, Consultation.number.desc()
    found = session.scalars(wanted.order_by(*newest, Consultation.id))
    return [each for each in found if may_read(each, by=by)]


def list_years(session: Session, *, by: Actor) -> list[int]:
    """Return the years in which something was asked that this person may read, the newest first."""
    found = session.scalars(select(Consultation))
    return sorted({each.asked_on.year for each in found if may_read(each, by=by)}, reverse=True)


def may_read(consultation: Consultation, *, by: Actor) -> bool:
    """Whether this person may read it.

    Steering group and committee read all of it, the works council what it was asked itself, and
    whoever reads plans what was asked about those; a request only those who may see requests.
    """
    if consultation.request_id is not None and not may(by, Action.SEE_REQUESTS):
        return False
    if sees_all(by):
        return True
    if Role.WORKS_COUNCIL_MEMBER in by.roles and consultation.organ in _OF_COUNCIL:
        return True
    return may(by, Action.SEE_PLANS) and subject_of(consultation).kind in OF_PLANS


def sees_all(by: Actor) -> bool:
    """Whether this person reads what every organ was asked."""
    return not by.roles.isdisjoint(_SEES_ALL)


def subject_of(consultation: Consultation) -> Subject:
    """What the consultation is about."""
    for kind, column in COLUMNS.items():
        value: Any = getattr(consultation, column.key)
        if value in {None, ""}:
            continue
        if kind == SubjectKind.YEAR:
            return Subject(kind, year=value)
        if kind == SubjectKind.TEXT:
            return Subject(kind, text=value)
        return Subject(kind, value, consultation.edition)
    raise LookupError("A consultation without a subject cannot be stored.")


def as_asked(consultation: Consultation, *, content_hash: str = "") -> Asked:
    """How the consultation stands, as the rules look at it.

    `content_hash` is the digest of the text as it stands now; empty where none is kept.
    """
    kept = consultation.content_hash
    known = read_items().get(consultation.item)
    return Asked(
        organ=Organ(consultation.organ),
        kind=ConsultationKind(consultation.kind),
        asked_on=consultation.asked_on,
        due_on=consultation.due_on,
        outcome=Outcome(consultation.outcome) if consultation.outcome else None,
        item=consultation.item,
        number=consultation.number,
        is_stale=bool(kept and content_hash and kept != content_hash),
        is_unanimous=known is not None and known.is_unanimous,
    )


def list_replies(session: Session, consultation_id: UUID) -> list[ConsultationReply]:
    """Return every reply of the employer to one answer, the first first; the last one stands."""
    return list_replies_to(session, [consultation_id])


def list_replies_to(
    session: Session, consultation_ids: Collection[UUID]
) -> list[ConsultationReply]:
    """Return every reply to these answers, the first of each first."""
    wanted = select(ConsultationReply).where(
        ConsultationReply.consultation_id.in_(consultation_ids)
    )
    return list(session.scalars(wanted.order_by(ConsultationReply.number)))


def list_asked(session: Session, subject: Subject) -> list[Asked]:
    """Return how everything that was asked about one thing stands."""
    return [as_asked(each) for each in list_consultations(session, subject)]


def latest_of(found: Iterable[Consultation], code: str) -> Consultation | None:
    """Return the last question under a line of the table; None when there is none."""
    return max(
        (each for each in found if each.item == code),
        key=lambda one: (one.asked_on, one.number),
        default=None,
    )


def _about(wanted: Select[Any], subject: Subject) -> Select[Any]:
    return wanted.where(COLUMNS[subject.kind] == subject.value)
