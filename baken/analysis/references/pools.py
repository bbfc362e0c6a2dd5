"""Which organisations may stand together as a benchmark without one of them being recognised.

Who looks at a pool knows the figures of the own organisation and can take them off. So a pool is
judged as each of its members sees it: without that member. Otherwise the second largest of a pool
would read the largest one from what is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from baken.analysis.errors import UnusableReference
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.pooling import pooled
from baken.analysis.references.editions import Edition

LEAST_OTHERS = 5
"""Organisations beside the one that looks. Five, of which none weighs more than 25 %, was long the
rule for averages that competing firms exchange (U.S. Department of Justice and Federal Trade
Commission 1996, statement 6; withdrawn in 2023 as too lenient). There, who looks counts as one."""

LARGEST_SHARE = 0.25
"""What one organisation may at most be of the people whom another one sees."""

LEAST_SPREAD = 1.0
"""Points between organisations. When all have nearly one mean, the mean of all is that of each: who
has a quarter of the people lies at most the square root of 3 times the spread away."""

FLOOR_OTHERS = 4
"""Mean and spread are two equations about the means of the others; too few of them are solved."""

HIGHEST_SHARE = 0.5
"""Above half, a pool is one organisation with some company."""


@dataclass(frozen=True, slots=True)
class PoolRules:
    """When a pool may be shown; an installation may choose other numbers within the limits.

    Attributes
    ----------
    others : int
        Organisations beside the one that looks, at least.
    share : float
        Part of the people of a pool that may be in one organisation, at most (0-1).
    spread : float
        Points between organisations, at least.
    """

    others: int = LEAST_OTHERS
    share: float = LARGEST_SHARE
    spread: float = LEAST_SPREAD

    def __post_init__(self) -> None:
        if not (
            self.others >= FLOOR_OTHERS and 0 < self.share <= HIGHEST_SHARE and self.spread > 0
        ):
            raise UnusableReference(
                "analysis.pool_rules",
                "A pooled benchmark takes at least {others} other organisations, of which none has "
                "more than {share} % of the people, and some spread between them. Choose stricter "
                "numbers.",
                others=FLOOR_OTHERS,
                share=round(100 * HIGHEST_SHARE),
            )


@dataclass(frozen=True, slots=True)
class OrganisationFigures:
    """What an organisation's own release shows of one scale: people, mean and spread, 0-100."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one organisation brings into pools: released figures of the whole organisation only.

    It brings all scales of the questionnaire or nothing. Were an organisation in the pool of a
    scale and not in that of a total over it, the two would differ by that organisation.

    Attributes
    ----------
    organisation, survey : str
        Whose figures, and of which survey; both together say which contribution it is.
    edition : Edition
        The questions that were asked.
    figures : Mapping of str to OrganisationFigures
        By scale. Nothing when the organisation was removed since: that it took part is known, not
        with what.
    """

    organisation: str
    survey: str
    edition: Edition
    figures: Mapping[str, OrganisationFigures]

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody knows any more what it was."""
        return not self.figures


def contribution(
    organisation: str, survey: str, edition: Edition, scales: Sequence[str], released: Moments
) -> Contribution:
    """Return what an organisation brings.

    Parameters
    ----------
    organisation, survey, edition
        As in `Contribution`.
    scales : sequence of str
        All scales of the questionnaire.
    released : Moments
        The organisation's own released figures, one entry per scale.

    Raises
    ------
    UnusableReference
        A scale has no released mean and spread.
    """
    missing = [
        scale
        for scale, n, mean, sd in zip(scales, released.n, released.mean, released.sd, strict=True)
        if n < 2 or not (0 <= mean <= 100 and sd >= 0)
    ]
    if missing or not scales:
        raise UnusableReference(
            "analysis.pool_incomplete",
            "This organisation has no released figures of {scales}. It can take part in a "
            "benchmark with a survey of which every scale is shown.",
            scales=", ".join(missing) or edition.name,
        )
    rows = zip(released.n.tolist(), released.mean.tolist(), released.sd.tolist(), strict=True)
    found = {scale: OrganisationFigures(*row) for scale, row in zip(scales, rows, strict=True)}
    return Contribution(organisation, survey, edition, found)


def figures_of(contributions: Sequence[Contribution], scale: str) -> Moments:
    """Return the figures of one scale, one entry per contribution."""
    found = [one.figures[scale] for one in contributions]
    return Moments(
        np.array([one.n for one in found], dtype=np.int64),
        np.array([one.mean for one in found], dtype=float),
        np.array([one.sd for one in found], dtype=float),
    )


def is_broad(organisations: Moments, rules: PoolRules) -> bool:
    """Whether there are enough organisations and none is too large, whoever of them looks.

    Only sizes decide, never what people answered.
    """
    return len(organisations.n) > rules.others and all(
        part.n.max() <= rules.share * part.n.sum() for part in _as_seen(organisations)
    )


def is_varied(organisations: Moments, rules: PoolRules) -> bool:
    """Whether the organisations differ, so that the mean of all does not tell that of each."""
    return all(pooled(part).between >= rules.spread for part in _as_seen(organisations))


def may_be_shown(organisations: Moments, rules: PoolRules) -> bool:
    """Whether these organisations may stand together, for each of them and for others."""
    return is_broad(organisations, rules) and is_varied(organisations, rules)


def _as_seen(organisations: Moments) -> Iterator[Moments]:
    """Return the pool as somebody from outside sees it, and then as each of its members does."""
    yield organisations
    for place in range(len(organisations.n)):
        yield Moments(
            np.delete(organisations.n, place),
            np.delete(organisations.mean, place),
            np.delete(organisations.sd, place),
        )
