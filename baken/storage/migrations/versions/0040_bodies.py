"""What a proposal said when answered, the order of questions, every reply, rows nobody deletes."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_JSON: Final = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
# Changed by nobody since they were made; from here on they go with their organisation alone.
KEPT: Final = (
    "agenda_pack",
    "approved_minutes",
    "consultation_reply",
    "decision_note",
    "meeting_task_note",
    "minutes_correction",
    "proposal_answer",
)
_ANSWER: Final = "proposal_answer"
_REPLY: Final = "consultation_reply"
_FIXED: Final = (_ANSWER, _REPLY)
_POINTS: Final = {"consultation_id": "consultation", "written_by": "person"}
_SAID: Final = "what went out, was approved or was answered stays as it is"
_REMOVED: Final = (
    "EXISTS (SELECT 1 FROM removal "
    "WHERE removal.organisation_id = OLD.organisation_id AND removal.started_at IS NOT NULL)"
)


def upgrade() -> None:
    with op.batch_alter_table(_ANSWER) as batch:
        batch.add_column(sa.Column("answered_text", _JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table(_ANSWER) as batch:
        batch.alter_column("answered_text", server_default=None)
    with op.batch_alter_table("consultation") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("consultation") as batch:
        batch.alter_column("number", server_default=None)
    _make_replies()
    # Last: SQLite forgets the triggers of a table that is made anew.
    if op.get_bind().dialect.name == "sqlite":
        _keep_sqlite()
    else:
        _keep_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _FIXED:
            op.execute(f"DROP TRIGGER {table}_fixed")
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_kept")
    else:
        for table in _FIXED:
            op.execute(f"DROP TRIGGER {table}_fixed ON {table}")
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        op.execute("DROP FUNCTION refuse_answer_change()")
        op.execute("DROP FUNCTION refuse_loss_of_kept_row()")
    op.drop_table(_REPLY)
    op.drop_column("consultation", "number")
    op.drop_column(_ANSWER, "answered_text")


def _make_replies() -> None:
    op.create_table(
        _REPLY,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{_REPLY}_{column}"))
            for column, to in (*_POINTS.items(), ("organisation_id", "organisation"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_REPLY}")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f(f"uq_{_REPLY}_consultation_id_number")
        ),
    )
    for column in ("consultation_id", "organisation_id"):
        op.create_index(op.f(f"ix_{_REPLY}_{column}"), _REPLY, [column])
    raise_wall(op.get_bind(), _REPLY, _POINTS)


def _keep_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    for table in _FIXED:
        op.execute(f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} {refuse}")
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN NOT {_REMOVED} {refuse}"
        )


def _keep_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_answer_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_loss_of_kept_row() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT {_REMOVED} THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN OLD; END $$"
    )
    # Afterwards, so that the wall between organisations has said its own first.
    for table in _FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_fixed AFTER UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_answer_change()"
        )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_kept_row()"
        )
