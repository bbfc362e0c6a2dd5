"""Who may see the agreed figure of a measure, and so whether it moved."""

from datetime import date
from uuid import UUID

from baken.actionplan.findings.queries import get_finding
from baken.actionplan.findings.rules import may_see_figures
from baken.actionplan.indicators.cells import WHOLE
from baken.actionplan.indicators.types import ScaleIndicator, SeriesIndicator
from baken.actionplan.measures.models import Measure
from baken.actionplan.references import list_units_above
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session


def may_see_agreed(session: Session, measure: Measure, *, by: Actor, today: date) -> bool:
    """Whether this person may see the agreed figure and its readings.

    A contract on a scale holds figures of its finding, one on a series those of a unit: absence of
    the neighbours is for those who may see indicators. An own figure holds none of either.
    """
    indicator = measure.indicator
    if isinstance(indicator, SeriesIndicator):
        return may(by, Action.SEE_INDICATORS) or _is_own(session, indicator.unit_key, by, today)
    if not isinstance(indicator, ScaleIndicator) or measure.finding_id is None:
        return True
    if may(by, Action.SEE_RESULTS):
        return True
    finding = get_finding(session, measure.finding_id)
    return may_see_figures(by, list_units_above(session, finding.unit_id, on=today))


def _is_own(session: Session, unit_key: str, by: Actor, today: date) -> bool:
    """Figures of the whole organisation are for everybody with a plan in hand."""
    if unit_key == WHOLE:
        return True
    return not by.unit_ids.isdisjoint(list_units_above(session, UUID(unit_key), on=today))
