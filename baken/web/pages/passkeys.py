"""The passkeys of one's own account: add, rename, remove."""

from datetime import date, datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from baken.organisation.accounts import passkey_acts
from baken.organisation.accounts.ceremonies import NewKey
from baken.organisation.accounts.factors import check_may_remove
from baken.organisation.accounts.passkey_acts import Visit
from baken.organisation.accounts.passkeys import MAX_NAME, PasskeyRow, get_passkey
from baken.organisation.accounts.sessions import LoggedIn, confirm_factor
from baken.organisation.errors import OrganisationError
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.errors import HalfLoggedIn
from baken.web.forms import BackOfficeForm
from baken.web.pages.access import local_path, session_token
from baken.web.pages.before_log_in import browser_of, keep_token
from baken.web.pages.log_in_set_up import show_codes
from baken.web.pages.passkey_ceremony import options_answer, refused_page, visit_of
from baken.web.pages.reply import PageRequest, done, page, refused

NEW = "/account/passkeys/new"
FIRST = "/log-in/set-up/passkey"


class PasskeyForm(BackOfficeForm):
    """What the passkey is called; the browser adds what it signed."""

    name = StringField(
        "passkeys.name",
        [InputRequired(), Length(max=MAX_NAME)],
        description="passkeys.name_hint",
    )


class RenameForm(PasskeyForm):
    """The name, and which version of the row the person was looking at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the person was looking at; 0 when the field was changed."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class PasskeyPages(Controller):
    """One's own passkeys."""

    @get(NEW, opt={"account": True, "fresh": True}, sync_to_thread=True)
    def new(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return _new_page(request, language, post_to=NEW)

    @post(
        f"{NEW}/challenge",
        opt={"account": True, "fresh": True},
        status_code=200,
        sync_to_thread=True,
    )
    def new_challenge(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        visit = visit_of(request, account.session_id.bytes, now=now, today=today)
        return options_answer(passkey_acts.begin_adding(session, account.account_id, visit))

    @post(NEW, opt={"account": True, "fresh": True}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        form: NamedDependency[Form],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        try:
            visit, made = _made(request, account, now=now, today=today)
            with database.session(None) as session:
                passkey_acts.add_passkey(
                    session, account.account_id, made, name=form.get("name"), visit=visit
                )
        except BakenError as error:
            return refused_page(request, error, back=NEW)
        return done(request, see="/account", said="passkeys.done_added")

    @get("/account/passkeys/{passkey_id:uuid}", opt={"account": True}, sync_to_thread=True)
    def one(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        language: NamedDependency[str],
        passkey_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_passkey(session, account.account_id, passkey_id)
        form = RenameForm.blank(language, {"name": row.name, "version": row.version})
        return page(request, "account/passkey.html", passkey=PasskeyRow.of(row), form=form)

    @post("/account/passkeys/{passkey_id:uuid}", opt={"account": True}, sync_to_thread=True)
    def rename(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        form: NamedDependency[Form],
        session: NamedDependency[Session],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
        passkey_id: FromPath[UUID],
    ) -> Response[str]:
        row = PasskeyRow.of(get_passkey(session, account.account_id, passkey_id))
        sent = RenameForm.read(form, language)
        template = "account/passkey.html"
        if not sent.validate():
            return refused(request, session, template, form=sent, passkey=row)
        try:
            passkey_acts.rename_passkey(
                session,
                account.account_id,
                passkey_id,
                name=str(sent.name.data),
                version=sent.seen,
                now=now,
            )
        except OrganisationError as error:
            return refused(request, session, template, form=sent, error=error, passkey=row)
        return done(request, see="/account", said="passkeys.done_renamed")

    @get(
        "/account/passkeys/{passkey_id:uuid}/remove",
        opt={"account": True, "fresh": True},
        sync_to_thread=True,
    )
    def removing(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        passkey_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_passkey(session, account.account_id, passkey_id)
        check_may_remove(session, account.account_id)
        return page(request, "account/passkey_remove.html", passkey=PasskeyRow.of(row))

    @post(
        "/account/passkeys/{passkey_id:uuid}/remove",
        opt={"account": True, "fresh": True},
        sync_to_thread=True,
    )
    def remove(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        now: NamedDependency[datetime],
        passkey_id: FromPath[UUID],
    ) -> Response[str]:
        passkey_acts.remove_passkey(session, account.account_id, passkey_id, now=now)
        return done(request, see="/account", said="passkeys.done_removed")


class FirstPasskey(Controller):
    """A passkey as the first second factor, right after the password."""

    path = FIRST

    @get("/", opt={"half": True}, sync_to_thread=True)
    def new(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        language: NamedDependency[str],
    ) -> Response[str]:
        _check_is_first(account)
        return _new_page(request, language, post_to=FIRST)

    @post("/challenge", opt={"half": True}, status_code=200, sync_to_thread=True)
    def challenge(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        _check_is_first(account)
        visit = visit_of(request, account.session_id.bytes, now=now, today=today)
        return options_answer(passkey_acts.begin_adding(session, account.account_id, visit))

    @post("/", opt={"half": True}, status_code=200, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        form: NamedDependency[Form],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        _check_is_first(account)
        try:
            visit, made = _made(request, account, now=now, today=today)
            with database.session(None) as session:
                codes = passkey_acts.add_first_passkey(
                    session, keys, account.account_id, made, name=form.get("name"), visit=visit
                )
                token = confirm_factor(session, session_token(request), now=now)
        except BakenError as error:
            return refused_page(request, error, back=FIRST)
        onward = local_path(request.query_params.get("next", ""))
        return keep_token(request, show_codes(request, codes, onward=onward), token)


def _check_is_first(account: LoggedIn) -> None:
    """Whoever has a factor shows that one first: a password alone adds nothing."""
    if account.has_factor:
        raise HalfLoggedIn(has_factor=True)


def _new_page(request: PageRequest, language: str, *, post_to: str) -> Response[str]:
    is_first = post_to == FIRST
    return page(
        request,
        "account/passkey_new.html",
        form=PasskeyForm.blank(language, {"name": browser_of(request)}),
        post_to=post_to,
        back="/log-in/set-up" if is_first else "/account",
        next=local_path(request.query_params.get("next", "")),
    )


def _made(
    request: PageRequest, account: LoggedIn, *, now: datetime, today: date
) -> tuple[Visit, NewKey]:
    form: Form = request.state.form
    visit = visit_of(request, account.session_id.bytes, now=now, today=today)
    made = passkey_acts.check_new_key(
        request.app.state.database, account.account_id, answer=form.get("credential"), visit=visit
    )
    return visit, made
