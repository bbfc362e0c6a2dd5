"""Tables of measures, of the notes on how they go, and of looks back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, ForeignKey, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from baken.actionplan.indicators.types import Indicator, indicator_of
from baken.actionplan.measures.reviews import ReviewDecision
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Json, Name


class Measure(OrganisationOwned, Editable, Base):
    """Something that is done in a year, with one figure that tells whether it helped."""

    __tablename__ = "measure"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    annual_plan_id: Mapped[UUID] = mapped_column(ForeignKey("annual_plan.id"), index=True)
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id"), index=True)
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey("finding.id"), index=True)
    # Where it happens; none for the whole organisation.
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    method: Mapped[str] = mapped_column(Text)
    responsible_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    responsible_name: Mapped[str] = mapped_column(String(200))
    decider_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decider_name: Mapped[str] = mapped_column(String(200))
    who_does_what: Mapped[str] = mapped_column(Text)
    means_organisational: Mapped[str] = mapped_column(Text)
    means_material: Mapped[str] = mapped_column(Text)
    means_financial: Mapped[str] = mapped_column(Text)
    prevention_level: Mapped[PreventionLevel] = mapped_column(Name(PreventionLevel))
    scope: Mapped[Scope] = mapped_column(Name(Scope))
    domains: Mapped[list[str]] = mapped_column(Json)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    # Whether section 3.1 of the annual report names it, and at whose initiative it was taken.
    is_reported: Mapped[bool]
    initiator: Mapped[str] = mapped_column(String(200))
    status: Mapped[MeasureStatus] = mapped_column(
        Name(MeasureStatus), default=MeasureStatus.PLANNED
    )
    # The first edition of the plan that holds it; advice on an earlier one was not about it.
    since_edition: Mapped[int] = mapped_column(default=1)
    decided_on: Mapped[date | None]
    # Whole euro; none where nobody said.
    budget: Mapped[int | None]
    # Discipline of the external service -> hours asked of it.
    prevention_hours: Mapped[dict[str, float]] = mapped_column(Json, default=dict)
    # The measure of the year before that goes on in this one, and why it did not end.
    # It goes on once: of two people who carry it over at once, one is refused.
    continues_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"), unique=True)
    carried_reason: Mapped[str] = mapped_column(Text, default="")
    # What it was made from: a priority with a note on its cause.
    priority_id: Mapped[UUID | None] = mapped_column(ForeignKey("priority.id"), index=True)
    # Dutch variant: where it grips, and which subject of psychosocial load it is about.
    strategy: Mapped[str] = mapped_column(String(40), default="")
    # Whether it can change the organisation of work: then the works council advises first.
    changes_work: Mapped[bool] = mapped_column(default=False)
    topic: Mapped[str] = mapped_column(String(40), default="")
    indicator_kind: Mapped[str] = mapped_column(String(40))
    indicator_settings: Mapped[dict[str, Any]] = mapped_column(Json)

    @property
    def indicator(self) -> Indicator:
        return indicator_of(self.indicator_kind, self.indicator_settings)


class ProgressNote(OrganisationOwned, Base):
    """What somebody noted about a measure; written once, never changed."""

    __tablename__ = "progress_note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    status_before: Mapped[MeasureStatus | None] = mapped_column(Name(MeasureStatus))
    status_after: Mapped[MeasureStatus | None] = mapped_column(Name(MeasureStatus))
    # A new reading of an own figure.
    value: Mapped[float | None]
    # What shows it: where a document stands, what was seen.
    evidence: Mapped[str] = mapped_column(Text, default="")


class MeasureReview(OrganisationOwned, Base):
    """A look back at a measure: keep, adapt or stop, with two ratings; written once."""

    __tablename__ = "measure_review"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    reviewed_on: Mapped[date]
    reviewed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[ReviewDecision] = mapped_column(Name(ReviewDecision))
    # 1 to 5: whether it worked, and whether people accept it.
    worked: Mapped[int]
    accepted: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class MeasureChange(OrganisationOwned, Base):
    """One change of several measures at once, with what they were before."""

    __tablename__ = "measure_change"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    annual_plan_id: Mapped[UUID] = mapped_column(ForeignKey("annual_plan.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    # Somebody else than who made it says why.
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_reason: Mapped[str] = mapped_column(Text, default="")
    # Names of the columns that were changed, by measure: {"before": {...}, "after": {...}}.
    parts: Mapped[dict[str, Any]] = mapped_column(Json)


class NoteRewritten(Exception):
    """Code tried to change or delete a note or a review: a fault in Baken, not of a user."""


@event.listens_for(ProgressNote, "before_update")
@event.listens_for(ProgressNote, "before_delete")
@event.listens_for(MeasureReview, "before_update")
@event.listens_for(MeasureReview, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: Connection, _note: Base) -> None:
    raise NoteRewritten("A note or review is written once; add another one instead.")
