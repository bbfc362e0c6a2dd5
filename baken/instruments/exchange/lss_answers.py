"""The answers of LimeSurvey's questions: lists by question and scale, and the built-in ones."""

import re
from collections.abc import Mapping
from typing import Final

from baken.instruments.exchange.draft import answers_problem
from baken.instruments.exchange.lss_document import Document, Fields
from baken.instruments.exchange.markup import plain
from baken.instruments.exchange.words import word

Values = dict[int, dict[str, str]]

_CODE: Final = re.compile(r"(?P<letters>[A-Za-z]*)(?P<number>-?[0-9]{1,9})")


class Answers:
    """The table `answers`, with labels in the languages of the draft."""

    def __init__(self, document: Document, languages: Mapping[str, str]) -> None:
        self._languages = languages
        texts: dict[str, dict[str, str]] = {}
        for row in document.rows("answer_l10ns"):
            texts.setdefault(row.get("aid", ""), {})[row.get("language", "")] = row.get(
                "answer", ""
            )
        self._lists: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        rows = document.rows("answers")
        for row in sorted(rows, key=lambda row: _order(row.get("sortorder", ""))):
            own = self._lists.setdefault((row.get("qid", ""), row.get("scale_id") or "0"), {})
            own.setdefault(row.get("code", ""), {}).update(_said(row, texts))

    def names(self, qid: str, scale: str) -> str:
        """Return the codes of the answers of a question, for a message."""
        return ", ".join(self._lists.get((qid, scale), {}))

    def values(self, qid: str, scale: str = "0") -> tuple[Values, str]:
        """Return the answers of a question by number, or why they have none.

        A code is a number, or one and the same letters before a number: A1 to A5, AO01 to AO05.
        """
        listed = self._lists.get((qid, scale), {})
        if not listed:
            return {}, "choices_missing"
        found = [_CODE.fullmatch(code) for code in listed]
        if not all(found) or len({one["letters"] for one in found if one}) != 1:
            return {}, "choices_not_numbers"
        numbers = [int(one["number"]) for one in found if one]
        problem = answers_problem(numbers)
        if problem:
            return {}, problem
        labels = [
            {code: plain(texts.get(name, "")).text for name, code in self._languages.items()}
            for texts in listed.values()
        ]
        return dict(zip(numbers, labels, strict=True)), ""

    def points(self, n_points: int) -> Values:
        """Return the answers 1 to `n_points`, which are their own labels."""
        return {
            value: dict.fromkeys(self._languages.values(), str(value))
            for value in range(1, n_points + 1)
        }

    def less_to_more(self) -> Values:
        """Return the answers of an array of changes: less, the same, more."""
        return {
            value: {code: word(code, name) for code in self._languages.values()}
            for value, name in enumerate(("less", "same", "more"), start=1)
        }


def _said(row: Fields, texts: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    if "language" in row:
        return {row["language"]: row.get("answer", "")}
    return texts.get(row.get("aid", ""), {})


def _order(written: str) -> int:
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0
