"""Section 2 and its annex, from the accidents and hours of the year."""

from typing import Any, Final

from baken.actionplan.annualreport.answers import BY_GRAVITY, Given
from baken.actionplan.indicators.yearly import (
    AccidentFigures,
    AccidentYear,
    Gravity,
    UnitLine,
)

ORIGIN: Final = "accidents"
OF_ACCIDENTS: Final = (
    "hours",
    "accidents",
    "other_cost",
    "light",
    "commuting",
    "categories",
    "annex_statistics",
)
"""Fields that follow from accidents and hours."""

NOT_OURS: Final = ("temps", "contractors")
"""Categories of people whose hours and accidents stand in the books of others."""


def known_accidents(year: AccidentYear, path: str) -> dict[str, Given]:
    """Return the figures of 2.1 to 2.4; nothing where nobody wrote down hours or accidents."""
    work, commuting = year.work, year.commuting
    found: dict[str, Any] = {}
    if work.hours is not None:
        found["hours"] = work.hours
    if work.hours is not None or _has_any(work) or _has_any(commuting):
        found |= {
            "accidents": _rows(work),
            "other_cost": work.n_other_cost,
            "light": work.n_light,
            "commuting": _rows(commuting),
        }
    # Accidents of which nobody said what kind of worker it was are in no category.
    is_told = any(line.n for line in year.by_category) or not work.n_total
    categories = [
        {
            "what": str(line.category),
            "hours": line.hours,
            "accidents": line.n if is_told else None,
        }
        for line in year.by_category
    ]
    if any(row["hours"] is not None or row["accidents"] for row in categories):
        nobody = [{"what": key, "hours": None, "accidents": None} for key in NOT_OURS]
        found["categories"] = [*categories, *nobody]
    if year.by_unit:
        found["annex_statistics"] = [_annex_row(line) for line in year.by_unit]
    return {key: Given(value, ORIGIN, path) for key, value in found.items()}


def _has_any(figures: AccidentFigures) -> bool:
    return bool(figures.n_total or figures.n_other_cost or figures.n_light)


def _rows(figures: AccidentFigures) -> list[dict[str, Any]]:
    by_row = {"B": figures.n, "C": figures.days_lost, "D": figures.flat_days}
    return [
        {"what": row, **{column: by[Gravity(column)] for column in BY_GRAVITY}}
        for row, by in by_row.items()
    ]


def _annex_row(line: UnitLine) -> dict[str, Any]:
    work = line.work
    return {
        "name": f"{line.number} {line.name}".strip(),
        "hours": work.hours,
        **{column: work.n[Gravity(column)] for column in BY_GRAVITY},
        "days": work.days_total,
        "flat": work.flat_total,
        "commuting": line.commuting.n_total,
    }
