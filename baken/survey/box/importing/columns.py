"""Which column of a file answers which question: chosen by a person, suggested by names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from baken.instruments.definition import Instrument
from baken.survey.box.importing.files import Column, Table, fold
from baken.survey.box.importing.values import Rules
from baken.survey.errors import CannotImport

UNIT_NAMES: Final = (
    "unit", "eenheid", "afdeling", "dienst", "team", "unité", "unite", "service", "département",
    "einheit", "abteilung",
)  # fmt: skip
COMMENT_NAMES: Final = (
    "opmerking", "opmerkingen", "commentaar", "comment", "comments", "commentaire",
    "commentaires", "remarque", "remarques", "bemerkung", "bemerkungen", "kommentar", "kommentare",
)  # fmt: skip
"""What files call the column of somebody's own words, whatever the open question is."""

Places = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Columns:
    """Question to the place of its column; what is not in it counts as missing.

    `unit` is the column that says where somebody works; None when the file has none. `comments`
    goes from open question to column.
    """

    unit: int | None = None
    items: Places = field(default_factory=dict)
    backgrounds: Places = field(default_factory=dict)
    comments: Places = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)

    @property
    def used(self) -> list[int]:
        """Every column that is read; one that is used twice stands here twice."""
        parts = (self.items, self.backgrounds, self.comments)
        used = [place for part in parts for place in part.values()]
        return used if self.unit is None else [self.unit, *used]

    def named(self, table: Table) -> dict[str, Any]:
        """What is kept for the next file: the heads of columns, never anything below them.

        Numbers, and what stands in two columns, are no names: the row that was taken for the head
        may be somebody's answers.
        """
        repeated = {fold(head) for head in table.repeated}

        def heads(places: Places) -> dict[str, str]:
            named = {key: table.columns[place].head for key, place in places.items()}
            return {
                key: head
                for key, head in named.items()
                if fold(head) not in repeated and any(sign.isalpha() for sign in head)
            }

        return {
            "unit": "" if self.unit is None else table.columns[self.unit].head,
            "items": heads(self.items),
            "backgrounds": heads(self.backgrounds),
            "comments": heads(self.comments),
            "lowest": self.rules.lowest,
            "not_applicable": list(self.rules.not_applicable),
            "prefer_not": list(self.rules.prefer_not),
        }


def suggest(table: Table, instrument: Instrument, kept: Mapping[str, Any] | None = None) -> Columns:
    """Find columns by the names of an earlier file, by code, and by the words of the question.

    A name that two columns have is nobody's; whoever imports chooses.
    """
    kept = kept or {}
    finder = _Finder(table)
    unit = finder.find([str(kept.get("unit", "")), *UNIT_NAMES])
    found = {}
    for part, keys in (
        ("items", [item.code for item in instrument.items]),
        ("backgrounds", [question.key for question in instrument.backgrounds]),
        ("comments", [question.key for question in instrument.open_questions]),
    ):
        before = kept.get(part, {})
        found[part] = finder.find_all(
            (key, [before.get(key, ""), *_wordings(instrument, part, key)]) for key in keys
        )
    _add_comments(finder, instrument, found["comments"])
    rules = Rules(
        kept.get("lowest"),
        tuple(kept.get("not_applicable", ())),
        tuple(kept.get("prefer_not", ())),
    )
    return Columns(unit, **found, rules=rules)


def in_order(columns: Columns, table: Table, instrument: Instrument, *, first: int) -> Columns:
    """Take the columns from `first` on as the questions, in the order of the questionnaire."""
    places = range(first, len(table.columns))
    codes = (item.code for item in instrument.items)
    return replace(columns, items=dict(zip(codes, places, strict=False)))


def check_columns(columns: Columns, table: Table, instrument: Instrument) -> None:
    """Raise `CannotImport` unless at least one question is read and no column is read twice."""
    if not columns.items:
        raise CannotImport(
            "survey.import_no_items",
            "No column is chosen for any question. Nothing was imported. Say in which columns the "
            "answers stand.",
        )
    used = columns.used
    if any(not 0 <= place < len(table.columns) for place in used) or not _all_known(
        columns, instrument
    ):
        raise CannotImport(
            "survey.import_no_such_column",
            "The file has no such column, or the questionnaire no such question. Nothing was "
            "imported. Choose the columns again.",
        )
    twice = [table.columns[place] for place in sorted(set(used)) if used.count(place) > 1]
    if twice:
        raise CannotImport(
            "survey.import_column_twice",
            "These columns are chosen more than once: {columns}. Nothing was imported. Every "
            "column answers one question.",
            columns=", ".join(str(column) for column in twice),
        )


def missing_columns(instrument: Instrument, columns: Columns) -> tuple[str, ...]:
    """Codes of the questions that no column answers: everybody's answer to them is missing."""
    return tuple(item.code for item in instrument.items if item.code not in columns.items)


def missing_aside(instrument: Instrument, columns: Columns) -> tuple[str, ...]:
    """Keys of the questions about the person and the open questions that no column answers."""
    backgrounds = (one.key for one in instrument.backgrounds)
    open_questions = (one.key for one in instrument.open_questions)
    return (
        *(key for key in backgrounds if key not in columns.backgrounds),
        *(key for key in open_questions if key not in columns.comments),
    )


def unread_columns(table: Table, columns: Columns) -> tuple[str, ...]:
    """Columns of the file that answer nothing, as the file names them."""
    used = set(columns.used)
    return tuple(str(one) for one in table.columns if one.place not in used)


class _Finder:
    """Gives each column away once."""

    def __init__(self, table: Table) -> None:
        repeated = {fold(head) for head in table.repeated}
        self._free: dict[str, Column] = {
            fold(column.head): column
            for column in table.columns
            if column.head and fold(column.head) not in repeated
        }

    def find(self, names: Sequence[str]) -> int | None:
        for name in names:
            column = self._free.pop(fold(name), None) if name else None
            if column is not None:
                return column.place
        return None

    def find_all(self, wanted: Iterable[tuple[str, Sequence[str]]]) -> dict[str, int]:
        found = {}
        for key, names in wanted:
            place = self.find(names)
            if place is not None:
                found[key] = place
        return found


def _add_comments(finder: _Finder, instrument: Instrument, found: dict[str, int]) -> None:
    """Give a column that is called after comments to the first open question without one."""
    for question in instrument.open_questions:
        if question.key not in found:
            place = finder.find(COMMENT_NAMES)
            if place is None:
                return
            found[question.key] = place


def _wordings(instrument: Instrument, part: str, key: str) -> list[str]:
    name = "open_questions" if part == "comments" else part
    return [key, *(getattr(texts, name).get(key, "") for texts in instrument.texts.values())]


def _all_known(columns: Columns, instrument: Instrument) -> bool:
    return (
        columns.items.keys() <= {item.code for item in instrument.items}
        and columns.backgrounds.keys() <= {one.key for one in instrument.backgrounds}
        and columns.comments.keys() <= {one.key for one in instrument.open_questions}
    )
