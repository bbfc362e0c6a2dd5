"""What may happen to a stack of forms, and when."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from baken.survey.paper.errors import CannotOpenBatch, WrongMoment


class Way(StrEnum):
    """How the forms of a batch are read."""

    KEYED = "keyed"
    SCANNED = "scanned"


class BatchState(StrEnum):
    """Where a batch is."""

    ENTERING = "entering"  # first entry, or scanning
    CHECKING = "checking"  # second entry of the sheets that were drawn
    WHOLE = "whole"  # second entry of all sheets: too many errors in those that were drawn
    DECIDING = "deciding"  # a third person decides where values differ or are in doubt
    READY = "ready"
    SEALING = "sealing"  # it only goes forward from here: some envelopes are made already
    SEALED = "sealed"
    EXPIRED = "expired"  # the day was over, or the key gone: entry starts again from the paper
    DROPPED = "dropped"  # given up: entry starts again from the paper


_ENDS: Final = frozenset({BatchState.EXPIRED, BatchState.DROPPED})

TRANSITIONS: Final[Mapping[BatchState, frozenset[BatchState]]] = {
    BatchState.ENTERING: _ENDS | {BatchState.CHECKING, BatchState.DECIDING, BatchState.READY},
    BatchState.CHECKING: _ENDS | {BatchState.DECIDING, BatchState.READY, BatchState.WHOLE},
    # Back to the first entry with a form that a scan could not read.
    BatchState.DECIDING: _ENDS
    | {BatchState.READY, BatchState.WHOLE, BatchState.CHECKING, BatchState.ENTERING},
    BatchState.WHOLE: _ENDS | {BatchState.DECIDING, BatchState.READY},
    BatchState.READY: _ENDS | {BatchState.SEALING},
    BatchState.SEALING: frozenset({BatchState.SEALED, BatchState.EXPIRED}),
    BatchState.SEALED: frozenset(),
    BatchState.EXPIRED: frozenset(),
    BatchState.DROPPED: frozenset(),
}

READABLE: Final = frozenset(state for state, to in TRANSITIONS.items() if to)
"""States in which something of the batch lies in the spool."""

SECOND_ENTRY: Final = frozenset({BatchState.CHECKING, BatchState.WHOLE})


def check_transition(state: BatchState, to: BatchState) -> None:
    """Raise `WrongMoment` unless a batch may move on to that state."""
    if to not in TRANSITIONS[state]:
        raise WrongMoment


def check_state(state: BatchState, *allowed: BatchState) -> None:
    """Raise `WrongMoment` unless the batch is in one of these states."""
    if state not in allowed:
        raise WrongMoment


def check_way(way: Way, wanted: Way) -> None:
    """Raise `WrongMoment` when the forms of a batch are read in the other way."""
    if way is not wanted:
        raise WrongMoment


def check_counted(counted: int, k: int, *, is_last: bool) -> None:
    """Raise `CannotOpenBatch` for a stack so small that its forms could be told apart.

    Parameters
    ----------
    counted : int
        Forms in the stack.
    k : int
        Smallest group of the campaign.
    is_last : bool
        Whether it is what is left of the whole organisation after the campaign was closed: there is
        nothing more to lay it together with.
    """
    if counted < 1:
        raise CannotOpenBatch(
            "paper_entry.nothing_counted",
            "Count the forms of the stack by hand first, and write down how many there are.",
        )
    if counted < k and not is_last:
        raise CannotOpenBatch(
            "paper_entry.stack_too_small",
            "A stack has at least {k} forms, shuffled, so that nobody knows whose form is read. "
            "Lay these forms together with those of the unit above and enter them as its stack, "
            "or keep them until the survey is closed: the last stack of the whole organisation "
            "may be smaller.",
            k=k,
        )
