"""How many people must stand together before anything is said about them."""

from .errors import ThresholdTooLow

DEFAULT_MIN_GROUP = 10
"""What a campaign starts with; the committee may choose another number before launch."""

FLOOR_MIN_GROUP = 5
"""Below this, colleagues who know their own answers are too large a part of the group."""


def check_min_group(min_group: int) -> None:
    """Raise `ThresholdTooLow` unless the minimum group is at or above the floor."""
    if min_group < FLOOR_MIN_GROUP:
        raise ThresholdTooLow(
            "disclosure.min_group_too_low",
            "The minimum group is {given}; it must be {floor} or more. Choose a larger number.",
            given=min_group,
            floor=FLOOR_MIN_GROUP,
        )


def threshold(min_group: int, scale_min_group: int | None) -> int:
    """Minimum group of one statistic: that of the campaign, or of a stricter scale."""
    return max(min_group, scale_min_group or 0)


def is_homogeneous(n: int, apart: tuple[int, ...], k: int) -> bool:
    """Whether knowing the figures of a group tells what each of its members answered.

    Parameters
    ----------
    n : int
        People in the group, 1 or more.
    apart : tuple of int
        For every telling value (lowest score, highest score, at risk, not at risk): how many of
        the n people do *not* have it.
    k : int
        Minimum group of this statistic.

    Returns
    -------
    bool
        True when everybody has one telling value, or, in a group below 2k, everybody but one:
        the exception knows itself, so it knows all the others.
    """
    allowed = 1 if n < 2 * k else 0
    return any(others <= allowed for others in apart)


def is_safe(n: int, apart: tuple[int, ...], k: int) -> bool:
    """Whether the figures of a group may be known: large enough, and not homogeneous."""
    return n >= k and not is_homogeneous(n, apart, k)
