"""The table of feedback pages."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json


class FeedbackPage(OrganisationOwned, Editable, Base):
    """What workers said and what was done with it, for one unit or for everybody."""

    __tablename__ = "feedback_page"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # None for the whole organisation.
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    intro: Mapped[str] = mapped_column(Text)
    # {"said", "did", "status"}; as people typed them, without any figure by itself.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # What everybody may read: the page as it was on the day of its release; none before.
    released: Mapped[dict[str, Any] | None] = mapped_column(Json)
    released_on: Mapped[date | None]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
