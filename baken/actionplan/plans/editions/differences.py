"""Two editions of a plan beside each other: what was added, left out and reworded."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

from baken.actionplan.plans.editions.analysed import as_rows

Content = Mapping[str, Any]
_WORDS: Final = re.compile(r"\s+|[^\s\w]+|\w+")
_BY_PLACE: Final = frozenset({"coverage", "left_out"})
LONGEST: Final = 4000
"""Words of a text that are compared one by one; a longer text is shown whole, before and after."""


class Kind(StrEnum):
    """What became of a piece of the plan."""

    ADDED = "added"
    LEFT_OUT = "left_out"
    REWORDED = "reworded"


class Piece(StrEnum):
    """What became of a few words."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: where in the plan, of what, and its words.

    `element` is the key of the element of the plan, `name` says which row of it (an objective, a
    measure, somebody in the matrix), `part` which of its fields; both empty for a text. A dot
    parts the field from the place in it: "coverage.A1".
    """

    element: str
    name: str
    part: str
    kind: Kind
    words: tuple[tuple[Piece, str], ...]


def differences(before: Content, after: Content) -> tuple[Difference, ...]:
    """Return what differs between two editions, in the order of the plan."""
    lasting = frozenset(_ids(before)) & frozenset(_ids(after))
    old, new = _placed(before, lasting), _placed(after, lasting)
    order = [*new, *(key for key in old if key not in new)]
    found = []
    for key in order:
        stood, stands = old.get(key), new.get(key)
        change = _change(stood.text if stood else "", stands.text if stands else "")
        if change is not None:
            at = stands or old[key]
            found.append(Difference(at.element, at.name, at.part, *change))
    return tuple(found)


def compare_words(before: str, after: str) -> tuple[tuple[Piece, str], ...]:
    """Lay two texts beside each other word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > LONGEST:
        return ((Piece.GONE, before), (Piece.NEW, after))
    pieces: list[tuple[Piece, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append((Piece.SAME, "".join(old[a:b])))
            continue
        pieces += [(Piece.GONE, "".join(old[a:b])), (Piece.NEW, "".join(new[c:d]))]
    return tuple((piece, text) for piece, text in pieces if text)


def _change(before: str, after: str) -> tuple[Kind, tuple[tuple[Piece, str], ...]] | None:
    if before == after:
        return None
    if not before:
        return Kind.ADDED, ((Piece.NEW, after),)
    if not after:
        return Kind.LEFT_OUT, ((Piece.GONE, before),)
    return Kind.REWORDED, compare_words(before, after)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of a plan and its place; `row` tells rows apart, `name` is what people call it."""

    element: str
    row: str
    part: str
    name: str
    text: str


def _ids(value: Any) -> Iterator[str]:
    """The ids of all rows, however deep."""
    if isinstance(value, Mapping):
        if "id" in value:
            yield value["id"]
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)


def _placed(content: Content, lasting: frozenset[str]) -> dict[tuple[str, str, str, int], _Text]:
    """Every text by its place; of rows with one name the first, the second and so on."""
    found: dict[tuple[str, str, str, int], _Text] = {}
    times: Counter[tuple[str, str, str]] = Counter()
    for one in _flat(content, lasting):
        place = (one.element, one.row, one.part)
        found[(*place, times[place])] = one
        times[place] += 1
    return found


def _flat(content: Content, lasting: frozenset[str]) -> Iterator[_Text]:
    """Every text of a plan with the place where it stands."""
    for element, value in content.items():
        if element in {"kind", "variant_kind", "organisation"}:
            continue
        if isinstance(value, list):
            rows = as_rows(value) if element == "analyses" else value
            yield from _rows(element, rows, lasting)
        elif isinstance(value, Mapping):
            for key, each in value.items():
                yield _Text(element, "", str(key), "", _said(each))
        else:
            yield _Text(element, "", "", "", _said(value))


def _rows(element: str, rows: Sequence[Any], lasting: frozenset[str]) -> Iterator[_Text]:
    """A row that both editions have is the same one under another name; others go by name."""
    for row in rows:
        if not isinstance(row, Mapping):
            yield _Text(element, str(row), "", str(row), str(row))
            continue
        name = str(row.get("statement") or row.get("title") or row.get("what") or row.get("who"))
        own = row["id"] if row.get("id") in lasting else name
        for part, value in row.items():
            if part == "id":
                continue
            if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
                yield from _rows(part, value, lasting)
            elif part in _BY_PLACE:
                for key, each in value.items():
                    yield _Text(element, own, f"{part}.{key}", name, _said(each))
            else:
                yield _Text(element, own, part, name, _said(value))


def _said(value: Any) -> str:
    """A value as words; what is empty says nothing."""
    if value in (None, "", [], {}, False):
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_said(each)}" for key, each in value.items() if _said(each))
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return str(value)
