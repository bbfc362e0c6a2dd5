"""Plans that are followed: editions, evaluations, teams, reviews, feedback, calendars."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, open_to_owner, raise_wall

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MEASURE = {
    "annual_plan_id": "annual_plan",
    "decider_id": "person",
    "finding_id": "finding",
    "objective_id": "objective",
    "responsible_id": "person",
    "unit_id": "unit",
}
_NEW = {
    "plan_edition": {
        "global_plan_id": "global_plan",
        "annual_plan_id": "annual_plan",
        "adopted_by": "person",
    },
    "plan_settings": {},
    "plan_evaluation": {"global_plan_id": "global_plan"},
    "team_plan": {"annual_plan_id": "annual_plan", "unit_id": "unit", "weighed_by": "person"},
    "team_item": {"team_plan_id": "team_plan", "noted_by": "person"},
    "measure_review": {"measure_id": "measure", "reviewed_by": "person"},
    "measure_change": {"annual_plan_id": "annual_plan", "made_by": "person"},
    "feedback_page": {"unit_id": "unit", "released_by": "person"},
    "calendar_feed": {"person_id": "person"},
    "digest_refusal": {"person_id": "person"},
}


def upgrade() -> None:
    connection = op.get_bind()
    # PostgreSQL reads the rows of both tables when it adds a reference.
    lower_wall(connection, "measure")
    open_to_owner(connection, "priority", is_open=True)
    _widen()
    open_to_owner(connection, "priority", is_open=False)
    _make_editions()
    _make_settings()
    _make_evaluations()
    _make_teams()
    _make_reviews()
    _make_changes()
    _make_feedback()
    _make_reminders()
    raise_wall(
        connection, "measure", {**_MEASURE, "continues_id": "measure", "priority_id": "priority"}
    )
    for table, references in _NEW.items():
        raise_wall(connection, table, references)


def downgrade() -> None:
    connection = op.get_bind()
    for table in reversed(_NEW):
        op.drop_table(table)
    lower_wall(connection, "measure")
    for name in ("continues_id", "priority_id"):
        op.drop_index(op.f(f"ix_measure_{name}"), "measure")
    with op.batch_alter_table("measure") as batch:
        for name in ("continues_id", "priority_id"):
            batch.drop_constraint(op.f(f"fk_measure_{name}"), type_="foreignkey")
            batch.drop_column(name)
        for name in ("topic", "strategy", "carried_reason", "prevention_hours", "budget"):
            batch.drop_column(name)
    raise_wall(connection, "measure", _MEASURE)
    with op.batch_alter_table("progress_note") as batch:
        batch.drop_column("evidence")
    with op.batch_alter_table("global_plan") as batch:
        batch.drop_column("expert_review")
        batch.drop_column("kind")


def _widen() -> None:
    added = {
        "global_plan": (("kind", sa.String(length=40), "gpp"), ("expert_review", _JSON, "{}")),
        "progress_note": (("evidence", sa.Text(), ""),),
        "measure": (
            ("prevention_hours", _JSON, "{}"),
            ("carried_reason", sa.Text(), ""),
            ("strategy", sa.String(length=40), ""),
            ("topic", sa.String(length=40), ""),
        ),
    }
    for table, columns in added.items():
        with op.batch_alter_table(table) as batch:
            for name, kind, value in columns:
                batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        # the models give these values themselves
        with op.batch_alter_table(table) as batch:
            for name, _, _ in columns:
                batch.alter_column(name, server_default=None)
    with op.batch_alter_table("measure") as batch:
        batch.add_column(sa.Column("budget", sa.Integer(), nullable=True))
        for name, target in (("continues_id", "measure"), ("priority_id", "priority")):
            batch.add_column(sa.Column(name, sa.Uuid(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_measure_{name}"), target, [name], ["id"])
    _index("measure", "continues_id", "priority_id")


def _table(name: str, *parts: sa.schema.SchemaItem, key: str = "id") -> None:
    """Make a table of an organisation; its own row has an identifier unless `key` names another."""
    own = [sa.Column("id", sa.Uuid(), nullable=False)] if key == "id" else []
    op.create_table(
        name,
        *own,
        *parts,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{name}_organisation_id")
        ),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_organisation_id"), name, ["organisation_id"])


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _make_editions() -> None:
    table = "plan_edition"
    _table(
        table,
        sa.Column("global_plan_id", sa.Uuid(), nullable=True),
        sa.Column("annual_plan_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("adopted_by", sa.Uuid(), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.CheckConstraint(
            "(global_plan_id IS NULL) <> (annual_plan_id IS NULL)",
            name=op.f("ck_plan_edition_one_plan"),
        ),
        _to(table, "global_plan_id", "global_plan"),
        _to(table, "annual_plan_id", "annual_plan"),
        _to(table, "adopted_by", "person"),
        sa.UniqueConstraint(
            "global_plan_id", "edition", name=op.f("uq_plan_edition_global_plan_id_edition")
        ),
        sa.UniqueConstraint(
            "annual_plan_id", "edition", name=op.f("uq_plan_edition_annual_plan_id_edition")
        ),
    )
    _index(table, "global_plan_id", "annual_plan_id")


def _make_settings() -> None:
    _table(
        "plan_settings",
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("branch_instrument", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        _version(),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_plan_settings_organisation_id")),
    )


def _make_evaluations() -> None:
    table = "plan_evaluation"
    _table(
        table,
        sa.Column("global_plan_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("inputs", _JSON, nullable=False),
        sa.Column("conclusions", _JSON, nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("papa_involved", sa.Boolean(), nullable=False),
        sa.Column("papa_reason", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _version(),
        _to(table, "global_plan_id", "global_plan"),
        sa.UniqueConstraint(
            "global_plan_id", "year", name=op.f("uq_plan_evaluation_global_plan_id_year")
        ),
    )
    _index(table, "global_plan_id")


def _make_teams() -> None:
    table = "team_plan"
    _table(
        table,
        sa.Column("annual_plan_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("proportion", sa.String(length=40), nullable=True),
        sa.Column("proportion_text", sa.Text(), nullable=False),
        sa.Column("weighed_on", sa.Date(), nullable=True),
        sa.Column("weighed_by", sa.Uuid(), nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        _version(),
        _to(table, "annual_plan_id", "annual_plan"),
        _to(table, "unit_id", "unit"),
        _to(table, "weighed_by", "person"),
        sa.UniqueConstraint(
            "annual_plan_id", "unit_id", name=op.f("uq_team_plan_annual_plan_id_unit_id")
        ),
    )
    _index(table, "annual_plan_id", "unit_id")
    table = "team_item"
    _table(
        table,
        sa.Column("team_plan_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        _to(table, "team_plan_id", "team_plan"),
        _to(table, "noted_by", "person"),
    )
    _index(table, "team_plan_id")


def _make_reviews() -> None:
    table = "measure_review"
    _table(
        table,
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("worked", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _to(table, "measure_id", "measure"),
        _to(table, "reviewed_by", "person"),
    )
    _index(table, "measure_id")


def _make_changes() -> None:
    table = "measure_change"
    _table(
        table,
        sa.Column("annual_plan_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts", _JSON, nullable=False),
        _to(table, "annual_plan_id", "annual_plan"),
        _to(table, "made_by", "person"),
    )
    _index(table, "annual_plan_id")


def _make_feedback() -> None:
    table = "feedback_page"
    _table(
        table,
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("lines", _JSON, nullable=False),
        sa.Column("released", _JSON, nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        _version(),
        _to(table, "unit_id", "unit"),
        _to(table, "released_by", "person"),
    )
    _index(table, "unit_id")


def _make_reminders() -> None:
    table = "calendar_feed"
    _table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        _to(table, "person_id", "person"),
        sa.UniqueConstraint("person_id", name=op.f("uq_calendar_feed_person_id")),
    )
    table = "digest_refusal"
    _table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        _to(table, "person_id", "person"),
        key="person_id",
    )
