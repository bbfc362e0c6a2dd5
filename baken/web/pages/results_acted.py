"""Did units that took a measure change more than the others, for readers of all results."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.analysis.releases.earlier import Earlier, list_earlier, movers_between
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.results_acted_views import acted_view
from baken.web.pages.results_reader import open_newest


class ActedPages(Controller):
    """One page: a theme, the units in which something was done, and how the others changed."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/results/changed/measure"

    @get("/", opt={"action": Action.SEE_RESULTS}, sync_to_thread=True)
    def acted_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        opened = open_newest(request, session, campaign_id, by=actor, language=language)
        asked = request.query_params
        found: Sequence[Earlier] = ()
        view = None
        if opened.reading:
            found = list_earlier(session, opened.survey, opened.reading.instrument, by=actor)
        if found and opened.reading:
            earlier = chosen_earlier(found, asked.get("since", ""))
            view = acted_view(
                opened.reading,
                opened.frozen,
                earlier,
                movers_between(session, earlier.campaign, opened.survey),
                theme=asked.get("theme", ""),
                units=frozenset(asked.getall("unit", [])),
            )
        elif asked:
            raise NotFoundException
        return page(
            request, "analysis/acted.html", opened=opened, acted=view, asked="theme" in asked
        )


def chosen_earlier(found: Sequence[Earlier], since: str) -> Earlier:
    """Return the survey that was asked for, or the last one."""
    if not since:
        return found[0]
    asked = next((one for one in found if str(one.campaign.id) == since), None)
    if asked is None:
        raise NotFoundException
    return asked
