"""Who took a change of several measures back, and why."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from baken.storage.walls import lower_wall, open_to_owner, raise_wall

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_TABLE: Final = "measure_change"
_BEFORE: Final = {"annual_plan_id": "annual_plan", "made_by": "person"}


def upgrade() -> None:
    connection = op.get_bind()
    # The database looks through this one when it makes the reference.
    open_to_owner(connection, "person", is_open=True)
    lower_wall(connection, _TABLE)
    with op.batch_alter_table(_TABLE) as batch:
        batch.add_column(sa.Column("undone_by", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f(f"fk_{_TABLE}_undone_by"), "person", ["undone_by"], ["id"])
        batch.add_column(sa.Column("undone_reason", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table(_TABLE) as batch:
        batch.alter_column("undone_reason", server_default=None)
    raise_wall(connection, _TABLE, {**_BEFORE, "undone_by": "person"})
    open_to_owner(connection, "person", is_open=False)


def downgrade() -> None:
    connection = op.get_bind()
    lower_wall(connection, _TABLE)
    with op.batch_alter_table(_TABLE) as batch:
        batch.drop_constraint(op.f(f"fk_{_TABLE}_undone_by"), type_="foreignkey")
        batch.drop_column("undone_by")
        batch.drop_column("undone_reason")
    raise_wall(connection, _TABLE, _BEFORE)
