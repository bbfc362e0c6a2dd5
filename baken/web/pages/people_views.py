"""What pages show of people: roles, the invitation, and what was done about somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from baken.organisation.people import PersonRow, list_names
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.organisation.roles import list_open_grants
from baken.storage.audit import list_about
from baken.storage.session import Session
from baken.web.pages.audit import in_words
from baken.web.texts import catalogue


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the list, with how far the log-in is."""

    person: PersonRow
    log_in: str  # last part of the text keys people.log_in_...
    invited_until: datetime | None

    @classmethod
    def of(cls, person: PersonRow, invited: Mapping[UUID, datetime]) -> "PersonLine":
        until = None if person.has_account else invited.get(person.id)
        state = "works" if person.has_account else "invited" if until else "none"
        return cls(person, state, until)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done about a person."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class RoleInWords:
    """What a role is for, in a sentence, and whether it reads results."""

    role: Role
    sees_results: bool


def acts_about(session: Session, person_id: UUID, language: str) -> tuple[Act, ...]:
    """Everything that the record holds about somebody's rights, newest first."""
    names = dict(list_names(session))
    texts = catalogue(language)
    return tuple(
        Act(
            entry.at,
            names.get(entry.actor, "") if entry.actor else "",
            in_words(entry.action, entry.facts, texts),
        )
        for entry in list_about(session, f"person:{person_id}")
    )


def roles_in_words(roles: frozenset[Role]) -> tuple[RoleInWords, ...]:
    """The roles that somebody may hand out, in the order of the table."""
    seen = ALLOWED[Action.SEE_OWN_UNIT_RESULTS]
    return tuple(RoleInWords(role, role in seen) for role in Role if role in roles)


def why_few_roles(session: Session, offered: frozenset[Role], language: str, *, today: date) -> str:
    """Why somebody may hand out only some roles, and who gives the others; empty for all of them.

    A main contact who was invited counts too: the sentence says so, and what to do about it.
    """
    if offered.issuperset(Role):
        return ""
    texts = catalogue(language)
    if Role.MAIN_CONTACT in offered:
        return texts("people.few_no_main_contact")
    names = dict(list_names(session))
    holders = {
        grant.person_id
        for grant in list_open_grants(session, since=today)
        if grant.role is Role.MAIN_CONTACT
    }
    return texts("people.few_main_contact", who=", ".join(sorted(names[who] for who in holders)))
