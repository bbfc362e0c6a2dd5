"""One cell of released results: the only figures a plan may build on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from baken.actionplan.errors import Invalid, NotFound

WHOLE: Final = "ALL"


class CellWithheld(Invalid):
    """The release does not show this cell, so nothing can be said about it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of one scale in one unit (or in all), as the release shows them.

    Means and their limits run from 0 to 100, shares from 0 to 1. A figure the release could not
    give (no cut-off, nothing to compare with) is None.
    """

    n: int
    mean: float
    low: float | None
    high: float | None
    share_at_risk: float | None
    share_low: float | None
    share_high: float | None
    light: str | None
    diff_rest: float | None
    g: float | None
    g_low: float | None
    g_high: float | None
    q_welch: float | None
    share_hidden: bool = False  # the scale has a share, and the release withholds it

    def as_figures(self) -> dict[str, Any]:
        """The figures as they are copied into a finding."""
        return asdict(self)


def released_cell(results: Mapping[str, Any], unit_key: str, scale: str) -> Cell:
    """Read one cell of released results.

    Parameters
    ----------
    results : mapping
        The frozen results of a release.
    unit_key : str
        A unit of the release, or ``ALL`` for the whole organisation.

    Raises
    ------
    NotFound
        The release has no such unit or scale.
    CellWithheld
        The release withholds the figures: they are no ground for anything.
    """
    scales = _scales_of(results, unit_key)
    if scale not in scales:
        if scale in results.get("scales", {}):
            raise _withheld()
        raise NotFound(
            "actionplan.scale_not_released",
            "These results hold no scale {scale}.",
            scale=scale,
        )
    figures = scales[scale]
    if figures is None or figures.get("n") is None or figures.get("mean") is None:
        raise _withheld()
    names = set(Cell.__dataclass_fields__) - {"share_hidden"}
    return Cell(
        **{name: figures.get(name) for name in names},
        share_hidden=_reasons_of(results, unit_key, scale).get("share_at_risk") == "privacy",
    )


def _scales_of(results: Mapping[str, Any], unit_key: str) -> Mapping[str, Any]:
    if results.get("withheld") == "privacy":
        raise _withheld()
    if unit_key == WHOLE:
        whole: Mapping[str, Any] = results.get("scales") or {}
        return whole
    unit = (results.get("units") or {}).get(unit_key)
    if unit is None:
        raise NotFound(
            "actionplan.unit_not_released",
            "These results hold no unit {unit}.",
            unit=unit_key,
        )
    if "unit" in (unit.get("withheld") or {}):
        raise _withheld()
    scales: Mapping[str, Any] = unit.get("scales") or {}
    return scales


def _reasons_of(results: Mapping[str, Any], unit_key: str, scale: str) -> Mapping[str, str]:
    """Why figures of a shown scale are empty."""
    entry = results if unit_key == WHOLE else results["units"][unit_key]
    by_scale = (entry.get("withheld") or {}).get("figures") or {}
    reasons: Mapping[str, str] = by_scale.get(scale) or {}
    return reasons


def _withheld() -> CellWithheld:
    return CellWithheld(
        "actionplan.cell_withheld",
        "These results are not shown, to protect the people behind them. "
        "Choose a larger unit or another scale.",
    )
