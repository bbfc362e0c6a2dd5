"""The telephone: two people, so that nobody hears a name and an answer.

One verifies that the caller is on the list and hands the call over without a name. The other opens
the page of the survey as on a shared computer, types the code that the caller reads out, and reads
the questions. Nothing of a call is kept: what is sent is an answer on a screen like any other.
"""

from typing import Final

from baken.organisation.errors import Denied
from baken.organisation.permissions import Action, Actor, holders_of, may, require

KNOWS_PEOPLE: Final = (
    Action.VERIFY_CALLERS,
    Action.EDIT_RECIPIENTS,
    Action.SEE_CAMPAIGNS,
    Action.SEE_PEOPLE,
)
"""Whoever may do one of these could put a name or a count beside a voice."""


def check_may_verify(by: Actor) -> None:
    """Raise `Denied` unless this person may look a caller up."""
    require(by, Action.VERIFY_CALLERS)


def check_may_ask(by: Actor) -> None:
    """Raise `Denied` unless this person may ask the questions, and knows nobody by another role."""
    require(by, Action.ASK_BY_TELEPHONE)
    if any(may(by, action) for action in KNOWS_PEOPLE):
        raise Denied(
            "survey.telephone_two_people",
            "Whoever may see the list of addresses does not ask the questions on the telephone: "
            "so nobody hears a name and an answer. Ask somebody else, who holds only this role: "
            "{who}.",
            who=holders_of(Action.ASK_BY_TELEPHONE),
        )
