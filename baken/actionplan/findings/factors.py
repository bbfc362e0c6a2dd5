"""The five A's and what stands under each, as the law's explanation names it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Factor(StrEnum):
    """The five A's, unwanted behaviour and outcomes."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    B = "B"
    O = "O"  # noqa: E741 - the letter by which the instruments know outcomes


# How many sub-factors stand under each A. The last of each (and of none other) is not in the
# explanation of the law itself; questionnaires usually ask for it too.
_COUNTS: Final[Mapping[Factor, int]] = {
    Factor.A1: 7,
    Factor.A2: 7,
    Factor.A3: 6,
    Factor.A4: 7,
    Factor.A5: 8,
}

SUB_FACTORS: Final[Mapping[Factor, tuple[str, ...]]] = {
    factor: tuple(f"{factor}.{n}" for n in range(1, count + 1)) for factor, count in _COUNTS.items()
}


def belongs_to(sub_factor: str, factor: Factor) -> bool:
    """Whether a sub-factor stands under this A; none at all stands under every one."""
    return not sub_factor or sub_factor in SUB_FACTORS.get(factor, ())
