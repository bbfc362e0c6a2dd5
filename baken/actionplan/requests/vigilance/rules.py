"""The vigilance network: who listens, when an answer is late, what may be told of what recurs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.requests.law import law, value_of
from baken.actionplan.wording import check_text, check_title


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFields:
    """Somebody who listens: for whom or what, since when."""

    person_id: UUID
    for_what: str
    from_on: date
    unit_id: UUID | None = None
    charter_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeFields:
    """Something that recurs, told without a person in it."""

    theme: str
    title: str
    pattern: str
    suggestion: str
    told_on: date
    is_collective: bool


def answer_by(received_at: datetime) -> datetime:
    """Return until when a signal is answered."""
    return received_at + timedelta(hours=value_of("answer_hours"))


def is_late(received_at: datetime, answered_at: datetime | None, *, now: datetime) -> bool:
    """Whether an answer came, or is still awaited, after its time."""
    return (answered_at or now) > answer_by(received_at)


def check_contact(fields: ContactFields) -> None:
    """Raise `Invalid` unless somebody can stand in the list like this."""
    check_title(fields.for_what)
    if fields.charter_on is not None and fields.charter_on > fields.from_on:
        raise Invalid(
            "requests.charter_afterwards",
            "The charter is signed before somebody begins. Look at the two days once more.",
        )


def check_theme_key(key: str) -> None:
    """Raise `Invalid` for a theme that is not in the list."""
    if key not in {one.key for one in law().themes}:
        raise Invalid("requests.no_such_theme", "Choose one of the themes that are offered.")


def check_received(received_at: datetime, *, now: datetime) -> None:
    """Raise `Invalid` for a signal of the future, or of longer ago than anybody notes down."""
    days = value_of("signal_back_days")
    if not now - timedelta(days=days) <= received_at <= now:
        raise Invalid(
            "requests.odd_moment",
            "Choose when it was told: before now, in the last {days} days.",
            days=days,
        )


def last_settled_year(today: date) -> int:
    """Return the last year of which the counts stand still: no signal of it can come in any more.

    A count that moves tells of one person who was there.
    """
    oldest = today - timedelta(days=value_of("signal_back_days"))
    return oldest.year - 1


def check_answered(received_at: datetime, answered_at: datetime, *, now: datetime) -> None:
    """Raise `Invalid` for an answer before the signal or after now."""
    if not received_at <= answered_at <= now:
        raise Invalid(
            "requests.odd_answer", "The answer lies between the moment it was told and now."
        )


def check_theme(fields: ThemeFields, *, today: date) -> None:
    """Raise `Invalid` unless this can be told to those who decide."""
    check_theme_key(fields.theme)
    check_title(fields.title)
    if not check_text(fields.pattern):
        raise Invalid("requests.no_pattern", "Write down what recurs, and where.")
    check_text(fields.suggestion)
    if fields.told_on > today:
        raise Invalid("requests.told_in_future", "It cannot be told later than today.")
    if not fields.is_collective:
        raise Invalid(
            "requests.not_collective",
            "Only what concerns a group goes on from here. Take out what points at one person, "
            "and say that you looked.",
        )
