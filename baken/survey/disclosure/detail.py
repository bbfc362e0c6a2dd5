"""How finely a group that may be shown is described: its answers one by one, or in classes."""

from collections.abc import Sequence
from enum import StrEnum

ANSWERS_PER_CLASS = 2
"""Counts per answer are shown from this many times k people on."""


class Detail(StrEnum):
    """How the answers to one question may be counted."""

    NOTHING = "nothing"
    CLASSES = "classes"
    EVERY_ANSWER = "every_answer"


def detail(n: int, k: int) -> Detail:
    """Return how finely the answers of n people may be counted.

    Parameters
    ----------
    n : int
        Valid answers to the question, which can be fewer than the group has people.
    k : int
        Minimum group of the question.
    """
    if n < k:
        return Detail.NOTHING
    return Detail.CLASSES if n < ANSWERS_PER_CLASS * k else Detail.EVERY_ANSWER


def in_classes(counts: Sequence[int]) -> tuple[int, ...]:
    """Return the counts in at most three classes: both ends, equally wide, and the middle.

    Parameters
    ----------
    counts : sequence of int
        People per answer, from the lowest to the highest.

    Returns
    -------
    tuple of int
        Five answers become 2 + 1 + 2, four 1 + 2 + 1; three or fewer stay as they are.
    """
    if len(counts) <= 3:
        return tuple(counts)
    end = (len(counts) + 1) // 3
    return sum(counts[:end]), sum(counts[end:-end]), sum(counts[-end:])
