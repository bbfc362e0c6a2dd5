"""Whether everybody who gets a pack may read what stands in it: the least of their rights.

Whoever opens it later is asked again: a seat or a role may have come or gone since it went out.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from baken.actionplan.bodies.models import Body, Proposal
from baken.actionplan.bodies.reach import ROLE_OF
from baken.actionplan.errors import Denied
from baken.actionplan.meetings.people import Member, list_members
from baken.organisation.permissions import Actor, Grant
from baken.organisation.roles import list_grants
from baken.storage.session import Session


def list_pack_readers(session: Session, body: Body, *, on: date, today: date) -> tuple[Actor, ...]:
    """Return who gets the pack of a meeting on a day, with the roles that they hold today.

    Substitutes are among them: they read it when somebody cannot come.
    Somebody without a log-in gets it on paper, and reads what the role of that body reads.
    """
    return tuple(
        Actor(
            one.person_id or one.seat_id,
            body.organisation_id,
            one.name,
            _grants(session, one, body, today),
        )
        for one in list_members(session, body.id, on=on, with_substitutes=True)
    )


def _grants(session: Session, member: Member, body: Body, today: date) -> frozenset[Grant]:
    if member.person_id is not None:
        return frozenset(list_grants(session, member.person_id, today=today))
    role = ROLE_OF.get(body.kind)
    return frozenset({Grant(role)}) if role is not None else frozenset()


def list_barred(readers: Sequence[Actor], reads: Callable[[Actor], bool]) -> tuple[str, ...]:
    """Return the names of those who may not read it."""
    return tuple(one.name for one in readers if not reads(one))


def check_reads_pack(rules: Iterable[Callable[[Actor], bool]], *, by: Actor) -> None:
    """Raise `Denied` unless the person may read each document that stands in a pack."""
    if not all(reads(by) for reads in rules):
        raise Denied(
            "meetings.pack_unreadable",
            "These papers hold a document that your role does not let you read. "
            "Ask the secretary for the ones you may have.",
        )


def is_between(proposal: Proposal, body: Body) -> bool:
    """Whether a proposal comes from this body or goes to it: then all of its members read it."""
    return body.id in {proposal.body_id, proposal.to_body_id}
