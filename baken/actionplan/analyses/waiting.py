"""What waits about risk analyses: feedback, a review, a turn, a change, a step of the start."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses.models import AnalysisTurn, ChangeEvent, RiskAnalysis, StartStep
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session

# A review takes months to prepare; a step of the start does not.
WARN_OF_REVIEW: Final = timedelta(days=180)
WARN_OF_STEP: Final = timedelta(days=14)


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits for those who analyse and those who plan."""
    found: list[Waiting] = []
    if may(by, Action.RECORD_FINDING):
        found += _analyses(session, today)
        found += _turns(session, today)
    if may(by, Action.EDIT_PLANS):
        found += _changes(session, today)
        found += _steps(session, today)
    return found


def _analyses(session: Session, today: date) -> Iterator[Waiting]:
    rows = list(session.scalars(select(RiskAnalysis)))
    newest: dict[tuple[str, UUID | None], date] = {}
    for row in rows:
        about = (row.kind, row.unit_id)
        newest[about] = max(row.started_on, newest.get(about, row.started_on))
    for row in rows:
        path = f"/analyses/{row.id}"
        if row.closed_on is None:
            if row.started_on <= today:
                yield Waiting(
                    kind="analysis_open", path=path, what=row.title, since_on=row.started_on
                )
        # One that a later analysis of the same group has followed is not reviewed for itself.
        elif (
            row.started_on == newest[row.kind, row.unit_id]
            and row.next_review_on - today <= WARN_OF_REVIEW
        ):
            yield Waiting(
                kind="analysis_review", path=path, what=row.title, due_on=row.next_review_on
            )


def _turns(session: Session, today: date) -> Iterator[Waiting]:
    asked = (
        select(AnalysisTurn.risk_analysis_id, AnalysisTurn.year, Unit.name)
        .join(Unit, Unit.id == AnalysisTurn.unit_id)
        .where(AnalysisTurn.done_on.is_(None), AnalysisTurn.year <= today.year)
        .order_by(AnalysisTurn.year, Unit.name, AnalysisTurn.id)
    )
    for analysis_id, year, name in session.execute(asked):
        path = f"/analyses/{analysis_id}/programme"
        yield Waiting(kind="analysis_turn", path=path, what=name, due_on=date(year, 12, 31))


def _changes(session: Session, today: date) -> Iterator[Waiting]:
    asked = select(ChangeEvent).where(ChangeEvent.closed_on.is_(None))
    for row in session.scalars(
        asked.order_by(ChangeEvent.due_on, ChangeEvent.title, ChangeEvent.id)
    ):
        if row.happens_on <= today:
            path = f"/changes/{row.id}"
            yield Waiting(kind="change_to_check", path=path, what=row.title, due_on=row.due_on)


def _steps(session: Session, today: date) -> Iterator[Waiting]:
    asked = select(StartStep).where(
        StartStep.done_on.is_(None), StartStep.due_on <= today + WARN_OF_STEP
    )
    for row in session.scalars(asked.order_by(StartStep.due_on, StartStep.title, StartStep.id)):
        path = f"/start/steps/{row.id}"
        yield Waiting(kind="start_step", path=path, what=row.title, due_on=row.due_on)
