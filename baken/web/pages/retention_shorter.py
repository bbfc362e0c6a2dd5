"""A shorter term that waits: what would go, who confirms it, and calling it off."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.retention import shortening
from baken.actionplan.retention.rules import get_rule, shorter_after
from baken.actionplan.retention.sweeps import Due, Place
from baken.organisation.permissions import Action, Actor, holders_of
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.pages.plan_forms import seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.retention import said_years
from baken.web.texts import catalogue

CONFIRMING: Final = {"action": Action.CONFIRM_SHORTER_TERM, "fresh": True}


class ShorterTermPages(Controller):
    """From being asked for until it holds."""

    path = "/o/{organisation_id:uuid}/retention/{record:str}/shorter"

    @get("/", opt={"action": Action.SEE_RETENTION}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
        organisation_id: FromPath[UUID],
        record: FromPath[str],
    ) -> Response[str]:
        rule, say = get_rule(record), catalogue(language)
        asked = shortening.find_asked(session, record, by=actor)
        if asked is None:
            raise shortening.NothingAsked
        place = Place(database, keys, organisation_id, today, now)
        begins = asked.due_on or today + shorter_after()
        going = shortening.would_go(session, place, record, asked.years, on=begins, by=actor)
        return page(
            request,
            "organisation/retention_shorter.html",
            asked=asked,
            what=rule.what[language],
            before=said_years(asked.before, say),
            years=said_years(asked.years, say),
            begins=begins,
            wait=shorter_after().days,
            going=tuple(_named(going)),
            n_going=sum(one.n for one in going),
            others=holders_of(Action.CONFIRM_SHORTER_TERM),
        )

    @post("/confirm", opt=CONFIRMING, sync_to_thread=True)
    def confirm(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        record: FromPath[str],
    ) -> Response[str]:
        seen = seen_of(form)
        shortening.confirm_shorter(session, record, seen=seen, by=actor, today=today, now=now)
        see = frame_of(request).url(f"/retention/{record}/shorter")
        return done(request, see=see, said="retention.done_confirmed")

    @post("/end", opt=CONFIRMING, sync_to_thread=True)
    def call_off(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        record: FromPath[str],
    ) -> Response[str]:
        shortening.call_off(session, record, seen=seen_of(form), by=actor, today=today, now=now)
        see = frame_of(request).url("/retention")
        return done(request, see=see, said="retention.done_called_off")


def _named(going: Sequence[Due]) -> list[str]:
    return [one.what for one in going if one.what]
