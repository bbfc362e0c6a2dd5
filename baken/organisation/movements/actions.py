"""Entering how many people joined and left."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, insert

from baken.organisation.models import Unit
from baken.organisation.movements.models import UnitMovement
from baken.organisation.movements.queries import get_entered
from baken.organisation.movements.rules import (
    Moved,
    Span,
    check_numbers,
    check_seen,
    check_span,
)
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.structure.trees import lock_tree
from baken.storage.audit import record
from baken.storage.session import Session


def enter_movements(
    session: Session,
    span: Span,
    moved: Mapping[UUID, Moved | None],
    *,
    seen: str,
    by: Actor,
) -> None:
    """Replace what is known of a period for these units; None forgets what was entered.

    Parameters
    ----------
    seen : str
        `token_of` the numbers of the period that the person was looking at.

    Raises
    ------
    Invalid
        Days the wrong way round, or a number of people that cannot be.
    EditedMeanwhile
        Somebody else entered other numbers.
    """
    require(by, Action.EDIT_UNITS)
    lock_tree(session)
    check_span(span)
    known = {unit: one for unit, one in moved.items() if one is not None}
    check_numbers(known.values())
    check_seen(get_entered(session, span), seen)
    for unit in moved:
        session.get_one(Unit, unit)
    _forget(session, span, [*moved])
    rows = [
        {
            "organisation_id": session.organisation_id,
            "unit_id": unit,
            "from_on": span.from_on,
            "until_on": span.until_on,
            "joined": one.joined,
            "departed": one.departed,
        }
        for unit, one in known.items()
    ]
    if rows:
        session.execute(insert(UnitMovement), rows)
    record(
        session,
        "units.movements_entered",
        by=by.person_id,
        subject=f"organisation:{session.organisation_id}",
        facts={
            "units": len(rows),
            "from_on": span.from_on.isoformat(),
            "until_on": span.until_on.isoformat(),
        },
    )


def _forget(session: Session, span: Span, units: list[UUID]) -> None:
    session.execute(
        delete(UnitMovement)
        .where(
            UnitMovement.from_on == span.from_on,
            UnitMovement.until_on == span.until_on,
            UnitMovement.unit_id.in_(units),
        )
        .execution_options(synchronize_session=False)
    )
