"""The name of an organisation and the language of what it sends."""

from dataclasses import dataclass
from datetime import datetime

from baken.organisation.errors import Invalid, NotFound
from baken.organisation.models import Organisation
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Naming:
    """What can be changed about an organisation itself."""

    name: str
    language: str
    version: int


def get_naming(session: Session) -> Naming:
    """Return name and language of the session's organisation."""
    row = _get(session)
    return Naming(row.name, row.language, row.version)


def rename(
    session: Session, *, name: str, language: str, version: int, by: Actor, now: datetime
) -> None:
    """Change the name of the organisation, or the language of what it sends."""
    require(by, Action.EDIT_ORGANISATION)
    row = _get(session)
    if row.version != version:
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        )
    if not name.strip():
        raise Invalid("organisation.name_missing", "Give the organisation a name.")
    row.name, row.language, row.version = name.strip(), language, row.version + 1
    record(
        session,
        "organisation.changed",
        by=by.person_id,
        subject=f"organisation:{row.id}",
        at=now,
        facts={"language": language},
    )


def _get(session: Session) -> Organisation:
    row = session.get(Organisation, session.organisation_id)
    if row is None:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    return row
