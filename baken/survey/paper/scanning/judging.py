"""From measures to what was answered: rules only, no pictures.

Of two mistakes, a mark that is taken for another answer and an answer that a person must look at,
only the second may happen. So every state has a gap to the next one, and what falls in it is in
doubt.
"""

from collections.abc import Sequence

from baken.survey.paper.scanning.ink import Measure
from baken.survey.paper.scanning.readings import (
    BoxReading,
    BoxState,
    Doubt,
    QuestionReading,
    QuestionState,
    unanswered,
)
from baken.survey.paper.scanning.thresholds import Thresholds


def judge_box(value: int, measure: Measure, *, seen: bool, thresholds: Thresholds) -> BoxReading:
    """Return the state of one box; `seen` is whether its frame was found."""
    state, confidence = _state(measure, thresholds)
    if not seen:
        state, confidence = BoxState.DOUBTFUL, 0.0
    trace = max(measure.faint, measure.rim)
    return BoxReading(value, measure.dark, state, confidence, trace)


def _state(measure: Measure, limits: Thresholds) -> tuple[BoxState, float]:
    if measure.faint <= limits.empty_below:
        return BoxState.EMPTY, 1 - measure.faint / limits.empty_below
    if measure.solid >= limits.withdrawn_from and measure.least_solid >= limits.withdrawn_cell:
        room = 1 - limits.withdrawn_from
        return BoxState.WITHDRAWN, (measure.solid - limits.withdrawn_from) / room
    if _is_mark(measure, limits):
        nearest = min(
            measure.dark / limits.marked_from - 1,
            (limits.marked_to - measure.solid) / (limits.marked_to / 4),
            (limits.off_centre - measure.off_centre) / (limits.off_centre / 2),
        )
        return BoxState.MARKED, min(1.0, nearest)
    return BoxState.DOUBTFUL, 0.0


def _is_mark(measure: Measure, limits: Thresholds) -> bool:
    return (
        measure.dark >= limits.marked_from
        and measure.solid <= limits.marked_to
        and measure.least_dark <= limits.marked_light_cell
        and measure.extent >= limits.extent
        and measure.off_centre <= limits.off_centre
        and measure.dark >= _least_dark_share(measure, limits) * measure.faint
        and (measure.solid >= limits.weak_below or measure.around <= limits.weak_around)
    )


def _least_dark_share(measure: Measure, limits: Thresholds) -> float:
    ends_within = measure.around <= limits.pale_around
    return limits.dark_of_pale if ends_within else limits.dark_of_faint


def judge_question(
    question: str,
    boxes: Sequence[BoxReading],
    *,
    frames_seen: bool,
    has_grey: bool,
    beside: float,
    departs: float,
    thresholds: Thresholds,
) -> QuestionReading:
    """Return what was answered.

    Parameters
    ----------
    frames_seen
        Whether the frames of all its boxes were found.
    has_grey
        Whether the scan has tones between black and white.
    beside
        Ink beside its boxes in square millimetres; asked only when no box has any.
    departs
        How far one of its boxes departs from the empty boxes of the page (`noise.departures`).
    """
    kept = tuple(boxes)
    marked = [box for box in kept if box.state is BoxState.MARKED]
    withdrawn = [box for box in kept if box.state is BoxState.WITHDRAWN]
    unclear = [box for box in kept if box.state is BoxState.DOUBTFUL]
    if len(marked) == 1 and marked[0].ink >= thresholds.clear_from:
        # a trace beside a clear mark is no second mark
        unclear = [box for box in unclear if box.ink > thresholds.trace_to]
    confidence = min((box.confidence for box in kept), default=0.0)
    doubt = _doubt(len(marked), len(withdrawn), len(unclear), frames_seen=frames_seen)
    if doubt is None and not marked:
        trace = max((box.trace for box in kept), default=0.0)
        is_trace = trace > thresholds.unanswered_below or departs > thresholds.departs_from
        doubt = _doubt_of_nothing(beside, is_trace=is_trace, has_grey=has_grey, limits=thresholds)
    if doubt is None and withdrawn and marked[0].ink > thresholds.mark_beside_withdrawn:
        doubt = Doubt.SEVERAL  # whoever fills boxes in does not withdraw by filling in
    if doubt is not None:
        return QuestionReading(
            question, QuestionState.DOUBTFUL, None, kept, doubt=doubt, guess=_guess(kept)
        )
    if not marked:
        return unanswered(question, kept, confidence)
    state = QuestionState.CORRECTED if withdrawn else QuestionState.ANSWERED
    return QuestionReading(question, state, marked[0].value, kept, confidence)


def _doubt(marked: int, withdrawn: int, unclear: int, *, frames_seen: bool) -> Doubt | None:
    if not frames_seen:
        return Doubt.FRAME
    if marked + unclear > 1:
        return Doubt.SEVERAL
    if unclear:
        return Doubt.UNCLEAR
    if withdrawn and not marked:
        return Doubt.WITHDRAWN
    return None


def _doubt_of_nothing(
    beside: float, *, is_trace: bool, has_grey: bool, limits: Thresholds
) -> Doubt | None:
    """Return why it is not certain that nothing was marked."""
    if beside > limits.beside:
        return Doubt.BESIDE
    if is_trace:
        return Doubt.UNCLEAR
    return None if has_grey else Doubt.NO_GREY


def _guess(boxes: Sequence[BoxReading]) -> int | None:
    """Return the only box that looks marked, when there is only one."""
    marked = [box for box in boxes if box.state is BoxState.MARKED]
    candidates = marked or [box for box in boxes if box.state is not BoxState.EMPTY]
    return candidates[0].value if len(candidates) == 1 else None
