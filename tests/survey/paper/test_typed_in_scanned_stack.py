"""Forms of a scanned stack that cannot be read are typed in that stack, by two people, blind."""

from dataclasses import replace
from typing import Any

import pytest

from baken.storage.session import Database
from baken.survey.paper.deciding import decide, next_open, restart_second
from baken.survey.paper.errors import NotThisSheet, SamePerson, TotalsDisagree, WrongMoment
from baken.survey.paper.first_entry import key_sheet, lay_aside, next_first
from baken.survey.paper.keystrokes import in_order
from baken.survey.paper.reviewing import leave_to_typing, next_doubtful
from baken.survey.paper.rules import BatchState
from baken.survey.paper.sealing import drop_batch
from baken.survey.paper.second_entry import key_second, next_second
from baken.survey.paper.typed import Typed
from tests.survey.paper.test_handwriting import FORMS, launch, scan

UNREADABLE = 1  # the second form of the scan
LEFT = UNREADABLE + 1


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One engine is enough here: the way through is walked on both."""
    return sqlite


def test_two_people_type_what_the_scanner_could_not_read(stage: Any) -> None:
    stacks = launch(stage, types_handwriting=False)
    batch = scan(stacks, {}, forms=FORMS - 1, doubtful=frozenset({UNREADABLE}))
    form = Typed(
        stacks.unit,
        "nl",
        dict.fromkeys(in_order(stage.instrument, "answers"), 1),
        dict.fromkeys(in_order(stage.instrument, "backgrounds"), 0),
        dict.fromkeys(in_order(stage.instrument, "comments"), ""),
    )
    first = next(iter(form.answers))

    def act(action: Any, *arguments: Any, by: Any) -> Any:
        return stacks.write(action, stage.keys, *arguments, by=by, today=stage.today)

    def turn() -> Any:
        look = stacks.look(batch)
        return act(lambda session, keys, **rest: next_first(session, keys, look, **rest),
                   by=stacks.clerk)  # fmt: skip

    # a scan came in while a form was typed: its place is taken, and nobody is told it was kept
    with pytest.raises(NotThisSheet, match="which form"):
        act(key_sheet, batch.id, FORMS - 1, form, by=stacks.clerk)
    # the sixth form could not be read at all: whoever scans types it into the same stack
    assert (turn().place, turn().number, turn().is_left) == (FORMS, 1, False)
    for _ in range(2):  # the answer was lost: sent again, kept once
        act(key_sheet, batch.id, FORMS, form, by=stacks.clerk)
    assert stacks.look(batch).n_sheets == FORMS
    with pytest.raises(TotalsDisagree):
        stacks.write(lay_aside, batch.id, seen=0, by=stacks.clerk)
    assert stacks.finish(batch, FORMS) is BatchState.CHECKING
    asked = act(next_second, batch.id, by=stacks.second)
    assert (asked.place, asked.n_sheets, asked.number, asked.is_whole) == (FORMS, 1, 1, True)
    other = replace(form, answers={**form.answers, first: 0}, comments={})
    with pytest.raises(SamePerson):
        act(key_second, batch.id, FORMS, other, by=stacks.clerk)
    act(key_second, batch.id, FORMS, other, by=stacks.second)

    # of the scan the second form cannot be read: it goes back, and what was read of it is gone
    assert stacks.look(batch).state is BatchState.DECIDING
    assert act(next_doubtful, batch.id, by=stacks.third).place == LEFT
    for _ in range(2):
        act(leave_to_typing, batch.id, LEFT, by=stacks.third)
    assert stacks.look(batch).state is BatchState.ENTERING
    with pytest.raises(WrongMoment):
        act(next_doubtful, batch.id, by=stacks.third)
    with pytest.raises(TotalsDisagree, match="still to be typed"):
        stacks.finish(batch, FORMS)
    assert (turn().place, turn().number, turn().is_left) == (LEFT, 2, True)
    act(key_sheet, batch.id, LEFT, form, by=stacks.clerk)
    assert stacks.finish(batch, FORMS) is BatchState.CHECKING
    asked = act(next_second, batch.id, by=stacks.second)
    assert (asked.place, asked.n_sheets, asked.number) == (LEFT, 2, 2)
    act(key_second, batch.id, LEFT, replace(form, comments={}), by=stacks.second)

    # nothing of the scan is in doubt any more; where the entries differ a third person decides
    with pytest.raises(NotThisSheet):
        act(next_doubtful, batch.id, by=stacks.third)
    with pytest.raises(SamePerson):
        act(next_open, batch.id, by=stacks.second)
    (field,) = act(next_open, batch.id, by=stacks.third).fields
    assert (field.key, set(field.values)) == (first, {0, 1})
    act(decide, batch.id, FORMS, {("answers", first): 0}, by=stacks.third)
    assert stacks.look(batch).state is BatchState.READY
    stacks.seal(batch)
    sealed = stacks.look(batch)
    assert (sealed.state, sealed.n_sealed, sealed.first_wrong) == (BatchState.SEALED, FORMS, 1)
    assert stacks.place().waiting == 0


def test_a_second_entry_that_starts_anew_leaves_forms_without_a_first_one(stage: Any) -> None:
    stacks = launch(stage, types_handwriting=False)
    form = Typed(
        stacks.unit,
        "nl",
        dict.fromkeys(in_order(stage.instrument, "answers"), 1),
        dict.fromkeys(in_order(stage.instrument, "backgrounds"), 0),
        dict.fromkeys(in_order(stage.instrument, "comments"), ""),
    )

    def act(action: Any, *arguments: Any, by: Any) -> Any:
        return stacks.write(action, stage.keys, *arguments, by=by, today=stage.today)

    # of scans alone nothing was typed: no state in which somebody waits for a second entry
    batch = scan(stacks, {}, doubtful=frozenset({UNREADABLE}))
    assert stacks.finish(batch, FORMS) is BatchState.DECIDING
    with pytest.raises(WrongMoment):
        act(restart_second, batch.id, by=stacks.third)
    drop_batch(stage.database, stage.keys, batch.id, by=stacks.clerk)

    batch = scan(stacks, {}, forms=FORMS - 1, doubtful=frozenset({UNREADABLE, 3}))
    act(key_sheet, batch.id, FORMS, form, by=stacks.clerk)
    assert stacks.finish(batch, FORMS) is BatchState.CHECKING
    strange = replace(form, answers=dict.fromkeys(form.answers, 0), comments={})
    act(key_second, batch.id, FORMS, strange, by=stacks.second)
    assert act(leave_to_typing, batch.id, LEFT, by=stacks.third).state is BatchState.DECIDING
    assert act(next_open, batch.id, by=stacks.third).are_strangers
    act(restart_second, batch.id, by=stacks.third)
    with pytest.raises(SamePerson):  # whoever saw what was typed first
        act(next_second, batch.id, by=stacks.third)
    asked = act(next_second, batch.id, by=stacks.second)
    assert (asked.place, asked.n_sheets, asked.number) == (FORMS, 1, 1)
    act(key_second, batch.id, FORMS, replace(form, comments={}), by=stacks.second)
    assert stacks.look(batch).state is BatchState.DECIDING
    assert act(next_doubtful, batch.id, by=stacks.third).place == 4
