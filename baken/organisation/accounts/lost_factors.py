"""A lost second factor: asked for, approved by two others, replaced."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from baken.organisation.accounts import losses, lost_factor_rules
from baken.organisation.accounts.factors import forget_factors
from baken.organisation.accounts.lost_factor_rules import N_APPROVALS, Approver, Reach
from baken.organisation.accounts.models import LostFactor, LostFactorApproval, LostFactorState
from baken.organisation.accounts.sessions import end_sessions
from baken.organisation.errors import Denied, NotFound
from baken.organisation.models import Account, Person
from baken.organisation.organisations import list_of_account
from baken.organisation.people import get_actor
from baken.organisation.permissions import Role
from baken.storage.audit import record
from baken.storage.jobs import enqueue
from baken.storage.session import Database, Session


@dataclass(frozen=True, slots=True)
class LostFactorRow:
    """An open request as a page shows it."""

    id: UUID
    account_id: UUID
    name: str
    state: LostFactorState
    asked_at: datetime
    from_at: datetime | None
    approved_by: tuple[str, ...]
    approver_ids: tuple[UUID, ...]
    needs_installer: bool = False

    @property
    def is_asked(self) -> bool:
        return self.state is LostFactorState.ASKED


def get_reach(database: Database, account_id: UUID, *, today: date) -> Reach:
    """Return how far an account reaches today; one session for each organisation."""
    with database.read(None) as session:
        is_installer = session.get_one(Account, account_id).is_installer
    organisations = [row.id for row in list_of_account(database, account_id, today=today)]
    roles: set[Role] = set()
    for organisation_id in organisations:
        with database.read(organisation_id) as session:
            roles |= get_actor(session, account_id, today=today).roles
    return Reach(account_id, frozenset(organisations), frozenset(roles), is_installer)


def ask(session: Session, account_id: UUID, *, by: UUID, now: datetime) -> UUID:
    """Ask for a new factor for an account; asking twice changes nothing.

    Parameters
    ----------
    by : UUID
        The account that asks: the person, with the password alone, or an administrator.
    """
    found = losses.find_open(session, account_id, now=now)
    if found is not None:
        return found.id
    row = LostFactor(account_id=account_id, state=LostFactorState.ASKED, asked_at=now)
    session.add(row)
    session.flush()
    enqueue(session, "mail.factor_lost_asked", subject_id=row.id, now=now)
    record(session, "lost_factor.asked", by=by, subject=f"account:{account_id}", at=now)
    return row.id


def approve(
    database: Database, request_id: UUID, *, by: Approver, now: datetime, today: date
) -> LostFactorState:
    """Approve; the second of two lets the person go on, at once or after a day."""
    with database.read(None) as session:
        reach_of = _get(session, request_id, now=now).account_id
    reach = get_reach(database, reach_of, today=today)
    with database.session(None) as session:
        row = _get(session, request_id, now=now, to_change=True)
        lost_factor_rules.check_open(row.state)
        earlier = _list_approvers(session, row.id)
        lost_factor_rules.check_may_approve(reach, by, earlier)
        session.add(
            LostFactorApproval(
                lost_factor_id=row.id,
                account_id=by.account_id,
                organisation_id=by.organisation_id,
                approved_at=now,
            )
        )
        if len(earlier) + 1 >= N_APPROVALS:
            row.state = LostFactorState.APPROVED
            row.from_at = now + reach.delay
            enqueue(session, "mail.factor_lost_approved", subject_id=row.id, now=now)
        record(
            session,
            "lost_factor.approved",
            by=by.account_id,
            subject=f"account:{row.account_id}",
            facts={"n_approvals": len(earlier) + 1},
            at=now,
        )
        return row.state


def stop(database: Database, request_id: UUID, *, by: Approver, now: datetime, today: date) -> None:
    """Stop a request that should not have been made."""
    with database.read(None) as session:
        reach_of = _get(session, request_id, now=now).account_id
    lost_factor_rules.check_may_look(get_reach(database, reach_of, today=today), by)
    with database.session(None) as session:
        row = _get(session, request_id, now=now, to_change=True)
        row.state = LostFactorState.CANCELLED
        subject = f"account:{row.account_id}"
        record(session, "lost_factor.stopped", by=by.account_id, subject=subject, at=now)


def start_anew(session: Session, account_id: UUID, *, this_session: UUID, now: datetime) -> None:
    """Forget the factors, recovery codes and other sessions, so that a new factor can be set up."""
    row = losses.find_open(session, account_id, now=now)
    if row is None:
        raise Denied(
            "organisation.lost_factor_not_yet",
            "Your second factor cannot be replaced yet. The page says what is still needed.",
        )
    lost_factor_rules.check_may_start_anew(row.state, row.from_at, now=now)
    row.state = LostFactorState.DONE
    _forget_all(session, account_id, by=account_id, but=this_session, now=now)
    enqueue(session, "mail.factor_lost_done", subject_id=row.id, now=now)


def replace_at_machine(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Do at once what two would approve: for whoever has the machine, and is recorded as nobody."""
    row = losses.find_open(session, account_id, now=now) or LostFactor(
        account_id=account_id, asked_at=now
    )
    row.state = LostFactorState.DONE
    session.add(row)
    _forget_all(session, account_id, by=None, but=None, now=now)
    enqueue(session, "mail.factor_lost_done", subject_id=row.id, now=now)


def _forget_all(
    session: Session, account_id: UUID, *, by: UUID | None, but: UUID | None, now: datetime
) -> None:
    """Remove factors, recovery codes and sessions of an account, and record that."""
    forget_factors(session, account_id)
    record(
        session,
        "lost_factor.replaced",
        by=by,
        subject=f"account:{account_id}",
        facts={"n_sessions": end_sessions(session, account_id, but=but)},
        at=now,
    )


def find_own(session: Session, account_id: UUID, *, now: datetime) -> LostFactorRow | None:
    """Return the open request of an account itself."""
    row = losses.find_open(session, account_id, now=now)
    return _row(session, row) if row else None


def list_in_organisation(session: Session, *, now: datetime) -> list[LostFactorRow]:
    """Return the open requests of people with an account in the session's organisation."""
    here = session.scalars(select(Person).where(Person.account_id.is_not(None)))
    accounts = [person.account_id for person in here]
    asked = losses.open_ones(now).where(LostFactor.account_id.in_(accounts))
    return [_row(session, row) for row in session.scalars(asked.order_by(LostFactor.asked_at))]


def list_to_approve(
    session: Session, account_ids: Collection[UUID], *, by: UUID | None, now: datetime
) -> list[LostFactor]:
    """Return the requests of these accounts about which an account has not decided yet."""
    approved = select(LostFactorApproval.lost_factor_id).where(LostFactorApproval.account_id == by)
    asked = losses.open_ones(now).where(
        LostFactor.state == LostFactorState.ASKED,
        LostFactor.account_id.in_({*account_ids} - {by}),  # never one's own
        LostFactor.id.not_in(approved),
    )
    return list(session.scalars(asked.order_by(LostFactor.asked_at)))


def list_everywhere(session: Session, *, now: datetime) -> list[LostFactorRow]:
    """Return every open request of the installation: for those who look after it."""
    asked = losses.open_ones(now).order_by(LostFactor.asked_at)
    return [_row(session, row) for row in session.scalars(asked)]


def _get(
    session: Session, request_id: UUID, *, now: datetime, to_change: bool = False
) -> LostFactor:
    asked = losses.open_ones(now).where(LostFactor.id == request_id)
    # Two who approve at once wait for each other, and the second sees what the first did.
    row = session.scalars(asked.with_for_update() if to_change else asked).first()
    if row is None:
        raise NotFound("organisation.no_lost_factor", "This request is over, or never was.")
    return row


def _list_approvers(session: Session, request_id: UUID) -> list[Approver]:
    rows = session.scalars(
        select(LostFactorApproval).where(LostFactorApproval.lost_factor_id == request_id)
    ).all()
    return [
        Approver(
            row.account_id,
            session.get_one(Account, row.account_id).is_installer,
            row.organisation_id,
        )
        for row in rows
    ]


def _row(session: Session, row: LostFactor) -> LostFactorRow:
    approvers = _list_approvers(session, row.id)
    names = (session.get_one(Account, one.account_id).name for one in approvers)
    return LostFactorRow(
        id=row.id,
        account_id=row.account_id,
        name=session.get_one(Account, row.account_id).name,
        state=row.state,
        asked_at=row.asked_at,
        from_at=row.from_at,
        approved_by=tuple(names),
        approver_ids=tuple(one.account_id for one in approvers),
    )
