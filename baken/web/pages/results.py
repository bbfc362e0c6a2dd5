"""Released results: the list, the results of a campaign, a unit and a scale."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy import select

from baken.actionplan.chain import chain_of_campaign
from baken.analysis.benchmarks.comparing import list_comparisons
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import list_releases
from baken.analysis.tallies.actions import check_has_answers
from baken.organisation.permissions import Action, Actor, may
from baken.storage.jobs import enqueue, find_unfinished
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.web.pages.chain_views import came_of
from baken.web.pages.jobs import see_job
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.results_around import around_view
from baken.web.pages.results_compared import compared_themes, compared_unit, compared_units
from baken.web.pages.results_files import MOST_PRINTED
from baken.web.pages.results_groups import group_tables
from baken.web.pages.results_reader import open_newest
from baken.web.pages.results_reading import Reading, read_release
from baken.web.pages.results_recommendation import recommended_view
from baken.web.pages.results_unit_views import scale_view, unit_view
from baken.web.pages.results_values import is_too_few
from baken.web.pages.results_views import (
    ReleaseView,
    cutoff_sources,
    scale_lines,
    themes,
    unit_head,
    unit_lines,
)
from baken.web.pages.results_words import tell

RESULTS = "/campaigns/{campaign_id:uuid}/results"
RELEASING = "release.make"


@dataclass(frozen=True, slots=True)
class ReleasedRow:
    """A campaign in the list; `units` are those of a reader who does not see them all."""

    title: str
    href: str
    made_on: date | None
    units: tuple[tuple[str, str], ...]


class ResultsPages(Controller):
    """What was released, and nothing else."""

    path = "/o/{organisation_id:uuid}"

    @get("/results", opt={"action": Action.SEE_OWN_UNIT_RESULTS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
    ) -> Response[str]:
        rows = _released(request, session, by=actor, language=language)
        if may(actor, Action.RELEASE_RESULTS):
            rows = [*_waiting(request, session, by=actor), *rows]
        return page(request, "analysis/releases.html", rows=tuple(rows))

    @get(RESULTS, opt={"action": Action.SEE_RESULTS}, sync_to_thread=True)
    def results_page(
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
        releases = list_releases(session, campaign_id, by=actor)
        if not releases:
            return _not_yet(request, campaign)
        if is_too_few(releases[0].results):
            return _not_yet(request, campaign, too_few=True)
        reading = _read(request, session, releases[0], campaign, by=actor, language=language)
        comparisons = list_comparisons(session, releases[0], reading.instrument)
        chain = chain_of_campaign(session, campaign, by=actor, today=today)
        return page(
            request,
            "analysis/results.html",
            came=came_of(session, chain),
            release=ReleaseView.of(releases[0], campaign, reading),
            here=frame_of(request).url(f"/campaigns/{campaign_id}"),
            told=tell(reading),
            themes=themes(reading),
            units=unit_lines(reading),
            scales=tuple(scale_lines(reading, frame_of(request).url())),
            sources=cutoff_sources(reading),
            recommended=recommended_view(reading),
            is_together="drivers" in reading.results,
            has_groups=bool(reading.instrument.backgrounds),
            compared=compared_themes(reading, comparisons),
            is_printed=len(reading.tree.units) <= MOST_PRINTED,
        )

    @post(RESULTS, opt={"action": Action.RELEASE_RESULTS, "fresh": True}, sync_to_thread=True)
    def release(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        # Pressed twice, or by two people: the first release is the one everybody sees.
        if list_releases(session, campaign_id, by=actor):
            return done(request, see=frame_of(request).url(f"/campaigns/{campaign_id}/results"))
        check_has_answers(get_campaign(session, campaign_id))
        asked = find_unfinished(session, RELEASING, campaign_id) or enqueue(
            session, RELEASING, subject_id=campaign_id, by=actor.person_id, now=now
        )
        return see_job(request, asked)

    @get(
        f"{RESULTS}/units/{{unit:str}}",
        opt={"action": Action.SEE_OWN_UNIT_RESULTS},
        sync_to_thread=True,
    )
    def unit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        unit: FromPath[str],
    ) -> Response[str]:
        opened = open_newest(request, session, campaign_id, by=actor, language=language)
        reading = opened.reading
        if reading is None or unit not in reading.visible:
            raise NotFoundException
        comparisons = (
            list_comparisons(session, opened.frozen, reading.instrument)
            if may(actor, Action.SEE_RESULTS)
            else []
        )
        return page(
            request,
            "analysis/unit.html",
            release=opened.release,
            here=opened.here,
            unit=unit_view(reading, unit, frame_of(request).url()),
            groups=group_tables(reading, unit),
            compared=compared_unit(reading, unit, comparisons),
        )

    @get(f"{RESULTS}/scales/{{scale:str}}", opt={"action": Action.SEE_RESULTS}, sync_to_thread=True)
    def scale_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        scale: FromPath[str],
    ) -> Response[str]:
        opened = open_newest(request, session, campaign_id, by=actor, language=language)
        reading = opened.reading
        scales = reading.scales if reading else ()
        asked = next((one for one in scales if one.key == scale), None)
        if reading is None or asked is None:
            raise NotFoundException
        return page(
            request,
            "analysis/scale.html",
            release=opened.release,
            here=opened.here,
            scale=scale_view(reading, asked, frame_of(request).url()),
            around=around_view(reading, opened.frozen, asked),
            compared=compared_units(
                reading, asked, list_comparisons(session, opened.frozen, reading.instrument)
            ),
        )


def _read(
    request: PageRequest,
    session: Session,
    release: Release,
    campaign: Campaign,
    *,
    by: Actor,
    language: str,
) -> Reading:
    organisation = frame_of(request).url()
    return read_release(
        session, release, campaign, by=by, language=language, organisation=organisation
    )


def _not_yet(request: PageRequest, campaign: Campaign, *, too_few: bool = False) -> Response[str]:
    return page(
        request,
        "analysis/not_yet.html",
        campaign=campaign.title,
        here=frame_of(request).url(f"/campaigns/{campaign.id}"),
        is_opened=campaign.is_opened,
        too_few=too_few or campaign.too_few,
        min_group=campaign.min_group,
    )


def _released(
    request: PageRequest, session: Session, *, by: Actor, language: str
) -> list[ReleasedRow]:
    """The newest release of every campaign, the newest first."""
    newest: dict[UUID, Release] = {}
    for release in list_releases(session, by=by):
        newest.setdefault(release.campaign_id, release)
    campaigns = session.scalars(select(Campaign).where(Campaign.id.in_(newest)))
    by_id = {campaign.id: campaign for campaign in campaigns}
    return [
        _released_row(request, session, release, by_id[campaign_id], by=by, language=language)
        for campaign_id, release in newest.items()
    ]


def _released_row(
    request: PageRequest,
    session: Session,
    release: Release,
    campaign: Campaign,
    *,
    by: Actor,
    language: str,
) -> ReleasedRow:
    if may(by, Action.SEE_RESULTS):
        href = frame_of(request).url(f"/campaigns/{campaign.id}/results")
        return ReleasedRow(campaign.title, href, release.created_on, ())
    reading = _read(request, session, release, campaign, by=by, language=language)
    heads = (unit_head(reading, unit) for unit in reading.tree.units if unit in reading.visible)
    units = tuple((head.name, head.href) for head in heads)
    return ReleasedRow(campaign.title, "", release.created_on, units)


def _waiting(request: PageRequest, session: Session, *, by: Actor) -> list[ReleasedRow]:
    """Campaigns that were opened and wait for their release."""
    done_already = {release.campaign_id for release in list_releases(session, by=by)}
    found = session.scalars(
        select(Campaign).order_by(Campaign.opens_on.desc(), Campaign.title, Campaign.id)
    )
    return [
        ReleasedRow(
            campaign.title, frame_of(request).url(f"/campaigns/{campaign.id}/results"), None, ()
        )
        for campaign in found
        if campaign.is_opened and not campaign.too_few and campaign.id not in done_already
    ]
