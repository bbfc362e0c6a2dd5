"""Paper places: a slip gives its unit one, a sealed form takes one.

Slip and form are parted before anybody reads a form, so a form says its unit and no more. What is
kept of a slip after that is a number per unit. Nothing here is recorded: who came by with a slip,
and when, is nobody's business; sittings and batches are recorded as a whole.
"""

from collections import Counter
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, exists, func, select, update

from baken.storage.session import Session
from baken.survey.campaigns.holding import hold_open
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Code, CodeState, PaperPlace
from baken.survey.errors import NoPlaceLeft

_NO_SYNC = {"synchronize_session": False}


def exchange(session: Session, campaign_id: UUID, tag: bytes, *, today: date) -> str | None:
    """Exchange the code of a slip for a form; return the unit of that form, or None: no form.

    A used, revoked, exchanged or foreign code gets none, nor does any code outside the days of the
    campaign. Code and place change in the caller's transaction, together or not at all. Of several
    at the same moment, people who submit among them, one gets through.
    """
    hold_open(session, campaign_id)
    unit = session.execute(
        update(Code)
        .where(
            Code.tag == tag,
            Code.campaign_id == campaign_id,
            Code.state == CodeState.FREE,
            exists(
                select(Campaign.id).where(
                    Campaign.id == campaign_id,
                    Campaign.state == CampaignState.RUNNING,
                    Campaign.opens_on <= today,
                    Campaign.closes_on >= today,
                )
            ),
        )
        .values(state=int(CodeState.PAPER))
        .returning(Code.unit),
        execution_options=_NO_SYNC,
    ).scalar_one_or_none()
    if unit is not None and not _change(session, campaign_id, unit, places=1):
        raise RuntimeError("a unit with codes has no paper places")
    return unit


def had_paper(session: Session, campaign_id: UUID) -> bool:
    """Whether anybody answered on paper: no more than that one word."""
    asked = select(PaperPlace.unit).where(
        PaperPlace.campaign_id == campaign_id, PaperPlace.taken > 0
    )
    return session.scalars(asked.limit(1)).first() is not None


def list_places(session: Session, campaign_id: UUID) -> dict[str, PaperPlace]:
    """Return the exact places of every unit. For those who seal and open, never for a page."""
    asked = select(PaperPlace).where(PaperPlace.campaign_id == campaign_id)
    rows = session.scalars(asked, execution_options={"populate_existing": True})
    return {row.unit: row for row in rows}


def exchanged_per_unit(session: Session, campaign_id: UUID) -> Counter[str]:
    """Return the exact number of codes that were exchanged per unit. For the opening alone."""
    asked = (
        select(Code.unit, func.count())
        .where(Code.campaign_id == campaign_id, Code.state == CodeState.PAPER)
        .group_by(Code.unit)
    )
    return Counter(dict(iter(session.execute(asked))))


def take_places(session: Session, campaign_id: UUID, unit: str, n: int = 1) -> None:
    """Let `n` sealed forms take their places; raise `NoPlaceLeft` when there are fewer."""
    _use(session, campaign_id, unit, n, taken=n)


def mark_blank(session: Session, campaign_id: UUID, unit: str, n: int = 1) -> None:
    """Note that `n` forms came back empty or not at all; raise `NoPlaceLeft` when that is more."""
    _use(session, campaign_id, unit, n, blank=n)


def check_blank(session: Session, campaign_id: UUID, unit: str, n: int) -> None:
    """Raise `NoPlaceLeft` when `n` blank forms would take places of sheets that wait."""
    place = list_places(session, campaign_id).get(unit)
    n_unread = max(place.unread, 0) if place else 0
    if n > n_unread:
        raise NoPlaceLeft(
            "survey.blank_too_many",
            "Here {n} forms are left of which nothing was entered. A form that was entered and "
            "waits to be sealed is not blank: seal its stack or give it up first. Nothing was "
            "changed.",
            n=n_unread,
        )


def add_waiting(session: Session, campaign_id: UUID, unit: str, n: int) -> None:
    """Note that `n` more sheets wait to be sealed; fewer when negative."""
    if not _change(session, campaign_id, unit, waiting=n):
        raise _no_place_left(session, campaign_id, unit)


def add_surplus(session: Session, campaign_id: UUID, unit: str, n: int = 1) -> None:
    """Report forms of a unit that found no place: they are not sealed, and everybody is told."""
    if not _change(session, campaign_id, unit, surplus=n):
        raise _no_place_left(session, campaign_id, unit)


def _use(session: Session, campaign_id: UUID, unit: str, n: int, **change: int) -> None:
    if n < 0:
        raise ValueError("a place that was taken is never given back")
    free = PaperPlace.taken + PaperPlace.blank + n <= PaperPlace.places
    if not _change(session, campaign_id, unit, free, **change):
        raise _no_place_left(session, campaign_id, unit)


def _change(
    session: Session, campaign_id: UUID, unit: str, *conditions: Any, **change: int
) -> bool:
    """Add to counters of a unit where the conditions hold: in the database, so none is lost."""
    columns = {name: getattr(PaperPlace, name) for name in change}
    not_below = [columns[name] + n >= 0 for name, n in change.items()]
    done = session.execute(
        update(PaperPlace)
        .where(
            PaperPlace.campaign_id == campaign_id,
            PaperPlace.unit == unit,
            *conditions,
            *not_below,
        )
        .values({name: columns[name] + n for name, n in change.items()}),
        execution_options=_NO_SYNC,
    )
    return cast(CursorResult[Any], done).rowcount == 1


def _no_place_left(session: Session, campaign_id: UUID, unit: str) -> NoPlaceLeft:
    campaign = session.get(Campaign, campaign_id)
    units = (campaign.unit_tree or []) if campaign else []
    name = next((row["name"] for row in units if row["key"] == unit), unit)
    return NoPlaceLeft(
        "survey.no_place_left",
        "There are more forms of {unit} than slips that were exchanged for one. Nothing of this "
        "was sealed: lay the forms that are too many aside and report them.",
        unit=name,
    )
