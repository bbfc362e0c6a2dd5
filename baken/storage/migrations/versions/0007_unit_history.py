"""Units over time: what they were before, in which units they went on, who changed what."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_UNIT = sa.table(
    "unit",
    sa.column("id", sa.Uuid()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("number", sa.String()),
    sa.column("from_on", sa.Date()),
    sa.column("successor_of_id", sa.Uuid()),
)
_SUCCESSION = sa.table(
    "unit_succession",
    sa.column("organisation_id", sa.Uuid()),
    sa.column("predecessor_id", sa.Uuid()),
    sa.column("successor_id", sa.Uuid()),
    sa.column("on", sa.Date()),
    sa.column("how", sa.String()),
)


def upgrade() -> None:
    _make_periods()
    _make_successions()
    _make_changes()
    known = sa.select(
        _UNIT.c.organisation_id,
        _UNIT.c.successor_of_id,
        _UNIT.c.id,
        _UNIT.c.from_on,
        sa.literal("replaced"),
    ).where(_UNIT.c.successor_of_id.is_not(None))
    names = ["organisation_id", "predecessor_id", "successor_id", "on", "how"]
    op.execute(sa.insert(_SUCCESSION).from_select(names, known))
    with op.batch_alter_table("unit") as batch:
        # A number may come back when its unit has ended; the actions keep it unique on every day.
        batch.drop_constraint("uq_unit_organisation_id_number", type_="unique")
        batch.drop_constraint("fk_unit_successor_of_id", type_="foreignkey")
        batch.drop_column("successor_of_id")
        batch.add_column(sa.Column("changed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    _part_numbers()
    with op.batch_alter_table("unit") as batch:
        batch.drop_column("changed_on")
        batch.add_column(sa.Column("successor_of_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_unit_successor_of_id", "unit", ["successor_of_id"], ["id"])
        batch.create_unique_constraint(
            "uq_unit_organisation_id_number", ["organisation_id", "number"]
        )
    # The old table knows one predecessor: of a merger it keeps one.
    first: sa.ColumnElement[Any] = (
        sa.select(sa.func.min(_SUCCESSION.c.predecessor_id))
        .where(_SUCCESSION.c.successor_id == _UNIT.c.id)
        .scalar_subquery()
    )
    if op.get_bind().dialect.name == "postgresql":
        text = sa.func.min(sa.cast(_SUCCESSION.c.predecessor_id, sa.Text()))
        first = sa.cast(
            sa.select(text).where(_SUCCESSION.c.successor_id == _UNIT.c.id).scalar_subquery(),
            sa.Uuid(),
        )
    op.execute(sa.update(_UNIT).values(successor_of_id=first))
    op.drop_table("unit_change_part")
    op.drop_table("unit_change")
    op.drop_table("unit_succession")
    op.drop_table("unit_period")


def _make_periods() -> None:
    op.create_table(
        "unit_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("activity", sa.String(length=400), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_unit_period_until_after_from")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_period_organisation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_period_unit_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_period_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_period")),
        sa.UniqueConstraint("unit_id", "from_on", name=op.f("uq_unit_period_unit_id_from_on")),
    )
    op.create_index(op.f("ix_unit_period_organisation_id"), "unit_period", ["organisation_id"])


def _make_successions() -> None:
    op.create_table(
        "unit_succession",
        sa.Column("predecessor_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_unit_succession_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["unit.id"], name=op.f("fk_unit_succession_predecessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["unit.id"], name=op.f("fk_unit_succession_successor_id")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_unit_succession")),
    )
    for column in ("organisation_id", "successor_id"):
        op.create_index(op.f(f"ix_unit_succession_{column}"), "unit_succession", [column])


def _make_changes() -> None:
    op.create_table(
        "unit_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_change_organisation_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_unit_change_made_by")),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["person.id"], name=op.f("fk_unit_change_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
        sa.UniqueConstraint(
            "organisation_id", "seq", name=op.f("uq_unit_change_organisation_id_seq")
        ),
    )
    op.create_index(op.f("ix_unit_change_organisation_id"), "unit_change", ["organisation_id"])
    state = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "unit_change_part",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("before", state, nullable=True),
        sa.Column("after", state, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["unit_change.id"], name=op.f("fk_unit_change_part_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_unit_change_part_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("change_id", "unit_id", name=op.f("pk_unit_change_part")),
    )
    for column in ("organisation_id", "unit_id"):
        op.create_index(op.f(f"ix_unit_change_part_{column}"), "unit_change_part", [column])


def _part_numbers() -> None:
    """Give units that had one number after each other two numbers: the old table knows one each."""
    connection = op.get_bind()
    asked = sa.select(_UNIT.c.id, _UNIT.c.organisation_id, _UNIT.c.number)
    seen = set()
    for row in connection.execute(asked.order_by(_UNIT.c.from_on.desc(), _UNIT.c.id)).all():
        if (row.organisation_id, row.number) in seen:
            apart = f"{row.number[:31]} {row.id.hex[:8]}"
            connection.execute(sa.update(_UNIT).where(_UNIT.c.id == row.id).values(number=apart))
        seen.add((row.organisation_id, row.number))
