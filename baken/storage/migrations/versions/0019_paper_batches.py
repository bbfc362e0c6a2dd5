"""Stacks of forms, the spool of what was read of them, and the destruction of the paper."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
COUNTS = (
    "fields_checked", "fields_differing", "first_wrong", "second_wrong", "identifiers_wrong",
    "n_sheets", "n_sheets_checked", "n_sealed", "n_blank", "n_aside", "n_surplus",
)  # fmt: skip
SPOOL = ("spool_sheet", "spool_image")


def upgrade() -> None:
    _make_batches()
    for table in SPOOL:
        _make_spool(table)
    _make_destructions()
    connection = op.get_bind()
    raise_wall(connection, "paper_batch", {"campaign_id": "campaign"})
    for table in SPOOL:
        raise_wall(connection, table, {"batch_id": "paper_batch"})
    raise_wall(connection, "paper_destruction", {"campaign_id": "campaign"})


def downgrade() -> None:
    for table in ("paper_destruction", *SPOOL, "paper_batch"):
        op.drop_table(table)


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _of_campaign(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f(f"fk_{table}_campaign_id")
        ),
    ]


def _make_batches() -> None:
    table = "paper_batch"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_campaign(table),
        sa.Column("unit", sa.String(length=36), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("waiting", JSON, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("counted >= 1", name=op.f("ck_paper_batch_at_least_one_form")),
        sa.CheckConstraint(
            "n_sealed >= 0 AND n_blank >= 0 AND n_surplus >= 0 AND n_aside >= 0",
            name=op.f("ck_paper_batch_no_less_than_none"),
        ),
        *_owned(table),
    )
    op.create_index(op.f("ix_paper_batch_campaign_id"), table, ["campaign_id"])
    op.create_index(op.f("ix_paper_batch_organisation_id"), table, ["organisation_id"])


def _make_spool(table: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f(f"fk_{table}_batch_id")
        ),
        *_owned(table),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f(f"ix_{table}_batch_id"), table, ["batch_id"])


def _make_destructions() -> None:
    table = "paper_destruction"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_campaign(table),
        sa.Column("destroyed_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=200), nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("logged_by", sa.Uuid(), nullable=False),
        sa.Column("logged_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_paper_destruction_campaign_id")),
        *_owned(table),
    )
    op.create_index(op.f("ix_paper_destruction_organisation_id"), table, ["organisation_id"])
