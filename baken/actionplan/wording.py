"""What people write in plans: how much of it, and that it is there at all."""

import re
from collections.abc import Iterable
from typing import Final

from baken.actionplan.errors import Invalid

TITLE_LENGTH: Final = 200
TEXT_LENGTH: Final = 20_000
_PLAIN_SPACE: Final = re.compile(r"[ \t\r\n]+")  # spaces that hold a sign to its word stay


def check_title(title: str) -> str:
    """Return the title without outer spaces; refuse an empty or endless one."""
    clean = check_text(title)
    if not clean:
        raise Invalid("actionplan.title_missing", "Give it a title: one sentence people recognise.")
    if len(clean) > TITLE_LENGTH:
        raise Invalid(
            "actionplan.title_too_long",
            "The title has {n} characters; at most {most} fit.",
            n=len(clean),
            most=TITLE_LENGTH,
        )
    return clean


def check_text(text: str) -> str:
    """Return the text without outer spaces; refuse what no database keeps."""
    clean = text.strip()
    if len(clean) > TEXT_LENGTH:
        raise Invalid(
            "actionplan.text_too_long",
            "A text has {n} characters; at most {most} fit. Nothing was saved yet.",
            n=len(clean),
            most=TEXT_LENGTH,
        )
    if "\0" in clean:
        raise Invalid(
            "actionplan.text_unreadable",
            "A text holds a character that cannot be kept. Type it again instead of pasting it.",
        )
    return clean


def check_lines(lines: Iterable[str]) -> list[str]:
    """Return the lines that say something."""
    return [clean for clean in map(check_text, lines) if clean]


def shortened(text: str, longest: int) -> str:
    """Return the text in one line, cut after a whole word where it is too long."""
    line = _PLAIN_SPACE.sub(" ", text.strip())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0] + "\N{NO-BREAK SPACE}…"
