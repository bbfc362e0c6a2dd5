"""One open question of a kind; contacts of a register in four languages; requests are sealed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects.postgresql import JSONB

from baken.storage.contents import open_content, seal_content
from baken.storage.keys import KeyStore
from baken.storage.walls import open_to_owner

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_OPEN = sa.text("ended_on IS NULL")
_REQUEST = sa.table(
    "situation_request",
    *(sa.column(name, sa.Uuid()) for name in ("id", "organisation_id")),
    *(sa.column(name, sa.Text()) for name in ("situation", "priority_reason")),
    sa.column("sealed", sa.LargeBinary()),
)
_STEP = sa.table(
    "situation_step",
    *(sa.column(name, sa.Uuid()) for name in ("id", "organisation_id", "request_id")),
    sa.column("text", sa.Text()),
    sa.column("facts", _JSON),
    sa.column("sealed", sa.LargeBinary()),
)


def upgrade() -> None:
    _let_one_question_stand()
    _say_contacts_in_languages()
    for table in (_REQUEST, _STEP):
        op.add_column(table.name, sa.Column("sealed", sa.LargeBinary(), nullable=True))
    with _open_tables():
        for row in _rows(_REQUEST):
            words = {"situation": row.situation, "priority_reason": row.priority_reason}
            _write(_REQUEST, row, sealed=_seal(row, row.id, words))
        for row in _rows(_STEP):
            facts = dict(row.facts)
            words = {"text": row.text, "anonymous": facts.pop("anonymous", "")}
            _write(_STEP, row, facts=facts, sealed=_seal(row, row.request_id, words))
    op.drop_column("situation_request", "situation")
    op.drop_column("situation_request", "priority_reason")
    op.drop_column("situation_step", "text")


def downgrade() -> None:
    for table, name in (
        (_REQUEST, "situation"),
        (_REQUEST, "priority_reason"),
        (_STEP, "text"),
    ):
        empty = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column(table.name, empty)
    with _open_tables():
        for row in _rows(_REQUEST):
            _write(_REQUEST, row, **_unseal(row, row.id))
        for row in _rows(_STEP):
            words = _unseal(row, row.request_id)
            facts = dict(row.facts)
            if "adviser" in facts:
                facts["anonymous"] = words.get("anonymous", "")
            _write(_STEP, row, facts=facts, text=words.get("text", ""))
    for table in (_REQUEST, _STEP):
        op.drop_column(table.name, "sealed")
    op.drop_column("register", "translations")
    op.drop_column("register", "language")
    op.drop_index("uq_retention_shortening_open", table_name="retention_shortening")


def _let_one_question_stand() -> None:
    """Two people could ask at the same moment: the first question stays, the others are over."""
    connection = op.get_bind()
    open_to_owner(connection, "retention_shortening", is_open=True)
    op.execute(
        "UPDATE retention_shortening SET ended_on = asked_on WHERE ended_on IS NULL AND EXISTS ("
        "SELECT 1 FROM retention_shortening AS first WHERE first.ended_on IS NULL "
        "AND first.organisation_id = retention_shortening.organisation_id "
        "AND first.record = retention_shortening.record "
        "AND (first.asked_on < retention_shortening.asked_on OR "
        "(first.asked_on = retention_shortening.asked_on AND first.id < retention_shortening.id)))"
    )
    open_to_owner(connection, "retention_shortening", is_open=False)
    op.create_index(
        "uq_retention_shortening_open",
        "retention_shortening",
        ["organisation_id", "record"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _say_contacts_in_languages() -> None:
    """What stands there now was written in the language of the organisation, as far as we know."""
    language = sa.Column("language", sa.String(length=2), nullable=False, server_default="nl")
    op.add_column("register", language)
    others = sa.Column("translations", _JSON, nullable=False, server_default="{}")
    op.add_column("register", others)
    connection = op.get_bind()
    open_to_owner(connection, "register", "organisation", is_open=True)
    op.execute(
        "UPDATE register SET language = "
        "(SELECT language FROM organisation WHERE organisation.id = register.organisation_id)"
    )
    open_to_owner(connection, "register", "organisation", is_open=False)


@contextmanager
def _open_tables() -> Iterator[None]:
    """Let the rows of both tables be read and changed, steps too, which nobody changes else."""
    connection = op.get_bind()
    names = (_REQUEST.name, _STEP.name)
    is_sqlite = connection.dialect.name == "sqlite"
    open_to_owner(connection, *names, is_open=True)
    fixed = ""
    if is_sqlite:
        asked = "SELECT sql FROM sqlite_master WHERE name = 'situation_step_fixed'"
        fixed = connection.exec_driver_sql(asked).scalar_one()
        op.execute("DROP TRIGGER situation_step_fixed")
    else:
        op.execute("ALTER TABLE situation_step DISABLE TRIGGER situation_step_fixed")
    yield
    op.execute(fixed or "ALTER TABLE situation_step ENABLE TRIGGER situation_step_fixed")
    open_to_owner(connection, *names, is_open=False)


def _rows(table: Any) -> list[Any]:
    return list(op.get_bind().execute(sa.select(*table.c)))


def _write(table: Any, row: Any, **values: Any) -> None:
    op.get_bind().execute(table.update().where(table.c.id == row.id).values(**values))


def _seal(row: Any, request_id: UUID, words: dict[str, str]) -> bytes:
    key = _keys().ensure(row.organisation_id, "requests", f"request:{request_id.hex}")
    return seal_content(key, _place(row), words)


def _unseal(row: Any, request_id: UUID) -> dict[str, Any]:
    if row.sealed is None:
        return {}
    key = _keys().get(row.organisation_id, "requests", f"request:{request_id.hex}")
    return open_content(key, _place(row), row.sealed)


def _place(row: Any) -> bytes:
    return f"{row.organisation_id.hex}|requests|{row.id.hex}|content|v1".encode()


def _keys() -> KeyStore:
    """The key store beside the database; asked for only where there is something to seal."""
    folder = context.config.attributes.get("keys")
    if folder is None:
        raise RuntimeError("There are requests to seal: say where the key store is.")
    return KeyStore.open(folder)
