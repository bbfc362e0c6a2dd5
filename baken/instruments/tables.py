"""Reading one TOML table field by field, so that every mistake is found in one go.

A field that is absent or of the wrong kind is reported and replaced by a harmless value; the
reader refuses the whole instrument afterwards, so such a value never leaves the room.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from baken.instruments.errors import Problem

_ABSENT: Any = object()


class Report:
    """The problems found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, file: str, key: str, what: str, remedy: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(file, key, what, remedy))


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the remedy for a name nobody knows: the name that was probably meant."""
    close = get_close_matches(name, list(known), n=1)
    return f"Did you mean “{close[0]}”?" if close else otherwise


class Table:
    """One table of a file; remembers which of its keys were asked for."""

    def __init__(
        self, report: Report, file: str, path: str, content: dict[str, Any] | None
    ) -> None:
        self.report = report
        self.file = file
        self.path = path
        self._absent = content is None
        self._content = content or {}
        self._asked: list[str] = []

    def at(self, key: str) -> str:
        """Return the path of a key inside the file."""
        return f"{self.path}.{key}" if self.path else key

    def problem(self, key: str, what: str, remedy: str) -> None:
        """Report a problem at a key of this table, or at the table itself."""
        self.report.add(self.file, self.at(key) if key else self.path, what, remedy)

    def peek(self, key: str) -> object:
        """Return what stands at a key, unchecked, for a question asked ahead of the reading."""
        return self._content.get(key)

    @property
    def is_absent(self) -> bool:
        """Whether this stands for an optional table that was left out."""
        return self._absent

    def _field(self, key: str, kind: type, name: str, default: Any) -> Any:
        self._asked.append(key)
        value = self._content.get(key, _ABSENT)
        if value is _ABSENT:
            if default is _ABSENT:
                self.problem(key, "this key is missing.", f"Add it: {name}.")
                return _ABSENT
            return default
        # bool is an int to Python, but `low = true` is a mistake
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.problem(key, f"{name} is expected, not {value!r}.", "Correct the value.")
            return _ABSENT if default is _ABSENT else default
        return value

    def text(self, key: str, default: str = _ABSENT) -> str:
        """Return a text that says something; "" after a report."""
        value = self._field(key, str, "a text between quotes", default)
        if value is _ABSENT:
            return ""
        if not value.strip() and default is _ABSENT:
            self.problem(key, "the text is empty.", "Write the text.")
        return str(value)

    def name(self, key: str, pattern: str, description: str) -> str:
        """Return a text that follows a pattern."""
        value = self.text(key)
        if value and not re.fullmatch(pattern, value):
            self.problem(key, f"“{value}” cannot be a name here.", f"Use {description}.")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words; the first one after a report."""
        value = self._field(key, str, f"one of {', '.join(allowed)}", _ABSENT)
        if value is _ABSENT:
            return allowed[0]
        if value not in allowed:
            self.problem(
                key, f"“{value}” is not a choice here.", f"Use one of {', '.join(allowed)}."
            )
            return allowed[0]
        return str(value)

    def whole(self, key: str, default: int | None = _ABSENT) -> int | None:
        """Return a whole number; the default, or None, after a report."""
        value = self._field(key, int, "a whole number", default)
        return None if value is _ABSENT else value

    def number(self, key: str, default: float = _ABSENT) -> float | None:
        """Return a number, whole or not; the default, or None, after a report."""
        if isinstance(self._content.get(key), int):
            return self.whole(key)
        value = self._field(key, float, "a number", default)
        return None if value is _ABSENT else value

    def flag(self, key: str) -> bool:
        """Return true or false; false when absent."""
        return bool(self._field(key, bool, "true or false", default=False))

    def names(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return a list of texts, each once; what comes twice is reported."""
        value = self._field(key, list, "a list of texts", [] if optional else _ABSENT)
        if value is _ABSENT:
            return ()
        if not all(isinstance(entry, str) for entry in value):
            self.problem(key, "a list of texts is expected.", "Put every entry between quotes.")
            return ()
        if not value and not optional:
            self.problem(key, "the list is empty.", "Name at least one.")
        for entry in sorted({entry for entry in value if value.count(entry) > 1}):
            self.problem(key, f"“{entry}” stands in the list twice.", "Leave one of the two.")
        return tuple(dict.fromkeys(value))

    def table(self, key: str, *, optional: bool = False) -> "Table":
        """Return the table under a key; an empty one after a report."""
        default = None if optional else _ABSENT
        value = self._field(key, dict, f"a table [{self.at(key)}]", default)
        return Table(self.report, self.file, self.at(key), None if value is _ABSENT else value)

    def tables(self, key: str, *, optional: bool = False) -> Iterator["Table"]:
        """Yield the entries of [[key]] in order."""
        default: Any = [] if optional else _ABSENT
        value = self._field(key, list, f"one or more tables [[{self.at(key)}]]", default)
        for number, entry in enumerate([] if value is _ABSENT else value, start=1):
            if isinstance(entry, dict):
                yield Table(self.report, self.file, f"{self.at(key)}[{number}]", entry)
            else:
                self.problem(f"{key}[{number}]", "a table is expected.", f"Write [[{key}]].")

    def __iter__(self) -> Iterator[str]:
        """Yield all keys, in the order of the file."""
        return iter(self._content)

    def all_texts(self) -> dict[str, str]:
        """Return the whole table as key to text; empty texts are reported."""
        return {key: self.text(key) for key in self._content}

    def no_more(self) -> None:
        """Report the keys nobody asked for: they are typing errors."""
        for key in self._content:
            if key not in self._asked:
                self.problem(
                    key,
                    "this key is not known here.",
                    suggestion(key, self._asked, f"Remove it; known are {self._known()}."),
                )

    def _known(self) -> str:
        return ", ".join(sorted(set(self._asked)))
