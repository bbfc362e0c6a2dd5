"""Whoever sees who comes by with a slip reads no form.

Advisers may do both by their office, in an organisation where there is nobody else, and the page
asks them to leave it; whoever holds the desk as a role of its own is refused.
"""

from datetime import date

from baken.organisation.errors import Denied
from baken.organisation.permissions import Action, Actor, Role, holders_of
from baken.organisation.roles import as_human
from baken.storage.session import Session


def check_reads_forms(session: Session, by: Actor, *, today: date) -> None:
    """Raise `Denied` for whoever stands at the desk, whatever other roles or log-ins they have."""
    if Role.DESK in as_human(session, by, today=today).roles:
        raise Denied(
            "paper_entry.desk_enters",
            "You also stand at the desk where slips are exchanged, and so you see who comes by. "
            "Whoever sees that reads no forms. Let somebody else enter them: {who}.",
            who=holders_of(Action.KEY_SHEETS),
        )
