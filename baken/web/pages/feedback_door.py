"""What everybody with the address of a released page reads."""

from litestar import Controller, Response, get
from litestar.enums import MediaType
from litestar.params import FromPath

from baken.actionplan.plans.feedback import actions
from baken.organisation.organisations import get_organisation
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.rendering import render


class FeedbackDoor(Controller):
    """What everybody with the address may read: no log-in, no cookie, no figure by itself."""

    path = "/s/{name:str}/feedback"

    @get("/", opt={"public": True}, sync_to_thread=True)
    def read(self, request: PageRequest, name: FromPath[str]) -> Response[str]:
        database = request.app.state.database
        with database.read(None) as session:
            organisation_id, page_id = actions.find_owner(session, name)
        with database.read(organisation_id) as session:
            row = actions.get_feedback(session, page_id)
            released, released_on = row.released or {}, row.released_on
            place = get_organisation(session, organisation_id).name
        text_ = render(
            "actionplan/feedback_public.html",
            request.app.state.static_root,
            frame=frame_of(request),
            # The language it was written in, whatever the reader's browser asks for.
            language=released.get("language", frame_of(request).language),
            organisation=place,
            told=released,
            released_on=released_on,
        )
        return Response(text_, media_type=MediaType.HTML)
