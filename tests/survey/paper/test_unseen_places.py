"""Places that look empty on a scan that has lost what was pale: asked at once, none dropped."""

from functools import partial
from typing import Any

import pytest

from baken.instruments.sheet import MISSING
from baken.storage.session import Database
from baken.survey.paper import spool
from baken.survey.paper.reviewing import Said, next_doubtful, settle
from baken.survey.paper.rules import BatchState
from baken.survey.paper.unseen import UNSEEN, Looked, list_unseen, settle_unseen
from tests.survey.paper.test_handwriting import FORMS, launch, scan


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One engine is enough here: the way through is walked on both."""
    return sqlite


def test_one_look_at_the_paper_says_of_all_of_them_that_nothing_is_there(stage: Any) -> None:
    stacks = launch(stage, types_handwriting=True)
    batch = scan(
        stacks, {}, doubtful=frozenset({5}), pale=frozenset({0, 2, 3}), blank=frozenset({3})
    )
    stacks.finish(batch, FORMS)

    def act(action: Any, *arguments: Any) -> Any:
        return stacks.write(
            action, stage.keys, batch.id, *arguments, by=stacks.third, today=stage.today
        )

    item, field = stage.instrument.items[0].code, stage.instrument.open_questions[0].key
    asked = [(3, "answers", item), (3, "comments", field)]
    places = [(1, "answers", item), (1, "comments", field), *asked]
    seen = act(list_unseen)
    assert [one.place for one in seen.shown] == places
    assert seen.left > len(places)
    assert {one.doubt for one in seen.shown} == UNSEEN
    # whatever can be seen comes first; a form without anything is one question, whatever is lost
    first = act(next_doubtful)
    assert (first.place, first.doubt in UNSEEN) == (6, False)
    known = stacks.write(
        lambda session: spool.read_sheets(session, spool_key(stage, stacks, batch), batch.id)
    )
    (blank,) = [one for one in known.values() if one.place == 4]
    assert blank.open_fields == [("sheet", "blank")]

    # an unknown place, and one that is in doubt for something to be seen, cannot be settled so
    foreign = {(6, "answers", item), (99, "answers", item), (1, "sheet", "unit")}
    looked = Looked(frozenset(places) | foreign, frozenset(asked))
    for _ in range(2):  # sent again, it changes nothing
        act(settle_unseen, looked)
    assert act(list_unseen).shown == ()
    readings = {one.place: one.readings for one in stacks.write(
        lambda session: spool.read_sheets(session, spool_key(stage, stacks, batch), batch.id)
    ).values()}  # fmt: skip
    assert readings[1]["answers", item].decided == MISSING
    assert readings[1]["comments", field].decided == ""
    assert {readings[place][kind, key].doubt for place, kind, key in asked} == {"unclear", "ink"}
    assert readings[6]["answers", item].is_open
    while stacks.look(batch).state is BatchState.DECIDING:
        found = act(next_doubtful)
        value: int | str = {"comments": "te druk", "sheet": 1}.get(found.kind, 0)
        act(partial(settle), Said(found.place, found.kind, found.key, value))
    assert stacks.look(batch).state is BatchState.READY


def spool_key(stage: Any, stacks: Any, batch: Any) -> bytes:
    return spool.batch_key(stage.keys, stacks.look(batch), today=stage.today)
