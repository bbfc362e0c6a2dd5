"""A programme over the years: departments have their turn one after another."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses import queries
from baken.actionplan.analyses.models import AnalysisTurn, RiskAnalysis
from baken.actionplan.analyses.rules import AnalysisLevel, check_open
from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.references import find
from baken.actionplan.wording import check_text
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

# How many years a programme may look ahead or back: beyond it a year is a slip of the hand.
YEARS_AROUND: Final = 10


def check_turn(
    year: int,
    note: str,
    *,
    level: AnalysisLevel,
    has_turn: bool,
    started_on: date,
    today: date,
) -> None:
    """Raise unless a department may have its turn in that year."""
    check_text(note)
    if level != AnalysisLevel.ORGANISATION:
        raise Invalid(
            "analyses.programme_for_whole",
            "A programme goes through the departments of the whole organisation; "
            "this analysis is about one group already.",
        )
    if has_turn:
        raise Invalid(
            "analyses.turn_exists",
            "This department has its turn already. Take it out of the programme first to give it "
            "another year.",
        )
    check_after_start([year], started_on)
    if abs(year - today.year) > YEARS_AROUND:
        raise Invalid(
            "analyses.turn_year",
            "{year} is too far away; choose a year between {first} and {last}.",
            year=str(year),
            first=str(today.year - YEARS_AROUND),
            last=str(today.year + YEARS_AROUND),
        )


def check_after_start(years: Iterable[int], started_on: date) -> None:
    """Raise unless every turn comes in the year of the start or later."""
    if any(year < started_on.year for year in years):
        raise Invalid(
            "analyses.turn_before_start",
            "The analysis starts on {on}; no department has its turn before that year.",
            on=started_on,
        )


def list_turns(session: Session, analysis_id: UUID) -> list[AnalysisTurn]:
    """Return the turns of a programme, the first year first."""
    asked = (
        select(AnalysisTurn)
        .join(Unit, Unit.id == AnalysisTurn.unit_id)
        .where(AnalysisTurn.risk_analysis_id == analysis_id)
    )
    return list(session.scalars(asked.order_by(AnalysisTurn.year, Unit.name, AnalysisTurn.id)))


def give_turn(
    session: Session,
    analysis_id: UUID,
    unit_id: UUID,
    *,
    year: int,
    note: str,
    by: Actor,
    today: date,
) -> AnalysisTurn:
    """Plan the turn of a department in a year."""
    require(by, Action.RECORD_FINDING)
    analysis = _open_analysis(session, analysis_id)
    unit = find(session, Unit, unit_id)
    has_turn = any(turn.unit_id == unit_id for turn in list_turns(session, analysis_id))
    check_turn(
        year,
        note,
        level=analysis.level,
        has_turn=has_turn,
        started_on=analysis.started_on,
        today=today,
    )
    turn = AnalysisTurn(risk_analysis_id=analysis_id, unit_id=unit.id, year=year, note=note.strip())
    session.add(turn)
    session.flush()
    _record(session, "analysis.turn_given", turn, by)
    return turn


def end_turn(session: Session, turn_id: UUID, *, seen: int, by: Actor, today: date) -> AnalysisTurn:
    """Note that the department has had its turn."""
    require(by, Action.RECORD_FINDING)
    turn = _load(session, turn_id, seen)
    if turn.done_on is not None:
        raise InvalidTransition(
            "analyses.turn_over", "This department had its turn on {on}.", on=turn.done_on
        )
    turn.done_on = today
    _record(session, "analysis.turn_ended", turn, by)
    return turn


def take_turn_away(session: Session, turn_id: UUID, *, seen: int, by: Actor) -> None:
    """Take a department out of the programme that has not had its turn."""
    require(by, Action.RECORD_FINDING)
    turn = _load(session, turn_id, seen)
    if turn.done_on is not None:
        raise InvalidTransition(
            "analyses.turn_over", "This department had its turn on {on}.", on=turn.done_on
        )
    _record(session, "analysis.turn_taken_away", turn, by)
    session.delete(turn)


def next_years(turns: Sequence[AnalysisTurn], *, per_year: int, today: date) -> int:
    """The first year from this one on in which fewer than so many departments have their turn."""
    year = today.year
    while sum(turn.year == year for turn in turns) >= per_year:
        year += 1
    return year


def _load(session: Session, turn_id: UUID, seen: int) -> AnalysisTurn:
    turn = find(session, AnalysisTurn, turn_id)
    check_version(turn, seen)
    _open_analysis(session, turn.risk_analysis_id)
    return turn


def _open_analysis(session: Session, analysis_id: UUID) -> RiskAnalysis:
    analysis = queries.get_analysis(session, analysis_id)
    check_open(analysis.closed_on)
    return analysis


def _record(session: Session, act: str, turn: AnalysisTurn, by: Actor) -> None:
    subject = f"risk_analysis:{turn.risk_analysis_id}"
    facts = {"unit": str(turn.unit_id), "year": turn.year}
    record(session, act, by=by.person_id, subject=subject, facts=facts)
