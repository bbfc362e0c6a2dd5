"""What a figure of an indicator was before it was corrected, and which series a file began."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TABLE = "indicator_correction"
REFERENCES = {"series_id": "indicator_series", "unit_id": "unit", "corrected_by": "person"}


def upgrade() -> None:
    _make_corrections()
    raise_wall(op.get_bind(), TABLE, REFERENCES)
    with op.batch_alter_table("indicator_import") as batch:
        batch.add_column(sa.Column("began", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("indicator_import") as batch:
        batch.alter_column("began", server_default=None)


def downgrade() -> None:
    op.drop_column("indicator_import", "began")
    op.drop_table(TABLE)


def _make_corrections() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name == "unit_id") for name in REFERENCES),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("from_on", "until_on")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("numerator", "denominator")),
        sa.Column("figure", sa.Double(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_on", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{TABLE}_{name}"))
            for name, other in {**REFERENCES, "organisation_id": "organisation"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for name in ("organisation_id", "series_id"):
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name])
