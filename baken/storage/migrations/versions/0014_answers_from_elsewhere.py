"""Answers that were collected elsewhere, the extension of a campaign, and counts by stratum."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, raise_wall

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OWNED = {"column_mapping": {}, "stratum_count": {"campaign_id": "campaign"}}
DATES = ("first_closes_on", "imported_on", "units_on")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("campaign") as batch_op:
        for name in DATES:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("root_is_loose", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.alter_column("root_is_loose", server_default=None)
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_key", sa.String(length=60), nullable=False),
        sa.Column("instrument_version", sa.String(length=40), nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_column_mapping_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_column_mapping"),
        sa.UniqueConstraint(
            "organisation_id",
            "instrument_key",
            "instrument_version",
            name="one_mapping_per_instrument",
        ),
    )
    op.create_table(
        "stratum_count",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("stratum", sa.String(length=60), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("rounded", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rounded % 5 = 0", name="ck_stratum_count_rounded_to_five"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_stratum_count_campaign_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_stratum_count_organisation_id"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "stratum", "counted_on", name="pk_stratum_count"),
    )
    for table, references in OWNED.items():
        op.create_index(f"ix_{table}_organisation_id", table, ["organisation_id"])
        raise_wall(op.get_bind(), table, references)


def downgrade() -> None:
    for table in OWNED:
        lower_wall(op.get_bind(), table)
        op.drop_table(table)
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.drop_column("root_is_loose")
        for name in DATES:
            batch_op.drop_column(name)
