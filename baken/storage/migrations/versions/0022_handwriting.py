"""Whether what is written by hand is typed over at once, or kept as a picture."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NAME = "types_handwriting"


def upgrade() -> None:
    # What was agreed so far promised no pictures: there it is typed over.
    with op.batch_alter_table("campaign") as batch:
        batch.add_column(sa.Column(_NAME, sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("campaign") as batch:
        batch.alter_column(_NAME, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("campaign") as batch:
        batch.drop_column(_NAME)
