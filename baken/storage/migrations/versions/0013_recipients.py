"""Addresses of one campaign, and what was handed out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, open_to_owner, raise_wall

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = ("recipient", "spare")
CAMPAIGN = sa.table(
    "campaign",
    sa.column("id", sa.Uuid()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("unit_tree", JSON),
    sa.column("spares_per_unit", sa.Integer()),
)
SPARE = sa.table(
    "spare",
    sa.column("campaign_id", sa.Uuid()),
    sa.column("unit", sa.String()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("issued", sa.Integer()),
    sa.column("dealt_new", sa.Integer()),
    sa.column("dealt_replacing", sa.Integer()),
    sa.column("cards_printed", sa.Boolean()),
)


def upgrade() -> None:
    op.add_column("code", sa.Column("stratum", sa.String(length=40), nullable=True))
    with op.batch_alter_table("campaign") as batch:
        batch.add_column(sa.Column("issued_per_unit", JSON, nullable=True))
        batch.add_column(sa.Column("mailings", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("campaign") as batch:
        batch.alter_column("mailings", server_default=None)
    _make_recipients()
    _make_spares()
    _count_spares_of_running()
    for table in TABLES:
        raise_wall(op.get_bind(), table, {"campaign_id": "campaign"})


def _count_spares_of_running() -> None:
    """Campaigns that run have spares, and their cards may have been printed."""
    connection = op.get_bind()
    open_to_owner(connection, "campaign", is_open=True)
    asked = sa.select(CAMPAIGN).where(CAMPAIGN.c.state.in_(("running", "closed")))
    rows = [
        {
            "campaign_id": row.id,
            "unit": unit["key"],
            "organisation_id": row.organisation_id,
            "issued": row.spares_per_unit,
            "dealt_new": 0,
            "dealt_replacing": 0,
            "cards_printed": True,
        }
        for row in connection.execute(asked)
        for unit in row.unit_tree or []
        if unit["headcount"]
    ]
    if rows:
        connection.execute(sa.insert(SPARE), rows)
    open_to_owner(connection, "campaign", is_open=False)


def _make_recipients() -> None:
    op.create_table(
        "recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=36), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("stratum", sa.String(length=40), nullable=True),
        sa.Column("slip", sa.Integer(), nullable=True),
        sa.Column("due", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("refusal", sa.String(length=60), nullable=False),
        sa.Column("refusal_code", sa.Integer(), nullable=True),
        _owned("recipient"),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_recipient_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_recipient_campaign_id"), "recipient", ["campaign_id"])


def _make_spares() -> None:
    op.create_table(
        "spare",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("dealt_new", sa.Integer(), nullable=False),
        sa.Column("dealt_replacing", sa.Integer(), nullable=False),
        sa.Column("cards_printed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "dealt_new + dealt_replacing <= issued", name=op.f("ck_spare_no_more_than_issued")
        ),
        _owned("spare"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_spare_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "unit", name=op.f("pk_spare")),
        sqlite_with_rowid=False,
    )


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
    )


def downgrade() -> None:
    for table in TABLES:
        lower_wall(op.get_bind(), table)
        op.drop_table(table)
    with op.batch_alter_table("campaign") as batch:
        batch.drop_column("mailings")
        batch.drop_column("issued_per_unit")
    # Not in a batch: a copy of the table would number its rows.
    op.drop_column("code", "stratum")
