"""What is read aloud at a sitting, and the questions one by one on a wall. No answers."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.library.queries import get_instrument
from baken.survey.paper.sittings.queries import SittingView
from baken.web.languages import has_screens
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_sittings import LEAD, SITTINGS, find_sitting
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.respondent_questions import parts_in
from baken.web.texts import LANGUAGES, catalogue

PAUSE_AFTER: Final = 10
"""After so many questions a script asks whether everybody follows."""


class ScriptPages(Controller):
    """The words of one sitting."""

    path = SITTINGS + "/{sitting_id:uuid}"

    @get("/script", opt=LEAD, sync_to_thread=True)
    def script(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        context = _read_aloud(request, session, campaign, view)
        return page(request, "survey/paper_script.html", pause_after=PAUSE_AFTER, **context)

    @get("/projection", opt=LEAD, sync_to_thread=True)
    def projection(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        context = _read_aloud(request, session, campaign, view)
        return page(request, "survey/paper_projection.html", **context)


def _read_aloud(
    request: PageRequest, session: Session, campaign: Campaign, view: SittingView
) -> dict[str, Any]:
    """The questionnaire in the language that was asked for, or the first of the sitting."""
    asked = request.query_params.get("spoken", "")
    spoken = asked if asked in view.languages else view.languages[0]
    instrument = get_instrument(
        session,
        campaign.instrument_key,
        campaign.instrument_version,
        campaign.instrument_fingerprint,
    )
    screens = spoken if has_screens(spoken) else LANGUAGES[0]
    return {
        "campaign": CampaignRow.of(campaign),
        "sitting": view,
        "spoken": spoken,
        "say": catalogue(screens),
        "parts": parts_in(instrument, spoken),
        "min_group": campaign.min_group,
        "contact": campaign.contact,
    }
