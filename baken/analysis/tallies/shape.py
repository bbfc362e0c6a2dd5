"""What a tally counts: the items and scales of one instrument, without its words."""

from dataclasses import dataclass

from baken.analysis.methods.scoring import ScoringRule
from baken.instruments.definition import Instrument

SPECIAL_CODES = (-3, -2, -1)
"""Prefer not to say, does not apply, missing: the first three columns of an item's counts."""

N_SPECIAL = len(SPECIAL_CODES)


@dataclass(frozen=True, slots=True)
class ScaleShape:
    """One scale: where its items stand on the sheet, and how they become a score."""

    key: str
    columns: tuple[int, ...]
    rule: ScoringRule


@dataclass(frozen=True, slots=True)
class Shape:
    """The layout that two tallies must share to be added.

    Attributes
    ----------
    instrument, version, fingerprint : str
        Which questionnaire the answers belong to.
    items : tuple[str, ...]
        Codes in sheet order.
    tops : tuple[int, ...]
        Per item the highest answer, when the lowest is 0.
    scales : tuple[ScaleShape, ...]
        In the order of the instrument.
    """

    instrument: str
    version: str
    fingerprint: str
    items: tuple[str, ...]
    tops: tuple[int, ...]
    scales: tuple[ScaleShape, ...]

    @classmethod
    def of(cls, instrument: Instrument) -> "Shape":
        """Return the layout of an instrument."""
        tops = tuple(item.format.high - item.format.low for item in instrument.items)
        scales = []
        for scale in instrument.scales:
            columns = tuple(instrument.position(code) for code in scale.items)
            rule = ScoringRule(
                tops=tuple(tops[column] for column in columns),
                reversed_items=tuple(instrument.items[column].reversed for column in columns),
                min_answered=scale.min_answered,
            )
            scales.append(ScaleShape(scale.key, columns, rule))
        return cls(
            instrument.key,
            instrument.version,
            instrument.fingerprint,
            tuple(item.code for item in instrument.items),
            tops,
            tuple(scales),
        )

    def scale(self, key: str) -> ScaleShape:
        """Return the scale of this name; `KeyError` when there is none."""
        for scale in self.scales:
            if scale.key == key:
                return scale
        raise KeyError(key)

    @property
    def offsets(self) -> tuple[int, ...]:
        """Per item the first column of its counts, and at the end the number of columns."""
        places = [0]
        for top in self.tops:
            places.append(places[-1] + N_SPECIAL + top + 1)
        return tuple(places)
