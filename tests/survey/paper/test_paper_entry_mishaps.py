"""What goes wrong with stacks of forms: nothing is lost, nothing is sealed twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Date, DateTime, Integer, func, select

from baken.storage.session import Database
from baken.survey.box.models import Envelope
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.places import mark_blank
from baken.survey.errors import PaperUnsettled
from baken.survey.paper import spool
from baken.survey.paper.batches import check_places
from baken.survey.paper.deciding import next_open, restart_second
from baken.survey.paper.destruction import Destruction, find_destruction, log_destruction
from baken.survey.paper.errors import (
    CannotLogDestruction,
    CannotOpenBatch,
    SpoolGone,
    TooManySheets,
)
from baken.survey.paper.models import SpoolImage, SpoolSheet
from baken.survey.paper.rules import BatchState
from baken.survey.paper.sealing import drop_batch, expire_batches
from baken.web.jobs.daily import forget_read_forms
from tests.crash.killed_acts import Installation, die, seal_stack
from tests.survey.paper.stacks import Stacks, make_stacks


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One engine is enough here: the way through is walked on both."""
    return sqlite


def n_envelopes(stacks: Stacks) -> int:
    with stacks.stage.database.read(stacks.stage.client.id) as session:
        return session.scalar(select(func.count()).select_from(Envelope)) or 0


def expire(stage: Any) -> int:
    return expire_batches(
        stage.database, stage.keys, organisation_id=stage.client.id, today=stage.today
    )


def test_more_forms_than_places_are_reported_and_never_sealed(stage: Any) -> None:
    stacks = make_stacks(stage, 6)
    for wrong, said in (
        ({"counted": 4}, "stack_too_small"),
        ({"counted": 11}, "more_than_places"),
        ({"counted": 6, "language": "de"}, "not_of_campaign"),
    ):
        with pytest.raises(CannotOpenBatch) as refused:
            stacks.open(**wrong)  # type: ignore[arg-type]
        assert refused.value.key == f"paper_entry.{said}"
    # no refusal tells 6 slips from 10: who asks again and again would see somebody come by
    with stage.database.read(stage.client.id) as session:
        check_places(session, get_campaign(session, stacks.campaign_id), stacks.unit, 10)
    batch, sheets = stacks.fill(6)
    with pytest.raises(CannotOpenBatch):  # the same stack a second time
        stacks.open(6)
    # nor does it help to enter form after form until the limit falls: it falls by each of them
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, stacks.campaign_id)
        check_places(session, campaign, stacks.unit, 4)
        with pytest.raises(CannotOpenBatch):
            check_places(session, campaign, stacks.unit, 5)
    assert stacks.check(batch, sheets) is BatchState.READY
    stacks.write(mark_blank, stacks.campaign_id, stacks.unit, 1)
    with pytest.raises(TooManySheets) as many:
        stacks.seal(batch)
    assert many.value.values["n"] == 5  # one is too many; the number would tick
    assert (n_envelopes(stacks), stacks.place().waiting) == (0, 6)
    stacks.seal(batch, report_surplus=True)
    sealed, place = stacks.look(batch), stacks.place()
    assert (sealed.n_sealed, sealed.n_surplus) == (5, 1)
    assert (place.taken, place.surplus, place.waiting) == (5, 1, 0)


def test_a_day_that_is_over_leaves_nothing_but_the_paper(stage: Any) -> None:
    stacks = make_stacks(stage, 6)
    batch, sheets = stacks.open(6), stacks.sheets(6)
    stacks.key(batch, 1, sheets[0])
    assert expire(stage) == 0
    stage.today += timedelta(days=1)
    with pytest.raises(SpoolGone):  # before any round has come by
        stacks.key(batch, 2, sheets[1])
    assert expire(stage) == 1
    assert stacks.look(batch).state is BatchState.EXPIRED
    assert stacks.place().waiting == 0
    assert not stage.keys.has(stage.client.id, spool.PURPOSE, str(batch.id))
    with stage.database.read(stage.client.id) as session:
        assert session.scalar(select(func.count()).select_from(SpoolSheet)) == 0
    again = stacks.open(6)
    stacks.key(again, 1, sheets[0])
    # the key store was damaged: said at once, and cleared away by the next round
    spool.destroy_batch_key(stage.keys, stage.client.id, again.id)
    with pytest.raises(SpoolGone):
        stacks.key(again, 2, sheets[1])
    forget_read_forms(stage.database, stage.keys, today=stage.today)
    assert stacks.look(again).state is BatchState.EXPIRED
    third = stacks.open(6)
    forget_read_forms(stage.database, stage.keys, today=stage.today)
    assert stacks.look(third).state is BatchState.ENTERING
    drop_batch(stage.database, stage.keys, third.id, by=stacks.clerk)
    assert stacks.look(third).state is BatchState.DROPPED
    assert stacks.place().waiting == 0


@pytest.mark.crash
def test_a_kill_while_sealing_is_resumed_and_nothing_is_sealed_twice(stage: Any) -> None:
    stacks = make_stacks(stage, 10)
    place = Installation.of(stage.database, stage.keys)
    for at, n_before, n_after in (
        ("paper_sealing.before_commit", 0, 0),
        ("paper_sealing.sheet_sealed", 5, 6),
    ):
        batch, sheets = stacks.open(5, is_another=True), stacks.sheets(5)
        for number, typed in enumerate(sheets, start=1):
            stacks.key(batch, number, typed)
        stacks.finish(batch, 5)
        stacks.check(batch, sheets)
        die(at, seal_stack, place, stacks.third, batch.id, stage.today)
        assert n_envelopes(stacks) == n_after
        assert stacks.place().waiting == n_before + 5 - n_after
        if n_after:  # nobody comes back before the day is over
            stage.today += timedelta(days=1)
            assert expire(stage) == 0
        else:
            stacks.seal(batch)
        assert n_envelopes(stacks) == n_before + 5
        assert stacks.look(batch).state is BatchState.SEALED
        assert not stage.keys.has(stage.client.id, spool.PURPOSE, str(batch.id))
    assert (stacks.place().taken, stacks.place().waiting) == (10, 0)


def test_an_order_that_was_lost_is_seen_and_the_second_entry_starts_anew(stage: Any) -> None:
    stacks = make_stacks(stage, 6)
    batch, sheets = stacks.fill(6)
    assert stacks.check(batch, [*sheets[1:], sheets[0]]) is BatchState.DECIDING
    arguments = (stage.keys, batch.id)
    assert stacks.write(next_open, *arguments, by=stacks.third, today=stage.today).are_strangers
    stacks.write(restart_second, *arguments, by=stacks.third, today=stage.today)
    assert stacks.check(batch, sheets) is BatchState.READY
    assert stacks.look(batch).fields_differing == 0


def test_the_last_stack_may_be_small_and_paper_goes_when_the_answers_are_safe(stage: Any) -> None:
    stacks = make_stacks(stage, 2)
    for number, code in enumerate(stage.codes(stacks.campaign_id)["Workshop"]):
        stage.submit(stacks.campaign_id, code, stage.sheet(number))
    with pytest.raises(CannotOpenBatch):
        stacks.open(2, unit="ALL")
    stage.close(stacks.campaign_id)
    batch, sheets = stacks.open(2, unit="ALL"), stacks.sheets(2)
    for place, typed in enumerate(sheets, start=1):
        stacks.key(batch, place, typed)
    with pytest.raises(PaperUnsettled):
        stage.open(stacks.campaign_id)
    stacks.finish(batch, 2)
    stacks.check(batch, sheets)
    stacks.seal(batch)

    said = Destruction(stage.opening_day, "Versnipperd", "L. Getuige, comité")
    arguments = {"by": stacks.third, "today": stage.opening_day}
    with pytest.raises(CannotLogDestruction):
        stacks.write(log_destruction, stacks.campaign_id, said, **arguments)
    assert stage.open(stacks.campaign_id) is CampaignState.BACKED_UP
    alone = replace(said, witness=f" {stacks.third.name.upper()}, preventieadviseur")
    with pytest.raises(CannotLogDestruction, match="somebody else"):
        stacks.write(log_destruction, stacks.campaign_id, alone, **arguments)
    stacks.write(log_destruction, stacks.campaign_id, said, **arguments)
    with pytest.raises(CannotLogDestruction):
        stacks.write(log_destruction, stacks.campaign_id, said, **arguments)
    with stage.database.read(stage.client.id) as session:
        logged = find_destruction(session, stacks.campaign_id)
    assert logged is not None
    assert logged.witness == "L. Getuige, comité"


@pytest.mark.parametrize("model", [SpoolSheet, SpoolImage], ids=lambda one: one.__tablename__)
def test_rows_of_the_spool_tell_neither_time_nor_order(model: Any) -> None:
    table = model.__table__
    assert [column.name for column in table.columns if isinstance(column.type, Integer)] == []
    assert not any(isinstance(column.type, Date | DateTime) for column in table.columns)
    assert table.dialect_options["sqlite"]["with_rowid"] is False
