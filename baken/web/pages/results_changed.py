"""What changed since an earlier survey, for readers of all results."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.analysis.releases.earlier import Earlier, list_earlier, movers_between, span_between
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.results_acted import chosen_earlier
from baken.web.pages.results_changed_views import changed_view
from baken.web.pages.results_reader import open_newest


class ChangedPages(Controller):
    """One page: this survey beside an earlier one, the last before it unless another is chosen."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/results/changed"

    @get("/", opt={"action": Action.SEE_RESULTS}, sync_to_thread=True)
    def changed_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        opened = open_newest(request, session, campaign_id, by=actor, language=language)
        since = request.query_params.get("since", "")
        found: list[Earlier] = []
        view, movers_href = None, ""
        if opened.reading:
            found = list_earlier(session, opened.survey, opened.reading.instrument, by=actor)
        if found and opened.reading:
            earlier = chosen_earlier(found, since)
            movers = movers_between(session, earlier.campaign, opened.survey)
            days = span_between(earlier.campaign, opened.survey)
            address = f"/units/movements/{days.from_on}/{days.until_on}"
            movers_href = frame_of(request).url(address)
            view = changed_view(opened.reading, opened.frozen, earlier, movers)
        elif since:
            raise NotFoundException
        return page(
            request,
            "analysis/changed.html",
            opened=opened,
            changed=view,
            movers_href=movers_href,
            earlier=tuple((str(one.campaign.id), one.campaign.title) for one in found),
        )
