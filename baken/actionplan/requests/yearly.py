"""What the annual report says of a year in section 7.2, 7.3.1 and 7.3.2.

Exact figures: for the signed form only. Whoever draws it up asks before it comes here; every other
page shows what `quarters.queries.shown_counts` gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

from sqlalchemy import func, select

from baken.actionplan.requests.counsellors.models import Counsellor
from baken.actionplan.requests.law import law
from baken.actionplan.requests.quarters.models import QuarterSheet
from baken.actionplan.requests.quarters.queries import list_last_sheets
from baken.actionplan.requests.quarters.rules import QUARTERS, fields_for, first_day
from baken.actionplan.requests.situations.models import SituationRequest
from baken.organisation.humans import entries_of_human
from baken.organisation.permissions import Role
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class PsychosocialYear:
    """One year. None: nobody entered this figure in any quarter; 0: somebody counted nought.

    `risk_analysis_requests` (7.2) counts the requests that stand in Baken, so it is never None;
    whether those are all of the year, the annual report asks (`known/psychosocial.py` there).
    """

    year: int
    risk_analysis_requests: int  # 7.2
    informal_by_counsellor: int | None  # 7.3.1 a
    informal_by_adviser: int | None  # 7.3.1 b
    informal_advice: int | None  # 7.3.1 c.1
    informal_intervention: int | None  # 7.3.1 c.2
    informal_reconciliation: int | None  # 7.3.1 c.3
    formal_collective: int | None  # 7.3.2 a.1
    formal_individual: int | None  # 7.3.2 a.2
    formal_violence: int | None  # 7.3.2 a.3
    formal_after_informal: int | None  # 7.3.2 b
    formal_individual_measures: int | None  # 7.3.2 c.1
    formal_collective_measures: int | None  # 7.3.2 c.2
    formal_no_measures: int | None  # 7.3.2 c.3
    formal_inspectorate: int | None  # 7.3.2 c.4
    # Which quarters nobody, or not every counsellor of that quarter, entered a sheet for.
    quarters_missing: tuple[int, ...] = ()
    # The same by line of the form: a counsellor and an adviser fill in other ones.
    missing_by_row: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def rows(self) -> Mapping[str, int | None]:
        """Return the line of the form (such as ``7.3.1 c.2``) to its figure."""
        lines = {one.row: getattr(self, key) for key, one in law().fields.items()}
        return {"7.2": self.risk_analysis_requests, **lines}


def psychosocial_year(session: Session, year: int) -> PsychosocialYear:
    """Return the exact figures of a year: the last revision of every sheet, added up."""
    sheets = list_last_sheets(session, year)
    counts: dict[str, int | None] = dict.fromkeys(law().fields)
    for sheet in sheets:
        for key, n in sheet.counts.items():
            counts[key] = (counts[key] or 0) + n
    lacking = _lacking_counsellors(session, year, sheets)
    of_counsellors = {one.key for one in fields_for(frozenset({Role.CONFIDENTIAL_COUNSELLOR}))}
    entered = {sheet.quarter for sheet in sheets}
    told = {key: {one.quarter for one in sheets if key in one.counts} for key in counts}
    whole = {key: told[key] - lacking if key in of_counsellors else told[key] for key in told}
    named = {one.name for one in fields(PsychosocialYear)}
    return PsychosocialYear(
        year=year,
        risk_analysis_requests=count_requests(session, year),
        quarters_missing=_others(entered - lacking),
        missing_by_row={one.row: _others(whole[key]) for key, one in law().fields.items()},
        **{key: n for key, n in counts.items() if key in named},
    )


def _lacking_counsellors(session: Session, year: int, sheets: Iterable[QuarterSheet]) -> set[int]:
    """The quarters in which somebody was counsellor who entered no sheet: the sum is a part."""
    there = {(sheet.quarter, sheet.person_id) for sheet in sheets}
    return {
        quarter
        for one in session.scalars(select(Counsellor))
        for quarter in QUARTERS
        if one.appointed_on <= _last_day(year, quarter)
        and (one.ended_on is None or one.ended_on >= first_day(year, quarter))
        and there.isdisjoint((quarter, entry) for entry in entries_of_human(session, one.person_id))
    }


def _last_day(year: int, quarter: int) -> date:
    begun = first_day(year + quarter // 4, quarter % 4 + 1)
    return begun - timedelta(days=1)


def _others(entered: set[int]) -> tuple[int, ...]:
    return tuple(quarter for quarter in QUARTERS if quarter not in entered)


def count_requests(session: Session, year: int) -> int:
    """Return how many requests for a specific risk analysis were made in a year."""
    asked = select(func.count()).where(
        SituationRequest.asked_on >= date(year, 1, 1),
        SituationRequest.asked_on <= date(year, 12, 31),
    )
    return session.scalar(asked) or 0
