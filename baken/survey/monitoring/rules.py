"""What may be done about the response while people answer."""

from collections.abc import Sequence
from datetime import date

from baken.survey.campaigns.rules import CampaignState
from baken.survey.errors import InvalidDraft, InvalidTransition


def check_is_running(state: CampaignState) -> None:
    """Raise `InvalidTransition` unless people can answer, or could until it was closed."""
    if state is not CampaignState.RUNNING:
        raise InvalidTransition(
            "survey.extend_not_running",
            "Only a survey that is running can be extended. Nothing was changed.",
        )


def check_new_end(until: date, *, closes_on: date, kept_until: Sequence[date], today: date) -> None:
    """Raise `InvalidDraft` unless a survey may go on until that day.

    Answers are never kept longer because people had more time to give them.
    """
    if until <= closes_on or until < today:
        raise InvalidDraft(
            "survey.extend_earlier",
            "People were told {day}: the new last day comes after it, and is not over yet.",
            day=closes_on,
        )
    if until >= min(kept_until):
        raise InvalidDraft(
            "survey.extend_too_far",
            "Answers or comments are deleted on {day}, as was promised. The new last day comes "
            "before it.",
            day=min(kept_until),
        )


def check_was_watched(state: CampaignState, *, is_imported: bool) -> None:
    """Raise `InvalidTransition` unless there is or was a response to follow."""
    if state is CampaignState.DRAFT or is_imported:
        raise InvalidTransition(
            "survey.response_not_watched",
            "The response is followed while a survey runs. This one has not started, or its "
            "answers were collected elsewhere.",
        )
