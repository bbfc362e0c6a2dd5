"""Reading themes, priorities, causes and ideas."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.queries import OLDEST_FIRST
from baken.actionplan.priorities import rules
from baken.actionplan.priorities.models import (
    Ballot,
    BallotOption,
    Cause,
    Idea,
    Priority,
    PriorityFinding,
    PriorityProposal,
    Theme,
    ThemeFinding,
)
from baken.actionplan.priorities.rules import IdeaState, MixWarning, PriorityState
from baken.actionplan.references import find
from baken.storage.session import Session


def get_theme(session: Session, theme_id: UUID) -> Theme:
    """Return one theme."""
    return find(session, Theme, theme_id)


# Of one day by what they are called: an identifier is random.
OLDEST_PROPOSED: Final = (Priority.proposed_on, Priority.title, Priority.id)
CAUSES_ORDER: Final = (Cause.written_on, Cause.root, Cause.motivation, Cause.id)


def get_priority(session: Session, priority_id: UUID) -> Priority:
    """Return one priority or challenge."""
    return find(session, Priority, priority_id)


def get_idea(session: Session, idea_id: UUID) -> Idea:
    """Return one idea."""
    return find(session, Idea, idea_id)


def get_cause(session: Session, cause_id: UUID) -> Cause:
    """Return one note on a cause."""
    return find(session, Cause, cause_id)


def list_themes(session: Session) -> list[Theme]:
    """Return all themes by their title."""
    return sorted(session.scalars(select(Theme)), key=lambda one: (one.title.casefold(), one.id))


def list_priorities(session: Session) -> list[Priority]:
    """Return all priorities and challenges, what comes first first, what was dropped last."""
    rows = session.scalars(select(Priority).order_by(*OLDEST_PROPOSED))
    return sorted(
        rows,
        key=lambda row: (
            row.state == PriorityState.DROPPED,
            *rules.rank_of(row.urgency, row.feasibility),
        ),
    )


def find_same(
    session: Session,
    kept: Mapping[str, Any],
    finding_ids: Collection[UUID],
    *,
    proposal_id: UUID | None,
) -> Priority | None:
    """Return the priority that says exactly this and waits for a decision, if there is one."""
    asked = select(Priority).where(
        Priority.title == kept["title"], Priority.state == PriorityState.PROPOSED
    )
    wanted = set(finding_ids), set() if proposal_id is None else {proposal_id}
    for one in session.scalars(asked.order_by(*OLDEST_PROPOSED)):
        found = {finding.id for finding in list_findings_of(session, one.id)}
        takes_on = select(PriorityProposal.proposal_id)
        taken = set(session.scalars(takes_on.where(PriorityProposal.priority_id == one.id)))
        said = all(getattr(one, name) == value for name, value in kept.items())
        if said and (found, taken) == wanted:
            return one
    return None


def find_same_idea(session: Session, kept: Mapping[str, Any]) -> Idea | None:
    """Return the idea that says exactly this and that nobody decided on, if there is one."""
    asked = select(Idea).where(Idea.title == kept["title"], Idea.decided_on.is_(None))
    for one in session.scalars(asked.order_by(Idea.noted_on, Idea.id)):
        if all(getattr(one, name) == value for name, value in kept.items()):
            return one
    return None


def find_same_theme(
    session: Session, title: str, story: str, finding_ids: Collection[UUID]
) -> Theme | None:
    """Return the theme that says exactly this and bundles the same findings, if there is one."""
    asked = select(Theme).where(Theme.title == title, Theme.story == story)
    bundled = select(ThemeFinding.finding_id)
    for one in session.scalars(asked.order_by(Theme.id)):
        found = session.scalars(bundled.where(ThemeFinding.theme_id == one.id))
        if set(found) == set(finding_ids):
            return one
    return None


def list_causes(session: Session, priority_id: UUID) -> list[Cause]:
    """Return the notes on the causes of a priority, the oldest first."""
    asked = select(Cause).where(Cause.priority_id == priority_id)
    return list(session.scalars(asked.order_by(*CAUSES_ORDER)))


def list_ideas(session: Session, *, priority_id: UUID | None = None) -> list[Idea]:
    """Return the inventory, newest first: all of it, or what would help one priority."""
    asked = select(Idea).order_by(Idea.noted_on.desc(), Idea.title, Idea.id)
    if priority_id is not None:
        asked = asked.where(Idea.priority_id == priority_id)
    return list(session.scalars(asked))


def list_priorities_of_proposal(session: Session, proposal_id: UUID) -> list[Priority]:
    """Return the priorities that take a body's proposal on, the oldest first."""
    asked = (
        select(Priority)
        .join(PriorityProposal, PriorityProposal.priority_id == Priority.id)
        .where(PriorityProposal.proposal_id == proposal_id)
    )
    return list(session.scalars(asked.order_by(*OLDEST_PROPOSED)))


def list_findings_of(session: Session, priority_id: UUID) -> list[Finding]:
    """Return the findings a priority rests on, oldest first."""
    asked = (
        select(Finding)
        .join(PriorityFinding, PriorityFinding.finding_id == Finding.id)
        .where(PriorityFinding.priority_id == priority_id)
    )
    return list(session.scalars(asked.order_by(*OLDEST_FIRST)))


def list_findings_of_theme(session: Session, theme_id: UUID) -> list[Finding]:
    """Return the findings a theme bundles, oldest first."""
    asked = (
        select(Finding)
        .join(ThemeFinding, ThemeFinding.finding_id == Finding.id)
        .where(ThemeFinding.theme_id == theme_id)
    )
    return list(session.scalars(asked.order_by(*OLDEST_FIRST)))


def check_ready_for_measure(session: Session, priority_id: UUID) -> Priority:
    """Return the priority when a measure may be made from it, or raise `InvalidTransition`."""
    priority = get_priority(session, priority_id)
    causes = session.scalars(select(Cause.kind).where(Cause.priority_id == priority_id)).all()
    rules.check_ready_for_measure(priority.state, causes)
    return priority


def is_in_vote(session: Session, priority_id: UUID) -> bool:
    """Whether people are choosing this priority, or another one, at the moment."""
    asked = (
        select(BallotOption.ballot_id)
        .join(Ballot, Ballot.id == BallotOption.ballot_id)
        .where(BallotOption.priority_id == priority_id, Ballot.closed_on.is_(None))
    )
    return session.scalars(asked.limit(1)).first() is not None


def list_ready(session: Session) -> list[Priority]:
    """Return the priorities from which a measure may be made now, what comes first first."""
    with_cause = set(session.scalars(select(Cause.priority_id)))
    return [
        row
        for row in list_priorities(session)
        if row.state == PriorityState.CHOSEN and row.id in with_cause
    ]


def warnings_of(ideas: Iterable[Idea]) -> tuple[MixWarning, ...]:
    """What the chosen ideas among these lack together."""
    return rules.list_warnings(
        rules.Choice(idea.level, idea.scope, idea.is_quick_win)
        for idea in ideas
        if idea.state == IdeaState.CHOSEN
    )
