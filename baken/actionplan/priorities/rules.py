"""What a theme, a priority, a cause and an idea must say, and when one may follow from another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.wording import check_text, check_title

LOWEST, HIGHEST = 1, 5
# From here on something is urgent, or feasible: the upper half of the five steps.
HIGH: Final = 4
MOST_WHYS: Final = 7


class PriorityKind(StrEnum):
    """What is taken up in the plans ahead, and what asks for longer than one plan."""

    PRIORITY = "priority"
    CHALLENGE = "challenge"


class PriorityState(StrEnum):
    """How far the group is with it."""

    PROPOSED = "proposed"
    CHOSEN = "chosen"
    DROPPED = "dropped"


TRANSITIONS: Final[Mapping[PriorityState, frozenset[PriorityState]]] = {
    PriorityState.PROPOSED: frozenset({PriorityState.CHOSEN, PriorityState.DROPPED}),
    PriorityState.CHOSEN: frozenset({PriorityState.PROPOSED, PriorityState.DROPPED}),
    PriorityState.DROPPED: frozenset({PriorityState.PROPOSED}),
}


class CauseKind(StrEnum):
    """How the cause was looked for; an exception says why it was not."""

    WHYS = "whys"
    TREE = "tree"
    EXCEPTION = "exception"


class IdeaState(StrEnum):
    """Where an idea of the inventory stands; what is done already stands in it too."""

    NEW = "new"
    IN_PLACE = "in_place"
    WANTED = "wanted"
    CHOSEN = "chosen"
    DROPPED = "dropped"


IDEA_TRANSITIONS: Final[Mapping[IdeaState, frozenset[IdeaState]]] = {
    IdeaState.NEW: frozenset({IdeaState.WANTED, IdeaState.IN_PLACE, IdeaState.DROPPED}),
    IdeaState.IN_PLACE: frozenset({IdeaState.NEW, IdeaState.DROPPED}),
    IdeaState.WANTED: frozenset({IdeaState.CHOSEN, IdeaState.NEW, IdeaState.DROPPED}),
    IdeaState.CHOSEN: frozenset({IdeaState.WANTED, IdeaState.DROPPED}),
    IdeaState.DROPPED: frozenset({IdeaState.NEW}),
}


class Place(StrEnum):
    """A corner of the grid of urgency and feasibility."""

    FIRST = "first"  # urgent and feasible
    PREPARE = "prepare"  # urgent, not feasible yet
    TAKE_ALONG = "take_along"  # feasible, not urgent
    LATER = "later"


class MixWarning(StrEnum):
    """What the ideas that were chosen lack together."""

    ONLY_QUICK_WINS = "only_quick_wins"
    ONLY_INDIVIDUAL = "only_individual"
    NO_PRIMARY = "no_primary"


class Smart(StrEnum):
    """The five questions before something becomes a measure."""

    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    ACCEPTED = "accepted"
    REALISTIC = "realistic"
    TIMED = "timed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityFields:
    """What people fill in about a priority or challenge; 0 is a step nobody chose yet."""

    title: str
    kind: PriorityKind = PriorityKind.PRIORITY
    theme_id: UUID | None = None
    story: str = ""
    urgency: int = 0
    feasibility: int = 0
    finding_ids: frozenset[UUID] = frozenset()
    smart: Mapping[Smart, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFields:
    """A note on why something is as it is.

    `whys` are the answers to "why?" in a row; in a tree a line that starts with a hyphen answers
    the line above it once more. `motivation` belongs to an exception.
    """

    kind: CauseKind
    whys: tuple[str, ...] = ()
    root: str = ""
    motivation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaFields:
    """What people fill in about an idea."""

    title: str
    text: str = ""
    dimension: str = ""
    level: PreventionLevel
    scope: Scope
    is_quick_win: bool = False
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the warnings look at in an idea that was chosen."""

    level: PreventionLevel
    scope: Scope
    is_quick_win: bool


def check_priority(fields: PriorityFields) -> None:
    """Raise `Invalid` unless the priority holds together."""
    check_title(fields.title)
    for text in (fields.story, *fields.smart.values()):
        check_text(text)
    for step in (fields.urgency, fields.feasibility):
        if step and not LOWEST <= step <= HIGHEST:
            raise Invalid(
                "priorities.step_outside",
                "Urgency and feasibility run from {lowest} to {highest}.",
                lowest=LOWEST,
                highest=HIGHEST,
            )


def check_transition(
    before: PriorityState, after: PriorityState, *, reason: str, fields: PriorityFields
) -> None:
    """Raise unless the priority may go from one state to the other."""
    if after not in TRANSITIONS[before]:
        raise InvalidTransition(
            "priorities.state_impossible",
            "This step is not possible for this priority now. Look at where it stands first.",
        )
    if after == PriorityState.CHOSEN and not (fields.urgency and fields.feasibility):
        raise Invalid(
            "priorities.not_weighed",
            "Weigh it first: say how urgent and how feasible it is, then choose it.",
        )
    if after == PriorityState.CHOSEN and not fields.finding_ids and not check_text(fields.story):
        raise Invalid(
            "priorities.rests_on_nothing",
            "Say which findings this rests on, or tell in a few words where it comes from.",
        )
    if PriorityState.DROPPED in {before, after} and not check_text(reason):
        raise Invalid(
            "priorities.reason_missing",
            "Say why: those who proposed it want to know.",
        )


def check_cause(fields: CauseFields) -> None:
    """Raise `Invalid` unless the note says why, or why nobody asked why."""
    for text in (*fields.whys, fields.root, fields.motivation):
        check_text(text)
    if fields.kind == CauseKind.EXCEPTION:
        if not check_text(fields.motivation):
            raise Invalid(
                "priorities.exception_unmotivated",
                "Say why the cause is not looked for here. Those who ask for money later need it.",
            )
        return
    if not any(check_text(why) for why in fields.whys):
        raise Invalid("priorities.whys_missing", "Ask why at least once, and write the answer.")
    if fields.kind == CauseKind.WHYS and len(fields.whys) > MOST_WHYS:
        raise Invalid(
            "priorities.too_many_whys",
            "{n} times why is a chain nobody follows; keep to {most}, or choose a cause tree.",
            n=len(fields.whys),
            most=MOST_WHYS,
        )
    if not check_text(fields.root):
        raise Invalid(
            "priorities.root_missing",
            "Write in one sentence where it starts: that is where a measure has to work.",
        )


def check_ready_for_measure(state: PriorityState, causes: Collection[CauseKind]) -> None:
    """Raise `InvalidTransition` unless a measure may be made from the priority.

    Parameters
    ----------
    causes : collection of CauseKind
        The notes on its causes; an exception that was motivated counts as one.
    """
    if state != PriorityState.CHOSEN:
        raise InvalidTransition(
            "priorities.not_chosen",
            "This was not chosen as a priority yet. Choose it first; then it can become a measure.",
        )
    if not causes:
        raise InvalidTransition(
            "priorities.cause_missing",
            "Nobody wrote down yet why this is so. Add a note on the cause, or say why none is "
            "needed; then it can become a measure.",
        )


def check_idea(fields: IdeaFields) -> None:
    """Raise `Invalid` unless the idea holds together."""
    check_title(fields.title)
    for text in (fields.text, *fields.pros, *fields.cons):
        check_text(text)


def check_idea_transition(before: IdeaState, after: IdeaState, *, reason: str) -> None:
    """Raise unless the idea may go from one state to the other."""
    if after not in IDEA_TRANSITIONS[before]:
        raise InvalidTransition(
            "priorities.idea_state_impossible",
            "This step is not possible for this idea now. Look at where it stands first.",
        )
    if after == IdeaState.DROPPED and not check_text(reason):
        raise Invalid(
            "priorities.reason_missing",
            "Say why: those who proposed it want to know.",
        )


def place_of(urgency: int, feasibility: int) -> Place | None:
    """The corner of the grid; None while one of the two was not weighed."""
    if not urgency or not feasibility:
        return None
    if urgency >= HIGH:
        return Place.FIRST if feasibility >= HIGH else Place.PREPARE
    return Place.TAKE_ALONG if feasibility >= HIGH else Place.LATER


def rank_of(urgency: int, feasibility: int) -> tuple[int, int, int]:
    """Order of priorities: highest product first, then the most urgent; unweighed ones last."""
    return (-(urgency * feasibility), -urgency, -feasibility)


def list_warnings(chosen: Iterable[Choice]) -> tuple[MixWarning, ...]:
    """What the chosen ideas lack together: the law asks for the source first, and for everybody."""
    found = list(chosen)
    if not found:
        return ()
    lacks = []
    if all(one.is_quick_win for one in found):
        lacks.append(MixWarning.ONLY_QUICK_WINS)
    if all(one.scope == Scope.INDIVIDUAL for one in found):
        lacks.append(MixWarning.ONLY_INDIVIDUAL)
    if all(one.level != PreventionLevel.PRIMARY for one in found):
        lacks.append(MixWarning.NO_PRIMARY)
    return tuple(lacks)


def unanswered(smart: Mapping[Smart, str]) -> tuple[Smart, ...]:
    """The questions of the check that have no answer yet; a measure is better with all five."""
    return tuple(question for question in Smart if not smart.get(question, "").strip())
