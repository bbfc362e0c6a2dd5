"""Letters: asking for them, noting what became of each, and codes for those that are printed.

A letter that waits is known from its row alone. Whoever is killed between sending and noting sends
the same letter again, with the same code.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.jobs import enqueue, find_unfinished
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign, Mailing
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.codes.actions import check_running
from baken.survey.codes.handing_out import assign, replace, take_spare
from baken.survey.codes.models import Channel
from baken.survey.codes.slips import CodeMaker
from baken.survey.codes.spares import Reason, record_spare
from baken.survey.codes.symbols import print_code
from baken.survey.errors import CannotSend
from baken.survey.invitations.models import Letter, Recipient, Sending
from baken.survey.invitations.queries import get_recipient
from baken.survey.invitations.rules import MOST_REMINDERS

JOB = "campaign.letters"
NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter to somebody, with the code; it is shown or sent, and kept nowhere."""

    kind: Letter
    name: str
    address: str
    language: str
    code: str


def check_may_send(campaign: Campaign, *, today: date) -> None:
    """Raise unless a letter that goes today brings a code that works today."""
    check_running(campaign)
    if today < campaign.opens_on:
        raise CannotSend(
            "survey.letters_too_early",
            "Codes work from {day} on. Send the letters then, so that nobody stands before a "
            "closed door.",
            day=campaign.opens_on,
        )
    if today > campaign.closes_on:
        raise CannotSend(
            "survey.letters_too_late", "The last day is over: no letter goes out any more."
        )


def check_may_remind(campaign: Campaign, *, is_agreed: bool, today: date) -> None:
    """Raise unless everybody may be reminded today."""
    check_may_send(campaign, today=today)
    if not campaign.mailings:
        raise CannotSend(
            "survey.nobody_invited", "Nobody was invited by mail yet. Send the invitations first."
        )
    if campaign.mailings[-1]["on"] == today.isoformat():
        raise CannotSend(
            "survey.reminded_today", "A letter went to everybody today. Wait at least a day."
        )
    if n_reminders(campaign) >= MOST_REMINDERS and not is_agreed:
        raise CannotSend(
            "survey.reminded_enough",
            "Everybody was reminded {n} times. More letters seldom bring more answers, and some "
            "people feel watched. Send another one only if the committee agreed.",
            n=n_reminders(campaign),
        )


def n_reminders(campaign: Campaign) -> int:
    """How many times everybody was reminded."""
    return sum(mailing["kind"] == Letter.REMINDER for mailing in campaign.mailings)


def ask_invitations(
    session: Session, campaign_id: UUID, *, by: Actor, today: date, now: datetime
) -> UUID:
    """Have the invitation sent to everybody with a mail address who was not invited yet."""
    require(by, Action.SEND_INVITATIONS)
    campaign = lock_campaign(session, campaign_id)
    check_may_send(campaign, today=today)
    return _ask(session, campaign, Letter.INVITATION, Sending.WAITING, by=by, today=today, now=now)


def ask_reminder(
    session: Session,
    campaign_id: UUID,
    *,
    is_agreed: bool = False,
    by: Actor,
    today: date,
    now: datetime,
) -> UUID:
    """Have everybody reminded who was invited by mail, whether they answered or not.

    A reminder to those who did not answer would tell the mail server, and whoever reads along in
    somebody's mailbox, who they are.
    """
    require(by, Action.SEND_INVITATIONS)
    campaign = lock_campaign(session, campaign_id)
    check_may_remind(campaign, is_agreed=is_agreed, today=today)
    return _ask(session, campaign, Letter.REMINDER, Sending.SENT, by=by, today=today, now=now)


def ask_replacement(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    recipient_id: UUID,
    *,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Give somebody whose letter is lost another one; a spare takes the place of the old code.

    If the old code was used the letter brings that one again, and the page of the survey says to
    that person alone that the answers were received. Nobody else learns which of the two it was.
    """
    require(by, Action.HAND_OUT_SPARES)
    campaign = lock_campaign(session, campaign_id)
    check_may_send(campaign, today=today)
    row = get_recipient(session, campaign_id, recipient_id)
    if row.state is not Sending.SENT or row.slip is None or row.due is not None:
        raise CannotSend(
            "survey.nothing_to_replace",
            "This person has no letter yet, or one is on its way. Send the invitations first.",
        )
    _check_not_sending(session, campaign_id)
    number = take_spare(session, campaign, row.unit, is_newcomer=False)
    maker = CodeMaker.of(keys, campaign)
    old, new = maker.tag(row.unit, row.slip), maker.tag(row.unit, number)
    assign(session, maker, row.unit, number, row.channel)
    if replace(session, maker, old, new):
        row.slip = number
    row.due = Letter.REPLACEMENT
    session.flush()
    record_spare(session, campaign, Reason.LOST, by=by)
    if row.channel is Channel.MAIL:
        enqueue(session, JOB, subject_id=campaign.id, by=by.person_id, now=now)


def find_letter(session: Session, maker: CodeMaker, recipient_id: UUID) -> Addressed | None:
    """Return the letter that waits for somebody, with the code derived now; None when none does."""
    row = session.get(Recipient, recipient_id)
    if row is None or row.due is None or row.slip is None:
        return None
    return _addressed(maker, row, row.due)


def note_sent(session: Session, recipient_id: UUID) -> None:
    """Note that the mail server accepted the letter; nothing else of it is kept."""
    _note(session, recipient_id, Sending.SENT, "", None)


def note_refused(session: Session, recipient_id: UUID, *, reason: str, code: int | None) -> None:
    """Note that the letter cannot reach somebody, and why.

    Whoever got an earlier letter has a code, which stays theirs: given to somebody else it would
    say whether it was used.
    """
    row = session.get(Recipient, recipient_id)
    had_one = row is not None and row.state is Sending.SENT
    _note(session, recipient_id, Sending.SENT if had_one else Sending.REFUSED, reason, code)


def drop_waiting(session: Session, campaign_id: UUID) -> None:
    """Send nothing more: the survey is over."""
    session.execute(
        update(Recipient).where(Recipient.campaign_id == campaign_id).values(due=None),
        execution_options=NO_SYNC,
    )


def count_letters(session: Session, campaign_id: UUID) -> int:
    """Return how many people get a letter on paper."""
    asked = select(func.count()).select_from(Recipient)
    asked = asked.where(Recipient.campaign_id == campaign_id, Recipient.channel == Channel.LETTER)
    return session.scalar(asked) or 0


def print_letters(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    *,
    shuffled: bool,
    by: Actor,
    today: date,
) -> tuple[Addressed, ...]:
    """Return the letters on paper, each with its code, and note that they were printed."""
    require(by, Action.PRINT_CODES)
    campaign = lock_campaign(session, campaign_id)
    check_running(campaign)
    maker = CodeMaker.of(keys, campaign)
    asked = select(Recipient).where(
        Recipient.campaign_id == campaign_id,
        Recipient.channel == Channel.LETTER,
        Recipient.slip.is_not(None),
    )
    rows = list(session.scalars(asked.order_by(Recipient.unit, Recipient.name, Recipient.id)))
    letters = [_addressed(maker, row, row.due or Letter.INVITATION) for row in rows]
    if shuffled:
        secrets.SystemRandom().shuffle(letters)
    session.execute(
        update(Recipient)
        .where(Recipient.campaign_id == campaign_id, Recipient.channel == Channel.LETTER)
        .values(state=Sending.SENT, due=None),
        execution_options=NO_SYNC,
    )
    record(
        session,
        "recipients.letters_printed",
        by=by.person_id,
        subject=f"campaign:{campaign_id}",
        facts={"people": len(letters)},
    )
    return tuple(letters)


def _ask(
    session: Session,
    campaign: Campaign,
    kind: Letter,
    of: Sending,
    *,
    by: Actor,
    today: date,
    now: datetime,
) -> UUID:
    _check_not_sending(session, campaign.id)
    people = _mark(session, campaign.id, kind, of)
    if not people:
        raise CannotSend(
            "survey.nobody_waits", "Everybody with a mail address was invited. There is none left."
        )
    mailing = Mailing(kind=kind.value, on=today.isoformat(), people=people)
    campaign.mailings = [*campaign.mailings, mailing]
    session.flush()
    record(
        session,
        "recipients.reminded" if kind is Letter.REMINDER else "recipients.invited",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={"people": people},
    )
    return enqueue(session, JOB, subject_id=campaign.id, by=by.person_id, now=now)


def _check_not_sending(session: Session, campaign_id: UUID) -> None:
    # Two jobs over one list would send letters twice.
    if find_unfinished(session, JOB, campaign_id) is not None:
        raise CannotSend(
            "survey.letters_under_way",
            "Letters of this survey are being sent at the moment. Wait until that is done, then "
            "try again.",
        )


def _mark(session: Session, campaign_id: UUID, kind: Letter, of: Sending) -> int:
    mine = (
        Recipient.campaign_id == campaign_id,
        Recipient.channel == Channel.MAIL,
        Recipient.state == of,
        Recipient.slip.is_not(None),
    )
    # Counted first: what a statement says about the rows it changed differs between engines.
    people = session.scalar(select(func.count()).select_from(Recipient).where(*mine)) or 0
    session.execute(update(Recipient).where(*mine).values(due=kind), execution_options=NO_SYNC)
    return people


def _note(
    session: Session, recipient_id: UUID, state: Sending, refusal: str, code: int | None
) -> None:
    row = session.get(Recipient, recipient_id)
    if row is not None:
        row.state, row.due, row.refusal, row.refusal_code = state, None, refusal, code
        session.flush()


def _addressed(maker: CodeMaker, row: Recipient, kind: Letter) -> Addressed:
    if row.slip is None:
        raise ValueError("somebody without a slip gets no letter")
    code = print_code(maker.code(row.unit, row.slip))
    return Addressed(kind, row.name, row.address, row.language, code)
