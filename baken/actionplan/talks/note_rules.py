"""What is noted of a talk: what was said, dots, and agreements.

Cards, votes and interviews are anonymous input; they show from the smallest group on that was
agreed, and not before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.findings.factors import Factor
from baken.actionplan.talks.rules import NAME_LENGTH, Method, TalkState
from baken.actionplan.wording import check_text
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP


class Input(StrEnum):
    """How something was brought in: aloud, or without a name."""

    SPOKEN = "spoken"
    CARD = "card"
    INTERVIEW = "interview"


ANONYMOUS: Final = frozenset({Input.CARD, Input.INTERVIEW})


class Tone(StrEnum):
    """What is noted: what goes well is noted as much as what weighs.

    Déparis has three judgements of a topic: green, orange and red.
    """

    POSITIVE = "positive"
    ORDINARY = "ordinary"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFields:
    """Something that was said, without who said it. `topic` is one of the guide, where it has."""

    factor: Factor
    tone: Tone
    text: str
    way: Input = Input.SPOKEN
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFields:
    """Who does what by when, as the group agreed."""

    who: str
    what: str
    due_on: date


def check_can_note(state: TalkState) -> None:
    """Raise `InvalidTransition` unless notes may be written or changed."""
    if state == TalkState.HELD:
        return
    if state == TalkState.PLANNED:
        raise InvalidTransition(
            "talks.not_held", "Note first that the talk was held, and who was there."
        )
    raise InvalidTransition(
        "talks.notes_fixed",
        "The notes were read back to the group. Take them back to change them; "
        "the group then hears them again.",
    )


def check_note(fields: NoteFields, *, method: Method) -> None:
    """Raise `Invalid` unless the note says something, in a way that fits the method."""
    if not check_text(fields.text):
        raise Invalid("talks.note_empty", "Write what was said, without who said it.")
    if (fields.way == Input.INTERVIEW) != (method == Method.INTERVIEWS):
        raise Invalid(
            "talks.no_interview",
            "An interview is noted as one, and what was said in a group as aloud or card.",
        )
    if fields.tone == Tone.ORDINARY and method != Method.DEPARIS:
        raise Invalid(
            "talks.ordinary_elsewhere",
            "Only a Déparis meeting judges a topic as ordinary. Choose whether it goes well or "
            "weighs.",
        )


def check_can_vote(
    state: TalkState, *, n_voters: int, n_present: int, votes: Iterable[int]
) -> None:
    """Raise unless dots may be counted: by people who were there, after the notes were made."""
    if state != TalkState.HELD:
        check_can_note(state)
    counted = list(votes)
    if not 1 <= n_voters <= n_present:
        raise Invalid(
            "talks.voters_impossible",
            "{n} people were there; no more can have voted, and at least one.",
            n=n_present,
        )
    if any(not 0 <= one <= n_voters for one in counted):
        raise Invalid(
            "talks.too_many_votes",
            "Everybody puts one dot at most on a note: no note has more than {n}.",
            n=n_voters,
        )


def check_agreement(fields: AgreementFields, *, held_on: date | None) -> None:
    """Raise `Invalid` unless it says who does what, by a day after the talk."""
    for text in (fields.who, fields.what):
        if not check_text(text):
            raise Invalid("talks.agreement_empty", "Say who does what.")
    if len(fields.who) > NAME_LENGTH:
        raise Invalid(
            "talks.name_too_long", "A name has at most {most} characters.", most=NAME_LENGTH
        )
    if held_on is not None and fields.due_on < held_on:
        raise Invalid(
            "talks.agreement_before_talk",
            "It was agreed in the talk of {on}; choose a day after it.",
            on=held_on,
        )


def shows_anonymous(n_people: int, min_group: int) -> bool:
    """Whether cards, interviews and dots of so many people show."""
    return n_people >= max(min_group, FLOOR_MIN_GROUP)
