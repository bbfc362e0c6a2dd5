"""What the page of a year shows: its four elements, its measures and its deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.consultations.items import Standing
from baken.actionplan.consultations.rules import SubjectKind
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.queries import list_measures, warnings_of
from baken.actionplan.measures.rules import MeasureStatus, days_overdue
from baken.actionplan.measures.verdicts import SaidSoFar, list_verdicts
from baken.actionplan.plans import queries
from baken.actionplan.plans.editions.queries import list_editions
from baken.actionplan.plans.models import AnnualPlan
from baken.actionplan.plans.rules import IN_THE_MAKING, PlanState
from baken.actionplan.plans.states import standing_of
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.annual_plan_forms import TEXTS
from baken.web.pages.global_plan_views import CheckView, PlanRow, RoleView, YearRow, readiness_of
from baken.web.pages.plan_views import ConsultationView, consultations_about, unit_names


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in a list."""

    id: UUID
    title: str
    responsible: str
    unit: str
    starts_on: date
    ends_on: date
    status: str
    days_overdue: int
    version: int
    # What its figure says by now; empty for those who may not see it.
    said: str = ""

    @classmethod
    def of(
        cls,
        measure: Measure,
        units: dict[UUID, str],
        *,
        today: date,
        verdicts: Mapping[UUID, SaidSoFar] | None = None,
    ) -> "MeasureRow":
        status = MeasureStatus(measure.status)
        return cls(
            id=measure.id,
            title=measure.title,
            responsible=measure.responsible_name,
            unit=units[measure.unit_id] if measure.unit_id else "",
            starts_on=measure.starts_on,
            ends_on=measure.ends_on,
            status=status,
            days_overdue=days_overdue(status, measure.ends_on, today=today),
            version=measure.version,
            said=(verdicts or {}).get(measure.id, ""),
        )


@dataclass(frozen=True, slots=True)
class ChosenObjective:
    """An objective of the year with its measures."""

    id: UUID
    rank: int
    statement: str
    measures: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """Until when the draft goes to the committee, and how that stands."""

    on: date
    notice: str
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class AnnualPlanView:
    """The plan of a year on its own page."""

    row: YearRow
    global_plan: PlanRow
    edition: int
    adopted_on: date | None
    may_change: bool
    may_add: bool
    may_adopt: bool
    deadline: DeadlineView | None
    objectives: tuple[ChosenObjective, ...]
    warnings: tuple[str, ...]
    texts: dict[str, str]
    roles: tuple[RoleView, ...]
    consultations: tuple[ConsultationView, ...]
    readiness: tuple[CheckView, ...]
    has_versions: bool
    version: int


def annual_plan_view(
    session: Session, plan: AnnualPlan, *, by: Actor, today: date
) -> AnnualPlanView:
    """Everything the plan of a year says."""
    measures = list_measures(session, annual_plan_id=plan.id)
    framework = queries.get_global_plan(session, plan.global_plan_id)
    making = plan.state in IN_THE_MAKING
    is_free_now = standing_of(session, plan, today=today) == Standing.FREE
    return AnnualPlanView(
        row=YearRow.of(session, plan),
        global_plan=PlanRow.of(framework),
        edition=plan.edition,
        adopted_on=plan.adopted_on,
        may_change=making,
        may_add=making,
        may_adopt=making and is_free_now and framework.state == PlanState.ADOPTED,
        deadline=_deadline(session, plan, today=today)
        # A change of an adopted plan is asked about when it comes: the day is that of the draft.
        if making and plan.edition == 1 and queries.has_draft_deadline(framework.kind)
        else None,
        objectives=_objectives(session, plan, measures, by=by, today=today),
        warnings=tuple(warnings_of(measures)),
        texts={name: getattr(plan, name) for name in TEXTS},
        roles=tuple(RoleView(**row) for row in plan.roles),
        consultations=consultations_about(session, SubjectKind.ANNUAL_PLAN, plan.id),
        readiness=readiness_of(session, plan),
        has_versions=bool(list_editions(session, plan.id)),
        version=plan.version,
    )


def _deadline(session: Session, plan: AnnualPlan, *, today: date) -> DeadlineView:
    found = queries.get_deadline(session, plan.id, today=today)
    return DeadlineView(found.on, found.notice, found.asked_on)


def _objectives(
    session: Session, plan: AnnualPlan, measures: list[Measure], *, by: Actor, today: date
) -> tuple[ChosenObjective, ...]:
    units = unit_names(session)
    verdicts = list_verdicts(session, measures, by=by, today=today)
    return tuple(
        ChosenObjective(
            id=row.id,
            rank=row.rank,
            statement=row.statement,
            measures=tuple(
                MeasureRow.of(each, units, today=today, verdicts=verdicts)
                for each in measures
                if each.objective_id == row.id
            ),
        )
        for row in queries.list_chosen_objectives(session, plan.id)
    )
