"""The charter as everybody may read it, at the address of the survey: no login, no cookie."""

from datetime import date

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.storage.session import Database
from baken.survey.campaigns.charter import CharterView
from baken.survey.campaigns.queries import charter_view, get_campaign
from baken.survey.errors import CampaignNotFound
from baken.web.body import EMPTY
from baken.web.languages import has_screens
from baken.web.pages.campaign_charter import stratum_names
from baken.web.pages.reply import PageRequest
from baken.web.pages.respondent_door import FrontDoor
from baken.web.pages.respondent_reply import Page, plain_page
from baken.web.pages.respondent_visit import Visit, unknown_campaign


class CharterForAll(Controller):
    """One page beside the promise."""

    path = "/s/{name:str}"

    @get("/charter", opt={"public": True}, sync_to_thread=True)
    def charter(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        today: NamedDependency[date],
        name: FromPath[str],
    ) -> Page:
        door: FrontDoor = request.app.state.front_door
        try:
            view = door.look(name)
        except CampaignNotFound:
            return unknown_campaign(request)
        with database.read(view.organisation_id) as session:
            agreed = charter_view(session, get_campaign(session, view.campaign_id))
        scene = Visit.of(request, view, today, EMPTY).scene
        text = scene.render(
            "respondent/charter.html",
            charter=agreed,
            words=agreed.words_in(scene.language) if agreed else {},
            written_in=_written_in(agreed, scene.language),
            stratum=stratum_names(agreed, scene.language),
        )
        return plain_page(text)


def _written_in(charter: CharterView | None, language: str) -> str:
    """The language of the words where it is not that of the page."""
    if charter is None or language.partition("-")[0] in charter.words:
        return ""
    return next((code for code in charter.words if has_screens(code)), "")
