"""How the response stands, once a day and rounded, and giving people more time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.monitoring.actions import extend_campaign
from baken.survey.monitoring.queries import Outlook, get_response
from baken.survey.monitoring.rules import check_is_running, last_days_from, way_on
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.fields import day
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

EXTEND = "survey/extend.html"
_A_WEEK = timedelta(days=7)


class ExtendForm(BackOfficeForm):
    """A later last day, which the committee knows about."""

    until = day("monitoring.until", hint="monitoring.until_hint")
    known = BooleanField("monitoring.known", [InputRequired("monitoring.known_missing")])
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the person was looking at; 0 when the field was changed."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@dataclass(frozen=True, slots=True)
class CampaignDays:
    """The days of a running campaign, as they were told."""

    row: CampaignRow
    is_over: bool
    last_days_from: date
    first_closes_on: date | None
    kept_until_on: date
    min_group: int

    @classmethod
    def of(cls, campaign: Campaign, today: date) -> "CampaignDays":
        return cls(
            row=CampaignRow.of(campaign),
            is_over=today > campaign.closes_on,
            last_days_from=last_days_from(campaign.opens_on, campaign.closes_on),
            first_closes_on=campaign.first_closes_on,
            kept_until_on=min(campaign.answers_until_on, campaign.comments_until_on),
            min_group=campaign.min_group,
        )


class MonitoringPages(Controller):
    """The response of one campaign."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}"

    @get("/response", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def response_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        found = get_response(session, campaign_id, by=actor)
        n_short = sum(unit.needed > 0 for unit in found.units)
        is_short = found.whole.needed > 0 or n_short > 0
        return page(
            request,
            "survey/response.html",
            campaign=CampaignDays.of(campaign, today),
            response=found,
            strata=_named(campaign, found.strata, language),
            stratum=_in(language, campaign.stratum["title"]) if campaign.stratum else "",
            is_running=campaign.state is CampaignState.RUNNING,
            n_short=n_short,
            way_on=way_on(campaign.opens_on, campaign.closes_on, is_short=is_short, today=today),
        )

    @get("/extend", opt={"action": Action.CLOSE_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def extend_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        check_is_running(campaign.state)
        until = max(campaign.closes_on, today) + _A_WEEK
        form = ExtendForm.blank(language, {"until": until, "version": campaign.version})
        return page(request, EXTEND, form=form, campaign=CampaignDays.of(campaign, today))

    @post("/extend", opt={"action": Action.CLOSE_CAMPAIGN, "fresh": True}, sync_to_thread=True)
    def extend(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        form: NamedDependency[Form],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        sent = ExtendForm.read(form, language)
        shown = CampaignDays.of(get_campaign(session, campaign_id), today)
        if not sent.validate():
            return refused(request, session, EXTEND, form=sent, campaign=shown)
        until: date = sent["until"].data
        try:
            extend_campaign(
                session, campaign_id, until=until, seen=sent.seen, by=actor, today=today
            )
        except BakenError as error:
            return refused(request, session, EXTEND, form=sent, error=error, campaign=shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/response")
        return done(request, see=see, said="monitoring.done_extended")


def _named(campaign: Campaign, strata: Sequence[Outlook], language: str) -> tuple[Outlook, ...]:
    """Bands by the name people know them under."""
    bands = campaign.stratum["bands"] if campaign.stratum else []
    names = {band["key"]: _in(language, band["names"]) or band["key"] for band in bands}
    return tuple(replace(one, name=names[one.name]) for one in strata)


def _in(language: str, words: dict[str, str]) -> str:
    return words.get(language) or next(iter(words.values()), "")
