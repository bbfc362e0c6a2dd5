"""Plans: their periods, and when they may be changed, adopted and ended."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.consultations.rules import Asked, Outcome, is_free, last_asked
from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.plans.periods import global_plan_end
from baken.actionplan.plans.variants import PlanKind, term_years
from baken.actionplan.wording import check_lines, check_text, check_title


class PlanState(StrEnum):
    """How far a plan is."""

    DRAFT = "draft"
    ADVISED = "advised"
    ADOPTED = "adopted"
    ENDED = "ended"


TRANSITIONS: Final[Mapping[PlanState, frozenset[PlanState]]] = {
    # Straight to adopted: the organ kept silent until its time had passed.
    PlanState.DRAFT: frozenset({PlanState.ADVISED, PlanState.ADOPTED}),
    PlanState.ADVISED: frozenset({PlanState.ADOPTED, PlanState.DRAFT}),
    # Back to draft: a change, which goes to the committee again.
    PlanState.ADOPTED: frozenset({PlanState.DRAFT, PlanState.ENDED}),
    PlanState.ENDED: frozenset(),
}
IN_THE_MAKING: Final = frozenset({PlanState.DRAFT, PlanState.ADVISED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something to be done for the objectives (element 4)."""

    what: str
    owner: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """What one of the persons involved does, owes and gets (element 6, and 3 of the year)."""

    who: str
    tasks: str = ""
    obligations: str = ""
    means: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalPlanFields:
    """What people fill in about a five-year plan."""

    title: str
    from_on: date
    until_on: date | None = None
    kind: PlanKind = PlanKind.GLOBAL
    intended_measures: tuple[str, ...] = ()
    activities: tuple[Activity, ...] = ()
    means_organisational: str = ""
    means_material: str = ""
    means_financial: str = ""
    roles: tuple[RoleRow, ...] = ()
    adaptation: str = ""
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveFields:
    """What people fill in about an objective."""

    statement: str
    targets: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualPlanFields:
    """What people fill in about the plan of a year."""

    means_and_methods: str = ""
    roles: tuple[RoleRow, ...] = ()
    changed_circumstances: str = ""
    accidents: str = ""
    annual_report: str = ""
    committee_advice: str = ""


def check_global_plan(fields: GlobalPlanFields) -> None:
    """Raise `Invalid` unless the five-year plan holds together."""
    check_title(fields.title)
    last = global_plan_end(fields.from_on)
    until_on = fields.until_on or last
    # Where the law sets no term, an inventory is kept up to date as long as it holds.
    is_too_long = until_on > last and term_years(fields.kind) > 0
    if until_on <= fields.from_on or is_too_long:
        raise Invalid(
            "actionplan.global_plan_period",
            "A global prevention plan that starts on {from_on} ends on {last} at the latest, "
            "five years on.",
            from_on=fields.from_on,
            last=last,
        )
    for text in (
        fields.means_organisational,
        fields.means_material,
        fields.means_financial,
        fields.adaptation,
    ):
        check_text(text)
    check_lines((*fields.intended_measures, *fields.criteria))
    check_roles(fields.roles)
    for activity in fields.activities:
        _check_activity(activity, fields.from_on, until_on)


def check_roles(rows: Iterable[RoleRow]) -> None:
    """Raise `Invalid` when a row of the role matrix names nobody."""
    for row in rows:
        for text in (row.tasks, row.obligations, row.means):
            check_text(text)
        if not check_text(row.who):
            raise Invalid(
                "actionplan.role_without_person",
                "A row with tasks, obligations or means names nobody. Fill in who it is.",
            )


def check_objective(fields: ObjectiveFields, *, from_on: date, until_on: date) -> None:
    """Raise `Invalid` unless the objective says something, for years of its plan."""
    if not check_text(fields.statement):
        raise Invalid("actionplan.objective_missing", "Say in one sentence what has to be reached.")
    for year, target in fields.targets.items():
        check_text(target)
        if not from_on.year <= year <= until_on.year:
            raise Invalid(
                "actionplan.target_outside_plan",
                "The plan runs from {first} to {last}; {year} lies outside it.",
                first=str(from_on.year),
                last=str(until_on.year),
                year=str(year),
            )


def check_annual_plan(fields: AnnualPlanFields) -> None:
    """Raise `Invalid` unless the texts of the annual plan can be kept."""
    for text in (
        fields.means_and_methods,
        fields.changed_circumstances,
        fields.accidents,
        fields.annual_report,
        fields.committee_advice,
    ):
        check_text(text)
    check_roles(fields.roles)


def check_may_change(state: PlanState) -> None:
    """Raise `InvalidTransition` unless the text of the plan may be changed."""
    if state == PlanState.ENDED:
        raise InvalidTransition(
            "actionplan.plan_ended", "This plan was ended. It stays as it is, to be read."
        )
    if state not in IN_THE_MAKING:
        raise InvalidTransition(
            "actionplan.plan_settled",
            "This plan has been adopted. Open it for a change first; "
            "the committee then advises on it again.",
        )


def check_transition(before: PlanState, after: PlanState) -> None:
    """Raise `InvalidTransition` unless a plan may go from one state to the other."""
    if after not in TRANSITIONS[before]:
        raise InvalidTransition(
            "actionplan.plan_state_impossible",
            "This step is not possible for this plan now. Look at where it stands first.",
        )


def check_can_adopt(state: PlanState, consultations: Iterable[Asked], *, today: date) -> None:
    """Raise `InvalidTransition` unless the plan was advised on, or the time for advice is over."""
    check_transition(state, PlanState.ADOPTED)
    if not is_free(consultations, today=today):
        raise InvalidTransition(
            "actionplan.advice_needed",
            "The committee advises before a plan is adopted. Ask for its advice and record it, "
            "or wait until the date for advice has passed.",
        )


def check_silence(asked: Iterable[Asked], *, starts_on: date, today: date) -> None:
    """Raise `InvalidTransition` when a year would start on silence before it begins."""
    silent = any(each.outcome in {None, Outcome.NONE_GIVEN} for each in last_asked(asked))
    if silent and today < starts_on:
        raise InvalidTransition(
            "actionplan.silence_until_year",
            "Without advice the plan may start on {starts_on}, not earlier.",
            starts_on=starts_on,
        )


def check_framework(state: PlanState) -> None:
    """Raise `InvalidTransition` unless the five-year plan, on which the year rests, is adopted."""
    if state != PlanState.ADOPTED:
        raise InvalidTransition(
            "actionplan.global_plan_first",
            "The plan of a year rests on the global prevention plan. Adopt that one first.",
        )


def check_not_ended(state: PlanState) -> None:
    """Raise `InvalidTransition` when the five-year plan is over."""
    if state == PlanState.ENDED:
        raise InvalidTransition(
            "actionplan.global_plan_ended",
            "This global prevention plan was ended. Draft the year in the one that follows it.",
        )


def check_can_reopen(state: PlanState) -> None:
    """Raise `InvalidTransition` unless the plan is adopted; any other can be changed as it is."""
    if state != PlanState.ADOPTED:
        raise InvalidTransition(
            "actionplan.not_adopted",
            "Only an adopted plan is opened for a change. This plan cannot be opened.",
        )


def check_may_ask(state: PlanState) -> None:
    """Raise `InvalidTransition` when advice would come after the decision."""
    if state not in IN_THE_MAKING:
        raise InvalidTransition(
            "actionplan.advice_comes_before",
            "Advice comes before a plan is adopted. Open the plan for a change, then ask.",
        )


def check_choice(
    wanted: Iterable[UUID], *, possible: Collection[UUID], used: Collection[UUID]
) -> None:
    """Raise unless the objectives of a year are of its plan, and keep those with measures."""
    chosen = set(wanted)
    if not chosen <= set(possible):
        raise Invalid(
            "actionplan.objective_of_other_plan",
            "An objective belongs to another plan. Choose from the objectives of this one.",
        )
    if not set(used) <= chosen:
        raise Invalid(
            "actionplan.objective_in_use",
            "An objective has measures this year, so it stays. Move or stop the measures first.",
        )


def _check_activity(activity: Activity, from_on: date, until_on: date) -> None:
    if not check_text(activity.what) or not check_text(activity.owner):
        raise Invalid(
            "actionplan.activity_incomplete",
            "An activity says what is done and by whom. Fill in both.",
        )
    if not from_on <= activity.from_on <= activity.until_on <= until_on:
        raise Invalid(
            "actionplan.activity_outside_plan",
            "The activity {what} has to lie between {from_on} and {until_on}.",
            what=activity.what,
            from_on=from_on,
            until_on=until_on,
        )
