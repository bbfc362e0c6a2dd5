"""Risk analyses, talks, causes, ideas and priorities."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from baken.storage.walls import open_to_owner, raise_wall

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
# Every table of this migration, one after those it points at, with what it points at.
_NEW = {
    "analysis_turn": {"risk_analysis_id": "risk_analysis", "unit_id": "unit"},
    "change_event": {"risk_analysis_id": "risk_analysis", "unit_id": "unit"},
    "commitment": {"written_by": "person"},
    "start_step": {},
    "evidence": {"finding_id": "finding", "noted_by": "person"},
    "talk": {"risk_analysis_id": "risk_analysis", "unit_id": "unit"},
    "talk_note": {"talk_id": "talk"},
    "talk_agreement": {"talk_id": "talk"},
    "theme": {},
    "theme_finding": {"theme_id": "theme", "finding_id": "finding"},
    "priority": {"theme_id": "theme"},
    "priority_finding": {"priority_id": "priority", "finding_id": "finding"},
    "cause": {"priority_id": "priority", "written_by": "person"},
    "idea": {"priority_id": "priority"},
    "ballot": {"opened_by": "person"},
    "ballot_option": {"ballot_id": "ballot", "priority_id": "priority"},
    "ballot_voter": {"ballot_id": "ballot", "person_id": "person"},
}
_INDEXED = {
    ("analysis_turn", "risk_analysis_id"),
    ("analysis_turn", "unit_id"),
    ("change_event", "risk_analysis_id"),
    ("change_event", "unit_id"),
    ("evidence", "finding_id"),
    ("talk", "risk_analysis_id"),
    ("talk", "unit_id"),
    ("talk_note", "talk_id"),
    ("talk_agreement", "talk_id"),
    ("priority", "theme_id"),
    ("cause", "priority_id"),
    ("idea", "priority_id"),
}
_ANALYSIS: dict[str, tuple[Any, Any]] = {
    "is_pilot": (sa.Boolean(), sa.false()),
    "papa_is_internal": (sa.Boolean(), sa.false()),
    "anonymous_way": (sa.Text(), ""),
    "manifestations": (_JSON, "{}"),
    "feedback_how": (sa.Text(), ""),
    "feedback_by": (sa.String(length=200), ""),
}
_FINDING: dict[str, tuple[Any, Any]] = {
    "sub_factor": (sa.String(length=8), ""),
    "group_name": (sa.String(length=200), ""),
    "domains": (_JSON, '["psychosocial"]'),
}


def upgrade() -> None:
    with op.batch_alter_table("risk_analysis") as batch:
        for name, (kind, first) in _ANALYSIS.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=first))
        batch.add_column(sa.Column("feedback_on", sa.Date(), nullable=True))
    with op.batch_alter_table("finding") as batch:
        for name, (kind, first) in _FINDING.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=first))
        batch.alter_column("release_id", existing_type=sa.Uuid(), nullable=True)
    # the models give these values themselves
    for table, added in (("risk_analysis", _ANALYSIS), ("finding", _FINDING)):
        with op.batch_alter_table(table) as batch:
            for name in added:
                batch.alter_column(name, server_default=None)
    _make_analyses()
    _make_evidence()
    _make_talks()
    _make_priorities()
    _make_ballots()
    for table, references in _NEW.items():
        raise_wall(op.get_bind(), table, references)


def downgrade() -> None:
    for table in reversed(_NEW):
        op.drop_table(table)
    _forget_findings_without_release()
    with op.batch_alter_table("finding") as batch:
        batch.alter_column("release_id", existing_type=sa.Uuid(), nullable=False)
        for name in _FINDING:
            batch.drop_column(name)
    with op.batch_alter_table("risk_analysis") as batch:
        for name in (*_ANALYSIS, "feedback_on"):
            batch.drop_column(name)


def _forget_findings_without_release() -> None:
    """Before, every finding started from a released figure: the others had no place."""
    tables = ("finding", "objective_finding", "measure")
    open_to_owner(op.get_bind(), *tables, is_open=True)
    without = "SELECT id FROM finding WHERE release_id IS NULL"
    op.execute(f"DELETE FROM objective_finding WHERE finding_id IN ({without})")  # noqa: S608
    op.execute(f"UPDATE measure SET finding_id = NULL WHERE finding_id IN ({without})")  # noqa: S608
    op.execute("DELETE FROM finding WHERE release_id IS NULL")
    open_to_owner(op.get_bind(), *tables, is_open=False)


def _make(table: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...] = ("id",)) -> None:
    """Make a table of an organisation with its references, as named above."""
    targets = {"organisation_id": "organisation", **_NEW[table]}
    links = [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]
    owner = sa.Column("organisation_id", sa.Uuid(), nullable=False)
    named = sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}"))
    op.create_table(table, *parts, owner, *links, named)
    for column in targets:
        if column == "organisation_id" or (table, column) in _INDEXED:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _line(name: str, length: int = 200) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _name(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _yes(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, _JSON, nullable=nullable)


def _make_analyses() -> None:
    _make(
        "analysis_turn",
        *(_id(), _id("risk_analysis_id"), _id("unit_id"), _number("year"), _text("note")),
        *(_day("done_on", nullable=True), _version()),
        sa.UniqueConstraint(
            "risk_analysis_id", "unit_id", name=op.f("uq_analysis_turn_risk_analysis_id_unit_id")
        ),
    )
    _make(
        "change_event",
        *(_id(), _line("title"), _text("description"), _day("happens_on")),
        *(_id("unit_id", nullable=True), _id("risk_analysis_id", nullable=True)),
        *(_line("responsible"), _day("due_on"), _json("expected")),
        *(_name("conclusion", nullable=True), _text("conclusion_text")),
        *(_day("closed_on", nullable=True), _version()),
        sa.CheckConstraint(
            "(conclusion IS NULL) = (closed_on IS NULL)",
            name=op.f("ck_change_event_closed_with_conclusion"),
        ),
    )
    _make(
        "commitment",
        *(_id(), _number("number"), _text("content"), _line("signed_by"), _day("signed_on")),
        _id("written_by"),
        sa.UniqueConstraint(
            "organisation_id", "number", name=op.f("uq_commitment_organisation_id_number")
        ),
    )
    _make(
        "start_step",
        *(_id(), _name("kind"), _line("title"), _text("audience"), _text("channel")),
        *(_line("responsible"), _day("due_on"), _day("done_on", nullable=True)),
        *(_number("n_reached", nullable=True), _text("note"), _version()),
    )


def _make_evidence() -> None:
    _make(
        "evidence",
        *(_id(), _id("finding_id"), _name("kind"), _id("source_id", nullable=True)),
        *(_text("text"), _json("facts"), _day("seen_on"), _id("noted_by")),
    )


def _make_talks() -> None:
    _make(
        "talk",
        *(_id(), _line("title"), _name("method"), _id("unit_id", nullable=True)),
        *(_id("risk_analysis_id", nullable=True), _text("purpose"), _day("planned_on")),
        *(_line("place"), _line("leader"), _line("observer"), _yes("manager_present")),
        *(_number("min_group"), _json("safeguards"), _name("state")),
        *(_day("held_on", nullable=True), _number("n_invited"), _number("n_present")),
        *(_json("composition"), _number("n_voters"), _day("read_back_on", nullable=True)),
        *(_day("approved_on", nullable=True), _name("reach", nullable=True), _version()),
        sa.CheckConstraint("n_present <= n_invited", name=op.f("ck_talk_no_more_than_invited")),
        sa.CheckConstraint(
            "(reach IS NULL) = (approved_on IS NULL)", name=op.f("ck_talk_approved_with_reach")
        ),
    )
    _make(
        "talk_note",
        *(_id(), _id("talk_id"), _name("factor"), _line("topic", 40), _name("tone")),
        *(_name("way"), _text("text"), _number("votes"), _version()),
    )
    _make(
        "talk_agreement",
        *(_id(), _id("talk_id"), _line("who"), _text("what"), _day("due_on")),
        *(_day("done_on", nullable=True), _version()),
    )


def _make_priorities() -> None:
    _make("theme", _id(), _line("title"), _text("story"), _version())
    _make("theme_finding", _id("theme_id"), _id("finding_id"), key=("theme_id", "finding_id"))
    _make(
        "priority",
        *(_id(), _id("theme_id", nullable=True), _line("title"), _name("kind"), _text("story")),
        *(_number("urgency"), _number("feasibility"), _json("smart"), _name("state")),
        *(_day("proposed_on"), _day("decided_on", nullable=True), _text("reason"), _version()),
        sa.CheckConstraint("urgency BETWEEN 0 AND 5", name=op.f("ck_priority_urgency")),
        sa.CheckConstraint("feasibility BETWEEN 0 AND 5", name=op.f("ck_priority_feasibility")),
    )
    both = ("priority_id", "finding_id")
    _make("priority_finding", _id(both[0]), _id(both[1]), key=both)
    _make(
        "cause",
        *(_id(), _id("priority_id"), _name("kind"), _json("whys"), _text("root")),
        *(_text("motivation"), _day("written_on"), _id("written_by"), _version()),
    )
    _make(
        "idea",
        *(_id(), _id("priority_id", nullable=True), _line("title"), _text("text")),
        *(_line("dimension", 4), _name("level"), _name("scope"), _yes("is_quick_win")),
        *(_json("pros"), _json("cons"), _name("state"), _text("reason")),
        *(_line("library_key", 40), _day("noted_on"), _version()),
    )


def _make_ballots() -> None:
    _make(
        "ballot",
        *(_id(), _line("title"), _yes("is_anonymous"), _number("dots"), _json("roles")),
        *(_number("min_group"), _day("opened_on"), _day("closes_on")),
        *(_day("closed_on", nullable=True), _id("opened_by"), _version()),
        sa.CheckConstraint("dots >= 1", name=op.f("ck_ballot_dots")),
    )
    option = ("ballot_id", "priority_id")
    _make("ballot_option", _id(option[0]), _id(option[1]), _number("n_dots"), key=option)
    voter = ("ballot_id", "person_id")
    _make("ballot_voter", _id(voter[0]), _id(voter[1]), _json("choices", nullable=True), key=voter)
