"""What the page of a five-year plan shows, element by element."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.analyses.queries import list_analyses
from baken.actionplan.consultations.items import Standing
from baken.actionplan.consultations.rules import SubjectKind
from baken.actionplan.plans import queries
from baken.actionplan.plans.choices import is_review_exempt
from baken.actionplan.plans.editions.analysed import analysed_content
from baken.actionplan.plans.editions.content import content_of
from baken.actionplan.plans.editions.queries import list_editions
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.periods import year_name
from baken.actionplan.plans.readiness import check_readiness
from baken.actionplan.plans.rules import IN_THE_MAKING
from baken.actionplan.plans.states import standing_of
from baken.actionplan.plans.variants import PlanKind
from baken.storage.session import Session
from baken.web.pages.plan_views import AnalysisRow, ConsultationView, consultations_about
from baken.web.texts import catalogue


def words_of(kind: PlanKind) -> str:
    """Which texts name a plan and its parts: those of the Belgian rules or of the Dutch ones."""
    return "plans" if kind == PlanKind.GLOBAL else "plans_nl"


def year_words(session: Session, annual_plan_id: UUID) -> str:
    """Which texts name the plan of a year: its own, whatever the house chose since."""
    whole = queries.get_annual_plan(session, annual_plan_id).global_plan_id
    return words_of(queries.get_global_plan(session, whole).kind)


def year_title(session: Session, plan: AnnualPlan, language: str) -> str:
    """How people call the plan of a year."""
    said = f"{year_words(session, plan.id)}.year_short"
    return catalogue(language)(said, year=year_name(plan.starts_on, plan.ends_on))


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in a list."""

    id: UUID
    title: str
    first: date
    last: date
    state: str
    kind: str = PlanKind.GLOBAL.value

    @property
    def words(self) -> str:
        """Which texts name its parts: those of the Belgian plan or of the Dutch one."""
        return words_of(PlanKind(self.kind))

    @classmethod
    def of(cls, plan: GlobalPlan) -> "PlanRow":
        return cls(plan.id, plan.title, plan.from_on, plan.until_on, plan.state, plan.kind)


@dataclass(frozen=True, slots=True)
class YearRow:
    """The plan of a year in a list; `words` are those of the rules it was drafted under."""

    id: UUID
    first: date
    last: date
    state: str
    words: str

    @classmethod
    def of(cls, session: Session, plan: AnnualPlan) -> "YearRow":
        words = year_words(session, plan.id)
        return cls(plan.id, plan.starts_on, plan.ends_on, plan.state, words)

    @property
    def name(self) -> str:
        return year_name(self.first, self.last)


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """An objective with what it answers to and what has to be reached by when."""

    id: UUID
    rank: int
    statement: str
    targets: tuple[tuple[str, str], ...]
    findings: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class CheckView:
    """Whether an element of the law's list is there; `rows` name what lacks it."""

    key: str
    anchor: str
    source: str
    article: str
    is_law: bool
    is_met: bool
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivityView:
    what: str
    owner: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class RoleView:
    """What one of the persons involved does, owes and gets."""

    who: str
    tasks: str
    obligations: str
    means: str


@dataclass(frozen=True, slots=True)
class GlobalPlanView:
    """A five-year plan on its own page."""

    row: PlanRow
    edition: int
    adopted_on: date | None
    ended_on: date | None
    may_change: bool
    may_adopt: bool
    # In the making: "over" when its last day has passed, "begun" when its first has, else empty.
    lateness: str
    # Each with what it says on paper too (`analysed_content`).
    analyses: tuple[tuple[AnalysisRow, Mapping[str, Any]], ...]
    intended_measures: tuple[str, ...]
    objectives: tuple[ObjectiveView, ...]
    activities: tuple[ActivityView, ...]
    means: tuple[tuple[str, str], ...]
    roles: tuple[RoleView, ...]
    adaptation: str
    criteria: tuple[str, ...]
    years: tuple[YearRow, ...]
    consultations: tuple[ConsultationView, ...]
    readiness: tuple[CheckView, ...]
    has_versions: bool
    review: Mapping[str, Any]
    is_review_exempt: bool
    version: int


def readiness_of(session: Session, plan: GlobalPlan | AnnualPlan) -> tuple[CheckView, ...]:
    """The law's list, held against what the plan says today; no review where none is needed."""
    left_out = {"rie_review"} if is_review_exempt(session) else set()
    return tuple(
        CheckView(
            check.element.key,
            check.element.anchor,
            check.element.source,
            check.element.article,
            check.element.is_law,
            check.is_met,
            check.rows,
        )
        for check in check_readiness(content_of(session, plan))
        if check.element.key not in left_out
    )


def objective_views(session: Session, plan_id: UUID) -> tuple[ObjectiveView, ...]:
    """The objectives of a five-year plan, the first priority first."""
    findings = queries.list_findings_by_objective(session, plan_id)
    return tuple(
        ObjectiveView(
            id=row.id,
            rank=row.rank,
            statement=row.statement,
            targets=tuple(sorted(row.targets.items())),
            findings=tuple((each.id, each.statement) for each in findings[row.id]),
        )
        for row in queries.list_objectives(session, plan_id)
    )


def analyses_said(
    session: Session, plan_id: UUID
) -> tuple[tuple[AnalysisRow, Mapping[str, Any]], ...]:
    """The analyses a plan rests on, each with what it looked at and found."""
    said = {one["id"]: one for one in analysed_content(session, plan_id)}
    rows = list_analyses(session, global_plan_id=plan_id)
    return tuple((AnalysisRow.of(row), said[str(row.id)]) for row in rows)


def _lateness(plan: GlobalPlan, today: date) -> str:
    if plan.until_on < today:
        return "over"
    return "begun" if plan.from_on < today else ""


def _review(plan: GlobalPlan) -> Mapping[str, Any]:
    """What an expert said of it, with its day as a day; nothing where nobody reviewed it."""
    told = plan.expert_review
    return {**told, "reviewed_on": date.fromisoformat(told["reviewed_on"])} if told else {}


def global_plan_view(session: Session, plan: GlobalPlan, *, today: date) -> GlobalPlanView:
    """Everything a five-year plan says."""
    kinds = ("organisational", "material", "financial")
    may_change = plan.state in IN_THE_MAKING
    return GlobalPlanView(
        row=PlanRow.of(plan),
        edition=plan.edition,
        adopted_on=plan.adopted_on,
        ended_on=plan.ended_on,
        may_change=may_change,
        may_adopt=may_change
        and plan.kind is not PlanKind.START_INVENTORY
        and standing_of(session, plan, today=today) == Standing.FREE,
        lateness=_lateness(plan, today) if may_change else "",
        analyses=analyses_said(session, plan.id),
        intended_measures=tuple(plan.intended_measures),
        objectives=objective_views(session, plan.id),
        activities=tuple(
            ActivityView(
                row["what"],
                row["owner"],
                date.fromisoformat(row["from_on"]),
                date.fromisoformat(row["until_on"]),
            )
            for row in plan.activities
        ),
        means=tuple((kind, getattr(plan, f"means_{kind}")) for kind in kinds),
        roles=tuple(RoleView(**row) for row in plan.roles),
        adaptation=plan.adaptation,
        criteria=tuple(plan.criteria),
        years=tuple(
            YearRow.of(session, year)
            for year in queries.list_annual_plans(session, global_plan_id=plan.id)
        ),
        consultations=consultations_about(session, SubjectKind.GLOBAL_PLAN, plan.id),
        readiness=readiness_of(session, plan),
        has_versions=bool(list_editions(session, plan.id)),
        review=_review(plan),
        is_review_exempt=is_review_exempt(session),
        version=plan.version,
    )
