"""One figure beside the value it should have."""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Comparison:
    """One figure: where it stands, what was expected and what was found."""

    figure: str
    place: str
    expected: float | str | None
    found: float | str | None
    kind: str = "relative"

    @property
    def agrees(self) -> bool:
        if self.expected is None or self.found is None or isinstance(self.expected, str):
            return self.expected == self.found
        off = abs(self.found - self.expected)
        if self.kind == "exact":
            return off == 0
        if self.kind == "probability":
            small = self.expected < 1e-6
            return off <= 1e-9 and (not small or off <= 1e-6 * self.expected)
        if self.kind == "absolute":
            return off <= 1e-9
        if self.kind == "iterated":
            return off <= 1e-6 * abs(self.expected)
        return off <= max(1e-9 * abs(self.expected), 1e-12)

    @property
    def deviation(self) -> float:
        """Relative for figures, absolute for probabilities."""
        if not isinstance(self.expected, float | int) or not isinstance(self.found, float | int):
            return 0.0
        off = abs(self.found - self.expected)
        return (
            off if self.kind in {"probability", "absolute"} else off / max(abs(self.expected), 1e-3)
        )


def rows(file: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def value(text: str) -> float | None:
    """Read a number; None where there is none."""
    return float(text) if text not in {"", "NA"} else None
