"""Guarded parts of an export: they go only while somebody who may read them allows it.

Whoever hands out roles may take the organisation along, and may not read the facts and exact
figures of few people on any page. So an export opens nothing that its reader could not read here,
unless one of those who can says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import delete, select

from baken.organisation.errors import NotFound
from baken.organisation.models import Person
from baken.organisation.permissions import Action, Actor, may, require
from baken.organisation.transfers.models import ExportConsent
from baken.storage.audit import record
from baken.storage.session import Session

LASTS: Final = timedelta(days=7)
"""So long a consent may be used, its first day included."""

READS: Final[Mapping[str, Action]] = {
    "requests": Action.HANDLE_REQUESTS,
    "accidents": Action.EDIT_ACCIDENTS,
    "figures": Action.EDIT_INDICATORS,
    "vigilance": Action.KEEP_VIGILANCE,
    "reports": Action.DRAW_UP_REPORT,
    "meetings": Action.OVERSEE_BODIES,
}
"""Part to the action of those who read all of it here, exactly: they may let it go along."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """A guarded part: who allowed it until when, empty when it stays behind."""

    part: str
    allowed_by: str
    until_on: date | None
    is_mine: bool  # whether the reader may allow it and take that back


def list_parts(session: Session, *, by: Actor, today: date) -> tuple[PartRow, ...]:
    """Return every guarded part with the consent that holds today."""
    asked = (
        select(ExportConsent, Person.name)
        .join(Person, Person.id == ExportConsent.allowed_by)
        .where(ExportConsent.until_on >= today)
        .order_by(ExportConsent.until_on)
    )
    held = {row.part: (name, row.until_on) for row, name in session.execute(asked)}
    rows = []
    for part, action in READS.items():
        name, until_on = held.get(part, ("", None))
        rows.append(PartRow(part, name, until_on, may(by, action)))
    return tuple(rows)


def allowed_parts(session: Session, *, today: date) -> tuple[str, ...]:
    """Return the guarded parts that may go along today."""
    asked = select(ExportConsent.part).where(ExportConsent.until_on >= today).distinct()
    held = set(session.scalars(asked))
    return tuple(part for part in READS if part in held)


def allow(session: Session, part: str, *, by: Actor, today: date, now: datetime) -> None:
    """Let a part go along with exports of the next days."""
    _check(part, by)
    session.execute(delete(ExportConsent).where(ExportConsent.part == part))
    session.add(
        ExportConsent(
            id=uuid4(),
            part=part,
            allowed_by=by.person_id,
            allowed_on=today,
            until_on=today + LASTS - timedelta(days=1),
        )
    )
    session.flush()
    _record(session, "export_allowed", part, by, now)


def refuse(session: Session, part: str, *, by: Actor, now: datetime) -> None:
    """Take a consent back; an export that was asked for before keeps what it was promised."""
    _check(part, by)
    session.execute(delete(ExportConsent).where(ExportConsent.part == part))
    _record(session, "export_refused", part, by, now)


def _check(part: str, by: Actor) -> None:
    if part not in READS:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    require(by, READS[part])


def _record(session: Session, verb: str, part: str, by: Actor, now: datetime) -> None:
    action, facts = f"organisation.{verb}", {"part": part}
    record(session, action, by=by.person_id, subject=f"part:{part}", facts=facts, at=now)
