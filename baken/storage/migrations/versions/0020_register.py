"""The register of acts by third parties: entries, their sealed texts, names given with consent."""

import sqlalchemy as sa
from alembic import op

from baken.storage.walls import raise_wall

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_register()
    _make_entries()
    _make_texts()
    _make_identities()
    connection = op.get_bind()
    raise_wall(connection, "register")
    raise_wall(connection, "register_entry")
    texts = {"entry_id": "register_entry", "written_by": "person"}
    raise_wall(connection, "register_text", texts)
    raise_wall(connection, "register_identity", {"entry_id": "register_entry"})
    _fix_texts()


def downgrade() -> None:
    for table in ("register_identity", "register_text", "register_entry", "register"):
        op.drop_table(table)  # its trigger goes with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_register_change()")


def _fix_texts() -> None:
    """Let nobody change a text that was written; it goes as a whole when its term is over."""
    said = "what was written in the register stays as it is"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER register_text_fixed BEFORE UPDATE ON register_text BEGIN "
            f"SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_register_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    )
    # Afterwards, so that the wall between organisations has said its own first.
    op.execute(
        "CREATE TRIGGER register_text_fixed AFTER UPDATE ON register_text "
        "FOR EACH ROW EXECUTE FUNCTION refuse_register_change()"
    )


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
    ]


def _make_register() -> None:
    table = "register"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("keeper", sa.String(length=40), nullable=False),
        sa.Column("preset", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("other_route", sa.Text(), nullable=False),
        sa.Column("takes_public", sa.Boolean(), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_register_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f("ix_register_organisation_id"), table, ["organisation_id"])


def _make_entries() -> None:
    table = "register_entry"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("purge_on", sa.Date(), nullable=False),
        sa.Column("nature", sa.String(length=20), nullable=True),
        sa.Column("n_texts", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("deleted_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_register_entry_number_from_one")),
        sa.CheckConstraint(
            "(number IS NULL) = (state IN ('waiting', 'refused'))",
            name=op.f("ck_register_entry_numbered"),
        ),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_register_entry_number")),
        sa.UniqueConstraint("organisation_id", "mark", name=op.f("uq_register_entry_mark")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f("ix_register_entry_organisation_id"), table, ["organisation_id"])
    op.create_index(
        op.f("ix_register_entry_organisation_id_state"), table, ["organisation_id", "state"]
    )


def _make_texts() -> None:
    table = "register_text"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_register_text_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_register_text_written_by")
        ),
        sa.UniqueConstraint("entry_id", "place", name=op.f("uq_register_text_place")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f("ix_register_text_organisation_id"), table, ["organisation_id"])


def _make_identities() -> None:
    table = "register_identity"
    op.create_table(
        table,
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_register_identity_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f(f"pk_{table}")),
        *_owned(table),
    )
    op.create_index(op.f("ix_register_identity_organisation_id"), table, ["organisation_id"])
