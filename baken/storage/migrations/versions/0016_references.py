"""References of an organisation, and benchmarks over the organisations of an installation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall, raise_wall_for_the_installation

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _make_references()
    _make_members()
    _make_contributions()
    _make_editions()
    connection = op.get_bind()
    raise_wall(connection, "reference_set", {"replaces_id": "reference_set"})
    raise_wall(connection, "pool_member")
    raise_wall(
        connection, "pool_contribution", {"campaign_id": "campaign", "release_id": "release"}
    )
    raise_wall_for_the_installation(connection, "pool_edition")


def downgrade() -> None:
    for table in ("pool_edition", "pool_contribution", "pool_member", "reference_set"):
        op.drop_table(table)


def _questionnaire() -> list[sa.Column[str]]:
    return [
        sa.Column("instrument_key", sa.String(length=60), nullable=False),
        sa.Column("instrument_version", sa.String(length=40), nullable=False),
        sa.Column("instrument_fingerprint", sa.String(length=64), nullable=False),
    ]


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _make_references() -> None:
    table = "reference_set"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *_questionnaire(),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("population", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("sector", sa.String(length=120), nullable=False),
        sa.Column("is_other_country", sa.Boolean(), nullable=False),
        sa.Column("is_other_sector", sa.Boolean(), nullable=False),
        sa.Column("figures", _JSON, nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("year >= 1900", name=op.f("ck_reference_set_year_of_our_time")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["reference_set.id"], name=op.f("fk_reference_set_replaces_id")
        ),
        *_owned(table),
    )
    op.create_index(op.f("ix_reference_set_organisation_id"), table, ["organisation_id"])


def _make_members() -> None:
    table = "pool_member"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_pool_member_organisation")),
        *_owned(table),
    )
    op.create_index(op.f("ix_pool_member_organisation_id"), table, ["organisation_id"])


def _make_contributions() -> None:
    table = "pool_contribution"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        *_questionnaire(),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("brought_on", sa.Date(), nullable=False),
        sa.Column("figures", _JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_pool_contribution_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_pool_contribution_release_id")
        ),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_pool_contribution_campaign_id")),
        *_owned(table),
    )
    op.create_index(op.f("ix_pool_contribution_organisation_id"), table, ["organisation_id"])


def _make_editions() -> None:
    op.create_table(
        "pool_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_questionnaire(),
        sa.Column("is_fictional", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("rules", _JSON, nullable=False),
        sa.Column("members", _JSON, nullable=False),
        sa.Column("scales", _JSON, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_pool_edition_number_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_edition")),
        sa.UniqueConstraint(
            "instrument_fingerprint",
            "is_fictional",
            "number",
            name=op.f("uq_pool_edition_number"),
        ),
    )
