"""Every refusal of the action plan is said in every language."""

import ast
from datetime import date
from pathlib import Path

import pytest

import baken.actionplan
from baken.actionplan.wording import shortened
from baken.storage.errors import BakenError
from baken.web.texts import LANGUAGES, catalogue, placeholders

FOLDER = Path(baken.actionplan.__file__).parent


def refusals():
    """Key, English sentence and values of every error raised in the package."""
    for file in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                key = node.args[0].value
                if isinstance(key, str) and key.startswith("actionplan."):
                    values = {keyword.arg for keyword in node.keywords}
                    yield key, node.args[1].value, values


def test_the_package_refuses_something():
    assert len(list(refusals())) > 70


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence_without_unknown_placeholders(language):
    said = catalogue(language)
    for key, sentence, values in refusals():
        assert said.has(f"errors.{key}"), key
        assert placeholders(said.sentences[f"errors.{key}"]) <= values, key
        assert placeholders(sentence) <= values, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_without_a_refusal(language):
    prefix = "errors.actionplan."
    known = {key.removeprefix("errors.") for key in catalogue(language).sentences if prefix in key}
    assert known == {key for key, _, _ in refusals()}


def test_the_english_catalogue_says_what_the_code_says():
    said = catalogue("en")
    for key, sentence, _ in refusals():
        assert said.sentences[f"errors.{key}"] == sentence


def test_one_key_has_one_sentence():
    sentences = {}
    for key, sentence, _ in refusals():
        assert sentences.setdefault(key, sentence) == sentence


def test_dates_in_a_refusal_are_written_as_people_write_them():
    error = BakenError("actionplan.silence_until_year", "{starts_on}", starts_on=date(2026, 1, 1))
    assert catalogue("nl").refusal(error) == (
        "Zonder advies kan het plan beginnen op 1\u00a0januari 2026, niet vroeger."
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Kort", "Kort"),
        ("  De keuken\nbegint opnieuw. ", "De keuken\u00a0…"),
        ("Midi\u202f; puis", "Midi\u202f; puis"),
        ("Ongelukkigerwijze", "Ongelukkigerw\u00a0…"),
    ],
)
def test_a_long_text_is_cut_after_a_whole_word(text, line):
    assert shortened(text, 13) == line
