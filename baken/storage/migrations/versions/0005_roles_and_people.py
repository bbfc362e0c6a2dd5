"""Roles that people edit, and that can be taken away at once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("role") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("role") as batch_op:
        batch_op.alter_column("version", server_default=None)


def downgrade() -> None:
    # What was taken away must not come back to life; the record still says that it was there.
    ended = sa.table("role", sa.column("from_on"), sa.column("until_on"), sa.column("ended_at"))
    op.execute(sa.delete(ended).where(ended.c.ended_at.is_not(None)))
    with op.batch_alter_table("role") as batch_op:
        batch_op.drop_column("ended_at")
        batch_op.drop_column("version")
