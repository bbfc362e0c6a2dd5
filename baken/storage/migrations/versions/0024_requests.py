"""Requests, counsellors, the vigilance network; attachments and emergencies of the register."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from baken.storage.walls import raise_wall

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Every table with what it refers to; a table after those it points at.
TABLES = {
    "situation_request": {
        "entered_by": "person",
        "unit_id": "unit",
        "analysis_id": "risk_analysis",
    },
    "situation_step": {"request_id": "situation_request", "written_by": "person"},
    "quarter_sheet": {"person_id": "person"},
    "counsellor": {"person_id": "person"},
    "counsellor_training": {"counsellor_id": "counsellor"},
    "vigilance_contact": {"person_id": "person", "unit_id": "unit"},
    "vigilance_signal": {"taken_by": "person"},
    "vigilance_theme": {"told_by": "person"},
    "external_service": {},
    "policy_advice": {"service_id": "external_service", "entered_by": "person"},
    "register_attachment": {"entry_id": "register_entry", "added_by": "person"},
    "register_emergency": {"asked_by": "person", "agreed_by": "person"},
}
# What was written there stays as it is.
FIXED = {
    "situation_step": "a step that was recorded stays as it is",
    "quarter_sheet": "a sheet stays as it is; its correction is the next revision",
    "register_attachment": "an attachment stays as it is",
}


def upgrade() -> None:
    _make_requests()
    _make_quarters()
    _make_counsellors()
    _make_network()
    _make_external_service()
    _make_register_parts()
    connection = op.get_bind()
    for table, references in TABLES.items():
        raise_wall(connection, table, references)
    for table, said in FIXED.items():
        _fix(table, said)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)  # its trigger goes with it
    if op.get_bind().dialect.name == "postgresql":
        for table in FIXED:
            op.execute(f"DROP FUNCTION refuse_{table}_change()")


def _fix(table: str, said: str) -> None:
    """Let nobody change a row that was written."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN "
            f"SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    )
    # Afterwards, so that the wall between organisations has said its own first.
    op.execute(
        f"CREATE TRIGGER {table}_fixed AFTER UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}_change()"
    )


def _create(table: str, *items: sa.schema.SchemaItem) -> None:
    """Make a table of an organisation with its references and the index on its owner."""
    keys = [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in TABLES[table].items()
    ]
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *items,
        *keys,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def _uuid(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=empty)


def _day(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=empty)


def _text(name: str, length: int | None = None) -> sa.Column[object]:
    kind = sa.Text() if length is None else sa.String(length=length)
    return sa.Column(name, kind, nullable=False)


def _whole(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _instant(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False)


def _make_requests() -> None:
    _create(
        "situation_request",
        _text("state", 40),
        _text("asker", 40),
        _day("asked_on"),
        _uuid("entered_by"),
        _whole("n_asking", empty=True),
        _whole("n_delegates", empty=True),
        _uuid("unit_id", empty=True),
        _text("group_name", 200),
        _whole("group_size"),
        _text("situation"),
        _day("since_on"),
        _text("priority", 40),
        _text("priority_reason"),
        _uuid("analysis_id", empty=True),
        _whole("version"),
        sa.CheckConstraint("group_size >= 1", name=op.f("ck_situation_request_somebody_in_group")),
    )
    _create(
        "situation_step",
        _uuid("request_id"),
        _whole("place"),
        _text("state", 40),
        _day("done_on"),
        _uuid("written_by"),
        _text("text"),
        _json("facts"),
        sa.UniqueConstraint("request_id", "place", name=op.f("uq_situation_step_place")),
    )


def _make_quarters() -> None:
    _create(
        "quarter_sheet",
        _uuid("person_id"),
        _whole("year"),
        _whole("quarter"),
        _whole("revision"),
        _json("counts"),
        _text("reason"),
        _day("entered_on"),
        sa.UniqueConstraint(
            "person_id", "year", "quarter", "revision", name=op.f("uq_quarter_sheet_revision")
        ),
        sa.CheckConstraint(
            "quarter >= 1 AND quarter <= 4", name=op.f("ck_quarter_sheet_quarter_of_four")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_quarter_sheet_revision_from_one")),
    )


def _make_counsellors() -> None:
    _create(
        "counsellor",
        _uuid("person_id"),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        _text("agreement", 40),
        _day("agreed_on"),
        _text("agreement_text"),
        _day("appointed_on"),
        _day("ended_on", empty=True),
        _text("end_reason"),
        _whole("version"),
    )
    _create(
        "counsellor_training",
        _uuid("counsellor_id"),
        _text("kind", 40),
        _day("done_on"),
        sa.Column("hours", sa.Double(), nullable=False),
        _whole("days"),
        _text("given_by", 200),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_counsellor_training_hours_not_negative")),
    )


def _make_network() -> None:
    _create(
        "vigilance_contact",
        _uuid("person_id"),
        _text("for_what", 300),
        _uuid("unit_id", empty=True),
        _day("charter_on", empty=True),
        _day("from_on"),
        _day("until_on", empty=True),
        _whole("version"),
    )
    _create(
        "vigilance_signal",
        _instant("received_at"),
        _text("theme", 40),
        _uuid("taken_by"),
        _instant("answered_at", empty=True),
        _whole("version"),
    )
    _create(
        "vigilance_theme",
        _text("theme", 40),
        _text("title", 200),
        _text("pattern"),
        _text("suggestion"),
        _day("told_on"),
        _uuid("told_by"),
        _text("answer"),
        _day("answered_on", empty=True),
        _whole("version"),
    )


def _make_external_service() -> None:
    _create(
        "external_service",
        _text("name", 200),
        _day("joined_on"),
        _day("left_on", empty=True),
        _whole("version"),
    )
    _create(
        "policy_advice",
        _uuid("service_id"),
        _day("given_on"),
        _text("summary"),
        _uuid("entered_by"),
    )


def _make_register_parts() -> None:
    _create(
        "register_attachment",
        _uuid("entry_id"),
        _whole("place"),
        _day("added_on"),
        _uuid("added_by", empty=True),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("entry_id", "place", name=op.f("uq_register_attachment_place")),
    )
    _create(
        "register_emergency",
        _uuid("asked_by"),
        _instant("asked_at"),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        _uuid("agreed_by", empty=True),
        _instant("agreed_at", empty=True),
        _instant("ended_at", empty=True),
        _whole("version"),
    )
