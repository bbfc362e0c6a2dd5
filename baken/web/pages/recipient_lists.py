"""Reading an address list in: look first, then confirm. With one mistake in it nobody is taken."""

import base64
import binascii
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.errors import Invalid
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.invitations.actions import check_may_edit, look_at_list, take_list
from baken.survey.invitations.rules import Listing
from baken.web.body import UPLOAD_LIMIT, Form
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.recipient_forms import ListForm
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

FORM: Final = "survey/recipient_list.html"
# Whoever changes an address decides where the next letter with a code goes.
EDIT: Final = {"action": Action.EDIT_RECIPIENTS, "fresh": True}
SHOWN: Final = 100
# The file comes back from the preview as text, a third longer than its bytes.
CONFIRM_LIMIT: Final = UPLOAD_LIMIT * 4 // 3 + 64 * 1024


class RecipientLists(Controller):
    """A file becomes an address list."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/invitations/list"

    @get("/", opt=EDIT, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        check_may_edit(campaign)
        return page(request, FORM, form=ListForm.blank(language), **_shown(campaign))

    @post("/", opt=EDIT, sync_to_thread=True, request_max_body_size=CONFIRM_LIMIT, status_code=200)
    def preview(
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
        shown = _shown(campaign)
        sent = ListForm.read(form, language)
        sent.chosen = form.upload("file")
        if not sent.validate() or sent.chosen is None:
            return refused(request, session, FORM, form=sent, **shown)
        content = sent.chosen.content
        try:
            listing = look_at_list(session, keys, campaign_id, content, by=actor, today=today)
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error, **shown)
        return _preview(request, campaign, listing, content)

    @post("/confirm", opt=EDIT, sync_to_thread=True, request_max_body_size=CONFIRM_LIMIT)
    def confirm(
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
        shown = _shown(campaign)
        try:
            content = _content(form)
            listing = look_at_list(session, keys, campaign_id, content, by=actor, today=today)
            if listing.problems or (listing.questions and form.get("two_people") != "y"):
                return _preview(request, campaign, listing, content, status=422)
            take_list(session, keys, campaign_id, content, by=actor, today=today)
        except BakenError as error:
            blank = ListForm.blank(language)
            return refused(request, session, FORM, form=blank, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/invitations")
        return done(request, see=see, said="invitations.done_taken")


def _preview(
    request: PageRequest, campaign: Campaign, listing: Listing, content: bytes, status: int = 200
) -> Response[str]:
    return page(
        request,
        "survey/recipient_list_preview.html",
        status=422 if listing.problems else status,
        campaign=CampaignRow.of(campaign),
        n_people=len(listing.people),
        problems=listing.problems[:SHOWN],
        n_problems=len(listing.problems),
        questions=listing.questions[:SHOWN],
        n_questions=len(listing.questions),
        is_unanswered=status == 422,
        content="" if listing.problems else base64.b64encode(content).decode(),
    )


def _content(form: Form) -> bytes:
    try:
        return base64.b64decode(form.get("content"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(
            "organisation.import_cut_off",
            "The file did not arrive in one piece. Nothing was written; choose it again.",
        ) from error


def _shown(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign": CampaignRow.of(campaign),
        "has_groups": campaign.stratum is not None,
        "languages": campaign.languages,
    }
