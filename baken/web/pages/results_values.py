"""Reading one cell of released results: shown with its numbers, or withheld with a reason alone.

Pages never touch the stored results themselves. What a release withholds becomes a `Withheld`,
which has no place for a number, so that no template can show one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from baken.analysis.releases.figures import is_fit_for_units, released_light
from baken.analysis.releases.story import CLEAR_Q, SENSITIVE_Q
from baken.instruments.definition import Scale
from baken.web import numerals
from baken.web.texts import DEFAULT_LANGUAGE

# Hedges g below which a difference is called negligible, small, medium; large from the last on.
SIZES: Final = ((0.2, "negligible"), (0.5, "small"), (0.8, "medium"))
# Half the width of an interval, in points, above which a mean is a rough picture only.
ROUGH: Final = 10
# Agreement in a unit (rwg(j)) below which opinions are divided: James, Demaree and Wolf (1984).
AGREED: Final = 0.7
PRIVACY: Final = "privacy"
MERGED: Final = "merged"

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing is shown; `counted_in` is the unit (or ALL) that a merged unit is part of."""

    is_shown: ClassVar[bool] = False
    reason: str
    counted_in: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """People at risk, as fractions."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit minus everybody else, in points; `size` is a word, empty when not estimable."""

    points: float
    size: str
    is_clear: bool
    is_worse: bool
    is_sensitive: bool
    q: float | None

    @property
    def whole(self) -> int:
        """The size in points, rounded."""
        return round(abs(self.points))

    @property
    def signed(self) -> str:
        """The points as people read them: +9, −4, 0; whole ones are alike in every language."""
        return numerals.signed(self.points, DEFAULT_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of one scale; means from 0 to 100.

    `share` is None when there is no cut-off or when the share is withheld: `no_share` says which.
    `is_unfit`: the scale measures too roughly to give this unit a colour.
    """

    is_shown: ClassVar[bool] = True
    n: int
    mean: float
    low: float | None
    high: float | None
    all_equal: bool
    light: str
    share: Share | None
    no_share: str
    difference: Difference | None
    shrunken: float | None
    is_unfit: bool = False
    rwg: float | None = None

    @property
    def margin(self) -> float | None:
        """Half the width of the interval."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2

    @property
    def is_divided(self) -> bool:
        """Whether the people of a unit differ so much that its mean says little by itself."""
        return self.rwg is not None and self.rwg < AGREED

    @property
    def is_rough(self) -> bool:
        return self.margin is not None and self.margin > ROUGH


Cell = Shown | Withheld


def unit_cell(results: Figures, unit: str, scale: Scale) -> Cell:
    """One scale of one unit, as the release shows it."""
    entry = results["units"][unit]
    withheld = entry["withheld"]
    if withheld.get("unit"):
        return Withheld(withheld["unit"], withheld.get("counted_in", ""))
    is_unfit = not is_fit_for_units(results["scales"][scale.key])
    return _cell(entry["scales"][scale.key], withheld, scale, is_unfit=is_unfit)


def whole_cell(results: Figures, scale: Scale) -> Cell:
    """One scale of the whole organisation."""
    withheld = results["withheld"]
    if isinstance(withheld, str):
        return Withheld(withheld)
    return _cell(results["scales"][scale.key], withheld, scale)


def band_cell(figures: Figures, scale: Scale) -> Cell:
    """One scale of one background group."""
    withheld = {} if scale.cutoff else {"figures": {scale.key: {"share_at_risk": "no_cutoff"}}}
    return _cell({"light": "grey", **figures}, withheld, scale)


def is_too_few(results: Figures) -> bool:
    """Whether fewer people answered than agreed, so that nothing is said at all."""
    return bool(results["withheld"] == PRIVACY)


def _cell(figures: Figures, withheld: Figures, scale: Scale, *, is_unfit: bool = False) -> Cell:
    hidden: str | None = withheld.get("scales", {}).get(scale.key)
    if hidden or figures["mean"] is None:
        return Withheld(hidden or PRIVACY)
    missing = withheld.get("figures", {}).get(scale.key, {})
    share = _share(figures, missing)
    return Shown(
        n=figures["n"],
        mean=figures["mean"],
        low=figures["low"],
        high=figures["high"],
        all_equal=figures["sd"] == 0,
        light=released_light(figures, scale) if share and not is_unfit else "grey",
        share=share,
        no_share="" if share else missing.get("share_at_risk", PRIVACY),
        difference=_difference(figures, scale),
        shrunken=figures.get("shrunken"),
        is_unfit=is_unfit,
        rwg=figures.get("rwg"),
    )


def _share(figures: Figures, missing: Figures) -> Share | None:
    if "share_at_risk" in missing or figures["share_at_risk"] is None:
        return None
    return Share(figures["share_at_risk"], figures["share_low"], figures["share_high"])


def _difference(figures: Figures, scale: Scale) -> Difference | None:
    points = figures.get("diff_rest")
    if points is None:
        return None
    by_mean, by_rank = figures["q_welch"], figures["q_mwu"]
    return Difference(
        points=points,
        size=_size(figures["g"]),
        is_clear=by_mean is not None and by_mean < CLEAR_Q,
        is_worse=(points > 0) == (scale.high_is == "risk"),
        is_sensitive=by_mean is not None and by_rank is not None and _disagree(by_mean, by_rank),
        q=by_mean,
    )


def _disagree(one: float, other: float) -> bool:
    return min(one, other) < CLEAR_Q and max(one, other) > SENSITIVE_Q


def _size(g: float | None) -> str:
    if g is None:
        return ""
    return next((word for limit, word in SIZES if abs(g) < limit), "large")
