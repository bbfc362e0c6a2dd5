"""An invitation that came by mail: becoming an account, or joining with the one that exists."""

from datetime import datetime
from functools import partial

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from baken.organisation import invitations
from baken.organisation.accounts.actions import add_account
from baken.organisation.accounts.links import LinkOver
from baken.organisation.accounts.passwords import check_password, hash_password
from baken.organisation.accounts.sessions import LoggedIn, start_half
from baken.organisation.errors import OrganisationError
from baken.organisation.invitations import Invited
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.body import Form
from baken.web.pages.access import session_token
from baken.web.pages.before_log_in import (
    browser_of,
    check_before,
    come_in,
    page_before,
    slowly,
)
from baken.web.pages.forgotten import NewPasswordForm, link_over_page
from baken.web.pages.log_in_factor import factor_path
from baken.web.pages.reply import PageRequest, done, page


class InvitedForm(NewPasswordForm):
    """Who the person is, and a password."""

    name = StringField("account.name", [InputRequired(), Length(max=200)])


class InvitationPages(Controller):
    """The link shows who invites; nothing happens before a button is pressed."""

    @get("/invitation/{link:str}", opt={"public": True}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
        link: FromPath[str],
    ) -> Response[str]:
        try:
            invited = invitations.find_invited(database, keys, link, now=now)
        except LinkOver:
            return link_over_page(request, "invitation")
        form = InvitedForm.blank(language, {"name": invited.name})
        return _new_page(request, form, invited, link)

    @post("/invitation/{link:str}", opt={"public": True})
    async def accept_new(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
        link: FromPath[str],
    ) -> Response[str]:
        check_before(request, form)
        sent = InvitedForm.read(form, language)
        try:
            invited = invitations.find_invited(database, keys, link, now=now)
        except LinkOver:
            return link_over_page(request, "invitation")
        if not sent.validate():
            return _new_page(request, sent, invited, link, is_refused=True)
        try:
            token = await slowly(partial(_make_account, request, database, invited, sent, now=now))
        except LinkOver:
            return link_over_page(request, "invitation")
        except OrganisationError as error:
            return _new_page(request, sent.refuse(error), invited, link, is_refused=True)
        return come_in(request, token, factor_path(f"/o/{invited.organisation_id}"))

    @get("/account/invitation/{link:str}", opt={"account": True}, sync_to_thread=True)
    def join_page(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
        link: FromPath[str],
    ) -> Response[str]:
        try:
            invited = invitations.find_invited(database, keys, link, now=now)
        except LinkOver:
            return link_over_page(request, "invitation")
        return page(
            request, "account/invitation_join.html", invited=invited, account=account, link=link
        )

    @post("/account/invitation/{link:str}", opt={"account": True}, sync_to_thread=True)
    def join(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
        link: FromPath[str],
    ) -> Response[str]:
        try:
            invited = invitations.find_invited(database, keys, link, now=now)
            with database.session(invited.organisation_id) as session:
                invitations.accept(session, invited.id, account.account_id, now=now)
        except LinkOver:
            return link_over_page(request, "invitation")
        return done(request, see=f"/o/{invited.organisation_id}", said="account.done_joined")


def _make_account(
    request: PageRequest, database: Database, invited: Invited, sent: InvitedForm, *, now: datetime
) -> str:
    """Make the account, join it with the person, and begin a half session; return its token.

    Two transactions, because account and person are kept apart. Should the second fail, there is
    an account without a task, whose owner has shown that the address is theirs.
    """
    name, password = str(sent.name.data), str(sent.new.data)
    check_password(password, mail=invited.mail, name=name)
    hashed = hash_password(password)
    with database.session(None) as session:
        account_id = add_account(
            session,
            mail=invited.mail,
            name=name,
            password_hash=hashed,
            language=sent.language,
            by=None,
            now=now,
        ).id
    with database.session(invited.organisation_id) as session:
        invitations.accept(session, invited.id, account_id, now=now)
    with database.session(None) as session:
        return start_half(
            session,
            account_id,
            browser=browser_of(request),
            instead=session_token(request),
            now=now,
        )


def _new_page(
    request: PageRequest,
    form: InvitedForm,
    invited: Invited,
    link: str,
    *,
    is_refused: bool = False,
) -> Response[str]:
    status = HTTP_422_UNPROCESSABLE_ENTITY if is_refused else 200
    return page_before(
        request, "account/invitation.html", status=status, form=form, invited=invited, link=link
    )
