"""The tables of the external service: the membership and its policy advices."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned


class Membership(OrganisationOwned, Editable, Base):
    """That the organisation is a member of an external service, since when."""

    __tablename__ = "external_service"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(200))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class PolicyAdvice(OrganisationOwned, Base):
    """One reasoned policy advice, or its revision."""

    __tablename__ = "policy_advice"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("external_service.id"))
    given_on: Mapped[date]
    summary: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
