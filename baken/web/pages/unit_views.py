"""What pages show of one unit: facts, counts, its life, where it came from and went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.queries import OLDEST_FIRST
from baken.actionplan.measures.models import Measure
from baken.organisation.errors import Conflict
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.organisation.structure.actions import check_may_undo, list_parts
from baken.organisation.structure.history import ONE_DAY, Tree, UnitHistory, children_of
from baken.organisation.structure.models import UnitChange
from baken.organisation.structure.queries import differences_of
from baken.storage.session import Session
from baken.web import numerals
from baken.web.pages.unit_sentences import Teller
from baken.web.texts import Catalogue

SHOWN_CHANGES: Final = 50
SHOWN_SENTENCES: Final = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A link to something with a name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One moment on the life line of a unit."""

    when: str
    title: str
    text: str
    state: str  # past, now, ahead


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count of people and the day from which it holds."""

    from_on: date
    people: int


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit on its page."""

    id: UUID
    version: int
    name: str
    number: str
    kind: str
    address: str
    activity: str
    parent: Named | None
    from_on: date
    until_on: date | None
    lives: bool
    people: int | None
    counts: tuple[CountRow, ...]
    life: tuple[LifeStep, ...]
    heirs: tuple[Named, ...]
    gone_on: date | None
    ancestors: tuple[Named, ...]
    below: tuple[Named, ...]
    findings: tuple[Named, ...]
    measures: tuple[Named, ...]
    may_reopen: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change in the list of changes."""

    id: UUID
    kind: str
    on: date
    made_at: datetime
    who: str
    sentences: tuple[str, ...]
    n_more: int
    undone_at: datetime | None
    undone_by: str
    may_undo: bool

    @property
    def last_on(self) -> date:
        """The last day of what this change ended."""
        return self.on - ONE_DAY


def unit_view(
    session: Session, tree: Tree, unit: UnitHistory, *, version: int, today: date, texts: Catalogue
) -> UnitView:
    """One unit as its page shows it."""
    said = unit.on(today)
    teller = Teller.of(tree, texts)
    parent = tree.get(said.parent_id) if said.parent_id else None
    return UnitView(
        id=unit.id,
        version=version,
        name=said.name,
        number=said.number,
        kind=said.kind,
        address=said.address,
        activity=said.activity,
        parent=_named(parent, today) if parent else None,
        from_on=unit.from_on,
        until_on=unit.until_on,
        lives=unit.lives(today),
        people=unit.people(today),
        counts=tuple(CountRow(one.from_on, one.people) for one in reversed(unit.counts)),
        life=tuple(_life(tree, unit, teller, today=today)),
        heirs=_by_name(_named(tree[one.unit_id], today) for one in unit.heirs),
        gone_on=unit.heirs[0].on if unit.heirs else None,
        ancestors=_by_name(_named(one, today) for one in _ancestors(tree, unit)),
        below=tuple(_named(one, today) for one in children_of(tree, unit.id, today)),
        findings=_findings(session, unit.id),
        measures=_measures(session, unit.id),
        may_reopen=unit.until_on is not None and not unit.heirs,
    )


def change_view(
    session: Session, row: UnitChange, teller: Teller, *, by: Actor, limit: int = SHOWN_SENTENCES
) -> ChangeView:
    """One change as the list of changes shows it."""
    people = dict(list_names(session))
    differences = differences_of(list_parts(session, row.id))
    names = {one.after.id: one.after.newest.name for one in differences}
    telling = Teller({**names, **teller.names}, teller.texts)
    sentences = telling.tell_all(differences, 10_000 if limit > SHOWN_SENTENCES else 500)
    return ChangeView(
        id=row.id,
        kind=row.kind,
        on=row.on,
        made_at=row.made_at,
        who=people.get(row.made_by, ""),
        sentences=sentences[:limit],
        n_more=max(0, len(sentences) - limit),
        undone_at=row.undone_at,
        undone_by=people.get(row.undone_by, "") if row.undone_by else "",
        may_undo=_may_undo(row, by),
    )


def _may_undo(row: UnitChange, by: Actor) -> bool:
    try:
        check_may_undo(row, by)
    except Conflict:
        return False
    return True


def _named(unit: UnitHistory, today: date) -> Named:
    return Named(unit.id, unit.on(today).name)


def _by_name(found: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(found, key=lambda one: one.name))


def _ancestors(tree: Tree, unit: UnitHistory) -> list[UnitHistory]:
    """The units that went on in this one."""
    return [one for one in tree.values() if any(heir.unit_id == unit.id for heir in one.heirs)]


def _life(tree: Tree, unit: UnitHistory, teller: Teller, *, today: date) -> Iterator[LifeStep]:
    """What happened to a unit, oldest first, with today in its place."""
    steps = sorted(_moments(tree, unit, teller), key=lambda one: one[0])
    texts = teller.texts
    past = [one for one in steps if one[0] <= today]
    ahead = [one for one in steps if one[0] > today]
    yield from (_step(one, "past", texts) for one in past)
    if unit.lives(today):
        people = unit.people(today)
        counted = texts("units.people", count=people) if people is not None else ""
        yield LifeStep(texts("units.life_today"), unit.on(today).name, counted, "now")
    yield from (_step(one, "ahead", texts) for one in ahead)


def _moments(tree: Tree, unit: UnitHistory, teller: Teller) -> Iterator[tuple[date, str, str]]:
    texts = teller.texts
    before = ", ".join(sorted(one.newest.name for one in _ancestors(tree, unit)))
    origin = texts("units.life_from", units=before) if before else ""
    yield unit.from_on, texts("units.life_begins"), origin
    for stood, said in pairwise(unit.descriptions):
        for sentence in teller.differences(stood, said):
            yield said.from_on, texts("units.life_changes"), sentence
    if unit.until_on is not None:
        heirs = teller.heirs(unit)
        goes_on = texts("units.life_goes_on", units=heirs) if heirs else ""
        yield unit.until_on, texts("units.last_day"), goes_on


def _step(moment: tuple[date, str, str], state: str, texts: Catalogue) -> LifeStep:
    on, title, text = moment
    return LifeStep(numerals.day(on, texts.language), title, text, state)


def _findings(session: Session, unit_id: UUID) -> tuple[Named, ...]:
    rows = session.scalars(
        select(Finding).where(Finding.unit_id == unit_id).order_by(*OLDEST_FIRST)
    )
    return tuple(Named(row.id, row.statement) for row in rows)


def _measures(session: Session, unit_id: UUID) -> tuple[Named, ...]:
    rows = session.scalars(
        select(Measure)
        .where(Measure.unit_id == unit_id)
        .order_by(Measure.starts_on, Measure.title, Measure.id)
    )
    return tuple(Named(row.id, row.title) for row in rows)
