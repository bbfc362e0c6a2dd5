"""The home page of an organisation, and one page for each of the five verbs."""

from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.organisation.permissions import Action
from baken.web.frame import VERBS
from baken.web.pages.reply import PageRequest, page


class HomePages(Controller):
    """What stands where."""

    path = "/o/{organisation_id:uuid}"

    @get("/", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
    def home(self, request: PageRequest) -> Response[str]:
        return page(request, "home/home.html")

    @get("/cycle/{verb:str}", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
    def verb(self, request: PageRequest, verb: FromPath[str]) -> Response[str]:
        if verb not in {known.key for known in VERBS}:
            raise NotFoundException
        return page(request, "home/verb.html", verb=verb)
