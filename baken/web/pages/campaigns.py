"""Campaigns: the list, the page of one, and the drafts."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.instruments.library import load_instrument
from baken.organisation.permissions import Action, Actor
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.survey.box.queries import get_agreement
from baken.survey.campaigns import actions, queries
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState, check_is_draft
from baken.survey.codes.counts import list_counts
from baken.survey.errors import SurveyError
from baken.web.body import Form
from baken.web.pages.campaign_forms import CampaignForm, title_of
from baken.web.pages.campaign_views import (
    AgreementView,
    CampaignRow,
    CampaignView,
    CountRow,
    agreement_view,
    count_rows,
    life_line,
)
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

FORM = "survey/campaign_form.html"


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
    def new_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return page(request, FORM, form=CampaignForm.empty(language), campaign=None)

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
        sent = CampaignForm.sent(form, language)
        if not sent.validate():
            return refused(request, session, FORM, form=sent, campaign=None)
        try:
            campaign = actions.create_campaign(
                session,
                sent.chosen,
                sent.plan({}),
                by=actor,
                public_name=sent.public_name.data or None,
            )
        except SurveyError as error:
            return refused(request, session, FORM, form=sent, error=error, campaign=None)
        see = frame_of(request).url(f"/campaigns/{campaign.id}")
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
        )

    @get("/{campaign_id:uuid}/edit", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        check_is_draft(campaign.state)
        name = queries.get_public_name(session, campaign_id)
        form = CampaignForm.of(campaign, name, language)
        return page(request, FORM, form=form, campaign=CampaignRow.of(campaign))

    @post("/{campaign_id:uuid}/edit", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        row = CampaignRow.of(campaign)
        sent = CampaignForm.sent(form, language)
        if not sent.validate():
            return refused(request, session, FORM, form=sent, campaign=row)
        try:
            actions.edit_campaign(
                session,
                campaign_id,
                sent.plan(campaign.background_headcounts),
                seen=sent.seen,
                by=actor,
                public_name=sent.public_name.data or None,
                instrument=sent.chosen,
            )
        except (SurveyError, EditedMeanwhile) as error:
            return refused(request, session, FORM, form=sent, error=error, campaign=row)
        see = frame_of(request).url(f"/campaigns/{campaign_id}")
        return done(request, see=see, said="campaigns.done_edited")

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


def view_of(
    session: Session, campaign: Campaign, settings: Settings, language: str
) -> CampaignView:
    """A campaign as its pages show it, with the address that stands on the cards."""
    instrument = load_instrument(campaign.instrument_key, campaign.instrument_version)
    name = queries.get_public_name(session, campaign.id)
    return CampaignView.of(
        campaign,
        instrument=f"{title_of(instrument, language)}, {instrument.key} {instrument.version}",
        address=f"{settings.origin}/s/{name}",
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


def _may_go_on(campaign: Campaign, today: date) -> bool:
    """Whether a step after the opening waits that can be taken today."""
    if campaign.state == CampaignState.BACKED_UP and campaign.keys_destroyed_on:
        return campaign.copies_expire_on is not None and today >= campaign.copies_expire_on
    return campaign.is_opened and campaign.state != CampaignState.SCRUBBED
