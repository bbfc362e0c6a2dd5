"""Topics that anyone may bring to a body, and that never simply disappear."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

NAME_LENGTH: Final = 200


class TopicState(StrEnum):
    """How far a body is with a topic."""

    RAISED = "raised"
    ON_AGENDA = "on_agenda"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Final[Mapping[TopicState, frozenset[TopicState]]] = {
    TopicState.RAISED: frozenset({TopicState.ON_AGENDA, TopicState.ANSWERED, TopicState.WITHDRAWN}),
    TopicState.ON_AGENDA: frozenset({TopicState.RAISED, TopicState.ANSWERED, TopicState.WITHDRAWN}),
    TopicState.ANSWERED: frozenset(),
    TopicState.WITHDRAWN: frozenset(),
}
OPEN: Final = frozenset({TopicState.RAISED, TopicState.ON_AGENDA})


class From(StrEnum):
    """Whose topic it is."""

    MYSELF = "myself"
    SOMEBODY = "somebody"  # noted for somebody without a log-in, by name
    NOBODY = "nobody"  # noted for somebody who does not want to be named


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFields:
    """What is written about a topic."""

    body_id: UUID
    title: str
    text: str = ""
    raised_for: From = From.MYSELF
    raised_name: str = ""


def check_topic(fields: TopicFields) -> None:
    """Raise `Invalid` unless the topic has a title, and a name exactly where one belongs."""
    check_title(fields.title)
    check_text(fields.text)
    if len(fields.raised_name) > NAME_LENGTH:
        raise Invalid(
            "bodies.name_too_long", "A name has at most {most} characters.", most=NAME_LENGTH
        )
    if (fields.raised_for == From.SOMEBODY) != bool(check_text(fields.raised_name)):
        raise Invalid(
            "bodies.topic_whose",
            "Write the name of whoever brings the topic only where you note it for somebody by "
            "name.",
        )


def check_topic_step(before: TopicState, after: TopicState, *, words: str = "") -> None:
    """Raise unless the topic may go on like this; an answer is a written one."""
    if after not in TRANSITIONS[before]:
        raise InvalidTransition(
            "bodies.topic_settled",
            "This topic was answered or withdrawn already. Raise it again as a new one.",
        )
    if after == TopicState.ANSWERED and not check_text(words):
        raise Invalid(
            "bodies.topic_answer_missing",
            "Write the answer: whoever brought the topic reads it.",
        )


def check_agenda_day(on: date | None, *, raised_on: date) -> None:
    """Raise `Invalid` where a topic would be treated before anybody raised it."""
    if on is not None and on < raised_on:
        raise Invalid(
            "bodies.agenda_before_topic",
            "The topic was raised on {on}. Choose that day or a later one.",
            on=raised_on,
        )
