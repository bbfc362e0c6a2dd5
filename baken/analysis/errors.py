"""What can go wrong between answers and results, in sentences the user reads."""

from typing import ClassVar

from baken.storage.errors import BakenError, Kind


class AnalysisError(BakenError):
    """The base of every error of the analysis."""

    kind: ClassVar[Kind] = "invalid"


class NotTheSameQuestions(AnalysisError):
    """Two tallies of different instruments, versions or scoring rules were to be added."""

    kind: ClassVar[Kind] = "conflict"


class CellTooSmall(AnalysisError):
    """A cell about fewer people than agreed was about to be stored."""

    kind: ClassVar[Kind] = "denied"


class UnreadableTally(AnalysisError):
    """Stored counts are damaged or come from a newer version."""


class CountingStopped(AnalysisError):
    """A process that helped to count ended before it was done."""

    kind: ClassVar[Kind] = "conflict"


class NotAnAnswerSheet(AnalysisError):
    """A table of answers does not fit the instrument."""


class NotYetOpened(AnalysisError):
    """Results were asked of a campaign whose answers are still sealed, or are gone."""

    kind: ClassVar[Kind] = "conflict"


class NotCounted(AnalysisError):
    """There are no counts of this campaign (yet)."""

    kind: ClassVar[Kind] = "missing"


class NoSuchRelease(AnalysisError):
    """There is no release with this number or name."""

    kind: ClassVar[Kind] = "missing"


class NotIntact(AnalysisError):
    """A release is no longer what was released."""

    kind: ClassVar[Kind] = "conflict"


class CannotLeave(AnalysisError):
    """A survey keeps the organisation here for the time being."""


class UnusableReference(AnalysisError):
    """A reference does not fit the questions, or says too little about itself."""


class NoSuchReference(AnalysisError):
    """The organisation has no reference of this name."""

    kind: ClassVar[Kind] = "missing"


class ReferenceRetired(AnalysisError):
    """Nothing is compared with this reference any more, so nothing can be done with it."""

    kind: ClassVar[Kind] = "conflict"


class NoPoolEdition(AnalysisError):
    """A benchmark cannot be made now, or makes no difference."""

    kind: ClassVar[Kind] = "conflict"


class PoolStanding(AnalysisError):
    """The organisation takes part already, or does not."""

    kind: ClassVar[Kind] = "conflict"


class NotComparable(AnalysisError):
    """Two publications cannot be held against each other."""

    kind: ClassVar[Kind] = "conflict"
