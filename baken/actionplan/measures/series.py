"""Series of the organisation that measures are followed by."""

from sqlalchemy import select

from baken.actionplan.indicators.types import SeriesIndicator
from baken.actionplan.measures.models import Measure
from baken.storage.session import Session


def followed_series(session: Session) -> frozenset[str]:
    """Return the series that measures are followed by; whoever asks has asked."""
    asked = select(Measure).where(Measure.indicator_kind == SeriesIndicator.kind)
    return frozenset(row.indicator_settings["series"] for row in session.scalars(asked))
