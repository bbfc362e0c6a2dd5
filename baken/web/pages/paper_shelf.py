"""The way in for whoever lends a hand with paper or at the telephone: surveys, and own pages."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.campaigns.rules import CampaignState
from baken.survey.paper.sittings.queries import list_with_paper
from baken.web.pages.reply import PageRequest, page


@dataclass(frozen=True, slots=True)
class Door:
    """A page of a survey; its text is `paper_slips.door_<key>`."""

    key: str
    path: str
    action: Action
    while_closed: bool = True


# In the order of the work. A page of its own adds a line here and its text in four languages.
DOORS: Final = (
    Door("forms", "/paper/forms", Action.PRINT_FORMS, while_closed=False),
    Door("sittings", "/paper/sittings", Action.EXCHANGE_SLIPS),
    Door("verify", "/paper/telephone/callers", Action.VERIFY_CALLERS, while_closed=False),
    Door("ask", "/paper/telephone/questions", Action.ASK_BY_TELEPHONE, while_closed=False),
    Door("batches", "/paper/batches", Action.KEY_SHEETS),
    Door("settle", "/paper/counts", Action.SETTLE_PAPER),
)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A survey with the pages that are open to everybody who may use them."""

    id: UUID
    title: str
    state: CampaignState
    doors: tuple[Door, ...]


class PaperShelf(Controller):
    """Surveys that run or wait for their opening, by title alone."""

    path = "/o/{organisation_id:uuid}/paper"

    @get("/", opt={"action": Action.WORK_WITH_PAPER}, sync_to_thread=True)
    def shelf(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
    ) -> Response[str]:
        rows = tuple(
            PaperRow(
                campaign.id,
                campaign.title,
                CampaignState(campaign.state),
                tuple(
                    door
                    for door in DOORS
                    if door.while_closed or campaign.state is CampaignState.RUNNING
                ),
            )
            for campaign in list_with_paper(session, by=actor)
        )
        return page(request, "survey/paper_shelf.html", rows=rows)
