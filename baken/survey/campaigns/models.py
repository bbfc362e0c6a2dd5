"""Campaigns and the public names under which they are found."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NotRequired, TypedDict
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
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


class Band(TypedDict):
    """One group of a stratum."""

    key: str
    names: dict[str, str]  # language -> name


class Stratum(TypedDict):
    """A category that is known of people before they answer, such as worker or clerk."""

    title: dict[str, str]  # language -> name of the category
    bands: list[Band]
    people: dict[str, dict[str, int]]  # unit -> band -> people attached to it directly


class Letter(TypedDict):
    """An invitation in one language."""

    subject: str
    body: str


class Mailing(TypedDict):
    """Letters that were asked for: the invitation, then the reminders, each to everybody."""

    kind: str
    on: str  # the day, as 2026-03-02
    people: int


class SheetShape(TypedDict):
    """What an answer sheet of the campaign looks like.

    `handwriting`: bytes of a picture of handwriting for each open question; left out: there is no
    room for any, and what was written by hand is typed over.
    """

    items: list[list[Any]]  # [number of values, may be "does not apply"]
    backgrounds: list[list[Any]]  # [key, number of bands]
    open_questions: list[list[Any]]  # [key, bytes at most]
    handwriting: NotRequired[int]


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
    # Confidential counsellor and how to reach them; empty: the contact stands in that place.
    counsellor: Mapped[str] = mapped_column(String(400), default="")
    answers_until_on: Mapped[date]
    comments_until_on: Mapped[date]
    # One category that codes may carry, with the people of each unit in each band.
    stratum: Mapped[Stratum | None] = mapped_column(Json)
    # unit -> the ways in which its people can take part; a unit left out gets cards
    channels: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)
    # Whether what is written by hand is typed over at once; else the adviser sees a picture of it.
    types_handwriting: Mapped[bool] = mapped_column(default=False)
    # language -> the words of the invitation, signed by both sides
    invitation: Mapped[dict[str, Letter]] = mapped_column(Json, default=dict)
    employer_signatory: Mapped[str] = mapped_column(String(200), default="")
    committee_signatory: Mapped[str] = mapped_column(String(200), default="")

    # Frozen at the launch.
    unit_tree: Mapped[list[FrozenUnit] | None] = mapped_column(Json)
    min_group_at_launch: Mapped[int | None]
    tree_sha256: Mapped[str | None] = mapped_column(String(64))
    box_public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    key_fingerprint: Mapped[str | None] = mapped_column(String(64))
    box_size: Mapped[int | None]
    sheet_shape: Mapped[SheetShape | None] = mapped_column(Json)
    launched_on: Mapped[date | None]
    # The last day as it was told at the launch; None: the campaign was never extended.
    first_closes_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    # Only of answers that were collected elsewhere: the day they came in, the day of the units.
    imported_on: Mapped[date | None]
    units_on: Mapped[date | None]

    # Known from the opening on.
    opened_on: Mapped[date | None]
    too_few: Mapped[bool] = mapped_column(default=False)
    n_issued: Mapped[int | None]
    # unit -> codes that count: those of the launch and of newcomers since; none: headcounts count
    issued_per_unit: Mapped[dict[str, int] | None] = mapped_column(Json)
    mailings: Mapped[list[Mailing]] = mapped_column(Json, default=list)
    n_answers: Mapped[int | None]
    # unit -> the label that counts the people attached to it, since the opening
    label_of: Mapped[dict[str, str] | None] = mapped_column(Json)
    # Whether the label of the whole organisation holds nothing but answers without a unit.
    root_is_loose: Mapped[bool] = mapped_column(default=False)
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
    def is_imported(self) -> bool:
        """Whether the answers were collected elsewhere: there never were codes or envelopes."""
        return self.imported_on is not None

    @property
    def tree(self) -> Tree:
        """The frozen units, each with its codes that count; only after the launch."""
        return tree_of(self.unit_tree or [], self.issued_per_unit)

    @property
    def has_intact_tree(self) -> bool:
        """Whether the units are those of the launch, and the smallest group was only raised."""
        k = self.min_group_at_launch or 0
        return self.tree_sha256 == hash_tree(self.unit_tree or [], k) and self.min_group >= k


class Charter(OrganisationOwned, Editable, Base):
    """What both sides agree on before anybody is asked anything; every agreement has its edition.

    Words can be changed until they are agreed; after that a change starts the next edition.
    """

    __tablename__ = "charter"
    __table_args__ = (UniqueConstraint("campaign_id", "edition"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    edition: Mapped[int] = mapped_column(default=1)
    # language -> part -> text
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(Json)
    # What the campaign promised on the day of the agreement.
    promise: Mapped[dict[str, Any] | None] = mapped_column(Json)
    body: Mapped[str] = mapped_column(String(200), default="")
    agreed_on: Mapped[date | None]
    agreed_employer: Mapped[str] = mapped_column(String(400), default="")
    agreed_workers: Mapped[str] = mapped_column(String(400), default="")


class PublicName(Base):
    """A name in an address, unique on the installation: it says whose campaign is meant.

    Outside the wall between organisations, because a visitor has shown nothing but the name.
    """

    __tablename__ = "public_name"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID] = mapped_column(index=True)


def tree_of(units: list[FrozenUnit], issued: Mapping[str, int] | None = None) -> Tree:
    """Return frozen units as disclosure control sees them, with the codes issued where known."""
    people = issued or {}
    return Tree.of(
        UnitNode(
            unit["key"],
            unit["parent"],
            people.get(unit["key"], unit["headcount"]),
            unit["name"],
        )
        for unit in units
    )


def hash_tree(units: list[FrozenUnit], min_group: int) -> str:
    """Return the SHA-256 over units and smallest group, as printed on the notice."""
    content = json.dumps([min_group, units], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
