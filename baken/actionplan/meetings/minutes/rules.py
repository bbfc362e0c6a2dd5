"""Minutes: what a decision and a task have to say, and when minutes can be approved."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.meetings.rules import MeetingState, check_step
from baken.actionplan.wording import check_text, check_title

MOST_VOTES: Final = 1_000


class DecidedBy(StrEnum):
    """How a decision was taken."""

    CONSENSUS = "consensus"
    VOTE = "vote"
    CHAIR = "chair"


class Carried(StrEnum):
    """How far a decision is."""

    OPEN = "open"
    CARRIED_OUT = "carried_out"
    NOT_CARRIED_OUT = "not_carried_out"


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Votes:
    """How many were for, against, and did not choose."""

    in_favour: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def total(self) -> int:
        return self.in_favour + self.against + self.abstained


@dataclass(frozen=True, slots=True)
class DecisionFields:
    """What was decided, by whom, and who saw it otherwise."""

    text: str
    by: DecidedBy
    votes: Votes = Votes()
    dissent: str = ""


@dataclass(frozen=True, slots=True)
class TaskFields:
    """Who does what by when: a person with a task here, or a name."""

    what: str
    who: str
    due_on: date | None
    person_id: UUID | None = None


def fingerprint(content: Mapping[str, object]) -> str:
    """SHA-256 of what minutes say, whatever the order of its keys."""
    told = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def check_intact(content: Mapping[str, object], sha256: str) -> None:
    """Raise `InvalidTransition` unless minutes still say what was approved."""
    if fingerprint(content) != sha256:
        raise InvalidTransition(
            "meetings.minutes_not_intact",
            "These minutes are no longer those that were approved, so they are not shown. "
            "Ask the administrator to compare them with a backup.",
        )


def check_votes_fit(total: int, *, n_present: int) -> None:
    """Raise `Invalid` unless everybody whose vote was counted was there."""
    if total > n_present:
        raise Invalid(
            "meetings.votes_too_many",
            "{n} votes were counted, with {present} people present. "
            "Count again, or complete the list of who was there.",
            n=total,
            present=n_present,
        )


def check_writing(state: MeetingState, *, on: date, today: date) -> None:
    """Raise `InvalidTransition` unless minutes are written now: from the day until approval."""
    if state is MeetingState.APPROVED:
        raise InvalidTransition(
            "meetings.minutes_fixed",
            "These minutes were approved and stay as they are. "
            "Bring a correction to the next meeting.",
        )
    is_day = state is MeetingState.INVITED and on <= today
    if not is_day and state is not MeetingState.HELD:
        raise InvalidTransition(
            "meetings.minutes_not_yet",
            "Minutes are written from the day of the meeting on, after the invitation went out.",
        )


def check_decision(fields: DecisionFields, *, n_present: int) -> DecisionFields:
    """Raise `Invalid` unless the decision says what was decided, and its votes can be true.

    Parameters
    ----------
    n_present : int
        Places at the table that were taken; nobody votes twice.
    """
    if not check_text(fields.text):
        raise Invalid("meetings.decision_empty", "Write what was decided, in one sentence.")
    check_text(fields.dissent)
    votes = fields.votes
    if min(votes.in_favour, votes.against, votes.abstained) < 0 or votes.total > MOST_VOTES:
        raise Invalid("meetings.votes_impossible", "Votes are counted from 0 to 1000.")
    if fields.by is not DecidedBy.VOTE:
        if votes.total:
            raise Invalid(
                "meetings.votes_unasked",
                "Votes were counted, but the decision was not taken by vote. "
                "Choose vote, or leave the counts empty.",
            )
        return fields
    if votes.total == 0:
        raise Invalid("meetings.votes_missing", "Count the votes: for, against, no choice.")
    check_votes_fit(votes.total, n_present=n_present)
    return fields


def check_task(fields: TaskFields, *, held_on: date) -> TaskFields:
    """Raise `Invalid` unless the task says what, who and by when."""
    if not check_text(fields.what):
        raise Invalid("meetings.task_empty", "Write what has to be done.")
    if not check_text(fields.who) and fields.person_id is None:
        raise Invalid("meetings.task_without_who", "Say who does it: choose a person or a name.")
    check_title(fields.who or "-")
    if fields.due_on is None:
        raise Invalid("meetings.task_without_day", "Say by which day it is done.")
    if fields.due_on < held_on:
        raise Invalid(
            "meetings.task_before_meeting",
            "The task is due before the meeting of {on}. Choose that day or a later one.",
            on=held_on,
        )
    return fields


def check_task_note(state: TaskState, to: TaskState, text: str) -> str:
    """Return the note of a task; an ended task stays ended until it is opened with a reason."""
    clean = check_text(text)
    if clean:
        return clean
    if to is TaskState.DROPPED:
        raise Invalid("meetings.task_reason", "Say why the task is dropped.")
    if to is state or to is TaskState.OPEN:
        raise Invalid("meetings.task_note_empty", "Write where the task stands.")
    return clean


def check_carried(state: Carried, to: Carried, text: str) -> str:
    """Return the note on a decision: why it was not carried out, or where it stands."""
    clean = check_text(text)
    if not clean and (to is not Carried.CARRIED_OUT or to is state):
        raise Invalid(
            "meetings.carried_note",
            "Say where the decision stands, or why it is not carried out.",
        )
    return clean


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting as its minutes look at it."""

    id: UUID
    body_id: UUID
    on: date
    state: MeetingState


def check_approving(of: Sitting, at: Sitting, *, today: date, silent: Sequence[str]) -> None:
    """Raise unless the minutes of one meeting can be approved at another.

    Parameters
    ----------
    silent : sequence of str
        Points of the meeting on which nothing was written, and which did not go to the next.
    """
    check_step(of.state, MeetingState.APPROVED)
    is_later = at.body_id == of.body_id and at.id != of.id and at.on >= of.on
    if not is_later or at.state not in {MeetingState.INVITED, MeetingState.HELD}:
        raise Invalid(
            "meetings.approved_elsewhere",
            "Minutes are approved at a later meeting of the same body, to which people were "
            "invited. Plan it, or choose it.",
        )
    if at.on > today:
        raise InvalidTransition(
            "meetings.approved_too_early",
            "The meeting that approves is on {on}. Until then the minutes wait.",
            on=at.on,
        )
    if silent:
        raise Invalid(
            "meetings.points_silent",
            "Nothing was written yet on: {which}. Write what was said, or move them to the next "
            "meeting.",
            which=", ".join(silent),
        )


def check_correction(state: MeetingState, text: str) -> str:
    """Return a correction to the minutes of a meeting that was held."""
    if state is not MeetingState.HELD:
        raise InvalidTransition(
            "meetings.correction_too_late",
            "Corrections are noted after the meeting was held and before its minutes are approved.",
        )
    clean = check_text(text)
    if not clean:
        raise Invalid("meetings.correction_empty", "Write what has to be said otherwise.")
    return clean
