"""A reference: mean and spread of a scale in some population, and where they come from."""

from dataclasses import dataclass

from baken.analysis.errors import UnusableReference
from baken.analysis.methods.benchmarks import MIN_REFERENCE, Reference
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
    """

    scale: str
    figures: Reference
    source: str
    year: int
    population: str
    format: str

    @property
    def label(self) -> str:
        """The source as it stands beside a comparison."""
        people = "n unknown" if self.figures.n is None else f"n = {self.figures.n}"
        return f"{self.source} ({self.year}), {self.population}, {people}"


def check_reference(reference: ScaleReference, instrument: Instrument) -> None:
    """Raise `UnusableReference` when results cannot be compared with it, saying why."""
    scales = {scale.key for scale in instrument.scales}
    if reference.scale not in scales:
        raise UnusableReference(
            "analysis.reference_scale",
            "{instrument} has no scale {scale}. Choose from {scales}.",
            instrument=instrument.key,
            scale=reference.scale,
            scales=", ".join(sorted(scales)),
        )
    _check_format(reference, instrument)
    figures = reference.figures
    if not (0 <= figures.mean <= 100 and figures.sd > 0):
        raise UnusableReference(
            "analysis.reference_range",
            "The mean ({mean}) must lie from 0 to 100 and the spread ({sd}) above 0. Score the "
            "reference from 0 to 100 first.",
            mean=figures.mean,
            sd=figures.sd,
        )
    if figures.n is not None and figures.n < MIN_REFERENCE:
        raise UnusableReference(
            "analysis.reference_small",
            "A reference of {n} people is too small to compare with; it takes {least}.",
            n=figures.n,
            least=MIN_REFERENCE,
        )
    if not reference.source or not reference.population:
        raise UnusableReference(
            "analysis.reference_source",
            "Name the source and the population of the reference of {scale}.",
            scale=reference.scale,
        )


def _check_format(reference: ScaleReference, instrument: Instrument) -> None:
    items = instrument.scale_items(reference.scale)
    asked = sorted({f"{item.format.low}-{item.format.high}" for item in items})
    if asked != [reference.format]:
        raise UnusableReference(
            "analysis.reference_format",
            "{scale} is answered from {asked}, the reference from {given}. Figures of other "
            "answers cannot be compared.",
            scale=reference.scale,
            asked=" and ".join(asked),
            given=reference.format or "an unknown range",
        )
