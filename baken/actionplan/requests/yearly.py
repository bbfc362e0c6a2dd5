"""What the annual report says of a year in section 7.2, 7.3.1 and 7.3.2.

Exact figures: for the signed form only. Whoever draws it up asks before it comes here; every other
page shows what `quarters.queries.shown_counts` gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from sqlalchemy import func, select

from baken.actionplan.requests.law import law
from baken.actionplan.requests.quarters.queries import list_last_sheets
from baken.actionplan.requests.situations.models import SituationRequest
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
    # Which quarters nobody entered a sheet for.
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
    entered = {sheet.quarter for sheet in sheets}
    told = {key: {one.quarter for one in sheets if key in one.counts} for key in counts}
    named = {one.name for one in fields(PsychosocialYear)}
    return PsychosocialYear(
        year=year,
        risk_analysis_requests=count_requests(session, year),
        quarters_missing=_others(entered),
        missing_by_row={one.row: _others(told[key]) for key, one in law().fields.items()},
        **{key: n for key, n in counts.items() if key in named},
    )


def _others(entered: set[int]) -> tuple[int, ...]:
    return tuple(quarter for quarter in (1, 2, 3, 4) if quarter not in entered)


def count_requests(session: Session, year: int) -> int:
    """Return how many requests for a specific risk analysis were made in a year."""
    asked = select(func.count()).where(
        SituationRequest.asked_on >= date(year, 1, 1),
        SituationRequest.asked_on <= date(year, 12, 31),
    )
    return session.scalar(asked) or 0
