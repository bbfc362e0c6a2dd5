"""Whoever sees who comes by with a slip reads no form.

Advisers may do both by their office, in an organisation where there is nobody else, and the page
asks them to leave it; whoever holds the desk as a role of its own is refused.
"""

from baken.organisation.errors import Denied
from baken.organisation.permissions import Action, Actor, Role, holders_of


def check_reads_forms(by: Actor) -> None:
    """Raise `Denied` for whoever stands at the desk, whatever other roles they hold."""
    if Role.DESK in by.roles:
        raise Denied(
            "paper_entry.desk_enters",
            "You also stand at the desk where slips are exchanged, and so you see who comes by. "
            "Whoever sees that reads no forms. Let somebody else enter them: {who}.",
            who=holders_of(Action.KEY_SHEETS),
        )
