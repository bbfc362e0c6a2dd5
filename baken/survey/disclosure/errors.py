"""What can be wrong with the figures handed to disclosure control."""

from typing import Any, ClassVar, Literal


class DisclosureError(ValueError):
    """A tree, a threshold or counts that no promise can be kept with.

    Carries the same things as every error a user may read (a kind, a key of the screen texts and
    the values in the sentence), without knowing the storage: this room is pure.
    """

    kind: ClassVar[Literal["invalid"]] = "invalid"

    def __init__(self, key: str, sentence: str, /, **values: Any) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.key = key
        self.values = values


class TreeError(DisclosureError):
    """The units do not form one tree."""


class UnknownUnit(DisclosureError):
    """Something is counted in a unit that is not in the tree."""


class ThresholdTooLow(DisclosureError):
    """A minimum group below the floor."""
