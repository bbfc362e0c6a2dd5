"""Code cards to print, and the list of codes for whoever makes the cards elsewhere."""

import io
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import segno
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns import queries
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.actions import codes_csv, print_codes
from baken.survey.errors import InvalidTransition
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.reply import PageRequest, page
from baken.web.settings import Settings
from baken.web.texts import catalogue

SENSITIVE: Final = {"action": Action.PRINT_CODES, "fresh": True}
# Beyond this a browser cannot lay the cards out any more; the list is for a printing firm.
MAX_CARDS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Address:
    """Where people answer, as a line to type and as a QR code to scan.

    `path` draws the dark squares on a field of `size` by `size`. The code of a person is in
    neither: it would stand in the history of every browser.
    """

    line: str
    path: str
    size: int

    @classmethod
    def of(cls, address: str) -> "Address":
        quiet = 2
        rows = [list(row) for row in segno.make(address, error="m").matrix_iter(border=quiet)]
        path = io.StringIO()
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    path.write(f"M{x} {y}h1v1h-1z")
        return cls(address.partition("://")[2], path.getvalue(), len(rows))


@dataclass(frozen=True, slots=True)
class CardTexts:
    """The words on a card in one of the languages of the campaign."""

    language: str
    go: str
    code: str
    until: str


class CodePages(Controller):
    """Giving every code a piece of paper."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/codes"

    @get("/", opt=SENSITIVE, sync_to_thread=True)
    def start(
        self, request: PageRequest, session: NamedDependency[Session], campaign_id: FromPath[UUID]
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        _check_running(campaign)
        return page(
            request,
            "survey/codes.html",
            campaign=CampaignRow.of(campaign),
            n_spares=_n_spares(campaign),
            is_too_many=_n_cards(campaign) > MAX_CARDS,
            most=MAX_CARDS,
        )

    # A POST, though nothing changes: every print is one act with one line in the audit.
    @post("/cards", opt=SENSITIVE, sync_to_thread=True, status_code=200)
    def cards(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        keys: NamedDependency[KeyStore],
        settings: NamedDependency[Settings],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        if _n_cards(campaign) > MAX_CARDS:
            raise InvalidTransition(
                "survey.too_many_cards",
                "There are more than {most} cards, too many for one page. Download the list.",
                most=MAX_CARDS,
            )
        name = queries.get_public_name(session, campaign_id)
        return page(
            request,
            "survey/cards.html",
            campaign=CampaignRow.of(campaign),
            units=print_codes(session, keys, campaign_id, by=actor),
            address=Address.of(f"{settings.origin}/s/{name}"),
            words=_words(campaign),
        )

    @post("/list", opt=SENSITIVE, sync_to_thread=True, status_code=200)
    def download(
        self,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        keys: NamedDependency[KeyStore],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[bytes]:
        cards = print_codes(session, keys, campaign_id, by=actor)
        name = catalogue(language)("codes.file_name")
        return Response(
            codes_csv(cards).encode("utf-8-sig"),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _check_running(campaign: Campaign) -> None:
    if campaign.state != CampaignState.RUNNING:
        raise InvalidTransition(
            "survey.codes_not_running",
            "Codes exist only while a survey is running. This one is {state}.",
            state=str(campaign.state),
        )


def _n_spares(campaign: Campaign) -> int:
    staffed = sum(unit["headcount"] > 0 for unit in campaign.unit_tree or [])
    return staffed * campaign.spares_per_unit


def _n_cards(campaign: Campaign) -> int:
    return (campaign.n_issued or 0) + _n_spares(campaign)


def _words(campaign: Campaign) -> tuple[CardTexts, ...]:
    found = []
    for language in campaign.languages:
        texts = catalogue(language)
        until = texts("codes.card_until", day=campaign.closes_on)
        found.append(CardTexts(language, texts("codes.card_go"), texts("codes.card_code"), until))
    return tuple(found)
