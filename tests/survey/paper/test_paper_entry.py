"""A stack of forms on both engines: counted, typed twice, decided, sealed, and gone."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from baken.organisation.errors import Denied
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry
from baken.survey.box.models import Envelope
from baken.survey.paper import spool
from baken.survey.paper.deciding import decide, next_open
from baken.survey.paper.errors import NotThisSheet, SamePerson, SpoolGone, TotalsDisagree
from baken.survey.paper.first_entry import correct_count, lay_aside
from baken.survey.paper.models import SpoolImage, SpoolSheet
from baken.survey.paper.rules import BatchState
from baken.survey.paper.second_entry import key_second, next_second
from tests.survey.paper.stacks import make_stacks

SECRET = "Oproep om drie uur 's nachts: onbetaalbaar geheim"
IMAGE = b"\x89PNG a page with handwriting that nobody may find"


def bytes_on_disk(stage: Any) -> bytes:
    """Every file of the database, its log and the key store."""
    folder = stage.backups.parent
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


def test_from_the_count_by_hand_to_sealed_envelopes(stage: Any) -> None:
    stacks, keys, today = make_stacks(stage, 6), stage.keys, stage.today
    batch, sheets = stacks.open(5), stacks.sheets(5)
    sheets[1] = replace(sheets[1], comments={"more": SECRET})
    sheets[3] = replace(sheets[3], is_blank=True)
    for place, typed in enumerate(sheets, start=1):
        stacks.key(batch, place, typed)
        stacks.key(batch, place, typed)  # the answer was lost: sent again, kept once
    with pytest.raises(TotalsDisagree):
        stacks.key(batch, 6, sheets[0])
    stacks.write(correct_count, batch.id, 6, by=stacks.clerk)
    with pytest.raises(NotThisSheet):
        stacks.key(batch, 6, replace(sheets[0], unit=stage.unit_of["Team B"]))
    stacks.write(lay_aside, batch.id, seen=0, by=stacks.clerk)
    with pytest.raises(TotalsDisagree):
        stacks.finish(batch, 5)
    assert stacks.place().waiting == 5
    key = spool.batch_key(keys, stacks.look(batch), today=today)
    stacks.write(spool.put_image, key, batch.id, IMAGE)

    assert stacks.finish(batch, 6) is BatchState.CHECKING
    typed_again = [*sheets]
    typed_again[2] = replace(sheets[2], answers=sheets[2].answers | {"q4": 0})
    typed_again[4] = replace(sheets[4], unit="")
    with pytest.raises(SamePerson):
        stacks.write(key_second, keys, batch.id, 1, sheets[0], by=stacks.clerk, today=today)
    assert stacks.check(batch, typed_again) is BatchState.DECIDING

    with pytest.raises(SamePerson):
        stacks.write(next_open, keys, batch.id, by=stacks.second, today=today)
    for role in (Role.CLERK, Role.DESK):
        with pytest.raises(Denied):
            stacks.write(next_open, keys, batch.id, by=stage.client.people[role], today=today)
    with pytest.raises(Denied):
        desk = stage.client.people[Role.DESK]
        stacks.write(next_second, keys, batch.id, by=desk, today=today)
    looked = stacks.write(next_open, keys, batch.id, by=stacks.third, today=today)
    first = sheets[2].answers["q4"]
    assert (looked.place, [one.key for one in looked.fields]) == (3, ["q4"])
    assert set(looked.fields[0].values) == {first, 0}
    assert first != 0
    for place, said in ((3, {("answers", "q4"): 0}), (5, {("sheet", "unit"): stacks.unit})):
        stacks.write(decide, keys, batch.id, place, said, by=stacks.third, today=today)
    ready = stacks.look(batch)
    assert ready.state is BatchState.READY
    # four forms with eight questions and one about the person
    assert (ready.fields_checked, ready.fields_differing) == (36, 1)
    assert (ready.first_wrong, ready.second_wrong, ready.identifiers_wrong) == (1, 0, 0)

    stacks.seal(batch)
    sealed, place = stacks.look(batch), stacks.place()
    assert (sealed.state, sealed.n_sealed, sealed.n_blank) == (BatchState.SEALED, 4, 1)
    assert (place.taken, place.blank, place.waiting) == (4, 1, 0)
    with pytest.raises(SpoolGone):
        spool.batch_key(keys, sealed, today=today)
    with stage.database.read(stage.client.id) as session:
        for model, n in ((Envelope, 4), (SpoolSheet, 0), (SpoolImage, 0)):
            assert session.scalar(select(func.count()).select_from(model)) == n
        acts = list(session.scalars(select(AuditEntry.action)))
    assert [act for act in acts if act.startswith("paper_batch")] == ["paper_batch.sealed"]
    left = bytes_on_disk(stage)
    for gone in (SECRET.encode(), IMAGE, key):
        assert gone not in left
