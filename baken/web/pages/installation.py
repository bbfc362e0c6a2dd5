"""Pages of the installer: the organisations, making one, bringing one in, protocols of removals."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import FileField, PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from baken.organisation import installation
from baken.organisation.accounts.sessions import LoggedIn
from baken.organisation.founding import NewHouse, found_organisation
from baken.organisation.invitations import get_token
from baken.organisation.transfers.imports import Contact, receive_file
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form, Upload
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import FileChosen, line, option
from baken.web.pages.installation_views import describe_arrivals
from baken.web.pages.people_forms import IS_ADDRESS
from baken.web.pages.reply import PageRequest, done, page, refused
from baken.web.settings import Settings
from baken.web.texts import LANGUAGES

NEW: Final = "installation/new.html"
LINK: Final = "installation/link.html"
IMPORT: Final = "installation/import.html"
IMPORT_LIMIT: Final = 64 * 1024 * 1024
FRESH: Final = {"account": True, "fresh": True}


class ArrivalForm(BackOfficeForm):
    """A file, its passphrase, and who is invited."""

    file = FileField(
        "organisation.import_file", [FileChosen()], description="organisation.import_file_hint"
    )
    passphrase = PasswordField(
        "organisation.import_passphrase",
        [InputRequired(), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    name = line("organisation.contact_name", length=200)
    mail = line("organisation.contact_mail", length=254, hint="organisation.contact_hint")
    chosen: Upload | None = None


class HouseForm(BackOfficeForm):
    """A new organisation, and who is invited as its main contact."""

    house_name = line("organisation.name", length=200)
    language_of = SelectField(
        "organisation.language",
        choices=[option(code, f"organisation.language_{code}") for code in LANGUAGES],
        description="organisation.language_hint",
    )
    name = line("organisation.contact_name", length=200)
    mail = line(
        "organisation.contact_mail",
        length=254,
        hint="organisation.contact_hint",
        more=(IS_ADDRESS,),
    )

    @property
    def house(self) -> NewHouse:
        return NewHouse(
            str(self.house_name.data),
            str(self.language_of.data),
            str(self.name.data),
            str(self.mail.data),
        )


class InstallationPages(Controller):
    """For whoever looks after the installation."""

    path = "/installation"

    @get("/", opt=FRESH, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
    ) -> Response[str]:
        installation.check_installer(account)
        rows = tuple(installation.list_houses(database))
        return page(request, "installation/organisations.html", rows=rows)

    @get("/new", opt=FRESH, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
    ) -> Response[str]:
        installation.check_installer(account)
        form = HouseForm.blank(language, {"language_of": language})
        return page(request, NEW, form=form, has_mail=settings.mail is not None)

    @post("/new", opt=FRESH, sync_to_thread=True, status_code=200)
    def make(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        installation.check_installer(account)
        sent = HouseForm.read(form, language)
        has_mail = settings.mail is not None
        if not sent.validate():
            return page(request, NEW, status=422, form=sent, has_mail=has_mail)
        try:
            founded = found_organisation(
                database,
                sent.house,
                languages=LANGUAGES,
                is_by_mail=has_mail,
                by=account.account_id,
                today=today,
                now=now,
            )
        except BakenError as error:
            return page(request, NEW, status=422, form=sent.refuse(error), has_mail=has_mail)
        if has_mail:
            return done(request, see="/installation", said="organisation.done_made")
        token = get_token(keys, founded.organisation_id, founded.invitation_id)
        link = f"{settings.origin}/invitation/{token}"
        return page(request, LINK, link=link, house=sent.house)

    @get("/import", opt=FRESH, sync_to_thread=True)
    def import_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        keys: NamedDependency[KeyStore],
        language: NamedDependency[str],
    ) -> Response[str]:
        installation.check_installer(account)
        arrivals = describe_arrivals(session, keys, language)
        return page(request, IMPORT, form=ArrivalForm.blank(language), arrivals=arrivals)

    @post(
        "/import",
        opt=FRESH,
        sync_to_thread=True,
        request_max_body_size=IMPORT_LIMIT,
        status_code=200,
    )
    def bring(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        settings: NamedDependency[Settings],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        installation.check_installer(account)
        sent = ArrivalForm.read(form, language)
        sent.chosen = form.upload("file")
        arrivals = describe_arrivals(session, keys, language)
        if not sent.validate() or sent.chosen is None:
            return refused(request, session, IMPORT, form=sent, arrivals=arrivals)
        try:
            receive_file(
                session,
                keys,
                settings.transfers,
                sent.chosen.content,
                passphrase=str(sent.passphrase.data),
                contact=Contact.named(str(sent.name.data), str(sent.mail.data)),
                by=account.account_id,
                now=now,
            )
        except BakenError as error:
            return refused(request, session, IMPORT, form=sent, error=error, arrivals=arrivals)
        return done(request, see="/installation/import", said="organisation.done_import_asked")

    @get("/removals/{removed_id:uuid}", opt=FRESH, sync_to_thread=True)
    def protocol_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        removed_id: FromPath[UUID],
    ) -> Response[str]:
        installation.check_installer(account)
        protocol = installation.get_protocol(session, removed_id)
        return page(request, "installation/protocol.html", row=protocol)
