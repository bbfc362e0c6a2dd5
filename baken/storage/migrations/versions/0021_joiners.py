"""Who joined and who left a unit: numbers between two days."""

import sqlalchemy as sa
from alembic import op

from baken.storage.walls import raise_wall

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "unit_movement"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("departed", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_unit_movement_until_after_from")),
        sa.CheckConstraint(
            "joined >= 0 AND departed >= 0", name=op.f("ck_unit_movement_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_movement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_movement_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_movement")),
        sa.UniqueConstraint(
            "unit_id", "from_on", "until_on", name=op.f("uq_unit_movement_unit_id_from_on_until_on")
        ),
    )
    op.create_index(op.f("ix_unit_movement_organisation_id"), table, ["organisation_id"])
    op.create_index(op.f("ix_unit_movement_unit_id"), table, ["unit_id"])
    raise_wall(op.get_bind(), table, {"unit_id": "unit"})


def downgrade() -> None:
    op.drop_table("unit_movement")
