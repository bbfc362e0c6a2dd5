"""Cells of a file with measures, one function for each kind of column."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from baken.actionplan.errors import ActionPlanError, Invalid
from baken.actionplan.indicators.types import OwnFigure
from baken.actionplan.measures.import_words import DOMAINS, better_of
from baken.actionplan.measures.rules import PlanFrame
from baken.actionplan.prevention import Domain, PreventionLevel, Scope
from baken.organisation.unit_files import Line, text
from baken.storage.workbooks import Cell

_DAYS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
Place = tuple[UUID, UUID | None, str]


def place_of(objective_id: UUID, unit_id: UUID | None, title: str) -> Place:
    """What tells a measure of a plan from the others: a file imported twice repeats it."""
    return objective_id, unit_id, title.strip().casefold()


@dataclass(frozen=True, slots=True)
class Known:
    """What names and numbers of a file can mean here, in lower case where they are names."""

    objectives: Mapping[int, UUID]
    units: Mapping[str, UUID]
    people: Mapping[str, UUID]
    deciders: frozenset[UUID]
    # What stands in the plan already: objective, unit and title.
    taken: frozenset[Place] = frozenset()
    # Under Dutch rules: what a place in the order of measures is in level and scope.
    grips: Mapping[str, tuple[PreventionLevel, Scope]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a line; `column` is its head in the file, empty for the whole line."""

    line: int
    column: str
    error: ActionPlanError


@dataclass(slots=True)
class Reader:
    """One file: what is known, its columns, and what was wrong with it so far."""

    known: Known
    frame: PlanFrame
    places: Mapping[str, int]
    header: Sequence[str]
    errors: list[RowError] = field(default_factory=list)
    places_taken: set[Place] = field(default_factory=set)

    def cell(self, line: Line, column: str) -> Cell:
        return line.cell(self.places[column]) if column in self.places else None

    def said(self, line: Line, column: str) -> str:
        found = text(self.cell(line, column))
        return "".join(sign if sign.isprintable() else " " for sign in found).strip()

    def refuse(self, line: Line, column: str, error: ActionPlanError) -> None:
        head = self.header[self.places[column]] if column in self.places else ""
        self.errors.append(RowError(line.line, head, error))


def objective_of(reader: Reader, line: Line) -> UUID | None:
    """The objective of a line, by its rank."""
    said = reader.said(line, "objective")
    rank = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 0
    found = reader.known.objectives.get(rank)
    if found is None:
        reader.refuse(
            line,
            "objective",
            Invalid(
                "actionplan.import_objective",
                "“{value}” is no number of an objective of this year. Write the number that "
                "stands before the objective: {ranks}.",
                value=said,
                ranks=", ".join(map(str, sorted(reader.known.objectives))),
            ),
        )
    return found


def unit_of(reader: Reader, line: Line) -> UUID | None:
    """The unit of a line, by its number or name; None for the whole organisation."""
    said = reader.said(line, "unit")
    found = reader.known.units.get(said.casefold()) if said else None
    if said and found is None:
        reader.refuse(
            line,
            "unit",
            Invalid(
                "actionplan.import_unit",
                "There is no unit with the number or name “{value}” today.",
                value=said,
            ),
        )
    return found


def person_of(reader: Reader, line: Line, column: str) -> tuple[UUID | None, str]:
    """Somebody with a task here, and the name as it stands."""
    said = reader.said(line, column)
    return reader.known.people.get(said.casefold()), said


def no_decider(name: str) -> Invalid:
    """The sentence for somebody who has no right to decide."""
    return Invalid(
        "actionplan.import_decider",
        "{value} has a task here, but no role that decides on measures.",
        value=name,
    )


def one_of(reader: Reader, line: Line, column: str, words: Mapping[str, Any]) -> Any:
    """One of a few words."""
    said = reader.said(line, column)
    found = words.get(said.casefold())
    if found is None:
        reader.refuse(line, column, _unknown_word(column, said))
    return found


def domains_of(reader: Reader, line: Line) -> tuple[Domain, ...]:
    """The domains of well-being, separated by commas."""
    said = reader.said(line, "domains")
    words = [word.strip() for word in said.replace(";", ",").split(",") if word.strip()]
    found = [DOMAINS.get(word.casefold()) for word in words]
    for word, domain in zip(words, found, strict=True):
        if domain is None:
            reader.refuse(line, "domains", _unknown_word("domains", word))
    return tuple(one for one in found if one is not None) or (Domain.PSYCHOSOCIAL,)


def _unknown_word(column: str, said: str) -> Invalid:
    """What to write instead stands in the sentence, in the language of whoever reads it."""
    return _UNKNOWN[column](said)


_UNKNOWN: Final[Mapping[str, Callable[[str], Invalid]]] = {
    "level": lambda said: Invalid(
        "actionplan.import_word_level",
        "“{value}” is not known here. Write one of: primary, secondary, tertiary.",
        value=said,
    ),
    "scope": lambda said: Invalid(
        "actionplan.import_word_scope",
        "“{value}” is not known here. Write one of: collective, individual.",
        value=said,
    ),
    "domains": lambda said: Invalid(
        "actionplan.import_word_domains",
        "“{value}” is not known here. Write one of: safety, health, psychosocial, ergonomics, "
        "hygiene, embellishment, environment.",
        value=said,
    ),
    "strategy": lambda said: Invalid(
        "actionplan.import_word_strategy",
        "“{value}” is not known here. Write one of: source, collective, individual, ppe.",
        value=said,
    ),
    "topic": lambda said: Invalid(
        "actionplan.import_word_topic",
        "“{value}” is not known here. Write one of: work pressure, bullying, aggression, "
        "sexual misconduct, discrimination.",
        value=said,
    ),
}


def day_of(reader: Reader, line: Line, column: str) -> date | None:
    """A day, typed or as a spreadsheet keeps it."""
    cell = reader.cell(line, column)
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    said = text(cell)
    for form in _DAYS:
        try:
            return _parsed(said, form)
        except ValueError:
            continue
    reader.refuse(
        line,
        column,
        Invalid(
            "actionplan.import_day",
            "“{value}” is no date. Write it as 2027-03-31 or 31/03/2027.",
            value=said,
        ),
    )
    return None


def _parsed(said: str, form: str) -> date:
    sign = form[2]
    parts = said.split(sign)
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        raise ValueError(said)
    year, month, day = parts if form.startswith("%Y") else parts[::-1]
    if len(year) != 4:
        raise ValueError(said)
    return date(int(year), int(month), int(day))


def _number(reader: Reader, line: Line, column: str) -> float | None:
    cell = reader.cell(line, column)
    said = text(cell)
    if not said:
        return None
    try:
        found = float("".join(said.split()).replace(",", "."))
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or isinstance(cell, bool):
        reader.refuse(
            line,
            column,
            Invalid("actionplan.import_number", "“{value}” is no number.", value=said),
        )
        return None
    return found


def whole_of(reader: Reader, line: Line, column: str) -> int | None:
    """A whole number; None for an empty cell."""
    found = _number(reader, line, column)
    return None if found is None else round(found)


def figure_of(reader: Reader, line: Line, ends_on: date | None) -> OwnFigure:
    """The figure a measure is held to, counted by the organisation itself."""
    start, target = (_number(reader, line, column) for column in ("start", "target"))
    by_on = day_of(reader, line, "by") if reader.said(line, "by") else ends_on
    start, target = start or 0.0, target or 0.0
    return OwnFigure(
        name=reader.said(line, "figure"),
        unit=reader.said(line, "figure_unit"),
        better=better_of(reader.said(line, "better"), rises=target > start),
        start=start,
        target=target,
        by_on=by_on or reader.frame.ends_on,
    )
