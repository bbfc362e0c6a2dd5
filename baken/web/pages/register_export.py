"""The register for the inspector: one archive, made in memory, for a reason that is kept."""

import threading
from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.actionplan.register.access import check_right
from baken.actionplan.register.exporting import ask_export, read_period
from baken.actionplan.register.lists import Right
from baken.actionplan.register.setting_up import get_register
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.documents.register_files import register_archive
from baken.web.pages.register_forms import ExportForm, year_before
from baken.web.pages.reply import PageRequest, frame_of, page

EXPORTING: Final = {"action": Action.EXPORT_REGISTER, "fresh": True}
FORM: Final = "register/export.html"
# One at a time: a large one keeps a core busy for a while.
_setting = threading.Lock()


class RegisterExport(Controller):
    """What the keeper hands to the inspector."""

    path = "/o/{organisation_id:uuid}/register/export"

    @get("/", opt=EXPORTING, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        check_right(get_register(session), actor, Right.EXPORT)
        from_on, until_on = year_before(today)
        form = ExportForm.blank(language, {"from_on": from_on, "until_on": until_on})
        return page(request, FORM, form=form)

    @post("/", opt=EXPORTING, sync_to_thread=True, status_code=200)
    def export(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str] | Response[bytes]:
        """Record it first, in a transaction of its own; then read, while others may write."""
        sent = ExportForm.read(form, language)
        if not sent.validate():
            return page(request, FORM, status=422, form=sent)
        try:
            with database.session(actor.organisation_id) as session:
                permit = ask_export(session, **sent.data, by=actor, now=now)
        except BakenError as error:
            return page(request, FORM, status=422, form=sent.refuse(error))
        place = frame_of(request).place
        with _setting:
            with database.snapshot(actor.organisation_id) as session:
                exported = read_period(session, keys, permit, language=language)
            content = register_archive(
                exported,
                organisation=place.name if place else "",
                language=language,
                static_root=request.app.state.static_root,
                now=now,
            )
        name = f"register-{permit.from_on}-{permit.until_on}.zip"
        return Response(
            content,
            media_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
