"""Entering the quarterly table: a correction is one more revision with its reason."""

from collections.abc import Mapping
from datetime import date

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.requests.quarters import queries, rules
from baken.actionplan.requests.quarters.models import QuarterSheet
from baken.actionplan.wording import check_text
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.session import Session


def enter_sheet(
    session: Session,
    counts: Mapping[str, int],
    *,
    year: int,
    quarter: int,
    seen: int,
    reason: str = "",
    by: Actor,
    today: date,
) -> QuarterSheet:
    """Enter one's own figures of a quarter, or correct them.

    Parameters
    ----------
    seen : int
        The revision that the person was looking at; 0 where nothing stood yet.
    reason : str
        Why they are corrected; needed from the second revision on.
    """
    require(by, Action.FILL_QUARTERS)
    rules.check_quarter(year, quarter, today=today)
    rules.check_counts(counts, roles=by.roles)
    before = queries.list_revisions(session, by.person_id, year=year, quarter=quarter)
    if len(before) != seen:
        raise InvalidTransition(
            "requests.entered_meanwhile",
            "This quarter was entered in the meantime, on another screen. What you typed is still "
            "below; look at what stands there now, then save again.",
        )
    why = check_text(reason)
    if before and not why:
        raise Invalid(
            "requests.no_correction_reason", "Write down why the figures change; both stay."
        )
    sheet = QuarterSheet(
        person_id=by.person_id,
        year=year,
        quarter=quarter,
        revision=len(before) + 1,
        counts=dict(counts),
        reason=why,
        entered_on=today,
    )
    session.add(sheet)
    session.flush()
    facts = {"year": year, "quarter": quarter, "revision": sheet.revision}
    record(session, "quarter.entered", by=by.person_id, subject=f"sheet:{sheet.id}", facts=facts)
    return sheet
