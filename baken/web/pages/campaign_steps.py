"""The steps that cannot be undone: launch, close, open."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.base import check_version
from baken.storage.errors import BakenError
from baken.storage.jobs import enqueue, find_unfinished
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box import actions as box
from baken.survey.campaigns import queries
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import (
    CampaignState,
    check_can_open,
    check_is_closed,
    check_transition,
    first_day_of_opening,
)
from baken.survey.errors import InvalidTransition
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_forms import CloseForm, VersionedForm
from baken.web.pages.campaign_preparing import Step, prepare
from baken.web.pages.campaign_sheets import launch_sheet
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.jobs import see_job
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

LAUNCH = "survey/launch.html"
CLOSE = "survey/close.html"
OPENING = "campaign.open"


class CampaignSteps(Controller):
    """From draft to answers that can be counted."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}"

    @get("/launch", opt={"action": Action.LAUNCH_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def launch_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        settings: NamedDependency[Settings],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.LAUNCH, today=today, language=language)
        form = VersionedForm.blank(language, {"version": draft.campaign.version})
        shown = launch_sheet(session, draft, settings, language, today=today)
        return page(request, LAUNCH, form=form, **shown)

    @post("/launch", opt={"action": Action.LAUNCH_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def launch(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        settings: NamedDependency[Settings],
        keys: NamedDependency[KeyStore],
        form: NamedDependency[Form],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.LAUNCH, today=today, language=language)
        sent = VersionedForm.read(form, language)
        shown = launch_sheet(session, draft, settings, language, today=today)
        try:
            check_version(draft.campaign, sent.seen)
            box.launch_campaign(session, keys, campaign_id, draft.instrument, by=actor, today=today)
        except BakenError as error:
            return refused(request, session, LAUNCH, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}")
        return done(request, see=see, said="campaigns.done_launched")

    @get("/close", opt={"action": Action.CLOSE_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def close_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        check_transition(campaign.state, CampaignState.CLOSED)
        row = CampaignRow.of(campaign)
        form = CloseForm.blank(language)
        return page(request, CLOSE, form=form, **_closing(row, today))

    @post("/close", opt={"action": Action.CLOSE_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def close(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        form: NamedDependency[Form],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        row = CampaignRow.of(queries.get_campaign(session, campaign_id))
        sent = CloseForm.read(form, language)
        if row.state is CampaignState.RUNNING and today <= row.closes_on and not sent.validate():
            return refused(request, session, CLOSE, form=sent, **_closing(row, today))
        box.close_campaign(session, campaign_id, by=actor, today=today)
        see = frame_of(request).url(f"/campaigns/{campaign_id}")
        return done(request, see=see, said="campaigns.done_closed")

    @get("/open", opt={"action": Action.OPEN_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def open_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        check_is_closed(campaign.state, closes_on=campaign.closes_on)
        check_transition(campaign.state, CampaignState.OPENED)
        asked = find_unfinished(session, OPENING, campaign_id)
        if asked is not None:
            return see_job(request, asked)
        return _open_page(request, campaign, BackOfficeForm.blank(language), today)

    # The opening itself happens in the background; pressed twice, it is asked for once.
    @post("/open", opt={"action": Action.OPEN_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def open(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        asked = find_unfinished(session, OPENING, campaign_id)
        if asked is not None:
            return see_job(request, asked)
        campaign = queries.get_campaign(session, campaign_id)
        try:
            _check_can_go_on(campaign, today)
        except BakenError as error:
            form = BackOfficeForm.blank(language).refuse(error)
            return _open_page(request, campaign, form, today, status=409)
        # Its keys are about to be destroyed, by another process.
        request.app.state.front_door.writer.forget(campaign_id)
        asked = enqueue(session, OPENING, subject_id=campaign_id, by=actor.person_id, now=now)
        return see_job(request, asked)


def _closing(row: CampaignRow, today: date) -> dict[str, Any]:
    return {
        "campaign": row,
        "is_early": today <= row.closes_on,
        "opens_from": first_day_of_opening(row.closes_on),
    }


def _open_page(
    request: PageRequest,
    campaign: Campaign,
    form: BackOfficeForm,
    today: date,
    status: int = 200,
) -> Response[str]:
    row = CampaignRow.of(campaign)
    day = first_day_of_opening(row.closes_on)
    return page(
        request,
        "survey/open.html",
        status=status,
        campaign=row,
        form=form,
        min_group=campaign.min_group,
        is_opened=campaign.is_opened,
        waits_for=day if today < day and not campaign.is_opened else None,
    )


def _check_can_go_on(campaign: Campaign, today: date) -> None:
    """Closed, or opened and not finished."""
    if not campaign.is_opened:
        check_can_open(campaign.state, closes_on=campaign.closes_on, today=today)
    elif campaign.state == CampaignState.SCRUBBED:
        raise InvalidTransition(
            "survey.finished", "This survey is finished: there is no step left to take."
        )
