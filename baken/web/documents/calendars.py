"""Meetings and days of tasks as a calendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from baken.actionplan.meetings.feed import Appointment, Occasion
from baken.web.numerals import ZONE
from baken.web.texts import Catalogue


def calendar_file(found: Iterable[Appointment], t: Catalogue, *, now: datetime) -> bytes:
    """Return meetings and days of tasks as one file."""
    made = Calendar()
    made.add("prodid", "-//Baken//Meetings//EN")
    made.add("version", "2.0")
    for one in found:
        made.add_component(event_of(one, t, now=now))
    return bytes(made.to_ical())


def event_of(one: Appointment, t: Catalogue, *, now: datetime) -> Event:
    """A meeting from hour to hour, or the day of a task; a change replaces what was there."""
    event = Event()
    kind = Occasion.TASK if one.occasion is Occasion.TASK else Occasion.MEETING
    event.add("uid", f"{one.id}-{kind}@baken")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", one.version)
    event.add("summary", t(f"meetings.calendar_{one.occasion}", what=one.title))
    if one.starts is None or one.ends is None:
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", datetime.combine(one.on, one.starts, ZONE).astimezone(UTC))
        event.add("dtend", datetime.combine(one.on, one.ends, ZONE).astimezone(UTC))
        event.add("location", one.place)
    if one.occasion is Occasion.CANCELLED:
        event.add("status", "CANCELLED")
    return event
