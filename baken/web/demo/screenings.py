"""The alert lights of the demonstration: units and years, agreed by an invented group."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.survey.screening.actions import agree_sheet, fill_sheet, start_sheet
from baken.survey.screening.marks import LightState, Mark, Marks, Member, read_marks
from baken.survey.screening.rules import SheetFields
from baken.web.demo.days import Days
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story


def screen_units(database: Database, house: House, days: Days) -> None:
    """Fill in every sheet of the story and agree on it."""
    told = read_story("screenings")
    by = house.people[Role.PREVENTION_ADVISER]
    group = tuple(Member(**one) for one in told["groups"])
    for sheet in told["sheets"]:
        year = days.today.year - sheet["years_ago"]
        met_on = _met_on(year, days)
        fields = SheetFields(date(year, 1, 1), date(year, 12, 31), group, met_on)
        with database.session(house.id) as session:
            unit_id = house.units[sheet["unit"]]
            row = start_sheet(session, unit_id, fields, by=by, today=met_on)
            marks = _marks(sheet, read_marks(row.marks), told["sources"])
            fill_sheet(session, row.id, marks, seen=row.version, by=by)
            agree_sheet(session, row.id, seen=row.version, by=by, today=met_on)


def _met_on(year: int, days: Days) -> date:
    """A few weeks after the year, once the organisation was there, and never ahead."""
    return min(days.today, max(date(year + 1, 1, 25), days.begun_on + timedelta(days=30)))


def _marks(told: Mapping[str, Any], begun: Marks, sources: Mapping[str, str]) -> Marks:
    states = {
        **dict.fromkeys(begun, LightState.OFF),
        **dict.fromkeys(told["on"], LightState.ON),
        **dict.fromkeys(told["unknown"], LightState.UNKNOWN),
    }
    figures: dict[str, dict[str, float]] = {**told["on"], **told["off"]}
    comments = told.get("comments", {})
    return {
        code: _filled(mark, states[code], figures.get(code, {}), sources.get(code, ""),
                      comments.get(code, ""))
        for code, mark in begun.items()
    }  # fmt: skip


def _filled(
    mark: Mark, state: LightState, figures: Mapping[str, float], source: str, comment: str
) -> Mark:
    return replace(
        mark,
        state=state,
        value=figures.get("value"),
        sector=figures.get("sector"),
        size=figures.get("size"),
        source=source if figures else "",
        comment=comment,
    )
