"""Tables of themes, priorities, causes, ideas and votes."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.bodies.models import Body, Proposal
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.priorities.rules import CauseKind, IdeaState, PriorityKind, PriorityState
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class Theme(OrganisationOwned, Editable, Base):
    """A word under which findings and priorities belong together."""

    __tablename__ = "theme"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    story: Mapped[str] = mapped_column(Text, default="")


class ThemeFinding(OrganisationOwned, Base):
    """A finding that a theme bundles."""

    __tablename__ = "theme_finding"
    theme_id: Mapped[UUID] = mapped_column(ForeignKey("theme.id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)


class Priority(OrganisationOwned, Editable, Base):
    """Something that comes first, or a challenge of longer breath."""

    __tablename__ = "priority"
    __table_args__ = (
        CheckConstraint("urgency BETWEEN 0 AND 5", name="urgency"),
        CheckConstraint("feasibility BETWEEN 0 AND 5", name="feasibility"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    theme_id: Mapped[UUID | None] = mapped_column(ForeignKey("theme.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PriorityKind] = mapped_column(Name(PriorityKind))
    story: Mapped[str] = mapped_column(Text, default="")
    # From 1 to 5; 0 while nobody weighed it.
    urgency: Mapped[int] = mapped_column(default=0)
    feasibility: Mapped[int] = mapped_column(default=0)
    # Question of the check -> answer.
    smart: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[PriorityState] = mapped_column(
        Name(PriorityState), default=PriorityState.PROPOSED
    )
    proposed_on: Mapped[date]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    # Who noted the decision, and the body that took it, where one did.
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_in_id: Mapped[UUID | None] = mapped_column(ForeignKey(Body.id), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")


class PriorityFinding(OrganisationOwned, Base):
    """A finding that a priority rests on."""

    __tablename__ = "priority_finding"
    priority_id: Mapped[UUID] = mapped_column(ForeignKey("priority.id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)


class PriorityProposal(OrganisationOwned, Base):
    """A proposal of a body, accepted at least in part, that a priority takes on."""

    __tablename__ = "priority_proposal"
    priority_id: Mapped[UUID] = mapped_column(ForeignKey("priority.id"), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey(Proposal.id), primary_key=True)


class Cause(OrganisationOwned, Editable, Base):
    """Why something is as it is, or why nobody had to ask."""

    __tablename__ = "cause"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    priority_id: Mapped[UUID] = mapped_column(ForeignKey("priority.id"), index=True)
    kind: Mapped[CauseKind] = mapped_column(Name(CauseKind))
    whys: Mapped[list[str]] = mapped_column(Json, default=list)
    root: Mapped[str] = mapped_column(Text, default="")
    motivation: Mapped[str] = mapped_column(Text, default="")
    written_on: Mapped[date]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class Idea(OrganisationOwned, Editable, Base):
    """Something that could be done, or is done already."""

    __tablename__ = "idea"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # What it would help; none for what stands in the inventory on its own.
    priority_id: Mapped[UUID | None] = mapped_column(ForeignKey("priority.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    dimension: Mapped[str] = mapped_column(String(4), default="")
    level: Mapped[PreventionLevel] = mapped_column(Name(PreventionLevel))
    scope: Mapped[Scope] = mapped_column(Name(Scope))
    is_quick_win: Mapped[bool] = mapped_column(default=False)
    pros: Mapped[list[str]] = mapped_column(Json, default=list)
    cons: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[IdeaState] = mapped_column(Name(IdeaState), default=IdeaState.NEW)
    reason: Mapped[str] = mapped_column(Text, default="")
    # The idea of the library it grew from, as it is named there; empty for one's own.
    library_key: Mapped[str] = mapped_column(String(40), default="")
    noted_on: Mapped[date]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Ballot(OrganisationOwned, Editable, Base):
    """A vote on priorities in a group."""

    __tablename__ = "ballot"
    __table_args__ = (CheckConstraint("dots >= 1", name="dots"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    is_anonymous: Mapped[bool]
    dots: Mapped[int]
    # Who may vote: whoever holds one of these roles, or decides in this body.
    roles: Mapped[list[str]] = mapped_column(Json)
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey(Body.id), index=True)
    min_group: Mapped[int]
    opened_on: Mapped[date]
    closes_on: Mapped[date]
    closed_on: Mapped[date | None]
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class BallotOption(OrganisationOwned, Base):
    """Something to vote for, with the dots it got so far."""

    __tablename__ = "ballot_option"
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    priority_id: Mapped[UUID] = mapped_column(ForeignKey("priority.id"), primary_key=True)
    n_dots: Mapped[int] = mapped_column(default=0)


class BallotVoter(OrganisationOwned, Base):
    """Somebody who voted; what they chose stands here in a named vote only."""

    __tablename__ = "ballot_voter"
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # Priorities by their id; none in an anonymous vote.
    choices: Mapped[list[str] | None] = mapped_column(Json)
