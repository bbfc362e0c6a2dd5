"""Places of a stack that look empty on a scan that has lost what was pale: many on one page."""

import base64
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.batches import get_batch
from baken.survey.paper.keystrokes import Question
from baken.survey.paper.rules import BatchState
from baken.survey.paper.unseen import Looked, Place, Unseen, list_unseen, settle_unseen
from baken.web.body import Form
from baken.web.pages.access import check_fresh
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_review import LOOKS, SENDS, is_in_review, path_of, questions_of
from baken.web.pages.reply import PageRequest, done, page, see_page

PAGE: Final = "survey/paper_unseen.html"


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place: its name in the form that is sent, its question, and its picture in base 64."""

    name: str
    number: int | None
    label: str
    doubt: str
    picture: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """The places of one form, found by its place in the stack."""

    place: int
    places: tuple[PlaceView, ...]


class UnseenPages(Controller):
    """Whoever has the paper ticks what is there; Enter says that nothing else is."""

    path = (
        "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches/{batch_id:uuid}"
        "/review/unseen"
    )

    @get("/", opt=LOOKS, sync_to_thread=True)
    def unseen_page(
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
        if not is_in_review(batch):
            return see_page(path_of(request, batch))
        found = list_unseen(session, keys, batch_id, by=actor, today=today)
        if not found.shown:
            return see_page(path_of(request, batch, "/review"))
        questions = questions_of(session, batch, language)
        return page(
            request,
            PAGE,
            campaign=CampaignRow.of(get_campaign(session, campaign_id)),
            batch_id=batch.id,
            left=found.left,
            sheets=_sheets(found.shown, questions),
        )

    @post("/", opt=SENDS, sync_to_thread=True)
    def send(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        if not is_in_review(batch):
            return see_page(path_of(request, batch))
        check_fresh(request)
        looked = Looked(_named(form.getlist("shown")), _named(form.getlist("written")))
        batch = settle_unseen(session, keys, batch_id, looked, by=actor, today=today)
        if batch.state is BatchState.DECIDING:
            return see_page(path_of(request, batch, "/review"))
        return done(request, see=path_of(request, batch), said="paper_scans.done_reviewed")


def _sheets(
    shown: tuple[Unseen, ...], questions: dict[tuple[str, str], Question]
) -> tuple[SheetView, ...]:
    return tuple(
        SheetView(place, tuple(_view(one, questions[one.place[1:]]) for one in places))
        for place, places in groupby(shown, key=lambda one: one.place[0])
    )


def _view(one: Unseen, question: Question) -> PlaceView:
    picture = base64.b64encode(one.picture).decode() if one.picture else ""
    name = ":".join(map(str, one.place))
    return PlaceView(name, question.number, question.text, one.doubt, picture)


def _named(sent: list[str]) -> frozenset[Place]:
    """Read the names of places; what is none of ours names nothing that could be settled."""
    found = set()
    for one in sent:
        place, _, rest = one.partition(":")
        kind, _, key = rest.partition(":")
        if place.isascii() and place.isdigit() and len(place) < 9:
            found.add((int(place), kind, key))
    return frozenset(found)
