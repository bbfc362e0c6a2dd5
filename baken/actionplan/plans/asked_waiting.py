"""What waits about consultations: answers for those who were asked, replies for the employer."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.consultations.models import Consultation
from baken.actionplan.consultations.organs import organs_spoken_for
from baken.actionplan.consultations.queries import may_read, subject_of
from baken.actionplan.consultations.rules import ConsultationKind, is_reply_due
from baken.actionplan.plans.subjects import names_of
from baken.organisation.permissions import Actor, Role
from baken.organisation.waiting import Waiting
from baken.storage.session import Session

_REPLIERS: Final = frozenset({Role.EMPLOYER, Role.PREVENTION_ADVISER})


def list_waiting(
    session: Session, consultations: Iterable[Consultation], *, by: Actor
) -> list[Waiting]:
    """Return the questions this person answers for an organ, and the replies still owed."""
    mine = [each for each in consultations if may_read(each, by=by)]
    organs = organs_spoken_for(by.roles)
    asked = [
        each
        for each in mine
        if each.outcome is None and each.kind != ConsultationKind.INFO and each.organ in organs
    ]
    owed = [each for each in mine if is_reply_due(each.outcome, each.employer_reply)]
    if by.roles.isdisjoint(_REPLIERS):
        owed = []
    names = names_of(session, [*asked, *owed])
    return [*_answers(asked, names), *_replies(owed, names)]


def _answers(asked: Iterable[Consultation], names: Mapping[UUID, str]) -> Iterator[Waiting]:
    for each in asked:
        yield Waiting(
            kind=f"advice_{subject_of(each).kind}",
            path=f"/consultations/{each.id}",
            what=names[each.id],
            due_on=each.due_on,
        )


def _replies(owed: Iterable[Consultation], names: Mapping[UUID, str]) -> Iterator[Waiting]:
    for each in owed:
        since: date | None = each.advised_on
        yield Waiting(
            kind=f"reply_{subject_of(each).kind}",
            path=f"/consultations/{each.id}/reply",
            what=names[each.id],
            since_on=since,
        )
