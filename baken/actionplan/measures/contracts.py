"""From a finding to the figure that a measure is held to."""

from datetime import date

from baken.actionplan.errors import Invalid
from baken.actionplan.findings.models import Finding
from baken.actionplan.indicators.cells import Cell
from baken.actionplan.indicators.followed import series_contract
from baken.actionplan.indicators.types import (
    Better,
    Figure,
    Indicator,
    ScaleIndicator,
    SeriesIndicator,
)
from baken.storage.session import Session


def scale_contract(
    finding: Finding, *, figure: Figure, better: Better, target: float, by_on: date
) -> ScaleIndicator:
    """Make the contract of a measure from the figures of its finding.

    Parameters
    ----------
    better : Better
        A share at risk is better lower; for a mean it depends on the scale.
    target : float
        In percent for a share at risk, in points from 0 to 100 for a mean.
    """
    if finding.release_id is None:
        raise Invalid(
            "findings.no_figures",
            "This finding repeats no released figure. Follow a figure of your own, "
            "or choose a finding that starts from results.",
        )
    draft = ScaleIndicator(
        scale=finding.scale,
        figure=figure,
        unit_key=finding.unit_key,
        better=better,
        start=0,
        target=target,
        by_on=by_on,
    )
    first = draft.read(Cell(**finding.figures))
    return ScaleIndicator(
        scale=finding.scale,
        figure=figure,
        unit_key=finding.unit_key,
        better=better,
        start=first.value,
        low=first.low,
        high=first.high,
        target=target,
        by_on=by_on,
    )


def check_contract(indicator: Indicator, finding: Finding | None) -> None:
    """Raise `Invalid` when a contract on a scale does not start from its finding."""
    if not isinstance(indicator, ScaleIndicator):
        return
    if finding is None:
        raise Invalid(
            "actionplan.scale_needs_finding",
            "A measure followed by a scale starts from a finding. Choose the finding, "
            "or follow a figure of your own.",
        )
    expected = scale_contract(
        finding,
        figure=indicator.figure,
        better=indicator.better,
        target=indicator.target,
        by_on=indicator.by_on,
    )
    if indicator != expected:
        raise Invalid(
            "actionplan.contract_not_from_finding",
            "The scale, unit or starting figure is not that of the finding. "
            "Take the figure from the finding.",
        )
    if indicator.figure == Figure.SHARE_AT_RISK and indicator.better != Better.LOWER:
        raise Invalid(
            "actionplan.share_is_better_lower", "A share of people at risk is better lower."
        )


def check_series(session: Session, indicator: Indicator) -> None:
    """Raise `Invalid` when a contract on a series does not start from that series."""
    if not isinstance(indicator, SeriesIndicator):
        return
    expected = series_contract(
        session,
        indicator.series,
        indicator.unit_key,
        name=indicator.name,
        start_on=indicator.start_on,
        better=indicator.better,
        target=indicator.target,
        by_on=indicator.by_on,
    )
    if indicator != expected:
        raise Invalid(
            "actionplan.contract_not_from_series",
            "The starting figure is not that of the indicator. Choose the indicator again.",
        )
