"""The second wall between organisations, on PostgreSQL.

There the program's role does not own the tables: it may not rewrite the files of the envelopes and
drafts, as it has to after an opening. One function does that for it, with the rights of the owner.
"""

from alembic import op

from baken.storage.walls import lower_wall, raise_wall, raise_wall_around, raise_wall_for_writing

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Table to its references to other tables of an organisation.
OWNED = {
    "annual_objective": {"annual_plan_id": "annual_plan", "objective_id": "objective"},
    "annual_plan": {"global_plan_id": "global_plan"},
    "answer_block": {"campaign_id": "campaign"},
    "audit_entry": {},
    "campaign": {},
    "campaign_count": {"campaign_id": "campaign"},
    "code": {"campaign_id": "campaign"},
    "comment": {"campaign_id": "campaign"},
    "consultation": {
        "annual_plan_id": "annual_plan",
        "global_plan_id": "global_plan",
        "measure_id": "measure",
    },
    "draft": {"campaign_id": "campaign"},
    "envelope": {"campaign_id": "campaign"},
    "finding": {"release_id": "release", "risk_analysis_id": "risk_analysis", "unit_id": "unit"},
    "global_plan": {},
    "headcount": {"unit_id": "unit"},
    "invitation": {"person_id": "person"},
    "measure": {
        "annual_plan_id": "annual_plan",
        "decider_id": "person",
        "finding_id": "finding",
        "objective_id": "objective",
        "responsible_id": "person",
        "unit_id": "unit",
    },
    "objective": {"global_plan_id": "global_plan"},
    "objective_finding": {"finding_id": "finding", "objective_id": "objective"},
    "person": {},
    "progress_note": {"measure_id": "measure", "noted_by": "person"},
    "receipt": {"campaign_id": "campaign"},
    "release": {"campaign_id": "campaign", "tally_id": "tally"},
    "risk_analysis": {
        "campaign_id": "campaign",
        "global_plan_id": "global_plan",
        "unit_id": "unit",
    },
    "role": {"person_id": "person", "unit_id": "unit"},
    "tally": {"campaign_id": "campaign"},
    "unit": {"parent_id": "unit"},
    "unit_change": {"made_by": "person", "undone_by": "person"},
    "unit_change_part": {"change_id": "unit_change"},
    "unit_period": {"parent_id": "unit", "unit_id": "unit"},
    "unit_succession": {"predecessor_id": "unit", "successor_id": "unit"},
}

# Known before an organisation is: table to the column that names the organisation.
AROUND = {
    "job": "organisation_id",
    "lost_factor_approval": "organisation_id",
    "organisation": "id",
}
PUBLIC = ("public_name",)

# CLUSTER writes a table anew like VACUUM FULL, which no function may call.
SCRUB = """
CREATE FUNCTION scrub_envelopes() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
    CLUSTER envelope USING pk_envelope;
    CLUSTER draft USING pk_draft;
END $$
"""


def upgrade() -> None:
    connection = op.get_bind()
    for table, references in OWNED.items():
        raise_wall(connection, table, references)
    for table, column in AROUND.items():
        raise_wall_around(connection, table, column)
    for table in PUBLIC:
        raise_wall_for_writing(connection, table)
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        op.execute(SCRUB.format(schema=schema))
        op.execute("REVOKE ALL ON FUNCTION scrub_envelopes() FROM PUBLIC")


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION scrub_envelopes()")
    for table in (*PUBLIC, *AROUND, *OWNED):
        lower_wall(connection, table)
