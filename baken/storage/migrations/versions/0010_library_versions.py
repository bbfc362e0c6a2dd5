"""The library of an organisation: its own versions of questionnaires."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, raise_wall

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "library_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_key", sa.String(length=60), nullable=False),
        sa.Column("instrument_version", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("left_out", JSON, nullable=False),
        sa.Column("base_key", sa.String(length=60), nullable=True),
        sa.Column("base_version", sa.String(length=40), nullable=True),
        sa.Column("refused", JSON, nullable=False),
        sa.Column("locked_by_campaign", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_library_version_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_version")),
        sa.UniqueConstraint(
            "organisation_id",
            "instrument_key",
            "instrument_version",
            name=op.f("uq_library_version_name"),
        ),
    )
    op.create_index(
        op.f("ix_library_version_organisation_id"), "library_version", ["organisation_id"]
    )
    raise_wall(op.get_bind(), "library_version")


def downgrade() -> None:
    lower_wall(op.get_bind(), "library_version")
    op.drop_table("library_version")
