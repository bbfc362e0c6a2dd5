"""The agreed figure of a measure in words: from what to what, and whether it moves."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from baken.actionplan.findings.queries import get_finding, get_release_of
from baken.actionplan.indicators.types import (
    Indicator,
    OwnFigure,
    ScaleIndicator,
    SeriesIndicator,
    Verdict,
)
from baken.actionplan.measures.carrying import list_history
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.readings import Point, list_points
from baken.actionplan.measures.sight import may_see_agreed
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web import numerals
from baken.web.charts.movement import Spot, movement
from baken.web.pages.plan_views import scale_name
from baken.web.texts import Catalogue, catalogue

# So many decimals more a sentence gets where two figures would read the same.
FURTHER: Final = 2


@dataclass(frozen=True, slots=True)
class MovementView:
    """Whether the agreed figure moves: a sentence, a chart and the same in a table."""

    sentence: str
    figure: dict[str, Any] | None
    rows: tuple[tuple[str, str, str], ...]


def amount(value: float, indicator: Indicator, language: str, more: int = 0) -> str:
    """A figure with its unit, the way people write it, with so many decimals `more`."""
    if isinstance(indicator, OwnFigure):
        return numerals.with_unit(numerals.number(value, language), indicator.unit)
    if isinstance(indicator, SeriesIndicator):
        return amount_of_series(value, indicator.unit, language, more)
    if indicator.unit == "%":
        return numerals.percent(value / 100, language, more)
    return catalogue(language)("indicators.points", n=numerals.number(value, language, more))


def amount_of_series(value: float, unit: str, language: str, more: int = 0) -> str:
    """A figure of a series with its unit, as pages of indicators write it."""
    if unit == "%":
        return numerals.percent(value / 100, language, 1 + more)
    if unit == "days":
        return catalogue(language)("series.in_days", n=numerals.number(value, language, 1 + more))
    return numerals.number(round(value, 2 + more), language)


def amounts_apart(
    first: float, second: float, indicator: Indicator, language: str
) -> tuple[str, str]:
    """Two figures of one sentence, in decimals enough that what moved does not read as the same."""
    for more in range(FURTHER + 1):
        said = [amount(one, indicator, language, more) for one in (first, second)]
        if said[0] != said[1]:
            return said[0], said[1]
    return amount(first, indicator, language), amount(second, indicator, language)


@dataclass(frozen=True, slots=True)
class AgreedFigure:
    """The figure of one measure, said in one language to one reader."""

    session: Session
    measure: Measure
    by: Actor
    today: date
    language: str

    @property
    def t(self) -> Catalogue:
        return catalogue(self.language)

    def agreement(self) -> str:
        """From what, to what, by when; without figures for those who may not see them."""
        indicator = self.measure.indicator
        if not self._may_see():
            return self.t("measures.life_hidden")
        start, target = amounts_apart(indicator.start, indicator.target, indicator, self.language)
        named = {"name": self._name(indicator), "by": indicator.by_on}
        return self.t("indicators.agreed", start=start, target=target, **named)

    def _name(self, indicator: Indicator) -> str:
        if not isinstance(indicator, ScaleIndicator) or self.measure.finding_id is None:
            return indicator.name
        finding = get_finding(self.session, self.measure.finding_id)
        release = get_release_of(self.session, finding, by=self.by)
        return scale_name(self.session, release, indicator.scale, self.language)

    def _may_see(self) -> bool:
        return may_see_agreed(self.session, self.measure, by=self.by, today=self.today)

    def movement(self) -> MovementView | None:
        """The first figure and every later one; nothing before there is a later one."""
        if not self._may_see():
            return None
        indicator = self.measure.indicator
        points = list_points(self.session, self.measure, by=self.by)
        if not points:
            return None
        spots = [self._first(indicator), *(self._spot(point) for point in points)]
        shown = [spot for spot in spots if spot is not None]
        target = amount(indicator.target, indicator, self.language)
        return MovementView(
            sentence=self._sentence(indicator, points[-1]),
            figure=movement(
                shown,
                target=indicator.target,
                target_label=self.t("indicators.goal", target=target),
            )
            if len(shown) > 1
            else None,
            rows=self._rows(indicator, points),
        )

    def _first(self, indicator: Indicator) -> Spot:
        low, high = getattr(indicator, "low", None), getattr(indicator, "high", None)
        label = amount(indicator.start, indicator, self.language)
        on = self._first_on()
        return Spot(on, self._day(on), label, indicator.start, low, high)

    def _first_on(self) -> date:
        indicator = self.measure.indicator
        if isinstance(indicator, SeriesIndicator):
            return indicator.start_on
        is_scale = isinstance(indicator, ScaleIndicator)
        if is_scale and self.measure.finding_id is not None:
            # The day of the release, like every later reading: a finding may be noted months after.
            finding = get_finding(self.session, self.measure.finding_id)
            return get_release_of(self.session, finding, by=self.by).created_on
        # It may go on from earlier years: the figure was agreed in the first of them.
        return (*list_history(self.session, self.measure), self.measure)[0].starts_on

    def _spot(self, point: Point) -> Spot | None:
        if point.reading is None:
            return None
        reading = point.reading
        label = amount(reading.value, self.measure.indicator, self.language)
        day = self._day(point.on)
        return Spot(point.on, day, label, reading.value, reading.low, reading.high)

    def _day(self, on: date) -> str:
        return numerals.short_day(on, self.language)

    def _sentence(self, indicator: Indicator, last: Point) -> str:
        if last.reading is None:
            return self.t("indicators.hidden")
        # Without a margin on either side a figure was counted.
        has_margin = isinstance(indicator, ScaleIndicator) or last.reading.low is not None
        kind = "scale" if has_margin else "own"
        start, now = amounts_apart(indicator.start, last.reading.value, indicator, self.language)
        said = {"start": start, "now": now}
        if last.judgement.verdict is Verdict.BEFORE:
            return self.t("indicators.before", begun=self.measure.starts_on, **said)
        verdict = Verdict(last.judgement.verdict)
        moved = self.t(f"indicators.{verdict}_{kind}", **said)
        goal = "reached" if last.judgement.is_reached else "not_reached"
        target = amount(indicator.target, indicator, self.language)
        return f"{moved} {self.t(f'indicators.{goal}', target=target, by=indicator.by_on)}"

    def _rows(self, indicator: Indicator, points: list[Point]) -> tuple[tuple[str, str, str], ...]:
        first = self._first(indicator)
        rows = [(numerals.day(self._first_on(), self.language), first.label, self._margin(first))]
        for point in points:
            spot = self._spot(point)
            on = numerals.day(point.on, self.language)
            if spot is None:
                rows.append((on, self.t("indicators.is_hidden"), ""))
            else:
                rows.append((on, spot.label, self._margin(spot)))
        return tuple(rows)

    def _margin(self, spot: Spot) -> str:
        if spot.low is None or spot.high is None:
            return self.t("indicators.no_margin")
        low = numerals.number(spot.low, self.language, 0)
        high = numerals.number(spot.high, self.language, 0)
        return self.t("indicators.margin", low=low, high=high)
