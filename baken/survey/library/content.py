"""What a version holds: the tables of its definition and its texts, as files would say them.

All that could be asked stands in it; `left_out` names what is not asked. So a scale is taken back
in as easily as it was left out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Definition = dict[str, Any]
Texts = dict[str, dict[str, Any]]

NESTED = ("options", "bands")
"""Sections of texts with one table more: a label has an answer format or a question above it."""


@dataclass(frozen=True, slots=True)
class Content:
    """A questionnaire as parsed files: one table, and one table of texts for every language."""

    definition: Definition
    texts: Texts

    def as_text(self) -> str:
        """Return it as it is stored; the order of tables is kept."""
        written = {"definition": self.definition, "texts": self.texts}
        return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def content_from(text: str) -> Content:
    """Return what `as_text` wrote; every call returns tables of its own, free to change."""
    written = json.loads(text)
    return Content(written["definition"], written["texts"])


def flat(texts: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a language by path: "items.P1", "options.often.1", "title"."""
    found: dict[str, str] = {}
    for section, value in texts.items():
        if section == "language":
            continue
        if isinstance(value, str):
            found[section] = value
            continue
        for key, inner in value.items():
            if isinstance(inner, str):
                found[f"{section}.{key}"] = inner
            else:
                found |= {f"{section}.{key}.{last}": label for last, label in inner.items()}
    return found


def nested(language: str, by_path: Mapping[str, str]) -> dict[str, Any]:
    """Return the table of texts that `flat` came from; texts that say nothing are left away."""
    texts: dict[str, Any] = {"language": language, "title": ""}
    for section in ("dimensions", "dimension_headings", "scales", "short_scales", "scale_notes"):
        texts[section] = {}
    texts |= {"items": {}, "options": {}}
    for path, text in by_path.items():
        if text.strip():
            _put(texts, path, text)
    return texts


def _put(texts: dict[str, Any], path: str, text: str) -> None:
    section, _, key = path.partition(".")
    if not key:
        texts[section] = text
    elif section in NESTED:
        # only the last part may hold a dot: it is the name of a band
        upper, _, last = key.partition(".")
        texts.setdefault(section, {}).setdefault(upper, {})[last] = text
    else:
        texts.setdefault(section, {})[key] = text
