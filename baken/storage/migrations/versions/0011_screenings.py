"""Screenings with alert lights, and what a group wrote down."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, raise_wall

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OWNED = {
    "screening_wording": {"made_by": "person"},
    "screening_sheet": {
        "agreed_by": "person",
        "unit_id": "unit",
        "wording_id": "screening_wording",
    },
}
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    _make_wording()
    _make_sheet()
    for table, references in OWNED.items():
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
        raise_wall(op.get_bind(), table, references)
    op.create_index(op.f("ix_screening_sheet_unit_id"), "screening_sheet", ["unit_id"])


def _make_wording() -> None:
    op.create_table(
        "screening_wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        _pointing("screening_wording", "made_by", "person"),
        *_owned_by("screening_wording"),
        sa.UniqueConstraint(
            "organisation_id", "number", name=op.f("uq_screening_wording_organisation_id_number")
        ),
    )


def _make_sheet() -> None:
    op.create_table(
        "screening_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("instrument_version", sa.String(length=40), nullable=False),
        sa.Column("wording_id", sa.Uuid(), nullable=True),
        sa.Column("people_named", JSON, nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_screening_sheet_until_after_from")),
        sa.CheckConstraint(
            "(state = 'agreed') = (agreed_on IS NOT NULL)",
            name=op.f("ck_screening_sheet_agreed_on_a_day"),
        ),
        _pointing("screening_sheet", "unit_id", "unit"),
        _pointing("screening_sheet", "wording_id", "screening_wording"),
        _pointing("screening_sheet", "agreed_by", "person"),
        *_owned_by("screening_sheet"),
        sa.UniqueConstraint("unit_id", "from_on", "until_on", "edition", name="uq_screening_sheet"),
    )


def _owned_by(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        _pointing(table, "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _pointing(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    for table in reversed(OWNED):
        lower_wall(op.get_bind(), table)
        op.drop_table(table)
