"""What comes by itself: all that needs somebody, a letter a week, a calendar of one's own."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.errors import NotFound
from baken.actionplan.measures.reminders.calendar import (
    CalendarDay,
    end_calendar,
    find_calendar,
    find_owner,
    list_days,
    make_calendar,
    owner_of,
)
from baken.actionplan.measures.reminders.digest import choose_digest, wants_digest
from baken.actionplan.meetings.feed import Appointment, list_appointments
from baken.actionplan.overview import get_overview
from baken.organisation.models import Organisation
from baken.organisation.permissions import Action, Actor
from baken.organisation.waiting import put_in_order
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.documents.calendars import event_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.waiting_views import lines_of
from baken.web.texts import LANGUAGES, catalogue

PAGE: Final = "actionplan/reminders.html"
SEE: Final = {"action": Action.SEE_PLANS}
ALL: Final = 10_000
_FETCHED_AGAIN: Final = timedelta(hours=12)


class ReminderPages(Controller):
    """What needs the reader, and how they hear of it."""

    path = "/o/{organisation_id:uuid}/reminders"

    @get("/", opt=SEE, sync_to_thread=True)
    def needs_me(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
    ) -> Response[str]:
        seen = get_overview(session, by=actor, today=today, now=now)
        ordered = put_in_order(seen.waiting, today=today, of_a_kind=ALL)
        frame = frame_of(request)
        rows = lines_of(ordered, catalogue(language), frame, today=today)
        return page(request, "actionplan/needs_me.html", rows=rows)

    @get("/settings", opt=SEE, sync_to_thread=True)
    def settings_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
    ) -> Response[str]:
        return _settings(request, session, actor, address="")

    @post("/letter", opt=SEE, sync_to_thread=True)
    def letter(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
    ) -> Response[str]:
        wanted = form.get("wanted") == "yes"
        choose_digest(session, wanted=wanted, by=actor, today=today)
        see = frame_of(request).url("/reminders/settings")
        said = "reminders.done_wanted" if wanted else "reminders.done_refused"
        return done(request, see=see, said=said)

    @post("/calendar", opt=SEE, sync_to_thread=True, status_code=200)
    def make(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
    ) -> Response[str]:
        secret = make_calendar(session, by=actor, today=today)
        origin = request.app.state.settings.origin
        return _settings(request, session, actor, address=f"{origin}/calendar/{secret}.ics")

    @post("/calendar/end", opt=SEE, sync_to_thread=True)
    def end(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
    ) -> Response[str]:
        end_calendar(session, by=actor)
        see = frame_of(request).url("/reminders/settings")
        return done(request, see=see, said="reminders.done_ended")


class CalendarDoor(Controller):
    """The address that a calendar programme fetches."""

    path = "/calendar"

    @get("/{file:str}", opt={"public": True}, sync_to_thread=True)
    def feed(
        self,
        request: PageRequest,
        *,
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        file: FromPath[str],
    ) -> Response[bytes]:
        if not file.endswith(".ics"):
            raise NotFound(
                "actionplan.no_such_calendar",
                "There is no calendar at this address. Make a new one in Baken.",
            )
        database: Database = request.app.state.database
        with database.read(None) as session:
            organisation_id, calendar_id = find_owner(session, file.removesuffix(".ics"))
            language = session.get_one(Organisation, organisation_id).language
        with database.read(organisation_id) as session:
            days = list_days(session, calendar_id, today=today)
            owner = owner_of(session, calendar_id, today=today)
            meetings = list_appointments(session, by=owner, today=today)
        return Response(
            calendar_of(days, meetings, language=language, now=now),
            media_type="text/calendar",
            headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        )


def calendar_of(
    days: list[CalendarDay],
    meetings: Sequence[Appointment] = (),
    *,
    language: str,
    now: datetime,
) -> bytes:
    """Days of measures and tasks with a title, and meetings with hour and place (RFC 5545)."""
    t = catalogue(language if language in LANGUAGES else "nl")
    made = Calendar()
    made.add("prodid", "-//Baken//Measures//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Baken")
    made.add("refresh-interval", _FETCHED_AGAIN, parameters={"VALUE": "DURATION"})
    for day in days:
        event = Event()
        event.add("uid", f"{day.measure_id}-{day.occasion}@baken")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", t(f"reminders.calendar_{day.occasion}", what=day.title))
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    for one in meetings:
        made.add_component(event_of(one, t, now=now))
    return bytes(made.to_ical())


def _settings(
    request: PageRequest, session: Session, actor: Actor, *, address: str
) -> Response[str]:
    feed = find_calendar(session, by=actor)
    return page(
        request,
        PAGE,
        wants_letter=wants_digest(session, by=actor),
        made_on=feed.made_on if feed else None,
        address=address,
    )
