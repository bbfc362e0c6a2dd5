"""By telephone, with two people: a page with the script for each, and nothing else in common."""

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.organisation.roles import as_human
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign, get_public_name
from baken.survey.campaigns.rules import CampaignState
from baken.survey.paper.telephone import check_may_ask, check_may_verify
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.reply import PageRequest, page
from baken.web.settings import Settings

OVER: Final = "survey/paper_over.html"


class TelephonePages(Controller):
    """Guidance; what is answered goes over the pages of the survey, as on a shared computer."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/telephone"

    @get("/callers", opt={"action": Action.VERIFY_CALLERS}, sync_to_thread=True)
    def callers(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        check_may_verify(actor)
        campaign = get_campaign(session, campaign_id)
        row = CampaignRow.of(campaign)
        if campaign.state is not CampaignState.RUNNING:
            return page(request, OVER, status=409, campaign=row)
        return page(request, "survey/paper_callers.html", campaign=row)

    @get("/questions", opt={"action": Action.ASK_BY_TELEPHONE}, sync_to_thread=True)
    def questions(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        check_may_ask(as_human(session, actor, today=today))
        campaign = get_campaign(session, campaign_id)
        row = CampaignRow.of(campaign)
        if campaign.state is not CampaignState.RUNNING:
            return page(request, OVER, status=409, campaign=row)
        # Whoever reads aloud starts, and after each call begins again, with what that person reads.
        kiosk = language if language in campaign.languages else "1"
        address = f"{settings.origin}/s/{get_public_name(session, campaign_id)}?kiosk={kiosk}"
        return page(request, "survey/paper_questions.html", campaign=row, address=address)
