"""The steps that cannot be undone: launch, close, open."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.organisation.permissions import Action, Actor
from baken.organisation.units import list_units
from baken.storage.errors import BakenError
from baken.storage.jobs import enqueue, find_unfinished
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box import actions as box
from baken.survey.campaigns import actions, queries
from baken.survey.campaigns.actions import CampaignPlan
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import (
    CampaignState,
    check_can_open,
    check_is_closed,
    check_is_draft,
    check_transition,
)
from baken.survey.errors import InvalidTransition
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_forms import CloseForm, LaunchForm, band_field, launch_form, texts_of
from baken.web.pages.campaign_views import CampaignRow, frozen_rows
from baken.web.pages.campaigns import view_of
from baken.web.pages.jobs import see_job
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

LAUNCH = "survey/launch.html"
CLOSE = "survey/close.html"
OPENING = "campaign.open"
# Asked on the launch page itself, beside each field.
_ASKED_HERE = "survey.launch_band_too_small"


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
        campaign = queries.get_campaign(session, campaign_id)
        check_is_draft(campaign.state)
        instrument = _instrument_of(campaign)
        form = launch_form(instrument, campaign.min_group, language).blank(
            language, _known_values(campaign, instrument)
        )
        shown = _launch_context(session, campaign, settings, language, today=today)
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
        campaign = queries.get_campaign(session, campaign_id)
        check_is_draft(campaign.state)
        instrument = _instrument_of(campaign)
        sent = launch_form(instrument, campaign.min_group, language).read(form, language)
        shown = _launch_context(session, campaign, settings, language, today=today)
        if not (sent.validate() and sent.totals_fit(instrument, shown["people"])):
            return refused(request, session, LAUNCH, form=sent, **shown)
        try:
            _launch(session, keys, campaign, instrument, sent, by=actor, today=today)
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
        return page(request, CLOSE, form=form, campaign=row, is_early=today <= row.closes_on)

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
            return refused(request, session, CLOSE, form=sent, campaign=row, is_early=True)
        box.close_campaign(session, campaign_id, by=actor, today=today)
        see = frame_of(request).url(f"/campaigns/{campaign_id}")
        return done(request, see=see, said="campaigns.done_closed")

    @get("/open", opt={"action": Action.OPEN_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def open_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        check_is_closed(campaign.state, closes_on=campaign.closes_on)
        check_transition(campaign.state, CampaignState.OPENED)
        asked = find_unfinished(session, OPENING, campaign_id)
        if asked is not None:
            return see_job(request, asked)
        return _open_page(request, campaign, BackOfficeForm.blank(language))

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
            return _open_page(request, campaign, form, status=409)
        # Its keys are about to be destroyed, by another process.
        request.app.state.front_door.writer.forget(campaign_id)
        asked = enqueue(session, OPENING, subject_id=campaign_id, by=actor.person_id, now=now)
        return see_job(request, asked)


def _open_page(
    request: PageRequest, campaign: Campaign, form: BackOfficeForm, status: int = 200
) -> Response[str]:
    row = CampaignRow.of(campaign)
    return page(
        request,
        "survey/open.html",
        status=status,
        campaign=row,
        form=form,
        min_group=campaign.min_group,
        is_opened=campaign.is_opened,
    )


def _check_can_go_on(campaign: Campaign, today: date) -> None:
    """Closed, or opened and not finished."""
    if not campaign.is_opened:
        check_can_open(campaign.state, closes_on=campaign.closes_on, today=today)
    elif campaign.state == CampaignState.SCRUBBED:
        raise InvalidTransition(
            "survey.finished", "This survey is finished: there is no step left to take."
        )


def _launch(
    session: Session,
    keys: KeyStore,
    campaign: Campaign,
    instrument: Instrument,
    sent: LaunchForm,
    *,
    by: Actor,
    today: date,
) -> None:
    """Keep the headcounts of the bands, then launch; both or neither."""
    plan = replace(_plan_of(campaign), background_headcounts=sent.counts(instrument))
    actions.edit_campaign(session, campaign.id, plan, seen=sent.seen, by=by)
    box.launch_campaign(session, keys, campaign.id, instrument, by=by, today=today)


def _plan_of(campaign: Campaign) -> CampaignPlan:
    return CampaignPlan(
        title=campaign.title,
        languages=tuple(campaign.languages),
        opens_on=campaign.opens_on,
        closes_on=campaign.closes_on,
        min_group=campaign.min_group,
        spares_per_unit=campaign.spares_per_unit,
        background_headcounts=campaign.background_headcounts,
        adviser_name=campaign.adviser_name,
        key_holder=campaign.key_holder,
        contact=campaign.contact,
        answers_until_on=campaign.answers_until_on,
        comments_until_on=campaign.comments_until_on,
    )


def _launch_context(
    session: Session, campaign: Campaign, settings: Settings, language: str, *, today: date
) -> dict[str, Any]:
    instrument = _instrument_of(campaign)
    units = list_units(session, on=max(today, campaign.opens_on))
    found = box.list_launch_obstacles(session, campaign.id, instrument, today=today)
    texts = texts_of(instrument, language)
    return {
        "campaign": view_of(session, campaign, settings, language),
        "units": frozen_rows(units, campaign.min_group),
        "people": sum(unit.headcount or 0 for unit in units),
        "obstacles": tuple(
            (error.key, dict(error.values), str(error))
            for error in found
            if error.key != _ASKED_HERE
        ),
        "questions": tuple(
            (
                texts.backgrounds[background.key],
                tuple(band_field(i, j) for j in range(len(background.bands))),
            )
            for i, background in enumerate(instrument.backgrounds)
        ),
        "n_items": len(instrument.items),
    }


def _known_values(campaign: Campaign, instrument: Instrument) -> dict[str, int]:
    known = campaign.background_headcounts
    values = {"version": campaign.version}
    for i, background in enumerate(instrument.backgrounds):
        for j, band in enumerate(background.bands):
            given = known.get(background.key, {}).get(band)
            if given is not None:
                values[band_field(i, j)] = given
    return values


def _instrument_of(campaign: Campaign) -> Instrument:
    return load_instrument(campaign.instrument_key, campaign.instrument_version)
