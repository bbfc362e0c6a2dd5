"""The state of a unit as plain JSON, for the record of a change, and back."""

from datetime import date
from typing import Any
from uuid import UUID

from baken.organisation.structure.history import (
    Count,
    Description,
    Heir,
    Succession,
    UnitHistory,
    UnitKind,
)


def as_state(unit: UnitHistory) -> dict[str, Any]:
    """Write everything about a unit down."""
    return {
        "from": unit.from_on.isoformat(),
        "until": unit.until_on.isoformat() if unit.until_on else None,
        "position": unit.position,
        "descriptions": [
            {
                "from": one.from_on.isoformat(),
                "parent": str(one.parent_id) if one.parent_id else None,
                "kind": str(one.kind),
                "number": one.number,
                "name": one.name,
                "address": one.address,
                "activity": one.activity,
            }
            for one in unit.descriptions
        ],
        "counts": [[one.from_on.isoformat(), one.people] for one in unit.counts],
        "heirs": [[str(one.unit_id), one.on.isoformat(), str(one.how)] for one in unit.heirs],
    }


def from_state(unit_id: UUID, state: dict[str, Any]) -> UnitHistory:
    """Read what `as_state` wrote."""
    return UnitHistory(
        id=unit_id,
        from_on=date.fromisoformat(state["from"]),
        until_on=date.fromisoformat(state["until"]) if state["until"] else None,
        descriptions=tuple(
            Description(
                from_on=date.fromisoformat(one["from"]),
                parent_id=UUID(one["parent"]) if one["parent"] else None,
                kind=UnitKind(one["kind"]),
                number=one["number"],
                name=one["name"],
                address=one["address"],
                activity=one["activity"],
            )
            for one in state["descriptions"]
        ),
        counts=tuple(Count(date.fromisoformat(day), people) for day, people in state["counts"]),
        heirs=tuple(
            Heir(UUID(key), date.fromisoformat(day), Succession(how))
            for key, day, how in state["heirs"]
        ),
        position=state["position"],
    )
