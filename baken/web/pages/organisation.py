"""The organisation itself: its name and language, and the way to what rarely happens."""

from datetime import datetime
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from baken.organisation import naming
from baken.organisation.permissions import Action, Actor
from baken.organisation.removals.actions import find_removal
from baken.organisation.removals.holds import count_holds
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import line, option
from baken.web.pages.plan_forms import as_version
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

PAGE: Final = "organisation/settings.html"
LANGUAGES: Final = ("nl", "fr", "en", "de")


class NamingForm(BackOfficeForm):
    """Name and language."""

    name = line("organisation.name", length=200)
    language_of = SelectField(
        "organisation.language",
        [InputRequired()],
        choices=[option(code, f"organisation.language_{code}") for code in LANGUAGES],
        description="organisation.language_hint",
    )
    version = HiddenField()


class OrganisationPages(Controller):
    """What can be done with the organisation as a whole."""

    path = "/o/{organisation_id:uuid}/organisation"

    @get("/", opt={"action": Action.SEE_PEOPLE}, sync_to_thread=True)
    def settings_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        found = naming.get_naming(session)
        values = {
            "name": found.name,
            "language_of": found.language,
            "version": str(found.version),
        }
        form = NamingForm.blank(language, values)
        return page(request, PAGE, form=form, **_shown(session))

    @post("/", opt={"action": Action.EDIT_ORGANISATION}, sync_to_thread=True, status_code=200)
    def save(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = NamingForm.read(form, language)
        shown = _shown(session)
        if not sent.validate():
            return refused(request, session, PAGE, form=sent, **shown)
        version = str(sent.version.data)
        try:
            naming.rename(
                session,
                name=str(sent.name.data),
                language=str(sent.language_of.data),
                version=as_version(version),
                by=actor,
                now=now,
            )
        except BakenError as error:
            return refused(request, session, PAGE, form=sent, error=error, **shown)
        return done(
            request, see=frame_of(request).url("/organisation"), said="organisation.done_saved"
        )


def _shown(session: Session) -> dict[str, Any]:
    return {"removal": find_removal(session), "n_holds": count_holds(session)}
