"""What may be done to a version of the library only with a look at the campaigns."""

from baken.storage.session import Session
from baken.survey.campaigns.queries import list_asking
from baken.survey.library.editing import Edit, open_version, record_act
from baken.survey.library.errors import InvalidVersion


def delete_version(session: Session, edit: Edit) -> None:
    """Remove an own version that no campaign has chosen and nobody was asked.

    Raises
    ------
    InvalidVersion
        Campaigns are being prepared with it; the sentence names them.
    """
    row = open_version(session, edit)
    asking = list_asking(session, edit.key, edit.version)
    if asking:
        raise InvalidVersion(
            "survey.version_chosen",
            "This version is chosen for {campaigns}. Choose another questionnaire there first.",
            campaigns=", ".join(campaign.title for campaign in asking),
        )
    session.delete(row)
    session.flush()
    record_act(session, "questionnaire.deleted", row, edit.by)
