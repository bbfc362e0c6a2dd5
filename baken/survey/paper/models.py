"""Forms as they were printed, stacks of forms that are read, and the end of the paper."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name
from baken.survey.campaigns.models import Campaign
from baken.survey.paper.rules import BatchState, Way

ID_BYTES = 16


class PaperForm(OrganisationOwned, Base):
    """A form as it was set when it was first printed; never changed, for it is read by its places.

    It holds nothing about who got one, nor how many there are.
    """

    __tablename__ = "paper_form"
    __table_args__ = (UniqueConstraint("campaign_id", "edition"),)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    large: Mapped[bool] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(String(8))
    # As `baken.survey.paper.composing.ink.Form` writes it.
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class PaperBatch(OrganisationOwned, Editable, Base):
    """One shuffled stack of forms and how its entry went: counts only, nothing about one form."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        CheckConstraint("counted >= 1", name="at_least_one_form"),
        CheckConstraint(
            "n_sealed >= 0 AND n_blank >= 0 AND n_surplus >= 0 AND n_aside >= 0",
            name="no_less_than_none",
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    # Key of a frozen unit: the forms are of that unit or of one below it.
    unit: Mapped[str] = mapped_column(String(36))
    language: Mapped[str] = mapped_column(String(8))
    way: Mapped[Way] = mapped_column(Name(Way))
    # Forms in the stack, counted by hand before anything is read.
    counted: Mapped[int]
    # The one day on which what was read of the forms is readable.
    opened_on: Mapped[date]
    state: Mapped[BatchState] = mapped_column(Name(BatchState), default=BatchState.ENTERING)
    # People (`person.id`) who entered first, entered a second time, and decided.
    first_by: Mapped[UUID]
    second_by: Mapped[UUID | None]
    decided_by: Mapped[UUID | None]
    # Counts that stay: fields entered twice, those that differed, and whose value was wrong.
    fields_checked: Mapped[int] = mapped_column(default=0)
    fields_differing: Mapped[int] = mapped_column(default=0)
    first_wrong: Mapped[int] = mapped_column(default=0)
    second_wrong: Mapped[int] = mapped_column(default=0)
    # Of the first entry: group or language of a form.
    identifiers_wrong: Mapped[int] = mapped_column(default=0)
    # unit -> sheets of it in the spool; stands beside it, so that it is known without the key
    waiting: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    n_sheets: Mapped[int] = mapped_column(default=0)
    n_sheets_checked: Mapped[int] = mapped_column(default=0)
    n_sealed: Mapped[int] = mapped_column(default=0)
    n_blank: Mapped[int] = mapped_column(default=0)
    # Forms of another group or language that lay in the stack, and forms without a place.
    n_aside: Mapped[int] = mapped_column(default=0)
    n_surplus: Mapped[int] = mapped_column(default=0)


class SpoolSheet(OrganisationOwned, Base):
    """What was read of one form, encrypted with the key of its batch, until it is sealed.

    The identifier is random and the place in the stack stands inside: rows have no order.
    """

    __tablename__ = "spool_sheet"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(PaperBatch.id), index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class SpoolImage(OrganisationOwned, Base):
    """One page of a scan, encrypted with the key of its batch, until its sheet is sealed."""

    __tablename__ = "spool_image"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(PaperBatch.id), index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class PaperDestruction(OrganisationOwned, Base):
    """That the forms of a campaign were destroyed: written once, never changed."""

    __tablename__ = "paper_destruction"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), unique=True)
    destroyed_on: Mapped[date]
    how: Mapped[str] = mapped_column(String(200))
    witness: Mapped[str] = mapped_column(String(200))
    logged_by: Mapped[UUID]
    logged_on: Mapped[date]
