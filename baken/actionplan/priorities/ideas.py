"""Writing ideas into the inventory, also from the library, and deciding on them."""

from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.priorities import queries, rules
from baken.actionplan.priorities.library import LibraryIdea
from baken.actionplan.priorities.models import Idea, Priority
from baken.actionplan.priorities.rules import IdeaFields, IdeaState
from baken.actionplan.references import check_exists, lock_organisation
from baken.actionplan.wording import check_lines, check_text
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def note_idea(
    session: Session,
    fields: IdeaFields,
    *,
    priority_id: UUID | None,
    is_in_place: bool = False,
    library: LibraryIdea | None = None,
    by: Actor,
    today: date,
) -> Idea:
    """Write an idea into the inventory; one that is in place already stands there as such.

    Sent twice it is one: the second time returns what the first one made.

    Parameters
    ----------
    library : LibraryIdea, optional
        The idea of the library it grew from.
    """
    require(by, Action.EDIT_PLANS)
    check_exists(session, Priority, priority_id)
    kept = {
        "priority_id": priority_id,
        "state": IdeaState.IN_PLACE if is_in_place else IdeaState.NEW,
        "library_key": library.key if library else "",
        **_checked(fields),
    }
    lock_organisation(session)
    made = queries.find_same_idea(session, kept)
    if made is not None:
        return made
    idea = Idea(noted_on=today, noted_by=by.person_id, **kept)
    session.add(idea)
    session.flush()
    _record(session, "idea.noted", idea, by)
    return idea


def edit_idea(
    session: Session,
    idea_id: UUID,
    fields: IdeaFields,
    *,
    priority_id: UUID | None,
    seen: int,
    by: Actor,
) -> Idea:
    """Change an idea, its pros and cons, or what it would help."""
    require(by, Action.EDIT_PLANS)
    idea = queries.get_idea(session, idea_id)
    check_version(idea, seen)
    check_exists(session, Priority, priority_id)
    for name, value in _checked(fields).items():
        setattr(idea, name, value)
    idea.priority_id = priority_id
    _record(session, "idea.edited", idea, by)
    return idea


def decide_idea(
    session: Session,
    idea_id: UUID,
    after: IdeaState,
    *,
    reason: str,
    seen: int,
    by: Actor,
    today: date,
) -> Idea:
    """Keep an idea, choose it, drop it with a reason, or take it up again."""
    require(by, Action.EDIT_PLANS)
    idea = queries.get_idea(session, idea_id)
    check_version(idea, seen)
    rules.check_idea_transition(idea.state, after, reason=reason)
    idea.state, idea.reason = after, check_text(reason)
    idea.decided_on, idea.decided_by = today, by.person_id
    facts = {"state": after.value}
    record(session, "idea.decided", by=by.person_id, subject=f"idea:{idea.id}", facts=facts)
    return idea


def _record(session: Session, act: str, idea: Idea, by: Actor) -> None:
    record(session, act, by=by.person_id, subject=f"idea:{idea.id}")


def _checked(fields: IdeaFields) -> dict[str, Any]:
    rules.check_idea(fields)
    return {
        "title": fields.title.strip(),
        "text": fields.text.strip(),
        "dimension": fields.dimension,
        "level": fields.level,
        "scope": fields.scope,
        "is_quick_win": fields.is_quick_win,
        "pros": check_lines(fields.pros),
        "cons": check_lines(fields.cons),
    }
