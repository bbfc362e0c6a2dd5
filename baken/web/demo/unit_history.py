"""How the units became what they are: one moved and two were merged before the first survey."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from baken.organisation.permissions import Actor
from baken.organisation.structure.actions import change_units
from baken.organisation.structure.changes import Merge, Move, UnitFields
from baken.organisation.structure.history import UnitKind
from baken.organisation.structure.rules import NOTHING_FROZEN
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.web.demo.days import morning


def units_at_first(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The units of the story as they were on the first day."""
    moved, merged = told["moved"], told["merged"]
    found: list[dict[str, Any]] = []
    for unit in told["units"]:
        if unit["number"] == moved["number"]:
            found.append({**unit, "parent": moved["parent"]})
        elif unit["number"] == merged["number"]:
            found += [{**unit, **part} for part in merged["parts"]]
        else:
            found.append(unit)
    return found


def live_through(session: Session, told: Mapping[str, Any], *, by: Actor, begun_on: date) -> None:
    """Move and merge until the units are those of the story."""
    units = {unit["number"]: unit for unit in told["units"]}
    numbers = {row.number: row.id for row in list_units(session, on=begun_on)}
    moved, merged = told["moved"], told["merged"]
    on = begun_on + timedelta(days=moved["after_days"])
    target = numbers[units[moved["number"]]["parent"]]
    _make(session, Move(on, numbers[moved["number"]], target), by=by)
    on = begun_on + timedelta(days=merged["after_days"])
    _make(session, _merger(on, units[merged["number"]], merged, numbers), by=by)


def _merger(
    on: date, unit: Mapping[str, Any], merged: Mapping[str, Any], numbers: Mapping[str, UUID]
) -> Merge:
    return Merge(
        on,
        tuple(numbers[part["number"]] for part in merged["parts"]),
        UnitFields(
            unit["number"],
            unit["name"],
            UnitKind(unit["kind"]),
            unit.get("address", ""),
            unit.get("activity", ""),
        ),
        unit["people"],
    )


def _make(session: Session, change: Move | Merge, *, by: Actor) -> None:
    now, frozen = morning(change.on), NOTHING_FROZEN
    change_units(session, change, by=by, today=change.on, now=now, frozen=frozen)
