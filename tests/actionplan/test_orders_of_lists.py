"""What stands in a list of one day stands there in the same order on every machine."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from baken.actionplan.analyses.change_actions import list_changes
from baken.actionplan.analyses.models import ChangeEvent, StartStep
from baken.actionplan.analyses.start_actions import list_steps
from baken.actionplan.analyses.starting import StartKind
from baken.actionplan.findings.models import Evidence, Finding
from baken.actionplan.findings.queries import get_finding, list_evidence, list_findings, list_these
from baken.actionplan.findings.rules import EvidenceKind
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.priorities.models import Idea, Priority
from baken.actionplan.priorities.queries import list_ideas, list_priorities
from baken.actionplan.priorities.rules import PriorityKind
from tests.actionplan.conftest import House

DAY = date(2026, 2, 20)
# The last name has the first identifier: an order by identifier would be the other way about.
NAMES = ("Aanbod", "Belasting", "Contact")
IDS = tuple(UUID(int=n) for n in (3, 2, 1))


def names_in(name: str, found: list[Any]) -> tuple[str, ...]:
    return tuple(getattr(one, name) for one in found if one.id in IDS)


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_what_is_of_one_day_stands_by_what_it_is_called(house: House) -> None:
    with house.session() as session:
        by = house.adviser.person_id
        like = get_finding(session, house.finding_id)
        same = {
            name: getattr(like, name)
            for name in Finding.__table__.columns.keys()  # noqa: SIM118 - a collection, no mapping
            if name not in {"id", "statement", "found_on", "version"}
        }
        idea = {"level": PreventionLevel.PRIMARY, "scope": Scope.COLLECTIVE, "noted_on": DAY}
        change = {"happens_on": DAY, "due_on": DAY, "responsible": "Directie"}
        step = {"kind": next(iter(StartKind)), "due_on": DAY}
        for key, name in zip(IDS, NAMES, strict=True):
            session.add_all([
                Finding(id=key, statement=name, found_on=DAY, **same),
                Idea(id=key, title=name, **idea),
                Priority(id=key, title=name, kind=PriorityKind.PRIORITY, proposed_on=DAY),
                ChangeEvent(id=key, title=name, **change),
                StartStep(id=key, title=name, **step),
                Evidence(
                    id=key, text=name, finding_id=house.finding_id, seen_on=DAY, noted_by=by,
                    kind=EvidenceKind.OBSERVATION,
                ),
            ])  # fmt: skip
        session.flush()
        lists: dict[Callable[[], list[Any]], str] = {
            lambda: list_findings(session): "statement",
            lambda: list_these(session, IDS): "statement",
            lambda: list_evidence(session, house.finding_id): "text",
            lambda: list_ideas(session): "title",
            lambda: list_priorities(session): "title",
            lambda: list_changes(session): "title",
            lambda: list_steps(session): "title",
        }
        for read, name in lists.items():
            assert names_in(name, read()) == NAMES
