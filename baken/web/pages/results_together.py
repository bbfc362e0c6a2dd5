"""What hangs together: which themes go with an outcome, for readers of all results."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.results_reader import open_newest
from baken.web.pages.results_together_views import together_view


class TogetherPages(Controller):
    """One page: every outcome, with the themes that go with it."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/results/together"

    @get("/", opt={"action": Action.SEE_RESULTS}, sync_to_thread=True)
    def together_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        opened = open_newest(request, session, campaign_id, by=actor, language=language)
        view = together_view(opened.reading) if opened.reading else None
        return page(request, "analysis/together.html", opened=opened, together=view)
