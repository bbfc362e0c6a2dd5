"""A reference: mean and spread of a scale in some population, and where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass

from baken.analysis.errors import UnusableReference
from baken.analysis.methods.benchmarks import MIN_REFERENCE, Reference
from baken.analysis.references.editions import MadeWith, check_made_with
from baken.instruments.definition import Instrument


@dataclass(frozen=True, slots=True)
class ScaleReference:
    """What is known about one scale elsewhere.

    Attributes
    ----------
    scale : str
        Key of the scale in the instrument.
    figures : Reference
        Mean, spread and number of people, on 0-100.
    source, year, population : str, int, str
        Where it comes from, printed beside every comparison.
    format : str
        The answers it was made with, lowest and highest number, such as ``1-5``.
    made_with : MadeWith or None
        The questions and the scoring; None for a publication that gives its answers only.
    """

    scale: str
    figures: Reference
    source: str
    year: int
    population: str
    format: str
    made_with: MadeWith | None = None

    @property
    def label(self) -> str:
        """The source as it stands beside a comparison."""
        people = "?" if self.figures.n is None else self.figures.n
        return f"{self.source} ({self.year}), {self.population}, n = {people}"


def check_reference(reference: ScaleReference, instrument: Instrument) -> None:
    """Raise `UnusableReference` when results cannot be compared with it, saying why."""
    for fault in reference_faults(reference, instrument):
        raise fault


def reference_faults(
    reference: ScaleReference, instrument: Instrument
) -> Iterator[UnusableReference]:
    """Yield everything for which results cannot be compared with it."""
    scales = {scale.key for scale in instrument.scales}
    if reference.scale not in scales:
        yield UnusableReference(
            "analysis.reference_scale",
            "{instrument} has no scale {scale}. Choose from {scales}.",
            instrument=instrument.key,
            scale=reference.scale,
            scales=", ".join(sorted(scales)),
        )
    else:
        yield from _of_scale(reference, instrument)
    yield from _of_figures(reference.figures)
    if not reference.source or not reference.population:
        yield UnusableReference(
            "analysis.reference_source",
            "Name the source and the population of the reference of {scale}.",
            scale=reference.scale,
        )


def answers_of(instrument: Instrument, scale: str) -> str:
    """Return the lowest and highest answer of a scale, as in `ScaleReference.format`.

    When its items differ in range it names each of them.
    """
    items = instrument.scale_items(scale)
    return " and ".join(sorted({f"{item.format.low}-{item.format.high}" for item in items}))


def _of_figures(figures: Reference) -> Iterator[UnusableReference]:
    if not (0 <= figures.mean <= 100 and figures.sd > 0):
        yield UnusableReference(
            "analysis.reference_range",
            "The mean ({mean}) must lie from 0 to 100 and the spread ({sd}) above 0. Score the "
            "reference from 0 to 100 first.",
            mean=figures.mean,
            sd=figures.sd,
        )
    if figures.n is not None and figures.n < MIN_REFERENCE:
        yield UnusableReference(
            "analysis.reference_small",
            "A reference of {n} people is too small to compare with; it takes {least}.",
            n=figures.n,
            least=MIN_REFERENCE,
        )


def _of_scale(reference: ScaleReference, instrument: Instrument) -> Iterator[UnusableReference]:
    asked = answers_of(instrument, reference.scale)
    if asked != reference.format:
        yield UnusableReference(
            "analysis.reference_format",
            "{scale} is answered from {asked}, the reference from {given}. Figures of other "
            "answers cannot be compared.",
            scale=reference.scale,
            asked=asked,
            given=reference.format or "an unknown range",
        )
    if reference.made_with is not None:
        try:
            check_made_with(reference.made_with, instrument, reference.scale)
        except UnusableReference as fault:
            yield fault
