"""One import of answers when it is done: what came in, what did not, and what follows."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.jobs import find_unfinished
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.importing.actions import withdraw_import
from baken.survey.box.importing.queries import Report, get_report
from baken.survey.campaigns.rules import CampaignState
from baken.survey.library.queries import get_instrument
from baken.web.pages.campaign_forms import texts_of
from baken.web.pages.campaign_steps import OPENING
from baken.web.pages.reply import PageRequest, done, frame_of, is_swap, page

PAGE: Final = "survey/import_report.html"
PROGRESS: Final = "survey/_import_progress.html"
Step = Literal["working", "stopped", "done"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work after an import is."""

    step: Step
    job: str  # address of the work that goes on, empty when none does
    campaign: str


class ImportedAnswers(Controller):
    """The answers of one campaign that came from elsewhere."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}"

    @get("/import", opt={"action": Action.IMPORT_ANSWERS}, sync_to_thread=True)
    def report(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        found = get_report(session, campaign_id, by=actor)
        progress = _progress(request, session, found)
        template = PROGRESS if is_swap(request) else PAGE
        return page(
            request,
            template,
            report=found,
            title=found.campaign.title,
            aside=_aside(session, found, language),
            progress=progress,
        )

    @post("/withdraw", opt={"action": Action.IMPORT_ANSWERS, "fresh": True}, sync_to_thread=True)
    def withdraw(
        self,
        request: PageRequest,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        """Take an import back that was a mistake, as long as no results were made of it."""
        withdraw_import(database, keys, campaign_id, by=actor)
        see = frame_of(request).url("/campaigns")
        return done(request, see=see, said="imports.done_withdrawn")


def _aside(session: Session, found: Report, language: str) -> tuple[str, ...]:
    """The questions beside the scales that had no column, in their own words."""
    asked = found.campaign
    texts = texts_of(
        get_instrument(session, asked.instrument_key, asked.instrument_version), language
    )
    words = {**texts.backgrounds, **texts.open_questions}
    return tuple(words.get(key, key) for key in found.aside)


def _progress(request: PageRequest, session: Session, found: Report) -> Progress:
    frame, campaign = frame_of(request), found.campaign
    job = find_unfinished(session, OPENING, campaign.id)
    # What waits for copies to expire is done as far as anybody has to look at it.
    is_done = campaign.state == CampaignState.SCRUBBED or campaign.keys_destroyed_on is not None
    step: Step = "working" if job else "done" if is_done else "stopped"
    return Progress(
        step,
        job=frame.url(f"/jobs/{job}") if job else "",
        campaign=frame.url(f"/campaigns/{campaign.id}"),
    )
