"""Founding an organisation: a new client, with an invitation for its first main contact.

Whoever looks after the installation founds it and gets no task in it: the main contact gives the
others theirs.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from baken.organisation.addresses import check_address
from baken.organisation.errors import Invalid
from baken.organisation.invitations import send
from baken.organisation.models import Organisation, Person
from baken.organisation.permissions import Role
from baken.organisation.roles import add_grant
from baken.storage.audit import record
from baken.storage.session import Database

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class NewHouse:
    """What an organisation starts with."""

    name: str
    language: str
    contact_name: str
    contact_mail: str

    def checked(self, languages: Collection[str]) -> "NewHouse":
        """Return it with tidy texts, or raise `Invalid` with what is missing."""
        name, contact = self.name.strip(), self.contact_name.strip()
        if not name or not contact:
            raise Invalid(
                "organisation.founding_names",
                "Fill in the name of the organisation and the name of its main contact.",
            )
        if max(len(name), len(contact)) > LONGEST_NAME:
            raise Invalid(
                "organisation.founding_long",
                "A name has {n} characters at most. Write a shorter one.",
                n=LONGEST_NAME,
            )
        check_language(self.language, languages)
        return NewHouse(name, self.language, contact, check_address(self.contact_mail))


@dataclass(frozen=True, slots=True)
class Founded:
    """An organisation that was founded, and the invitation of its main contact."""

    organisation_id: UUID
    invitation_id: UUID


def check_language(language: str, languages: Collection[str]) -> None:
    """Raise `Invalid` for a language that Baken does not speak."""
    if language not in languages:
        raise Invalid(
            "organisation.no_such_language",
            "{language} is not a language of Baken. Choose one of these: {known}.",
            language=language,
            known=", ".join(languages),
        )


def found_organisation(
    database: Database,
    house: NewHouse,
    *,
    languages: Collection[str],
    is_by_mail: bool = True,
    by: UUID | None,
    today: date,
    now: datetime,
) -> Founded:
    """Make the organisation and invite its main contact: all of it or nothing.

    Parameters
    ----------
    is_by_mail : bool
        Whether a letter goes out; without, whoever founds hands over the link.
    by : UUID or None
        Account of the installer; None from the command line.
    """
    house = house.checked(languages)
    organisation_id = uuid4()
    with database.session(organisation_id) as session:
        session.add(Organisation(id=organisation_id, name=house.name, language=house.language))
        session.flush()
        record(
            session,
            "organisation.made",
            by=None,
            subject=f"organisation:{organisation_id}",
            at=now,
            facts={"installer": str(by) if by else ""},
        )
        person = Person(name=house.contact_name, mail=house.contact_mail)
        session.add(person)
        session.flush()
        add_grant(
            session,
            person.id,
            Role.MAIN_CONTACT,
            unit_id=None,
            from_on=today,
            until_on=None,
            today=today,
        )
        # Nobody in the organisation could invite yet: it starts with this one.
        invitation_id = send(session, person.id, is_by_mail=is_by_mail, by=person.id, now=now)
    return Founded(organisation_id, invitation_id)
