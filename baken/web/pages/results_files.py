"""Released results as files: every figure, a workbook, and a document for a meeting.

All of them hold what the release plan of the survey shows, and are the same bytes each time.
"""

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.analysis.releases.canonical import canonical_json
from baken.analysis.releases.queries import get_newest_release
from baken.analysis.releases.told import check_intact, told_today
from baken.analysis.tallies.actions import instrument_of
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.web.documents.pdf import pdf_of
from baken.web.documents.results.page import Frozen, analysis_page
from baken.web.documents.results.workbook import analysis_workbook

RESULTS: Final = "/campaigns/{campaign_id:uuid}/results"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_PRINTED: Final = 300
"""Units above which a document would have hundreds of pages; the workbook has them all."""


class ResultsFiles(Controller):
    """Nothing is made but what the page shows."""

    path = "/o/{organisation_id:uuid}"
    opt = {"action": Action.SEE_RESULTS}

    @get(f"{RESULTS}.json", sync_to_thread=True)
    def figures(
        self,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
    ) -> Response[bytes]:
        release = get_newest_release(session, campaign_id, by=actor)
        check_intact(release)
        return _file(canonical_json(release.results), "results.json", "application/json")

    @get(f"{RESULTS}.xlsx", sync_to_thread=True)
    def workbook(
        self,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[bytes]:
        campaign = get_campaign(session, campaign_id)
        release = get_newest_release(session, campaign_id, by=actor)
        instrument = instrument_of(session, campaign)
        found = told_today(release, instrument)
        content = analysis_workbook(found, instrument, campaign.tree, language)
        return _file(content, _name(campaign.closes_on, release.number, "xlsx"), WORKBOOK)

    @get(f"{RESULTS}.pdf", sync_to_thread=True)
    def document(
        self,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[bytes]:
        campaign = get_campaign(session, campaign_id)
        release = get_newest_release(session, campaign_id, by=actor)
        if len(campaign.tree.units) > MOST_PRINTED:
            raise NotFoundException
        instrument = instrument_of(session, campaign)
        found = told_today(release, instrument)
        frozen = Frozen(
            campaign=campaign.title,
            number=release.number,
            made_on=release.created_on,
            sha256=release.sha256,
            software=release.software_version,
        )
        page = analysis_page(found, instrument, campaign.tree, language, frozen)
        name = _name(campaign.closes_on, release.number, "pdf")
        return _file(pdf_of(page).content, name, "application/pdf")


def _name(on: date, number: int, ending: str) -> str:
    return f"results-{on.isoformat()}-{number}.{ending}"


def _file(content: bytes, name: str, media_type: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
