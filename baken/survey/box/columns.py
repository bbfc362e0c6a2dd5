"""Which background columns may stand beside the answers, and with which bands.

A group that nobody may look at must not follow by subtraction either. So within every column each
band, and those without an answer together, hold nobody or at least k people of the organisation.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from baken.instruments.sheet import MISSING


def protect_background(column: NDArray[np.int8], k: int) -> NDArray[np.int8] | None:
    """Return a background column without small groups, or None when it has to go.

    Missing and "prefer not to say" become one group. A band below k joins it, and while that group
    itself is below k the smallest band joins it too (the lowest number among equals). With fewer
    than two bands left there is nothing to compare and the column goes.

    Parameters
    ----------
    column : (n,) array
        Number of the band, or a negative code.
    k : int
        Smallest group of the campaign.
    """
    bands, counts = np.unique(column[column >= 0], return_counts=True)
    size = {int(band): int(n) for band, n in zip(bands, counts, strict=True)}
    kept = sorted((n, band) for band, n in size.items() if n >= k)
    without = len(column) - sum(n for n, _ in kept)
    while 0 < without < k and kept:
        n, _ = kept.pop(0)
        without += n
    if len(kept) < 2:
        return None
    shown = np.isin(column, [band for _, band in kept])
    return np.where(shown, column, MISSING).astype(np.int8)


def has_large_bands(column: NDArray[np.int8], n_bands: int, k: int) -> bool:
    """Whether every possible value of language or mode was used by at least 2k people."""
    counts = np.bincount(column[column >= 0], minlength=n_bands)
    return n_bands > 1 and bool((counts >= 2 * k).all())


def kept_columns(
    named: Sequence[tuple[str, NDArray[np.int8]]],
    technical: Sequence[tuple[str, int, NDArray[np.int8]]],
    k: int,
) -> list[tuple[str, NDArray[np.int8]]]:
    """Return the columns that may be kept.

    Parameters
    ----------
    named : sequence of (name, column)
        Background questions.
    technical : sequence of (name, number of bands, column)
        Language and mode.
    """
    protected = [(name, protect_background(column, k)) for name, column in named]
    found = [(name, column) for name, column in protected if column is not None]
    found += [
        (name, column) for name, n_bands, column in technical if has_large_bands(column, n_bands, k)
    ]
    return found
