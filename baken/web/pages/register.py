"""The register of acts by third parties: its counts for everybody, its settings, its poster."""

from datetime import date, datetime
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.actionplan.register.access import KEEPERS, STRICT, rights_of
from baken.actionplan.register.counts import LEAST, shown_counts
from baken.actionplan.register.lists import Right, lists
from baken.actionplan.register.models import Register
from baken.actionplan.register.setting_up import (
    change_register,
    change_word,
    find_register,
    get_name,
    get_register,
    get_word,
    open_register,
    reach_in,
)
from baken.actionplan.requests.counsellors.queries import has_counsellor
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.codes import QrCode
from baken.web.pages.plan_forms import seen_of
from baken.web.pages.register_forms import SettingsForm
from baken.web.pages.register_views import CountRow, words_of
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

SETTING: Final = {"action": Action.SET_UP_REGISTER, "fresh": True}
KEEPING: Final = {"action": Action.KEEP_REGISTER, "fresh": True}
SETTINGS: Final = "register/settings.html"


class RegisterPages(Controller):
    """What everybody sees of the register, and what the organisation decides about it."""

    path = "/o/{organisation_id:uuid}/register"

    @get("/", opt={"action": Action.SEE_REGISTER_COUNTS}, sync_to_thread=True)
    def home(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        register = find_register(session)
        if register is None:
            return page(request, "register/none.html")
        counts = shown_counts(session, by=actor, today=today)
        return page(
            request,
            "register/home.html",
            register=register_view(session, register, settings, language),
            word=get_word(session, keys, by=actor),
            rights={right.value for right in rights_of(register, actor)},
            counts=tuple(CountRow.of(one) for one in counts if one.year >= register.opened_on.year),
            natures=tuple(words_of(lists().natures, language).values()),
            least=LEAST,
            years=lists().retention.years,
        )

    @get("/settings", opt=SETTING, sync_to_thread=True)
    def settings_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        register = find_register(session)
        shown = _beside_settings(session, register)
        return page(request, SETTINGS, form=_form_of(register, language), **shown)

    @post("/settings", opt=SETTING, sync_to_thread=True)
    def set_up(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = SettingsForm.read(form, language)
        register = find_register(session)
        shown = _beside_settings(session, register)
        if not sent.validate():
            return refused(request, session, SETTINGS, form=sent, **shown)
        try:
            if register is None:
                open_register(session, keys, sent.arrangement(), by=actor, today=today, now=now)
            else:
                change_register(session, sent.arrangement(), seen=sent.seen, by=actor, now=now)
        except BakenError as error:
            return refused(request, session, SETTINGS, form=sent, error=error, **shown)
        said = "register.done_changed" if register else "register.done_opened"
        return done(request, see=frame_of(request).url("/register"), said=said)

    @get("/poster", opt={"action": Action.SEE_REGISTER_COUNTS}, sync_to_thread=True)
    def poster(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
    ) -> Response[str]:
        register = get_register(session)
        view = register_view(session, register, settings, language)
        return page(
            request,
            "register/poster.html",
            register=view,
            word=get_word(session, keys, by=actor),
            square=QrCode.of(view["address"]),
            may_change=Right.CHANGE in rights_of(register, actor),
            years=lists().retention.years,
        )

    @post("/word", opt=KEEPING, sync_to_thread=True)
    def new_word(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
    ) -> Response[str]:
        change_word(session, keys, seen=seen_of(form), by=actor, now=now)
        see = frame_of(request).url("/register/poster")
        return done(request, see=see, said="register.done_word")


def register_view(
    session: Session, register: Register, settings: Settings, language: str
) -> dict[str, Any]:
    """What pages say about the register itself."""
    path = f"/s/{get_name(session, register)}/register"
    return {
        "version": register.version,
        "keeper": register.keeper,
        "preset": register.preset,
        "reach": reach_in(register, language),
        "takes_public": register.takes_public,
        "path": path,
        "address": f"{settings.origin}{path}",
    }


def _beside_settings(session: Session, register: Register | None) -> dict[str, Any]:
    """What the settings show; `not_usual`: a counsellor is there and does not keep the register."""
    keeper = KEEPERS[0].value if register is None else register.keeper
    not_usual = keeper != KEEPERS[0].value and has_counsellor(session)
    return {"register": register, "not_usual": not_usual}


def _form_of(register: Register | None, language: str) -> SettingsForm:
    if register is None:
        first = {"keeper": KEEPERS[0].value, "preset": STRICT, "takes_public": True}
        return SettingsForm.blank(language, first)
    return SettingsForm.of(register, language)
