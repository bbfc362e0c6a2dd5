"""Bodies: who sits there, open calls, topics, proposals with their answers, notes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_NEW = {
    "body": {"owner_id": "person", "set_up_by_id": "body", "unit_id": "unit"},
    "body_seat": {
        "body_id": "body",
        "person_id": "person",
        "substitute_of_id": "body_seat",
        "unit_id": "unit",
    },
    "open_call": {"body_id": "body"},
    "call_application": {
        "call_id": "open_call",
        "noted_by": "person",
        "person_id": "person",
        "unit_id": "unit",
    },
    "topic": {
        "answered_by": "person",
        "body_id": "body",
        "noted_by": "person",
        "raised_by": "person",
    },
    "proposal": {"body_id": "body", "proposed_by": "person", "to_body_id": "body"},
    "proposal_answer": {"answered_by": "person", "proposal_id": "proposal"},
    "priority_proposal": {"priority_id": "priority", "proposal_id": "proposal"},
    "body_note": {"body_id": "body", "noted_by": "person", "proposal_id": "proposal"},
    "body_settings": {},
}


def upgrade() -> None:
    _make_bodies()
    _make_calls()
    _make_topics()
    _make_proposals()
    _make_notes()
    _make_settings()
    connection = op.get_bind()
    for table, references in _NEW.items():
        raise_wall(connection, table, references)


def downgrade() -> None:
    for table in reversed(_NEW):
        op.drop_table(table)


def _table(name: str, *parts: sa.schema.SchemaItem, keys: tuple[str, ...] = ()) -> None:
    """Make a table of an organisation; its own row has an identifier unless `keys` name others."""
    own = [] if keys else [sa.Column("id", sa.Uuid(), nullable=False)]
    op.create_table(
        name,
        *own,
        *parts,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{name}_organisation_id")
        ),
        sa.PrimaryKeyConstraint(*(keys or ("id",)), name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_organisation_id"), name, ["organisation_id"])


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _make_bodies() -> None:
    table = "body"
    _table(
        table,
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("set_up_by_id", sa.Uuid(), nullable=True),
        sa.Column("may_decide", sa.Text(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("mandate_until", sa.Date(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("wanted", _JSON, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        _version(),
        sa.CheckConstraint("owner_id IS NULL OR owner_name = ''", name=op.f("ck_body_one_owner")),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= from_on", name=op.f("ck_body_ends_after_start")
        ),
        _to(table, "owner_id", "person"),
        _to(table, "set_up_by_id", "body"),
        _to(table, "unit_id", "unit"),
    )
    _index(table, "owner_id", "set_up_by_id", "unit_id")
    table = "body_seat"
    _table(
        table,
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("substitute_of_id", sa.Uuid(), nullable=True),
        sa.Column("groups", _JSON, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        _version(),
        sa.CheckConstraint(
            "(person_id IS NULL) = (name <> '')", name=op.f("ck_body_seat_person_or_name")
        ),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_body_seat_period")
        ),
        _to(table, "body_id", "body"),
        _to(table, "person_id", "person"),
        _to(table, "substitute_of_id", "body_seat"),
        _to(table, "unit_id", "unit"),
    )
    _index(table, "body_id", "person_id")


def _make_calls() -> None:
    table = "open_call"
    _table(
        table,
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("open_to", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        _version(),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_open_call_period")),
        _to(table, "body_id", "body"),
    )
    _index(table, "body_id")
    table = "call_application"
    _table(
        table,
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("groups", _JSON, nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        _version(),
        sa.CheckConstraint(
            "(person_id IS NULL) = (name <> '')", name=op.f("ck_call_application_person_or_name")
        ),
        _to(table, "call_id", "open_call"),
        _to(table, "noted_by", "person"),
        _to(table, "person_id", "person"),
        _to(table, "unit_id", "unit"),
        sa.UniqueConstraint(
            "call_id", "person_id", name=op.f("uq_call_application_call_id_person_id")
        ),
    )
    _index(table, "call_id", "person_id")


def _make_topics() -> None:
    table = "topic"
    _table(
        table,
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("raised_name", sa.String(length=200), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("agenda_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        _version(),
        _to(table, "answered_by", "person"),
        _to(table, "body_id", "body"),
        _to(table, "noted_by", "person"),
        _to(table, "raised_by", "person"),
    )
    _index(table, "body_id", "raised_by")


def _make_proposals() -> None:
    table = "proposal"
    _table(
        table,
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("to_body_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("backing", sa.String(length=40), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        _version(),
        sa.CheckConstraint("due_on >= proposed_on", name=op.f("ck_proposal_due_after")),
        _to(table, "body_id", "body"),
        _to(table, "proposed_by", "person"),
        _to(table, "to_body_id", "body"),
    )
    _index(table, "body_id", "to_body_id")
    table = "proposal_answer"
    _table(
        table,
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        _to(table, "answered_by", "person"),
        _to(table, "proposal_id", "proposal"),
    )
    _index(table, "proposal_id")
    table = "priority_proposal"
    _table(
        table,
        sa.Column("priority_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        _to(table, "priority_id", "priority"),
        _to(table, "proposal_id", "proposal"),
        keys=("priority_id", "proposal_id"),
    )


def _make_notes() -> None:
    table = "body_note"
    _table(
        table,
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        _to(table, "body_id", "body"),
        _to(table, "noted_by", "person"),
        _to(table, "proposal_id", "proposal"),
    )
    _index(table, "body_id", "proposal_id")


def _make_settings() -> None:
    table = "body_settings"
    _table(
        table,
        sa.Column("stalled_after_days", sa.Integer(), nullable=False),
        sa.Column("answer_within_days", sa.Integer(), nullable=False),
        _version(),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_body_settings_organisation_id")),
    )
