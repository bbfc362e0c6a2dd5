"""The first second factor: whoever has none comes to this page and to no other."""

from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from baken.organisation.accounts import totp, totp_acts
from baken.organisation.accounts.sessions import LoggedIn, confirm_factor
from baken.organisation.errors import OrganisationError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.errors import HalfLoggedIn
from baken.web.pages.access import local_path, session_token
from baken.web.pages.before_log_in import keep_token
from baken.web.pages.log_in_factor import CodeForm
from baken.web.pages.reply import PageRequest, page, see_page
from baken.web.pages.squares import draw_square


class SetUpPages(Controller):
    """From a password alone to a second factor with ten recovery codes."""

    path = "/log-in/set-up"

    @get("/", opt={"half": True}, sync_to_thread=True)
    def set_up_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        keys: NamedDependency[KeyStore],
        language: NamedDependency[str],
    ) -> Response[str]:
        if account.is_full:
            return see_page(_next(request))
        if account.has_factor:
            raise HalfLoggedIn(has_factor=True)
        return totp_page(request, session, keys, account, CodeForm.blank(language))

    @post("/", opt={"half": True}, sync_to_thread=True, status_code=200)
    def set_up(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        sent = CodeForm.read(form, language)
        if not sent.validate():
            with database.read(None) as session:
                return totp_page(request, session, keys, account, sent, is_refused=True)
        try:
            with database.session(None) as session:
                own = account.account_id
                secret = totp.propose_secret(session, keys, own, account.session_id)
                codes = totp_acts.set_up_first(
                    session, keys, own, secret=secret, code=str(sent.code.data), now=now
                )
                token = confirm_factor(session, session_token(request), now=now)
        except OrganisationError as error:
            sent.refuse(error)
            with database.read(None) as session:
                return totp_page(request, session, keys, account, sent, is_refused=True)
        answer = show_codes(request, codes, onward=_next(request))
        return keep_token(request, answer, token)


def totp_page(
    request: PageRequest,
    session: Session,
    keys: KeyStore,
    account: LoggedIn,
    form: CodeForm,
    *,
    is_refused: bool = False,
) -> Response[str]:
    """Show the square and the key of an authenticator app that is not confirmed yet."""
    secret = totp.propose_secret(session, keys, account.account_id, account.session_id)
    return page(
        request,
        "account/totp.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if is_refused else 200,
        form=form,
        square=draw_square(totp.get_address(secret, account.mail)),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        is_first=not account.is_full,
        next=_next(request),
    )


def show_codes(request: PageRequest, codes: tuple[str, ...], *, onward: str) -> Response[str]:
    """Show recovery codes, this one time."""
    return page(request, "account/recovery_codes_made.html", codes=codes, onward=onward)


def _next(request: PageRequest) -> str:
    return local_path(request.query_params.get("next", ""))
