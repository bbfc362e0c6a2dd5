"""Slip and form are parted: one code, one place, one envelope, whatever happens."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from baken.storage.base import Base
from baken.survey.box.models import Envelope
from baken.survey.box.queries import get_agreement
from baken.survey.box.statements import Standing
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.counts import handed_in_per_unit
from baken.survey.codes.models import Code, CodeState
from baken.survey.codes.places import (
    add_surplus,
    add_waiting,
    exchanged_per_unit,
    list_places,
    mark_blank,
)
from baken.survey.codes.slips import CodeMaker
from baken.survey.codes.symbols import print_code
from baken.survey.errors import (
    InvalidTransition,
    NoFormForSlip,
    NoPlaceLeft,
    PaperUnsettled,
    SlipOfAnotherUnit,
)
from tests.crash import killed_acts
from tests.survey.paper.desk import ALL_UNITS, Desk

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)


@ON_SQLITE
def test_screen_and_paper_end_in_one_box(stage):
    desk = Desk(stage)
    of_a, of_b = desk.codes["Team A"], desk.codes["Team B"]
    for number, code in enumerate([*of_a[:6], *of_b[:10]]):
        assert desk.submit(code, number) is Standing.RECEIVED
    for code in of_a[6:]:
        assert desk.exchange(code) == "Team A"
    for number in range(4):
        desk.seal("Team A", 100 + number)
    with pytest.raises(NoPlaceLeft, match="Team B"):
        desk.seal("Team B")
    stage.close(desk.campaign_id)
    assert isinstance(desk_after_closing(desk, of_b[10]), InvalidTransition)
    desk.seal("Team A", 104)  # what was exchanged before may be sealed after the closing
    with pytest.raises(PaperUnsettled, match="Team A still has 1 forms"):
        stage.open(desk.campaign_id)
    with desk.open() as session:
        mark_blank(session, desk.campaign_id, stage.unit_of["Team A"])
        add_waiting(session, desk.campaign_id, stage.unit_of["Workshop"], 2)
    with pytest.raises(PaperUnsettled, match="2 entered ones wait"):
        stage.open(desk.campaign_id)
    with desk.open() as session:
        add_waiting(session, desk.campaign_id, stage.unit_of["Workshop"], -2)
        add_surplus(session, desk.campaign_id, stage.unit_of["Workshop"])
    desk.check()
    assert stage.open(desk.campaign_id) is CampaignState.BACKED_UP
    with stage.database.read(stage.client.id) as session:
        agreement = get_agreement(session, desk.campaign_id, by=desk.by)
    assert agreement.agrees
    counted = (agreement.used, agreement.places, agreement.sealed, agreement.blank)
    assert counted == (16, 6, 5, 1)
    assert agreement.answers == agreement.receipts == 21
    with pytest.raises(InvalidTransition):
        desk.seal("Team A")


def desk_after_closing(desk, code):
    with pytest.raises(InvalidTransition) as caught:
        desk.exchange(code)
    return caught.value


def test_the_desk_hears_the_same_whatever_became_of_a_code(stage):
    desk = Desk(stage, units=("Team A", "Team C"))
    used, exchanged, revoked, free = desk.codes["Team A"][:4]
    desk.submit(used)
    desk.exchange(exchanged)
    with desk.open() as session:
        maker = CodeMaker.of(stage.keys, get_campaign(session, desk.campaign_id))
        session.get(Code, maker.tag_of(revoked)).state = CodeState.REVOKED
    unknown = "0" * 12
    answers = [desk.exchange(code) for code in (used, exchanged, revoked, unknown)]
    assert all(isinstance(answer, NoFormForSlip) for answer in answers)
    assert len({str(answer) for answer in answers}) == 1
    # The unit stands on the slip: it may be named, alike for a used and for a free code.
    elsewhere = desk.codes["Team B"]
    desk.submit(elsewhere[0])
    said = set()
    for code in elsewhere[:2]:
        with pytest.raises(SlipOfAnotherUnit) as caught:
            desk.exchange(code)
        said.add(str(caught.value))
    assert len(said) == 1
    assert desk.submit(elsewhere[1]) is Standing.RECEIVED
    assert desk.submit(exchanged) is Standing.EXCHANGED
    assert desk.exchange(free) == "Team A"
    desk.check()


def test_one_slip_at_fifty_desks_and_screens_gives_one_form_or_one_envelope(stage):
    desk = Desk(stage)
    code = desk.codes["Team A"][0]
    ready = threading.Barrier(50)

    def one(number):
        ready.wait()
        return desk.submit(code, number) if number % 2 else desk.exchange(code)

    with ThreadPoolExecutor(50) as pool:
        outcomes = Counter(str(outcome) for outcome in pool.map(one, range(50)))
    assert outcomes["Team A"] + outcomes[str(Standing.RECEIVED)] == 1
    assert outcomes[str(NoFormForSlip())] >= 24
    desk.check()


@ON_SQLITE
def test_a_kill_at_the_desk_or_at_sealing_leaves_all_or_nothing(stage):
    desk = Desk(stage)
    here = killed_acts.Installation.of(stage.database, stage.keys)
    code = print_code(desk.codes["Team A"][0])
    sitting = desk.sitting_id
    killed_acts.die(
        "slip.exchanged", killed_acts.exchange, here, desk.by, sitting, code, stage.today
    )
    assert desk.place("Team A").places == 0
    assert desk.exchange(desk.codes["Team A"][0]) == "Team A"
    unit = stage.unit_of["Team A"]
    killed_acts.die("sheet.sealed", killed_acts.seal_form, here, desk.by, desk.campaign_id, unit)
    assert desk.place("Team A").taken == 0
    desk.check()
    desk.seal("Team A")
    desk.check()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("submit", "exchange", "seal", "blank", "wait", "surplus")),
        st.sampled_from(ALL_UNITS),
        st.integers(0, 11),
    ),
    max_size=30,
)


@ON_SQLITE
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_counts_agree_after_every_act(stage, acts):
    desk = Desk(stage)
    for act, unit, number in acts:
        code = desk.codes[unit][number % len(desk.codes[unit])]
        try:
            _do(desk, act, unit, code)
        except NoPlaceLeft:
            assert desk.place(unit).left == 0
    with stage.database.read(stage.client.id) as session:
        mine = Envelope.campaign_id == desk.campaign_id
        n_envelopes = session.scalar(select(func.count()).select_from(Envelope).where(mine))
        assert handed_in_per_unit(session, desk.campaign_id).total() == n_envelopes
        places = list_places(session, desk.campaign_id)
        exchanged = exchanged_per_unit(session, desk.campaign_id)
        assert {key: row.places for key, row in places.items() if row.places} == exchanged
        assert all(row.taken + row.blank <= row.places for row in places.values())


def _do(desk, act, unit, code):
    if act == "submit":
        desk.submit(code)
    elif act == "exchange":
        desk.exchange(code)
    elif act == "seal":
        desk.seal(unit)
    else:
        key = desk.stage.unit_of[unit]
        change = {"blank": mark_blank, "surplus": add_surplus}.get(act)
        with desk.open() as session:
            if change is None:
                add_waiting(session, desk.campaign_id, key, 1)
            else:
                change(session, desk.campaign_id, key)


@ON_SQLITE
def test_nothing_leads_from_a_slip_to_an_envelope(stage):
    desk = Desk(stage)
    codes = desk.codes["Team A"]
    for code in codes:
        desk.exchange(code)
    before = rows_of(stage)
    for number in range(len(codes)):
        desk.seal("Team A", number)
    after = rows_of(stage)
    changed = {table: after[table] - before[table] for table in after}
    assert {table for table, rows in changed.items() if rows} == {"envelope", "paper_place"}
    tags = {row[0] for row in changed["envelope"]}
    assert len(tags) == len(codes)
    assert not tags & {row[0] for row in after["code"]}
    boxes = [row[-1] for row in changed["envelope"]]
    assert len({len(box) for box in boxes}) == 1
    assert not any(row[0] in box for row in after["code"] for box in boxes)


def rows_of(stage):
    """Every row of every table, as whoever copies the database has it."""
    found = {}
    with stage.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            found[table.name] = {tuple(map(_hashable, row)) for row in rows}
    return found


def _hashable(value):
    return bytes(value) if isinstance(value, (bytes, memoryview)) else repr(value)
