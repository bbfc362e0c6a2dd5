"""Who found, proposed and decided something, in which body, and votes held in a body."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from baken.storage.walls import lower_wall, open_to_owner, raise_wall

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# What each table pointed at before, and what it points at besides from now on.
_BEFORE: Final[dict[str, dict[str, str]]] = {
    "risk_analysis": {
        "campaign_id": "campaign",
        "global_plan_id": "global_plan",
        "unit_id": "unit",
    },
    "finding": {"release_id": "release", "risk_analysis_id": "risk_analysis", "unit_id": "unit"},
    "priority": {"theme_id": "theme"},
    "idea": {"priority_id": "priority"},
    "ballot": {"opened_by": "person"},
}
_ADDED: Final[dict[str, dict[str, str]]] = {
    "risk_analysis": {"closed_by": "person"},
    "finding": {"found_by": "person"},
    "priority": {"proposed_by": "person", "decided_by": "person", "decided_in_id": "body"},
    "idea": {"noted_by": "person", "decided_by": "person"},
    "ballot": {"body_id": "body"},
}
# The database looks through these when it makes the references.
_READ: Final = ("person", "body")
_INDEXED: Final = (("priority", "decided_in_id"), ("ballot", "body_id"))


def upgrade() -> None:
    connection = op.get_bind()
    open_to_owner(connection, *_READ, is_open=True)
    for table, added in _ADDED.items():
        lower_wall(connection, table)
        with op.batch_alter_table(table) as batch:
            for name, target in added.items():
                batch.add_column(sa.Column(name, sa.Uuid(), nullable=True))
                batch.create_foreign_key(op.f(f"fk_{table}_{name}"), target, [name], ["id"])
        raise_wall(connection, table, {**_BEFORE[table], **added})
    open_to_owner(connection, *_READ, is_open=False)
    op.add_column("idea", sa.Column("decided_on", sa.Date(), nullable=True))
    for table, name in _INDEXED:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def downgrade() -> None:
    connection = op.get_bind()
    for table, name in _INDEXED:
        op.drop_index(op.f(f"ix_{table}_{name}"), table)
    op.drop_column("idea", "decided_on")
    for table, added in reversed(_ADDED.items()):
        lower_wall(connection, table)
        with op.batch_alter_table(table) as batch:
            for name in added:
                batch.drop_constraint(op.f(f"fk_{table}_{name}"), type_="foreignkey")
                batch.drop_column(name)
        raise_wall(connection, table, _BEFORE[table])
