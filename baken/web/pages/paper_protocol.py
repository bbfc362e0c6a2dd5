"""After a sitting: what was counted, the protocol to print, the witness."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.errors import ImplausibleCount
from baken.survey.paper.sittings.actions import count_sitting, sign_sitting
from baken.survey.paper.sittings.models import Kind
from baken.survey.paper.sittings.queries import SittingView, check_unsigned, get_sitting
from baken.web.body import Form
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_sitting_forms import WitnessForm, count_form, known_counts
from baken.web.pages.paper_sittings import LEAD, SITTINGS, find_sitting
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

COUNT: Final = "survey/paper_count.html"
PROTOCOL: Final = "survey/paper_protocol.html"


class ProtocolPages(Controller):
    """The counts of one sitting."""

    path = SITTINGS + "/{sitting_id:uuid}"

    @get("/count", opt=LEAD, sync_to_thread=True)
    def count_page(
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
        form = count_form(view).blank(language, known_counts(view))
        return page(request, COUNT, form=form, **_shown(campaign, view))

    @post("/count", opt=LEAD, sync_to_thread=True)
    def count(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        sent = count_form(view).read(form, language)
        if not sent.validate():
            return refused(request, session, COUNT, form=sent, **_shown(campaign, view))
        is_urn = view.kind is Kind.URN
        try:
            count_sitting(
                session,
                sitting_id,
                sent.counted(view.counts, is_urn=is_urn),
                destroyed=int(sent["destroyed"].data) if is_urn else 0,
                remarks=str(sent["remarks"].data or ""),
                seen=sent.seen,
                by=actor,
                is_sure=bool(sent["is_right"].data),
            )
        except BakenError as error:
            sent.ask_right = isinstance(error, ImplausibleCount)
            shown = _shown(campaign, view)
            return refused(request, session, COUNT, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/paper/sittings/{sitting_id}")
        return done(request, see=f"{see}/protocol", said="paper_sittings.done_counted")

    @get("/protocol", opt=LEAD, sync_to_thread=True)
    def protocol_page(
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
        form = WitnessForm.blank(language, {"version": view.version})
        return page(request, PROTOCOL, form=form, **_shown(campaign, view))

    @post("/protocol", opt=LEAD, sync_to_thread=True)
    def sign(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        sitting_id: FromPath[UUID],
    ) -> Response[str]:
        campaign, view = find_sitting(session, campaign_id, sitting_id, by=actor)
        sent = WitnessForm.read(form, language)
        shown = _shown(campaign, view)
        if not sent.validate():
            return refused(request, session, PROTOCOL, form=sent, **shown)
        witness = str(sent["witness"].data)
        try:
            sign_sitting(
                session, sitting_id, witness=witness, seen=sent.seen, by=actor, today=today
            )
        except BakenError as error:
            return refused(request, session, PROTOCOL, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/paper/sittings/{sitting_id}")
        return done(request, see=f"{see}/protocol", said="paper_sittings.done_signed")


def _shown(campaign: Campaign, view: SittingView) -> dict[str, Any]:
    return {
        "campaign": CampaignRow.of(campaign),
        "sitting": view,
        "is_urn": view.kind is Kind.URN,
    }
