"""Which questions stand on one screen: few enough for a phone, and those of one theme together."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

Cost = tuple[int, int, int]


def screens_of(themes: Sequence[str], most: int) -> Iterator[range]:
    """Give the places of the questions of each screen, in order.

    Parameters
    ----------
    themes
        What each question is about; neighbours of one theme are parted only where there are more
        of them than fit.
    most
        How many questions a screen holds.

    Notes
    -----
    The cheapest way to cut, where a theme that is parted costs more than a screen, and a screen
    more than screens of different lengths.
    """
    ways: list[tuple[Cost, tuple[int, ...]]] = [((0, 0, 0), (0,))]
    for end in range(1, len(themes) + 1):
        starts = range(max(0, end - most), end)
        ways.append(min(_longer(*ways[start], start, end, themes) for start in starts))
    yield from (range(start, end) for start, end in pairwise(ways[-1][1]))


def _longer(
    cost: Cost, cuts: tuple[int, ...], start: int, end: int, themes: Sequence[str]
) -> tuple[Cost, tuple[int, ...]]:
    """One more screen on a way to cut, and what it costs then."""
    parted, screens, unevenness = cost
    is_parted = start > 0 and themes[start - 1] == themes[start]
    return (parted + is_parted, screens + 1, unevenness + (end - start) ** 2), (*cuts, end)
