"""What the page of a measure shows: its facts, its life line and whether it moves."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from baken.actionplan.bodies.rules import SubjectKind
from baken.actionplan.errors import ActionPlanError
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.findings.rules import may_see_figures
from baken.actionplan.indicators.types import Indicator, OwnFigure, ScaleIndicator, Verdict
from baken.actionplan.measures.lifeline import Step, StepKind, StepState, lifeline
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.people import check_own_unit
from baken.actionplan.measures.queries import list_notes
from baken.actionplan.measures.readings import Point, list_points
from baken.actionplan.plans.queries import get_frame, get_objective
from baken.actionplan.references import list_units_above
from baken.analysis.releases.queries import get_release
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web import numerals
from baken.web.charts.movement import Spot, movement
from baken.web.pages.annual_plan_views import MeasureRow
from baken.web.pages.campaign_views import LifeStep
from baken.web.pages.plan_views import (
    ConsultationView,
    consultations_about,
    name_of_unit,
    scale_name,
    share_in_words,
    unit_names,
)
from baken.web.texts import Catalogue, catalogue

STATES: Final[dict[StepState, Literal["past", "now", "ahead"]]] = {
    StepState.DONE: "past",
    StepState.NOW: "now",
    StepState.AHEAD: "ahead",
}
DAYS_IN_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class NoteView:
    """What somebody noted."""

    noted_at: datetime
    by: str
    text: str
    status_after: str
    value: str


@dataclass(frozen=True, slots=True)
class MovementView:
    """Whether the agreed figure moves: a sentence, a chart and the same in a table."""

    sentence: str
    figure: dict[str, Any] | None
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure on its own page."""

    row: MeasureRow
    annual_plan_id: UUID
    year: tuple[date, date]
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
    version: int


def measure_view(
    session: Session, measure: Measure, *, by: Actor, today: date, language: str
) -> MeasureView:
    """A measure as this reader may see it."""
    frame = get_frame(session, measure.annual_plan_id)
    objective = get_objective(session, measure.objective_id)
    row = MeasureRow.of(measure, unit_names(session), today=today)
    said = _Words(session, measure, by, language)
    return MeasureView(
        row=row,
        annual_plan_id=measure.annual_plan_id,
        year=(frame.starts_on, frame.ends_on),
        rank=objective.rank,
        objective=objective.statement,
        facts=said.facts(),
        method=measure.method,
        steps=tuple(said.step(step) for step in lifeline(session, measure.id, by=by, today=today)),
        notes=said.notes(),
        movement=said.movement(),
        agreement=said.agreement(),
        consultations=consultations_about(session, SubjectKind.MEASURE, measure.id),
        may_note=may_follow(session, measure, by=by) and frame.may_change,
        may_change=frame.may_change and row.status not in {"done", "stopped"},
        version=measure.version,
    )


def may_follow(session: Session, measure: Measure, *, by: Actor) -> bool:
    """Whether the person follows up this very measure."""
    if not may(by, Action.FOLLOW_UP):
        return False
    try:
        check_own_unit(by, list_units_above(session, measure.unit_id))
    except ActionPlanError:
        return False
    return True


def amount(value: float, indicator: Indicator, language: str) -> str:
    """A figure with its unit, the way people write it."""
    if isinstance(indicator, OwnFigure):
        return f"{numerals.number(value, language)} {indicator.unit}"
    if indicator.unit == "%":
        return numerals.percent(value / 100, language)
    return catalogue(language)("indicators.points", n=numerals.number(value, language, 0))


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences of one measure in one language for one reader."""

    session: Session
    measure: Measure
    by: Actor
    language: str

    @property
    def t(self) -> Catalogue:
        return catalogue(self.language)

    def facts(self) -> tuple[tuple[str, str], ...]:
        measure, t = self.measure, self.t
        domains = ", ".join(t(f"measures.domain_{domain}") for domain in measure.domains)
        level = t(f"measures.level_{measure.prevention_level}")
        scope = t(f"measures.scope_{measure.scope}")
        reported = t("measures.reported_by", who=measure.initiator) if measure.is_reported else ""
        found = (
            ("measures.fact_responsible", measure.responsible_name),
            ("measures.fact_decider", measure.decider_name),
            ("measures.fact_who", measure.who_does_what),
            ("measures.fact_organisational", measure.means_organisational),
            ("measures.fact_material", measure.means_material),
            ("measures.fact_financial", measure.means_financial),
            ("measures.fact_level", f"{level}, {scope.lower()}"),
            ("measures.fact_domains", domains[:1].upper() + domains[1:]),
            (
                "measures.fact_period",
                t("measures.period", first=measure.starts_on, last=measure.ends_on),
            ),
            ("measures.fact_report", reported),
        )
        return tuple((t(key), said) for key, said in found if said)

    def step(self, step: Step) -> LifeStep:
        when = self.t("measures.now") if step.state == StepState.NOW else self._when(step)
        title = self.t(f"measures.life_{step.kind}")
        if step.kind == StepKind.ADVICE and "organ" in step.values:
            organ = self.t(f"consultations.organ_{step.values['organ']}")
            title = self.t(f"measures.life_asked_{step.values['kind']}", organ=organ)
        return LifeStep(when, title, self._text(step), STATES[step.state])

    def _when(self, step: Step) -> str:
        if step.on is None:
            return self.t("measures.later")
        if step.state == StepState.AHEAD:
            return self.t(f"measures.when_{step.kind}", day=step.on)
        return numerals.day(step.on, self.language)

    def _text(self, step: Step) -> str:
        makers = {
            StepKind.FINDING: self._finding,
            StepKind.CHOICE: self._choice,
            StepKind.ADVICE: self._advice,
            StepKind.DOING: self._doing,
            StepKind.MEASUREMENT: self._measurement,
        }
        return makers[step.kind](dict(step.values))

    def _finding(self, values: dict[str, Any]) -> str:
        release = get_release(self.session, values["release_id"], by=self.by)
        unit = name_of_unit(self.session, values["unit_key"], self.language)
        scale = scale_name(release, values["scale"], self.language)
        share = share_in_words(values["figures"], self.language) if values["figures"] else ""
        said = {"unit": unit, "scale": scale, "statement": values["statement"]}
        return self.t("measures.life_finding_text", **said) + (f" {share}" if share else "")

    def _choice(self, values: dict[str, Any]) -> str:
        said = {
            "level": self.t(f"measures.level_{values['level']}").lower(),
            "scope": self.t(f"measures.scope_{values['scope']}").lower(),
        }
        if values["decider"]:
            return self.t("measures.life_choice_by", decider=values["decider"], **said)
        return self.t("measures.life_choice_text", **said)

    def _advice(self, values: dict[str, Any]) -> str:
        if not values:
            return self.t("measures.life_advice_none")
        if values["outcome"] is None:
            return self.t(
                "measures.life_advice_waits", asked=values["asked_on"], due=values["due_on"]
            )
        outcome = self.t(f"consultations.outcome_{values['outcome']}")
        words = values["outcome_text"]
        return f"{outcome}. {words}" if words else f"{outcome}."

    def _doing(self, values: dict[str, Any]) -> str:
        status = self.t(f"measures.status_{values['status']}")
        period = self.t("measures.period", first=values["starts_on"], last=values["ends_on"])
        note = values["last_note"]
        return f"{status}, {period}." + (f" {note}" if note else "")

    def _measurement(self, values: dict[str, Any]) -> str:
        if values["indicator"] is None:
            return self.t("measures.life_hidden")
        agreement = self.agreement()
        reading = values["reading"]
        if reading is None:
            return agreement
        last = amount(reading.value, values["indicator"], self.language)
        return f"{agreement} {self.t('measures.life_last', value=last)}"

    def agreement(self) -> str:
        """From what, to what, by when; without figures for those who may not see them."""
        indicator = self.measure.indicator
        if not self._may_see():
            return self.t("measures.life_hidden")
        return self.t(
            "indicators.agreed",
            name=self._name(indicator),
            start=amount(indicator.start, indicator, self.language),
            target=amount(indicator.target, indicator, self.language),
            by=indicator.by_on,
        )

    def _name(self, indicator: Indicator) -> str:
        if isinstance(indicator, OwnFigure) or self.measure.finding_id is None:
            return indicator.name
        finding = get_finding(self.session, self.measure.finding_id)
        release = get_release(self.session, finding.release_id, by=self.by)
        return scale_name(release, indicator.scale, self.language)

    def _may_see(self) -> bool:
        if not isinstance(self.measure.indicator, ScaleIndicator) or not self.measure.finding_id:
            return True
        finding = get_finding(self.session, self.measure.finding_id)
        return may_see_figures(self.by, list_units_above(self.session, finding.unit_id))

    def notes(self) -> tuple[NoteView, ...]:
        people = dict(list_names(self.session))
        indicator = self.measure.indicator
        return tuple(
            NoteView(
                note.noted_at,
                people.get(note.noted_by, ""),
                note.text,
                self.t(f"measures.status_{note.status_after}") if note.status_after else "",
                amount(note.value, indicator, self.language) if note.value is not None else "",
            )
            for note in reversed(list_notes(self.session, self.measure.id))
        )

    def movement(self) -> MovementView | None:
        """The first figure and every later one; nothing before there is a later one."""
        if not self._may_see():
            return None
        indicator = self.measure.indicator
        points = list_points(self.session, self.measure, by=self.by)
        if not points:
            return None
        spots = [self._first(indicator), *(self._spot(point) for point in points)]
        shown = [spot for spot in spots if spot is not None]
        target = amount(indicator.target, indicator, self.language)
        return MovementView(
            sentence=self._sentence(indicator, points[-1]),
            figure=movement(
                shown,
                target=indicator.target,
                target_label=self.t("indicators.goal", target=target),
            )
            if len(shown) > 1
            else None,
            rows=self._rows(indicator, points),
        )

    def _first(self, indicator: Indicator) -> Spot:
        low, high = getattr(indicator, "low", None), getattr(indicator, "high", None)
        label = amount(indicator.start, indicator, self.language)
        return Spot(self._day(self._first_on()), label, indicator.start, low, high)

    def _first_on(self) -> date:
        is_scale = isinstance(self.measure.indicator, ScaleIndicator)
        if is_scale and self.measure.finding_id is not None:
            return get_finding(self.session, self.measure.finding_id).found_on
        return self.measure.starts_on

    def _spot(self, point: Point) -> Spot | None:
        if point.reading is None:
            return None
        reading = point.reading
        label = amount(reading.value, self.measure.indicator, self.language)
        return Spot(self._day(point.on), label, reading.value, reading.low, reading.high)

    def _day(self, on: date) -> str:
        return numerals.short_day(on, self.language)

    def _sentence(self, indicator: Indicator, last: Point) -> str:
        if last.reading is None:
            return self.t("indicators.hidden")
        kind = "own" if isinstance(indicator, OwnFigure) else "scale"
        said = {
            "start": amount(indicator.start, indicator, self.language),
            "now": amount(last.reading.value, indicator, self.language),
        }
        verdict = Verdict(last.judgement.verdict)
        moved = self.t(f"indicators.{verdict}_{kind}", **said)
        goal = "reached" if last.judgement.is_reached else "not_reached"
        target = amount(indicator.target, indicator, self.language)
        return f"{moved} {self.t(f'indicators.{goal}', target=target, by=indicator.by_on)}"

    def _rows(self, indicator: Indicator, points: list[Point]) -> tuple[tuple[str, str, str], ...]:
        first = self._first(indicator)
        rows = [(numerals.day(self._first_on(), self.language), first.label, self._margin(first))]
        for point in points:
            spot = self._spot(point)
            on = numerals.day(point.on, self.language)
            if spot is None:
                rows.append((on, self.t("indicators.not_shown"), ""))
            else:
                rows.append((on, spot.label, self._margin(spot)))
        return tuple(rows)

    def _margin(self, spot: Spot) -> str:
        if spot.low is None or spot.high is None:
            return self.t("indicators.no_margin")
        low = numerals.number(spot.low, self.language, 0)
        high = numerals.number(spot.high, self.language, 0)
        return self.t("indicators.margin", low=low, high=high)
