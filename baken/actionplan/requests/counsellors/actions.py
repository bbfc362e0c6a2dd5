"""Appointing counsellors, ending an appointment, writing down what they learn."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.consultations.gates import check_not_waiting
from baken.actionplan.consultations.rules import Subject, SubjectKind
from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.references import check_exists
from baken.actionplan.requests.counsellors import queries, rules
from baken.actionplan.requests.counsellors.models import Counsellor, CounsellorTraining
from baken.actionplan.requests.counsellors.rules import Agreement, Appointment, Learned
from baken.actionplan.wording import check_text
from baken.organisation.models import Person
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def appoint(
    session: Session, person_id: UUID, asked: Appointment, *, by: Actor, today: date
) -> Counsellor:
    """Write down that somebody was appointed, and how the workers' side agreed."""
    require(by, Action.KEEP_COUNSELLORS)
    rules.check_appointment(asked, today=today)
    check_exists(session, Person, person_id)
    roles = queries.held_roles(session, person_id, today=today)
    rules.check_roles(rules.conflicts_of(roles, asked.appointed_on), has_looked=asked.has_looked)
    running = select(Counsellor.id).where(
        Counsellor.person_id == person_id, Counsellor.ended_on.is_(None)
    )
    if session.scalars(running).first() is not None:
        raise InvalidTransition(
            "requests.is_counsellor", "This person is a confidential counsellor already."
        )
    if asked.agreement is not Agreement.INSPECTORATE:
        # Without agreement the inspectorate mediates and advises; the employer then says why.
        about = Subject(SubjectKind.PERSON, person_id)
        check_not_waiting(session, "counsellor_appointment", about, today=today)
    counsellor = Counsellor(
        person_id=person_id,
        is_staff=asked.is_staff,
        agreement=asked.agreement,
        agreed_on=asked.agreed_on,
        agreement_text=asked.agreement_text.strip(),
        appointed_on=asked.appointed_on,
    )
    session.add(counsellor)
    facts = {"appointed_on": asked.appointed_on.isoformat(), "agreement": asked.agreement}
    _record(session, "counsellor.appointed", counsellor, by, facts)
    return counsellor


def end_appointment(
    session: Session,
    counsellor_id: UUID,
    *,
    ended_on: date,
    reason: str,
    seen: int,
    by: Actor,
    today: date,
) -> Counsellor:
    """Write down that an appointment ended; this too needs the agreement of the workers' side."""
    require(by, Action.KEEP_COUNSELLORS)
    counsellor = queries.get_counsellor(session, counsellor_id)
    check_version(counsellor, seen)
    if counsellor.ended_on is not None:
        raise InvalidTransition("requests.ended_already", "This appointment has ended already.")
    if not counsellor.appointed_on <= ended_on <= today:
        raise Invalid(
            "requests.odd_end",
            "The end lies between the appointment ({appointed_on}) and today.",
            appointed_on=counsellor.appointed_on,
        )
    why = check_text(reason)
    if not why:
        raise Invalid(
            "requests.no_end_reason",
            "Write down why it ends, and how the workers' representatives agreed.",
        )
    about = Subject(SubjectKind.PERSON, counsellor.person_id)
    check_not_waiting(session, "counsellor_removal", about, today=today)
    counsellor.ended_on, counsellor.end_reason = ended_on, why
    _record(session, "counsellor.ended", counsellor, by, {"ended_on": ended_on.isoformat()})
    return counsellor


def add_training(
    session: Session,
    counsellor_id: UUID,
    learned: Learned,
    given_by: str,
    *,
    by: Actor,
    today: date,
) -> CounsellorTraining:
    """Write down a training or a supervision."""
    require(by, Action.KEEP_COUNSELLORS)
    counsellor = queries.get_counsellor(session, counsellor_id)
    rules.check_learned(learned, appointed_on=counsellor.appointed_on, today=today)
    training = CounsellorTraining(
        counsellor_id=counsellor.id,
        kind=learned.kind,
        done_on=learned.done_on,
        hours=learned.hours,
        days=learned.days,
        given_by=check_text(given_by)[:200],
    )
    session.add(training)
    facts = {"kind": learned.kind, "done_on": learned.done_on.isoformat()}
    _record(session, "counsellor.trained", counsellor, by, facts)
    return training


def _record(
    session: Session, act: str, counsellor: Counsellor, by: Actor, facts: Mapping[str, object]
) -> None:
    session.flush()
    subject = f"counsellor:{counsellor.id}"
    record(session, act, by=by.person_id, subject=subject, facts=facts)
