"""The figure that tells whether a measure helped: from its fields, and back into them."""

from typing import Any, Final

from baken.actionplan.errors import NoShareAtRisk
from baken.actionplan.findings.queries import get_finding, get_release_of
from baken.actionplan.indicators.types import (
    Better,
    Figure,
    Indicator,
    OwnFigure,
    ScaleIndicator,
    SeriesIndicator,
)
from baken.actionplan.measures.contracts import scale_contract
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.measure_series import chosen_series, series_value
from baken.web.pages.plan_forms import as_id
from baken.web.pages.plan_views import scale_name

OWN: Final = "own"
SERIES: Final = "series"


def chosen_figure(form: Any, session: Session, by: Actor) -> Indicator:
    """The figure that was agreed on in the form of a measure."""
    finding_id = as_id(form.finding_id.data)
    better = Better(form.better.data)
    if form.follow.data == OWN:
        return OwnFigure(
            name=form.own_name.data,
            unit=form.own_unit.data,
            better=better,
            start=form.start.data,
            target=form.target.data,
            by_on=form.by_on.data,
        )
    if form.follow.data == SERIES:
        return chosen_series(
            session,
            form.series.data,
            list(form.series.choices or ()),
            better=better,
            target=form.target.data,
            by_on=form.by_on.data,
        )
    chosen = Figure(form.follow.data)
    if finding_id is None:
        # The rules of the measure refuse it with their own sentence.
        return ScaleIndicator(
            scale="",
            figure=chosen,
            better=Better.LOWER,
            start=100,
            target=0,
            by_on=form.by_on.data,
        )
    is_share = chosen == Figure.SHARE_AT_RISK
    finding = get_finding(session, finding_id)
    try:
        return scale_contract(
            finding,
            figure=chosen,
            better=Better.LOWER if is_share else better,
            target=form.target.data,
            by_on=form.by_on.data,
        )
    except NoShareAtRisk as error:
        # The domain knows a scale by its key, people know it by its name.
        release = get_release_of(session, finding, by=by)
        error.values["scale"] = scale_name(session, release, finding.scale, form.language)
        raise


def figure_values(indicator: Indicator) -> dict[str, Any]:
    """What stands in the fields of the figure that was agreed on."""
    common = {
        "target": indicator.target,
        "better": indicator.better.value,
        "by_on": indicator.by_on,
    }
    if isinstance(indicator, ScaleIndicator):
        return common | {"follow": indicator.figure.value}
    if isinstance(indicator, SeriesIndicator):
        return common | {"follow": SERIES, "series": series_value(indicator)}
    own = {"own_name": indicator.name, "own_unit": indicator.unit, "start": indicator.start}
    return common | own | {"follow": OWN}
