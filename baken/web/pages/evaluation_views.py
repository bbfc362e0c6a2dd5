"""What the pages of evaluations show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.plans.evaluations.actions import fields_of, list_evaluations
from baken.actionplan.plans.evaluations.models import PlanEvaluation
from baken.actionplan.plans.evaluations.prefilling import Known
from baken.actionplan.plans.evaluations.rules import Input, missing_to_close
from baken.actionplan.plans.queries import list_objectives
from baken.storage.session import Session
from baken.web.texts import Catalogue, catalogue


@dataclass(frozen=True, slots=True)
class YearOfEvaluation:
    """An evaluation in a list."""

    id: UUID
    year: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class ConclusionView:
    """What is concluded about an objective; no verdict while nobody wrote one."""

    rank: int
    statement: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """An evaluation on its own page."""

    id: UUID
    year: int
    closed_on: date | None
    inputs: tuple[tuple[str, str], ...]
    conclusions: tuple[ConclusionView, ...]
    participants: str
    papa_involved: bool
    papa_reason: str
    missing: tuple[str, ...]
    version: int


def year_rows(session: Session, plan_id: UUID) -> tuple[YearOfEvaluation, ...]:
    """The evaluations of a plan, the newest year first."""
    return tuple(
        YearOfEvaluation(one.id, one.year, one.closed_on)
        for one in list_evaluations(session, plan_id)
    )


def evaluation_view(session: Session, row: PlanEvaluation, language: str) -> EvaluationView:
    """Everything an evaluation says, and what it still has to say before it is closed."""
    told = fields_of(row)
    objectives = list_objectives(session, row.global_plan_id)
    missing = missing_to_close(told, objective_ids=[one.id for one in objectives])
    conclusions = []
    for objective in objectives:
        one = told.conclusions.get(objective.id)
        verdict, text = (one.verdict.value, one.text) if one else ("", "")
        conclusions.append(ConclusionView(objective.rank, objective.statement, verdict, text))
    return EvaluationView(
        id=row.id,
        year=row.year,
        closed_on=row.closed_on,
        inputs=tuple((key.value, told.inputs.get(key, "")) for key in Input),
        conclusions=tuple(conclusions),
        participants=told.participants,
        papa_involved=told.papa_involved,
        papa_reason=told.papa_reason,
        missing=tuple(catalogue(language).refusal(one) for one in missing),
        version=row.version,
    )


def said_inputs(known: tuple[Known, ...], year: int, t: Catalogue) -> Mapping[Input, str]:
    """What is known, in sentences of the reader's language; people write on from there."""
    said: dict[Input, list[str]] = {}
    for one in known:
        few = one.count is None
        key = f"evaluations.known_{one.what}_few" if few else f"evaluations.known_{one.what}"
        sentence = t(key, year=str(year)) if few else t(key, n=one.count, year=str(year))
        said.setdefault(one.input, []).append(sentence)
    return {key: "\n".join(lines) for key, lines in said.items()}
