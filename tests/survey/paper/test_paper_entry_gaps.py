"""Ways round the rules that somebody looked for: each is closed, and stays so."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from baken.organisation.errors import Denied
from baken.organisation.permissions import Grant, Role
from baken.storage.session import Database
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.places import mark_blank
from baken.survey.codes.slips import CodeMaker, first_spare
from baken.survey.codes.spares import Reason, hand_out_spare
from baken.survey.comments import read_comments
from baken.survey.disclosure.tree import ROOT
from baken.survey.errors import InvalidSitting, NoFormForSlip
from baken.survey.paper import spool
from baken.survey.paper.deciding import decide, next_open
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.first_entry import key_sheet
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState
from baken.survey.paper.sealing import expire_batches
from baken.survey.paper.sittings.actions import HandCount, count_sitting, sign_sitting
from baken.survey.paper.sittings.queries import view_sitting
from baken.web.jobs import daily
from tests.survey.paper.desk import Desk
from tests.survey.paper.stacks import make_stacks


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One engine is enough here: the way through is walked on both."""
    return sqlite


def test_what_is_written_on_a_form_held_for_blank_is_typed_by_whoever_decides(stage: Any) -> None:
    stacks = make_stacks(stage, 5)
    batch, sheets = stacks.open(5), stacks.sheets(5)
    written = replace(sheets[2], comments={"more": ""})
    for place, typed in enumerate(sheets, start=1):
        stacks.key(batch, place, replace(typed, is_blank=place == 3))
    stacks.finish(batch, 5)
    again = [*sheets[:2], replace(written, comments={}), *sheets[3:]]
    assert stacks.check(batch, again) is BatchState.DECIDING
    act = {"by": stacks.third, "today": stage.today}
    asked = stacks.write(next_open, stage.keys, batch.id, **act)
    assert [(one.kind, one.key) for one in asked.fields] == [
        ("sheet", "blank"),
        ("comments", "more"),
    ]

    def say(blank: int, words: str) -> PaperBatch:
        said = {("sheet", "blank"): blank, ("comments", "more"): words}
        return stacks.write(decide, stage.keys, batch.id, 3, said, **act)

    with pytest.raises(NotThisSheet, match="nothing stands on it"):
        say(1, "Te weinig handen")
    with pytest.raises(NotThisSheet):
        stacks.write(decide, stage.keys, batch.id, 3, {("sheet", "blank"): 0}, **act)
    assert say(0, "Te weinig handen").state is BatchState.READY
    stacks.seal(batch)
    assert stacks.look(batch).n_sealed == 5
    stage.close(stacks.campaign_id)
    stage.open(stacks.campaign_id)
    with stage.database.read(stage.client.id) as session:
        found = read_comments(session, stage.keys, stacks.campaign_id)
    assert [one.text for one in found] == ["Te weinig handen"]


def test_the_desk_counts_blind_and_a_slip_after_the_counting_is_counted_again(stage: Any) -> None:
    desk = Desk(stage)
    codes, unit = desk.codes["Team A"], stage.unit_of["Team A"]
    for code in codes[:7]:
        assert desk.exchange(code) == "Team A"

    def look() -> Any:
        with desk.open() as session:
            return view_sitting(session, desk.sitting_id, by=desk.by)

    seen = look()
    assert (seen.slips, seen.slips_so_far) == (0, 5)
    with desk.open() as session:
        counted = {unit: HandCount(7, 7, 0)}
        view = count_sitting(
            session, desk.sitting_id, counted, destroyed=0, remarks="Een strookje later.",
            seen=seen.version, by=desk.by,
        )  # fmt: skip
    assert (view.slips, view.slips_so_far) == (7, 7)
    assert desk.exchange(codes[7]) == "Team A"
    after = look()
    assert (after.is_counted, after.slips, after.version) == (False, 0, view.version + 1)
    with desk.open() as session, pytest.raises(InvalidSitting, match="Count the forms first"):
        sign_sitting(
            session, desk.sitting_id, witness="G. Getuige", seen=after.version,
            by=desk.by, today=stage.today,
        )  # fmt: skip


def test_a_spare_card_in_the_drawer_gets_no_form(stage: Any) -> None:
    desk = Desk(stage, spares_per_unit=2)
    unit = stage.unit_of["Team A"]
    with desk.open() as session:
        campaign = get_campaign(session, desk.campaign_id)
        maker, first = CodeMaker.of(stage.keys, campaign), first_spare(campaign, unit)
    codes = [maker.code(unit, first + n) for n in range(2)]
    assert isinstance(desk.exchange(codes[0]), NoFormForSlip)
    with desk.open() as session:  # for a lost card whose code nobody knows
        hand_out_spare(session, stage.keys, desk.campaign_id, unit, Reason.LOST, by=desk.by)
    assert desk.exchange(codes[0]) == "Team A"
    assert isinstance(desk.exchange(codes[1]), NoFormForSlip)
    assert desk.place("Team A").places == 1
    desk.check()


def test_whoever_stands_at_the_desk_reads_no_form(stage: Any) -> None:
    stacks = make_stacks(stage, 5)
    batch, sheets = stacks.open(5), stacks.sheets(5)

    def also_at_the_desk(by: Any) -> Any:
        return replace(by, grants=by.grants | {Grant(Role.DESK)})

    with pytest.raises(Denied, match="who comes by"):
        stacks.write(
            key_sheet, stage.keys, batch.id, 1, sheets[0],
            by=also_at_the_desk(stacks.clerk), today=stage.today,
        )  # fmt: skip
    for place, typed in enumerate(sheets, start=1):
        stacks.key(batch, place, typed)
    stacks.finish(batch, 5)
    third = also_at_the_desk(stacks.third)
    stacks.check(batch, [replace(sheets[0], unit=""), *sheets[1:]])
    with pytest.raises(Denied, match="who comes by"):
        stacks.write(next_open, stage.keys, batch.id, by=third, today=stage.today)


def test_a_fault_at_one_stack_keeps_no_other_readable(stage: Any) -> None:
    stacks = make_stacks(stage, 12)
    made = []
    for _ in range(2):
        batch, sheets = stacks.open(5, is_another=True), stacks.sheets(5)
        stacks.key(batch, 1, sheets[0])
        made.append(batch)
    # Of one of them something is wrong in the counts: it cannot be ended.
    with stage.database.session(stage.client.id) as session:
        broken = update(PaperBatch).where(PaperBatch.id == min(one.id for one in made))
        session.execute(broken.values(waiting={stage.unit_of["Team B"]: 3}))
    stage.today = stage.opening_day
    with pytest.raises(Exception, match=r"forms of Team B than slips"):
        expire_batches(
            stage.database, stage.keys, organisation_id=stage.client.id, today=stage.today
        )
    states = sorted(str(stacks.look(one).state) for one in made)
    assert states == ["entering", "expired"]
    kept = [stage.keys.has(stage.client.id, spool.PURPOSE, str(one.id)) for one in made]
    assert sorted(kept) == [False, True]


def test_a_fault_in_one_organisation_keeps_none_of_another_readable(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks = make_stacks(stage, 5)
    batch = stacks.open(5)
    broken = uuid4()
    real = daily.expire_batches

    def expire(*arguments: Any, organisation_id: UUID, **named: Any) -> int:
        if organisation_id == broken:
            raise OSError("this organisation cannot be cleared now")
        return real(*arguments, organisation_id=organisation_id, **named)

    monkeypatch.setattr(daily, "_living", lambda _session: [broken, stage.client.id])
    monkeypatch.setattr(daily, "expire_batches", expire)
    stage.today = stage.opening_day
    with pytest.raises(OSError, match="cannot be cleared"):
        daily.forget_read_forms(stage.database, stage.keys, today=stage.today)
    assert stacks.look(batch).state is BatchState.EXPIRED


def test_a_form_that_names_a_unit_without_people_is_reported_where_it_was_entered(
    stage: Any,
) -> None:
    stacks = make_stacks(stage, 6)
    team, department = stage.unit_of["Team A"], stage.unit_of["Care"]
    batch = stacks.open(6, unit=ROOT)
    sheets = stacks.sheets(6)
    for place, typed in enumerate(sheets, start=1):
        stacks.key(batch, place, typed)
    stacks.finish(batch, 6)
    stacks.check(batch, [replace(sheets[0], unit=department), *sheets[1:]])
    said = {("sheet", "unit"): department}
    stacks.write(decide, stage.keys, batch.id, 1, said, by=stacks.third, today=stage.today)
    stacks.write(mark_blank, stacks.campaign_id, team, 1)
    stacks.seal(batch, report_surplus=True)
    sealed, place = stacks.look(batch), stacks.place()
    assert (sealed.state, sealed.n_sealed, sealed.n_surplus) == (BatchState.SEALED, 5, 1)
    assert (place.taken, place.surplus, place.waiting) == (5, 1, 0)
