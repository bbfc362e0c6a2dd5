"""LimeSurvey: the structure of a survey (.lss) as versions 3, 5 and 6 write it.

Lists and arrays with numbered answers become items, groups become scales, text fields become open
questions; the rest is refused question by question.
"""

import re
from collections.abc import Mapping
from typing import Final

from baken.instruments.exchange.draft import Draft
from baken.instruments.exchange.imported import Imported
from baken.instruments.exchange.lss_answers import Answers
from baken.instruments.exchange.lss_document import Document, Record, read_document
from baken.instruments.exchange.lss_questions import Question, Questions
from baken.instruments.exchange.markup import Plain, plain
from baken.instruments.exchange.words import language_code

SOURCE: Final = "Imported from a LimeSurvey survey."

ATTRIBUTES: Final[Mapping[str, str]] = {
    "array_filter": "condition",
    "array_filter_exclude": "condition",
    "exclude_all_others": "constraint",
    "em_validation_q": "constraint",
    "em_validation_sq": "constraint",
    "max_answers": "constraint",
    "min_answers": "constraint",
    "random_order": "order",
    "subquestion_order": "order",
    "answer_order": "order",
    "random_group": "order",
    "prefix": "prefix",
    "suffix": "prefix",
    "time_limit": "constraint",
}
"""Attribute of a question to the reason why it is not taken; the others change how it looks."""

_SILENT: Final = frozenset({"", "0", "N", "normal"})


def read_lss(content: bytes) -> Imported:
    """Return the draft of a LimeSurvey survey.

    Raises
    ------
    UnreadableForm
        It is no such file, or a hostile one.
    """
    return _Reader(read_document(content)).read()


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.codes, twice = _codes(document.languages)
        self.draft = Draft(self.codes.values() or ("en",))
        for name in twice:
            self.draft.refuse("languages", name, "language_twice")
        self.attributes: dict[str, dict[str, dict[str, str]]] = {}
        for row in document.rows("question_attributes"):
            own = self.attributes.setdefault(row.get("qid", ""), {})
            said = own.setdefault(row.get("attribute", ""), {})
            said[row.get("language", "")] = row.get("value", "")
        self.conditions = {row.get("qid", "") for row in document.rows("conditions")}
        self.defaults = {
            row.get("qid", "")
            for table in ("defaultvalues", "defaultvalue_l10ns")
            for row in document.rows(table)
            if row.get("defaultvalue")
        }
        self.questions = Questions(self.draft, Answers(document, self.codes), self.said)
        self.n_mandatory = 0

    def read(self) -> Imported:
        """Walk over groups and their questions in the order in which they are asked."""
        document = self.document
        asked = document.records("questions", "qid", "question_l10ns")
        parts = document.records("subquestions", "qid", "question_l10ns")
        parts += [one for one in asked if one.get("parent_qid") not in {"", "0"}]
        parts_of = _ordered(parts, "parent_qid")
        asked = [one for one in asked if one.get("parent_qid") in {"", "0"}]
        questions_of = _ordered(asked, "gid")
        groups = document.records("groups", "gid", "group_l10ns")
        for group in sorted(groups, key=lambda one: _number(one.get("group_order"))):
            has_condition = self._note_group(group)
            scale = self.draft.scale(
                f"group_{group.get('gid')}", self._plain(group.said("group_name"))
            )
            for one in questions_of.get(group.get("gid"), []):
                mine = parts_of.get(one.get("qid"), [])
                self._question(one, mine, scale, has_condition=has_condition)
        self._note_survey()
        return self._finish()

    def _question(
        self, record: Record, parts: list[Record], scale: str, *, has_condition: bool
    ) -> None:
        qid, where = record.get("qid"), record.get("title")
        said = self.attributes.get(qid, {})
        attributes = {name: next(iter(values.values())) for name, values in said.items()}
        if attributes.get("hidden") == "1":
            self.draft.refuse(where, "hidden", "hidden")
            return
        relevance = record.get("relevance")
        depends = relevance not in {"", "1"} or qid in self.conditions
        depends |= any(attributes.get(name) for name in ("array_filter", "array_filter_exclude"))
        question = Question(
            record,
            parts,
            scale,
            attributes,
            said,
            has_condition=has_condition or depends,
        )
        if not self.questions.take(question):
            return
        if relevance not in {"", "1"} or qid in self.conditions:
            self.draft.refuse(where, f"relevance: {relevance}", "condition")
        self._note_aside(record, attributes)

    def _note_aside(self, record: Record, attributes: Mapping[str, str]) -> None:
        """Note what stands beside a question that was taken."""
        where = record.get("title")
        help_text = _first(record.said("help"))
        if help_text:
            self.draft.refuse(where, f"help: {help_text}", "hint")
        self._note_rich(where, [plain(text) for text in record.said("question").values()])
        if any(record.said("script").values()):
            self.draft.refuse(where, "script", "script")
        for name, key in ATTRIBUTES.items():
            if attributes.get(name, "") not in _SILENT:
                self.draft.refuse(where, f"{name}: {attributes[name]}", key)
        if record.get("preg"):
            self.draft.refuse(where, f"preg: {record.get('preg')}", "constraint")
        if record.get("qid") in self.defaults:
            self.draft.refuse(where, "defaultvalue", "default")
        self.n_mandatory += record.get("mandatory") in {"Y", "S"}

    def _note_rich(self, where: str, texts: list[Plain]) -> None:
        media = ", ".join(dict.fromkeys(filter(None, (one.media for one in texts))))
        if media:
            self.draft.refuse(where, media, "media")
        if any(one.has_script for one in texts):
            self.draft.refuse(where, "script", "script")

    def _note_group(self, group: Record) -> bool:
        """Note what a group has beside its questions; return whether it has a condition."""
        where = f"group {group.get('gid')}"
        description = _first(group.said("description"))
        if description:
            self.draft.refuse(where, description, "note")
        if group.get("randomization_group"):
            self.draft.refuse(where, group.get("randomization_group"), "order")
        relevance = group.get("grelevance")
        if relevance not in {"", "1"}:
            self.draft.refuse(where, f"relevance: {relevance}", "condition")
            return True
        return False

    def _note_survey(self) -> None:
        document = self.document
        for table, name, key in (
            ("quota", "name", "quota"),
            ("assessments", "name", "assessment"),
            ("survey_url_parameters", "parameter", "url"),
        ):
            for what in dict.fromkeys(row.get(name, "") for row in document.rows(table)):
                self.draft.refuse(table, what, key)
        if self.n_mandatory:
            self.draft.refuse("questions", f"mandatory: {self.n_mandatory}", "required")
        words = [
            name
            for name in ("surveyls_description", "surveyls_welcometext", "surveyls_endtext")
            if any(row.get(name) for row in document.rows("surveys_languagesettings"))
        ]
        if words:
            self.draft.refuse("surveys_languagesettings", ", ".join(words), "survey_text")

    def _finish(self) -> Imported:
        titles = {
            row.get("surveyls_language", ""): row.get("surveyls_title", "")
            for row in self.document.rows("surveys_languagesettings")
        }
        said = self._plain(titles)
        survey = next(iter(self.document.rows("surveys")), {})
        name = next(filter(None, said.values()), "") or survey.get("sid", "")
        return self.draft.finish(name, "1", said, SOURCE)

    def said(self, texts: Mapping[str, str]) -> dict[str, Plain]:
        """Return texts by code of language, made plain."""
        return {code: plain(texts.get(name, "")) for name, code in self.codes.items()}

    def _plain(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {code: one.text for code, one in self.said(texts).items()}


def _codes(names: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """Return which language of the file stands for which code; of two variants the plain one."""
    codes: dict[str, str] = {}
    plain_first = sorted(names, key=lambda name: language_code(name) != name)
    for name in plain_first:
        code = language_code(name)
        if code and code not in codes.values():
            codes[name] = code
    ordered = {name: codes[name] for name in names if name in codes}
    return ordered, [name for name in names if name not in codes]


def _ordered(records: list[Record], key: str) -> dict[str, list[Record]]:
    """Return records by what they belong to, in the order in which they are asked."""
    found: dict[str, list[Record]] = {}
    for one in sorted(records, key=lambda one: _number(one.get("question_order"))):
        found.setdefault(one.get(key), []).append(one)
    return found


def _first(texts: Mapping[str, str]) -> str:
    """Return the first text that says something, made plain."""
    return next(filter(None, (plain(text).text for text in texts.values())), "")


def _number(written: str) -> int:
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0
