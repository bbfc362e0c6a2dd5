"""Letters about an account: an invitation, a forgotten password, other ways in, a lost factor.

The job names what the letter is about; the address, the words and the link are looked up when it
is sent. What was used or withdrawn in the meantime is not sent any more.
"""

from datetime import datetime
from uuid import UUID

from baken.organisation import invitations
from baken.organisation.accounts import resets
from baken.organisation.accounts.changes import Change
from baken.organisation.accounts.links import LIFE, LinkKind, LinkOver
from baken.organisation.accounts.models import LostFactor, LostFactorState, PasswordReset
from baken.organisation.models import Account, Invitation
from baken.storage.jobs import JobMissing
from baken.web import numerals
from baken.web.jobs.work import Work
from baken.web.mail.letters import render


def send_invitation(work: Work) -> None:
    """Send the link of an invitation to the address that the administrator wrote down."""
    with work.read() as session:
        if session.get(Invitation, _subject(work)) is None:
            raise JobMissing  # used and withdrawn ones stay: this one was never here
        try:
            invited = invitations.get_invited(session, _subject(work), now=work.clock())
        except LinkOver:
            return
    token = invitations.get_token(work.keys, invited.organisation_id, invited.id)
    letter = render(
        "invitation",
        invited.language,
        name=invited.name,
        organisation=invited.organisation,
        by=invited.invited_by,
        link=f"{work.settings.origin}/invitation/{token}",
        until=_moment(invited.expires_at, invited.language),
    )
    work.postman().send(invited.mail, letter)


def send_password_reset(work: Work) -> None:
    """Send the link; an address without an account gets nothing."""
    with work.read() as session:
        row = session.get(PasswordReset, _subject(work))
        if row is None or row.account_id is None or row.used_at is not None:
            return
        account = session.get_one(Account, row.account_id)
    if account.deactivated_at is not None:
        return
    if work.clock() > row.asked_at + LIFE[LinkKind.PASSWORD_RESET]:
        return
    link = f"{work.settings.origin}/reset/{resets.get_token(work.keys, row.id)}"
    letter = render("password_reset", account.language, name=account.name, link=link)
    work.postman().send(account.mail, letter)


def send_factor_lost_asked(work: Work) -> None:
    """Tell somebody that a new second factor was asked for, while that is open."""
    account, row = _lost_factor(work)
    if row.state is LostFactorState.ASKED:
        _send_dated(work, "factor_lost_asked", account, row.asked_at)


def send_factor_lost_approved(work: Work) -> None:
    """Tell somebody that two have approved, and from when a new factor can be set up."""
    account, row = _lost_factor(work)
    if row.state is LostFactorState.APPROVED and row.from_at is not None:
        _send_dated(work, "factor_lost_approved", account, row.from_at)


def send_factor_lost_done(work: Work) -> None:
    """Tell somebody that the old factor is gone."""
    account, _row = _lost_factor(work)
    letter = render("factor_lost_done", account.language, name=account.name)
    work.postman().send(account.mail, letter)


def send_change(change: Change, work: Work) -> None:
    """Tell somebody that the ways into their account changed."""
    with work.read() as session:
        account = session.get_one(Account, _subject(work))
    at = _moment(work.job.asked_at, account.language)
    letter = render(change, account.language, name=account.name, at=at)
    work.postman().send(account.mail, letter)


def _send_dated(work: Work, name: str, account: Account, at: datetime) -> None:
    """Send a letter that names a moment and says where to log in."""
    letter = render(
        name,
        account.language,
        name=account.name,
        at=_moment(at, account.language),
        log_in=f"{work.settings.origin}/log-in",
    )
    work.postman().send(account.mail, letter)


def _lost_factor(work: Work) -> tuple[Account, LostFactor]:
    with work.read() as session:
        row = session.get_one(LostFactor, _subject(work))
        return session.get_one(Account, row.account_id), row


def _subject(work: Work) -> UUID:
    if work.job.subject_id is None:
        raise JobMissing
    return work.job.subject_id


def _moment(at: datetime, language: str) -> str:
    return numerals.moment(at, language if language in numerals.LOCALES else "nl")
