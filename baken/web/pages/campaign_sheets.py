"""What a draft comes to: its units, whom it would show, and all of it on one sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from baken.organisation.units import UnitRow, list_units
from baken.storage.session import Session
from baken.survey.campaigns.channels import Way
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import find_charter
from baken.survey.campaigns.stratum import band_totals
from baken.survey.campaigns.trees import current_tree
from baken.survey.disclosure.simulation import RATES, Outlook, Proposal, join, outlook, propose
from baken.survey.disclosure.tree import ROOT, Tree
from baken.web.pages.campaign_forms import texts_of
from baken.web.pages.campaign_preparing import Preparation
from baken.web.pages.campaign_ways import ways_rows
from baken.web.pages.campaigns import view_of
from baken.web.settings import Settings

USUAL_RATE: Final = 60
DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A unit as the launch would freeze it."""

    name: str
    depth: int
    headcount: int | None
    total: int | None
    joins: str  # name of the unit it is counted with even when everybody answers, or empty


@dataclass(frozen=True, slots=True)
class ReachRow:
    """A unit, and at each rate where its people are counted: empty where it is shown."""

    name: str
    depth: int
    people: int
    joins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateRow:
    """What one rate would show."""

    rate: int
    n_shown: int
    n_units: int
    visible: int
    people: int
    too_few: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """Units to count together, by name; `into` is the unit above that takes them in, or empty."""

    units: tuple[str, ...]
    into: str


def day_of_units(campaign: Campaign, today: date) -> date:
    """The day whose units a launch today would freeze."""
    return max(today, campaign.opens_on)


def frozen_rows(
    units: Iterable[UnitRow], tree: Tree | None, min_group: int, *, whole: str = ""
) -> list[FrozenRow]:
    """Units as a launch would freeze them; a small one says with whom it is counted."""
    if tree is None:
        return []
    units = list(units)
    best = outlook(tree, 100, min_group)
    return [
        FrozenRow(
            name=unit.name,
            depth=min(unit.depth, DEEPEST),
            headcount=unit.headcount,
            total=unit.total,
            joins=_joins(best, str(unit.id), whole),
        )
        for unit in units
    ]


def reach_context(
    units: Iterable[UnitRow], tree: Tree, min_group: int, *, rate: int, whole: str
) -> dict[str, Any]:
    """What each rate would show, and what could be joined at one of them.

    `whole` is what to call the organisation where no unit stands for it.
    """
    seen = [outlook(tree, one, min_group) for one in RATES]
    found = propose(tree, rate, min_group)
    after = outlook(join(tree, found), rate, min_group)
    return {
        "rates": tuple(map(_rate_row, seen)),
        "rate": rate,
        "rows": tuple(
            ReachRow(
                name=unit.name,
                depth=min(unit.depth, DEEPEST),
                people=unit.total or 0,
                joins=tuple(_joins(one, str(unit.id), whole) for one in seen),
            )
            for unit in units
        ),
        "proposals": tuple(_proposal_row(tree, one, whole) for one in found),
        "after": _rate_row(after),
        "min_group": min_group,
    }


def launch_sheet(
    session: Session, draft: Preparation, settings: Settings, language: str, *, today: date
) -> dict[str, Any]:
    """Everything about a draft on one sheet, with what still stands in the way."""
    campaign, instrument = draft.campaign, draft.instrument
    day = day_of_units(campaign, today)
    units = list_units(session, on=day)
    texts = texts_of(instrument, language)
    charter = find_charter(session, campaign.id)
    by_unit = ways_rows(session, campaign, today=today)
    used = {way for row in by_unit for way in row.ways}
    ways = tuple(way for way in Way if way in used)
    return {
        **draft.context,
        "view": view_of(session, campaign, settings, language),
        "obstacles": draft.rows(),
        "n_units": len(units),
        "people": sum(unit.headcount or 0 for unit in units),
        "n_joined": sum(
            bool(row.joins)
            for row in frozen_rows(
                units, current_tree(session, on=day), campaign.min_group, whole=campaign.title
            )
        ),
        "n_items": len(instrument.items),
        "backgrounds": tuple(texts.backgrounds[one.key] for one in instrument.backgrounds),
        "stratum": _stratum_line(campaign, language),
        "ways": ways,
        "unreached": tuple(row for row in by_unit if row.lacks_addresses),
        "counts_on_mail": Way.MAIL in ways and settings.mail is None,
        "charter": charter,
        "letters": tuple(campaign.invitation),
    }


def _joins(seen: Outlook, unit: str, whole: str) -> str:
    """The name of the unit in which another one is counted; empty where it is shown."""
    above = seen.counted_in(seen.tree.key_of(unit))
    return _name(seen.tree, above, whole) if above is not None else ""


def _name(tree: Tree, key: str, whole: str) -> str:
    return whole if key == ROOT and tree.root_key is None else tree.name(key)


def _rate_row(seen: Outlook) -> RateRow:
    return RateRow(
        rate=seen.rate,
        n_shown=len(seen.shown),
        n_units=len(seen.shown) + len(seen.hidden),
        visible=seen.visible,
        people=seen.people,
        too_few=seen.merging.too_few,
    )


def _proposal_row(tree: Tree, proposal: Proposal, whole: str) -> ProposalRow:
    return ProposalRow(
        units=tuple(map(tree.name, proposal.units)),
        into=_name(tree, proposal.into, whole) if proposal.into else "",
    )


def _stratum_line(campaign: Campaign, language: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    stratum = campaign.stratum
    if stratum is None:
        return "", ()
    totals = band_totals(stratum)
    return called(stratum["title"], language), tuple(
        (called(band["names"], language), totals[band["key"]]) for band in stratum["bands"]
    )


def called(names: dict[str, str], language: str) -> str:
    """A name in the reader's language, or in the first one in which it was written."""
    return names.get(language) or next((name for name in names.values() if name), "")
