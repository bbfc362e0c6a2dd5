"""XLSForm: the workbook that KoboToolbox, ODK, ONA and pyxform read and write.

Questions with numbered answers become items, innermost groups become scales, text fields become
open questions; the rest is refused row by row. A workbook that Baken wrote itself holds a sheet
`baken` with what XLSForm has no place for, and comes back as it was.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from baken.instruments.exchange.draft import Draft
from baken.instruments.exchange.imported import Imported, Sheets
from baken.instruments.exchange.markup import Plain, plain
from baken.instruments.exchange.words import word
from baken.instruments.exchange.xlsform_choices import Lists, number_range
from baken.instruments.exchange.xlsform_own import OWN, read_own
from baken.instruments.exchange.xlsform_sheets import (
    Row,
    Sheet,
    check_survey,
    languages_of,
    read_sheet,
)
from baken.instruments.exchange.xlsform_types import ASIDE, KNOWN, NOT_TAKEN, USED

SOURCE: Final = "Imported from an XLSForm."

_SELECT: Final = re.compile(
    r"(?P<kind>select[_ ]?one|select1|select[_ ]multiple|select all that apply)(?: from)?"
    r" (?P<list>\S+)(?P<other>(?: or[_ ]other| or specify other)?)",
    re.IGNORECASE,
)
_BEGIN: Final = re.compile(r"begin[_ ](group|repeat|score)", re.IGNORECASE)
_END: Final = re.compile(r"end[_ ](group|repeat|score)", re.IGNORECASE)
_FALSE: Final = frozenset({"", "no", "false", "false()", "0"})


def read_xlsform(sheets: Sheets, language: str = "en") -> Imported:
    """Return the draft of an XLSForm.

    Parameters
    ----------
    sheets : mapping
        Name of a sheet to its rows of texts, opened by `baken.storage.workbooks`.
    language : str
        Of texts whose column names no language, when the form has no default one.

    Raises
    ------
    UnreadableForm
        It is a workbook, but no form.
    """
    survey = read_sheet(sheets, "survey")
    check_survey(survey)
    settings = read_sheet(sheets, "settings")
    if any(name.strip().lower() == OWN for name in sheets):
        return read_own(survey, sheets)
    return _Reader(survey, read_sheet(sheets, "choices"), settings, language).read(sheets)


@dataclass(slots=True)
class _Group:
    """A group of questions that is open at this row."""

    row: Row
    kind: str
    texts: Mapping[str, str]
    has_condition: bool
    scale: str = ""
    holds_groups: bool = False
    score_list: str = ""


@dataclass(slots=True)
class _Question:
    """One row that asks something, with its texts made plain."""

    row: Row
    where: str
    texts: Mapping[str, str]
    has_condition: bool = False
    seen: set[str] = field(default_factory=set)


class _Reader:
    def __init__(self, survey: Sheet, choices: Sheet, settings: Sheet, language: str) -> None:
        self.survey = survey
        self.settings = settings.rows[0] if settings.rows else Row(0, {}, {})
        default = self.settings.get("default_language")
        self.names, self.unknown = languages_of((survey, choices), default, language)
        self.draft = Draft(self.names.values() or (language,))
        self.lists = Lists(choices, self.names)
        self.groups: list[_Group] = []
        self.n_required = 0
        self.rest = ""

    def read(self, sheets: Sheets) -> Imported:
        """Walk over all rows; what the file says about itself comes last."""
        self._note_sheets(sheets)
        for row in self.survey.rows:
            self._row(row)
        while self.groups:
            self._close("end of the sheet")
        if self.n_required:
            self.draft.refuse("survey", f"required: {self.n_required}", "required")
        title = self.settings.get("title")
        return self.draft.finish(
            self.settings.get("id") or title or "imported",
            self.settings.get("version"),
            dict.fromkeys(self.draft.languages, title),
            SOURCE,
        )

    def _note_sheets(self, sheets: Sheets) -> None:
        for name, rows in sheets.items():
            if name.strip().lower() in KNOWN and rows:
                self.draft.refuse(name, f"{len(rows)}", "sheet")
        for name, key in self.unknown.items():
            self.draft.refuse("survey", f"label::{name}", key)
        for column in self.survey.columns:
            # Columns of a program's own begin with a sign: $kuid, _isRepeat.
            if column.head[:1].isalpha() and column.field not in USED:
                self.draft.refuse("survey", column.head, "column")

    def _row(self, row: Row) -> None:
        kind = " ".join(row.get("type").split())
        where = f"survey {row.number} · {row.get('name')}".rstrip(" ·")
        begin, end = _BEGIN.fullmatch(kind), _END.fullmatch(kind)
        if not kind:
            self.draft.refuse(where, " ".join(row.texts.get("label", {}).values()), "no_type")
        elif begin:
            self._open(row, where, begin[1].lower())
        elif end:
            self._close(where, end[1].lower())
        elif any(group.kind == "repeat" for group in self.groups):
            self.draft.refuse(where, kind, "repeat")
        else:
            self._question(row, where, kind)

    def _open(self, row: Row, where: str, kind: str) -> None:
        for outer in self.groups[-1:]:
            outer.holds_groups = True
        texts = {language: one.text for language, one in self._plain(row).items()}
        has_condition = bool(row.get("relevant")) or any(one.has_condition for one in self.groups)
        if row.get("relevant"):
            self.draft.refuse(where, f"relevant: {row.get('relevant')}", "condition")
        if kind == "repeat":
            self.draft.refuse(where, "begin_repeat", "repeat")
        listed = row.get("kobo--score-choices")
        self.groups.append(_Group(row, kind, texts, has_condition, score_list=listed))

    def _close(self, where: str, kind: str = "") -> None:
        if not self.groups or kind not in {"", self.groups[-1].kind}:
            self.draft.refuse(where, f"end_{kind}", "structure")
            return
        group = self.groups.pop()
        name = f"survey {group.row.number} · {group.row.get('name')}"
        if not kind:
            self.draft.refuse(name, f"begin_{group.kind}", "structure")
        if group.holds_groups and not group.scale and any(group.texts.values()):
            self.draft.refuse(name, next(filter(None, group.texts.values())), "heading")

    def _question(self, row: Row, where: str, kind: str) -> None:
        lowered = kind.lower()
        select = _SELECT.fullmatch(kind)
        taker: Callable[[_Question], bool]
        if select:
            taker = lambda asked: self._select(asked, select)  # noqa: E731 - one of four
        elif lowered == "score__row":
            taker = self._score_row
        elif lowered in {"integer", "int", "range"}:
            taker = self._number
        elif lowered in {"text", "string"}:
            taker = self._text
        else:
            self.draft.refuse(where, kind, NOT_TAKEN.get(lowered.split(" ")[0], "unknown_type"))
            return
        read = self._plain(row)
        if self._is_readable(where, read):
            asked = _Question(row, where, {language: one.text for language, one in read.items()})
            asked.has_condition = bool(row.get("relevant")) or any(
                group.has_condition for group in self.groups
            )
            if taker(asked):
                self._note_aside(asked, read)

    def _plain(self, row: Row) -> dict[str, Plain]:
        labels = row.texts.get("label", {})
        return {code: plain(labels.get(name, "")) for name, code in self.names.items()}

    def _is_readable(self, where: str, read: Mapping[str, Plain]) -> bool:
        inserts = next((one.inserts for one in read.values() if one.inserts), "")
        if inserts:
            self.draft.refuse(where, inserts, "placeholder")
        elif not any(one.text for one in read.values()):
            self.draft.refuse(where, "label", "empty")
        else:
            return True
        return False

    def _note_aside(self, asked: _Question, read: Mapping[str, Plain]) -> None:
        """Note what stands beside a question that was taken."""
        row, where = asked.row, asked.where
        if row.get("relevant"):
            self.draft.refuse(where, f"relevant: {row.get('relevant')}", "condition")
        media = ", ".join(dict.fromkeys(filter(None, (one.media for one in read.values()))))
        if media:
            self.draft.refuse(where, media, "media")
        if any(one.has_script for one in read.values()):
            self.draft.refuse(where, "script", "script")
        for column, key in ASIDE.items():
            found = row.get(column) or next(filter(None, row.texts.get(column, {}).values()), "")
            if found and column not in asked.seen:
                self.draft.refuse(where, f"{column}: {found}", key)
        if "randomize" in row.get("parameters"):
            self.draft.refuse(where, f"parameters: {row.get('parameters')}", "order")
        self.n_required += row.get("required").lower() not in _FALSE

    def _select(self, asked: _Question, select: re.Match[str]) -> bool:
        row = asked.row
        if row.get("appearance").split(" ")[0] == "label":
            self.draft.refuse(asked.where, "appearance: label", "note")
            return False
        if row.get("choice_filter"):
            self.draft.refuse(
                asked.where, f"choice_filter: {row.get('choice_filter')}", "cascading"
            )
            return False
        many = select["kind"].lower().replace("_", " ") in {
            "select multiple",
            "select all that apply",
        }
        taken = self._options(asked, select["list"]) if many else self._one(asked, select["list"])
        if taken and select["other"]:
            self.draft.refuse(asked.where, select["other"].strip(), "other_answer")
        return taken

    def _score_row(self, asked: _Question) -> bool:
        """Take one row of a rating matrix: its question stands above the rows."""
        matrix = next((one for one in self.groups[::-1] if one.score_list), None)
        if matrix is None:
            self.draft.refuse(asked.where, "score__row", "choices_missing")
            return False
        texts = {
            language: " – ".join(filter(None, (matrix.texts.get(language, ""), text)))
            for language, text in asked.texts.items()
        }
        return self._one(replace(asked, texts=texts), matrix.score_list)

    def _one(self, asked: _Question, name: str) -> bool:
        values, problem = self.lists.values(name)
        if problem:
            self.draft.refuse(asked.where, f"{name}: {self.lists.names(name)}", problem)
            return False
        self._item(asked, asked.row.get("name"), self.draft.format(name, values), asked.texts)
        return True

    def _options(self, asked: _Question, name: str) -> bool:
        options = self.lists.options(name)
        if not options:
            self.draft.refuse(asked.where, name, "choices_missing")
            return False
        answers = self.draft.yes_no(asked.where)
        for option, labels in options.items():
            texts = {
                language: f"{text} – {labels[language]}" if labels.get(language) else ""
                for language, text in asked.texts.items()
            }
            self._item(asked, f"{asked.row.get('name')}_{option}", answers, texts)
        return True

    def _number(self, asked: _Question) -> bool:
        found = number_range(asked.row.get("constraint"), asked.row.get("parameters"))
        if found is None:
            what = asked.row.get("constraint") or asked.row.get("parameters") or "integer"
            self.draft.refuse(asked.where, what, "number")
            return False
        asked.seen.add("constraint")
        name = asked.row.get("name")
        self._item(asked, name, self.draft.number(name, *found), asked.texts)
        return True

    def _text(self, asked: _Question) -> bool:
        self.draft.open_question(asked.where, asked.row.get("name"), asked.texts)
        return True

    def _item(self, asked: _Question, name: str, answers: str, texts: Mapping[str, str]) -> None:
        self.draft.item(
            asked.where, name, self._scale(), answers, texts, not_applicable=asked.has_condition
        )

    def _scale(self) -> str:
        """Return the scale of the group that is open; questions in no group share one."""
        if not self.groups:
            self.rest = self.rest or self.draft.scale(
                "questions", {one: word(one, "questions") for one in self.draft.languages}
            )
            return self.rest
        group = self.groups[-1]
        group.scale = group.scale or self.draft.scale(group.row.get("name"), group.texts)
        return group.scale
