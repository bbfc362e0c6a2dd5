"""Whom to invite: the list, one person, and what became of their letters. No page shows a code."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.base import EditedMeanwhile
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.channels import sends_letters
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Channel
from baken.survey.invitations import actions
from baken.survey.invitations.models import Letter, Recipient
from baken.survey.invitations.queries import (
    get_recipient,
    list_named_units,
    list_of_unit,
    list_refused,
)
from baken.survey.invitations.sending import ask_replacement
from baken.web.body import Form
from baken.web.pages.campaign_preparing import Step, path_of
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.campaign_ways import ways_rows
from baken.web.pages.letters import check_mail, why_not
from baken.web.pages.recipient_forms import RecipientForm
from baken.web.pages.recipient_views import RecipientView, digest_of, list_view
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

# Whoever changes an address decides where the next letter with a code goes.
EDIT: Final = {"action": Action.EDIT_RECIPIENTS, "fresh": True}
FORM: Final = "survey/recipient.html"


class RecipientPages(Controller):
    """The address list of a campaign."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/invitations"

    @get("/", opt=EDIT, sync_to_thread=True)
    def overview(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        refusals = list_refused(session, campaign_id, by=actor)
        units = list_named_units(session, campaign, today=today)
        return page(
            request,
            "survey/invitations.html",
            campaign=CampaignRow.of(campaign),
            found=list_view(session, campaign, by=actor, today=today),
            refusal=why_not(campaign, Letter.INVITATION, today),
            refused=tuple(RecipientView.of(row) for row in refusals),
            may_edit=_may_edit(campaign),
            is_by_letter=sends_letters(campaign, (unit.key for unit in units if unit.people)),
            is_draft=campaign.state is CampaignState.DRAFT,
            channels=path_of(campaign_id, Step.CHANNELS),
            has_mail=settings.mail is not None,
            by_unit=ways_rows(session, campaign, today=today),
        )

    @get("/unit/{unit:uuid}", opt=EDIT, sync_to_thread=True)
    def of_unit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        unit: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        rows = list_of_unit(session, campaign_id, str(unit), by=actor)
        units = list_named_units(session, campaign, today=today)
        name = next((known.name for known in units if known.key == str(unit)), "")
        return page(
            request,
            "survey/recipients_of_unit.html",
            campaign=CampaignRow.of(campaign),
            unit=name,
            rows=tuple(RecipientView.of(row) for row in rows),
        )

    @get("/add", opt=EDIT, sync_to_thread=True)
    def add_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        actions.check_may_edit(campaign)
        units = list_named_units(session, campaign, today=today)
        form = RecipientForm.blank(language).offer(campaign, units, language)
        return page(request, FORM, form=form, **_shown(campaign))

    @post("/add", opt=EDIT, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        units = list_named_units(session, campaign, today=today)
        sent = RecipientForm.read(form, language).offer(campaign, units, language)
        shown = _shown(campaign)
        if not sent.validate():
            return refused(request, session, FORM, form=sent, **shown)
        try:
            actions.add_recipient(
                session,
                keys,
                campaign_id,
                sent.entry(units),
                is_newcomer=bool(sent["is_newcomer"].data),
                by=actor,
                today=today,
            )
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error, **shown)
        return done(request, see=_list_of(request, campaign_id), said="invitations.done_added")

    @get("/{recipient_id:uuid}", opt=EDIT, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        recipient_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        row = get_recipient(session, campaign_id, recipient_id)
        units = list_named_units(session, campaign, today=today)
        form = RecipientForm.of(row, language).offer(campaign, units, language)
        return page(request, FORM, form=form, **_known(campaign, row, settings))

    @post("/{recipient_id:uuid}", opt=EDIT, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        recipient_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        row = get_recipient(session, campaign_id, recipient_id)
        units = list_named_units(session, campaign, today=today)
        sent = RecipientForm.read(form, language).offer(campaign, units, language)
        shown = _known(campaign, row, settings)
        if not sent.validate():
            return refused(request, session, FORM, form=sent, **shown)
        try:
            _check_seen(sent, digest_of(row))
            actions.edit_recipient(
                session, keys, campaign_id, recipient_id, sent.entry(units), by=actor, today=today
            )
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error, **shown)
        return done(request, see=_list_of(request, campaign_id), said="invitations.done_edited")

    @post("/{recipient_id:uuid}/remove", opt=EDIT, sync_to_thread=True)
    def remove(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
        recipient_id: FromPath[UUID],
    ) -> Response[str]:
        actions.remove_recipient(session, keys, campaign_id, recipient_id, by=actor)
        return done(request, see=_list_of(request, campaign_id), said="invitations.done_removed")

    @post(
        "/{recipient_id:uuid}/again",
        opt={"action": Action.HAND_OUT_SPARES, "fresh": True},
        sync_to_thread=True,
    )
    def send_again(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
        campaign_id: FromPath[UUID],
        recipient_id: FromPath[UUID],
    ) -> Response[str]:
        if get_recipient(session, campaign_id, recipient_id).channel is Channel.MAIL:
            check_mail(settings)
        ask_replacement(session, keys, campaign_id, recipient_id, by=actor, today=today, now=now)
        return done(request, see=_list_of(request, campaign_id), said="invitations.done_again")


def _shown(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign": CampaignRow.of(campaign),
        "known": None,
        "is_running": campaign.state is CampaignState.RUNNING,
    }


def _known(campaign: Campaign, row: Recipient, settings: Settings) -> dict[str, Any]:
    has_mail = settings.mail is not None
    return {**_shown(campaign), "known": RecipientView.of(row), "has_mail": has_mail}


def _check_seen(form: RecipientForm, digest: str) -> None:
    if form["seen"].data != digest:
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        )


def _may_edit(campaign: Campaign) -> bool:
    try:
        actions.check_may_edit(campaign)
    except BakenError:
        return False
    return True


def _list_of(request: PageRequest, campaign_id: UUID) -> str:
    return frame_of(request).url(f"/campaigns/{campaign_id}/invitations")
