"""What a yearly evaluation has to say before it is closed (art. I.3-6 of the codex)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text


class Input(StrEnum):
    """What the evaluation takes account of, in the order of art. I.3-6, paragraph 2."""

    SITUATION_REQUESTS = "situation_requests"
    FORMAL_REQUESTS = "formal_requests"
    PHYSICIAN = "physician"
    RECURRING = "recurring"
    REGISTER = "register"
    ANNUAL_REPORT = "annual_report"


class Progress(StrEnum):
    """What is concluded about an objective."""

    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    ADJUST = "adjust"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is concluded about one objective, and why."""

    verdict: Progress
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFields:
    """What people fill in about a year."""

    inputs: Mapping[Input, str] = field(default_factory=dict)
    conclusions: Mapping[UUID, Conclusion] = field(default_factory=dict)
    participants: str = ""
    papa_involved: bool = False
    papa_reason: str = ""


def check_year(
    year: int, *, from_on: date, until_on: date, taken: Collection[int], today: date
) -> None:
    """Raise `Invalid` unless the year lies in the plan, is no later than this one and is free."""
    if not from_on.year <= year <= until_on.year or year > today.year:
        raise Invalid(
            "actionplan.evaluation_year",
            "An evaluation looks back on a year of the plan that has begun: {first} to {last}.",
            first=str(from_on.year),
            last=str(min(until_on.year, today.year)),
        )
    if year in taken:
        raise Invalid(
            "actionplan.evaluation_taken",
            "There is an evaluation of {year} already. Go on in that one.",
            year=str(year),
        )


def check_fields(fields: EvaluationFields) -> None:
    """Raise `Invalid` unless every text can be kept."""
    texts = [*fields.inputs.values(), *(one.text for one in fields.conclusions.values())]
    for text in (*texts, fields.participants, fields.papa_reason):
        check_text(text)


def check_open(closed_on: date | None) -> None:
    """Raise `InvalidTransition` when the evaluation was closed."""
    if closed_on is not None:
        raise InvalidTransition(
            "actionplan.evaluation_closed",
            "This evaluation was closed on {on}. It stays as it is.",
            on=closed_on,
        )


def check_can_close(fields: EvaluationFields, *, objective_ids: Collection[UUID]) -> None:
    """Raise `Invalid` unless everything was weighed, with whom it must be."""
    for refusal in missing_to_close(fields, objective_ids=objective_ids):
        raise refusal


def missing_to_close(
    fields: EvaluationFields, *, objective_ids: Collection[UUID]
) -> Iterator[Invalid]:
    """Everything that would refuse the closing, in the order of the form.

    An evaluation without the prevention adviser for psychosocial aspects can be punished (level 3
    of the Social Penal Code): it needs a reason.
    """
    if any(not fields.inputs.get(each, "").strip() for each in Input):
        yield Invalid(
            "actionplan.evaluation_input_missing",
            "Say something about each of the six inputs, even if there was nothing.",
        )
    concluded = {key for key, one in fields.conclusions.items() if one.text.strip()}
    if not set(objective_ids) <= concluded:
        yield Invalid(
            "actionplan.evaluation_conclusion_missing",
            "Write for each objective what you conclude, and why.",
        )
    if not fields.participants.strip():
        yield Invalid(
            "actionplan.evaluation_participants",
            "Name who took part: the hierarchical line, the services, the committee.",
        )
    if not fields.papa_involved and not fields.papa_reason.strip():
        yield Invalid(
            "actionplan.papa_reason_missing",
            "The prevention adviser for psychosocial aspects was not involved. Say why not.",
        )
