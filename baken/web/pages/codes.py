"""Code cards to print, and the list of codes for whoever makes the cards elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import segno
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns import queries
from baken.survey.campaigns.channels import Way
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.actions import (
    UnitCodes,
    codes_csv,
    count_cards,
    print_codes,
)
from baken.survey.errors import InvalidTransition
from baken.web.body import Form
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.campaign_ways import ways_rows
from baken.web.pages.reply import PageRequest, page
from baken.web.settings import Settings
from baken.web.texts import LANGUAGES, catalogue

SENSITIVE: Final = {"action": Action.PRINT_CODES, "fresh": True}
# Beyond this a browser is slow to lay the cards out; units can be printed one by one.
MAX_CARDS: Final = 1_500


@dataclass(frozen=True, slots=True)
class QrCode:
    """An address as a QR code: `path` draws the dark squares on a field of `size` by `size`.

    The code of a person stands behind the # of the address, and browsers send that to nobody. The
    page of the survey takes it out of the history.
    """

    path: str
    size: int

    @classmethod
    def of(cls, address: str) -> "QrCode":
        # With a fixed mask it is drawn several times faster, and scanned as well.
        made = segno.make(address, error="m", mask=2, micro=False, boost_error=False)
        rows = [list(row) for row in made.matrix_iter(border=4)]
        path = "".join(
            f"M{start} {y}h{length}v1h-{length}z"
            for y, row in enumerate(rows)
            for start, length in _runs(row)
        )
        return cls(path, len(rows))


@dataclass(frozen=True, slots=True)
class Card:
    """One card to cut out; a spare has its number."""

    code: str
    square: QrCode
    spare: int | None = None


@dataclass(frozen=True, slots=True)
class UnitCards:
    """A stack: the cards of a unit, or of one group of it where codes carry one.

    Spares are a stack of their own: shuffled in, one would be drawn as if it counted.
    """

    name: str
    group: str
    cards: tuple[Card, ...]
    is_spare: bool = False


@dataclass(frozen=True, slots=True)
class CardTexts:
    """The words on a card in one of the languages of the campaign."""

    language: str
    what: str
    go: str
    until: str
    ask: str


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit whose cards can be printed by themselves."""

    key: str
    name: str
    cards: int


class CodePages(Controller):
    """Giving every code a piece of paper."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/codes"

    @get("/", opt=SENSITIVE, sync_to_thread=True)
    def start(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        if campaign.state is not CampaignState.RUNNING:
            return no_codes(request, campaign)
        choices = _choices(session, campaign)
        by_unit = ways_rows(session, campaign, today=today)
        address = f"{settings.origin}/s/{queries.get_public_name(session, campaign_id)}?kiosk=1"
        n_cards = sum(choice.cards for choice in choices)
        return page(
            request,
            "survey/codes.html",
            campaign=CampaignRow.of(campaign),
            n_spares=_n_spares(campaign),
            n_cards=n_cards,
            choices=choices,
            is_too_many=n_cards > MAX_CARDS,
            most=MAX_CARDS,
            by_unit=by_unit,
            has_groups=campaign.stratum is not None,
            kiosk=address if any(Way.KIOSK in row.ways for row in by_unit) else "",
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
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = queries.get_campaign(session, campaign_id)
        unit = form.get("unit") or None
        _check_fits(session, campaign, unit)
        address = f"{settings.origin}/s/{queries.get_public_name(session, campaign_id)}"
        printed = print_codes(session, keys, campaign_id, by=actor, unit=unit)
        return page(
            request,
            "survey/cards.html",
            campaign=CampaignRow.of(campaign),
            units=tuple(
                stack for heap in printed for stack in _stacks(campaign, heap, address, language)
            ),
            address=address.partition("://")[2],
            words=_words(campaign),
            contact=campaign.contact,
        )

    @post("/list", opt=SENSITIVE, sync_to_thread=True, status_code=200)
    def download(
        self,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        keys: NamedDependency[KeyStore],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[bytes]:
        unit = form.get("unit") or None
        cards = print_codes(session, keys, campaign_id, by=actor, unit=unit)
        name = catalogue(language)("codes.file_name")
        return Response(
            codes_csv(cards).encode("utf-8-sig"),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def no_codes(request: PageRequest, campaign: Campaign) -> Response[str]:
    """Say why there are no codes now, with the way back to the survey."""
    is_draft = campaign.state is CampaignState.DRAFT
    row = CampaignRow.of(campaign)
    return page(request, "survey/codes_over.html", status=409, campaign=row, is_draft=is_draft)


def bands_of(campaign: Campaign, language: str) -> dict[str, str]:
    """The groups that codes carry, with their names in a language."""
    bands = campaign.stratum["bands"] if campaign.stratum else []
    return {band["key"]: band["names"].get(language) or band["key"] for band in bands}


def _runs(row: list[int]) -> Iterator[tuple[int, int]]:
    """Where dark squares begin in a line, and how many stand together."""
    start = None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None


def _check_fits(session: Session, campaign: Campaign, unit: str | None) -> None:
    counted = count_cards(session, campaign.id)
    n_cards = counted[unit] if unit else counted.total()
    if n_cards > MAX_CARDS:
        raise InvalidTransition(
            "survey.too_many_cards",
            "There are more than {most} cards, too many for one page. Print them unit by unit, or "
            "download the list.",
            most=MAX_CARDS,
        )


def _choices(session: Session, campaign: Campaign) -> tuple[UnitChoice, ...]:
    counted = count_cards(session, campaign.id)
    return tuple(
        UnitChoice(unit["key"], unit["name"], counted[unit["key"]])
        for unit in campaign.unit_tree or []
        if counted[unit["key"]]
    )


def _n_spares(campaign: Campaign) -> int:
    staffed = sum(unit["headcount"] > 0 for unit in campaign.unit_tree or [])
    return staffed * campaign.spares_per_unit


def _stacks(
    campaign: Campaign, heap: UnitCodes, address: str, language: str
) -> Iterator[UnitCards]:
    group = bands_of(campaign, language).get(heap.stratum, "")
    if heap.codes:
        cards = (Card(code, QrCode.of(f"{address}#{code}")) for code in heap.codes)
        yield UnitCards(heap.name, group, tuple(cards))
    if heap.spares:
        numbered = zip(heap.spares, heap.spare_numbers, strict=True)
        spares = (Card(code, QrCode.of(f"{address}#{code}"), number) for code, number in numbered)
        yield UnitCards(heap.name, group, tuple(spares), is_spare=True)


def _words(campaign: Campaign) -> tuple[CardTexts, ...]:
    found = []
    for language in campaign.languages:
        spoken = language.partition("-")[0]
        texts: Any = catalogue(spoken if spoken in LANGUAGES else LANGUAGES[0])
        found.append(
            CardTexts(
                language,
                texts("codes.card_what"),
                texts("codes.card_go"),
                texts("codes.card_until", day=campaign.closes_on),
                texts("codes.card_ask"),
            )
        )
    return tuple(found)
