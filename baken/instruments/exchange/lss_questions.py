"""The types of question of LimeSurvey: what each becomes, or why it is refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from baken.instruments.definition import MAX_VALUES
from baken.instruments.exchange.draft import Draft
from baken.instruments.exchange.lss_answers import Answers, Values
from baken.instruments.exchange.lss_document import Record
from baken.instruments.exchange.markup import Plain

NOT_TAKEN: Final[Mapping[str, str]] = {
    "C": "uncertain",
    "D": "personal",
    "G": "choices_not_numbers",
    "I": "metadata",
    "Q": "text_table",
    "R": "rank",
    "X": "note",
    "|": "personal",
    "*": "calculation",
    ";": "text_table",
}
"""Type of question to the reason why it is refused."""

POINTS: Final[Mapping[str, int]] = {"5": 5, "A": 5, "B": 10}

_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its parts: rows of an array, options of a multiple choice."""

    record: Record
    parts: list[Record]
    scale: str
    attributes: Mapping[str, str]
    said: Mapping[str, Mapping[str, str]]
    has_condition: bool

    @property
    def where(self) -> str:
        """The code LimeSurvey shows."""
        return self.record.get("title")

    @property
    def qid(self) -> str:
        """The number by which other tables point at it."""
        return self.record.get("qid")

    def rows(self) -> list[Record]:
        """Return its parts, without the columns of a table of fields."""
        return [part for part in self.parts if part.get("scale_id") in {"", "0"}]

    def columns(self) -> list[Record]:
        """Return the columns of a table of fields."""
        return [part for part in self.parts if part.get("scale_id") == "1"]


class Questions:
    """Takes questions into a draft."""

    def __init__(
        self,
        draft: Draft,
        answers: Answers,
        said: Callable[[Mapping[str, str]], dict[str, Plain]],
    ) -> None:
        self._draft = draft
        self._answers = answers
        self._said = said
        self._takers: dict[str, Callable[[Question], bool]] = {
            **dict.fromkeys(("L", "!", "O"), self._list),
            **dict.fromkeys(("F", "H"), self._array),
            **dict.fromkeys(("5", "A", "B"), self._points),
            **dict.fromkeys(("M", "P"), self._options),
            **dict.fromkeys(("N", "K"), self._number),
            **dict.fromkeys(("S", "T", "U"), self._text),
            "1": self._dual,
            ":": self._numbers,
            "E": self._changes,
            "Y": self._yes_no,
        }

    def take(self, question: Question) -> bool:
        """Take a question if that can be done; say why when not."""
        kind = question.record.get("type")
        taker = self._takers.get(kind)
        if taker is None:
            key = NOT_TAKEN.get(kind, "unknown_type")
            self._draft.refuse(question.where, f"type {kind}", key)
            return False
        return self._is_readable(question) and taker(question)

    def _is_readable(self, question: Question) -> bool:
        texts = [self._said(question.record.said("question"))]
        texts += [self._said(part.said("question")) for part in question.parts]
        inserts = next((one.inserts for own in texts for one in own.values() if one.inserts), "")
        if inserts:
            self._draft.refuse(question.where, inserts, "placeholder")
        elif not any(one.text for own in texts for one in own.values()):
            self._draft.refuse(question.where, "question", "empty")
        else:
            return True
        return False

    def _list(self, question: Question) -> bool:
        answers = self._format(question, "0")
        if not answers:
            return False
        self._item(question, answers)
        if question.record.get("other") == "Y":
            self._draft.refuse(question.where, "other", "other_answer")
        if question.record.get("type") == "O":
            self._draft.refuse(question.where, "comment", "comment")
        return True

    def _array(self, question: Question) -> bool:
        answers = self._format(question, "0")
        return bool(answers) and self._rows(question, answers)

    def _dual(self, question: Question) -> bool:
        """Take an array with two scales: two items a row, as in the columns of its answers."""
        formats = [self._format(question, scale) for scale in ("0", "1")]
        if not all(formats):
            return False
        for part in self._parts(question, question.rows()):
            for number, answers in enumerate(formats):
                head = question.said.get(("dualscale_headerA", "dualscale_headerB")[number], {})
                texts = [question.record.said("question"), part.said("question"), head]
                name = f"{question.where}_{part.get('title')}_{number}"
                self._take(question, answers, name, texts)
        return bool(question.rows())

    def _points(self, question: Question) -> bool:
        n_points = POINTS[question.record.get("type")]
        answers = self._draft.format(f"points_{n_points}", self._answers.points(n_points))
        if question.record.get("type") == "5":
            self._item(question, answers)
            return True
        return self._rows(question, answers)

    def _changes(self, question: Question) -> bool:
        return self._rows(question, self._draft.format("change", self._answers.less_to_more()))

    def _yes_no(self, question: Question) -> bool:
        self._item(question, self._draft.yes_no(question.where))
        return True

    def _options(self, question: Question) -> bool:
        taken = self._rows(question, self._draft.yes_no(question.where))
        if taken and question.record.get("other") == "Y":
            self._draft.refuse(question.where, "other", "other_answer")
        if taken and question.record.get("type") == "P":
            self._draft.refuse(question.where, "comment", "comment")
        return taken

    def _number(self, question: Question) -> bool:
        limits = ("min_num_value_n", "max_num_value_n")
        low, high = (question.attributes.get(name, "") for name in limits)
        answers = self._range(question, low, high)
        if not answers:
            return False
        if question.record.get("type") == "K":
            return self._rows(question, answers)
        self._item(question, answers)
        return True

    def _numbers(self, question: Question) -> bool:
        """Take a table of numbers: one item for each field."""
        low, high, step = (
            question.attributes.get(f"multiflexible_{name}", "") for name in ("min", "max", "step")
        )
        if question.attributes.get("multiflexible_checkbox") == "1":
            answers = self._draft.yes_no(question.where)
        else:
            answers = "" if step not in {"", "1"} else self._range(question, low or "1", high)
            if step not in {"", "1"}:
                self._draft.refuse(question.where, f"multiflexible_step: {step}", "number")
        if not answers:
            return False
        for part in self._parts(question, question.rows()):
            for column in self._parts(question, question.columns()):
                texts = [one.said("question") for one in (question.record, part, column)]
                name = f"{question.where}_{part.get('title')}_{column.get('title')}"
                self._take(question, answers, name, texts)
        return bool(question.rows() and question.columns())

    def _text(self, question: Question) -> bool:
        texts = {
            code: one.text for code, one in self._said(question.record.said("question")).items()
        }
        self._draft.open_question(question.where, question.where, texts)
        return True

    def _format(self, question: Question, scale: str) -> str:
        values: Values
        values, problem = self._answers.values(question.qid, scale)
        if problem:
            names = self._answers.names(question.qid, scale)
            self._draft.refuse(question.where, names or "answers", problem)
            return ""
        return self._draft.format(f"answers_{question.where}", values)

    def _range(self, question: Question, low: str, high: str) -> str:
        if _WHOLE.fullmatch(low) and _WHOLE.fullmatch(high):
            first, last = int(low), int(high)
            if first < last and last - first < MAX_VALUES:
                return self._draft.number(f"number_{question.where}", first, last)
        self._draft.refuse(question.where, f"{low or '?'} - {high or '?'}", "number")
        return ""

    def _parts(self, question: Question, parts: list[Record]) -> list[Record]:
        """Return the rows or columns of a question, and say so when there are none."""
        if not parts:
            self._draft.refuse(question.where, "subquestions", "empty")
        return parts

    def _rows(self, question: Question, answers: str) -> bool:
        for part in self._parts(question, question.rows()):
            texts = [question.record.said("question"), part.said("question")]
            self._take(question, answers, f"{question.where}_{part.get('title')}", texts)
        return bool(question.rows())

    def _item(self, question: Question, answers: str) -> None:
        self._take(question, answers, question.where, [question.record.said("question")])

    def _take(
        self, question: Question, answers: str, name: str, texts: Sequence[Mapping[str, str]]
    ) -> None:
        """Take one item; its text is that of the question and of what stands in the table."""
        read = [self._said(own) for own in texts]
        needed = min(len(read), 2) - 1
        whole = {
            code: " – ".join(filter(None, (own[code].text for own in read)))
            for code in read[0]
            if read[needed][code].text
        }
        self._draft.item(
            question.where,
            name,
            question.scale,
            answers,
            whole,
            not_applicable=question.has_condition,
        )
