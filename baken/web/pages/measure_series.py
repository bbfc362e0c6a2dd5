"""The choice of a series for the agreed figure of a measure, and the contract it makes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from baken.actionplan.indicators.cells import WHOLE
from baken.actionplan.indicators.followed import (
    ACCIDENTS,
    Followed,
    list_followed,
    series_contract,
)
from baken.actionplan.indicators.types import Better, Indicator, SeriesIndicator
from baken.storage.session import Session
from baken.web import numerals
from baken.web.pages.fields import option
from baken.web.pages.measure_figures import amount_of_series
from baken.web.pages.plan_views import unit_names
from baken.web.texts import catalogue

_SIGN = "|"


def series_choices(session: Session, agreed: Indicator | None, language: str) -> list[Any]:
    """Every series in every unit with its newest figure; what was agreed stays as it is."""
    texts, units = catalogue(language), unit_names(session)
    names = {str(key): name for key, name in units.items()}
    found = [option("", texts("indicators.no_series"))]
    for one in list_followed(session):
        last = one.last
        if last is not None and last.reading is not None:
            said = texts(
                "indicators.series_choice",
                name=_name(one, language),
                unit=texts("series.whole") if one.unit_key == WHOLE else names[one.unit_key],
                figure=amount_of_series(last.reading.value, one.unit, language),
                day=last.on,
            )
            found.append(option(_value(one.series, one.unit_key, last.on), said))
    if isinstance(agreed, SeriesIndicator):
        value = series_value(agreed)
        if all(one.value != value for one in found):
            figure = amount_of_series(agreed.start, agreed.unit, language)
            day = numerals.day(agreed.start_on, language)
            found.append(option(value, texts.labelled(agreed.name, f"{figure} ({day})")))
    return found


def series_value(agreed: SeriesIndicator) -> str:
    """What the form sends for a contract that stands."""
    return _value(agreed.series, agreed.unit_key, agreed.start_on)


def chosen_series(
    session: Session,
    value: str,
    choices: Iterable[Any],
    *,
    better: Better,
    target: float,
    by_on: date,
) -> SeriesIndicator:
    """Make the contract of what was chosen; its name is what the choice said before the figure."""
    series, unit_key, start = value.split(_SIGN)
    said = next(str(one.label) for one in choices if one.value == value)
    return series_contract(
        session,
        series,
        unit_key,
        name=said.rpartition(":")[0].strip(),
        start_on=date.fromisoformat(start),
        better=better,
        target=target,
        by_on=by_on,
    )


def _name(one: Followed, language: str) -> str:
    return (
        catalogue(language)("indicators.series_accidents")
        if one.series == ACCIDENTS
        else (one.name)
    )


def _value(series: str, unit_key: str, on: date) -> str:
    return _SIGN.join((series, unit_key, on.isoformat()))
