"""Campaigns: the list, the page of one, and the drafts."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.instruments.library import load_instrument
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.box.actions import list_launch_obstacles
from baken.survey.box.queries import get_agreement
from baken.survey.campaigns import actions, queries
from baken.survey.campaigns.actions import CampaignPlan
from baken.survey.campaigns.copying import copy_campaign
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.counts import list_counts
from baken.survey.library.queries import get_instrument
from baken.web.body import Form
from baken.web.pages.campaign_forms import BasisForm, NewCampaignForm, title_of
from baken.web.pages.campaign_preparing import Step, path_of, prepare, save_part
from baken.web.pages.campaign_views import (
    AgreementView,
    CampaignRow,
    CampaignView,
    CountRow,
    agreement_view,
    count_rows,
    life_line,
)
from baken.web.pages.library_words import full_name
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

NEW = "survey/campaign_new.html"
BASIS = "survey/prepare_basis.html"
USUAL = "vijf-a"  # asked unless somebody chooses otherwise


class CampaignPages(Controller):
    """Campaigns and their drafts."""

    path = "/o/{organisation_id:uuid}/campaigns"

    @get("/", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def list_page(
        self, request: PageRequest, session: NamedDependency[Session], actor: NamedDependency[Actor]
    ) -> Response[str]:
        rows = tuple(CampaignRow.of(row) for row in queries.list_campaigns(session, by=actor))
        return page(request, "survey/campaigns.html", rows=rows)

    @get("/new", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = NewCampaignForm.blank(language).offer(_former(session, by=actor))
        return page(request, NEW, form=form)

    @post("/new", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = NewCampaignForm.read(form, language).offer(_former(session, by=actor))
        if not sent.validate():
            return refused(request, session, NEW, form=sent)
        try:
            campaign = _begin(session, sent, by=actor)
        except BakenError as error:
            return refused(request, session, NEW, form=sent, error=error)
        see = frame_of(request).url(path_of(campaign.id, Step.PROMISE))
        return done(request, see=see, said="campaigns.done_added")

    @get("/{campaign_id:uuid}", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        settings: NamedDependency[Settings],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        return page(
            request,
            "survey/campaign.html",
            campaign=view_of(session, campaign, settings, language),
            steps=life_line(campaign, language),
            counts=_counts(session, campaign, by=actor),
            counted_on=_counted_on(session, campaign, by=actor),
            agreement=_agreement(session, campaign, by=actor, today=today),
            is_over=campaign.closes_on < today,
            may_open=campaign.closes_on < today,
            may_go_on=_may_go_on(campaign, today),
            is_ready=_is_ready(session, campaign, today),
        )

    @get("/{campaign_id:uuid}/edit", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.BASIS, today=today, language=language)
        name = queries.get_public_name(session, campaign_id)
        form = BasisForm.of(draft.campaign, name, language)
        return page(request, BASIS, form=form, **draft.context)

    @post("/{campaign_id:uuid}/edit", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.BASIS, today=today, language=language)
        shown, sent = draft.context, BasisForm.read(form, language)
        if not sent.validate():
            return refused(request, session, BASIS, form=sent, **shown)
        try:
            _save_basis(session, draft.campaign, sent, by=actor)
        except BakenError as error:
            return refused(request, session, BASIS, form=sent, error=error, **shown)
        see = frame_of(request).url(draft.following())
        return done(request, see=see, said="preparation.done_saved")

    @post(
        "/{campaign_id:uuid}/delete", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True
    )
    def delete(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        actions.delete_draft_campaign(session, campaign_id, by=actor)
        see = frame_of(request).url("/campaigns")
        return done(request, see=see, said="campaigns.done_deleted")


def _former(session: Session, *, by: Actor) -> dict[UUID, str]:
    """Campaigns that a new one can start from; answers from elsewhere bring no promise along."""
    known = queries.list_campaigns(session, by=by)
    return {row.id: row.title for row in known if not row.is_imported}


def _begin(session: Session, sent: NewCampaignForm, *, by: Actor) -> Campaign:
    """Begin a draft: from a former campaign, or with what is usual."""
    name, values = sent.public_name.data or None, sent.data
    days = {key: values[key] for key in ("title", "opens_on", "closes_on")}
    if sent.copied is not None:
        former = queries.get_campaign(session, sent.copied)
        instrument = get_instrument(session, former.instrument_key, former.instrument_version)
        return copy_campaign(session, former.id, instrument, by=by, public_name=name, **days)
    instrument = load_instrument(USUAL)
    spoken = sent.language if sent.language in instrument.languages else instrument.languages[0]
    plan = CampaignPlan(languages=(spoken,), **days)
    return actions.create_campaign(session, instrument, plan, by=by, public_name=name)


def _save_basis(session: Session, campaign: Campaign, sent: BasisForm, *, by: Actor) -> None:
    """Keep title and days; the days of deletion move along with the last one."""
    days: dict[str, Any] = {"opens_on": sent.opens_on.data, "closes_on": sent.closes_on.data}
    moved = days["closes_on"] - campaign.closes_on
    save_part(
        session,
        campaign.id,
        seen=sent.seen,
        by=by,
        public_name=sent.public_name.data or None,
        title=sent.title.data,
        **days,
        answers_until_on=campaign.answers_until_on + moved,
        comments_until_on=campaign.comments_until_on + moved,
    )


def view_of(
    session: Session, campaign: Campaign, settings: Settings, language: str
) -> CampaignView:
    """A campaign as its pages show it, with the address that stands on the cards."""
    instrument = get_instrument(session, campaign.instrument_key, campaign.instrument_version)
    address = ""
    if not campaign.is_imported:  # nobody ever answered here, so there is no address
        address = f"{settings.origin}/s/{queries.get_public_name(session, campaign.id)}"
    return CampaignView.of(
        campaign,
        instrument=full_name(title_of(instrument, language), instrument.version, language),
        address=address,
    )


def _counts(session: Session, campaign: Campaign, *, by: Actor) -> tuple[CountRow, ...]:
    if campaign.state not in {CampaignState.RUNNING, CampaignState.CLOSED}:
        return ()
    return count_rows(campaign, list_counts(session, campaign.id, by=by))


def _counted_on(session: Session, campaign: Campaign, *, by: Actor) -> date | None:
    counts = list_counts(session, campaign.id, by=by)
    return max((count.counted_on for count in counts), default=None)


def _agreement(
    session: Session, campaign: Campaign, *, by: Actor, today: date
) -> AgreementView | None:
    if not campaign.is_opened:
        return None
    found = get_agreement(session, campaign.id, by=by)
    if campaign.too_few or found.by_label or today < campaign.answers_until_on:
        return agreement_view(campaign, found)
    # Deleted on the agreed day: what was counted at the opening still has to agree.
    counted = replace(found, answers=campaign.n_answers or 0)
    return replace(agreement_view(campaign, counted), deleted_on=campaign.answers_until_on)


def _is_ready(session: Session, campaign: Campaign, today: date) -> bool:
    """Whether nothing stands in the way of the launch of a draft."""
    if campaign.state is not CampaignState.DRAFT:
        return False
    instrument = get_instrument(session, campaign.instrument_key, campaign.instrument_version)
    return not list_launch_obstacles(session, campaign.id, instrument, today=today)


def _may_go_on(campaign: Campaign, today: date) -> bool:
    """Whether a step after the opening waits that can be taken today."""
    if campaign.state == CampaignState.BACKED_UP and campaign.keys_destroyed_on:
        return campaign.copies_expire_on is not None and today >= campaign.copies_expire_on
    return campaign.is_opened and campaign.state != CampaignState.SCRUBBED
