"""Looking before importing: what would come in, and what would be missing."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from baken.instruments.definition import Instrument
from baken.storage.session import Session
from baken.survey.box.importing import rules
from baken.survey.box.importing.columns import (
    Columns,
    missing_aside,
    missing_columns,
    unread_columns,
)
from baken.survey.box.importing.files import Table, read_table
from baken.survey.box.importing.places import Stranger
from baken.survey.box.importing.reading import LeftOut, Reading, read_answers
from baken.survey.box.importing.rules import ImportPlan
from baken.survey.box.importing.values import Oddity
from baken.survey.box.sheet import Sheet
from baken.survey.campaigns.models import Campaign, FrozenUnit, hash_tree, tree_of
from baken.survey.campaigns.trees import current_tree, freeze_units
from baken.survey.disclosure.tree import Tree
from baken.survey.library.queries import get_instrument


@dataclass(frozen=True, slots=True)
class Asked:
    """An import as somebody asks for it: a file, and everything that is told about it."""

    content: bytes
    instrument: str
    version: str
    plan: ImportPlan
    columns: Columns
    sheet: str = ""
    head_row: int | None = None

    def table(self) -> Table:
        return read_table(self.content, sheet=self.sheet, head_row=self.head_row)


@dataclass(frozen=True, slots=True)
class Check:
    """What an import would do; no answer of anybody stands in it.

    Attributes
    ----------
    no_column
        Codes of the questions to which everybody's answer is missing.
    no_column_aside
        Keys of the questions about the person and the open questions that got no column.
    unread
        Columns of the file of which nothing is read.
    crowded
        Units from which more answers come than people work there.
    digest
        Stands for the file, what is told about it and the units: who accepts it, accepts this.
    """

    n_rows: int
    n_answers: int
    n_without_unit: int
    has_unit_column: bool
    n_comments: int
    encoding: str
    no_column: tuple[str, ...]
    no_column_aside: tuple[str, ...]
    unread: tuple[str, ...]
    oddities: tuple[Oddity, ...]
    left_out: tuple[LeftOut, ...]
    strangers: tuple[Stranger, ...]
    crowded: tuple[str, ...]
    too_few: bool
    digest: str

    @property
    def n_odd(self) -> int:
        """Answers that count as missing because they cannot be read."""
        return sum(oddity.times for oddity in self.oddities)

    @property
    def loses(self) -> bool:
        """Whether something of the file does not come in, or not where it belongs."""
        missing = self.no_column or self.no_column_aside
        return bool(missing or self.oddities or self.left_out or self.n_without_unit)


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is written; it exists in memory while an import is done."""

    asked: Asked
    instrument: Instrument
    letters: Sequence[tuple[str, Sheet]]
    units: list[FrozenUnit]
    check: Check


def prepare(session: Session, asked: Asked, *, today: date) -> Prepared:
    """Read a file against the questionnaire and the units of its day; writes nothing."""
    check_told(session, asked, today=today)
    plan = asked.plan
    instrument = get_instrument(session, asked.instrument, asked.version)
    units = freeze_units(session, on=plan.units_on)
    table = asked.table()
    reading = read_answers(table, asked.columns, instrument, units)
    check = _check(asked, instrument, table, reading, units)
    return Prepared(asked, instrument, reading.letters, units, check)


def check_told(session: Session, asked: Asked, *, today: date) -> None:
    """Refuse what is told about a file and no file could put right: days, units, questionnaire.

    Raises
    ------
    CannotImport, InvalidDraft
        Whoever asks has to tell it otherwise, before choosing columns.
    """
    plan = asked.plan
    rules.check_plan(plan, today=today)
    rules.check_questionnaire(get_instrument(session, asked.instrument, asked.version))
    check_once(session, asked)
    rules.check_tree(current_tree(session, on=plan.units_on), plan.units_on)


def check_once(session: Session, asked: Asked) -> None:
    """Raise `CannotImport` when answers of these days to this questionnaire came in before."""
    earlier = select(Campaign.title, Campaign.opens_on, Campaign.closes_on).where(
        Campaign.imported_on.is_not(None), Campaign.instrument_key == asked.instrument
    )
    rows = session.execute(earlier).all()
    rules.check_not_twice([(title, first, last) for title, first, last in rows], asked.plan)


def _check(
    asked: Asked,
    instrument: Instrument,
    table: Table,
    reading: Reading,
    units: list[FrozenUnit],
) -> Check:
    letters = reading.letters
    return Check(
        n_rows=reading.n_rows,
        n_answers=len(letters),
        n_without_unit=reading.n_without_unit,
        has_unit_column=asked.columns.unit is not None,
        n_comments=sum(bool(text) for _, sheet in letters for text in sheet.comments),
        encoding=table.encoding,
        no_column=missing_columns(instrument, asked.columns),
        no_column_aside=missing_aside(instrument, asked.columns),
        unread=unread_columns(table, asked.columns),
        oddities=reading.oddities,
        left_out=reading.left_out,
        strangers=reading.strangers,
        crowded=_crowded(tree_of(units), letters),
        too_few=len(letters) < asked.plan.min_group,
        digest=_digest(asked, instrument, units),
    )


def _crowded(tree: Tree, letters: Sequence[tuple[str, Sheet]]) -> tuple[str, ...]:
    answered: Counter[str] = Counter()
    for unit, _ in letters:
        key = tree.key_of(unit)
        answered.update({key, *tree.ancestors(key)})
    people = {key: tree.headcount_with_below(key) or 0 for key in tree.keys}
    return tuple(tree.name(key) for key in tree.keys if answered[key] > people[key])


def _digest(asked: Asked, instrument: Instrument, units: list[FrozenUnit]) -> str:
    told = [
        instrument.fingerprint,
        hash_tree(units, asked.plan.min_group),
        asdict(asked.plan),
        asdict(asked.columns),
        asked.sheet,
        asked.head_row,
    ]
    content = json.dumps(told, sort_keys=True, default=str).encode()
    return hashlib.sha256(hashlib.sha256(asked.content).digest() + content).hexdigest()
