"""The story of the demonstration: whole in each of its languages."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baken.web.demo import stories

FOLDER = Path(stories.__file__).parent / "story"
# What is said in four languages in its own file, and what is the same in all.
_ELSEWHERE = {"charter", "questionnaire"}
_SAME = {"wilg lantaarn kanaal zes", "Soraya Dierckx"}
_NAME = re.compile(r"(?:[A-ZÉ][\wé]*)(?: [A-ZÉ][\wé]*)*|[\d ]+")


def _sentences(told: Any) -> Iterator[str]:
    """Texts of more than one word that are no name and no number."""
    if isinstance(told, dict):
        for key, each in told.items():
            if key not in (*stories.LANGUAGES, "en", "de"):
                yield from _sentences(each)
    elif isinstance(told, list):
        for each in told:
            yield from _sentences(each)
    elif isinstance(told, str) and " " in told and not _NAME.fullmatch(told):
        yield told


def _files() -> list[Path]:
    return [one for one in sorted(FOLDER.glob("*.toml")) if not one.stem.startswith("words_")]


def test_every_text_of_the_story_is_told_in_french_too() -> None:
    words = tomllib.loads((FOLDER / "words_fr.toml").read_text("utf-8"))["words"]
    lacking = [
        f"{path.stem}: {text}"
        for path in _files()
        if path.stem not in _ELSEWHERE
        for text in _sentences(tomllib.loads(path.read_text("utf-8")))
        if text not in words and text not in _SAME
    ]
    assert lacking == []


def test_the_french_story_keeps_numbers_days_and_keys() -> None:
    with stories.told_in("fr"):
        french = stories.read_story("plans")
    dutch = stories.read_story("plans")
    assert french["objectives"][0]["statement"] != dutch["objectives"][0]["statement"]
    for name in ("key", "findings"):
        assert [one[name] for one in french["objectives"]] == [
            one[name] for one in dutch["objectives"]
        ]
    assert [one["starts"] for one in french["measures"]] == [
        one["starts"] for one in dutch["measures"]
    ]


@pytest.mark.parametrize("sign", [";", "!", "?"])
def test_no_sign_of_the_french_story_begins_a_line(sign: str) -> None:
    words = tomllib.loads((FOLDER / "words_fr.toml").read_text("utf-8"))["words"]
    assert [
        one
        for one in words.values()
        if f" {sign}" in one or re.search(rf"\w{re.escape(sign)}", one)
    ] == []
