"""Every sentence of refusal that a screen can show exists in every language of the screens."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import baken
from baken.web.texts import LANGUAGES, catalogue, placeholders

ROOT = Path(baken.__file__).parent
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")

# Said on the command line alone, which speaks English; a name with a dot is one key, otherwise a
# whole area.
COMMAND_LINE = {
    "commands": "files and accounts named in a command",
    "demo": "the folder and the port of `baken demo`",
    "disclosure": "trees and thresholds of a file; screens refuse earlier, in their own words",
    "keys.damaged_store": "the key folder is looked at before a server or command starts",
    "keys.damaged_master": "the key folder is looked at before a server or command starts",
    "keys.exists": "`baken init` on a folder that is in use",
    "keys.missing": "the key folder is looked at before a server or command starts",
    "keys.unsafe": "the key folder is looked at before a server or command starts",
    "serve": "the port of `baken serve`",
    "settings": "settings are checked before a server starts",
}

# Left out of the sentence of a screen on purpose: the value is an English word of the code.
WITHOUT = {
    "actionplan.indicator_wrong_way": {"better"},
    "actionplan.not_adopted": {"state"},
    "actionplan.plan_state_impossible": {"before", "after"},
    "actionplan.status_impossible": {"before", "after"},
    "storage.backup_differs": {"tables"},
    "survey.codes_not_running": {"state"},
    "survey.counts_disagree": {"unit"},
    "survey.invalid_transition": {"state", "to"},
}


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def literal(arguments: list[ast.expr], place: int) -> str:
    node = arguments[place] if place < len(arguments) else None
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else ""


@dataclass(frozen=True)
class Call:
    """A call with the texts of its first two arguments, as far as they are written out."""

    of: str
    key: str
    sentence: str
    where: str


@dataclass(frozen=True)
class Kind:
    """A class, what it descends from, and whether it has words of its own."""

    name: str
    bases: frozenset[str]
    has_words: bool


@cache
def read_code() -> tuple[list[Call], list[Kind]]:
    """Every call and class of the house, read once."""
    calls, kinds = [], []
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                key, sentence = literal(node.args, 0), literal(node.args, 1)
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                calls.append(Call(name_of(node.func), key, sentence, where))
            if isinstance(node, ast.ClassDef):
                words = [n for n in node.body if isinstance(n, ast.FunctionDef)]
                has_words = any(n.name == "__init__" for n in words)
                kinds.append(Kind(node.name, frozenset(map(name_of, node.bases)), has_words))
    return calls, kinds


def raised() -> list[Call]:
    """Every call with the key of a text and an English sentence."""
    return [one for one in read_code()[0] if KEY.fullmatch(one.key) and " " in one.sentence]


def error_classes() -> dict[str, Kind]:
    """Everything that descends from the two roots of readable errors."""
    found: dict[str, Kind] = {}
    while True:
        known = {"BakenError", "DisclosureError", *found}
        more = {
            one.name: one for one in read_code()[1] if one.name not in found and one.bases & known
        }
        if not more:
            return found
        found |= more


def is_on_screen(key: str) -> bool:
    return key not in COMMAND_LINE and key.partition(".")[0] not in COMMAND_LINE


def test_errors_are_found() -> None:
    assert len(raised()) > 150
    assert {"survey.not_stored", "organisation.denied"} <= {one.key for one in raised()}


def test_every_error_is_raised_with_a_key_and_a_sentence_that_can_be_found() -> None:
    errors = {name for name, one in error_classes().items() if not one.has_words}
    assert len(errors) > 30
    calls = [one for one in read_code()[0] if one.of in errors]
    assert [one.where for one in calls if not (one.key and one.sentence)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_a_screen_is_said_in_every_language(language: str) -> None:
    said = catalogue(language)
    missing = {
        one.key: one.where
        for one in raised()
        if is_on_screen(one.key) and not said.has(f"errors.{one.key}")
    }
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_values_of_the_sentence(language: str) -> None:
    sentences = catalogue(language).sentences
    differing = {}
    for one in raised():
        translated = sentences.get(f"errors.{one.key}")
        if translated is not None:
            has, wanted = placeholders(translated), placeholders(one.sentence)
            # English may name what the other languages leave out.
            if not wanted - WITHOUT.get(one.key, set()) <= has <= wanted:
                differing[one.key] = f"{one.where}: {sorted(has)} for {sorted(wanted)}"
    assert differing == {}


def test_no_exception_is_left_over() -> None:
    keys = {one.key for one in raised()}
    areas = {key.partition(".")[0] for key in keys}
    assert {one for one in COMMAND_LINE if one not in keys | areas} == set()
    assert set(WITHOUT) - keys == set()
