"""Counts of paper that must agree, and what has to be settled before the opening."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import SelectField
from wtforms.validators import InputRequired

from baken.organisation.permissions import Action, Actor, may
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.sittings.actions import settle_blanks
from baken.survey.paper.sittings.queries import OpenForms, count_paper, list_unsettled
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.fields import option, whole
from baken.web.pages.paper_sitting_forms import MOST_FORMS
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

COUNTS: Final = "survey/paper_counts.html"


class BlankForm(BackOfficeForm):
    """Forms that came back empty, or not at all."""

    unit = SelectField("paper_slips.unit", [InputRequired()])
    forms = whole("paper_slips.blank_forms", low=1, high=MOST_FORMS)

    def offer(self, rows: tuple[OpenForms, ...]) -> "BlankForm":
        """Fill in the units that have forms open."""
        units: Any = self.unit
        units.choices = [option(row.unit, row.name) for row in rows if row.left]
        return self


class PaperCountPages(Controller):
    """One page for everybody who follows the survey; two people more settle what is open."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/counts"

    @get("/", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def counts(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        shown = _shown(session, campaign_id, actor)
        form = BlankForm.blank(language).offer(shown["unsettled"])
        return page(request, COUNTS, form=form, **shown)

    @post("/", opt={"action": Action.SETTLE_PAPER}, sync_to_thread=True)
    def settle(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        shown = _shown(session, campaign_id, actor)
        sent = BlankForm.read(form, language).offer(shown["unsettled"])
        if not sent.validate():
            return refused(request, session, COUNTS, form=sent, **shown)
        unit, n = str(sent["unit"].data), int(sent["forms"].data)
        try:
            settle_blanks(session, campaign_id, unit, n=n, by=actor)
        except BakenError as error:
            return refused(request, session, COUNTS, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/paper/counts")
        return done(request, see=see, said="paper_slips.done_settled")


def _shown(session: Session, campaign_id: UUID, actor: Actor) -> dict[str, Any]:
    campaign = get_campaign(session, campaign_id)
    is_settling = may(actor, Action.SETTLE_PAPER)
    return {
        "campaign": CampaignRow.of(campaign),
        "counts": count_paper(session, campaign_id, by=actor),
        "unsettled": list_unsettled(session, campaign_id, by=actor) if is_settling else (),
        "is_opened": campaign.is_opened,
        "min_group": campaign.min_group,
    }
