"""What a body is, and how far it is: proposed, running, ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.bodies.composition import Wanted, check_wanted
from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

NAME_LENGTH: Final = 200


class BodyKind(StrEnum):
    """Which group of people it is; the last four speak for the workers by law."""

    STEERING_GROUP = "steering_group"
    WORKING_GROUP = "working_group"
    COMMITTEE = "committee"
    WORKS_COUNCIL = "works_council"
    UNION_DELEGATION = "union_delegation"
    WORKERS = "workers"


class BodyState(StrEnum):
    """How far a body is."""

    PROPOSED = "proposed"
    RUNNING = "running"
    ENDED = "ended"


TRANSITIONS: Final[Mapping[BodyState, frozenset[BodyState]]] = {
    BodyState.PROPOSED: frozenset({BodyState.RUNNING, BodyState.ENDED}),
    BodyState.RUNNING: frozenset({BodyState.ENDED}),
    BodyState.ENDED: frozenset({BodyState.RUNNING}),
}


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How much of a body waits for an answer."""

    proposals: int = 0  # of this body, or to it
    topics: int = 0
    applications: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFields:
    """What people fill in about a body.

    `owner_id` is the person who answers for it, `owner_name` somebody without a log-in;
    `set_up_by_id` the body that asked for it.
    """

    kind: BodyKind
    name: str
    purpose: str = ""
    unit_id: UUID | None = None
    owner_id: UUID | None = None
    owner_name: str = ""
    set_up_by_id: UUID | None = None
    from_on: date
    may_decide: str = ""
    limits: str = ""
    means: str = ""
    mandate_until: date | None = None
    is_open: bool = True
    wanted: tuple[Wanted, ...] = ()


MANDATE: Final = (
    *("owner_id", "owner_name", "set_up_by_id"),
    *("may_decide", "limits", "means", "mandate_until"),
)
"""What somebody else than the group itself says of it."""


def keep_mandate(fields: BodyFields, standing: BodyFields) -> BodyFields:
    """What was filled in, with the mandate as it stands."""
    return replace(fields, **{name: getattr(standing, name) for name in MANDATE})


def check_body(fields: BodyFields) -> None:
    """Raise `Invalid` unless what was filled in holds together."""
    check_title(fields.name)
    texts = (fields.purpose, fields.may_decide, fields.limits, fields.means, fields.owner_name)
    for text in texts:
        check_text(text)
    if len(fields.owner_name) > NAME_LENGTH:
        raise Invalid(
            "bodies.name_too_long", "A name has at most {most} characters.", most=NAME_LENGTH
        )
    if fields.owner_id is not None and fields.owner_name.strip():
        raise Invalid(
            "bodies.two_owners",
            "Choose one owner from the list, or write a name; not both.",
        )
    if fields.mandate_until is not None and fields.mandate_until < fields.from_on:
        raise Invalid(
            "bodies.mandate_before_start",
            "The mandate ends before the body begins on {on}. Choose a later day.",
            on=fields.from_on,
        )
    check_wanted(fields.wanted)


def check_can_change(state: BodyState) -> None:
    """Raise `InvalidTransition` once a body ended: it stays as it was."""
    if state == BodyState.ENDED:
        raise InvalidTransition(
            "bodies.ended",
            "This body has ended and stays as it was. Take it up again to change something.",
        )


def check_can_start(state: BodyState, fields: BodyFields, *, n_members: int) -> None:
    """Raise `InvalidTransition` unless the body may begin: it has people, and a group a mandate."""
    _check_step(state, BodyState.RUNNING)
    if not n_members:
        raise InvalidTransition(
            "bodies.nobody_sits", "Nobody sits in this body yet. Add its members first."
        )
    if fields.kind != BodyKind.WORKING_GROUP:
        return
    if not fields.may_decide.strip() or not fields.limits.strip():
        raise InvalidTransition(
            "bodies.mandate_missing",
            "Write first what the group may decide and where its limits are. "
            "A group that does not know that stops at the first question.",
        )
    if fields.owner_id is None and not fields.owner_name.strip():
        raise InvalidTransition(
            "bodies.owner_missing", "Say first who answers for the group and takes its results on."
        )


def check_can_end(
    state: BodyState,
    outcome: str,
    *,
    ended_on: date,
    from_on: date,
    waits: Unanswered,
    today: date,
) -> None:
    """Raise unless the body may end: what came of it is written, and nobody waits for an answer."""
    _check_step(state, BodyState.ENDED)
    if not check_text(outcome):
        raise Invalid(
            "bodies.outcome_missing",
            "Write what came of it, also when that is little: whoever took part wants to know.",
        )
    if not from_on <= ended_on <= today:
        raise Invalid(
            "bodies.end_outside",
            "The last day lies between the first day, {from_on}, and today. Choose such a day.",
            from_on=from_on,
        )
    _check_answered(waits)


def check_can_resume(state: BodyState) -> None:
    """Raise `InvalidTransition` unless the body ended."""
    if state != BodyState.ENDED:
        raise InvalidTransition("bodies.not_ended", "This body did not end; there is no need.")


def _check_answered(waits: Unanswered) -> None:
    if waits.proposals:
        raise InvalidTransition(
            "bodies.proposals_open",
            "Proposals without an answer: {n}. They get a written answer with reasons before the "
            "body ends.",
            n=waits.proposals,
        )
    if waits.topics:
        raise InvalidTransition(
            "bodies.topics_open",
            "Topics without an answer: {n}. Whoever brought them hears something before the body "
            "ends.",
            n=waits.topics,
        )
    if waits.applications:
        raise InvalidTransition(
            "bodies.applications_open",
            "People who came forward and heard nothing: {n}. Answer them before the body ends.",
            n=waits.applications,
        )


def _check_step(before: BodyState, after: BodyState) -> None:
    if after not in TRANSITIONS[before]:
        raise InvalidTransition(
            "bodies.state_impossible",
            "This step is not possible for this body now. Look at where it stands first.",
        )
