"""Typing forms: the first entry of a stack, and the second one by somebody else."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.batches import get_batch
from baken.survey.paper.first_entry import key_sheet, next_first
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import SECOND_ENTRY, BatchState, Way
from baken.survey.paper.second_entry import key_second, next_second
from baken.survey.paper.typed import Turn, which_sheet
from baken.web.body import Form
from baken.web.pages.paper_sheet import SheetPage, read_typed, sheet_page
from baken.web.pages.reply import PageRequest, done, frame_of, is_swap, page, see_page

# Nobody is asked for a second factor in the middle of a stack: nothing of any form comes back on
# these pages. Starting, sealing or giving up a stack asks for it, and so does what shows a form.
KEYS: Final = {"action": Action.KEY_SHEETS}
CHECKS: Final = {"action": Action.CHECK_SHEETS}
PAGE: Final = "survey/paper_key.html"
FRAGMENT: Final = "survey/_paper_sheet.html"
MOST_SIGNS: Final = 6


class KeyingPages(Controller):
    """One form after the other; none that was typed is ever shown again."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches/{batch_id:uuid}"

    @get("/key", opt=KEYS, sync_to_thread=True)
    def first_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        turn = _turn(session, keys, batch, actor, today)
        if turn is None:
            return see_page(_path(request, batch))
        return page(request, PAGE, sheet=_sheet(session, batch, language, turn))

    @post("/key", opt=KEYS, sync_to_thread=True)
    def first(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        place = place_of(form)
        sheet = _sheet(session, batch, language, Turn(place, batch.counted))

        def keep() -> PaperBatch:
            typed = read_typed(form, sheet)
            return key_sheet(session, keys, batch_id, place, typed, by=actor, today=today)

        def go_on(kept: PaperBatch) -> Response[str]:
            turn = _turn(session, keys, kept, actor, today)
            if turn is None:
                return done(request, see=_path(request, kept))
            return _next(request, _path(request, kept, "/key"), sheet.blank(turn))

        return _answer(request, session, form=form, sheet=sheet, keep=keep, go_on=go_on)

    @get("/check", opt=CHECKS, sync_to_thread=True)
    def second_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        if batch.state not in SECOND_ENTRY:
            return see_page(_path(request, batch))
        turn = next_second(session, keys, batch_id, by=actor, today=today)
        return page(request, PAGE, sheet=_sheet(session, batch, language, turn, is_second=True))

    @post("/check", opt=CHECKS, sync_to_thread=True)
    def second(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        turn = Turn(place_of(form), batch.n_sheets, form.get("whole") == "1")
        sheet = _sheet(session, batch, language, turn, is_second=True)

        def keep() -> PaperBatch:
            typed = read_typed(form, sheet)
            return key_second(session, keys, batch_id, turn.place, typed, by=actor, today=today)

        def go_on(kept: PaperBatch) -> Response[str]:
            if kept.state not in SECOND_ENTRY:
                return done(request, see=_path(request, kept), said="paper_entry.done_checked")
            following = next_second(session, keys, batch_id, by=actor, today=today)
            return _next(request, _path(request, kept, "/check"), sheet.blank(following))

        return _answer(request, session, form=form, sheet=sheet, keep=keep, go_on=go_on)


def place_of(form: Form) -> int:
    """Return which form of the stack was sent; raise `NotThisSheet` when that is not said."""
    place = form.get("place")
    if not (place.isascii() and place.isdigit() and 0 < len(place) <= MOST_SIGNS and int(place)):
        raise which_sheet()
    return int(place)


def _sheet(
    session: Session, batch: PaperBatch, language: str, turn: Turn, *, is_second: bool = False
) -> SheetPage:
    campaign = get_campaign(session, batch.campaign_id)
    return sheet_page(session, campaign, batch, turn, language=language, is_second=is_second)


def _answer(
    request: PageRequest,
    session: Session,
    *,
    form: Form,
    sheet: SheetPage,
    keep: Callable[[], PaperBatch],
    go_on: Callable[[PaperBatch], Response[str]],
) -> Response[str]:
    """Keep a form and show the next one; a refusal leaves everything typed on the page."""
    try:
        kept = keep()
    except BakenError as error:
        if is_swap(request):
            raise
        session.rollback()
        return page(request, PAGE, status=422, sheet=sheet.refused(form, error))
    return go_on(kept)


def _next(request: PageRequest, see: str, sheet: SheetPage) -> Response[str]:
    if is_swap(request):
        return page(request, FRAGMENT, sheet=sheet)
    return see_page(see)


def _turn(
    session: Session, keys: KeyStore, batch: PaperBatch, by: Actor, today: date
) -> Turn | None:
    """Return which form is typed now; None once all are entered or laid aside, or entry is over."""
    if batch.state is not BatchState.ENTERING:
        return None
    is_entered = batch.n_sheets + batch.n_aside >= batch.counted
    if is_entered and batch.way is Way.KEYED:
        return None
    turn = next_first(session, keys, batch, by=by, today=today)
    return None if is_entered and not turn.is_left else turn


def _path(request: PageRequest, batch: PaperBatch, more: str = "") -> str:
    here: dict[str, Any] = {"campaign": batch.campaign_id, "batch": batch.id}
    return frame_of(request).url(
        "/campaigns/{campaign}/paper/batches/{batch}".format(**here) + more
    )
