"""The list of changes of the tree, and undoing one."""

from datetime import datetime
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.errors import OrganisationError
from baken.organisation.permissions import Action, Actor
from baken.organisation.structure.actions import get_change, plan_undo, undo_change
from baken.organisation.structure.queries import list_changes
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session
from baken.survey.campaigns.trees import get_frozen
from baken.web.forms import BackOfficeForm
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.pages.unit_sentences import Teller
from baken.web.pages.unit_views import SHOWN_CHANGES, ChangeView, change_view
from baken.web.texts import catalogue

UNDO: Final = "organisation/unit_undo.html"
SHOWN: Final = 60


class UnitHistoryPages(Controller):
    """Who changed what, and the way back."""

    path = "/o/{organisation_id:uuid}/units/changes"
    opt = {"action": Action.EDIT_UNITS}

    @get("/", sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
    ) -> Response[str]:
        teller = Teller.of(load_tree(session), catalogue(language))
        found = list_changes(session, limit=SHOWN_CHANGES)
        rows = tuple(change_view(session, row, teller, by=actor) for row in found)
        return page(request, "organisation/unit_changes.html", rows=rows)

    @get("/{change_id:uuid}/undo", sync_to_thread=True)
    def undo_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        change_id: FromPath[UUID],
    ) -> Response[str]:
        view = _view(session, change_id, by=actor, language=language)
        form = BackOfficeForm.blank(language)
        try:
            plan_undo(session, get_change(session, change_id), by=actor, frozen=get_frozen(session))
        except OrganisationError as error:
            form.refuse(error)
        return page(request, UNDO, change=view, form=form, is_possible=not form.refusals)

    @post("/{change_id:uuid}/undo", sync_to_thread=True)
    def undo(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
        change_id: FromPath[UUID],
    ) -> Response[str]:
        view = _view(session, change_id, by=actor, language=language)
        try:
            undo_change(session, change_id, by=actor, now=now, frozen=get_frozen(session))
        except OrganisationError as error:
            if error.kind in {"missing", "denied"}:
                raise
            form = BackOfficeForm.blank(language)
            shown = {"change": view, "is_possible": False}
            return refused(request, session, UNDO, form=form, error=error, **shown)
        see = frame_of(request).url("/units/changes")
        return done(request, see=see, said="units.done_undone")


def _view(session: Session, change_id: UUID, *, by: Actor, language: str) -> ChangeView:
    teller = Teller.of(load_tree(session), catalogue(language))
    return change_view(session, get_change(session, change_id), teller, by=by, limit=SHOWN)
