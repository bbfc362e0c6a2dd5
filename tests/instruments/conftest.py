"""A small valid instrument of two scales in two languages, to be broken by each test."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from baken.instruments.definition import Instrument
from baken.instruments.errors import InvalidInstrument
from baken.instruments.reading import read_instrument

DEFINITION = """\
key = "small"
version = "1"
kind = "questionnaire"
languages = ["nl", "fr"]
dimensions = ["A2", "O"]
source = "Own."
licence = "Own."

[formats.often]
low = 1
high = 3

[scales.pace]
dimension = "A2"
high_is = "risk"
items = ["P1", "P2", "P3"]
reversed = ["P3"]
cutoff = { operator = ">=", value = 62.5, source = "Own." }
min_group = 15
source = "Own."

[scales.joy]
dimension = "O"
high_is = "resource"
items = ["J1"]
source = "Own."

[[items]]
code = "P1"
format = "often"
secondary = ["A1"]

[[items]]
code = "P2"
format = "often"
not_applicable = true

[[items]]
code = "P3"
format = "often"

[[items]]
code = "J1"
format = "often"

[[backgrounds]]
key = "pattern"
bands = ["day", "night"]

[[open_questions]]
key = "improve"
max_bytes = 500
"""

TEXTS = """\
language = "{language}"
title = "Small"

[dimensions]
A2 = "Content"
O = "Outcomes"

[dimension_headings]
A2 = "The content of your work"
O = "How you feel"

[scales]
pace = "Pace"
joy = "Joy"

[short_scales]
pace = "Pace"
joy = "Joy"

[scale_notes]
pace = "High is fast."
joy = "High is joy."

[options.often]
1 = "never"
2 = "sometimes"
3 = "always"

[items]
P1 = "I hurry."
P2 = "I run."
P3 = "I rest."
J1 = "I smile."

[backgrounds]
pattern = "When do you work?"

[bands.pattern]
day = "by day"
night = "by night"

[open_questions]
improve = "What would help?"
"""


@dataclass(frozen=True)
class Folder:
    path: Path

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        content = (self.path / file).read_text(encoding="utf-8")
        assert old in content
        (self.path / file).write_text(content.replace(old, new, 1), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        with (self.path / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def read(self) -> Instrument:
        return read_instrument(self.path)

    def problems(self) -> list[str]:
        """What is reported about the folder, as the reader of the message sees it."""
        with pytest.raises(InvalidInstrument) as caught:
            self.read()
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def small(tmp_path: Path) -> Folder:
    (tmp_path / "definition.toml").write_text(DEFINITION, encoding="utf-8")
    for language in ("nl", "fr"):
        text = TEXTS.replace("{language}", language)
        (tmp_path / f"{language}.toml").write_text(text, encoding="utf-8")
    return Folder(tmp_path)
