"""The answers of an XLSForm: lists of choices, and numbers between two limits."""

import re
from collections.abc import Mapping
from typing import Final

from baken.instruments.definition import MAX_VALUES
from baken.instruments.exchange.draft import NO, YES, answers_problem
from baken.instruments.exchange.markup import plain
from baken.instruments.exchange.xlsform_sheets import Sheet

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
# ODK Build writes (. >= '0' and . <= '60').
_LIMIT: Final = re.compile(r"\(?\s*\.\s*(>=|<=|>|<)\s*'?(-?[0-9]{1,9})'?\s*\)?")
_PARAMETER: Final = re.compile(r"(start|end|step)\s*=\s*(-?[0-9]{1,9})(?![0-9.])")
_YES: Final = frozenset({"yes", "y", "ja", "j", "oui", "o", "true", "si", "sí"})
_NO: Final = frozenset({"no", "n", "nee", "non", "nein", "false"})


class Lists:
    """The lists of the sheet `choices`, with labels in the languages of the draft."""

    def __init__(self, choices: Sheet, languages: Mapping[str, str]) -> None:
        self._values: dict[str, tuple[dict[int, dict[str, str]], str]] = {}
        self._lists: dict[str, list[tuple[str, dict[str, str]]]] = {}
        for row in choices.rows:
            name, value = row.get("list_name"), row.get("name")
            if name and value:
                labels = row.texts.get("label", {})
                texts = {code: plain(labels.get(name, "")).text for name, code in languages.items()}
                self._lists.setdefault(name, []).append((value, texts))

    def names(self, name: str) -> str:
        """Return the names of the answers of a list, for a message."""
        return ", ".join(value for value, _ in self._lists.get(name, [])[:20])

    def options(self, name: str) -> dict[str, dict[str, str]]:
        """Return the answers of a list by name."""
        return dict(self._lists.get(name, []))

    def values(self, name: str) -> tuple[dict[int, dict[str, str]], str]:
        """Return the answers of a list by number, or why they have none."""
        if name not in self._values:
            self._values[name] = self._read(name)
        return self._values[name]

    def _read(self, name: str) -> tuple[dict[int, dict[str, str]], str]:
        listed = self._lists.get(name, [])
        if not listed:
            return {}, "choices_missing"
        numbers = [_value(value, len(listed)) for value, _ in listed]
        if any(number is None for number in numbers):
            return {}, "choices_not_numbers"
        found = [number for number in numbers if number is not None]
        problem = answers_problem(found)
        texts = [labels for _, labels in listed]
        return ({}, problem) if problem else (dict(zip(found, texts, strict=True)), "")


def _value(name: str, n_answers: int) -> int | None:
    if _NUMBER.fullmatch(name):
        return int(name)
    if n_answers == 2 and name.lower() in _YES:
        return YES
    return NO if n_answers == 2 and name.lower() in _NO else None


def number_range(constraint: str, parameters: str) -> tuple[int, int] | None:
    """Return lowest and highest number of a question; None when not both are plain to see."""
    found = _of_parameters(parameters) or _of_constraint(constraint)
    if found is None or not found[0] < found[1] or found[1] - found[0] >= MAX_VALUES:
        return None
    return found


def _of_parameters(parameters: str) -> tuple[int, int] | None:
    given = {name: int(value) for name, value in _PARAMETER.findall(parameters)}
    if {"start", "end"} <= {*given} and given.get("step", 1) == 1 and "." not in parameters:
        return given["start"], given["end"]
    return None


def _of_constraint(constraint: str) -> tuple[int, int] | None:
    low: list[int] = []
    high: list[int] = []
    for part in re.split(r"\s+and\s+", constraint.strip(), flags=re.IGNORECASE):
        found = _LIMIT.fullmatch(part)
        if not found:
            return None
        value = int(found[2])
        if found[1].startswith(">"):
            low.append(value + (found[1] == ">"))
        else:
            high.append(value - (found[1] == "<"))
    return (max(low), min(high)) if low and high else None
