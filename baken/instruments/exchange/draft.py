"""A questionnaire in the making, filled question by question by the reader of a file."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from baken.instruments.building import ANY_KEY, KEY
from baken.instruments.checking import RESERVED
from baken.instruments.definition import MAX_VALUES
from baken.instruments.exchange.imported import UNSET, Imported, Refusal, UnreadableForm
from baken.instruments.exchange.words import word
from baken.instruments.wording import MAX_SHORT

Texts = Mapping[str, str]
"""Language to text."""

MAX_COMMENT: Final = 2000

MAX_QUESTIONS: Final = 1000
"""Nobody is asked more; beyond it the file is something else."""

NOBODY_SAID: Final = "To be written: what others may do with these texts, and who says so."
"""The licence of what comes from another program; `origins` says it in other languages."""

NO: Final = 0
YES: Final = 1


class Draft:
    """Takes what can be taken; everything else is refused with a place and a reason."""

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = tuple(languages)
        self.refused: list[Refusal] = []
        self._formats: dict[str, dict[str, Any]] = {}
        self._labels: dict[str, dict[str, dict[str, str]]] = {}
        self._scales: dict[str, dict[str, Any]] = {}
        self._names: dict[str, Texts] = {}
        self._items: dict[str, dict[str, Any]] = {}
        self._open: dict[str, int] = {}
        self._texts: dict[str, Texts] = {}
        self._open_texts: dict[str, Texts] = {}
        self._taken_scales: set[str] = set()
        self._taken_codes: set[str] = set()

    def refuse(self, where: str, what: str, key: str) -> None:
        """Note one thing that was not taken."""
        self.refused.append(Refusal(where, " ".join(what.split())[:200], key))

    def format(self, name: str, values: Mapping[int, Texts]) -> str:
        """Return the key of an answer format with a label for every value."""
        labels = {
            language: {
                str(value): values[value][language]
                for value in sorted(values)
                if values[value].get(language)
            }
            for language in self.languages
        }
        content = {"low": min(values), "high": max(values)}
        return self._format(name, content, labels)

    def number(self, name: str, low: int, high: int) -> str:
        """Return the key of a format in which a number is written."""
        return self._format(name, {"low": low, "high": high, "numeric": True}, {})

    def yes_no(self, where: str) -> str:
        """Return the format 0 = no, 1 = yes, in the words of each language."""
        values = {
            value: {language: word(language, name) for language in self.languages}
            for value, name in ((NO, "no"), (YES, "yes"))
        }
        for language in self.languages:
            if not word(language, "yes") and "yes_no" not in self._formats:
                self.refuse(where, f"0, 1 ({language})", "labels")
        return self.format("yes_no", values)

    def _format(self, name: str, content: dict[str, Any], labels: dict[str, dict[str, str]]) -> str:
        wanted = _as_key(name) or "answers"
        key, number = wanted, 1
        while key in self._formats and (self._formats[key], self._labels[key]) != (content, labels):
            number += 1
            key = f"{wanted}_{number}"
        self._formats[key], self._labels[key] = content, labels
        return key

    def scale(self, name: str, titles: Texts) -> str:
        """Begin a scale; one without questions is left out of the result."""
        key = _free(_as_key(name) or "scale", self._taken_scales)
        self._scales[key] = {"dimension": UNSET, "high_is": "risk", "items": []}
        self._names[key] = {language: titles.get(language) or name for language in self.languages}
        return key

    def item(
        self,
        where: str,
        name: str,
        scale: str,
        answer_format: str,
        texts: Texts,
        *,
        not_applicable: bool = False,
    ) -> None:
        """Take one question of a scale."""
        code = self._code(where, name)
        written: dict[str, Any] = {"code": code, "format": answer_format}
        if not_applicable:
            written["not_applicable"] = True
        self._items[code] = written
        self._scales[scale]["items"].append(code)
        self._texts[code] = texts

    def open_question(self, where: str, name: str, texts: Texts) -> None:
        """Take one question that is answered in one's own words."""
        # Somebody's own words may say who they are: whoever brings the question has to know it.
        said = next((texts[one] for one in self.languages if texts.get(one)), name)
        self.refuse(where, said, "open_text")
        key = self._code(where, name)
        self._open[key] = MAX_COMMENT
        self._open_texts[key] = texts

    def _code(self, where: str, name: str) -> str:
        if len(self._items) + len(self._open) >= MAX_QUESTIONS:
            raise UnreadableForm(
                "instruments.form_large",
                "The file has more than {limit} questions. Nothing was changed. Split it.",
                limit=MAX_QUESTIONS,
            )
        code = _as_key(name) or "question"
        if RESERVED.fullmatch(code):
            code = f"{code}_q"
        code = _free(code, self._taken_codes)
        if code != name:
            self.refuse(where, f"{name} → {code}", "renamed")
        return code

    def finish(self, key: str, version: str, titles: Texts, source: str) -> Imported:
        """Return the draft: scales that got no question are left out."""
        scales = {name: scale for name, scale in self._scales.items() if scale["items"]}
        used = {item["format"] for item in self._items.values()}
        definition: dict[str, Any] = {
            "key": _slug(key),
            "version": _version(version),
            "kind": "questionnaire",
            "languages": list(self.languages),
            "dimensions": [],
            "source": source,
            "licence": NOBODY_SAID,
            "formats": {name: one for name, one in self._formats.items() if name in used},
            "scales": {name: {**scale, "source": source} for name, scale in scales.items()},
            "items": list(self._items.values()),
        }
        if self._open:
            definition["open_questions"] = [
                {"key": name, "max_bytes": size} for name, size in self._open.items()
            ]
        texts = {
            language: self._written(language, titles.get(language) or key, list(scales), used)
            for language in self.languages
        }
        return Imported(definition, texts, tuple(self.refused), tuple(scales))

    def _written(
        self, language: str, title: str, scales: list[str], used: set[str]
    ) -> dict[str, Any]:
        names = {scale: self._names[scale][language] for scale in scales}
        written: dict[str, Any] = {
            "language": language,
            "title": title,
            "dimensions": {},
            "dimension_headings": {},
            "scales": names,
            "short_scales": _heads(names),
            "scale_notes": {},
            "options": {
                name: labels.get(language, {})
                for name, labels in self._labels.items()
                if name in used
            },
            "items": _said(self._texts, language),
        }
        if self._open:
            written["open_questions"] = _said(self._open_texts, language)
        return written


def consecutive(values: Iterable[int]) -> bool:
    """Whether whole numbers follow each other, in whatever order they stand."""
    found = sorted(values)
    return found == list(range(found[0], found[0] + len(found)))


def answers_problem(values: list[int]) -> str:
    """Return why these numbers make no answer format, or ""."""
    if len(values) < 2:
        return "choices_few"
    if len(values) > MAX_VALUES:
        return "choices_many"
    return "" if consecutive(values) else "choices_gaps"


def _said(texts: Mapping[str, Texts], language: str) -> dict[str, str]:
    return {key: own[language] for key, own in texts.items() if own.get(language)}


def _short(name: str) -> str:
    """Cut a name to the head of a narrow column, between words if that leaves something."""
    if len(name) <= MAX_SHORT:
        return name
    cut = name[: MAX_SHORT + 1].rpartition(" ")[0].rstrip(" ,;:-")
    return cut or name[: MAX_SHORT - 1] + "."


def _heads(names: Texts) -> dict[str, str]:
    """Return the heads of columns, no two alike: a number tells those that were cut apart."""
    heads: dict[str, str] = {}
    taken: set[str] = set()
    for scale, name in names.items():
        head, number = _short(name), 1
        while head.lower() in taken:
            number += 1
            head = f"{_short(name)[: MAX_SHORT - len(str(number)) - 1].rstrip()} {number}"
        taken.add(head.lower())
        heads[scale] = head
    return heads


def _as_key(name: str) -> str:
    """Return a name of letters, digits, - and _ that begins with a letter, or ""."""
    key = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_-")
    if key and not key[0].isalpha():
        key = f"q{key}"
    return key if re.fullmatch(ANY_KEY[0], key) else ""


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    if slug and not slug[0].isalpha():
        slug = f"q-{slug}"
    return slug if re.fullmatch(KEY[0], slug) else "imported"


def _version(written: str) -> str:
    cleaned = re.sub(r"[^0-9A-Za-z._-]+", "-", written).strip("._-")[:40]
    return cleaned or "1"


def _free(name: str, taken: set[str]) -> str:
    """Return a name that is free however capitals are counted, and take it."""
    free, number = name, 1
    while free.lower() in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free.lower())
    return free
