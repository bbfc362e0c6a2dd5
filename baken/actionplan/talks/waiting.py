"""What waits about talks: to hold, to read back, to approve, and what was agreed there."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from baken.actionplan.talks.models import Talk, TalkAgreement
from baken.actionplan.talks.rules import TalkState
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits for those who lead and record talks."""
    if not may(by, Action.RECORD_FINDING):
        return []
    return [*_talks(session, today), *_agreements(session, today)]


def _talks(session: Session, today: date) -> Iterator[Waiting]:
    moving = {TalkState.PLANNED, TalkState.HELD, TalkState.READ_BACK}
    asked = (
        select(Talk).where(Talk.state.in_(moving)).order_by(Talk.planned_on, Talk.title, Talk.id)
    )
    for talk in session.scalars(asked):
        path = f"/talks/{talk.id}"
        if talk.state == TalkState.PLANNED:
            if talk.planned_on <= today:
                yield Waiting(
                    kind="talk_to_hold", path=path, what=talk.title, since_on=talk.planned_on
                )
            continue
        kind = "talk_to_read_back" if talk.state == TalkState.HELD else "talk_to_approve"
        since = talk.read_back_on or talk.held_on
        yield Waiting(kind=kind, path=path, what=talk.title, since_on=since)


def _agreements(session: Session, today: date) -> Iterator[Waiting]:
    asked = select(TalkAgreement).where(
        TalkAgreement.done_on.is_(None), TalkAgreement.due_on <= today
    )
    for one in session.scalars(
        asked.order_by(TalkAgreement.due_on, TalkAgreement.what, TalkAgreement.id)
    ):
        what = " ".join(one.what.split())[:120]
        yield Waiting(
            kind="talk_agreement", path=f"/talks/{one.talk_id}", what=what, due_on=one.due_on
        )
