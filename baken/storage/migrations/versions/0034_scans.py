"""Which pages of scans were taken over: a mark each, to know a page that comes again."""

import sqlalchemy as sa
from alembic import op

from baken.storage.walls import raise_wall

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_TABLE = "taken_page"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("stack", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{_TABLE}_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f(f"fk_{_TABLE}_campaign_id")
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f(f"pk_{_TABLE}")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f(f"ix_{_TABLE}_campaign_id"), _TABLE, ["campaign_id"])
    raise_wall(op.get_bind(), _TABLE, {"campaign_id": "campaign"})


def downgrade() -> None:
    op.drop_table(_TABLE)
