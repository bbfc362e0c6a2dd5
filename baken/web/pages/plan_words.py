"""Pages about a plan, or a measure of one, speak in the words of the rules of that plan."""

from uuid import UUID

from baken.actionplan.consultations.rules import Subject, SubjectKind
from baken.actionplan.plans.subjects import country_of
from baken.storage.session import Session
from baken.web.pages.reply import PageRequest, speak_as


def speak_of_year(request: PageRequest, session: Session, plan_id: UUID) -> None:
    """Say this page in the words of the plan of a year."""
    speak_as(request, country_of(session, Subject(SubjectKind.ANNUAL_PLAN, plan_id)))


def speak_of_measure(request: PageRequest, session: Session, measure_id: UUID) -> None:
    """Say this page in the words of the plan that a measure stands in."""
    speak_as(request, country_of(session, Subject(SubjectKind.MEASURE, measure_id)))
