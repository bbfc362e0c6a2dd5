"""Holds: why nothing may be removed for the time being."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from baken.organisation.permissions import Action, Actor
from baken.organisation.removals import holds
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import day
from baken.web.pages.plan_forms import as_version
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

PAGE: Final = "organisation/holds.html"
SENSITIVE: Final = {"action": Action.HOLD_ORGANISATION, "fresh": True}


class HoldForm(BackOfficeForm):
    """Why everything has to be kept."""

    reason = TextAreaField(
        "organisation.hold_reason",
        [DataRequired(), Length(max=2000)],
        description="organisation.hold_reason_hint",
    )
    until_on = day("organisation.hold_until", hint="organisation.hold_until_hint", required=False)


class HoldPages(Controller):
    """Holds on the organisation."""

    path = "/o/{organisation_id:uuid}/organisation/holds"

    @get("/", opt=SENSITIVE, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        rows = tuple(holds.list_holds(session))
        return page(request, PAGE, form=HoldForm.blank(language), rows=rows)

    @post("/", opt=SENSITIVE, sync_to_thread=True, status_code=200)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = HoldForm.read(form, language)
        rows = tuple(holds.list_holds(session))
        if not sent.validate():
            return refused(request, session, PAGE, form=sent, rows=rows)
        try:
            holds.set_hold(
                session,
                str(sent.reason.data),
                until_on=sent.until_on.data,
                by=actor,
                today=today,
                now=now,
            )
        except BakenError as error:
            return refused(request, session, PAGE, form=sent, error=error, rows=rows)
        see = frame_of(request).url("/organisation/holds")
        return done(request, see=see, said="organisation.done_hold_set")

    @post("/{hold_id:uuid}/lift", opt=SENSITIVE, sync_to_thread=True)
    def lift(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        hold_id: FromPath[UUID],
    ) -> Response[str]:
        version = form.get("version")
        holds.lift_hold(
            session,
            hold_id,
            version=as_version(version),
            by=actor,
            today=today,
            now=now,
        )
        see = frame_of(request).url("/organisation/holds")
        return done(request, see=see, said="organisation.done_hold_lifted")
