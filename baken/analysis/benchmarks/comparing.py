"""Released results beside what they can be held against, computed anew whenever they are shown.

A release never changes and neither does a reference or an edition, so the same page always says the
same. Only shown cells are compared: nothing here is told that was not published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from baken.analysis.benchmarks.seeing import list_seen
from baken.analysis.references.models import ReferenceSet
from baken.analysis.references.queries import fitting, list_in_use
from baken.analysis.references.reference import ScaleReference
from baken.analysis.releases.comparing import with_references
from baken.analysis.releases.models import Release
from baken.instruments.definition import Instrument
from baken.storage.session import Session

Kind = Literal["reference", "pool"]


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A shown cell minus the reference, in points; None where it cannot be estimated.

    `q` is corrected for all comparisons with this reference.
    """

    difference: float
    low: float | None
    high: float | None
    q: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A release beside one publication or one benchmark.

    Attributes
    ----------
    cells : Mapping
        Scale to unit (or ``ALL``) to what was found.
    row : ReferenceSet or None
        The publication; None for a benchmark.
    n_organisations : int
        Of a benchmark, without the one that looks.
    between : Mapping
        Of a benchmark, scale to the spread between its organisations. The test takes people as
        independent, so its interval is too narrow where organisations differ much.
    """

    kind: Kind
    source: str
    year: int
    population: str
    references: Mapping[str, ScaleReference]
    cells: Mapping[str, Mapping[str, ComparedCell]]
    row: ReferenceSet | None = None
    number: int = 0
    n_organisations: int = 0
    between: Mapping[str, float] = field(default_factory=dict)


def list_comparisons(
    session: Session, release: Release, instrument: Instrument
) -> list[Comparison]:
    """Return everything a release can be held against: benchmarks first, then publications."""
    found = [*_with_pools(session, release, instrument)]
    for row in list_in_use(session):
        references = fitting(row, instrument)
        if references:
            found.append(
                Comparison(
                    kind="reference",
                    source=row.source,
                    year=row.year,
                    population=row.population,
                    references=_by_scale(references),
                    cells=compare(release.results, references),
                    row=row,
                )
            )
    return [one for one in found if any(one.cells.values())]


def compare(
    results: Mapping[str, Any], references: Sequence[ScaleReference]
) -> dict[str, dict[str, ComparedCell]]:
    """Compare every shown cell of results with references, one per scale."""
    return {
        scale: {
            unit: ComparedCell(cell["diff"], cell["low"], cell["high"], cell["q"])
            for unit, cell in cells.items()
        }
        for scale, cells in with_references(results, references).items()
    }


def _with_pools(session: Session, release: Release, instrument: Instrument) -> list[Comparison]:
    """Compare with the newest edition of the benchmark of this questionnaire."""
    seen = list_seen(session, instrument.fingerprint)[:1]
    found = []
    for one in seen:
        references = list(one.references(instrument, population="other organisations"))
        found.append(
            Comparison(
                kind="pool",
                source="",
                year=one.edition.made_on.year,
                population="",
                references=_by_scale(references),
                cells=compare(release.results, references),
                number=one.edition.number,
                n_organisations=len(one.edition.members) - one.is_member,
                between={
                    each.scale: pool.between
                    for each in references
                    if (pool := one.figures(each.scale)) is not None
                },
            )
        )
    return found


def _by_scale(references: Sequence[ScaleReference]) -> dict[str, ScaleReference]:
    return {one.scale: one for one in references}
