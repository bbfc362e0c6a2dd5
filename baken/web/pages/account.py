"""One's own account: name, language, password, and the way to everything else."""

from datetime import datetime
from functools import partial

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.status_codes import (
    HTTP_403_FORBIDDEN,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
)
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from baken.organisation.accounts import lost_factor_lists, passkeys, recovery_codes, totp
from baken.organisation.accounts.actions import change_password, change_profile
from baken.organisation.accounts.identities import list_identities
from baken.organisation.accounts.passwords import MAX_PASSWORD
from baken.organisation.accounts.sessions import LoggedIn, list_sessions
from baken.organisation.errors import Denied, OrganisationError
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.failures import TooManyFailures
from baken.web.forms import BackOfficeForm
from baken.web.pages.attempts import try_password
from baken.web.pages.before_log_in import slowly
from baken.web.pages.fields import option
from baken.web.pages.forgotten import NewPasswordForm
from baken.web.pages.openid_journey import name_of_provider
from baken.web.pages.reply import PageRequest, done, page, refused
from baken.web.texts import LANGUAGES, NAMES


class ProfileForm(BackOfficeForm):
    """How Baken speaks to somebody."""

    name = StringField("account.name", [InputRequired(), Length(max=200)])
    speaks = SelectField(
        "account.language",
        [InputRequired()],
        choices=[option(code, NAMES[code]) for code in LANGUAGES],
    )


class PasswordForm(NewPasswordForm):
    """The password of now and the one to come."""

    current = PasswordField("account.current_password", [InputRequired(), Length(max=MAX_PASSWORD)])


class AccountPages(Controller):
    """What an account is, for the one whose it is."""

    path = "/account"

    @get("/", opt={"account": True}, sync_to_thread=True)
    def overview(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        own = account.account_id
        lost = lost_factor_lists.list_everywhere(session, now=now) if account.is_installer else []
        return page(
            request,
            "account/account.html",
            account=account,
            totp_since=totp.get_set_up_at(session, own),
            passkeys=passkeys.list_passkeys(session, own),
            provider=name_of_provider(request),
            identities=list_identities(session, own),
            n_codes=recovery_codes.count_left(session, own),
            n_sessions=len(list_sessions(session, own, this=account.session_id, now=now)),
            n_lost=len(lost),
        )

    @get("/profile", opt={"account": True}, sync_to_thread=True)
    def profile_page(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        language: NamedDependency[str],
    ) -> Response[str]:
        values = {"name": account.name, "speaks": account.language}
        return page(request, "account/profile.html", form=ProfileForm.blank(language, values))

    @post("/profile", opt={"account": True}, sync_to_thread=True)
    def change_profile(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        sent = ProfileForm.read(form, language)
        if not sent.validate():
            return refused(request, session, "account/profile.html", form=sent)
        try:
            change_profile(
                session,
                account.account_id,
                name=str(sent.name.data),
                language=str(sent.speaks.data),
                now=now,
            )
        except OrganisationError as error:
            return refused(request, session, "account/profile.html", form=sent, error=error)
        return done(request, see="/account", said="account.done_profile")

    @get("/password", opt={"account": True, "fresh": True}, sync_to_thread=True)
    def password_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return page(request, "account/password.html", form=PasswordForm.blank(language))

    @post("/password", opt={"account": True, "fresh": True})
    async def change_password(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        sent = PasswordForm.read(form, language)
        if not sent.validate():
            return _password_page(request, sent, HTTP_422_UNPROCESSABLE_ENTITY)
        change = partial(
            change_password,
            database,
            account.account_id,
            current=str(sent.current.data),
            new=str(sent.new.data),
            this_session=account.session_id,
            now=now,
        )
        try:
            await slowly(partial(try_password, request, account.mail, change, now=now))
        except TooManyFailures as error:
            return _password_page(request, sent.refuse(error), HTTP_429_TOO_MANY_REQUESTS)
        except Denied as error:
            return _password_page(request, sent.refuse(error), HTTP_403_FORBIDDEN)
        except OrganisationError as error:
            return _password_page(request, sent.refuse(error), HTTP_422_UNPROCESSABLE_ENTITY)
        return done(request, see="/account", said="account.done_password")


def _password_page(request: PageRequest, form: PasswordForm, status: int) -> Response[str]:
    return page(request, "account/password.html", status=status, form=form)
