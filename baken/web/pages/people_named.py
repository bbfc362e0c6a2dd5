"""Who noted, proposed or decided something, as far as the reader may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.bodies.queries import get_body
from baken.actionplan.bodies.reach import list_own_seats, may_see
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.texts import catalogue


@dataclass(frozen=True, slots=True)
class People:
    """Everybody with a task here, by identifier."""

    names: Mapping[UUID, str]

    @classmethod
    def known(cls, session: Session) -> "People":
        return cls(dict(list_names(session)))

    def of(self, person_id: UUID | None) -> str:
        """The name; empty where nobody was noted, or the person is known here no longer."""
        return self.names.get(person_id, "") if person_id is not None else ""


def body_name(
    session: Session, body_id: UUID | None, *, by: Actor, today: date, language: str
) -> str:
    """The name of a body; of one that is closed to the reader only that it is one."""
    if body_id is None:
        return ""
    body = get_body(session, body_id)
    if may_see(body, list_own_seats(session, by=by, today=today), by=by):
        return body.name
    return catalogue(language)("votes.closed_body")
