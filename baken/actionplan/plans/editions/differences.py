"""Two editions of a plan beside each other: what was added, left out and reworded."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

Content = Mapping[str, Any]
_WORDS: Final = re.compile(r"\s+|[^\s\w]+|\w+")
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
    measure, somebody in the matrix), `part` which of its fields; both empty for a text.
    """

    element: str
    name: str
    part: str
    kind: Kind
    words: tuple[tuple[Piece, str], ...]


def differences(before: Content, after: Content) -> tuple[Difference, ...]:
    """Return what differs between two editions, in the order of the plan."""
    old, new = dict(_flat(before)), dict(_flat(after))
    order = [*new, *(key for key in old if key not in new)]
    found = []
    for key in order:
        change = _change(old.get(key, ""), new.get(key, ""))
        if change is not None:
            kind, words = change
            found.append(Difference(key[0], key[1], key[2], kind, words))
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


Key = tuple[str, str, str]


def _flat(content: Content) -> Iterator[tuple[Key, str]]:
    """Every text of a plan under the place where it stands."""
    for element, value in content.items():
        if element in {"kind", "variant_kind", "organisation"}:
            continue
        if isinstance(value, list):
            yield from _rows(element, value)
        elif isinstance(value, Mapping):
            yield from (((element, "", str(key)), _said(each)) for key, each in value.items())
        else:
            yield (element, "", ""), _said(value)


def _rows(element: str, rows: Sequence[Any]) -> Iterator[tuple[Key, str]]:
    for row in rows:
        if not isinstance(row, Mapping):
            yield (element, str(row), ""), str(row)
            continue
        name = str(row.get("statement") or row.get("title") or row.get("what") or row.get("who"))
        for part, value in row.items():
            if part == "id":
                continue
            if part == "measures":
                yield from _rows("measures", value)
            else:
                yield (element, name, part), _said(value)


def _said(value: Any) -> str:
    """A value as words; what is empty says nothing."""
    if value in (None, "", [], {}, False):
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_said(each)}" for key, each in value.items() if _said(each))
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return str(value)
