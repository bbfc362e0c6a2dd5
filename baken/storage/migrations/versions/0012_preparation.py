"""What is agreed before a campaign: charter, channels, strata, words of the invitation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import raise_wall

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("campaign") as batch:
        batch.add_column(sa.Column("stratum", _JSON, nullable=True))
        for name in ("channels", "invitation"):
            batch.add_column(sa.Column(name, _JSON, nullable=False, server_default="{}"))
        for name in ("employer_signatory", "committee_signatory"):
            batch.add_column(
                sa.Column(name, sa.String(length=200), nullable=False, server_default="")
            )
    # the models give these values themselves
    with op.batch_alter_table("campaign") as batch:
        for name in ("channels", "invitation", "employer_signatory", "committee_signatory"):
            batch.alter_column(name, server_default=None)
    _make_charters()
    raise_wall(op.get_bind(), "charter", {"campaign_id": "campaign"})


def downgrade() -> None:
    op.drop_table("charter")
    with op.batch_alter_table("campaign") as batch:
        for name in (
            "committee_signatory",
            "employer_signatory",
            "invitation",
            "channels",
            "stratum",
        ):
            batch.drop_column(name)


def _make_charters() -> None:
    op.create_table(
        "charter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("words", _JSON, nullable=False),
        sa.Column("promise", _JSON, nullable=True),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_employer", sa.String(length=400), nullable=False),
        sa.Column("agreed_workers", sa.String(length=400), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_charter_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_charter_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter")),
        sa.UniqueConstraint("campaign_id", "edition", name=op.f("uq_charter_campaign_id_edition")),
    )
    op.create_index(op.f("ix_charter_campaign_id"), "charter", ["campaign_id"])
    op.create_index(op.f("ix_charter_organisation_id"), "charter", ["organisation_id"])
