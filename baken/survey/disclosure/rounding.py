"""Counts during fieldwork: too coarse to tell when a particular colleague has answered."""

from math import ceil

from .required import required_answers

STEP = 5
"""Counts are rounded down to a multiple of this."""

NEARLY_ALL = 3
"""With fewer than this many people still to answer, nothing new is said."""


def fieldwork_count(
    n: int, *, k: int, headcount: int | None = None, last: int | None = None
) -> int | None:
    """The number of answers that may be published while the campaign runs.

    Parameters
    ----------
    n : int
        Answers now. The caller asks once a day at a fixed hour, not after every answer.
    k : int
        Minimum group of the campaign.
    headcount : int, optional
        People invited; None = unknown.
    last : int, optional
        What was published before; None when nothing was.

    Returns
    -------
    int or None
        A multiple of 5 of at least k, or None: nothing is published. Once nearly everybody has
        answered the last figure stays: its change or disappearance would be the message.
    """
    if headcount is not None and headcount - n < NEARLY_ALL:
        return last
    rounded = n // STEP * STEP
    return rounded if rounded >= k else None


def next_step(n: int) -> int:
    """Round up to the step of the counts: a limit that does not tick."""
    return ceil(n / STEP) * STEP


def answers_still_needed(published: int | None, headcount: int, margin_points: float = 10.0) -> int:
    """Forecast of missing answers, from the published count alone, up to a multiple of 5."""
    missing = required_answers(headcount, margin_points) - (published or 0)
    return max(0, next_step(missing))
