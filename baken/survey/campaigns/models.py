"""Campaigns and the public names under which they are found."""

import hashlib
import json
from datetime import date
from typing import Any, TypedDict
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name
from baken.survey.campaigns.rules import AFTER_OPENING, CampaignState
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP
from baken.survey.disclosure.tree import Tree, UnitNode


class FrozenUnit(TypedDict):
    """A unit as it was at the launch; `headcount` counts the people attached to it directly."""

    key: str
    parent: str | None
    number: str
    name: str
    kind: str
    headcount: int


class SheetShape(TypedDict):
    """What an answer sheet of the campaign looks like."""

    items: list[list[Any]]  # [number of values, may be "does not apply"]
    backgrounds: list[list[Any]]  # [key, number of bands]
    open_questions: list[list[Any]]  # [key, bytes at most]


class Campaign(OrganisationOwned, Editable, Base):
    """One round of one instrument in one organisation."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("min_group >= 5", name="min_group_floor"),
        CheckConstraint("closes_on >= opens_on", name="closes_after_opening_day"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[CampaignState] = mapped_column(Name(CampaignState), default=CampaignState.DRAFT)
    instrument_key: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(40))
    instrument_fingerprint: Mapped[str] = mapped_column(String(64))
    languages: Mapped[list[str]] = mapped_column(Json)
    # First and last day on which answers are accepted, both included.
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    # k of the promise: the smallest group about which anything is ever said.
    min_group: Mapped[int] = mapped_column(default=DEFAULT_MIN_GROUP)
    spares_per_unit: Mapped[int] = mapped_column(default=0)
    # question -> band -> people in the whole organisation, entered before the launch
    background_headcounts: Mapped[dict[str, dict[str, int]]] = mapped_column(Json)
    adviser_name: Mapped[str] = mapped_column(String(200), default="")
    key_holder: Mapped[str] = mapped_column(String(400), default="")
    contact: Mapped[str] = mapped_column(String(400), default="")
    answers_until_on: Mapped[date]
    comments_until_on: Mapped[date]

    # Frozen at the launch.
    unit_tree: Mapped[list[FrozenUnit] | None] = mapped_column(Json)
    min_group_at_launch: Mapped[int | None]
    tree_sha256: Mapped[str | None] = mapped_column(String(64))
    box_public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    key_fingerprint: Mapped[str | None] = mapped_column(String(64))
    box_size: Mapped[int | None]
    sheet_shape: Mapped[SheetShape | None] = mapped_column(Json)
    launched_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    # Known from the opening on.
    opened_on: Mapped[date | None]
    too_few: Mapped[bool] = mapped_column(default=False)
    n_issued: Mapped[int | None]
    n_answers: Mapped[int | None]
    # unit -> the label that counts the people attached to it, since the opening
    label_of: Mapped[dict[str, str] | None] = mapped_column(Json)
    # Background columns that stand beside the answers, in order.
    kept_columns: Mapped[list[str] | None] = mapped_column(Json)
    backed_up_on: Mapped[date | None]
    # The keys are destroyed in one moment; the last copy of the key store is gone on this day.
    keys_destroyed_on: Mapped[date | None]
    copies_expire_on: Mapped[date | None]
    scrubbed_on: Mapped[date | None]

    @property
    def is_opened(self) -> bool:
        return self.state in AFTER_OPENING

    @property
    def tree(self) -> Tree:
        """The frozen units; only a campaign that was launched has them."""
        return tree_of(self.unit_tree or [])

    @property
    def has_intact_tree(self) -> bool:
        """Whether the units are those of the launch, and the smallest group was only raised."""
        k = self.min_group_at_launch or 0
        return self.tree_sha256 == hash_tree(self.unit_tree or [], k) and self.min_group >= k


class PublicName(Base):
    """A name in an address, unique on the installation: it says whose campaign is meant.

    Outside the wall between organisations, because a visitor has shown nothing but the name.
    """

    __tablename__ = "public_name"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID] = mapped_column(index=True)


def tree_of(units: list[FrozenUnit]) -> Tree:
    """Return frozen units as disclosure control sees them."""
    return Tree.of(
        UnitNode(unit["key"], unit["parent"], unit["headcount"], unit["name"]) for unit in units
    )


def hash_tree(units: list[FrozenUnit], min_group: int) -> str:
    """Return the SHA-256 over units and smallest group, as printed on the notice."""
    content = json.dumps([min_group, units], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
