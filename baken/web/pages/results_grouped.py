"""Background groups of the whole organisation, for readers of all results."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.disclosure.tree import ROOT
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.results_groups import departments_with_groups, group_tables
from baken.web.pages.results_reader import open_newest


class GroupsPages(Controller):
    """One page: each background question of all people, and which departments have theirs."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/results/groups"

    @get("/", opt={"action": Action.SEE_RESULTS}, sync_to_thread=True)
    def groups_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        opened = open_newest(request, session, campaign_id, by=actor, language=language)
        reading = opened.reading
        return page(
            request,
            "analysis/groups.html",
            opened=opened,
            groups=group_tables(reading, ROOT) if reading else (),
            departments=departments_with_groups(reading) if reading else (),
        )
