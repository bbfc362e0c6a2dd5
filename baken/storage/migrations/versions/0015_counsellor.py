"""The confidential counsellor of a campaign, who stands beside the questions that may touch."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("campaign") as batch:
        batch.add_column(
            sa.Column("counsellor", sa.String(length=400), nullable=False, server_default="")
        )
    # the model gives the value itself
    with op.batch_alter_table("campaign") as batch:
        batch.alter_column("counsellor", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("campaign") as batch:
        batch.drop_column("counsellor")
