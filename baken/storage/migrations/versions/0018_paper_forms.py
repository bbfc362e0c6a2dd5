"""Forms on paper as they were set when they were first printed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, raise_wall

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE = "paper_form"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("large", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.String(length=8), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_paper_form_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_paper_form_organisation_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "language", "large", name=op.f("pk_paper_form")),
        sa.UniqueConstraint(
            "campaign_id", "edition", name=op.f("uq_paper_form_campaign_id_edition")
        ),
    )
    op.create_index(op.f("ix_paper_form_organisation_id"), TABLE, ["organisation_id"])
    raise_wall(op.get_bind(), TABLE, {"campaign_id": "campaign"})


def downgrade() -> None:
    lower_wall(op.get_bind(), TABLE)
    op.drop_table(TABLE)
