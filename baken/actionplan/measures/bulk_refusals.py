"""What a rule says of a measure when several are changed at once."""

from baken.actionplan.errors import ActionPlanError, Invalid, InvalidTransition


def with_title(error: ActionPlanError, title: str) -> ActionPlanError:
    """The same refusal with the title of the measure: several were ticked."""
    if error.key == "actionplan.measure_ended":
        return InvalidTransition(
            "actionplan.one_ended",
            "{title} is over. Untick it, or take it up again first.",
            title=title,
        )
    if error.key == "actionplan.ends_before_start":
        return Invalid(
            "actionplan.one_ends_before_start",
            "{title} starts on {starts_on}, after the end {ends_on}. Choose a later end, "
            "or untick it.",
            title=title,
            starts_on=error.values["starts_on"],
            ends_on=error.values["ends_on"],
        )
    if error.key == "actionplan.initiator_missing":
        return Invalid(
            "actionplan.one_without_initiator",
            "The annual report names who took the initiative, and {title} does not say so yet. "
            "Fill it in there, or untick that measure.",
            title=title,
        )
    return error
