"""Meetings: how they pass from planned to approved, and what of them can be true."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

LINE_LENGTH: Final = 200


class MeetingState(StrEnum):
    """How far a meeting is."""

    PLANNED = "planned"
    INVITED = "invited"  # the invitation and the pack went out
    HELD = "held"  # the minutes are being written
    APPROVED = "approved"  # the minutes were approved, and stay as they are
    CANCELLED = "cancelled"


TRANSITIONS: Final = {
    MeetingState.PLANNED: frozenset({MeetingState.INVITED, MeetingState.CANCELLED}),
    MeetingState.INVITED: frozenset({MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset({MeetingState.APPROVED}),
    MeetingState.APPROVED: frozenset[MeetingState](),
    MeetingState.CANCELLED: frozenset[MeetingState](),
}
AHEAD: Final = frozenset({MeetingState.PLANNED, MeetingState.INVITED})


class Presence(StrEnum):
    """Whether somebody who was invited was there."""

    EXPECTED = "expected"
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"
    REPLACED = "replaced"  # somebody else came in their place


@dataclass(frozen=True, slots=True)
class MeetingFields:
    """What is filled in when a meeting is planned."""

    body_id: UUID
    on: date
    starts: time
    ends: time
    place: str = ""
    link: str = ""
    chair: str = ""
    secretary: str = ""
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class PresenceFields:
    """One line of the attendance list; `substitute` is who came instead."""

    presence: Presence
    substitute: str = ""


def check_meeting(fields: MeetingFields, *, today: date) -> MeetingFields:
    """Raise `Invalid` unless a meeting can be planned like this."""
    if fields.on < today:
        raise Invalid(
            "meetings.meeting_in_past",
            "The {on} has passed. Choose today or a later day.",
            on=fields.on,
        )
    if fields.ends <= fields.starts:
        raise Invalid(
            "meetings.meeting_ends_before",
            "The meeting ends before it starts. Give an hour of ending that comes later.",
        )
    if not fields.place.strip() and not fields.link.strip():
        raise Invalid(
            "meetings.meeting_nowhere",
            "Say where people meet: a place, a link for those who take part from afar, or both.",
        )
    _check_link(fields.link)
    check_text(fields.place)
    check_title(fields.chair or "-")
    check_title(fields.secretary or "-")
    return fields


def _check_link(link: str) -> None:
    clean = check_text(link)
    if clean and not (clean.startswith(("https://", "http://")) and len(clean.split()) == 1):
        raise Invalid(
            "meetings.meeting_link",
            "A link starts with https:// and has no spaces. Copy it whole from the invitation.",
        )


def check_step(state: MeetingState, to: MeetingState) -> None:
    """Raise `InvalidTransition` unless a meeting goes from one state to the other."""
    if to in TRANSITIONS[state]:
        return
    if to is MeetingState.APPROVED and state is not MeetingState.APPROVED:
        raise InvalidTransition(
            "meetings.minutes_too_early",
            "Minutes are approved after the meeting was held. Note first who was there.",
        )
    raise InvalidTransition(
        "meetings.meeting_state",
        "This cannot be done with the meeting as it stands now. "
        "Open its page again to see how far it is.",
    )


def check_ahead(state: MeetingState) -> None:
    """Raise `InvalidTransition` unless the meeting still lies ahead."""
    if state not in AHEAD:
        raise InvalidTransition(
            "meetings.meeting_not_ahead",
            "The meeting was held or called off; its agenda stays as it was. "
            "Put this on the agenda of the next meeting.",
        )


def check_inviting(state: MeetingState, *, on: date, today: date) -> None:
    """Raise `InvalidTransition` unless people can still be invited to the meeting."""
    check_ahead(state)
    if on < today:
        raise InvalidTransition(
            "meetings.invite_passed",
            "The day of the meeting, {on}, has passed. Give it another day first, or call it off.",
            on=on,
        )


def check_not_begun(*, is_written: bool) -> None:
    """Raise `InvalidTransition` once something was written: then the meeting took place."""
    if is_written:
        raise InvalidTransition(
            "meetings.meeting_begun",
            "Minutes, decisions or tasks of this meeting were written already, so it took place. "
            "Note who was there and close it instead.",
        )


def check_cancelling(state: MeetingState, reason: str) -> str:
    """Return the reason why a meeting is called off."""
    check_step(state, MeetingState.CANCELLED)
    clean = check_text(reason)
    if not clean:
        raise Invalid(
            "meetings.cancel_reason", "Say why the meeting is called off: its members read it."
        )
    return clean


def check_holding(state: MeetingState, *, on: date, today: date, n_present: int) -> None:
    """Raise unless the meeting can have been held."""
    check_step(state, MeetingState.HELD)
    if today < on:
        raise InvalidTransition(
            "meetings.held_too_early",
            "The meeting is on {on}. Until then it is not held; change the day if it was earlier.",
            on=on,
        )
    if n_present == 0:
        raise Invalid(
            "meetings.nobody_present",
            "Nobody was present according to the list. Note first who was there.",
        )


def check_presence(fields: PresenceFields) -> PresenceFields:
    """Raise `Invalid` unless a line of the attendance list says who was there."""
    substitute = check_text(fields.substitute)
    if len(substitute) > LINE_LENGTH:
        raise Invalid(
            "meetings.substitute_too_long", "The name of a substitute has 200 characters at most."
        )
    if fields.presence is Presence.REPLACED and not substitute:
        raise Invalid(
            "meetings.substitute_missing", "Write who came instead, or choose excused or absent."
        )
    if fields.presence is not Presence.REPLACED and substitute:
        raise Invalid(
            "meetings.substitute_unused",
            "There is a substitute for somebody who was not replaced. "
            "Choose replaced, or take the name out.",
        )
    return PresenceFields(fields.presence, substitute)


def count_present(presences: list[Presence]) -> int:
    """How many places at the table were taken."""
    return sum(one in {Presence.PRESENT, Presence.REPLACED} for one in presences)
