"""The tables of requests for a risk analysis of a specific work situation."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.requests.situations.intake import Asker, Priority
from baken.actionplan.requests.situations.rules import RequestState
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class SituationRequest(OrganisationOwned, Editable, Base):
    """A request: which group, what, since when; the steps that were done stand beside it."""

    __tablename__ = "situation_request"
    __table_args__ = (CheckConstraint("group_size >= 1", name="somebody_in_group"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    state: Mapped[RequestState] = mapped_column(Name(RequestState))
    asker: Mapped[Asker] = mapped_column(Name(Asker))
    asked_on: Mapped[date]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # How many delegates of the workers ask, of how many in the committee.
    n_asking: Mapped[int | None]
    n_delegates: Mapped[int | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    group_name: Mapped[str] = mapped_column(String(200))
    group_size: Mapped[int]
    since_on: Mapped[date]
    priority: Mapped[Priority] = mapped_column(Name(Priority))
    # What is the matter and why it is urgent, sealed; None where its term is over or it stayed
    # elsewhere: then the words of its steps open nowhere either.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # A formal request of a collective kind, which the adviser handed on without names.
    is_formal: Mapped[bool] = mapped_column(default=False)
    # The risk analysis that came of it.
    analysis_id: Mapped[UUID | None] = mapped_column(ForeignKey("risk_analysis.id"))


class SituationStep(OrganisationOwned, Base):
    """One step of a request as it was done; steps are added, never changed."""

    __tablename__ = "situation_step"
    __table_args__ = (UniqueConstraint("request_id", "place", name="uq_situation_step_place"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("situation_request.id"))
    place: Mapped[int]  # from 1, in the order of the steps
    state: Mapped[RequestState] = mapped_column(Name(RequestState))  # the one that it led to
    done_on: Mapped[date]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)  # what was ticked
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # what was written
