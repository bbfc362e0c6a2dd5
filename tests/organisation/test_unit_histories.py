"""Random histories of the unit tree: what must hold whatever people do to it."""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from baken.organisation.errors import OrganisationError
from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.permissions import Actor, Grant, Role
from baken.organisation.structure import changes
from baken.organisation.structure.actions import change_units, order_unit, undo_change
from baken.organisation.structure.history import UnitKind, in_order
from baken.organisation.structure.states import as_state
from baken.organisation.structure.trees import load_tree
from baken.organisation.units import list_units
from baken.storage.session import Database
from baken.survey.campaigns.models import Campaign, hash_tree
from baken.survey.campaigns.rules import CampaignState
from baken.survey.campaigns.trees import freeze_units, get_frozen

START = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
SIZE = int(os.environ.get("BAKEN_HISTORIES", "6"))
# Shrinking a long history takes minutes; BAKEN_SHRINK=1 asks for it.
PHASES = [p for p in Phase if p is not Phase.shrink or os.environ.get("BAKEN_SHRINK")]
STEPS = int(os.environ.get("BAKEN_HISTORY_STEPS", "20"))


def checksum(session: Any) -> str:
    """Everything about every unit; the place among neighbours has no history and is left out."""
    states = {
        str(key): as_state(replace(unit, position=0)) for key, unit in load_tree(session).items()
    }
    return hashlib.sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()


def seen_on(session: Any, on: date) -> list[Any]:
    """The tree of a day as pages show it, in no order."""
    return sorted(
        (str(row.id), str(row.parent_id), row.number, row.name, row.headcount, row.total)
        for row in list_units(session, on=on)
    )


class Histories(RuleBasedStateMachine):
    """People change units, launch surveys, undo, and time goes on."""

    template: Path

    units = Bundle("units")
    done = Bundle("done")
    days = st.integers(-20, 40)
    numbers = st.integers(1, 30).map(str)
    people = st.one_of(st.none(), st.integers(0, 60))

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="baken-histories-"))
        shutil.copy(self.template, self.folder / "baken.sqlite")
        self.database = Database(f"sqlite:///{self.folder}/baken.sqlite")
        self.today = START
        self.frozen: dict[UUID, tuple[str, str]] = {}
        self.checksums: dict[UUID, str] = {}
        self.newest: list[UUID] = []

    def teardown(self) -> None:
        self.database.dispose()
        shutil.rmtree(self.folder)

    @initialize()
    def found(self) -> None:
        with self.database.session(None) as session:
            row = Organisation(name="Huis (fictief)", is_fictional=True)
            session.add(row)
            session.flush()
            self.organisation_id = row.id
        with self.database.session(self.organisation_id) as session:
            person = Person(name="Beheerder")
            session.add(person)
            session.flush()
            session.add(RoleGrant(person_id=person.id, role=Role.ADMINISTRATOR, from_on=START))
            self.by = Actor(
                person.id, self.organisation_id, "Beheerder", frozenset({Grant(Role.ADMINISTRATOR)})
            )

    def make(self, change: changes.Change) -> UUID | None:
        """Try a change; a refusal leaves everything as it was."""
        with self.database.read(self.organisation_id) as session:
            before = checksum(session)
            earlier = self.earlier(session, change.on)
        try:
            with self.database.session(self.organisation_id) as session:
                made = change_units(
                    session,
                    change,
                    by=self.by,
                    today=self.today,
                    now=NOW,
                    frozen=get_frozen(session),
                )
        except OrganisationError:
            made = None
        with self.database.read(self.organisation_id) as session:
            if made is None:
                assert checksum(session) == before
                return None
            # a change from a day on leaves the days before alone
            assert self.earlier(session, change.on) == earlier
        self.checksums[made] = before
        self.newest.append(made)
        return made

    def earlier(self, session: Any, on: date) -> list[Any]:
        days = (START - timedelta(days=30), on - timedelta(days=9), on - timedelta(days=1))
        return [seen_on(session, min(day, on - timedelta(days=1))) for day in days]

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    @rule(target=units, parent=st.none() | units, day=days, number=numbers, people=people)
    def add(self, parent: UUID | None, day: int, number: str, people: int | None) -> Any:
        fields = changes.UnitFields(number, f"Eenheid {number}", UnitKind.TEAM)
        change = changes.Add(self.day(day), parent, fields, people)
        return change.unit_id if self.make(change) else multiple()

    @rule(unit=units, day=days, number=numbers, kind=st.sampled_from(UnitKind))
    def edit(self, unit: UUID, day: int, number: str, kind: UnitKind) -> None:
        fields = changes.UnitFields(number, f"Nieuw {number}", kind)
        self.make(changes.Edit(self.day(day), unit, fields))

    @rule(unit=units, parent=st.none() | units, day=days)
    def move(self, unit: UUID, parent: UUID | None, day: int) -> None:
        self.make(changes.Move(self.day(day), unit, parent))

    @rule(
        target=units,
        unit=units,
        day=days,
        numbers=st.tuples(numbers, numbers),
        heir=st.integers(0, 1),
    )
    def split(self, unit: UUID, day: int, numbers: tuple[str, str], heir: int) -> Any:
        parts = tuple(changes.Part(number, f"Deel {number}", 5) for number in numbers)
        made = self.make(changes.Split(self.day(day), unit, parts, heir))
        return multiple(*(part.unit_id for part in parts)) if made else multiple()

    @rule(target=units, some=st.lists(units, min_size=2, max_size=3), day=days, number=numbers)
    def merge(self, some: list[UUID], day: int, number: str) -> Any:
        fields = changes.UnitFields(number, f"Samen {number}", UnitKind.TEAM)
        change = changes.Merge(self.day(day), tuple(some), fields, 30)
        return change.unit_id if self.make(change) else multiple()

    @rule(unit=units, day=days, below=st.none() | st.sampled_from(changes.Below))
    def end(self, unit: UUID, day: int, below: changes.Below | None) -> None:
        self.make(changes.End(self.day(day), unit, below))

    @rule(unit=units)
    def reopen(self, unit: UUID) -> None:
        with self.database.read(self.organisation_id) as session:
            known = load_tree(session).get(unit)
        if known is not None and known.until_on is not None:
            self.make(changes.Reopen(known.until_on + timedelta(days=1), unit))

    @rule(unit=units, day=days, people=st.integers(0, 90))
    def count(self, unit: UUID, day: int, people: int) -> None:
        self.make(changes.SetCount(self.day(day), unit, people))

    @rule(unit=units, up=st.booleans())
    def order(self, unit: UUID, up: bool) -> None:
        try:
            with self.database.session(self.organisation_id) as session:
                order_unit(session, unit, up=up, by=self.by, today=self.today)
        except OrganisationError:
            return

    @precondition(lambda self: self.newest)
    @rule(which=st.integers(0, 3))
    def undo(self, which: int) -> None:
        """The newest change comes undone exactly; an older one does or says why not."""
        change_id = self.newest[max(0, len(self.newest) - 1 - which)]
        with self.database.read(self.organisation_id) as session:
            before = checksum(session)
        try:
            with self.database.session(self.organisation_id) as session:
                frozen = get_frozen(session)
                undo_change(session, change_id, by=self.by, now=NOW, frozen=frozen)
        except OrganisationError as error:
            said = error.key
        else:
            said = ""
        if said:
            with self.database.read(self.organisation_id) as session:
                assert checksum(session) == before
            # nothing came after it: only a survey that counts one of its units can stand in the way
            assert change_id != self.newest[-1] or said == "units.in_survey"
            return
        if change_id == self.newest[-1] and change_id in self.checksums:
            with self.database.read(self.organisation_id) as session:
                assert checksum(session) == self.checksums[change_id]
        elif change_id != self.newest[-1]:
            self.checksums.clear()  # those after it came after something that is no longer so
        self.newest.remove(change_id)

    @rule(days=st.integers(1, 15))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def launch(self) -> None:
        """What a launch keeps of the units."""
        with self.database.session(self.organisation_id) as session:
            tree = freeze_units(session, on=self.today)
            campaign = Campaign(
                title="Bevraging",
                state=CampaignState.RUNNING,
                instrument_key="vijf-a",
                instrument_version="1",
                instrument_fingerprint="0",
                languages=["nl"],
                opens_on=self.today,
                closes_on=self.today,
                background_headcounts={},
                answers_until_on=self.today,
                comments_until_on=self.today,
                unit_tree=tree,
                min_group_at_launch=10,
                tree_sha256=hash_tree(tree, 10),
                launched_on=self.today,
            )
            session.add(campaign)
            session.flush()
            self.frozen[campaign.id] = (json.dumps(tree), campaign.tree_sha256 or "")

    @invariant()
    def what_a_survey_froze_never_changes(self) -> None:
        with self.database.read(self.organisation_id) as session:
            for campaign in session.scalars(select(Campaign)):
                text, digest = self.frozen[campaign.id]
                assert json.dumps(campaign.unit_tree) == text
                assert campaign.tree_sha256 == digest
                assert campaign.has_intact_tree

    @invariant()
    def the_tree_is_sound_on_every_day(self) -> None:
        with self.database.read(self.organisation_id) as session:
            tree = load_tree(session)
            assert {one.id for one in in_order(tree)} == {*tree}
            days = {self.today, *(unit.from_on for unit in tree.values())}
            days |= {one.from_on for unit in tree.values() for one in unit.descriptions}
            for day in days:
                rows = list_units(session, on=day)
                living = {unit.id for unit in tree.values() if unit.lives(day)}
                assert {row.id for row in rows} == living
                assert len({row.number for row in rows}) == len(rows)
                depth = {row.id: row.depth for row in rows}
                for row in rows:
                    assert row.parent_id == tree[row.id].on(day).parent_id
                    assert row.depth == (depth[row.parent_id] + 1 if row.parent_id else 0)
                told = [row.headcount or 0 for row in rows]
                assert sum(row.total or 0 for row in rows if row.depth == 0) == sum(told)


def test_no_history_breaks_the_tree_or_what_a_survey_froze(sqlite_template: Path) -> None:
    machine = type("Machine", (Histories,), {"template": sqlite_template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=SIZE,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
