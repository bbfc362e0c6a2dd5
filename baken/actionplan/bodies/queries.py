"""Reading consultations."""

from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies.models import Consultation
from baken.actionplan.bodies.rules import (
    Asked,
    ConsultationKind,
    Organ,
    Outcome,
    Subject,
    SubjectKind,
)
from baken.actionplan.references import find
from baken.storage.session import Session

COLUMNS = {
    SubjectKind.GLOBAL_PLAN: Consultation.global_plan_id,
    SubjectKind.ANNUAL_PLAN: Consultation.annual_plan_id,
    SubjectKind.MEASURE: Consultation.measure_id,
}


def get_consultation(session: Session, consultation_id: UUID) -> Consultation:
    """Return one consultation."""
    return find(session, Consultation, consultation_id)


def list_consultations(session: Session, subject: Subject | None = None) -> list[Consultation]:
    """Return consultations in the order of asking: all, or those about one plan or measure."""
    wanted = select(Consultation).order_by(Consultation.asked_on, Consultation.id)
    if subject is not None:
        wanted = wanted.where(COLUMNS[subject.kind] == subject.id)
    return list(session.scalars(wanted))


def subject_of(consultation: Consultation) -> Subject:
    """What the consultation is about."""
    for kind, column in COLUMNS.items():
        subject_id: UUID | None = getattr(consultation, column.key)
        if subject_id is not None:
            return Subject(kind, subject_id, consultation.edition)
    raise LookupError("A consultation without a subject cannot be stored.")


def as_asked(consultation: Consultation) -> Asked:
    """How the consultation stands, as the rules look at it."""
    return Asked(
        organ=Organ(consultation.organ),
        kind=ConsultationKind(consultation.kind),
        asked_on=consultation.asked_on,
        due_on=consultation.due_on,
        outcome=Outcome(consultation.outcome) if consultation.outcome else None,
    )
