"""Where two entries differ: the third person sees both values, and not whose is whose."""

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
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.batches import get_batch
from baken.survey.paper.content import LANGUAGE, UNIT, Value
from baken.survey.paper.deciding import OpenField, OpenSheet, decide, next_open, restart_second
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.keystrokes import Question
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState
from baken.survey.paper.typed import Turn
from baken.web import languages
from baken.web.body import Form
from baken.web.pages.access import check_fresh
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_keying import place_of
from baken.web.pages.paper_sheet import PREFIX, sheet_page
from baken.web.pages.reply import PageRequest, done, frame_of, page, see_page
from baken.web.texts import Catalogue, catalogue

DECIDES: Final = {"action": Action.DECIDE_SHEETS, "fresh": True}
# What was looked up on the paper is not lost over a second factor that ran out.
SENDS: Final = {"action": Action.DECIDE_SHEETS, "fresh": True, "asks_itself": True}
PAGE: Final = "survey/paper_decide.html"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field: what is sent, what is shown, and whether an entry says so."""

    sent: str
    label: str
    is_entered: bool


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field to decide: values that were entered first, then all others."""

    name: str
    number: int | None
    label: str
    choices: tuple[Choice, ...]
    chosen: str = ""
    is_open: bool = False  # answered in one's own words: typed over


class DecidingPages(Controller):
    """One form after the other, and of each the open fields alone."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches/{batch_id:uuid}"

    @get("/decide", opt=DECIDES, sync_to_thread=True)
    def form_page(
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
        if batch.state is not BatchState.DECIDING:
            return see_page(_path(request, batch))
        try:
            sheet = next_open(session, keys, batch_id, by=actor, today=today)
        except NotThisSheet:
            return see_page(_path(request, batch))  # of the scan alone something is in doubt
        return page(request, PAGE, **_shown(session, batch, sheet, language))

    @post("/decide", opt=SENDS, sync_to_thread=True)
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
        if batch.state is not BatchState.DECIDING:
            return see_page(_path(request, batch))
        check_fresh(request)
        place = place_of(form)
        sheet = next_open(session, keys, batch_id, by=actor, today=today)
        if sheet.place == place:
            said = _read(form, sheet, session, batch, language)
            try:
                batch = decide(session, keys, batch_id, place, said, by=actor, today=today)
            except BakenError as error:
                session.rollback()
                shown = _shown(session, batch, sheet, language, form)
                shown["refusal"] = catalogue(language).refusal(error)
                return page(request, PAGE, status=422, **shown)
        if batch.state is BatchState.DECIDING:
            return see_page(_path(request, batch, "/decide"))
        return done(request, see=_path(request, batch), said="paper_entry.done_decided")

    @post("/restart", opt=DECIDES, sync_to_thread=True)
    def restart(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        restart_second(session, keys, batch_id, by=actor, today=today)
        return done(request, see=_path(request, batch), said="paper_entry.done_restarted")


def _shown(
    session: Session,
    batch: PaperBatch,
    sheet: OpenSheet,
    language: str,
    form: Form | None = None,
) -> dict[str, Any]:
    campaign = get_campaign(session, batch.campaign_id)
    questions = _questions(session, campaign, batch, language)
    t = catalogue(language)
    rows = []
    for one in sheet.fields:
        name = _name(one)
        question = questions.get((one.kind, one.key))
        row = _row(one, question, campaign, t)
        chosen = form.get(name) if form is not None else ""
        is_open = question is not None and question.is_open
        rows.append(FieldRow(name, *row, chosen, is_open))
    return {
        "campaign": CampaignRow.of(campaign),
        "batch_id": batch.id,
        "sheet": sheet,
        "rows": tuple(rows),
        "refusal": "",
    }


def _row(
    one: OpenField, question: Question | None, campaign: Campaign, t: Catalogue
) -> tuple[int | None, str, tuple[Choice, ...]]:
    known = _known(one, question, campaign, t)
    entered = [Choice(sent, label, True) for sent, value, label in known if value in one.values]
    others = [Choice(sent, label, False) for sent, value, label in known if value not in one.values]
    label = question.text if question else t(f"paper_entry.field_{one.key}")
    return (question.number if question else None), label, (*entered, *others)


def _known(
    one: OpenField, question: Question | None, campaign: Campaign, t: Catalogue
) -> list[tuple[str, Value, str]]:
    """What a field can say: what is sent, the value itself, and its words."""
    if question is not None:
        # The number of a box helps to find it on the paper; a comma before words looks like a slip.
        return [
            (key, value, f"{key}  {label}".strip() if key.isdigit() else label or key)
            for key, value, label in question.keys
        ]
    if one.key == UNIT:
        units = campaign.unit_tree or []
        other: list[tuple[str, Value, str]] = (
            [("0", "", t("paper_entry.another_unit"))] if "" in one.values else []
        )
        return [
            *((str(n), unit["key"], unit["name"]) for n, unit in enumerate(units, start=1)),
            *other,
        ]
    if one.key == LANGUAGE:
        spoken = enumerate(campaign.languages, start=1)
        return [(str(n), code, languages.name_of(code)) for n, code in spoken]
    return [("0", 0, t("paper_entry.not_blank")), ("1", 1, t("paper_entry.is_blank"))]


def _read(
    form: Form, sheet: OpenSheet, session: Session, batch: PaperBatch, language: str
) -> dict[tuple[str, str], Value]:
    campaign = get_campaign(session, batch.campaign_id)
    questions = _questions(session, campaign, batch, language)
    t = catalogue(language)
    found: dict[tuple[str, str], Value] = {}
    for one in sheet.fields:
        question = questions.get((one.kind, one.key))
        known = _known(one, question, campaign, t)
        sent = form.get(_name(one))
        if question is not None and question.is_open and _name(one) in form:
            found[one.kind, one.key] = sent.strip()
        for key, value, _ in known:
            if key == sent:
                found[one.kind, one.key] = value
    return found


def _questions(
    session: Session, campaign: Campaign, batch: PaperBatch, language: str
) -> dict[tuple[str, str], Question]:
    turn = Turn(1, batch.n_sheets)
    sheet = sheet_page(session, campaign, batch, turn, language=language, is_second=False)
    return {(one.kind, one.key): one for one in sheet.questions}


def _name(one: OpenField) -> str:
    return one.key if one.kind == "sheet" else PREFIX + one.key


def _path(request: PageRequest, batch: PaperBatch, more: str = "") -> str:
    here = f"/campaigns/{batch.campaign_id}/paper/batches/{batch.id}"
    return frame_of(request).url(here + more)
