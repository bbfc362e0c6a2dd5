"""Terms that an organisation chose itself, what was deleted, and the end of a hold."""

import sqlalchemy as sa
from alembic import op

from baken.storage.walls import raise_wall

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_terms()
    _make_deletions()
    connection = op.get_bind()
    raise_wall(connection, "retention_term", {"set_by": "person"})
    raise_wall(connection, "retention_deletion")
    op.add_column("legal_hold", sa.Column("until_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("legal_hold", "until_on")
    op.drop_table("retention_deletion")
    op.drop_table("retention_term")


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
    ]


def _make_terms() -> None:
    table = "retention_term"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("years >= 1", name=op.f(f"ck_{table}_years_from_one")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f(f"fk_{table}_set_by")),
        sa.UniqueConstraint("organisation_id", "record", name=op.f(f"uq_{table}_record")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def _make_deletions() -> None:
    table = "retention_deletion"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 1", name=op.f(f"ck_{table}_n_from_one")),
        sa.UniqueConstraint("organisation_id", "on", "record", name=op.f(f"uq_{table}_record")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
