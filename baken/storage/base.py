"""What every table has in common."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from baken.storage.errors import BakenError

# Constraints carry a name: a migration can find them, an action can tell which one it hit.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class EditedMeanwhile(BakenError):
    """Two people edited one row; the second is asked to look again."""

    kind = "conflict"


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class OrganisationOwned:
    """A row that belongs to one organisation; sessions refuse to show it to any other."""

    organisation_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("organisation.id"), index=True)


class Editable:
    """A row that people edit: `version` counts the edits."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a declared attribute gets the class
        return {"version_id_col": cls.version}


def check_version(row: Editable, seen: int) -> None:
    """Raise `EditedMeanwhile` unless the row is still the one the person was looking at."""
    if row.version != seen:
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        )
