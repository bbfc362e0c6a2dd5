"""Measures out of a file: every line read with care, every mistake named, nothing guessed.

The file has a header line with ``title``, ``objective`` (its rank), ``level``, ``scope``,
``starts``, ``ends`` and what else `columns_of` names; Dutch, French and German headers are
understood. Under Dutch rules ``strategy`` stands in the place of level and scope.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baken.actionplan.errors import ActionPlanError, Invalid
from baken.actionplan.measures.import_cells import (
    Known,
    Reader,
    RowError,
    day_of,
    domains_of,
    figure_of,
    no_decider,
    objective_of,
    one_of,
    person_of,
    place_of,
    unit_of,
    whole_of,
)
from baken.actionplan.measures.import_words import (
    LEVELS,
    SCOPES,
    STRATEGIES,
    TOPICS,
    YES,
    columns_of,
    is_needed,
)
from baken.actionplan.measures.rules import (
    MeasureFields,
    PlanFrame,
    check_fields,
    check_period,
)
from baken.actionplan.wording import check_title
from baken.organisation.unit_files import Line, read_lines, text

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A line of the file as a measure; without `fields` it has an error."""

    line: int
    title: str
    fields: MeasureFields | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says."""

    rows: tuple[MeasureRow, ...]
    errors: tuple[RowError, ...]


def read_measures(content: bytes, *, known: Known, frame: PlanFrame) -> Reading:
    """Read a file with measures, CSV or workbook.

    Raises
    ------
    Invalid, UnsafeFile
        The file as a whole cannot be read: encoding, separator, header or size.
    """
    head, *lines = read_lines(content)
    header = [text(cell) for cell in head.cells]
    if not lines:
        raise Invalid("actionplan.import_empty", "The file has a header but no measures.")
    if len(lines) > MOST:
        raise Invalid(
            "actionplan.import_many",
            "The file has {n} lines; at most {most} measures can be imported at once.",
            n=len(lines),
            most=MOST,
        )
    places = _find_columns(header, by_strategy=bool(known.grips))
    reader = Reader(known, frame, places, header, places_taken=set(known.taken))
    rows = tuple(_read_line(reader, line) for line in lines)
    return Reading(rows, tuple(sorted(reader.errors, key=lambda one: one.line)))


def _find_columns(header: Sequence[str], *, by_strategy: bool) -> dict[str, int]:
    names = [cell.casefold() for cell in header]
    found: dict[str, int] = {}
    columns = columns_of(by_strategy=by_strategy)
    for column, spellings in columns.items():
        places = [place for place, name in enumerate(names) if name in spellings]
        if len(places) > 1:
            raise Invalid(
                "actionplan.import_twice",
                "The column {column} stands in the header twice.",
                column=column,
            )
        if places:
            found[column] = places[0]
    missing = [column for column in columns if is_needed(column) and column not in found]
    if missing:
        raise Invalid(
            "actionplan.import_columns",
            "The header lacks {missing}. It says: {header}. Start from the template.",
            missing=", ".join(missing),
            header=" | ".join(names)[:200],
        )
    return found


def _read_line(reader: Reader, line: Line) -> MeasureRow:
    before = len(reader.errors)
    title = reader.said(line, "title")
    values = _values(reader, line)
    fields = None
    if len(reader.errors) == before:
        try:
            fields = MeasureFields(**values)
            check_fields(fields, reader.frame)
            _take_place(reader, fields)
        except ActionPlanError as error:
            reader.refuse(line, "", error)
            fields = None
    else:
        _check_alone(reader, line, values)
    return MeasureRow(line.line, title, fields)


def _check_alone(reader: Reader, line: Line, values: Mapping[str, Any]) -> None:
    """Name what does not depend on the cells that could not be read: one look mends the line."""
    checks: list[Callable[[], object]] = [lambda: check_title(values["title"])]
    first, last = values["starts_on"], values["ends_on"]
    if first is not None and last is not None:
        checks.append(lambda: check_period(first, last, reader.frame))
    for check in checks:
        try:
            check()
        except ActionPlanError as error:
            reader.refuse(line, "", error)


def _take_place(reader: Reader, fields: MeasureFields) -> None:
    place = place_of(fields.objective_id, fields.unit_id, fields.title)
    if place in reader.places_taken:
        raise Invalid(
            "actionplan.import_taken",
            "“{title}” stands there already for this objective and unit, in the plan or higher up "
            "in the file. Leave the line out, or give it another title.",
            title=fields.title,
        )
    reader.places_taken.add(place)


def _values(reader: Reader, line: Line) -> dict[str, Any]:
    """Every column as its value; what cannot be read leaves an error behind."""
    starts_on = day_of(reader, line, "starts")
    ends_on = day_of(reader, line, "ends")
    responsible_id, responsible = person_of(reader, line, "responsible")
    decider_id, decider = person_of(reader, line, "decider")
    if decider_id is not None and decider_id not in reader.known.deciders:
        reader.refuse(line, "decider", no_decider(decider))
    return {
        "title": reader.said(line, "title"),
        "objective_id": objective_of(reader, line),
        "method": reader.said(line, "method"),
        "unit_id": unit_of(reader, line),
        "responsible_id": responsible_id,
        "responsible_name": responsible,
        "decider_id": decider_id,
        "decider_name": decider,
        "who_does_what": reader.said(line, "who_does_what"),
        "means_organisational": reader.said(line, "organisational"),
        "means_material": reader.said(line, "material"),
        "means_financial": reader.said(line, "financial"),
        **_place_in_order(reader, line),
        "domains": domains_of(reader, line),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "budget": whole_of(reader, line, "budget"),
        "is_reported": reader.said(line, "reported").casefold() in YES,
        "initiator": reader.said(line, "initiator"),
        "indicator": figure_of(reader, line, ends_on),
    }


def _place_in_order(reader: Reader, line: Line) -> dict[str, Any]:
    """Level and scope of a line; under Dutch rules they follow from where the measure grips."""
    if not reader.known.grips:
        return {
            "prevention_level": one_of(reader, line, "level", LEVELS),
            "scope": one_of(reader, line, "scope", SCOPES),
        }
    strategy = one_of(reader, line, "strategy", STRATEGIES)
    level, scope = reader.known.grips.get(strategy, (None, None))
    said = reader.said(line, "topic")
    topic = one_of(reader, line, "topic", TOPICS) if said else ""
    return {"prevention_level": level, "scope": scope, "strategy": strategy, "topic": topic}


def changed_since_seen() -> Invalid:
    """What to say when a file or its plan is not the one that somebody looked at."""
    return Invalid(
        "actionplan.import_changed",
        "The file did not arrive in one piece, or the plan changed after you looked. Nothing was "
        "written; choose the file again.",
    )
