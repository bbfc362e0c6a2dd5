"""A measure goes on once, and what is written once stays in the database too."""

from typing import Final

from alembic import op

from baken.storage.walls import lower_wall, open_to_owner, raise_wall

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FIXED: Final = {
    "plan_edition": "An adopted edition stays as it is.",
    "progress_note": "A note on a measure is written once.",
    "measure_review": "A review of a measure is written once.",
    "team_item": "What a team said is written once.",
    "evidence": "What a finding rests on is written once.",
    "commitment": "A version of a commitment stays as it is.",
}
_MEASURE: Final = {
    "annual_plan_id": "annual_plan",
    "continues_id": "measure",
    "decider_id": "person",
    "finding_id": "finding",
    "objective_id": "objective",
    "priority_id": "priority",
    "responsible_id": "person",
    "unit_id": "unit",
}
# A year that ended carries these on: the note says the same as the measure that goes on.
_GOES_ON: Final = (
    "EXISTS (SELECT 1 FROM measure AS later JOIN progress_note AS note "
    "ON note.text = later.carried_reason AND note.status_after = '{status}' "
    "WHERE later.continues_id = {measure} AND note.measure_id = {measure})"
)


def upgrade() -> None:
    connection = op.get_bind()
    open_to_owner(connection, "measure", "progress_note", is_open=True)
    _rename("stopped", "carried")
    # Of two that went on from the same measure the first remains; the other stands for itself.
    op.execute(
        "UPDATE measure SET continues_id = NULL WHERE EXISTS (SELECT 1 FROM measure AS first "
        "WHERE first.continues_id = measure.continues_id AND first.id < measure.id)"
    )
    open_to_owner(connection, "measure", "progress_note", is_open=False)
    lower_wall(connection, "measure")
    op.drop_index(op.f("ix_measure_continues_id"), "measure")
    with op.batch_alter_table("measure") as batch:
        batch.create_unique_constraint(op.f("uq_measure_continues_id"), ["continues_id"])
    raise_wall(connection, "measure", _MEASURE)
    for table, said in FIXED.items():
        _fix(table, said)


def downgrade() -> None:
    connection = op.get_bind()
    for table in FIXED:
        _unfix(table)
    lower_wall(connection, "measure")
    with op.batch_alter_table("measure") as batch:
        batch.drop_constraint(op.f("uq_measure_continues_id"), type_="unique")
    op.create_index(op.f("ix_measure_continues_id"), "measure", ["continues_id"])
    raise_wall(connection, "measure", _MEASURE)
    # The tables before 0027 know no measure that goes on: it ended, with its reason in the note.
    open_to_owner(connection, "measure", "progress_note", is_open=True)
    _rename("carried", "stopped")
    open_to_owner(connection, "measure", "progress_note", is_open=False)


def _rename(before: str, after: str) -> None:
    """Give measures that went on in a later year, and the notes that say so, another status."""
    goes_on = _GOES_ON.format(status=before, measure="measure.id")
    op.execute(
        f"UPDATE measure SET status = '{after}' WHERE status = '{before}' AND {goes_on}"  # noqa: S608
    )
    op.execute(
        f"UPDATE progress_note SET status_after = '{after}' "  # noqa: S608
        f"WHERE status_after = '{before}' AND EXISTS (SELECT 1 FROM measure AS later "
        "WHERE later.continues_id = progress_note.measure_id "
        "AND later.carried_reason = progress_note.text)"
    )


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


def _unfix(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_fixed")
        return
    op.execute(f"DROP TRIGGER {table}_fixed ON {table}")
    op.execute(f"DROP FUNCTION refuse_{table}_change()")
