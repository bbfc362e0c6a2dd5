"""Weighing priorities, bundling themes, and writing down causes."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from baken.actionplan.bodies.models import Proposal
from baken.actionplan.bodies.proposals import check_taken_on
from baken.actionplan.bodies.queries import look_at_body
from baken.actionplan.errors import InvalidTransition
from baken.actionplan.findings.models import Finding
from baken.actionplan.priorities import queries, rules
from baken.actionplan.priorities.models import (
    Cause,
    Priority,
    PriorityFinding,
    PriorityProposal,
    Theme,
    ThemeFinding,
)
from baken.actionplan.priorities.rules import (
    CauseFields,
    CauseKind,
    PriorityFields,
    PriorityState,
    Smart,
)
from baken.actionplan.references import check_exists, find, lock_organisation
from baken.actionplan.wording import check_lines, check_text, check_title
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def make_theme(
    session: Session, title: str, story: str, finding_ids: Collection[UUID], *, by: Actor
) -> Theme:
    """Bundle findings under one word; sent twice it is one theme."""
    require(by, Action.EDIT_PLANS)
    theme = Theme(title=check_title(title), story=check_text(story))
    lock_organisation(session)
    made = queries.find_same_theme(session, theme.title, theme.story, finding_ids)
    if made is not None:
        return made
    session.add(theme)
    session.flush()
    _bundle(session, theme.id, finding_ids)
    record(session, "theme.made", by=by.person_id, subject=f"theme:{theme.id}")
    return theme


def edit_theme(
    session: Session,
    theme_id: UUID,
    title: str,
    story: str,
    finding_ids: Collection[UUID],
    *,
    seen: int,
    by: Actor,
) -> Theme:
    """Word a theme better, or bundle other findings."""
    require(by, Action.EDIT_PLANS)
    theme = queries.get_theme(session, theme_id)
    check_version(theme, seen)
    theme.title, theme.story = check_title(title), check_text(story)
    session.execute(delete(ThemeFinding).where(ThemeFinding.theme_id == theme_id))
    _bundle(session, theme_id, finding_ids)
    record(session, "theme.edited", by=by.person_id, subject=f"theme:{theme.id}")
    return theme


def _bundle(session: Session, theme_id: UUID, finding_ids: Collection[UUID]) -> None:
    for finding_id in sorted(set(finding_ids)):
        finding = find(session, Finding, finding_id)
        session.add(ThemeFinding(theme_id=theme_id, finding_id=finding.id))
    session.flush()


def propose_priority(
    session: Session,
    fields: PriorityFields,
    *,
    proposal_id: UUID | None = None,
    by: Actor,
    today: date,
) -> Priority:
    """Propose a priority or a challenge of longer breath, also to take a body's proposal on.

    Sent twice it is one: the second time returns what the first one made.
    """
    require(by, Action.EDIT_PLANS)
    if proposal_id is not None:
        check_taken_on(find(session, Proposal, proposal_id).state)
    kept = _checked(session, fields)
    lock_organisation(session)
    made = queries.find_same(session, kept, fields.finding_ids, proposal_id=proposal_id)
    if made is not None:
        return made
    priority = Priority(**kept, proposed_on=today, proposed_by=by.person_id)
    session.add(priority)
    session.flush()
    _rest_on(session, priority.id, fields.finding_ids)
    if proposal_id is not None:
        session.add(PriorityProposal(priority_id=priority.id, proposal_id=proposal_id))
    _record(session, "priority.proposed", priority, by)
    return priority


def edit_priority(
    session: Session, priority_id: UUID, fields: PriorityFields, *, seen: int, by: Actor
) -> Priority:
    """Change what is said of a priority, or weigh it."""
    require(by, Action.EDIT_PLANS)
    priority = queries.get_priority(session, priority_id)
    check_version(priority, seen)
    if fields.title.strip() != priority.title and queries.is_in_vote(session, priority_id):
        raise InvalidTransition(
            "priorities.in_vote",
            "A vote on this priority is open; people chose it by its name. End the vote first, "
            "then give it another name.",
        )
    for name, value in _checked(session, fields).items():
        setattr(priority, name, value)
    session.execute(delete(PriorityFinding).where(PriorityFinding.priority_id == priority_id))
    _rest_on(session, priority_id, fields.finding_ids)
    _record(session, "priority.edited", priority, by)
    return priority


def decide_priority(
    session: Session,
    priority_id: UUID,
    after: PriorityState,
    *,
    reason: str,
    decided_in_id: UUID | None = None,
    seen: int,
    by: Actor,
    today: date,
) -> Priority:
    """Choose a priority, drop it with a reason, or open the question again.

    Parameters
    ----------
    decided_in_id : UUID, optional
        The body that decided; without one it was whoever notes it.
    """
    require(by, Action.EDIT_PLANS)
    priority = queries.get_priority(session, priority_id)
    check_version(priority, seen)
    if decided_in_id is not None:
        look_at_body(session, decided_in_id, by=by, today=today)
    fields = fields_of(session, priority)
    rules.check_transition(priority.state, after, reason=reason, fields=fields)
    priority.state, priority.reason = after, check_text(reason)
    is_open = after == PriorityState.PROPOSED
    priority.decided_on = None if is_open else today
    priority.decided_by = None if is_open else by.person_id
    priority.decided_in_id = None if is_open else decided_in_id
    _record(session, f"priority.{after.value}", priority, by)
    return priority


def _rest_on(session: Session, priority_id: UUID, finding_ids: Collection[UUID]) -> None:
    for finding_id in sorted(finding_ids):
        finding = find(session, Finding, finding_id)
        session.add(PriorityFinding(priority_id=priority_id, finding_id=finding.id))
    session.flush()


def fields_of(session: Session, priority: Priority) -> PriorityFields:
    """What was filled in so far, as the form shows it."""
    return PriorityFields(
        title=priority.title,
        kind=priority.kind,
        theme_id=priority.theme_id,
        story=priority.story,
        urgency=priority.urgency,
        feasibility=priority.feasibility,
        finding_ids=frozenset(one.id for one in queries.list_findings_of(session, priority.id)),
        smart={Smart(key): answer for key, answer in priority.smart.items()},
    )


def write_cause(
    session: Session, priority_id: UUID, fields: CauseFields, *, by: Actor, today: date
) -> Cause:
    """Write down why something is so, or why nobody has to ask."""
    require(by, Action.EDIT_PLANS)
    priority = queries.get_priority(session, priority_id)
    kept = _checked_cause(fields)
    cause = Cause(priority_id=priority.id, written_on=today, written_by=by.person_id, **kept)
    session.add(cause)
    session.flush()
    _record(session, "priority.cause_written", priority, by)
    return cause


def edit_cause(
    session: Session, cause_id: UUID, fields: CauseFields, *, seen: int, by: Actor
) -> Cause:
    """Change a note on a cause."""
    require(by, Action.EDIT_PLANS)
    cause = queries.get_cause(session, cause_id)
    check_version(cause, seen)
    for name, value in _checked_cause(fields).items():
        setattr(cause, name, value)
    priority = queries.get_priority(session, cause.priority_id)
    _record(session, "priority.cause_edited", priority, by)
    return cause


def _checked_cause(fields: CauseFields) -> dict[str, Any]:
    """What is kept of a note: an exception has no chain, a chain no motivation."""
    rules.check_cause(fields)
    is_exception = fields.kind == CauseKind.EXCEPTION
    return {
        "kind": fields.kind,
        "whys": [] if is_exception else check_lines(fields.whys),
        "root": "" if is_exception else fields.root.strip(),
        "motivation": fields.motivation.strip() if is_exception else "",
    }


def _record(session: Session, act: str, priority: Priority, by: Actor) -> None:
    record(session, act, by=by.person_id, subject=f"priority:{priority.id}")


def _checked(session: Session, fields: PriorityFields) -> dict[str, Any]:
    rules.check_priority(fields)
    check_exists(session, Theme, fields.theme_id)
    return {
        "title": fields.title.strip(),
        "kind": fields.kind,
        "theme_id": fields.theme_id,
        "story": fields.story.strip(),
        "urgency": fields.urgency,
        "feasibility": fields.feasibility,
        "smart": {key.value: said.strip() for key, said in fields.smart.items() if said.strip()},
    }
