"""Figures that Baken knows already, ready in the empty fields of a screening sheet."""

from collections.abc import Mapping
from typing import Any

from baken.actionplan.indicators.overview import ACCIDENTS, TURNOVER, Offer, offers
from baken.actionplan.indicators.periods import Span
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.screening.queries import ReadSheet
from baken.survey.screening.rules import MAX_LINE
from baken.web.texts import Catalogue


def offered_values(
    session: Session, found: ReadSheet, values: Mapping[str, Any], texts: Catalogue, *, by: Actor
) -> dict[str, Any]:
    """Return values and sources for lights without a figure, by the names of the form's fields."""
    sheet = found.sheet
    known = offers(session, sheet.unit_id, Span(sheet.from_on, sheet.until_on), by=by)
    offered: dict[str, Any] = {}
    for place, light in enumerate(found.wording.screening.lights):
        offer = known.get(light.item)
        if offer is None or values.get(f"value_{place}") is not None:
            continue
        offered[f"value_{place}"] = round(offer.value, 2)
        if not values.get(f"source_{place}"):
            offered[f"source_{place}"] = _source(offer, texts)
    return offered


def _source(offer: Offer, texts: Catalogue) -> str:
    if offer.kind == ACCIDENTS:
        return texts("series.offered_accidents")
    # The light asks who left by own choice; the indicator counts everybody who left.
    is_wider = offer.kind == TURNOVER
    kind = texts("series.offered_turnover" if is_wider else f"series.kind_{offer.kind}")
    said = texts("series.offered_source", kind=kind, source=offer.source, day=offer.entered_on)
    return said[:MAX_LINE]
