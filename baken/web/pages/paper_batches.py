"""Stacks of forms: started with a count by hand, counted again, sealed, or given up."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.paper import check_takes_paper
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.batches import BatchPlan, get_batch, list_batches, open_batch
from baken.survey.paper.errors import CannotOpenBatch, TooManySheets
from baken.survey.paper.first_entry import correct_count, lay_aside
from baken.survey.paper.imprints import imprints_of
from baken.survey.paper.progress import finish_entry
from baken.survey.paper.rules import Way
from baken.survey.paper.scan_reports import list_reports
from baken.survey.paper.sealing import drop_batch, seal_batch
from baken.web.body import Form
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_batch_forms import BatchForm, CountForm
from baken.web.pages.paper_entry_views import BatchView, StackTotals, clerk_rows
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused, see_page
from baken.web.texts import catalogue

KEYS: Final = {"action": Action.KEY_SHEETS}
STARTS: Final = {"action": Action.KEY_SHEETS, "fresh": True}
SEALS: Final = {"action": Action.SEAL_SHEETS, "fresh": True}
LIST: Final = "survey/paper_batches.html"
NEW: Final = "survey/paper_batch_new.html"
ONE: Final = "survey/paper_batch.html"
MOST_SIGNS: Final = 6


class BatchPages(Controller):
    """Stacks of forms of one campaign."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches"

    @get("/", opt=KEYS, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        t = catalogue(language)
        batches = list_batches(session, campaign_id)
        decides = frame_of(request).may(Action.DECIDE_SHEETS.value)
        return page(
            request,
            LIST,
            campaign=CampaignRow.of(campaign),
            rows=tuple(BatchView.of(batch, campaign, t, actor, today) for batch in batches),
            totals=StackTotals.of(batches) if campaign.is_opened else None,
            clerks=clerk_rows(session, batches) if decides else (),
        )

    @get("/new", opt=STARTS, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        check_takes_paper(campaign)
        form = BatchForm.blank(language, {"spoken": language}).offer(
            campaign, has_imprint=_has_imprint(session, campaign)
        )
        return page(request, NEW, form=form, **_about(campaign))

    @post("/new", opt=STARTS, sync_to_thread=True)
    def open(
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
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        has_imprint = _has_imprint(session, campaign)
        sent = BatchForm.read(form, language).offer(campaign, has_imprint=has_imprint)
        about = _about(campaign)
        if not sent.validate():
            return refused(request, session, NEW, form=sent, **about)
        plan = BatchPlan(
            unit=str(sent["unit"].data),
            language=str(sent["spoken"].data),
            way=Way.SCANNED if sent["is_scanned"].data else Way.KEYED,
            counted=int(sent["counted"].data or 0),
            is_another=bool(sent["is_another"].data),
            imprint=str(sent["imprint"].data or "") if has_imprint else "",
        )
        try:
            batch = open_batch(session, keys, campaign_id, plan, by=actor, today=today)
        except BakenError as error:
            is_same = isinstance(error, CannotOpenBatch) and error.key == "paper_entry.same_again"
            sent.ask_another = is_same
            return refused(request, session, NEW, form=sent, error=error, **about)
        see = "/scan" if batch.way is Way.SCANNED else "/key"
        return see_page(_path(request, campaign_id, batch.id, see))

    @get("/{batch_id:uuid}", opt=KEYS, sync_to_thread=True)
    def one_page(
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
        shown = _shown(session, keys, actor, (language, today), (campaign_id, batch_id))
        return page(request, ONE, form=CountForm.blank(language), **shown)

    @post("/{batch_id:uuid}/finish", opt=KEYS, sync_to_thread=True)
    def finish(
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
        shown = _shown(session, keys, actor, (language, today), (campaign_id, batch_id))
        sent = CountForm.read(form, language)
        if not sent.validate():
            return refused(request, session, ONE, form=sent, **shown)
        counted = int(sent["counted"].data or 0)
        try:
            if "more" in form:
                correct_count(session, batch_id, counted, by=actor)
            else:
                finish_entry(session, keys, batch_id, counted=counted, by=actor, today=today)
        except BakenError as error:
            return refused(request, session, ONE, form=sent, error=error, **shown)
        said = "paper_entry.done_corrected" if "more" in form else "paper_entry.done_finished"
        return done(request, see=_path(request, campaign_id, batch_id), said=said)

    @post("/{batch_id:uuid}/aside", opt=KEYS, sync_to_thread=True)
    def aside(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        sent = form.get("aside")[:MOST_SIGNS]
        seen = int(sent) if sent.isascii() and sent.isdigit() else batch.n_aside
        lay_aside(session, batch_id, seen=seen, by=actor)
        see = _path(request, campaign_id, batch_id, "/key")
        return done(request, see=see, said="paper_entry.done_aside")

    @post("/{batch_id:uuid}/drop", opt=STARTS, sync_to_thread=True)
    def drop(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        _check_of_campaign(database, actor, campaign_id, batch_id)
        drop_batch(database, keys, batch_id, by=actor)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/paper/batches")
        return done(request, see=see, said="paper_entry.done_dropped")

    @post("/{batch_id:uuid}/seal", opt=SEALS, sync_to_thread=True)
    def seal(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        _check_of_campaign(database, actor, campaign_id, batch_id)
        reports = "report" in form
        try:
            seal_batch(database, keys, batch_id, by=actor, today=today, report_surplus=reports)
        except TooManySheets as error:
            with database.read(actor.organisation_id) as session:
                shown = _shown(session, keys, actor, (language, today), (campaign_id, batch_id))
                shown["ask_report"] = True
                sent = CountForm.blank(language)
                return refused(request, session, ONE, form=sent, error=error, **shown)
        see = _path(request, campaign_id, batch_id)
        return done(request, see=see, said="paper_entry.done_sealed")


def _shown(
    session: Session,
    keys: KeyStore,
    actor: Actor,
    seen: tuple[str, date],
    which: tuple[UUID, UUID],
) -> dict[str, Any]:
    language, today = seen
    campaign = get_campaign(session, which[0])
    batch = get_batch(session, *which)
    view = BatchView.of(batch, campaign, catalogue(language), actor, today)
    return {
        "campaign": CampaignRow.of(campaign),
        "batch": view,
        "ask_report": False,
        "files": list_reports(session, keys, batch, by=actor, today=today),
    }


def _about(campaign: Campaign) -> dict[str, Any]:
    return {"campaign": CampaignRow.of(campaign), "min_group": campaign.min_group}


def _has_imprint(session: Session, campaign: Campaign) -> bool:
    return any(imprints_of(session, campaign.id, one) for one in campaign.languages)


def _check_of_campaign(database: Database, actor: Actor, campaign_id: UUID, batch_id: UUID) -> None:
    with database.read(actor.organisation_id) as session:
        get_batch(session, campaign_id, batch_id)


def _path(request: PageRequest, campaign_id: UUID, batch_id: UUID, more: str = "") -> str:
    return frame_of(request).url(f"/campaigns/{campaign_id}/paper/batches/{batch_id}{more}")
