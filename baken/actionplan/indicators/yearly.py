"""What a year says of accidents and of the other indicators, for the annual report."""

from dataclasses import dataclass
from datetime import date

from baken.actionplan.indicators.accidents.figures import (
    AccidentFigures,
    Gravity,
    Kind,
    figures_of,
)
from baken.actionplan.indicators.accidents.queries import (
    CategoryLine,
    Correction,
    FormType,
    UnitLine,
    as_reported,
    category_lines,
    find_draft,
    list_accidents,
    list_corrections,
    list_hours,
    unit_lines,
    whole_hours,
)
from baken.actionplan.indicators.all_figures import Books
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.periods import Span
from baken.actionplan.indicators.queries import list_series
from baken.actionplan.indicators.totals import totals_of
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session

__all__ = [
    "AccidentFigures",
    "AccidentYear",
    "FormType",
    "Gravity",
    "IndicatorLine",
    "IndicatorYear",
    "UnitLine",
    "accident_year",
    "indicator_year",
]


@dataclass(frozen=True, slots=True)
class AccidentYear:
    """Section 2 of the annual report of one year.

    Attributes
    ----------
    drafted_on
        The day the report was drawn up; facts of a later day are in `corrections`, not in the
        figures. None: figures as known today.
    work
        The table of 2.2: `work.hours` (A of 2.1), `n_total` (B), `days_total` (C), `flat_total`
        (D), each by column too, and `fg`, `weg`, `geg`; `n_other_cost` and `n_light` are the two
        boxes below it.
    commuting
        2.3; its rates are None, since no hours belong to the road.
    by_unit
        The annex with statistics, by form type.
    by_category
        2.4.
    n_not_placed
        Accidents at work that hang on no establishment, section or employer.
    """

    year: int
    form: FormType
    drafted_on: date | None
    work: AccidentFigures
    commuting: AccidentFigures
    by_unit: tuple[UnitLine, ...]
    by_category: tuple[CategoryLine, ...]
    corrections: tuple[Correction, ...]
    n_not_placed: int


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """What one series says of the whole organisation in a year; None: unknown, or not complete."""

    kind: str
    name: str
    source: str
    figure: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, slots=True)
class IndicatorYear:
    """Every indicator that has a figure of the whole organisation, for one year."""

    year: int
    lines: tuple[IndicatorLine, ...]


def indicator_year(session: Session, year: int) -> IndicatorYear:
    """Return the indicators of the whole organisation for a year, as readers may see them."""
    span = Span(date(year, 1, 1), date(year, 12, 31))
    books = Books.load(session, Heads(load_tree(session)))
    lines = []
    for series in list_series(session):
        total = totals_of(books, series, span).get(None)
        if total is not None:
            shown = total if total.covers else None
            lines.append(
                IndicatorLine(
                    series.kind,
                    series.name,
                    series.source,
                    shown.figure if shown else None,
                    shown.numerator if shown else None,
                    shown.denominator if shown else None,
                )
            )
    return IndicatorYear(year, tuple(lines))


def accident_year(session: Session, year: int, form: FormType = FormType.A) -> AccidentYear:
    """Return the accidents of a year as its report counts them."""
    accidents = list_accidents(session, year)
    corrections = list_corrections(session, accidents)
    facts = as_reported(accidents, corrections)
    hours = list_hours(session, year)
    total, estimate = whole_hours(hours)
    draft = find_draft(session, year)
    work = [one for one in facts if one.kind is Kind.WORK]
    return AccidentYear(
        year=year,
        form=form,
        drafted_on=draft.drafted_on if draft else None,
        work=figures_of(work, total, is_estimate=estimate),
        commuting=figures_of([one for one in facts if one.kind is Kind.COMMUTING], None),
        by_unit=unit_lines(session, facts, hours, form),
        by_category=category_lines(facts, hours),
        corrections=tuple(corrections),
        n_not_placed=figures_of([one for one in work if one.unit_id is None], None).n_total,
    )
