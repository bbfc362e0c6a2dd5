"""Changing the tree on both engines: what is refused, what stays, what comes back."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from baken.organisation.errors import Conflict, Denied, Invalid, NotFound
from baken.organisation.models import RoleGrant
from baken.organisation.permissions import Role
from baken.organisation.structure import changes
from baken.organisation.structure.actions import change_units, order_unit, undo_change
from baken.organisation.structure.changes import Below, Part, UnitFields
from baken.organisation.structure.history import UnitKind
from baken.organisation.structure.queries import list_ended, list_heads_of_ended_units
from baken.organisation.structure.rules import NOTHING_FROZEN, Frozen, differs_by_half
from baken.organisation.structure.trees import load_tree
from baken.organisation.units import list_units
from baken.storage.audit import list_entries
from baken.storage.session import Database

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = date(2026, 4, 1)
BEFORE = LATER - timedelta(days=1)


def team(number: str, name: str = "", kind: UnitKind = UnitKind.TEAM) -> UnitFields:
    return UnitFields(number, name or f"Team {number}", kind)


class House:
    """An organisation whose units somebody changes."""

    def __init__(self, database: Database, client, role: Role = Role.ADMINISTRATOR) -> None:
        self.database, self.client = database, client
        self.by = client.people[role]

    def make(self, change: changes.Change, *, today: date = TODAY, frozen=NOTHING_FROZEN) -> UUID:
        with self.database.session(self.client.id) as session:
            return change_units(session, change, by=self.by, today=today, now=NOW, frozen=frozen)

    def add(self, number: str, parent: UUID | None = None, people: int | None = None) -> UUID:
        change = changes.Add(TODAY, parent, team(number), people)
        self.make(change)
        return change.unit_id

    def undo(self, change_id: UUID, frozen=NOTHING_FROZEN, role: Role | None = None) -> None:
        by = self.client.people[role] if role else self.by
        with self.database.session(self.client.id) as session:
            undo_change(session, change_id, by=by, now=NOW, frozen=frozen)

    def on(self, day: date) -> dict[str, tuple[str | None, int | None, int | None]]:
        """Number to (number above, people, people with those below)."""
        with self.database.read(self.client.id) as session:
            rows = list_units(session, on=day)
        numbers = {row.id: row.number for row in rows}
        return {row.number: (numbers.get(row.parent_id), row.headcount, row.total) for row in rows}

    def state(self):
        with self.database.read(self.client.id) as session:
            return load_tree(session)


@pytest.fixture
def house(database: Database, organisation) -> House:
    return House(database, organisation)


def test_a_split_divides_people_and_keeps_the_day_before(house: House) -> None:
    top = house.add("1")
    old = house.add("2", top, 20)
    child = house.add("3", old, 4)
    before = house.state()
    parts = (Part("2", "Nieuw", 12), Part("4", "Ander", 8))
    made = house.make(changes.Split(LATER, old, parts, heir=1))
    assert house.on(BEFORE) == {"1": (None, None, 24), "2": ("1", 20, 24), "3": ("2", 4, 4)}
    assert house.on(LATER) == {
        "1": (None, None, 24),
        "2": ("1", 12, 12),
        "4": ("1", 8, 12),
        "3": ("4", 4, 4),
    }
    with house.database.read(house.client.id) as session:
        ended = list_ended(session, on=LATER)
        assert list_ended(session, on=BEFORE) == {}
    assert ended[old].heirs == ("Ander", "Nieuw")
    assert child in house.state()
    house.undo(made)
    assert house.state() == before


def test_a_merger_takes_the_units_below_along(house: House) -> None:
    top = house.add("1")
    first, second = house.add("2", top, 5), house.add("3", top, 7)
    house.add("4", second, 1)
    change = changes.Merge(LATER, (first, second), team("3", "Samen"), 12)
    house.make(change)
    assert house.on(LATER) == {"1": (None, None, 13), "3": ("1", 12, 13), "4": ("3", 1, 1)}


def test_a_unit_merged_with_the_one_above_goes_one_level_up(house: House) -> None:
    top = house.add("1")
    middle = house.add("2", top)
    low = house.add("3", middle, 4)
    house.make(changes.Merge(LATER, (low, middle), team("9"), 4))
    assert house.on(LATER) == {"1": (None, None, 4), "9": ("1", 4, 4)}


def test_an_end_says_what_to_do_with_the_units_below(house: House) -> None:
    top = house.add("1")
    old = house.add("2", top)
    house.add("3", old, 4)
    with pytest.raises(Invalid, match="Say whether they end too or move up"):
        house.make(changes.End(LATER, old))
    made = house.make(changes.End(LATER, old, Below.MOVE_UP))
    assert house.on(LATER) == {"1": (None, None, 4), "3": ("1", 4, 4)}
    house.undo(made)
    house.make(changes.End(LATER, old, Below.END))
    assert house.on(LATER) == {"1": (None, None, None)}
    with pytest.raises(Invalid, match="does not exist on"):
        house.make(changes.Add(LATER, old, team("8")))


@pytest.mark.parametrize(
    ("day", "sentence"),
    [(date(2026, 3, 1), "exists since"), (date(2026, 5, 2), "exists until")],
)
def test_a_unit_changes_only_while_it_exists(house: House, day: date, sentence: str) -> None:
    unit = house.add("1")
    house.make(changes.End(date(2026, 5, 2), unit))
    with pytest.raises(Invalid, match=sentence):
        house.make(changes.Edit(day, unit, team("1", "Nieuw")))


def test_nobody_stands_under_himself_and_numbers_stay_apart(house: House) -> None:
    top = house.add("1")
    low = house.add("2", top)
    with pytest.raises(Invalid, match="under itself"):
        house.make(changes.Move(LATER, top, low))
    with pytest.raises(Conflict, match="both have number 1"):
        house.make(changes.Edit(LATER, low, team("1")))
    house.make(changes.End(LATER, low))
    house.make(changes.Add(LATER, top, team("2")))  # its number is free again
    with pytest.raises(Conflict, match="both have number 2"):
        house.make(changes.Reopen(LATER, low))


def test_a_past_day_that_a_survey_counted_with_is_closed(house: House) -> None:
    unit = house.add("1")
    today, frozen = date(2026, 3, 20), Frozen(date(2026, 3, 10), frozenset({unit}))
    with pytest.raises(Invalid, match="as they were on 2026-03-10"):
        house.make(
            changes.Edit(date(2026, 3, 10), unit, team("1", "N")), today=today, frozen=frozen
        )
    with pytest.raises(Invalid, match="as they were on 2026-03-10"):
        house.make(changes.SetCount(date(2026, 3, 5), unit, 8), today=today, frozen=frozen)
    house.make(changes.Edit(date(2026, 3, 11), unit, team("1", "N")), today=today, frozen=frozen)


def test_a_change_before_a_change_that_is_planned_is_refused(house: House) -> None:
    unit = house.add("1")
    house.make(changes.Edit(LATER, unit, team("1", "Nieuw")))
    with pytest.raises(Conflict, match="already changes on 2026-04-01"):
        house.make(changes.Edit(TODAY, unit, team("1", "Anders")))


def test_undo_is_refused_when_something_hangs_on_the_unit(house: House) -> None:
    change = changes.Add(TODAY, None, team("1"))
    made = house.make(change)
    with pytest.raises(Conflict, match="A survey was launched"):
        house.undo(made, Frozen(TODAY, frozenset({change.unit_id})))
    with pytest.raises(Conflict, match="Somebody else"):
        house.undo(made, role=Role.PREVENTION_ADVISER)
    head = house.client.people[Role.UNIT_HEAD]
    with house.database.session(house.client.id) as session:
        session.add(
            RoleGrant(
                person_id=head.person_id,
                role=Role.UNIT_HEAD,
                unit_id=change.unit_id,
                from_on=TODAY,
            )
        )
    with pytest.raises(Conflict, match="named in a role"):
        house.undo(made)
    house.make(changes.End(LATER, change.unit_id))
    with house.database.read(house.client.id) as session:
        assert list_heads_of_ended_units(session, on=BEFORE) == []
        (found,) = list_heads_of_ended_units(session, on=LATER)
        actions = [entry.action for entry in list_entries(session)]
    assert (found.person, found.unit.name) == ("Persoon unit_head", "Team 1")
    assert actions == ["units.ended", "units.added"]


def test_a_change_is_undone_once_and_leaves_its_trace(house: House) -> None:
    made = house.make(changes.Add(TODAY, None, team("1"), 4))
    house.undo(made)
    assert house.state() == {}
    with pytest.raises(Conflict, match="undone already"):
        house.undo(made)
    with pytest.raises(NotFound), house.database.session(house.client.id) as session:
        undo_change(session, made.__class__(int=0), by=house.by, now=NOW, frozen=NOTHING_FROZEN)
    with house.database.read(house.client.id) as session:
        assert [entry.action for entry in list_entries(session)] == ["units.undone", "units.added"]


def test_order_is_nobodys_history(house: House) -> None:
    top = house.add("1")
    first, second = house.add("2", top), house.add("3", top)
    before = house.state()
    with house.database.session(house.client.id) as session:
        order_unit(session, second, up=True, by=house.by, today=TODAY)
    assert list(house.on(TODAY)) == ["1", "3", "2"]
    after = house.state()
    assert after[first].descriptions == before[first].descriptions
    with house.database.read(house.client.id) as session:
        assert {row.version for row in list_units(session, on=TODAY)} == {1}


def test_who_does_not_edit_units_changes_none(database: Database, organisation) -> None:
    house = House(database, organisation, Role.ADVISER)
    with pytest.raises(Denied):
        house.add("1")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (10, 15, False),
        (10, 16, True),
        (10, 5, False),
        (10, 4, True),
        (0, 1, True),
        (None, 9, False),
    ],
)
def test_a_count_that_differs_by_more_than_half_is_doubtful(
    before: int | None, after: int, expected: bool | int
) -> None:
    assert differs_by_half(before, after) == expected
