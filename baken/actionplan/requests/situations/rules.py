"""A risk analysis of a specific work situation: what is admissible, and step by step.

Codex on well-being at work, book I title 3: a danger that is present already, for a group in the
same situation; not for one person, not for the whole organisation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.requests.law import value_of
from baken.actionplan.wording import check_text


class RequestState(StrEnum):
    """How far a request is."""

    REQUESTED = "requested"
    INADMISSIBLE = "inadmissible"
    ADMISSIBLE = "admissible"
    METHOD_AGREED = "method_agreed"
    COLLECTING = "collecting"
    REPORTED = "reported"
    DECIDED = "decided"
    COMMUNICATED = "communicated"
    MEASURES = "measures"
    EVALUATED = "evaluated"


NEXT: Final[Mapping[RequestState, frozenset[RequestState]]] = {
    RequestState.REQUESTED: frozenset({RequestState.ADMISSIBLE, RequestState.INADMISSIBLE}),
    RequestState.INADMISSIBLE: frozenset(),
    RequestState.ADMISSIBLE: frozenset({RequestState.METHOD_AGREED}),
    RequestState.METHOD_AGREED: frozenset({RequestState.COLLECTING}),
    RequestState.COLLECTING: frozenset({RequestState.REPORTED}),
    RequestState.REPORTED: frozenset({RequestState.DECIDED}),
    RequestState.DECIDED: frozenset({RequestState.COMMUNICATED}),
    # A motivated decision may be to take no measures.
    RequestState.COMMUNICATED: frozenset({RequestState.MEASURES, RequestState.EVALUATED}),
    RequestState.MEASURES: frozenset({RequestState.EVALUATED}),
    RequestState.EVALUATED: frozenset(),
}
ENDED: Final = frozenset({RequestState.INADMISSIBLE, RequestState.EVALUATED})
HEARD: Final = frozenset({RequestState.COMMUNICATED, RequestState.MEASURES, RequestState.EVALUATED})
"""From here on those whom the decision concerns have heard it."""

ADVISED: Final = {
    RequestState.METHOD_AGREED: "request_handling",
    RequestState.DECIDED: "request_follow_up",
}
"""Steps of a formal request on which committee or delegation advise, by line of the table."""

OF_EMPLOYER: Final = frozenset({RequestState.DECIDED, RequestState.COMMUNICATED})
"""Steps that are the employer's; the others are done by an adviser."""


class Participation(StrEnum):
    """Whether the adviser on psychosocial aspects takes part."""

    INTERNAL = "internal"  # one of the house: always
    EXTERNAL = "external"  # where the situation is complex
    NONE = "none"


class Told(StrEnum):
    """Who was told the employer's decision."""

    ASKER = "asker"
    ADVISER = "adviser"
    GROUP = "group"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step as somebody wants to record it; `facts` depend on where it leads."""

    state: RequestState
    done_on: date
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def check_step(
    now: RequestState, step: Step, *, last_on: date, group_size: int, everybody: int, today: date
) -> None:
    """Raise unless a request that is `now` can take this step.

    Parameters
    ----------
    last_on : date
        Day of the step before.
    everybody : int
        How many people work in the organisation; 0 where nobody has said.
    """
    if step.state not in NEXT[now]:
        raise _not_this_step()
    if not check_text(step.text):
        raise Invalid("requests.no_words", "Write down what was done or decided, and why.")
    if not last_on <= step.done_on <= today:
        raise Invalid(
            "requests.day_out_of_order",
            "The day lies between the step before ({last_on}) and today.",
            last_on=last_on,
        )
    check = _CHECKS.get(step.state)
    if check is not None:
        check(step.facts)
    if step.state is RequestState.ADMISSIBLE:
        _check_group(group_size, everybody)


def can_take_measures(earlier: Mapping[str, Any]) -> bool:
    """Whether measures can follow; `earlier` is what was ticked at the steps before."""
    return earlier.get("takes_measures") is not False


def who_can_be_told(earlier: Mapping[str, Any]) -> tuple[Told, ...]:
    """Return who can have heard the decision: no adviser where none takes part."""
    has_adviser = earlier.get("adviser") != Participation.NONE
    return tuple(one for one in Told if one is not Told.ADVISER or has_adviser)


def check_fits(step: Step, earlier: Mapping[str, Any]) -> None:
    """Raise `Invalid` for a step that says otherwise than the steps before it."""
    if step.state is RequestState.MEASURES and not can_take_measures(earlier):
        raise Invalid(
            "requests.no_measures_decided",
            "The employer decided to take no measures. Write down what came of it.",
        )
    if not set(step.facts.get("told", ())) <= set(who_can_be_told(earlier)):
        raise Invalid(
            "requests.no_adviser_to_tell",
            "No adviser on psychosocial aspects takes part in this request, so none was told.",
        )


def check_goes_on(now: RequestState) -> None:
    """Raise `InvalidTransition` when nothing comes after this state."""
    if now in ENDED:
        raise _not_this_step()


def _not_this_step() -> InvalidTransition:
    return InvalidTransition(
        "requests.not_this_step",
        "The request is somewhere else by now. Load the page again to see what comes next.",
    )


def judged(facts: Mapping[str, Any]) -> RequestState:
    """Return where a judgement leads: admissible only when all three questions get a yes."""
    answers = (facts.get("is_group"), facts.get("is_present"), facts.get("is_part"))
    return RequestState.ADMISSIBLE if all(answers) else RequestState.INADMISSIBLE


def _check_group(size: int, everybody: int) -> None:
    if size < value_of("group_from"):
        raise Invalid(
            "requests.one_person",
            "This concerns one person, not a group. One person can ask the counsellor or the "
            "adviser on psychosocial aspects for an intervention. Judge the request so.",
        )
    if everybody and size >= everybody:
        raise Invalid(
            "requests.whole_organisation",
            "This concerns everybody who works here ({everybody} people). For the whole "
            "organisation there is the general risk analysis. Judge the request so.",
            everybody=everybody,
        )


def _check_method(facts: Mapping[str, Any]) -> None:
    if facts.get("adviser") == Participation.NONE and not str(facts.get("anonymous", "")).strip():
        raise Invalid(
            "requests.no_anonymous_way",
            "Without the adviser on psychosocial aspects, workers must be able to tell what they "
            "know anonymously. Write down how.",
        )


def _check_report(facts: Mapping[str, Any]) -> None:
    if not facts.get("is_anonymous"):
        raise Invalid(
            "requests.not_anonymous",
            "Only anonymous results go to the employer and the committee. Look once more whether "
            "nobody can be recognised, and say so.",
        )


def _check_told(facts: Mapping[str, Any]) -> None:
    if Told.ASKER not in facts.get("told", ()):
        raise Invalid(
            "requests.asker_not_told",
            "Whoever asked has to hear the decision first. Tell them, then write it down here.",
        )


_CHECKS: Final = {
    RequestState.METHOD_AGREED: _check_method,
    RequestState.REPORTED: _check_report,
    RequestState.COMMUNICATED: _check_told,
}
