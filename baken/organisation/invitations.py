"""Invitations: how a person gets an account, or joins with the one they have.

Whoever holds the link is the person: it is sent to the address that was written down, or handed
over by whoever invites where the installation sends no mail. It works once, for seven days, and
ends when a newer one is made.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError

from baken.organisation.accounts.links import (
    LIFE,
    LinkKind,
    check_in_time,
    link_over,
    make_token,
    read_token,
)
from baken.organisation.errors import Conflict, Invalid, NotFound
from baken.organisation.models import Invitation, Organisation, Person
from baken.organisation.open_invitations import end_open
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.roles import check_may_give_all
from baken.storage.audit import record
from baken.storage.jobs import enqueue
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that is open, as its page and its mail show it."""

    id: UUID
    organisation_id: UUID
    organisation: str
    language: str
    person_id: UUID
    name: str
    mail: str
    invited_by: str
    expires_at: datetime


def invite(
    session: Session,
    person_id: UUID,
    *,
    is_by_mail: bool = True,
    by: Actor,
    today: date,
    now: datetime,
) -> UUID:
    """Send a person the link to an account; an invitation sent before ends.

    Without `is_by_mail` no letter goes out: whoever invites hands the link over.

    Whoever may not give all that the person holds does not send the link either: it makes somebody
    of whoever reads the mail.
    """
    require(by, Action.EDIT_PEOPLE)
    _get_person(session, person_id)
    check_may_give_all(session, person_id, by=by, today=today)
    return send(session, person_id, is_by_mail=is_by_mail, by=by.person_id, now=now)


def send(
    session: Session, person_id: UUID, *, is_by_mail: bool = True, by: UUID, now: datetime
) -> UUID:
    """Send the link to whoever the caller has made sure may become this person.

    Without `is_by_mail` no letter goes out: the caller hands the link over.
    """
    person = _get_person(session, person_id)
    if person.account_id is not None:
        raise Conflict("organisation.has_account", "This person has an account already.")
    if not person.mail:
        raise Invalid(
            "organisation.invite_where", "Fill in the person's mail address first, then invite."
        )
    n_replaced = end_open(session, person_id, now=now)
    invitation = Invitation(person_id=person_id, invited_by=by, invited_at=now)
    session.add(invitation)
    session.flush()
    if is_by_mail:
        enqueue(session, "mail.invitation", subject_id=invitation.id, by=by, now=now)
    record(
        session,
        "invitation.sent",
        by=by,
        subject=f"person:{person_id}",
        facts={
            "invitation": str(invitation.id),
            "n_replaced": n_replaced,
            "is_by_mail": is_by_mail,
        },
        private={"mail": person.mail},
        at=now,
    )
    return invitation.id


def withdraw(session: Session, person_id: UUID, *, by: Actor, now: datetime) -> None:
    """End the open invitation of a person: its link works no longer."""
    require(by, Action.EDIT_PEOPLE)
    if not end_open(session, person_id, now=now):
        raise NotFound("organisation.no_invitation", "There is no open invitation to withdraw.")
    record(session, "invitation.withdrawn", by=by.person_id, subject=f"person:{person_id}", at=now)


def get_token(keys: KeyStore, organisation_id: UUID, invitation_id: UUID) -> str:
    """Return what stands in the link of an invitation."""
    return make_token(keys, LinkKind.INVITATION, organisation_id, invitation_id)


def find_invited(database: Database, keys: KeyStore, token: str, *, now: datetime) -> Invited:
    """Return the open invitation behind a link, or raise `LinkOver`."""
    ids = read_token(keys, LinkKind.INVITATION, token)
    if len(ids) != 2:
        raise link_over()
    organisation_id, invitation_id = ids
    with database.read(organisation_id) as session:
        return get_invited(session, invitation_id, now=now)


def get_invited(session: Session, invitation_id: UUID, *, now: datetime) -> Invited:
    """Return an invitation of the session's organisation while it is open."""
    row = session.get(Invitation, invitation_id)
    if row is None or row.used_at is not None or row.withdrawn_at is not None:
        raise link_over()
    check_in_time(LinkKind.INVITATION, row.invited_at, now=now)
    organisation = session.get(Organisation, row.organisation_id)
    person = session.get(Person, row.person_id)
    if organisation is None or person is None or person.account_id is not None:
        raise link_over()
    inviter = session.get(Person, row.invited_by)
    return Invited(
        id=row.id,
        organisation_id=organisation.id,
        organisation=organisation.name,
        language=organisation.language,
        person_id=person.id,
        name=person.name,
        mail=person.mail,
        invited_by=inviter.name if inviter else "",
        expires_at=row.invited_at + LIFE[LinkKind.INVITATION],
    )


def accept(session: Session, invitation_id: UUID, account_id: UUID, *, now: datetime) -> None:
    """Join a person with an account; the link works no longer.

    The database decides: of two who accept at once, one is refused.
    """
    invited = get_invited(session, invitation_id, now=now)
    used: CursorResult[None] = session.execute(  # type: ignore[assignment]  # an update has a count
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:
        raise link_over()
    _get_person(session, invited.person_id).account_id = account_id
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid(
            "organisation.account_here_already",
            "Your account belongs to another person of this organisation already. "
            "Ask the administrator to give that person the role.",
        ) from error
    record(
        session,
        "invitation.accepted",
        by=invited.person_id,
        subject=f"person:{invited.person_id}",
        facts={"invitation": str(invitation_id), "account": str(account_id)},
        at=now,
    )


def _get_person(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("organisation.no_such_person", "This person does not exist.")
    return person
