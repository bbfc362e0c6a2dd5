"""Headcounts of a year, accidents with their hours and corrections, indicators and their files."""

import sqlalchemy as sa
from alembic import op

from baken.storage.types import Json
from baken.storage.walls import raise_wall

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = (
    "headcount_year",
    "accident",
    "accident_hours",
    "accident_draft",
    "accident_correction",
    "indicator_series",
    "indicator_import",
    "indicator_value",
    "indicator_mapping",
)


def upgrade() -> None:
    _make_headcounts()
    _make_accidents()
    _make_hours()
    _make_corrections()
    _make_series()
    _make_imports()
    _make_values()
    connection = op.get_bind()
    references = {
        "accident": {"unit_id": "unit"},
        "accident_hours": {"unit_id": "unit"},
        "accident_correction": {"accident_id": "accident"},
        "indicator_import": {"done_by": "person"},
        "indicator_value": {
            "series_id": "indicator_series",
            "unit_id": "unit",
            "import_id": "indicator_import",
        },
    }
    for table in TABLES:
        raise_wall(connection, table, references.get(table))


def downgrade() -> None:
    for table in (
        "indicator_mapping",
        "indicator_value",
        "indicator_import",
        "indicator_series",
        "accident_correction",
        "accident_draft",
        "accident_hours",
        "accident",
        "headcount_year",
    ):
        op.drop_table(table)


def _make(table: str, *columns: sa.schema.SchemaItem, is_edited: bool = True) -> None:
    """Make a table of an organisation, with its key and, where people edit it, its version."""
    edited = [sa.Column("version", sa.Integer(), nullable=False)] if is_edited else []
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        *edited,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _make_headcounts() -> None:
    _make(
        "headcount_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarters", Json, nullable=False),
        sa.Column("activity", sa.String(length=40), nullable=False),
        sa.Column("is_own_adviser", sa.Boolean(), nullable=False),
        sa.Column("has_training", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_headcount_year")),
    )


def _make_accidents() -> None:
    _make(
        "accident",
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("gravity", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("days_lost", sa.Integer(), nullable=False),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("percent", sa.Double(), nullable=True),
        sa.Column("loss", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("is_struck", sa.Boolean(), nullable=False),
        sa.CheckConstraint("days_lost >= 0", name=op.f("ck_accident_days_not_negative")),
        sa.CheckConstraint("n >= 1", name=op.f("ck_accident_n_from_one")),
        _points("accident", "unit_id", "unit"),
    )
    op.create_index(
        op.f("ix_accident_organisation_id_happened_on"),
        "accident",
        ["organisation_id", "happened_on"],
    )


def _make_hours() -> None:
    _make(
        "accident_hours",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("is_estimate", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("by_category", Json, nullable=False),
        sa.UniqueConstraint("organisation_id", "year", "unit_id", name=op.f("uq_accident_hours")),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_accident_hours_hours_not_negative")),
        _points("accident_hours", "unit_id", "unit"),
    )


def _make_corrections() -> None:
    _make(
        "accident_draft",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_accident_draft_year")),
        is_edited=False,
    )
    _make(
        "accident_correction",
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("corrected_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        _points("accident_correction", "accident_id", "accident"),
    )
    op.create_index(
        op.f("ix_accident_correction_accident_id"), "accident_correction", ["accident_id"]
    )


def _make_series() -> None:
    _make(
        "indicator_series",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("better", sa.String(length=40), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_indicator_series_name")),
    )


def _make_imports() -> None:
    _make(
        "indicator_import",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.Uuid(), nullable=False),
        sa.Column("n_lines", sa.Integer(), nullable=False),
        sa.Column("n_values", sa.Integer(), nullable=False),
        sa.Column("replaced", Json, nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=True),
        _points("indicator_import", "done_by", "person"),
        is_edited=False,
    )
    _make(
        "indicator_mapping",
        sa.Column("content", sa.String(length=20), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.UniqueConstraint(
            "organisation_id", "content", name=op.f("uq_indicator_mapping_content")
        ),
    )


def _make_values() -> None:
    table = "indicator_value"
    _make(
        table,
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("figure", sa.Double(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f(f"ck_{table}_period_forward")),
        sa.CheckConstraint("denominator > 0", name=op.f(f"ck_{table}_denominator_positive")),
        _points(table, "series_id", "indicator_series"),
        _points(table, "unit_id", "unit"),
        _points(table, "import_id", "indicator_import"),
    )
    op.create_index(op.f(f"ix_{table}_import_id"), table, ["import_id"])
    op.create_index(op.f(f"ix_{table}_series_id_from_on"), table, ["series_id", "from_on"])
