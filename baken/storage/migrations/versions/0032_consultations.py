"""Consultations under a table: more to ask about, which organs there are, what was sent."""

import sqlalchemy as sa
from alembic import op

from baken.storage.walls import lower_wall, open_to_owner, raise_wall

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_BEFORE = {
    "global_plan_id": "global_plan",
    "annual_plan_id": "annual_plan",
    "measure_id": "measure",
}
_ADDED = {
    "risk_analysis_id": "risk_analysis",
    "request_id": "situation_request",
    "person_id": "person",
}
_ROWS = (*_BEFORE, *_ADDED, "year")
_COUNTED = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in _ROWS)
_ONE_OF_ALL = f"{_COUNTED} + CASE WHEN subject = '' THEN 0 ELSE 1 END = 1"
_ONE_OF_THREE = " OR ".join(
    "(" + " AND ".join(f"{name} IS {'NOT ' * (name == own)}NULL" for name in _BEFORE) + ")"
    for own in _BEFORE
)
_ONE_SUBJECT = "ck_consultation_one_subject"
# Under which line of the table a question fell that named none.
_ITEMS = (
    "UPDATE consultation SET item = CASE "
    "WHEN global_plan_id IN (SELECT id FROM global_plan WHERE kind <> 'gpp') THEN 'inventory' "
    "WHEN global_plan_id IS NOT NULL THEN 'global_plan' "
    "WHEN annual_plan_id IN (SELECT annual_plan.id FROM annual_plan JOIN global_plan "
    "ON global_plan.id = annual_plan.global_plan_id WHERE global_plan.kind <> 'gpp') "
    "THEN 'inventory_plan' "
    "WHEN annual_plan_id IS NOT NULL THEN 'annual_plan' "
    "WHEN organ = 'works_council' THEN 'organisation_of_work' "
    "ELSE 'analysis_measures' END"
)


def upgrade() -> None:
    connection = op.get_bind()
    lower_wall(connection, "consultation")
    # PostgreSQL reads the rows of both tables when it adds a reference.
    read = (*_ADDED.values(), "global_plan", "annual_plan", "measure")
    open_to_owner(connection, *read, is_open=True)
    _widen()
    op.execute(_ITEMS)
    for table, column in (("measure", "changes_work"), ("situation_request", "is_formal")):
        with op.batch_alter_table(table) as batch:
            no: sa.Column[bool] = sa.Column(
                column, sa.Boolean(), nullable=False, server_default=sa.false()
            )
            batch.add_column(no)
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, server_default=None)
    open_to_owner(connection, *read, is_open=False)
    raise_wall(connection, "consultation", {**_BEFORE, **_ADDED})
    _make_organs()
    raise_wall(connection, "consulted_organs")


def downgrade() -> None:
    connection = op.get_bind()
    op.drop_table("consulted_organs")
    for table, column in (("situation_request", "is_formal"), ("measure", "changes_work")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    lower_wall(connection, "consultation")
    others = " AND ".join(f"{name} IS NULL" for name in _BEFORE)
    # What the table could not hold before has no place to go back to.
    op.execute(f"DELETE FROM consultation WHERE {others}")  # noqa: S608 - names of our own
    for name in _ADDED:
        op.drop_index(op.f(f"ix_consultation_{name}"), "consultation")
    with op.batch_alter_table("consultation") as batch:
        batch.drop_constraint(op.f(_ONE_SUBJECT), type_="check")
        for name in _ADDED:
            batch.drop_constraint(op.f(f"fk_consultation_{name}"), type_="foreignkey")
            batch.drop_column(name)
        for name in ("content_hash", "subject", "year", "item"):
            batch.drop_column(name)
        batch.create_check_constraint(op.f(_ONE_SUBJECT), _ONE_OF_THREE)
    raise_wall(connection, "consultation", _BEFORE)


def _widen() -> None:
    texts = {"item": 40, "subject": 200, "content_hash": 64}
    with op.batch_alter_table("consultation") as batch:
        batch.drop_constraint(op.f(_ONE_SUBJECT), type_="check")
        for name, length in texts.items():
            kind = sa.String(length=length)
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        batch.add_column(sa.Column("year", sa.Integer(), nullable=True))
        for name, target in _ADDED.items():
            batch.add_column(sa.Column(name, sa.Uuid(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_consultation_{name}"), target, [name], ["id"])
        batch.create_check_constraint(op.f(_ONE_SUBJECT), _ONE_OF_ALL)
    # the model gives these values itself
    with op.batch_alter_table("consultation") as batch:
        for name in texts:
            batch.alter_column(name, server_default=None)
    for name in _ADDED:
        op.create_index(op.f(f"ix_consultation_{name}"), "consultation", [name])


def _make_organs() -> None:
    table = "consulted_organs"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("cpbw", "union_delegation", "works_council", "staff_representation")
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organisation_id", name=op.f(f"uq_{table}_organisation_id")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
