"""Meetings: agenda, packs, minutes, decisions, tasks; what was approved or sent stays as it is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ABOUT = (
    "global_plan_id",
    "annual_plan_id",
    "measure_id",
    "risk_analysis_id",
    "proposal_id",
    "consultation_id",
    "annual_report_id",
    "release_id",
)
_AT_MOST_ONE = (
    " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in _ABOUT) + " <= 1"
)
_NEW = {
    "meeting": {
        "body_id": "body",
        "chair_id": "body_seat",
        "secretary_id": "body_seat",
        "approved_at_id": "meeting",
    },
    "agenda_point": {
        "meeting_id": "meeting",
        "topic_id": "topic",
        "global_plan_id": "global_plan",
        "annual_plan_id": "annual_plan",
        "measure_id": "measure",
        "risk_analysis_id": "risk_analysis",
        "proposal_id": "proposal",
        "consultation_id": "consultation",
        "annual_report_id": "annual_report",
        "release_id": "release",
        "moved_from_id": "agenda_point",
    },
    "meeting_attendee": {"meeting_id": "meeting", "seat_id": "body_seat"},
    "agenda_pack": {"meeting_id": "meeting", "made_by": "person"},
    "point_minutes": {"point_id": "agenda_point", "written_by": "person"},
    "decision": {"meeting_id": "meeting", "point_id": "agenda_point"},
    "decision_note": {"decision_id": "decision", "noted_by": "person"},
    "meeting_task": {"meeting_id": "meeting", "point_id": "agenda_point", "person_id": "person"},
    "meeting_task_note": {"task_id": "meeting_task", "noted_by": "person"},
    "minutes_correction": {"meeting_id": "meeting", "noted_by": "person"},
    "approved_minutes": {"meeting_id": "meeting", "approved_by": "person"},
}
# Sent, approved or noted on a day: added, never changed.
_FIXED = (
    "agenda_pack",
    "approved_minutes",
    "decision_note",
    "meeting_task_note",
    "minutes_correction",
)


def upgrade() -> None:
    _make_meeting()
    _make_agenda_point()
    _make_meeting_attendee()
    _make_agenda_pack()
    _make_point_minutes()
    _make_decision()
    _make_decision_note()
    _make_meeting_task()
    _make_meeting_task_note()
    _make_minutes_correction()
    _make_approved_minutes()
    connection = op.get_bind()
    for table, references in _NEW.items():
        raise_wall(connection, table, references)
    _fix()


def downgrade() -> None:
    for table in reversed(_NEW):
        op.drop_table(table)  # its trigger goes with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_meeting_change()")


def _fix() -> None:
    """Let nobody change what went out, what was approved, or a note of a day."""
    said = "what went out or was approved stays as it is"
    if op.get_bind().dialect.name == "sqlite":
        for table in _FIXED:
            op.execute(
                f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_meeting_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    )
    # Afterwards, so that the wall between organisations has said its own first.
    for table in _FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_fixed AFTER UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_meeting_change()"
        )


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    """Make a table of an organisation, with rows that have an identifier."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{name}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_organisation_id"), name, ["organisation_id"])


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _make_meeting() -> None:
    table = "meeting"
    _table(
        table,
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("secretary_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("cancelled_reason", sa.Text(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_at_id", sa.Uuid(), nullable=True),
        _version(),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_reason <> '')",
            name=op.f("ck_meeting_cancelled_why"),
        ),
        sa.CheckConstraint("ends > starts", name=op.f("ck_meeting_ends_after_start")),
        _to(table, "approved_at_id", "meeting"),
        _to(table, "body_id", "body"),
        _to(table, "chair_id", "body_seat"),
        _to(table, "secretary_id", "body_seat"),
    )
    _index(table, "body_id", "on")


def _make_agenda_point() -> None:
    table = "agenda_point"
    _table(
        table,
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("brought_by", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("global_plan_id", sa.Uuid(), nullable=True),
        sa.Column("annual_plan_id", sa.Uuid(), nullable=True),
        sa.Column("measure_id", sa.Uuid(), nullable=True),
        sa.Column("risk_analysis_id", sa.Uuid(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("annual_report_id", sa.Uuid(), nullable=True),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("moved_from_id", sa.Uuid(), nullable=True),
        sa.Column("postponed_on", sa.Date(), nullable=True),
        sa.Column("postponed_reason", sa.Text(), nullable=False),
        _version(),
        sa.CheckConstraint(_AT_MOST_ONE, name=op.f("ck_agenda_point_about_one")),
        sa.CheckConstraint(
            "(postponed_on IS NULL) = (postponed_reason = '')",
            name=op.f("ck_agenda_point_postponed_why"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_agenda_point_takes_time")),
        _to(table, "annual_plan_id", "annual_plan"),
        _to(table, "annual_report_id", "annual_report"),
        _to(table, "consultation_id", "consultation"),
        _to(table, "global_plan_id", "global_plan"),
        _to(table, "measure_id", "measure"),
        _to(table, "meeting_id", "meeting"),
        _to(table, "moved_from_id", "agenda_point"),
        _to(table, "proposal_id", "proposal"),
        _to(table, "release_id", "release"),
        _to(table, "risk_analysis_id", "risk_analysis"),
        _to(table, "topic_id", "topic"),
        sa.UniqueConstraint("moved_from_id", name=op.f("uq_agenda_point_moved_from_id")),
    )
    _index(
        table,
        "annual_plan_id",
        "annual_report_id",
        "consultation_id",
        "global_plan_id",
        "measure_id",
        "meeting_id",
        "proposal_id",
        "release_id",
        "risk_analysis_id",
        "topic_id",
    )


def _make_meeting_attendee() -> None:
    table = "meeting_attendee"
    _table(
        table,
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("presence", sa.String(length=40), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=False),
        _to(table, "meeting_id", "meeting"),
        _to(table, "seat_id", "body_seat"),
        sa.UniqueConstraint(
            "meeting_id", "seat_id", name=op.f("uq_meeting_attendee_meeting_id_seat_id")
        ),
    )
    _index(table, "meeting_id")


def _make_agenda_pack() -> None:
    table = "agenda_pack"
    _table(
        table,
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("parts", _JSON, nullable=False),
        sa.Column("left_out", _JSON, nullable=False),
        sa.Column("changes", _JSON, nullable=False),
        _to(table, "made_by", "person"),
        _to(table, "meeting_id", "meeting"),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_agenda_pack_meeting_id_number")),
    )
    _index(table, "meeting_id")


def _make_point_minutes() -> None:
    table = "point_minutes"
    _table(
        table,
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        _version(),
        _to(table, "point_id", "agenda_point"),
        _to(table, "written_by", "person"),
        sa.UniqueConstraint("point_id", name=op.f("uq_point_minutes_point_id")),
    )


def _make_decision() -> None:
    table = "decision"
    _table(
        table,
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        _version(),
        sa.CheckConstraint(
            "in_favour >= 0 AND against >= 0 AND abstained >= 0", name=op.f("ck_decision_votes")
        ),
        _to(table, "meeting_id", "meeting"),
        _to(table, "point_id", "agenda_point"),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_decision_meeting_id_number")),
    )
    _index(table, "meeting_id", "point_id")


def _make_decision_note() -> None:
    table = "decision_note"
    _table(
        table,
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("carried", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        _to(table, "decision_id", "decision"),
        _to(table, "noted_by", "person"),
    )
    _index(table, "decision_id")


def _make_meeting_task() -> None:
    table = "meeting_task"
    _table(
        table,
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        _version(),
        sa.CheckConstraint(
            "(person_id IS NULL) = (who <> '')", name=op.f("ck_meeting_task_one_who")
        ),
        _to(table, "meeting_id", "meeting"),
        _to(table, "person_id", "person"),
        _to(table, "point_id", "agenda_point"),
    )
    _index(table, "meeting_id", "person_id", "point_id")


def _make_meeting_task_note() -> None:
    table = "meeting_task_note"
    _table(
        table,
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        _to(table, "noted_by", "person"),
        _to(table, "task_id", "meeting_task"),
    )
    _index(table, "task_id")


def _make_minutes_correction() -> None:
    table = "minutes_correction"
    _table(
        table,
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        _to(table, "meeting_id", "meeting"),
        _to(table, "noted_by", "person"),
    )
    _index(table, "meeting_id")


def _make_approved_minutes() -> None:
    table = "approved_minutes"
    _table(
        table,
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _to(table, "approved_by", "person"),
        _to(table, "meeting_id", "meeting"),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_approved_minutes_meeting_id")),
    )
