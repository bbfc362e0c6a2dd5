"""Sittings and urns of a survey: the list, the plan, and one of them."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.channels import Way, ways_of
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.errors import SittingNotFound
from baken.survey.paper.sittings.actions import change_sitting, plan_sitting
from baken.survey.paper.sittings.models import Kind
from baken.survey.paper.sittings.queries import SittingView, list_sittings, view_sitting
from baken.web.body import Form
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_sitting_forms import PlanForm
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

SITTINGS: Final = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/sittings"
LEAD: Final = {"action": Action.EXCHANGE_SLIPS}
PLAN: Final = {"action": Action.PLAN_SITTINGS}
FORM: Final = "survey/paper_sitting_plan.html"


class SittingPages(Controller):
    """Planning sittings, and looking at one."""

    path = SITTINGS

    @get("/", opt=LEAD, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        rows = list_sittings(session, campaign_id, by=actor)
        return page(
            request, "survey/paper_sittings.html", campaign=CampaignRow.of(campaign), rows=rows
        )

    @get("/new", opt=PLAN, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        if campaign.state is not CampaignState.RUNNING:
            row = CampaignRow.of(campaign)
            return page(request, "survey/paper_over.html", status=409, campaign=row)
        values = {
            "kind": Kind.SITTING.value,
            "languages": [language] if language in campaign.languages else campaign.languages[:1],
            "leader": actor.name,
            "units": [
                unit["key"]
                for unit in campaign.unit_tree or []
                if Way.SITTING in ways_of(campaign, unit["key"])
            ],
        }
        form = PlanForm.blank(language, values).offer(campaign)
        return page(request, FORM, form=form, campaign=CampaignRow.of(campaign), sitting=None)

    @post("/new", opt=PLAN, sync_to_thread=True)
    def plan(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        sent = PlanForm.read(form, language).offer(campaign)
        shown: dict[str, Any] = {"campaign": CampaignRow.of(campaign), "sitting": None}
        if not sent.validate():
            return refused(request, session, FORM, form=sent, **shown)
        try:
            made = plan_sitting(session, campaign_id, sent.plan(), by=actor)
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/paper/sittings/{made.id}")
        return done(request, see=see, said="paper_sittings.done_planned")

    @get("/{sitting_id:uuid}", opt=LEAD, sync_to_thread=True)
    def sitting_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        return page(
            request, "survey/paper_sitting.html", campaign=CampaignRow.of(campaign), sitting=view
        )

    @get("/{sitting_id:uuid}/change", opt=PLAN, sync_to_thread=True)
    def change_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        values = {
            "kind": view.kind.value,
            "held_on": view.held_on,
            "place": view.place,
            "leader": view.leader,
            "units": [one.unit for one in view.counts],
            "languages": list(view.languages),
            "version": view.version,
        }
        form = PlanForm.blank(language, values).offer(campaign)
        return page(request, FORM, form=form, campaign=CampaignRow.of(campaign), sitting=view)

    @post("/{sitting_id:uuid}/change", opt=PLAN, sync_to_thread=True)
    def change(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        sent = PlanForm.read(form, language).offer(campaign)
        shown: dict[str, Any] = {"campaign": CampaignRow.of(campaign), "sitting": view}
        if not sent.validate():
            return refused(request, session, FORM, form=sent, **shown)
        try:
            change_sitting(session, sitting_id, sent.plan(), seen=sent.seen, by=actor)
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/paper/sittings/{sitting_id}")
        return done(request, see=see, said="paper_sittings.done_changed")


def find_sitting(
    session: Session, campaign_id: UUID, sitting_id: UUID, *, by: Actor
) -> tuple[Campaign, SittingView]:
    """Return a sitting of this survey; one of another does not exist here."""
    view = view_sitting(session, sitting_id, by=by)
    if view.campaign_id != campaign_id:
        raise SittingNotFound
    return get_campaign(session, campaign_id), view
