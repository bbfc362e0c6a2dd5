"""A shorter term that waits, and what an export takes along that not everybody may read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    _make_shortenings()
    _make_consents()
    connection = op.get_bind()
    raise_wall(connection, "retention_shortening", {"asked_by": "person", "confirmed_by": "person"})
    raise_wall(connection, "export_consent", {"allowed_by": "person"})
    with op.batch_alter_table("organisation_export") as batch:
        batch.add_column(sa.Column("parts", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("organisation_export") as batch:
        batch.alter_column("parts", server_default=None)


def downgrade() -> None:
    op.drop_column("organisation_export", "parts")
    op.drop_table("export_consent")
    op.drop_table("retention_shortening")


def _make_shortenings() -> None:
    table = "retention_shortening"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("years >= 1", name=op.f(f"ck_{table}_years_from_one")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f(f"fk_{table}_asked_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f(f"fk_{table}_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def _make_consents() -> None:
    table = "export_consent"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("allowed_by", sa.Uuid(), nullable=False),
        sa.Column("allowed_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["allowed_by"], ["person.id"], name=op.f(f"fk_{table}_allowed_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
