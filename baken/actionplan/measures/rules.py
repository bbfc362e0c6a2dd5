"""What may happen to a measure, and when."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.consultations.rules import Asked, is_free, last_asked
from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.indicators.types import Indicator, OwnFigure, SeriesIndicator
from baken.actionplan.measures.prevention_units import check_means
from baken.actionplan.prevention import Domain, PreventionLevel, Scope
from baken.actionplan.wording import check_text, check_title


class MeasureStatus(StrEnum):
    """How far a measure is."""

    PLANNED = "planned"
    DECIDED = "decided"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    # Its year is over and it goes on in the plan of the next one.
    CARRIED = "carried"


class PlanWarning(StrEnum):
    """What a plan as a whole lacks."""

    NO_PRIMARY = "no_primary"
    NO_COLLECTIVE = "no_collective"


TRANSITIONS: Final[Mapping[MeasureStatus, frozenset[MeasureStatus]]] = {
    MeasureStatus.PLANNED: frozenset({MeasureStatus.DECIDED, MeasureStatus.STOPPED}),
    MeasureStatus.DECIDED: frozenset({MeasureStatus.RUNNING, MeasureStatus.STOPPED}),
    MeasureStatus.RUNNING: frozenset({MeasureStatus.DONE, MeasureStatus.STOPPED}),
    MeasureStatus.DONE: frozenset({MeasureStatus.RUNNING}),
    MeasureStatus.STOPPED: frozenset({MeasureStatus.PLANNED}),
    MeasureStatus.CARRIED: frozenset(),
}
CLOSED: Final = frozenset({MeasureStatus.DONE, MeasureStatus.STOPPED})
"""What a person closes, with a reason."""

ENDED: Final = CLOSED | {MeasureStatus.CARRIED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFrame:
    """What a measure has to know about the annual plan it stands in."""

    annual_plan_id: UUID
    starts_on: date
    ends_on: date
    may_add: bool
    may_change: bool
    is_adopted: bool
    # The edition of the plan on which advice is still to come: what is added now stands in it.
    edition_to_advise: int
    objective_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFields:
    """What people fill in about a measure. A name without an id is somebody without an account."""

    objective_id: UUID
    finding_id: UUID | None = None
    unit_id: UUID | None = None
    title: str
    method: str = ""
    responsible_id: UUID | None = None
    responsible_name: str = ""
    decider_id: UUID | None = None
    decider_name: str = ""
    who_does_what: str = ""
    means_organisational: str = ""
    means_material: str = ""
    means_financial: str = ""
    prevention_level: PreventionLevel
    scope: Scope
    domains: tuple[Domain, ...] = (Domain.PSYCHOSOCIAL,)
    starts_on: date
    ends_on: date
    is_reported: bool = False
    initiator: str = ""
    budget: int | None = None  # whole euro
    prevention_hours: Mapping[str, float] = field(default_factory=dict)  # by discipline
    priority_id: UUID | None = None
    strategy: str = ""
    topic: str = ""
    changes_work: bool = False
    indicator: Indicator


def check_fields(fields: MeasureFields, frame: PlanFrame) -> None:
    """Raise `Invalid` unless the measure holds together and fits its plan."""
    check_title(fields.title)
    for text in _texts(fields):
        check_text(text)
    _check_people(fields)
    if fields.objective_id not in frame.objective_ids:
        raise Invalid(
            "actionplan.objective_not_chosen",
            "This objective was not chosen for the year. Choose it in the annual plan first.",
        )
    if not fields.domains:
        raise Invalid("actionplan.domain_missing", "Choose at least one domain of well-being.")
    check_period(fields.starts_on, fields.ends_on, frame)
    check_means(fields.budget, fields.prevention_hours)
    fields.indicator.check()
    if fields.indicator.by_on < fields.starts_on:
        raise Invalid(
            "actionplan.indicator_before_start",
            "The figure is read after the measure starts on {starts_on}.",
            starts_on=fields.starts_on,
        )


def check_period(starts_on: date, ends_on: date, frame: PlanFrame) -> None:
    """Raise `Invalid` unless the dates lie in order and inside the year of the plan."""
    if ends_on < starts_on:
        raise Invalid(
            "actionplan.ends_before_start",
            "The end, {ends_on}, comes before the start, {starts_on}.",
            starts_on=starts_on,
            ends_on=ends_on,
        )
    if starts_on < frame.starts_on or ends_on > frame.ends_on:
        raise Invalid(
            "actionplan.outside_plan",
            "A measure of this plan runs between {plan_starts_on} and {plan_ends_on}. "
            "What goes on longer is continued in the plan of the next year.",
            plan_starts_on=frame.starts_on,
            plan_ends_on=frame.ends_on,
        )


def check_may_add(frame: PlanFrame) -> None:
    """Raise `InvalidTransition` unless the plan still takes new measures."""
    if not frame.may_add:
        raise InvalidTransition(
            "actionplan.plan_settled",
            "This plan has been adopted. Open it for a change first; "
            "the committee then advises on it again.",
        )


def check_may_change(status: MeasureStatus, frame: PlanFrame) -> None:
    """Raise `InvalidTransition` when the measure, or its plan, is over."""
    if not frame.may_change:
        raise InvalidTransition(
            "actionplan.annual_plan_closed",
            "The plan of this year was ended. It stays as it is.",
        )
    if status in ENDED:
        raise InvalidTransition(
            "actionplan.measure_ended",
            "This measure is over. Take it up again before changing it.",
        )


def check_transition(
    before: MeasureStatus, after: MeasureStatus, *, reason: str, frame: PlanFrame
) -> None:
    """Raise unless the measure may go from one status to the other."""
    if after not in TRANSITIONS[before]:
        raise InvalidTransition(
            "actionplan.status_impossible",
            "This step is not possible for this measure now. Look at where it stands first.",
        )
    if after == MeasureStatus.RUNNING and not frame.is_adopted:
        raise InvalidTransition(
            "actionplan.plan_not_adopted",
            "The plan of this year has not been adopted yet. "
            "Adopt it after the committee's advice; then the measure can start.",
        )
    if (after in CLOSED or before in CLOSED) and not check_text(reason):
        raise Invalid(
            "actionplan.reason_missing",
            "Say why: those who read the plan next year were not there.",
        )


def check_advice_closed(consultations: Iterable[Asked], *, today: date) -> None:
    """Raise `InvalidTransition` while a question about this very measure waits for its answer."""
    asked = last_asked(consultations)
    if asked and not is_free(asked, today=today):
        raise InvalidTransition(
            "actionplan.measure_waits",
            "Advice or agreement on this measure was asked and is still open. "
            "Record the answer first; then the measure can start.",
        )


def check_same_contract(before: Indicator, after: Indicator, status: MeasureStatus) -> None:
    """Raise `InvalidTransition` when an agreed figure would be moved afterwards."""
    if status != MeasureStatus.PLANNED and before != after:
        raise InvalidTransition(
            "actionplan.contract_agreed",
            "The figure was agreed when the measure was decided. It stays, so that everybody "
            "can see whether it was reached. Write what changed in a note.",
        )


def check_note(text: str, *, has_status: bool, has_value: bool) -> None:
    """Raise `Invalid` when a note says nothing."""
    if not check_text(text) and not has_status and not has_value:
        raise Invalid("actionplan.note_empty", "Write how it goes, or choose a new status.")


def check_reading(indicator: Indicator, value: float | None) -> None:
    """Raise `Invalid` when a reading is given for a figure that only a release can give."""
    if value is None:
        return
    if isinstance(indicator, SeriesIndicator):
        raise Invalid(
            "actionplan.reading_from_series",
            "This measure is followed by an indicator; its figure comes with the next period that "
            "is entered there.",
        )
    if not isinstance(indicator, OwnFigure):
        raise Invalid(
            "actionplan.reading_from_release",
            "This measure is followed by a scale; its figure comes from the next survey.",
        )
    if not math.isfinite(value):
        raise Invalid("actionplan.reading_no_number", "Fill in a number.")


def check_initiator(initiator: str, *, is_reported: bool) -> None:
    """Raise `Invalid` when a measure of the annual report does not say who began it."""
    if is_reported and not initiator.strip():
        raise Invalid(
            "actionplan.initiator_missing",
            "The annual report names who took the initiative for this measure. Fill it in.",
        )


def list_warnings(measures: Iterable[tuple[PreventionLevel, Scope]]) -> tuple[PlanWarning, ...]:
    """What the measures of a plan lack together: the law asks for the source, and for everybody."""
    found = list(measures)
    if not found:
        return ()
    lacks = []
    if all(level != PreventionLevel.PRIMARY for level, _ in found):
        lacks.append(PlanWarning.NO_PRIMARY)
    if all(scope != Scope.COLLECTIVE for _, scope in found):
        lacks.append(PlanWarning.NO_COLLECTIVE)
    return tuple(lacks)


def days_overdue(status: MeasureStatus, ends_on: date, *, today: date) -> int:
    """How many days a measure that is not over runs past its end."""
    return 0 if status in ENDED else max(0, (today - ends_on).days)


def _texts(fields: MeasureFields) -> tuple[str, ...]:
    return (
        fields.method,
        fields.who_does_what,
        fields.means_organisational,
        fields.means_material,
        fields.means_financial,
    )


def _check_people(fields: MeasureFields) -> None:
    if fields.responsible_id is None and not fields.responsible_name.strip():
        raise Invalid("actionplan.responsible_missing", "Name who is responsible for this measure.")
    check_initiator(fields.initiator, is_reported=fields.is_reported)
    for name in (fields.responsible_name, fields.decider_name, fields.initiator):
        if len(name) > 200:
            raise Invalid("actionplan.name_too_long", "A name has at most 200 characters.")
