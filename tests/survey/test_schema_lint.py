"""The tables of the box hold nothing that tells when or in which order."""

import pytest
from sqlalchemy import Date, DateTime, Integer, LargeBinary, Time, inspect, text
from sqlalchemy.types import Interval

from baken.survey.answers import AnswerBlock
from baken.survey.box.models import Draft, Envelope, Receipt
from baken.survey.campaigns.models import PublicName
from baken.survey.codes.models import CampaignCount, Code, PaperPlace, Spare
from baken.survey.comments import Comment
from baken.survey.invitations.models import Recipient
from baken.survey.monitoring.models import StratumCount

WITHOUT_TIME = (
    AnswerBlock,
    Code,
    Comment,
    Draft,
    Envelope,
    PaperPlace,
    Receipt,
    Recipient,
    Spare,
)
LINKS_ALLOWED = {"organisation", "campaign"}
AFTER_OPENING = (AnswerBlock, Comment, Receipt)


@pytest.mark.parametrize("model", WITHOUT_TIME, ids=lambda model: model.__tablename__)
def test_no_column_holds_a_time_or_a_running_number(model):
    for column in model.__table__.columns:
        assert not isinstance(column.type, (Date, DateTime, Time, Interval)), column
        assert column.default is None or not callable(getattr(column.default, "arg", None)), column
        assert column.server_default is None, column
        assert column.onupdate is None, column
        assert not column.name.endswith(("_at", "_on", "_time", "seq", "position")), column
    for column in model.__table__.primary_key:
        assert not isinstance(column.type, Integer), column


@pytest.mark.parametrize("model", WITHOUT_TIME, ids=lambda model: model.__tablename__)
def test_foreign_keys_lead_to_the_campaign_and_no_further(model):
    targets = {key.column.table.name for key in model.__table__.foreign_keys}
    assert targets == LINKS_ALLOWED


def test_what_is_opened_has_nothing_in_common_with_codes():
    ways_back = {column.name for column in Code.__table__.columns}
    for model in AFTER_OPENING:
        common = ways_back & {column.name for column in model.__table__.columns}
        assert common == {"organisation_id", "campaign_id"}


def test_a_count_is_kept_per_day_and_names_of_campaigns_stand_outside_the_wall():
    assert {column.name for column in CampaignCount.__table__.columns} == {
        "organisation_id", "campaign_id", "unit", "counted_on", "rounded",
    }  # fmt: skip
    assert {column.name for column in StratumCount.__table__.columns} == {
        "organisation_id", "campaign_id", "stratum", "counted_on", "rounded",
    }  # fmt: skip
    assert {column.name for column in PublicName.__table__.columns} == {
        "name", "organisation_id", "kind", "subject_id",
    }  # fmt: skip


def test_tables_on_disk_have_no_row_numbers(sqlite):
    with sqlite.engine.connect() as connection:
        for model in WITHOUT_TIME:
            name = model.__tablename__
            asked = text("SELECT sql FROM sqlite_master WHERE type='table' AND name=:name")
            written = connection.execute(asked, {"name": name}).scalar_one()
            assert written.rstrip().upper().endswith("WITHOUT ROWID"), name
        assert not inspect(connection).has_table("sqlite_sequence")
        triggers = text("SELECT tbl_name FROM sqlite_master WHERE type='trigger'")
        touched = set(connection.execute(triggers).scalars())
        assert touched.isdisjoint(model.__tablename__ for model in WITHOUT_TIME)


def test_keys_and_boxes_are_bytes():
    for model, key in ((Code, "tag"), (Envelope, "tag"), (Draft, "id"), (Comment, "id")):
        assert isinstance(model.__table__.columns[key].type, LargeBinary)
        assert model.__table__.columns[key].type.length == 16
