"""Who answered: response, likeness and weights, for readers of all results."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.codes.places import had_paper
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.results_answered_views import answered_view
from baken.web.pages.results_reader import open_newest


class AnsweredPages(Controller):
    """One page: how many answered, and whether they are like those who did not."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/results/answered"

    @get("/", opt={"action": Action.SEE_RESULTS}, sync_to_thread=True)
    def answered_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        opened = open_newest(request, session, campaign_id, by=actor, language=language)
        view = answered_view(opened.reading) if opened.reading else None
        on_paper = view is not None and had_paper(session, campaign_id)
        return page(
            request, "analysis/answered.html", opened=opened, answered=view, had_paper=on_paper
        )
