"""Issuing and printing codes."""

import csv
import io
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.storage.workbooks import safe_cell
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.derivation import code_tag, derive_code
from baken.survey.codes.models import Channel, Code, CodeState
from baken.survey.codes.secrets import CODES, PEPPER, CampaignSecrets
from baken.survey.codes.symbols import print_code
from baken.survey.errors import InvalidTransition


@dataclass(frozen=True, slots=True)
class UnitCodes:
    """The codes of one unit as they stand on cards, in random order; never a name of a person."""

    unit: str
    name: str
    codes: tuple[str, ...]
    spares: tuple[str, ...]


def issue_codes(session: Session, keys: KeyStore, campaign: Campaign) -> int:
    """Make one code for everybody in every frozen unit, and the spares; return how many.

    Spares are not counted: they replace lost cards.
    """
    pepper = CampaignSecrets.of(keys, campaign).get(PEPPER)
    rows: list[dict[str, Any]] = [
        {
            "tag": code_tag(pepper, campaign.id, code),
            "organisation_id": campaign.organisation_id,
            "campaign_id": campaign.id,
            "unit": unit,
            "channel": Channel.SLIP,
            "state": CodeState.FREE,
            "spare": spare,
        }
        for unit, code, spare in _all_codes(keys, campaign)
    ]
    # Sorted by tag, so that the order of the rows says nothing about units or slips.
    rows.sort(key=lambda row: row["tag"])
    if rows:
        session.execute(insert(Code), rows)
    return sum(not row["spare"] for row in rows)


def print_codes(
    session: Session, keys: KeyStore, campaign_id: UUID, *, by: Actor
) -> tuple[UnitCodes, ...]:
    """Return all cards of a running campaign, shuffled within each unit."""
    require(by, Action.PRINT_CODES)
    campaign = get_campaign(session, campaign_id)
    if campaign.state is not CampaignState.RUNNING:
        raise InvalidTransition(
            "survey.codes_not_running",
            "Codes exist only while a survey is running. This one is {state}.",
            state=campaign.state.value,
        )
    cards = tuple(_cards(keys, campaign))
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


def codes_csv(cards: tuple[UnitCodes, ...]) -> str:
    """Return cards as a table with unit and code; spares are marked."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("unit", "code", "spare"))
    for card in cards:
        name = safe_cell(card.name)
        writer.writerows((name, code, "") for code in card.codes)
        writer.writerows((name, code, "x") for code in card.spares)
    return out.getvalue()


def _cards(keys: KeyStore, campaign: Campaign) -> list[UnitCodes]:
    names = {unit["key"]: unit["name"] for unit in campaign.unit_tree or []}
    of_unit: dict[str, tuple[list[str], list[str]]] = {unit: ([], []) for unit in names}
    for unit, code, spare in _all_codes(keys, campaign):
        of_unit[unit][spare].append(print_code(code))
    found = []
    for unit, (codes, spares) in of_unit.items():
        secrets.SystemRandom().shuffle(codes)
        secrets.SystemRandom().shuffle(spares)
        if codes or spares:
            found.append(UnitCodes(unit, names[unit], tuple(codes), tuple(spares)))
    return found


def _all_codes(keys: KeyStore, campaign: Campaign) -> list[tuple[str, str, bool]]:
    key = CampaignSecrets.of(keys, campaign).get(CODES)
    found = []
    for unit in campaign.unit_tree or []:
        people = unit["headcount"]
        n_spares = campaign.spares_per_unit if people else 0
        for number in range(people + n_spares):
            code = derive_code(key, campaign.id, unit["key"], number)
            found.append((unit["key"], code, number >= people))
    return found
