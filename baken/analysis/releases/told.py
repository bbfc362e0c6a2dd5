"""Frozen results as they are told today: a release never changes, the rules for its colours may."""

from collections.abc import Mapping
from typing import Any

from baken.analysis.errors import NotIntact
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.figures import is_fit_for_units, released_light
from baken.analysis.releases.models import Release
from baken.instruments.definition import Instrument

Figures = Mapping[str, Any]


def told_today(release: Release, instrument: Instrument) -> dict[str, Any]:
    """Return results with the colours that the pages show; every other figure is as it was frozen.

    Fewer answers than agreed have no figures, and come back as they are.

    Raises
    ------
    NotIntact
        Somebody changed the release.
    """
    check_intact(release)
    results = release.results
    if isinstance(results["withheld"], str):
        return dict(results)
    scales = {key: _coloured(one, instrument, key) for key, one in results["scales"].items()}
    fit = {key: is_fit_for_units(one) for key, one in results["scales"].items()}
    units = {
        unit: {
            **entry,
            "scales": {
                key: _coloured(one, instrument, key) if fit[key] else _colourless(one)
                for key, one in entry["scales"].items()
            },
        }
        for unit, entry in results["units"].items()
    }
    return {**results, "scales": scales, "units": units}


def check_intact(release: Release) -> None:
    """Raise `NotIntact` when a file of it would go round without the warning of the page."""
    if not has_intact_results(release):
        raise NotIntact(
            "analysis.not_intact",
            "These results are no longer those that were released, so no document is made of them. "
            "Ask the administrator to compare them with a backup.",
        )


def _coloured(figures: Figures, instrument: Instrument, scale: str) -> Figures:
    if figures["light"] is None or figures["share_at_risk"] is None:
        return figures
    return {**figures, "light": released_light(figures, instrument.scale(scale))}


def _colourless(figures: Figures) -> Figures:
    return figures if figures["light"] is None else {**figures, "light": "grey"}
