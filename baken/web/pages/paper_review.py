"""What a scan left in doubt: the picture beside the guess, one field a page, keyboard alone."""

import base64
from dataclasses import dataclass
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
from baken.survey.paper.content import Value
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.keystrokes import NotAKey, Question
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.reviewing import (
    Doubtful,
    Said,
    leave_to_typing,
    next_doubtful,
    settle,
)
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.typed import Turn
from baken.survey.paper.unseen import UNSEEN
from baken.web.body import Form
from baken.web.pages.access import check_fresh
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_keying import place_of
from baken.web.pages.paper_sheet import sheet_page
from baken.web.pages.reply import PageRequest, done, frame_of, page, see_page
from baken.web.texts import Catalogue, catalogue

LOOKS: Final = {"action": Action.DECIDE_SHEETS, "fresh": True}
# What was looked up is not lost over a second factor that ran out.
SENDS: Final = {"action": Action.DECIDE_SHEETS, "fresh": True, "asks_itself": True}
PAGE: Final = "survey/paper_review.html"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field in doubt: what is asked, what was guessed, and what can be typed."""

    place: int
    n_sheets: int
    left: int
    kind: str
    key: str
    number: int | None
    label: str
    doubt: str
    guess_key: str
    guess: str
    keys: tuple[tuple[str, str], ...]
    picture: str
    is_open: bool


class ReviewPages(Controller):
    """One field after the other, worst first."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches/{batch_id:uuid}"

    @get("/review", opt=LOOKS, sync_to_thread=True)
    def field_page(
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
        try:
            found = next_doubtful(session, keys, batch_id, by=actor, today=today)
        except NotThisSheet:  # what is left to decide was typed
            return see_page(path_of(request, batch, "/decide"))
        if found.doubt in UNSEEN:  # all that is left: many on one page
            return see_page(path_of(request, batch, "/review/unseen"))
        return page(request, PAGE, **_shown(session, batch, found, language))

    @post("/review/type", opt=LOOKS, sync_to_thread=True)
    def leave(
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
        place = place_of(form)
        batch = leave_to_typing(session, keys, batch_id, place, by=actor, today=today)
        see = path_of(request, batch, "/review" if batch.state is BatchState.DECIDING else "")
        return done(request, see=see, said="paper_entry.done_left")

    @post("/review", opt=SENDS, sync_to_thread=True)
    def send(
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
        if not is_in_review(batch):
            return see_page(path_of(request, batch))
        check_fresh(request)
        name, place = (form.get("kind"), form.get("key")), place_of(form)
        try:
            value = _read(form, questions_of(session, batch, language).get(name))
            said = Said(place, *name, value)
            batch = settle(session, keys, batch_id, said, by=actor, today=today)
        except BakenError as error:
            session.rollback()
            batch = get_batch(session, campaign_id, batch_id)
            found = next_doubtful(session, keys, batch_id, by=actor, today=today)
            shown = _shown(session, batch, found, language)
            shown["refusal"] = catalogue(language).refusal(error)
            shown["typed"] = form.get("value") if (found.kind, found.key) == name else ""
            return page(request, PAGE, status=422, **shown)
        if batch.state is BatchState.DECIDING:
            return see_page(path_of(request, batch, "/review"))
        return done(request, see=path_of(request, batch), said="paper_scans.done_reviewed")


def is_in_review(batch: PaperBatch) -> bool:
    """Whether doubts of a scanned stack are looked at now."""
    return batch.state is BatchState.DECIDING and batch.way is Way.SCANNED


def _shown(session: Session, batch: PaperBatch, found: Doubtful, language: str) -> dict[str, Any]:
    question = questions_of(session, batch, language).get((found.kind, found.key))
    campaign = get_campaign(session, batch.campaign_id)
    return {
        "campaign": CampaignRow.of(campaign),
        "batch_id": batch.id,
        "field": _view(found, question, catalogue(language)),
        "refusal": "",
        "typed": "",
    }


def _view(found: Doubtful, question: Question | None, t: Catalogue) -> FieldView:
    if question is None:
        keys: tuple[tuple[str, str], ...] = (
            ("1", t("paper_entry.is_blank")),
            ("0", t("paper_entry.not_blank")),
        )
        guess_key, guess = keys[0]
    else:
        keys = tuple((key, label) for key, _, label in question.keys)
        guess_key, guess = "", ""
        if isinstance(found.guess, int):
            guess_key, guess = question.words_of(found.guess)
    picture = base64.b64encode(found.picture).decode() if found.picture else ""
    return FieldView(
        place=found.place,
        n_sheets=found.n_sheets,
        left=found.left,
        kind=found.kind,
        key=found.key,
        number=question.number if question else None,
        label=question.text if question else t("paper_entry.field_blank"),
        doubt=t(f"paper_scans.doubt_{found.doubt}"),
        guess_key=guess_key,
        guess=guess,
        keys=keys,
        picture=picture,
        is_open=question is not None and question.is_open,
    )


def _read(form: Form, question: Question | None) -> Value:
    """Return what was typed, or the guess that the page showed when nothing was typed."""
    typed = form.get("value").strip()
    if question is not None and question.is_open:
        return typed
    typed = typed or form.get("guess")
    try:
        if question is not None:
            return question.value_of(typed)
        if (form.get("kind"), form.get("key")) == ("sheet", "blank") and typed in {"0", "1"}:
            return int(typed)
    except NotAKey:
        pass
    raise NotThisSheet(
        "paper_entry.not_a_review_key",
        "That is none of the answers here. Type one of the keys below the picture; a comma where "
        "nothing is crossed.",
    )


def questions_of(
    session: Session, batch: PaperBatch, language: str
) -> dict[tuple[str, str], Question]:
    """Return the questions of a form of a stack, by kind and key."""
    campaign = get_campaign(session, batch.campaign_id)
    turn = Turn(1, batch.n_sheets)
    sheet = sheet_page(session, campaign, batch, turn, language=language, is_second=False)
    return {(one.kind, one.key): one for one in sheet.questions}


def path_of(request: PageRequest, batch: PaperBatch, more: str = "") -> str:
    """Return the address of a page of a stack."""
    here = f"/campaigns/{batch.campaign_id}/paper/batches/{batch.id}"
    return frame_of(request).url(here + more)
