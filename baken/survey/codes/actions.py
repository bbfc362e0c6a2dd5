"""Issuing and printing codes."""

import csv
import io
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.guard import NotThere
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.storage.workbooks import safe_cell
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign, lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Channel, Code, CodeState, PaperPlace, Spare
from baken.survey.codes.slips import CodeMaker, Slip, headcounts, list_slips
from baken.survey.codes.symbols import print_code
from baken.survey.errors import InvalidTransition


@dataclass(frozen=True, slots=True)
class UnitCodes:
    """The codes of one unit as they stand on cards; never a name of a person.

    Codes stand in random order; spares in the order in which they are handed out, because whoever
    hands one out has to say which is next. `stratum` is a band, where codes carry one.
    """

    unit: str
    name: str
    codes: tuple[str, ...]
    spares: tuple[str, ...]
    stratum: str = ""
    spare_numbers: tuple[int, ...] = field(default=())


def issue_codes(session: Session, keys: KeyStore, campaign: Campaign) -> int:
    """Make one code for everybody in every frozen unit, spares and paper places; return how many.

    Spares are not counted: each replaces a lost card, or counts once a newcomer gets it.
    """
    maker = CodeMaker.of(keys, campaign)
    slips = list_slips(campaign)
    # Sorted by tag, so that the order of the rows says nothing about units or slips.
    rows = sorted((_row(maker, campaign, slip) for slip in slips), key=lambda row: row["tag"])
    if rows:
        session.execute(insert(Code), rows)
    issued = headcounts(campaign)
    spares = Counter(slip.unit for slip in slips if slip.is_spare)
    session.add_all(
        Spare(campaign_id=campaign.id, unit=unit, issued=spares[unit])
        for unit, people in issued.items()
        if people
    )
    session.add_all(
        PaperPlace(campaign_id=campaign.id, unit=unit) for unit, people in issued.items() if people
    )
    campaign.issued_per_unit = issued
    return sum(issued.values())


def check_running(campaign: Campaign) -> None:
    """Raise `InvalidTransition` unless the campaign takes answers: codes exist only then."""
    if campaign.state is not CampaignState.RUNNING:
        raise InvalidTransition(
            "survey.codes_not_running",
            "Codes exist only while a survey is running. This one is {state}.",
            state=campaign.state.value,
        )


def print_codes(
    session: Session, keys: KeyStore, campaign_id: UUID, *, by: Actor, unit: str | None = None
) -> tuple[UnitCodes, ...]:
    """Return the cards of a running campaign, of one unit or of all.

    Codes that go by mail or letter are not among them. Whether a code was used is not looked at:
    a card that is missing would tell.
    """
    require(by, Action.PRINT_CODES)
    campaign = lock_campaign(session, campaign_id)
    check_running(campaign)
    if unit is not None and unit not in {one["key"] for one in campaign.unit_tree or []}:
        raise NotThere
    cards = tuple(_cards(session, CodeMaker.of(keys, campaign), campaign, unit))
    printed = {card.unit for card in cards}
    session.execute(
        update(Spare)
        .where(Spare.campaign_id == campaign.id, Spare.unit.in_(printed))
        .values(cards_printed=True)
    )
    record(
        session,
        "campaign.codes_printed",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={
            "codes": sum(len(card.codes) for card in cards),
            "spares": sum(len(card.spares) for card in cards),
        },
    )
    return cards


def count_cards(session: Session, campaign_id: UUID) -> Counter[str]:
    """Return per unit how many cards can be printed, spares included."""
    campaign = get_campaign(session, campaign_id)
    asked = select(Code.unit).where(Code.campaign_id == campaign.id, Code.channel == Channel.SLIP)
    return Counter(session.scalars(asked))


def codes_csv(cards: tuple[UnitCodes, ...]) -> str:
    """Return cards as a table with unit and code; a spare has its number, others none."""
    with_groups = any(card.stratum for card in cards)
    head = ("unit", "group", "code", "spare") if with_groups else ("unit", "code", "spare")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for card in cards:
        whose = [safe_cell(card.name), *([safe_cell(card.stratum)] if with_groups else [])]
        writer.writerows((*whose, code, "") for code in card.codes)
        numbered = zip(card.spares, card.spare_numbers, strict=True)
        writer.writerows((*whose, code, number) for code, number in numbered)
    return out.getvalue()


def _row(maker: CodeMaker, campaign: Campaign, slip: Slip) -> dict[str, Any]:
    return {
        "tag": maker.tag(slip.unit, slip.number),
        "organisation_id": campaign.organisation_id,
        "campaign_id": campaign.id,
        "unit": slip.unit,
        "channel": Channel.SLIP,
        "state": CodeState.FREE,
        "spare": slip.is_spare,
        "stratum": slip.stratum,
    }


def _cards(
    session: Session, maker: CodeMaker, campaign: Campaign, unit: str | None
) -> list[UnitCodes]:
    asked = select(Code.tag).where(Code.campaign_id == campaign.id, Code.channel == Channel.SLIP)
    on_cards = frozenset(session.scalars(asked))
    names = {unit["key"]: unit["name"] for unit in campaign.unit_tree or []}
    heaps: dict[tuple[str, str], list[str]] = {}
    spares: dict[tuple[str, str], list[tuple[int, str]]] = {}
    people = headcounts(campaign)
    for slip in list_slips(campaign):
        code = maker.code(slip.unit, slip.number)
        if unit not in {None, slip.unit} or maker.tag_of(code) not in on_cards:
            continue
        place = (slip.unit, slip.stratum or "")
        heaps.setdefault(place, [])
        if slip.is_spare:
            number = slip.number - people[slip.unit] + 1
            spares.setdefault(place, []).append((number, print_code(code)))
        else:
            heaps[place].append(print_code(code))
    for codes in heaps.values():
        secrets.SystemRandom().shuffle(codes)
    return [
        UnitCodes(
            key,
            names[key],
            tuple(codes),
            tuple(code for _, code in spares.get((key, stratum), [])),
            stratum,
            tuple(number for number, _ in spares.get((key, stratum), [])),
        )
        for (key, stratum), codes in heaps.items()
    ]
