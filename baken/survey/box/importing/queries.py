"""What is still known of an import when it is done: counts, never what stood in a row.

How many people have no unit is not among them: the difference to what is counted together could be
a unit that is too small to be told.
"""

from dataclasses import dataclass
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import list_about
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.errors import CannotImport

IMPORTED = "campaign.imported"


@dataclass(frozen=True, slots=True)
class Report:
    """What came in and what did not. A count is None where an older import did not note it.

    Attributes
    ----------
    n_rows
        People in the file.
    n_answers
        People of whom something came in.
    n_odd
        Answers that count as missing because they could not be read.
    n_left_out
        Rows of which nothing was taken.
    n_no_column
        Questions to which everybody's answer is missing.
    aside
        Those of them that are open or about the person, by key.
    """

    campaign: Campaign
    n_answers: int
    n_rows: int | None
    n_comments: int | None
    n_odd: int | None
    n_left_out: int | None
    n_no_column: int | None
    aside: tuple[str, ...]

    @property
    def lost(self) -> bool:
        """Whether something of the file did not come in, or not where it belongs."""
        return any((self.n_odd, self.n_left_out, self.n_no_column))


def get_report(session: Session, campaign_id: UUID, *, by: Actor) -> Report:
    """Return what an import did; raise `CannotImport` when the answers were given here."""
    require(by, Action.IMPORT_ANSWERS)
    campaign = get_campaign(session, campaign_id)
    if not campaign.is_imported:
        raise not_imported()
    entries = list_about(session, f"campaign:{campaign_id}")
    noted = next((entry.facts for entry in entries if entry.action == IMPORTED), {})
    return Report(
        campaign=campaign,
        n_answers=campaign.n_answers or 0,
        n_rows=noted.get("rows"),
        n_comments=noted.get("comments"),
        n_odd=noted.get("unreadable"),
        n_left_out=noted.get("left_out"),
        n_no_column=noted.get("no_column"),
        aside=tuple(noted.get("no_column_aside", ())),
    )


def not_imported() -> CannotImport:
    return CannotImport(
        "survey.import_none",
        "The answers to this survey did not come from elsewhere; they stay. Nothing was changed.",
    )
