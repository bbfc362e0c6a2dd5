"""Reading the register in an emergency: one asks, another agrees, both read for a day."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.register import emergency
from baken.actionplan.register.setting_up import get_register, reach_in
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.plan_forms import seen_of, text
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.pages.request_forms import ShownForm

READING: Final = {"action": Action.READ_IN_EMERGENCY, "fresh": True}
PAGE: Final = "register/emergency.html"


class EmergencyForm(ShownForm):
    """Why it cannot wait for whoever keeps the register."""

    reason = text("register.emergency_reason", hint="register.emergency_hint", required=True)


class EmergencyPages(Controller):
    """Two people, a reason, a day."""

    path = "/o/{organisation_id:uuid}/register/emergency"

    @get("/", opt=READING, sync_to_thread=True)
    def home(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = EmergencyForm.blank(language)
        return page(request, PAGE, form=form, **_shown(session, keys, actor, now, language))

    @post("/", opt=READING, sync_to_thread=True)
    def ask(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = EmergencyForm.read(form, language)
        shown = _shown(session, keys, actor, now, language)
        if not sent.validate():
            return refused(request, session, PAGE, form=sent, **shown)
        try:
            emergency.ask_emergency(session, keys, str(sent.reason.data), by=actor, now=now)
        except BakenError as error:
            return refused(request, session, PAGE, form=sent, error=error, **shown)
        return _back(request, "done_emergency_asked")

    @post("/{emergency_id:uuid}/agree", opt=READING, sync_to_thread=True)
    def agree(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        emergency_id: FromPath[UUID],
    ) -> Response[str]:
        emergency.agree_emergency(
            session, emergency_id, seen=seen_of(form), by=actor, today=today, now=now
        )
        return _back(request, "done_emergency_agreed")

    @post("/{emergency_id:uuid}/end", opt=READING, sync_to_thread=True)
    def end(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        emergency_id: FromPath[UUID],
    ) -> Response[str]:
        emergency.end_emergency(session, emergency_id, seen=seen_of(form), by=actor, now=now)
        return _back(request, "done_emergency_ended")


def _shown(
    session: Session, keys: KeyStore, by: Actor, now: datetime, language: str
) -> dict[str, Any]:
    reach = reach_in(get_register(session), language)
    found = emergency.find_emergency(session, keys, by=by, now=now)
    reads = emergency.reads_in_emergency(session, by, now=now)
    earlier = emergency.list_earlier(session, keys, by=by, now=now)
    return {"emergency": found, "reach": reach, "reads": reads, "earlier": earlier}


def _back(request: PageRequest, said: str) -> Response[str]:
    see = frame_of(request).url("/register/emergency")
    return done(request, see=see, said=f"register.{said}")
