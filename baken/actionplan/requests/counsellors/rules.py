"""Confidential counsellors: who can be one, from how many people one is due, what they learn when.

Act of 5 November 2023 and book I title 3 of the codex; the numbers stand in `law.toml`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from baken.actionplan.errors import Invalid
from baken.actionplan.requests.dates import add_years
from baken.actionplan.requests.law import Function, law, value_of
from baken.actionplan.wording import check_text
from baken.organisation.permissions import Holders, Role


class Agreement(StrEnum):
    """Who agreed beforehand: the first of these that exists."""

    COMMITTEE = "committee"  # all workers' representatives in it
    DELEGATION = "delegation"
    WORKERS = "workers"  # a notice, and fifteen days to write comments in a register
    INSPECTORATE = "inspectorate"  # no agreement; mediation, then advice, then a motivated choice


class TrainingKind(StrEnum):
    """What was learned."""

    BASIC = "basic"
    SUPERVISION = "supervision"
    OTHER = "other"


class Duty(StrEnum):
    """What an organisation of this size owes."""

    UNKNOWN = "unknown"  # nobody has said how many people work here
    MANDATORY = "mandatory"
    STAFF_WHERE_EXTERNAL = "staff_where_external"
    ON_REQUEST = "on_request"


class Due(StrEnum):
    """What waits about one counsellor."""

    BASIC = "basic"
    SUPERVISION = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """What is written down when somebody becomes a counsellor."""

    is_staff: bool
    agreement: Agreement
    agreed_on: date
    agreement_text: str
    appointed_on: date
    functions: tuple[str, ...] = ()
    is_old: bool = False  # appointed before a function was excluded, as the law says until when
    has_looked: bool = False  # somebody looked whether roles of this person are such a function


@dataclass(frozen=True, slots=True)
class Learned:
    """One training, as the rules look at it: `hours` in `days` days."""

    kind: TrainingKind
    done_on: date
    hours: float
    days: int


@dataclass(frozen=True, slots=True)
class DueOn:
    """Something that is due, and until when."""

    what: Due
    on: date


@dataclass(frozen=True, slots=True)
class RoleConflict:
    """A role in Baken that is, or may be, a function which excludes a counsellor."""

    function: Function
    role: Role


def duty_of(people: int | None) -> Duty:
    """Return what an organisation with so many people owes; in people, not full-time posts."""
    if people is None:
        return Duty.UNKNOWN
    if people >= value_of("counsellor_from"):
        return Duty.MANDATORY
    if people >= value_of("counsellor_staff_from"):
        return Duty.STAFF_WHERE_EXTERNAL
    return Duty.ON_REQUEST


def is_short(people: int | None, *, n_counsellors: int, n_staff: int) -> bool:
    """Whether an organisation for which a counsellor is mandatory has none of its own staff."""
    return duty_of(people) is Duty.MANDATORY and (n_counsellors == 0 or n_staff == 0)


def comments_until(notice_on: date) -> date:
    """Return the last day on which workers write comments in the register."""
    return notice_on + timedelta(days=value_of("comments_days"))


def check_appointment(asked: Appointment, *, today: date) -> None:
    """Raise `Invalid` unless somebody can become counsellor like this."""
    _check_functions(asked.functions, asked)
    if asked.appointed_on > today:
        raise Invalid(
            "requests.appointed_in_future",
            "The appointment cannot be dated later than today: write it down on the day.",
        )
    if asked.agreed_on > asked.appointed_on:
        raise Invalid(
            "requests.agreed_afterwards",
            "The workers' side agrees before the appointment: this agreement is of {agreed_on}, "
            "the appointment of {appointed_on}.",
            agreed_on=asked.agreed_on,
            appointed_on=asked.appointed_on,
        )
    check_text(asked.agreement_text)
    if asked.agreement is Agreement.WORKERS:
        _check_comments(asked)
    if asked.agreement is Agreement.INSPECTORATE and not asked.agreement_text.strip():
        raise Invalid(
            "requests.no_motivation",
            "Write down what the inspectorate advised, and why the employer decides as it does.",
        )


def _check_comments(asked: Appointment) -> None:
    last = comments_until(asked.agreed_on)
    if asked.appointed_on <= last:
        raise Invalid(
            "requests.comments_still_open",
            "Workers may write comments in the register until {last}. Appoint after that day.",
            last=last,
        )


def _check_functions(functions: Collection[str], asked: Appointment) -> None:
    chosen = [one for one in law().functions if one.key in functions]
    if any(not (asked.is_old and keeps(one, asked.appointed_on)) for one in chosen):
        raise Invalid(
            "requests.not_compatible",
            "Somebody with this function cannot be a confidential counsellor. Choose another "
            "person, or appoint once the function has ended.",
        )


def keeps(function: Function, appointed_on: date) -> bool:
    """Whether somebody appointed on a day may go on having a function that is excluded since."""
    return function.old_until is not None and appointed_on <= function.old_until


def conflicts_of(roles: Iterable[Role], appointed_on: date) -> tuple[RoleConflict, ...]:
    """Return which roles of a counsellor are, or may be, a function that does not go together."""
    return tuple(
        RoleConflict(function, role)
        for role in sorted(roles)
        for function in law().functions
        if role in function.roles and not keeps(function, appointed_on)
    )


def check_roles(conflicts: Collection[RoleConflict], *, has_looked: bool) -> None:
    """Raise `Invalid` for a role that is excluded, or may be and nobody has looked."""
    plain = tuple(one.role for one in conflicts if one.function.is_plain)
    if plain:
        raise Invalid(
            "requests.role_not_compatible",
            "This person has in Baken the role of {roles}, and a confidential counsellor cannot be "
            "that. Choose another person, or end the role first.",
            roles=Holders(plain),
        )
    if conflicts and not has_looked:
        raise Invalid(
            "requests.role_to_look_at",
            "This person has in Baken the role of {roles}. Look whether that is a function which "
            "excludes a confidential counsellor; if it is not, tick below that you looked.",
            roles=Holders(tuple(dict.fromkeys(one.role for one in conflicts))),
        )


def check_learned(learned: Learned, *, appointed_on: date, today: date) -> None:
    """Raise `Invalid` for a training that cannot have been."""
    if learned.done_on > today:
        raise Invalid("requests.trained_in_future", "Write a training down once it is over.")
    if not 0 < learned.hours <= 1000 or not 1 <= learned.days <= 200:
        raise Invalid("requests.odd_hours", "Look at the hours and days once more.")
    if learned.kind is TrainingKind.SUPERVISION and learned.done_on < appointed_on:
        raise Invalid(
            "requests.supervised_before",
            "A supervision comes after the appointment of {appointed_on}.",
            appointed_on=appointed_on,
        )


def is_trained(learned: Iterable[Learned]) -> bool:
    """Whether the basic training is complete: enough hours on enough days, in parts or at once."""
    basic = [one for one in learned if one.kind is TrainingKind.BASIC]
    hours, days = sum(one.hours for one in basic), sum(one.days for one in basic)
    return hours >= value_of("training_hours") and days >= value_of("training_days")


def list_due(appointed_on: date, learned: Collection[Learned]) -> tuple[DueOn, ...]:
    """Return what is due for a counsellor and until when, the nearest first."""
    found = []
    if not is_trained(learned):
        found.append(DueOn(Due.BASIC, add_years(appointed_on, value_of("training_years"))))
    supervised = [one.done_on for one in learned if one.kind is TrainingKind.SUPERVISION]
    last = max(supervised, default=appointed_on)
    found.append(DueOn(Due.SUPERVISION, add_years(last, value_of("supervision_years"))))
    return tuple(sorted(found, key=lambda one: one.on))
