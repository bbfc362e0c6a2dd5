"""Removing the organisation: asked by one, confirmed by another, done after a fortnight."""

from datetime import date, datetime
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from wtforms import RadioField
from wtforms.validators import InputRequired

from baken.actionplan.register.lists import lists
from baken.actionplan.register.setting_up import find_register
from baken.analysis.errors import CannotLeave
from baken.analysis.leaving import check_can_remove
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.organisation.removals import actions
from baken.organisation.removals.holds import count_holds
from baken.organisation.removals.models import RemovalReason
from baken.organisation.removals.rules import WAITING_DAYS
from baken.storage.errors import BakenError
from baken.storage.portability.packing import count_rows
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import option
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.texts import catalogue

PAGE: Final = "organisation/removal.html"
COUNTED: Final = ("unit", "person", "campaign", "measure", "comment")
SENSITIVE: Final = {"action": Action.REMOVE_ORGANISATION, "fresh": True}


class RemovalForm(BackOfficeForm):
    """Why."""

    reason = RadioField(
        "organisation.reason",
        [InputRequired()],
        choices=[option(str(one), f"organisation.reason_{one}") for one in RemovalReason],
    )


class RemovalPages(Controller):
    """The end of the organisation on this installation."""

    path = "/o/{organisation_id:uuid}/organisation/removal"

    @get("/", opt=SENSITIVE, sync_to_thread=True)
    def removal_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = RemovalForm.blank(language)
        return page(request, PAGE, form=form, **_shown(session, actor, language))

    @post("/", opt=SENSITIVE, sync_to_thread=True, status_code=200)
    def ask(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = RemovalForm.read(form, language)
        shown = _shown(session, actor, language)
        if not sent.validate():
            return refused(request, session, PAGE, form=sent, **shown)
        try:
            reason = RemovalReason(sent.reason.data)
            actions.ask_removal(
                session, reason, check=check_can_remove, by=actor, today=today, now=now
            )
        except BakenError as error:
            return refused(request, session, PAGE, form=sent, error=error, **shown)
        return _back(request, "organisation.done_removal_asked")

    @post("/confirm", opt=SENSITIVE, sync_to_thread=True)
    def confirm(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        actions.confirm_removal(session, check=check_can_remove, by=actor, today=today, now=now)
        return _back(request, "organisation.done_removal_confirmed")

    @post("/cancel", opt=SENSITIVE, sync_to_thread=True)
    def cancel(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        actions.cancel_removal(session, by=actor, now=now)
        return _back(request, "organisation.done_removal_cancelled")


def _back(request: PageRequest, said: str) -> Response[str]:
    return done(request, see=frame_of(request).url("/organisation/removal"), said=said)


def _shown(session: Session, by: Actor, language: str) -> dict[str, Any]:
    removal = actions.find_removal(session)
    names = dict(list_names(session))
    counts = count_rows(session, COUNTED)
    return {
        "removal": removal,
        "asked_by": names.get(removal.asked_by, "") if removal else "",
        "confirmed_by": names.get(removal.confirmed_by, "")
        if removal and removal.confirmed_by
        else "",
        "is_own": removal is not None and removal.asked_by == by.person_id,
        "n_holds": count_holds(session),
        "refusal": _refusal(session, language),
        "days": WAITING_DAYS,
        "counts": tuple(counts.items()),
        "has_register": find_register(session) is not None,
        "register_years": lists().retention.years,
    }


def _refusal(session: Session, language: str) -> str:
    if count_holds(session):
        return catalogue(language)("errors.organisation.held")
    try:
        check_can_remove(session)
    except CannotLeave as error:
        return catalogue(language).refusal(error)
    return ""
