"""What consultations are about: whether it exists, what it is called, whose rules it follows."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.consultations.models import Consultation
from baken.actionplan.consultations.queries import subject_of
from baken.actionplan.consultations.rules import Subject, SubjectKind
from baken.actionplan.measures.models import Measure
from baken.actionplan.plans.choices import get_variant
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.periods import year_name
from baken.actionplan.plans.variants import variant_of
from baken.actionplan.references import find
from baken.actionplan.requests.situations.models import SituationRequest
from baken.organisation.models import Person
from baken.storage.session import Session

ROWS: Final[Mapping[SubjectKind, tuple[type[Any], Callable[[Any], str]]]] = {
    SubjectKind.GLOBAL_PLAN: (GlobalPlan, lambda row: row.title),
    SubjectKind.ANNUAL_PLAN: (AnnualPlan, lambda row: year_name(row.starts_on, row.ends_on)),
    SubjectKind.MEASURE: (Measure, lambda row: row.title),
    SubjectKind.ANALYSIS: (RiskAnalysis, lambda row: row.title),
    SubjectKind.REQUEST: (SituationRequest, lambda row: row.group_name),
    SubjectKind.PERSON: (Person, lambda row: row.name),
}
"""The table of each kind of thing, and how people call one of its rows."""


def names_of(session: Session, found: Iterable[Consultation]) -> dict[UUID, str]:
    """Return what each of these consultations is about, by its id; one query for each kind."""
    subjects = {each.id: subject_of(each) for each in found}
    names = {
        kind: {row.id: name(row) for row in _rows(session, model, kind, subjects.values())}
        for kind, (model, name) in ROWS.items()
    }
    return {key: _name(subject, names) for key, subject in subjects.items()}


def name_of(session: Session, subject: Subject) -> str:
    """Return what one thing is called; raise `NotFound` when it does not exist here."""
    row = find_row(session, subject)
    return _plain_name(subject) if row is None else ROWS[subject.kind][1](row)


def find_row(session: Session, subject: Subject) -> Any:
    """Return the row that is asked about, None for a year or a line of text.

    Raises
    ------
    NotFound
        It does not exist, or belongs to another organisation.
    """
    if subject.kind not in ROWS or subject.id is None:
        return None
    return find(session, ROWS[subject.kind][0], subject.id)


def country_of(session: Session, subject: Subject) -> str:
    """Return whose table a question falls under: that of the plan, or of the organisation.

    A measure follows the plan that it stands in.
    """
    row = find_row(session, subject)
    if isinstance(row, Measure):
        row = find(session, AnnualPlan, row.annual_plan_id)
    if isinstance(row, AnnualPlan):
        row = find(session, GlobalPlan, row.global_plan_id)
    if isinstance(row, GlobalPlan):
        return variant_of(row.kind).value
    return get_variant(session).value


def _rows(
    session: Session, model: type[Any], kind: SubjectKind, subjects: Iterable[Subject]
) -> Iterable[Any]:
    wanted = [subject.id for subject in subjects if subject.kind == kind]
    return session.scalars(select(model).where(model.id.in_(wanted))) if wanted else ()


def _name(subject: Subject, names: Mapping[SubjectKind, Mapping[UUID, str]]) -> str:
    if subject.id is not None:
        return names[subject.kind][subject.id]
    return _plain_name(subject)


def _plain_name(subject: Subject) -> str:
    return subject.text or str(subject.year)
