"""Recording a look back at a measure, and when the next one is due."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.measures import people, queries, reviews
from baken.actionplan.measures.models import MeasureReview
from baken.actionplan.measures.reviews import ReviewFields
from baken.actionplan.references import list_units_above
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.session import Session


def review_measure(
    session: Session, measure_id: UUID, fields: ReviewFields, *, by: Actor, today: date
) -> MeasureReview:
    """Record that somebody looked back; what follows from it is a step of its own."""
    require(by, Action.FOLLOW_UP)
    measure = queries.get_measure(session, measure_id)
    people.check_own_unit(by, list_units_above(session, measure.unit_id, on=today))
    reviews.check_review(fields, starts_on=measure.starts_on, today=today)
    review = MeasureReview(
        measure_id=measure.id,
        reviewed_on=fields.reviewed_on,
        reviewed_by=by.person_id,
        decision=fields.decision,
        worked=fields.worked,
        accepted=fields.accepted,
        text=fields.text.strip(),
    )
    session.add(review)
    session.flush()
    record(
        session,
        "measure.reviewed",
        by=by.person_id,
        subject=f"measure:{measure.id}",
        facts={"decision": fields.decision.value},
    )
    return review


OLDEST_REVIEW: Final = (MeasureReview.reviewed_on, MeasureReview.text, MeasureReview.id)


def list_reviews(session: Session, measure_id: UUID) -> list[MeasureReview]:
    """Return the looks back at a measure, the oldest first."""
    asked = select(MeasureReview).where(MeasureReview.measure_id == measure_id)
    return list(session.scalars(asked.order_by(*OLDEST_REVIEW)))


def last_reviewed(session: Session, measure_ids: Iterable[UUID]) -> Mapping[UUID, date]:
    """Return the day of the last look back of each of these measures that has one."""
    asked = (
        select(MeasureReview.measure_id, func.max(MeasureReview.reviewed_on))
        .where(MeasureReview.measure_id.in_(list(measure_ids)))
        .group_by(MeasureReview.measure_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}
