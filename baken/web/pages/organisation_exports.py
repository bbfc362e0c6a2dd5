"""Taking everything of the organisation along in one encrypted file."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from wtforms import PasswordField
from wtforms.validators import Length, Optional

from baken.actionplan.register.setting_up import find_register
from baken.analysis.errors import CannotLeave
from baken.analysis.leaving import check_can_export
from baken.organisation.permissions import Action, Actor
from baken.organisation.transfers import consents, exports
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.portability.sealing import MIN_PASSPHRASE, generate_passphrase
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.export_consents import PartView
from baken.web.pages.reply import PageRequest, frame_of, page, refused, see_page
from baken.web.settings import Settings
from baken.web.texts import catalogue

PAGE: Final = "organisation/exports.html"
_PIECE: Final = 64 * 1024


class ExportForm(BackOfficeForm):
    """A passphrase of one's own; without one, Baken makes one and shows it once."""

    passphrase = PasswordField(
        "organisation.passphrase",
        [Optional(), Length(min=MIN_PASSPHRASE, max=200)],
        description="organisation.passphrase_hint",
        render_kw={"autocomplete": "new-password"},
    )


class OrganisationExports(Controller):
    """Exports: asked for here, written in the background, fetched once."""

    path = "/o/{organisation_id:uuid}/organisation/exports"

    @get("/", opt={"action": Action.EXPORT_ORGANISATION, "fresh": True}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
    ) -> Response[str]:
        shown = _shown(session, settings, language, by=actor, today=today, now=now)
        return page(request, PAGE, form=ExportForm.blank(language), **shown)

    @post(
        "/",
        opt={"action": Action.EXPORT_ORGANISATION, "fresh": True},
        sync_to_thread=True,
        status_code=200,
    )
    def ask(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        keys: NamedDependency[KeyStore],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = ExportForm.read(form, language)
        shown = _shown(session, settings, language, by=actor, today=today, now=now)
        if not sent.validate():
            return refused(request, session, PAGE, form=sent, **shown)
        made = "" if sent.passphrase.data else generate_passphrase()
        try:
            job_id = exports.ask_export(
                session,
                keys,
                passphrase=made or str(sent.passphrase.data),
                check=check_can_export,
                by=actor,
                today=today,
                now=now,
            )
        except BakenError as error:
            return refused(request, session, PAGE, form=sent, error=error, **shown)
        path = frame_of(request).url(f"/jobs/{job_id}")
        if not made:
            return see_page(path)
        return page(request, "organisation/export_passphrase.html", passphrase=made, job=path)

    # A POST: fetching the file deletes it.
    @post(
        "/{export_id:uuid}/file",
        opt={"action": Action.EXPORT_ORGANISATION, "fresh": True},
        sync_to_thread=True,
        status_code=200,
    )
    def fetch(
        self,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
        export_id: FromPath[UUID],
    ) -> Stream:
        folder = settings.transfers
        path = exports.fetch_export(session, folder, export_id, by=actor, now=now)
        return Stream(
            _pieces(path),
            status_code=200,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="baken-{now:%Y%m%d}.baken"',
                "Content-Length": str(path.stat().st_size),
            },
            # Only after the last byte went out: what broke off can be tried again.
            background=BackgroundTask(exports.fetched, folder, keys, export_id),
        )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _shown(
    session: Session, settings: Settings, language: str, *, by: Actor, today: date, now: datetime
) -> dict[str, Any]:
    refusal, say = "", catalogue(language)
    try:
        check_can_export(session)
    except CannotLeave as error:
        refusal = say.refusal(error)
    rows = exports.list_exports(session, settings.transfers, by=by, now=now)
    has_register = find_register(session) is not None
    parts = consents.list_parts(session, by=by, today=today)
    return {
        "rows": tuple(rows),
        "refusal": refusal,
        "has_register": has_register,
        "parts": tuple(PartView.of(part, say) for part in parts),
    }
