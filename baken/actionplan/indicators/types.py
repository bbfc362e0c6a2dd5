"""The kinds of indicator a measure can be followed by.

The table of measures keeps `kind` and the fields as JSON; forms are made from the fields. A new
kind is one class here and its name in `INDICATOR_TYPES` at the foot of the file.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final

from baken.actionplan.errors import Invalid, NoShareAtRisk
from baken.actionplan.indicators.cells import WHOLE, Cell


class Better(StrEnum):
    """In which direction things improve."""

    HIGHER = "higher"
    LOWER = "lower"


class Verdict(StrEnum):
    """What a later figure says about the measure.

    Hidden: there is a figure that nobody may read. Before: it was read before the measure began, so
    it says nothing about it.
    """

    MOVED = "moved"
    NOT_SHOWN = "not_shown"
    WORSE = "worse"
    HIDDEN = "hidden"
    BEFORE = "before"


class Figure(StrEnum):
    """Which figure of a scale is followed."""

    SHARE_AT_RISK = "share_at_risk"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read at one moment, in the unit of its indicator, with its margin if it has one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A later reading against the first one and against the target; no change when it is hidden."""

    verdict: Verdict
    is_reached: bool
    change: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleIndicator:
    """A scale of the questionnaire, followed in one unit from release to release.

    `start`, `low`, `high` and `target` are percentages (share at risk) or points from 0 to 100
    (mean). `low` and `high` are the limits of the first reading.
    """

    kind: ClassVar[str] = "scale"

    scale: str
    figure: Figure
    unit_key: str = WHOLE
    better: Better
    start: float
    low: float | None = None
    high: float | None = None
    target: float
    by_on: date

    @property
    def unit(self) -> str:
        return "%" if self.figure is Figure.SHARE_AT_RISK else "points"

    @property
    def name(self) -> str:
        return self.scale

    def check(self) -> None:
        """Raise `Invalid` unless the contract holds together."""
        _check_contract(self.start, self.target, self.better)
        for value in (self.start, self.target, self.low, self.high):
            if value is not None and not 0 <= value <= 100:
                raise Invalid(
                    "actionplan.indicator_outside_scale",
                    "A scale runs from 0 to 100; {value} lies outside it.",
                    value=value,
                )

    def read(self, cell: Cell) -> Reading:
        """Read the followed figure from a released cell.

        Raises
        ------
        NoShareAtRisk
            The share is withheld for privacy, or the scale has no cut-off.
        """
        if self.figure is Figure.MEAN:
            return Reading(cell.mean, cell.low, cell.high)
        if cell.share_hidden:
            raise NoShareAtRisk(
                "actionplan.share_withheld",
                "For “{scale}” the share at risk is not shown here, to protect the people "
                "behind the figures. Follow its mean.",
                scale=self.scale,
            )
        if cell.share_at_risk is None:
            raise NoShareAtRisk(
                "actionplan.no_share_at_risk",
                "The scale “{scale}” has no cut-off, so no share at risk. Follow its mean.",
                scale=self.scale,
            )
        return Reading(
            100 * cell.share_at_risk, _percent(cell.share_low), _percent(cell.share_high)
        )

    def judge(self, later: Reading) -> Judgement:
        """Compare a later release with the first reading, conservatively.

        A change counts only when the two 95 % intervals do not touch. That asks more than a test
        of the difference would: what is reported as moved has moved, and a real but small change
        may stay "not shown". Without a margin on either side nothing is ever shown.
        """
        return Judgement(
            _compare_intervals(self, later),
            _is_reached(later.value, self.target, self.better),
            later.value - self.start,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigure:
    """A figure the organisation counts itself: known exactly, so it has no margin."""

    kind: ClassVar[str] = "own-figure"

    name: str
    unit: str
    better: Better
    start: float
    target: float
    by_on: date

    def check(self) -> None:
        """Raise `Invalid` unless the contract holds together."""
        if not self.name.strip() or not self.unit.strip():
            raise Invalid(
                "actionplan.indicator_unnamed",
                "Say what is counted and in which unit: late changes of roster, per month.",
            )
        _check_contract(self.start, self.target, self.better)

    def judge(self, later: Reading) -> Judgement:
        """Compare a later count with the first one; any change of a count is a change."""
        return Judgement(
            _compare_counts(self, later),
            _is_reached(later.value, self.target, self.better),
            later.value - self.start,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesIndicator:
    """A series of the organisation, followed in one unit (or in all) from period to period.

    Attributes
    ----------
    series
        The series, as `followed.list_followed` names it; its readings come by themselves.
    unit
        Unit of the figure: ``%``, ``days``, ``count`` or ``number``.
    start, start_on
        The first reading, and the last day of its period.
    low, high
        Limits of the first reading; None where the series has no margin.
    """

    kind: ClassVar[str] = "series"

    series: str
    unit_key: str = WHOLE
    name: str
    unit: str
    better: Better
    start: float
    start_on: date
    low: float | None = None
    high: float | None = None
    target: float
    by_on: date

    def check(self) -> None:
        """Raise `Invalid` unless the contract holds together."""
        _check_contract(self.start, self.target, self.better)

    def judge(self, later: Reading) -> Judgement:
        """Compare a later period with the first one.

        Where the series has a margin, a change counts only when the two 95 % intervals do not
        touch; else the figure was counted, and any change of it is a change.
        """
        is_counted = self.low is None and later.low is None
        return Judgement(
            _compare_counts(self, later) if is_counted else _compare_intervals(self, later),
            _is_reached(later.value, self.target, self.better),
            later.value - self.start,
        )


Indicator = ScaleIndicator | OwnFigure | SeriesIndicator


_DAYS: Final = ("by_on", "start_on")


def as_settings(indicator: Indicator) -> dict[str, Any]:
    """The fields of an indicator as JSON."""
    known = asdict(indicator)
    return known | {name: known[name].isoformat() for name in _DAYS if name in known}


def indicator_of(kind: str, settings: Mapping[str, Any]) -> Indicator:
    """Make an indicator again from what the table keeps."""
    for type_ in INDICATOR_TYPES:
        if type_.kind == kind:
            values = {field.name: settings[field.name] for field in fields(type_)}
            values["better"] = Better(values["better"])
            for name in _DAYS:
                if name in values:
                    values[name] = date.fromisoformat(values[name])
            if "figure" in values:
                values["figure"] = Figure(values["figure"])
            return type_(**values)
    raise Invalid(
        "actionplan.indicator_unknown", "There is no indicator of the kind {kind}.", kind=kind
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _check_contract(start: float, target: float, better: Better) -> None:
    if not (math.isfinite(start) and math.isfinite(target)):
        raise Invalid("actionplan.indicator_no_number", "Fill in two numbers: from what, to what.")
    improves = target > start if better is Better.HIGHER else target < start
    if not improves:
        raise Invalid(
            "actionplan.indicator_wrong_way",
            "From {start} to {target} is no improvement. Check the numbers and the direction.",
            start=start,
            target=target,
        )


def _is_reached(value: float, target: float, better: Better) -> bool:
    return value >= target if better is Better.HIGHER else value <= target


def _compare_counts(first: OwnFigure | SeriesIndicator, later: Reading) -> Verdict:
    change = later.value - first.start
    gain = change if first.better is Better.HIGHER else -change
    return Verdict.MOVED if gain > 0 else Verdict.WORSE if gain < 0 else Verdict.NOT_SHOWN


def _compare_intervals(first: ScaleIndicator | SeriesIndicator, later: Reading) -> Verdict:
    if first.low is None or first.high is None or later.low is None or later.high is None:
        return Verdict.NOT_SHOWN
    rises = later.low > first.high
    falls = later.high < first.low
    if not rises and not falls:
        return Verdict.NOT_SHOWN
    return Verdict.MOVED if rises == (first.better is Better.HIGHER) else Verdict.WORSE


INDICATOR_TYPES: Final[
    tuple[type[ScaleIndicator] | type[OwnFigure] | type[SeriesIndicator], ...]
] = (ScaleIndicator, OwnFigure, SeriesIndicator)
