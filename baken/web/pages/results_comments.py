"""What people wrote in their own words, for the external adviser alone.

Handwriting is shown as a picture with a place to type it over; then the picture is deleted.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
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
from baken.survey.comments import ID_BYTES, DetachedComment, list_comments, type_over
from baken.survey.disclosure.tree import ROOT, Tree
from baken.survey.errors import TypedOverBefore
from baken.web.body import Form
from baken.web.pages.access import check_fresh
from baken.web.pages.campaign_forms import texts_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

COMMENTS = "analysis/comments.html"
SENSITIVE: Final = {"action": Action.READ_COMMENTS, "fresh": True}
# The page asks for a second factor, the sending does not: nothing readable comes back, and what was
# typed over must not wait for it.
SENDS: Final = {"action": Action.READ_COMMENTS}

AT_ONCE: Final = 40
"""Pictures on one page: what is typed over of them has to fit in one form."""

_FIELD: Final = "written-"
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class CommentGroup:
    """Comments on one question from one part of the organisation."""

    question: str
    where: str
    texts: tuple[str, ...]
    pictures: tuple["Handwriting", ...] = ()
    n_later: int = 0  # pictures that come when those before them were typed over


@dataclass(frozen=True, slots=True)
class Handwriting:
    """A picture, which of all it is, and what was typed over of it when that was refused."""

    field: str
    number: int
    picture: str
    typed: str = ""


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

    @post("/handwriting", opt=SENDS, sync_to_thread=True)
    def type_over(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        see = frame_of(request).url(f"/campaigns/{campaign_id}/comments")
        try:
            n_typed = type_over(session, keys, campaign_id, _typed(form), by=actor)
        except TypedOverBefore as error:
            session.rollback()
            check_fresh(request)
            found = list_comments(session, keys, campaign_id, by=actor)
            campaign = get_campaign(session, campaign_id)
            groups = tuple(_groups(session, campaign, found, language, _typed(form)))
            refusal = catalogue(language).refusal(error)
            return _page(request, campaign, groups, today, refusal)
        said = "results.done_handwriting" if n_typed else "results.handwriting_nothing"
        return done(request, see=see, said=said)


def _typed(form: Form) -> dict[bytes, str]:
    """What was typed over, by the identifier of its comment; other fields are none of ours."""
    found = {}
    for name in form:
        written = name.removeprefix(_FIELD)
        if name.startswith(_FIELD) and len(written) == ID_BYTES * 2 and _HEX.issuperset(written):
            found[bytes.fromhex(written)] = form.get(name)
    return found


def _page(
    request: PageRequest,
    campaign: Campaign,
    groups: tuple[CommentGroup, ...] | None,
    today: date,
    refusal: str = "",
) -> Response[str]:
    return page(
        request,
        COMMENTS,
        status=409 if refusal else 200,
        refusal=refusal,
        n_pictures=sum(len(group.pictures) for group in groups or ()),
        n_later=sum(group.n_later for group in groups or ()),
        campaign=campaign.title,
        here=frame_of(request).url(f"/campaigns/{campaign.id}"),
        is_opened=campaign.is_opened and not campaign.too_few,
        until_on=campaign.comments_until_on,
        is_deleted=campaign.comments_until_on <= today,
        groups=groups,
    )


def _groups(
    session: Session,
    campaign: Campaign,
    comments: Iterable[DetachedComment],
    language: str,
    typed: Mapping[bytes, str] = MappingProxyType({}),
) -> Iterable[CommentGroup]:
    questions = texts_of(instrument_of(session, campaign), language).open_questions
    whole = catalogue(language)("paper_slips.whole")
    return group_comments(comments, campaign.tree, questions, whole=whole, typed=typed)


def group_comments(
    comments: Iterable[DetachedComment],
    tree: Tree,
    questions: Mapping[str, str],
    *,
    whole: str,
    typed: Mapping[bytes, str] = MappingProxyType({}),
) -> Iterator[CommentGroup]:
    """Put comments together by question, then by unit in the order of the tree.

    Within a group they stay in the random order in which they are kept. All texts are shown, and
    the first `AT_ONCE` pictures; the others are counted and come when those were typed over.

    Parameters
    ----------
    questions
        Key of a question to what it asks.
    whole
        What the whole organisation is called.
    typed
        Identifier of a comment to what was typed over, when that was refused.
    """

    def place(comment: DetachedComment) -> tuple[str, int]:
        return (comment.question, tree.keys.index(tree.key_of(comment.label)))

    n_pictures = 0
    for (question, line), group in groupby(sorted(comments, key=place), key=place):
        unit, here = tree.keys[line], list(group)
        drawn = [one for one in here if one.picture]
        shown = drawn[: AT_ONCE - n_pictures]
        pictures = tuple(
            Handwriting(
                field=_FIELD + one.id.hex(),
                number=number,
                picture=base64.b64encode(one.picture).decode(),
                typed=typed.get(one.id, ""),
            )
            for number, one in enumerate(shown, start=n_pictures + 1)
        )
        n_pictures += len(pictures)
        yield CommentGroup(
            question=questions.get(question, question),
            where=whole if unit == ROOT else tree.name(unit),
            texts=tuple(comment.text for comment in here if not comment.picture),
            pictures=pictures,
            n_later=len(drawn) - len(shown),
        )
