"""A forgotten password: asking for a link, and using it."""

from datetime import datetime
from functools import partial

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_404_NOT_FOUND, HTTP_422_UNPROCESSABLE_ENTITY
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from baken.organisation.accounts import resets
from baken.organisation.accounts.links import LinkOver
from baken.organisation.accounts.log_in import normal_mail
from baken.organisation.accounts.passwords import MAX_PASSWORD
from baken.organisation.errors import OrganisationError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.failures import TooManyFailures
from baken.web.forms import BackOfficeForm
from baken.web.pages.attempts import count_letter
from baken.web.pages.before_log_in import check_before, page_before, slowly
from baken.web.pages.reply import PageRequest, page, see_page
from baken.web.settings import Settings


class ForgottenForm(BackOfficeForm):
    """The address of the account."""

    mail = StringField("account.mail", [InputRequired(), Length(max=254)])


class NewPasswordForm(BackOfficeForm):
    """A password that somebody chooses."""

    new = PasswordField(
        "account.new_password",
        [InputRequired(), Length(max=MAX_PASSWORD)],
        description="account.new_password_hint",
    )


class ForgottenPages(Controller):
    """The answers are the same for every address, known or not."""

    @get("/forgotten", opt={"public": True}, sync_to_thread=True)
    def ask_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        # The same for everybody: whether a letter can go out is no matter of who asks.
        if not _has_mail(request):
            return page(request, "account/forgotten_no_mail.html")
        return page_before(request, "account/forgotten.html", form=ForgottenForm.blank(language))

    @post("/forgotten", opt={"public": True}, sync_to_thread=True)
    def ask(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        language: NamedDependency[str],
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        check_before(request, form)
        if not _has_mail(request):
            return see_page("/forgotten")
        sent = ForgottenForm.read(form, language)
        if not sent.validate():
            return page_before(request, "account/forgotten.html", status=422, form=sent)
        mail = normal_mail(str(sent.mail.data))
        try:
            count_letter(request, mail, now=now)
        except TooManyFailures as error:
            sent.refuse(error)
            return page_before(request, "account/forgotten.html", status=429, form=sent)
        with database.session(None) as session:
            resets.forget_old_resets(session, now=now)
            resets.ask_reset(session, mail=mail, now=now)
        return see_page("/forgotten/sent")

    @get("/forgotten/sent", opt={"public": True}, sync_to_thread=True)
    def sent_page(self, request: PageRequest) -> Response[str]:
        if not _has_mail(request):
            return see_page("/forgotten")
        return page(request, "account/forgotten_sent.html")

    @get("/reset/{link:str}", opt={"public": True}, sync_to_thread=True)
    def reset_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
        link: FromPath[str],
    ) -> Response[str]:
        try:
            resets.get_open(session, keys, link, now=now)
        except LinkOver:
            return link_over_page(request, "reset")
        return _reset_page(request, NewPasswordForm.blank(language), link)

    @post("/reset/{link:str}", opt={"public": True})
    async def reset(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        language: NamedDependency[str],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
        link: FromPath[str],
    ) -> Response[str]:
        check_before(request, form)
        sent = NewPasswordForm.read(form, language)
        if not sent.validate():
            return _reset_page(request, sent, link, is_refused=True)
        new = str(sent.new.data)
        try:
            await slowly(partial(resets.reset_password, database, keys, link, new=new, now=now))
        except LinkOver:
            return link_over_page(request, "reset")
        except OrganisationError as error:
            return _reset_page(request, sent.refuse(error), link, is_refused=True)
        return see_page("/log-in?done=account.done_reset")


def link_over_page(request: PageRequest, kind: str) -> Response[str]:
    """Say that a link opens nothing any more, and what to do; the same for whatever reason."""
    return page(request, "account/link_over.html", status=HTTP_404_NOT_FOUND, kind=kind)


def _has_mail(request: PageRequest) -> bool:
    settings: Settings = request.app.state.settings
    return settings.mail is not None


def _reset_page(
    request: PageRequest, form: NewPasswordForm, link: str, *, is_refused: bool = False
) -> Response[str]:
    status = HTTP_422_UNPROCESSABLE_ENTITY if is_refused else 200
    return page_before(request, "account/reset.html", status=status, form=form, link=link)
