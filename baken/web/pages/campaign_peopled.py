"""The units of a draft that have people, a hundred on a page: each has a row of fields there."""

from datetime import date
from typing import Final

from baken.organisation.units import UnitRow, list_units
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.web.pages.campaign_sheets import day_of_units
from baken.web.pages.reply import PageRequest

A_PAGE: Final = 100


def peopled_units(session: Session, campaign: Campaign, *, today: date) -> tuple[UnitRow, ...]:
    """Every unit to which somebody is attached directly, on the first day of the campaign."""
    units = list_units(session, on=day_of_units(campaign, today))
    return tuple(unit for unit in units if unit.headcount)


def units_of_page(
    session: Session, campaign: Campaign, start: int, *, today: date
) -> tuple[UnitRow, ...]:
    """Those of them that stand on the page that begins at `start`."""
    return peopled_units(session, campaign, today=today)[start : start + A_PAGE]


def start_of(request: PageRequest) -> int:
    """Where the page begins, as the address says; 0 when it says nothing one can use."""
    asked = request.query_params.get("from", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0
