"""The end of the paper: written down once, and shown to the committee."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import DateField
from wtforms.validators import InputRequired

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.destruction import (
    Destruction,
    check_may_be_destroyed,
    find_destruction,
    log_destruction,
)
from baken.survey.paper.errors import CannotLogDestruction
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.fields import line
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.texts import catalogue

PAGE: Final = "survey/paper_destruction.html"
LONGEST: Final = 200


class DestructionForm(BackOfficeForm):
    """How the forms were destroyed."""

    destroyed_on = DateField("paper_entry.destroyed_on", [InputRequired()])
    how = line("paper_entry.how", length=LONGEST, hint="paper_entry.how_hint")
    witness = line("paper_entry.witness", length=LONGEST, hint="paper_entry.witness_hint")


class DestructionPages(Controller):
    """What became of the forms."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/destruction"

    @get("/", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        form = DestructionForm.blank(language)
        return page(request, PAGE, form=form, **_shown(session, campaign_id, language))

    @post("/", opt={"action": Action.LOG_DESTRUCTION}, sync_to_thread=True)
    def log(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        sent = DestructionForm.read(form, language)
        shown = _shown(session, campaign_id, language)
        if not sent.validate():
            return refused(request, session, PAGE, form=sent, **shown)
        said = Destruction(
            sent["destroyed_on"].data, str(sent["how"].data), str(sent["witness"].data)
        )
        try:
            log_destruction(session, campaign_id, said, by=actor, today=today)
        except BakenError as error:
            return refused(request, session, PAGE, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/paper/destruction")
        return done(request, see=see, said="paper_entry.done_destroyed")


def _shown(session: Session, campaign_id: UUID, language: str) -> dict[str, Any]:
    campaign = get_campaign(session, campaign_id)
    row = find_destruction(session, campaign_id)
    logged = Destruction(row.destroyed_on, row.how, row.witness) if row else None
    return {
        "campaign": CampaignRow.of(campaign),
        "logged": logged,
        "refusal": _why(campaign, language),
    }


def _why(campaign: Any, language: str) -> str:
    """Why nothing can be written down yet; empty when it can."""
    try:
        check_may_be_destroyed(campaign)
    except CannotLogDestruction as error:
        return catalogue(language).refusal(error)
    return ""
