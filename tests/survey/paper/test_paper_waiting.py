"""What waits of the paper: before midnight, after it, and until the paper is gone."""

from datetime import timedelta
from typing import Any

import pytest

from baken.organisation.permissions import Actor, Role
from baken.storage.session import Database
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.sealing import expire_batches
from baken.survey.paper.waiting import list_waiting
from baken.survey.waiting import list_facts
from tests.survey.paper.stacks import Stacks
from tests.survey.paper.test_handwriting import FORMS, launch

DAY = timedelta(days=1)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Reading alone: one engine is enough."""
    return sqlite


def waits(stacks: Stacks, by: Actor, later: int = 0) -> list[tuple[str, str]]:
    stage = stacks.stage
    today = stage.today + later * DAY
    with stage.database.read(stage.client.id) as session:
        found = list_waiting(session, list_facts(session), by=by, today=today)
    assert all(one.path.startswith(f"/campaigns/{stacks.campaign_id}/paper/") for one in found)
    return [(one.kind, one.what) for one in found]


def test_a_stack_is_to_be_sealed_today_and_else_to_be_entered_again(stage: Any) -> None:
    stacks = launch(stage, types_handwriting=False)
    assert waits(stacks, stacks.clerk) == []
    batch = stacks.open(FORMS, way=Way.SCANNED)
    assert waits(stacks, stacks.clerk) == [("seal_stack", "Team A")]
    assert waits(stacks, stage.client.people[Role.CPBW_MEMBER]) == []
    # told from midnight on, before and after what was read is cleared away
    assert waits(stacks, stacks.clerk, later=1) == [("stack_over", "Team A")]
    expire_batches(
        stage.database, stage.keys, organisation_id=stage.client.id, today=stage.today + DAY
    )
    assert stacks.look(batch).state is BatchState.EXPIRED
    assert waits(stacks, stacks.clerk, later=2) == [("stack_over", "Team A")]
    stage.today += DAY
    stacks.open(FORMS, way=Way.SCANNED)
    assert waits(stacks, stacks.clerk) == [("seal_stack", "Team A")]
