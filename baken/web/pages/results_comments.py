"""What people wrote in their own words, for the external adviser alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.analysis.tallies.actions import instrument_of
from baken.organisation.permissions import Action, Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.comments import DetachedComment, list_comments
from baken.survey.disclosure.tree import ROOT
from baken.web.pages.campaign_forms import texts_of
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue

COMMENTS = "analysis/comments.html"
SENSITIVE: Final = {"action": Action.READ_COMMENTS, "fresh": True}


@dataclass(frozen=True, slots=True)
class CommentGroup:
    """Comments on one question from one part of the organisation."""

    question: str
    where: str
    texts: tuple[str, ...]


class CommentPages(Controller):
    """Each reading is written down, so that it takes a button and not a link."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/comments"

    @get("/", opt=SENSITIVE, sync_to_thread=True)
    def ask_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        return _page(request, campaign, None, today)

    @post("/", opt=SENSITIVE, sync_to_thread=True, status_code=200)
    def read(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        found = list_comments(session, keys, campaign_id, by=actor)
        campaign = get_campaign(session, campaign_id)
        return _page(request, campaign, tuple(_groups(session, campaign, found, language)), today)


def _page(
    request: PageRequest, campaign: Campaign, groups: tuple[CommentGroup, ...] | None, today: date
) -> Response[str]:
    return page(
        request,
        COMMENTS,
        campaign=campaign.title,
        here=frame_of(request).url(f"/campaigns/{campaign.id}"),
        is_opened=campaign.is_opened and not campaign.too_few,
        until_on=campaign.comments_until_on,
        is_deleted=campaign.comments_until_on <= today,
        groups=groups,
    )


def _groups(
    session: Session, campaign: Campaign, comments: Iterable[DetachedComment], language: str
) -> Iterable[CommentGroup]:
    """By question, then by unit; within a group in the random order in which they are kept."""
    tree = campaign.tree
    questions = texts_of(instrument_of(session, campaign), language).open_questions
    whole = catalogue(language)("results.whole")

    def place(comment: DetachedComment) -> tuple[str, int]:
        return (comment.question, tree.keys.index(tree.key_of(comment.label)))

    for (question, line), group in groupby(sorted(comments, key=place), key=place):
        unit = tree.keys[line]
        yield CommentGroup(
            question=questions.get(question, question),
            where=whole if unit == ROOT else tree.name(unit),
            texts=tuple(comment.text for comment in group),
        )
