"""Hand-over, export and removal of an organisation."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, raise_wall, raise_wall_around

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWNED = {
    "organisation_export": {},
    "legal_hold": {"set_by": "person", "lifted_by": "person"},
    "removal": {},
    "handover": {"handed_by": "person", "incoming_id": "person"},
}
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.add_column("organisation", sa.Column("removed_on", sa.Date(), nullable=True))
    _make_transfers()
    _make_removals()
    _make_handover()
    for table in OWNED:
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
    connection = op.get_bind()
    for table, references in OWNED.items():
        raise_wall(connection, table, references)
    raise_wall_around(connection, "removal_protocol", "removed_id")


def _make_transfers() -> None:
    op.create_table(
        "organisation_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("n_bytes", sa.Integer(), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        *_owned_by("organisation_export"),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("arrived_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
    )


def _make_removals() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _pointing("legal_hold", "set_by", "person"),
        _pointing("legal_hold", "lifted_by", "person"),
        *_owned_by("legal_hold"),
    )
    op.create_table(
        "removal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        *_counts(),
        sa.Column("version", sa.Integer(), nullable=False),
        *_owned_by("removal"),
    )
    op.create_table(
        "removal_protocol",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("removed_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        *_counts(),
        sa.Column("audit_head", sa.String(length=100), nullable=False),
        sa.Column("keys_gone_on", sa.Date(), nullable=False),
        sa.Column("backups_gone_on", sa.Date(), nullable=False),
        _pointing("removal_protocol", "removed_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal_protocol")),
        sa.UniqueConstraint("removed_id", name=op.f("uq_removal_protocol_removed_id")),
    )


def _make_handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handed_by", sa.Uuid(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=False),
        sa.Column("outgoing", JSON, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("standing", JSON, nullable=False),
        _pointing("handover", "handed_by", "person"),
        _pointing("handover", "incoming_id", "person"),
        *_owned_by("handover"),
    )


def _counts() -> list[sa.Column[Any]]:
    return [
        sa.Column("n_rows", JSON, nullable=False),
        sa.Column("n_keys", sa.Integer(), nullable=False),
        sa.Column("n_accounts", sa.Integer(), nullable=False),
    ]


def _owned_by(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        _pointing(table, "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _pointing(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    connection = op.get_bind()
    for table in ("removal_protocol", *OWNED):
        lower_wall(connection, table)
    for table in ("handover", "removal_protocol", "removal", "legal_hold", "arrival"):
        op.drop_table(table)
    op.drop_table("organisation_export")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_column("removed_on")
