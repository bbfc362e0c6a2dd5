"""What is counted at a sitting, and who may read how finely."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.codes.counts import list_counts
from baken.survey.disclosure.tree import ROOT
from baken.survey.errors import InvalidSitting, SittingFrozen
from baken.survey.monitoring.actions import publish_counts
from baken.survey.paper.sittings.actions import HandCount, count_sitting, sign_sitting
from baken.survey.paper.sittings.models import Kind
from baken.survey.paper.sittings.queries import (
    count_paper,
    exact_counts,
    get_sitting,
    view_sitting,
)
from baken.survey.paper.sittings.rules import (
    Counts,
    PaperLine,
    check_can_sign,
    check_was_held,
    fold_small,
)
from tests.survey.paper.desk import Desk


def lines_of(places):
    return [PaperLine(str(at), n, n // 2, 0) for at, n in enumerate(places)]


@given(places=st.lists(st.integers(0, 30), max_size=12), k=st.integers(5, 20))
def test_no_line_and_no_rest_is_about_fewer_than_k(places, k):
    shown = fold_small(lines_of(places), k, "rest")
    assert sum(line.places for line in shown) == sum(places)
    assert sum(line.taken for line in shown) == sum(n // 2 for n in places)
    if len(shown) > 1:
        assert all(line.places >= k for line in shown)
    for line in shown:
        assert all(n % 5 == 0 for n in (line.rounded().places, line.rounded().taken))


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 4), min_size=1, max_size=4), st.booleans())
def test_nobody_signs_a_gap_without_a_word(rows, has_remark):
    counts = [Counts(str(at), f"Unit {at}", *row) for at, row in enumerate(rows)]
    impossible = any(one.empty > one.returned for one in counts)
    gap = any(one.slips != one.handed_out or one.returned > one.handed_out for one in counts)
    remarks = "Een formulier te veel uitgedeeld." if has_remark else " "
    if impossible or (gap and not has_remark):
        with pytest.raises(InvalidSitting):
            check_can_sign(counts, is_counted=True, remarks=remarks)
    else:
        check_can_sign(counts, is_counted=True, remarks=remarks)
    with pytest.raises(InvalidSitting, match="Count the forms first"):
        check_can_sign(counts, is_counted=False, remarks=remarks)
    assert all(one.blank + one.to_enter >= one.slips for one in counts if not impossible)


def test_nobody_signs_before_the_day_of_a_sitting():
    day = date(2026, 3, 10)
    check_was_held(day, today=day)
    with pytest.raises(InvalidSitting) as refused:
        check_was_held(day, today=date(2026, 3, 9))
    assert refused.value.key == "survey.sitting_not_held"


def count_and_sign(desk, **counted):
    """Count what was exchanged as handed out and returned, but for what is given."""
    with desk.open() as session:
        view = view_sitting(session, desk.sitting_id, by=desk.by)
        assert view.slips == 0  # nobody is told how many came before the forms were counted
        rows = exact_counts(session, get_sitting(session, desk.sitting_id))
        hand = {one.unit: HandCount(one.slips, one.slips, 0) for one in rows}
        hand |= {desk.stage.unit_of[name]: count for name, count in counted.items()}
        more = {"destroyed": 0, "remarks": "", "by": desk.by}
        counts = count_sitting(session, desk.sitting_id, hand, seen=view.version, **more)
        return sign_sitting(
            session,
            desk.sitting_id,
            witness="G. Getuige",
            seen=counts.version,
            by=desk.by,
            today=desk.stage.today,
        )


def paper_of(desk):
    with desk.stage.database.read(desk.stage.client.id) as session:
        return count_paper(session, desk.campaign_id, by=desk.by)


def test_what_the_committee_reads_grows_finer_and_then_coarse_again(stage):
    if not stage.database.is_sqlite:
        return
    desk = Desk(stage)
    for unit, n in (("Team A", 12), ("Workshop", 8), ("Team C", 2)):
        for code in desk.codes[unit][:n]:
            assert desk.exchange(code) == unit
    assert paper_of(desk).whole == PaperLine("", 0, 0, 0)  # nothing ticks before a protocol
    view = count_and_sign(desk, Workshop=HandCount(8, 7, 1))
    assert (view.slips, view.witness) == (22, "G. Getuige")
    assert desk.place("Workshop").blank == 2
    running = paper_of(desk)
    assert running.is_rounded
    assert running.whole == PaperLine("", 20, 0, 0)
    assert [(line.name, line.places) for line in running.units] == [("Team A", 10), ("", 10)]
    for unit, n in (("Team A", 12), ("Workshop", 6), ("Team C", 2)):
        for number in range(n):
            desk.seal(unit, number)
    with desk.open() as session:
        publish_counts(session, desk.campaign_id, stage.today)
        (whole,) = (c for c in list_counts(session, desk.campaign_id, by=desk.by) if c.unit == ROOT)
    assert whole.rounded == 20  # sealed forms take part like codes that were used; blank ones not
    stage.close(desk.campaign_id)
    closed = paper_of(desk)
    assert closed.whole == PaperLine("", 22, 20, 2)
    assert closed.units == (PaperLine("Team A", 12, 12, 0), PaperLine("", 10, 8, 2))
    stage.open(desk.campaign_id)
    assert paper_of(desk).units == ()
    with stage.database.read(stage.client.id) as session:
        (total,) = view_sitting(session, desk.sitting_id, by=desk.by).counts
    assert (total.name, total.slips, total.empty) == ("", 22, 1)


def test_a_slip_at_the_moment_of_signing_is_counted_or_refused(stage):
    desk = Desk(stage, kind=Kind.URN)
    ready = threading.Barrier(2)
    code = desk.codes["Team A"][0]

    def slip():
        ready.wait()
        try:
            return desk.exchange(code)
        except SittingFrozen as error:
            return error

    def sign():
        ready.wait()
        try:
            return count_and_sign(desk)
        except InvalidSitting as error:  # the slip came between the counting and the signature
            return error

    with ThreadPoolExecutor(2) as pool:
        given, signed = pool.submit(slip), pool.submit(sign)
        outcome, said = given.result(), signed.result()
    is_exchanged = outcome == "Team A"
    assert is_exchanged or isinstance(outcome, SittingFrozen)
    with desk.open() as session:
        view = view_sitting(session, desk.sitting_id, by=desk.by)
        slips = sum(one.slips for one in exact_counts(session, get_sitting(session, view.id)))
    assert slips == desk.place("Team A").places == is_exchanged
    assert (view.signed_on is None) is isinstance(said, InvalidSitting)
    assert view.signed_on is None or view.agrees
    assert desk.place("Team A").blank == 0  # what lies in an inner envelope is known later
