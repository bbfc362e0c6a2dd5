"""Annual reports of the internal service: editions, signatures, what became known afterwards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
# What the database keeps as it was signed.
FIXED = (
    "year",
    "edition",
    "form",
    "service",
    "has_sections",
    "state",
    "entered",
    "reason",
    "drafted_on",
    "content",
    "sha256",
    "number",
    "signed_on",
    "audit_head",
)


def upgrade() -> None:
    _make_reports()
    _make_signatures()
    _make_notices()
    connection = op.get_bind()
    raise_wall(connection, "annual_report")
    signed = {"report_id": "annual_report", "person_id": "person"}
    raise_wall(connection, "annual_report_signature", signed)
    noted = {"report_id": "annual_report", "noted_by": "person"}
    raise_wall(connection, "annual_report_notice", noted)
    _fix_signed()


def downgrade() -> None:
    for table in ("annual_report_notice", "annual_report_signature", "annual_report"):
        op.drop_table(table)  # its trigger goes with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_report_change()")


def _fix_signed() -> None:
    """Let nobody change a report that was signed, nor a signature."""
    said = "a signed annual report stays as it is"
    signature = "annual_report_signature"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER annual_report_fixed BEFORE UPDATE OF {', '.join(FIXED)} "
            "ON annual_report WHEN OLD.number IS NOT NULL BEGIN "
            f"SELECT RAISE(ABORT, '{said}'); END"
        )
        op.execute(
            f"CREATE TRIGGER {signature}_fixed BEFORE UPDATE ON {signature} BEGIN "
            f"SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_report_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    )
    # Afterwards, so that the wall between organisations has said its own first.
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED)
    op.execute(
        "CREATE TRIGGER annual_report_fixed AFTER UPDATE ON annual_report FOR EACH ROW "
        f"WHEN (OLD.number IS NOT NULL AND ({changed})) EXECUTE FUNCTION refuse_report_change()"
    )
    op.execute(
        f"CREATE TRIGGER {signature}_fixed AFTER UPDATE ON {signature} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_report_change()"
    )


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
    ]


def _make_reports() -> None:
    table = "annual_report"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("has_sections", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("entered", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=True),
        sa.Column("content", JSON, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("audit_head", sa.String(length=100), nullable=False),
        sa.Column("copies_on", sa.Date(), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f(f"ck_{table}_edition_from_one")),
        sa.CheckConstraint(
            "(number IS NULL) = (state <> 'signed')", name=op.f(f"ck_{table}_numbered")
        ),
        sa.UniqueConstraint("organisation_id", "year", "edition", name=op.f(f"uq_{table}_edition")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f(f"uq_{table}_number")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def _make_signatures() -> None:
    table = "annual_report_signature"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("signs_as", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["annual_report.id"], name=op.f(f"fk_{table}_report_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id")),
        sa.UniqueConstraint("report_id", "signs_as", name=op.f(f"uq_{table}_report_id_signs_as")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def _make_notices() -> None:
    table = "annual_report_notice"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["annual_report.id"], name=op.f(f"fk_{table}_report_id")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f(f"fk_{table}_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
    op.create_index(op.f(f"ix_{table}_report_id"), table, ["report_id"])
