"""The measures of a year in three ways: a board, a list and a timeline, with the same filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.queries import list_measures
from baken.actionplan.measures.rules import MeasureStatus, days_overdue
from baken.actionplan.measures.verdicts import SaidSoFar, list_verdicts
from baken.actionplan.plans.models import AnnualPlan
from baken.actionplan.plans.queries import get_global_plan, list_chosen_objectives
from baken.actionplan.plans.variants import Strategy, read_variants, variant_of
from baken.actionplan.prevention import PreventionLevel
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web import numerals
from baken.web.pages.annual_plan_views import MeasureRow
from baken.web.pages.plan_forms import as_id
from baken.web.pages.plan_views import unit_names

VIEWS: Final = ("board", "list", "timeline")
WHOLE: Final = "whole"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader wants to see; empty for everything."""

    view: str = "board"
    status: str = ""
    objective: str = ""
    unit: str = ""
    level: str = ""
    strategy: str = ""
    responsible: str = ""
    said: str = ""
    late: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filters":
        """Read the address; what it does not know means everything."""
        names = ("view", "status", "level", "strategy", "said")
        view, status, level, strategy, said = (asked.get(name, "") for name in names)
        return cls(
            view=view if view in VIEWS else "board",
            status=status if status in set(MeasureStatus) else "",
            objective=str(as_id(asked.get("objective", "")) or ""),
            unit=WHOLE if asked.get("unit") == WHOLE else str(as_id(asked.get("unit", "")) or ""),
            level=level if level in set(PreventionLevel) else "",
            strategy=strategy if strategy in set(Strategy) else "",
            responsible=asked.get("responsible", "")[:200],
            said=said if said in set(SaidSoFar) else "",
            late=asked.get("late") == "1",
        )

    def takes(self, measure: Measure, said: str, *, today: date) -> bool:
        """Whether the reader wants to see this measure."""
        unit = str(measure.unit_id) if measure.unit_id else WHOLE
        wanted = (
            (self.status, measure.status.value),
            (self.objective, str(measure.objective_id)),
            (self.unit, unit),
            (self.level, measure.prevention_level.value),
            (self.strategy, measure.strategy),
            (self.responsible, measure.responsible_name),
            (self.said, said),
        )
        if any(asked and asked != found for asked, found in wanted):
            return False
        late = days_overdue(MeasureStatus(measure.status), measure.ends_on, today=today)
        return late > 0 or not self.late


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure on the timeline: of which months it fills the cell."""

    row: MeasureRow
    months: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """What the page shows, in all three ways."""

    filters: Filters
    columns: tuple[tuple[str, tuple[MeasureRow, ...]], ...]
    rows: tuple[MeasureRow, ...]
    months: tuple[str, ...]
    bars: tuple[Bar, ...]
    objectives: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    # The order of measures under Dutch rules; empty where levels of prevention are used.
    strategies: tuple[str, ...]
    n_all: int


def board(
    session: Session, plan: AnnualPlan, filters: Filters, *, by: Actor, today: date, language: str
) -> Board:
    """Everything the page of measures shows."""
    every = list_measures(session, annual_plan_id=plan.id)
    names = unit_names(session)
    verdicts = list_verdicts(session, every, by=by, today=today)
    shown = [one for one in every if filters.takes(one, verdicts.get(one.id, ""), today=today)]
    rows = tuple(MeasureRow.of(one, names, today=today, verdicts=verdicts) for one in shown)
    months = _months(plan.starts_on, plan.ends_on)
    used = {one.unit_id for one in every if one.unit_id is not None}
    return Board(
        filters=filters,
        columns=tuple(
            (status.value, found)
            for status in MeasureStatus
            if (found := tuple(row for row in rows if row.status == status))
        ),
        rows=rows,
        months=tuple(numerals.month(month, language) for month in months),
        bars=tuple(
            Bar(row, tuple(_fills(row, month) for month in months))
            for row in sorted(rows, key=lambda row: (row.starts_on, row.ends_on, row.title))
        ),
        objectives=tuple(
            (str(one.id), f"{one.rank}. {one.statement}")
            for one in list_chosen_objectives(session, plan.id)
        ),
        units=tuple(sorted(((str(key), names[key]) for key in used), key=lambda one: one[1])),
        people=tuple(sorted({one.responsible_name for one in every})),
        strategies=_strategies(session, plan),
        n_all=len(every),
    )


def _strategies(session: Session, plan: AnnualPlan) -> tuple[str, ...]:
    kind = get_global_plan(session, plan.global_plan_id).kind
    return tuple(one.value for one in read_variants()[variant_of(kind)].strategies)


def _months(first: date, last: date) -> list[date]:
    """The first day of every month that a year touches."""
    found = [first.replace(day=1)]
    while (after := _next_month(found[-1])) <= last:
        found.append(after)
    return found


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _fills(row: MeasureRow, month: date) -> bool:
    return row.starts_on < _next_month(month) and row.ends_on >= month
