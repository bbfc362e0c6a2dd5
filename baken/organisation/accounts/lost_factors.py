"""A lost second factor: asked for, approved by two others, replaced.

Each step stands in the record of the installation and of every organisation that the account
reaches. The acts come first and are committed; the organisations are told right after, one by one.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from baken.organisation.accounts import losses, lost_factor_rules
from baken.organisation.accounts.challenges import forget_challenges
from baken.organisation.accounts.factors import forget_factors
from baken.organisation.accounts.identities import forget_identities
from baken.organisation.accounts.lost_factor_approvals import (
    forget_approvals,
    is_enough,
    list_approvers,
    who_counts,
)
from baken.organisation.accounts.lost_factor_rules import N_APPROVALS, Approver, Reach
from baken.organisation.accounts.lost_factor_standing import get_reach, get_standing, person_of
from baken.organisation.accounts.models import LostFactor, LostFactorApproval, LostFactorState
from baken.organisation.accounts.sessions import end_sessions
from baken.organisation.errors import Denied, NotFound
from baken.storage.audit import record
from baken.storage.jobs import enqueue
from baken.storage.session import Database, Session


def ask(
    database: Database,
    account_id: UUID,
    *,
    is_by_mail: bool,
    by: UUID,
    now: datetime,
    today: date,
) -> UUID:
    """Ask for a new factor for an account; asking twice changes nothing.

    Parameters
    ----------
    is_by_mail : bool
        Whether this installation sends mail, so that the person hears of it.
    by : UUID
        The account that asks: the person, with the password alone, or an administrator.
    """
    with database.session(None) as session:
        found = losses.find_open(session, account_id, now=now)
        if found is not None:
            return found.id
        row = LostFactor(account_id=account_id, state=LostFactorState.ASKED, asked_at=now)
        session.add(row)
        session.flush()
        _write(session, row, is_by_mail=is_by_mail, now=now)
        record(session, "lost_factor.asked", by=by, subject=f"account:{account_id}", at=now)
    reach = get_reach(database, account_id, today=today)
    _tell_organisations(database, reach, "lost_factor.asked", by=by, now=now)
    return row.id


def approve(
    database: Database,
    request_id: UUID,
    *,
    is_by_mail: bool,
    by: Approver,
    now: datetime,
    today: date,
) -> LostFactorState:
    """Approve; the second of two lets the person go on, at once or after a day.

    Whoever approved before and may not any more does not count.
    """
    with database.read(None) as session:
        reach_of = _get(session, request_id, now=now).account_id
    reach = get_reach(database, reach_of, today=today)
    held = get_standing(database, by, today=today)
    with database.session(None) as session:
        row = _get(session, request_id, now=now, to_change=True)
        lost_factor_rules.check_open(row.state)
        earlier = list_approvers(session, row.id)
        lost_factor_rules.check_may_approve(reach, by, earlier)
        still = who_counts(database, earlier, today=today)
        counting = [*still.values(), held]
        lost_factor_rules.check_enough(reach, counting, asked_on=row.asked_at.date())
        forget_approvals(session, row.id, {one.account_id for one in earlier} - still.keys())
        session.add(
            LostFactorApproval(
                lost_factor_id=row.id,
                account_id=by.account_id,
                organisation_id=by.organisation_id,
                approved_at=now,
            )
        )
        if len(counting) >= N_APPROVALS:
            row.state = LostFactorState.APPROVED
            row.from_at = now + reach.delay
            _write(session, row, is_by_mail=is_by_mail, now=now)
        facts = {"n_approvals": len(counting)}
        subject = f"account:{row.account_id}"
        record(
            session, "lost_factor.approved", by=by.account_id, subject=subject, facts=facts, at=now
        )
    _tell_organisations(
        database, reach, "lost_factor.approved", by=by.account_id, facts=facts, now=now
    )
    return row.state


def stop(database: Database, request_id: UUID, *, by: Approver, now: datetime, today: date) -> None:
    """Stop a request that should not have been made."""
    with database.read(None) as session:
        reach_of = _get(session, request_id, now=now).account_id
    reach = get_reach(database, reach_of, today=today)
    lost_factor_rules.check_may_look(reach, by)
    with database.session(None) as session:
        row = _get(session, request_id, now=now, to_change=True)
        row.state = LostFactorState.CANCELLED
        subject = f"account:{row.account_id}"
        record(session, "lost_factor.stopped", by=by.account_id, subject=subject, at=now)
    _tell_organisations(database, reach, "lost_factor.stopped", by=by.account_id, now=now)


def start_anew(
    database: Database,
    account_id: UUID,
    *,
    is_by_mail: bool,
    this_session: UUID,
    now: datetime,
    today: date,
) -> None:
    """Forget the factors, recovery codes and other sessions, so that a new factor can be set up.

    What was approved is weighed again: the account may reach further than it did, and whoever
    approved may not be allowed to any more. Then the request waits for approval again.
    """
    reach = get_reach(database, account_id, today=today)
    with database.session(None) as session:
        row = losses.find_open(session, account_id, now=now)
        if row is None:
            raise _not_yet()
        lost_factor_rules.check_may_start_anew(row.state, row.from_at, now=now)
        approvers = list_approvers(session, row.id)
        may_start = is_enough(database, reach, approvers, row.asked_at.date(), today)
        if may_start:
            last_at = max(one.approved_at for one in approvers if one.approved_at)
            lost_factor_rules.check_may_start_anew(row.state, last_at + reach.delay, now=now)
            row.state = LostFactorState.DONE
            _forget_all(session, account_id, by=account_id, but=this_session, now=now)
            _write(session, row, is_by_mail=is_by_mail, now=now)
        else:
            row.state, row.from_at = LostFactorState.ASKED, None
            forget_approvals(session, row.id, [one.account_id for one in approvers])
            subject = f"account:{account_id}"
            record(session, "lost_factor.lapsed", by=account_id, subject=subject, at=now)
    action = "lost_factor.replaced" if may_start else "lost_factor.lapsed"
    _tell_organisations(database, reach, action, by=account_id, now=now)
    if not may_start:
        raise Denied(
            "organisation.lost_factor_lapsed",
            "Your rights or those of the people who approved have changed since. Your request is "
            "open again: ask for a new approval.",
        )


def replace_at_machine(
    database: Database, account_id: UUID, *, is_by_mail: bool, now: datetime, today: date
) -> None:
    """Do at once what two would approve: for whoever has the machine, and is recorded as nobody."""
    with database.session(None) as session:
        row = losses.find_open(session, account_id, now=now) or LostFactor(
            account_id=account_id, asked_at=now
        )
        row.state = LostFactorState.DONE
        session.add(row)
        _forget_all(session, account_id, by=None, but=None, now=now)
        _write(session, row, is_by_mail=is_by_mail, now=now)
    reach = get_reach(database, account_id, today=today)
    _tell_organisations(database, reach, "lost_factor.replaced", by=None, now=now)


def _forget_all(
    session: Session, account_id: UUID, *, by: UUID | None, but: UUID | None, now: datetime
) -> None:
    """Remove whatever opened the account beside its password, and record that.

    An identity at a provider and a log-in that is under way may be in the hands of whoever has the
    lost telephone.
    """
    forget_factors(session, account_id)
    forget_identities(session, account_id)
    forget_challenges(session, account_id)
    record(
        session,
        "lost_factor.replaced",
        by=by,
        subject=f"account:{account_id}",
        facts={"n_sessions": end_sessions(session, account_id, but=but)},
        at=now,
    )


def _write(session: Session, row: LostFactor, *, is_by_mail: bool, now: datetime) -> None:
    """Have the person told by letter how far the request is now, where letters can go out."""
    if is_by_mail:
        enqueue(session, f"mail.factor_lost_{row.state}", subject_id=row.id, now=now)


def _tell_organisations(
    database: Database,
    reach: Reach,
    action: str,
    *,
    by: UUID | None,
    facts: Mapping[str, int] | None = None,
    now: datetime,
) -> None:
    """Record in each organisation what was done; who has no task there acted from outside."""
    for organisation_id in sorted(reach.organisation_ids):
        with database.session(organisation_id) as session:
            concerned = person_of(session, reach.account_id)
            actor = person_of(session, by) if by else None
            if concerned is not None:
                record(
                    session,
                    action,
                    by=actor.id if actor else None,
                    subject=f"person:{concerned.id}",
                    facts=facts,
                    at=now,
                )


def _get(
    session: Session, request_id: UUID, *, now: datetime, to_change: bool = False
) -> LostFactor:
    asked = losses.open_ones(now).where(LostFactor.id == request_id)
    # Two who approve at once wait for each other, and the second sees what the first did.
    row = session.scalars(asked.with_for_update() if to_change else asked).first()
    if row is None:
        raise NotFound("organisation.no_lost_factor", "This request is over, or never was.")
    return row


def _not_yet() -> Denied:
    return Denied(
        "organisation.lost_factor_not_yet",
        "Your second factor cannot be replaced yet. The page says what is still needed.",
    )
