"""The start of a cycle: the commitment of the employer, messages, kick-off and training."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from baken.actionplan.errors import Invalid
from baken.actionplan.wording import check_text, check_title

NAME_LENGTH: Final = 200


class StartKind(StrEnum):
    """What is done before anybody is asked anything."""

    MESSAGE = "message"
    KICK_OFF = "kick_off"
    TRAINING = "training"


class Part(StrEnum):
    """A part of the page of the start, in its order."""

    COMMITMENT = "commitment"
    MESSAGE = "message"
    KICK_OFF = "kick_off"
    TRAINING = "training"


class Difference(StrEnum):
    """What became of a sentence between two versions."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFields:
    """What people fill in about a message, a kick-off or a training."""

    kind: StartKind
    title: str
    audience: str = ""
    channel: str = ""
    responsible: str = ""
    due_on: date
    done_on: date | None = None
    n_reached: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text, with what became of it."""

    kind: Difference
    text: str


def check_commitment(content: str, signed_by: str, *, signed_on: date, today: date) -> None:
    """Raise `Invalid` unless the commitment says something and somebody stands for it."""
    if not check_text(content):
        raise Invalid("analyses.commitment_empty", "Write what the employer commits to.")
    if not check_text(signed_by) or len(signed_by) > NAME_LENGTH:
        raise Invalid(
            "analyses.signed_by_missing",
            "Say who signed it, in at most {most} characters.",
            most=NAME_LENGTH,
        )
    if signed_on > today:
        raise Invalid(
            "analyses.signed_ahead",
            "It is signed on {on}, a day to come. Keep it once it was signed.",
            on=signed_on,
        )


def check_changed(before: str | None, after: str) -> None:
    """Raise `Invalid` when a new version says what the last one says."""
    if before is not None and sentences(before) == sentences(after):
        raise Invalid(
            "analyses.commitment_unchanged",
            "This is the text of the last version. Change it, or leave the page.",
        )


def check_step(fields: StepFields, *, today: date) -> None:
    """Raise `Invalid` unless the step holds together."""
    check_title(fields.title)
    for text in (fields.audience, fields.channel, fields.note):
        check_text(text)
    if len(fields.responsible) > NAME_LENGTH:
        raise Invalid("actionplan.name_too_long", "A name has at most 200 characters.")
    if fields.kind == StartKind.MESSAGE and not (
        check_text(fields.audience) and check_text(fields.channel)
    ):
        raise Invalid(
            "analyses.message_needs_audience",
            "Say for whom the message is, and by which way it reaches them.",
        )
    if fields.done_on is not None and fields.done_on > today:
        raise Invalid(
            "analyses.done_ahead",
            "It is done on {on}, a day to come. Leave that date empty until then.",
            on=fields.done_on,
        )


def sentences(text: str) -> tuple[str, ...]:
    """A text cut behind every full stop, question mark or end of line."""
    found: list[str] = []
    for line in text.splitlines():
        rest = line.strip()
        while rest:
            ends = [place for sign in (". ", "? ") if (place := rest.find(sign)) >= 0]
            cut = min(ends) + 1 if ends else len(rest)
            found.append(rest[:cut].strip())
            rest = rest[cut:].strip()
    return tuple(found)


def compare(before: str, after: str) -> tuple[Sentence, ...]:
    """Two versions as one text of sentences: what stayed, what went, what came."""
    old, new = sentences(before), sentences(after)
    shown: list[Sentence] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            shown += [Sentence(Difference.SAME, text) for text in old[i1:i2]]
            continue
        shown += [Sentence(Difference.GONE, text) for text in old[i1:i2]]
        shown += [Sentence(Difference.NEW, text) for text in new[j1:j2]]
    return tuple(shown)
