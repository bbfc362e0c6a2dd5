"""Who may let somebody set up a new second factor, and from when: pure rules.

Whoever replaces a factor can become that person. So two others decide, each with a factor of their
own shown a moment ago. Two administrators of one small client cannot take over an account with
which somebody works for forty, nor the account of their own adviser; and nobody makes the second
of the two on the spot.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from baken.organisation.accounts.models import LostFactorState
from baken.organisation.errors import Conflict, Denied
from baken.organisation.handing_out import SETTLED, is_settled
from baken.organisation.permissions import Role

N_APPROVALS: Final = 2
APPROVING_ROLES: Final = frozenset({Role.ADMINISTRATOR, Role.MAIN_CONTACT})
# These read, or will read, the register of third-party facts: the person gets a day to object.
DELAYED_ROLES: Final = frozenset(
    {Role.ADVISER, Role.PREVENTION_ADVISER, Role.CONFIDENTIAL_COUNSELLOR, Role.EMPLOYER}
)
DELAY: Final = timedelta(hours=24)
# A request that nobody has dealt with in a week is over; the person asks again.
LIFE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an account reaches: what somebody who took it over could get at."""

    account_id: UUID
    organisation_ids: frozenset[UUID]
    roles: frozenset[Role]
    is_installer: bool

    @property
    def needs_installer(self) -> bool:
        """Whether one of the two must look after the whole installation."""
        return self.is_installer or len(self.organisation_ids) != 1

    @property
    def delay(self) -> timedelta:
        """How long the person has to object."""
        return DELAY if self.needs_installer or self.reads_facts else timedelta(0)

    @property
    def reads_facts(self) -> bool:
        """Whether it reads, or will read, the register of third-party facts."""
        return not DELAYED_ROLES.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who approves: an installer, or an administrator of one organisation."""

    account_id: UUID
    is_installer: bool
    organisation_id: UUID | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody who approves or approved holds now.

    `since_on` is the day since when, without a break, this person approves in the organisation,
    `facts_since_on` the same for a role that reads the register; None where that is over.
    """

    is_installer: bool = False
    since_on: date | None = None
    facts_since_on: date | None = None

    @property
    def counts(self) -> bool:
        """Whether this person may approve anything today."""
        return self.is_installer or self.since_on is not None


def check_enough(reach: Reach, who: Collection[Standing], *, asked_on: date) -> None:
    """Raise `Denied` while these together are not enough, whoever else comes.

    Somebody who looks after the whole installation is enough for one of the two. Without such a
    person each has to be settled, and for an account that reads facts one has to read them too.
    """
    if any(one.is_installer for one in who):
        return
    if len(who) >= N_APPROVALS and reach.needs_installer:
        raise Denied(
            "organisation.lost_factor_needs_installer",
            "This account works for more than one organisation. One of the two who approve must "
            "be somebody who looks after the whole installation.",
        )
    if not all(is_settled(one.since_on, asked_on) for one in who):
        raise Denied(
            "organisation.lost_factor_too_new",
            "Only who could approve {n} days before this was asked may do so. Somebody who looks "
            "after the whole installation has to approve first.",
            n=SETTLED.days,
        )
    reads = any(is_settled(one.facts_since_on, asked_on) for one in who)
    if len(who) >= N_APPROVALS and reach.reads_facts and not reads:
        raise Denied(
            "organisation.lost_factor_needs_reader",
            "This account has a role that reads confidential facts. One of the two who approve "
            "must hold such a role too, or look after the whole installation.",
        )


def check_may_approve(reach: Reach, approver: Approver, earlier: Collection[Approver]) -> None:
    """Raise unless this is somebody else, from the right place, who has not approved yet."""
    check_may_look(reach, approver)
    if approver.account_id in {one.account_id for one in earlier}:
        raise Conflict(
            "organisation.lost_factor_approved_by_you",
            "You have approved this already. Somebody else must approve it too.",
        )


def check_may_look(reach: Reach, approver: Approver) -> None:
    """Raise `Denied` for the person concerned, and for somebody from another organisation."""
    if approver.account_id == reach.account_id:
        raise Denied(
            "organisation.lost_factor_own",
            "Others decide about your second factor. You cannot do this yourself.",
        )
    if not approver.is_installer and approver.organisation_id not in reach.organisation_ids:
        raise Denied(
            "organisation.lost_factor_elsewhere",
            "Only an administrator of an organisation where this person has a task may do this.",
        )


def check_open(state: LostFactorState) -> None:
    """Raise `Conflict` unless there is still something to decide."""
    if state is not LostFactorState.ASKED:
        raise Conflict(
            "organisation.lost_factor_decided",
            "This request has been approved, carried out or stopped in the meantime.",
        )


def check_may_start_anew(
    state: LostFactorState, from_at: datetime | None, *, now: datetime
) -> None:
    """Raise unless two have approved and the day to object is over."""
    if state is not LostFactorState.APPROVED or from_at is None or now < from_at:
        raise Denied(
            "organisation.lost_factor_not_yet",
            "Your second factor cannot be replaced yet. The page says what is still needed.",
        )
