"""The desk: type or scan the code of a slip, hand out one form or none."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.errors import NoFormForSlip
from baken.survey.paper.sittings.exchanging import exchange_slip
from baken.survey.paper.sittings.queries import check_unsigned, get_sitting
from baken.web.body import Form
from baken.web.failures import TooManyFailures
from baken.web.forms import BackOfficeForm
from baken.web.pages.attempts import attempts_of
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.fields import line
from baken.web.pages.paper_sittings import LEAD, SITTINGS, find_sitting
from baken.web.pages.reply import PageRequest, page

DESK: Final = "survey/paper_slips.html"
# A reader of the square code types the whole address, the code behind the #.
LONGEST: Final = 300


class SlipForm(BackOfficeForm):
    """One slip."""

    code = line("paper_slips.code", length=LONGEST, hint="paper_slips.code_hint")


class SlipPages(Controller):
    """Slips of one sitting or urn."""

    path = SITTINGS + "/{sitting_id:uuid}/slips"

    @get("/", opt=LEAD, sync_to_thread=True)
    def desk(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        check_unsigned(get_sitting(session, sitting_id))
        form = SlipForm.blank(language)
        return page(
            request, DESK, form=form, campaign=CampaignRow.of(campaign), sitting=view, unit=""
        )

    # The answer to the POST is the page for the next slip: what was handed out stands in no address
    # and in no history, and sending it again gives no second form.
    @post("/", opt=LEAD, sync_to_thread=True, status_code=200)
    def exchange(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        shown: dict[str, Any] = {"campaign": CampaignRow.of(campaign)}
        # Whatever happened, the field is empty for the next slip.
        next_slip = SlipForm.blank(language)
        budget, name = attempts_of(request).slips, actor.person_id.hex
        try:
            budget.take(name, now)
        except TooManyFailures as error:
            next_slip.refuse(error)
            shown |= {"sitting": view, "unit": "", "is_stopped": True}
            return page(request, DESK, status=429, form=next_slip, **shown)
        typed = form.get("code")[:LONGEST].rpartition("#")[2]
        try:
            unit = exchange_slip(session, keys, sitting_id, typed, by=actor, today=today)
        except BakenError as error:
            session.rollback()
            is_refused = isinstance(error, NoFormForSlip)
            if not is_refused:
                budget.give_back(name, now)
            next_slip.refuse(error)
            return page(
                request,
                DESK,
                status=422,
                form=next_slip,
                sitting=view,
                unit="",
                is_refused=is_refused,
                **shown,
            )
        budget.give_back(name, now)
        view = find_sitting(session, campaign_id, sitting_id, by=actor)[1]
        return page(request, DESK, form=next_slip, sitting=view, unit=unit, **shown)
