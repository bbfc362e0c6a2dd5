"""Reading who the counsellors are, what they learned and what is due."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.references import find
from baken.actionplan.requests.counsellors.models import Counsellor, CounsellorTraining
from baken.actionplan.requests.counsellors.rules import (
    Agreement,
    DueOn,
    Learned,
    RoleConflict,
    TrainingKind,
    conflicts_of,
    is_trained,
    list_due,
)
from baken.organisation.humans import entries_of_human
from baken.organisation.models import Person, RoleGrant
from baken.organisation.permissions import Role
from baken.organisation.roles import holds_on
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A training as it was written down."""

    learned: Learned
    given_by: str


@dataclass(frozen=True, slots=True)
class CounsellorRow:
    """A counsellor with what was learned and what is due; nothing is due once it ended."""

    id: UUID
    version: int
    person_id: UUID
    name: str
    mail: str
    is_staff: bool
    agreement: Agreement
    agreed_on: date
    agreement_text: str
    appointed_on: date
    ended_on: date | None
    end_reason: str
    training: tuple[TrainingRow, ...]
    is_trained: bool
    due: tuple[DueOn, ...]


def get_counsellor(session: Session, counsellor_id: UUID) -> Counsellor:
    """Return one counsellor or raise `NotFound`."""
    return find(session, Counsellor, counsellor_id)


def held_roles(session: Session, person_id: UUID, *, today: date) -> frozenset[Role]:
    """Return the roles somebody has today, under another entry of the same human too."""
    entries = entries_of_human(session, person_id)
    asked = select(RoleGrant.role).where(RoleGrant.person_id.in_(entries), *holds_on(today))
    return frozenset(session.scalars(asked))


def list_conflicts(
    session: Session, counsellor: CounsellorRow, *, today: date
) -> tuple[RoleConflict, ...]:
    """Return which roles of a counsellor are, or may be, a function that does not go together."""
    if counsellor.ended_on is not None:
        return ()
    roles = held_roles(session, counsellor.person_id, today=today)
    return conflicts_of(roles, counsellor.appointed_on)


def lacks_role(session: Session, counsellor: CounsellorRow, *, today: date) -> bool:
    """Whether a counsellor of today cannot fill in a quarterly table here."""
    roles = held_roles(session, counsellor.person_id, today=today)
    return counsellor.ended_on is None and Role.CONFIDENTIAL_COUNSELLOR not in roles


def has_counsellor(session: Session) -> bool:
    """Whether somebody is appointed as counsellor now."""
    asked = select(Counsellor.id).where(Counsellor.ended_on.is_(None)).limit(1)
    return session.scalars(asked).first() is not None


def list_counsellors(session: Session) -> list[CounsellorRow]:
    """Return all counsellors, those of today first."""
    learned: dict[UUID, list[TrainingRow]] = {}
    asked = select(CounsellorTraining).order_by(CounsellorTraining.done_on, CounsellorTraining.id)
    for one in session.scalars(asked):
        learned.setdefault(one.counsellor_id, []).append(_training_row(one))
    rows = session.execute(
        select(Counsellor, Person)
        .join(Person, Person.id == Counsellor.person_id)
        .order_by(
            Counsellor.ended_on.is_not(None), Counsellor.appointed_on, Person.name, Counsellor.id
        )
    )
    return [_row(one, person, tuple(learned.get(one.id, ()))) for one, person in rows]


def _training_row(one: CounsellorTraining) -> TrainingRow:
    return TrainingRow(
        Learned(TrainingKind(one.kind), one.done_on, one.hours, one.days), one.given_by
    )


def _row(one: Counsellor, person: Person, training: tuple[TrainingRow, ...]) -> CounsellorRow:
    learned = [row.learned for row in training]
    return CounsellorRow(
        id=one.id,
        version=one.version,
        person_id=person.id,
        name=person.name,
        mail=person.mail,
        is_staff=one.is_staff,
        agreement=Agreement(one.agreement),
        agreed_on=one.agreed_on,
        agreement_text=one.agreement_text,
        appointed_on=one.appointed_on,
        ended_on=one.ended_on,
        end_reason=one.end_reason,
        training=training,
        is_trained=is_trained(learned),
        due=() if one.ended_on else list_due(one.appointed_on, learned),
    )
