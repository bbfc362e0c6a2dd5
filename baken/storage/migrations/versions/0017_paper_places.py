"""Places of paper forms, and sittings with their counts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import lower_wall, open_to_owner, raise_wall

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
CAMPAIGN = sa.table(
    "campaign",
    sa.column("id", sa.Uuid()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("unit_tree", JSON),
)
COUNTERS = ("places", "taken", "blank", "waiting", "surplus")
HAND_COUNTERS = ("slips", "handed_out", "returned", "empty")
WALLS = {
    "paper_place": {"campaign_id": "campaign"},
    "sitting": {"campaign_id": "campaign"},
    "sitting_count": {"sitting_id": "sitting"},
}
PLACE = sa.table(
    "paper_place",
    sa.column("campaign_id", sa.Uuid()),
    sa.column("unit", sa.String()),
    sa.column("organisation_id", sa.Uuid()),
    *(sa.column(name, sa.Integer()) for name in COUNTERS),
)


def upgrade() -> None:
    _make_places()
    _give_places_to_running()
    _make_sittings()
    _make_counts()
    for table, references in WALLS.items():
        raise_wall(op.get_bind(), table, references)


def downgrade() -> None:
    for table in reversed(WALLS):
        lower_wall(op.get_bind(), table)
        op.drop_table(table)


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
    )


def _make_sittings() -> None:
    table = "sitting"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("leader", sa.String(length=200), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("destroyed", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("remarks", sa.String(length=1000), nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("destroyed >= 0", name=op.f("ck_sitting_destroyed_not_below_none")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_sitting_campaign_id")
        ),
        _owner(table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
    )
    op.create_index(op.f("ix_sitting_campaign_id"), table, ["campaign_id"])
    op.create_index(op.f("ix_sitting_organisation_id"), table, ["organisation_id"])


def _make_counts() -> None:
    table = "sitting_count"
    op.create_table(
        table,
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in HAND_COUNTERS),
        sa.CheckConstraint(
            "slips >= 0 AND handed_out >= 0 AND returned >= 0 AND empty >= 0",
            name=op.f("ck_sitting_count_no_less_than_none"),
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_count_sitting_id")
        ),
        _owner(table),
        sa.PrimaryKeyConstraint("sitting_id", "unit", name=op.f("pk_sitting_count")),
        sqlite_with_rowid=False,
    )


def _make_places() -> None:
    op.create_table(
        "paper_place",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTERS),
        sa.CheckConstraint(
            "taken + blank <= places", name=op.f("ck_paper_place_no_more_than_places")
        ),
        sa.CheckConstraint(
            "taken >= 0 AND blank >= 0 AND waiting >= 0 AND surplus >= 0",
            name=op.f("ck_paper_place_no_less_than_none"),
        ),
        _owner("paper_place"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_paper_place_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "unit", name=op.f("pk_paper_place")),
        sqlite_with_rowid=False,
    )


def _give_places_to_running() -> None:
    """Campaigns that run, or wait for their opening, may get forms too."""
    connection = op.get_bind()
    open_to_owner(connection, "campaign", is_open=True)
    asked = sa.select(CAMPAIGN).where(CAMPAIGN.c.state.in_(("running", "closed")))
    rows = [
        {"campaign_id": row.id, "unit": unit["key"], "organisation_id": row.organisation_id}
        | dict.fromkeys(COUNTERS, 0)
        for row in connection.execute(asked)
        for unit in row.unit_tree or []
        if unit["headcount"]
    ]
    if rows:
        connection.execute(sa.insert(PLACE), rows)
    open_to_owner(connection, "campaign", is_open=False)
