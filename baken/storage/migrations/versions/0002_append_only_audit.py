"""Make the audit chains append-only: the database itself refuses changes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = {"audit_entry": "organisation_id, ", "installation_entry": ""}
# Forgetting the salt is the one change allowed: it erases what concerned a person.
FIXED = "seq, at, actor, action, subject, facts, private_hash, previous, hash"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_fixed ON {table}")
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        else:
            op.execute(f"DROP TRIGGER {table}_fixed")
            op.execute(f"DROP TRIGGER {table}_kept")
            op.execute(f"DROP TRIGGER {table}_salt")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
        op.execute("DROP FUNCTION refuse_audit_rewrite()")


def _upgrade_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END"
    for table, owner in TABLES.items():
        op.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {owner}{FIXED} ON {table} {refuse}"
        )
        op.execute(
            f"CREATE TRIGGER {table}_salt BEFORE UPDATE OF salt ON {table} "
            f"WHEN NEW.salt IS NOT NULL {refuse}"
        )
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {refuse}")


def _upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit chain is append-only'; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_audit_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.salt IS NOT NULL OR to_jsonb(NEW) - 'salt' IS DISTINCT FROM to_jsonb(OLD) - 'salt' "
        "THEN RAISE EXCEPTION 'the audit chain is append-only'; END IF; RETURN NEW; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_rewrite()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
