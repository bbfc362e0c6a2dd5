"""What the page of a measure shows: its facts, its life line and whether it moves."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from baken.actionplan.consultations.items import items_for
from baken.actionplan.consultations.rules import Subject, SubjectKind
from baken.actionplan.errors import ActionPlanError
from baken.actionplan.measures.lifeline import lifeline
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.people import check_own_unit
from baken.actionplan.measures.prevention_units import units_of
from baken.actionplan.measures.queries import list_notes
from baken.actionplan.plans.periods import year_name
from baken.actionplan.plans.queries import get_frame, get_objective
from baken.actionplan.plans.subjects import country_of
from baken.actionplan.references import list_units_above
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web import numerals
from baken.web.pages.annual_plan_views import MeasureRow
from baken.web.pages.campaign_views import LifeStep
from baken.web.pages.global_plan_views import year_words
from baken.web.pages.measure_figures import AgreedFigure, MovementView, amount
from baken.web.pages.measure_steps import StepWords
from baken.web.pages.measure_work_views import WorkView, work_view
from baken.web.pages.plan_views import (
    ConsultationView,
    consultations_about,
    unit_names,
)
from baken.web.texts import Catalogue, catalogue, inside

_OVER: Final = frozenset({"done", "stopped", "carried"})


@dataclass(frozen=True, slots=True)
class NoteView:
    """What somebody noted."""

    noted_at: datetime
    by: str
    text: str
    status_after: str
    value: str
    evidence: str


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure on its own page."""

    row: MeasureRow
    annual_plan_id: UUID
    year: str
    year_words: str
    rank: int
    objective: str
    facts: tuple[tuple[str, str], ...]
    method: str
    steps: tuple[LifeStep, ...]
    notes: tuple[NoteView, ...]
    movement: MovementView | None
    agreement: str
    consultations: tuple[ConsultationView, ...]
    may_note: bool
    may_change: bool
    # Whether the table of consultation has a line for it under these rules.
    may_ask: bool
    work: WorkView
    version: int


def measure_view(
    session: Session, measure: Measure, *, by: Actor, today: date, language: str
) -> MeasureView:
    """A measure as this reader may see it."""
    frame = get_frame(session, measure.annual_plan_id)
    objective = get_objective(session, measure.objective_id)
    row = MeasureRow.of(measure, unit_names(session), today=today)
    figure = AgreedFigure(session, measure, by, today, language)
    words = StepWords(session, measure, by, today, language)
    # A measure keeps the rules of its plan, whatever the organisation chose since.
    country = country_of(session, Subject(SubjectKind.MEASURE, measure.id))
    return MeasureView(
        row=row,
        annual_plan_id=measure.annual_plan_id,
        year=year_name(frame.starts_on, frame.ends_on),
        year_words=year_words(session, measure.annual_plan_id),
        rank=objective.rank,
        objective=objective.statement,
        facts=_facts(measure, catalogue(language), country),
        method=measure.method,
        steps=tuple(words.step(step) for step in lifeline(session, measure.id, by=by, today=today)),
        notes=_notes(session, measure, language),
        movement=figure.movement(),
        agreement=figure.agreement(),
        consultations=consultations_about(session, SubjectKind.MEASURE, measure.id),
        may_note=may_follow(session, measure, by=by, today=today) and frame.may_change,
        may_change=(may_change := frame.may_change and row.status not in _OVER),
        may_ask=may_change and bool(items_for(SubjectKind.MEASURE, country)),
        work=work_view(session, measure, by=by, today=today, language=language),
        version=measure.version,
    )


def may_follow(session: Session, measure: Measure, *, by: Actor, today: date) -> bool:
    """Whether the person follows up this very measure."""
    if not may(by, Action.FOLLOW_UP):
        return False
    try:
        check_own_unit(by, list_units_above(session, measure.unit_id, on=today))
    except ActionPlanError:
        return False
    return True


def _facts(measure: Measure, t: Catalogue, country: str) -> tuple[tuple[str, str], ...]:
    domains = ", ".join(t(t.own(f"measures.domain_{one}", country)) for one in measure.domains)
    level = t(f"measures.level_{measure.prevention_level}")
    scope = t(f"measures.scope_{measure.scope}")
    budget = measure.budget
    euro = "" if budget is None else t("board.euro", n=numerals.number(budget, t.language))
    reported = t("measures.reported_by", who=measure.initiator) if measure.is_reported else ""
    found = (
        ("measures.fact_responsible", measure.responsible_name),
        ("measures.fact_decider", measure.decider_name),
        ("measures.fact_who", measure.who_does_what),
        ("measures.fact_organisational", measure.means_organisational),
        ("measures.fact_material", measure.means_material),
        ("measures.fact_financial", measure.means_financial),
        ("board.budget", euro),
        ("board.units_fact", _units(measure, t)),
        (
            "measures.fact_level",
            "" if measure.strategy else f"{level}, {inside(scope, t.language)}",
        ),
        ("board.strategy", t(f"board.strategy_{measure.strategy}") if measure.strategy else ""),
        ("board.topic", t(f"board.topic_{measure.topic}") if measure.topic else ""),
        ("board.changes_work", t("plans.yes") if measure.changes_work else ""),
        ("measures.fact_domains", domains[:1].upper() + domains[1:]),
        (
            "measures.fact_period",
            t("measures.period", first=measure.starts_on, last=measure.ends_on),
        ),
        ("measures.fact_report", reported),
    )
    return tuple((t(key), said) for key, said in found if said)


def _units(measure: Measure, t: Catalogue) -> str:
    units = units_of(measure.prevention_hours)
    return t("board.units_of", n=units) if units else ""


def _notes(session: Session, measure: Measure, language: str) -> tuple[NoteView, ...]:
    t = catalogue(language)
    people = dict(list_names(session))
    indicator = measure.indicator
    return tuple(
        NoteView(
            note.noted_at,
            people.get(note.noted_by, ""),
            note.text,
            t(f"measures.status_{note.status_after}") if note.status_after else "",
            amount(note.value, indicator, language) if note.value is not None else "",
            note.evidence,
        )
        for note in reversed(list_notes(session, measure.id))
    )
