"""Words: complete in every language, used, and written the way people write."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest
from markupsafe import Markup

import baken.web
from baken.instruments.origins import FILE as ORIGINS
from baken.organisation.permissions import Holders, Role
from baken.storage.errors import BakenError
from baken.web import numerals
from baken.web.frame import VERBS
from baken.web.languages import choose
from baken.web.texts import LANGUAGES, MissingText, catalogue, placeholders

WEB = Path(baken.web.__file__).parent
NARROW, SPACE = "\u202f", "\u00a0"


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    dutch, other = catalogue("nl").sentences, catalogue(language).sentences
    assert sorted(other) == sorted(dutch)
    differing = [k for k in dutch if placeholders(dutch[k]) != placeholders(other[k])]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_badly_written(language: str) -> None:
    for key, sentence in catalogue(language).sentences.items():
        assert sentence.strip() == sentence != "", key
        assert "  " not in sentence, key
        assert list(Formatter().parse(sentence)), key


# French: a thin space before ; ! and ?, a whole one before : and %, a whole one inside quotation
# marks, a thin one between thousands. None of them breaks a line. A ; between words makes columns.
FRENCH_SIGNS = re.compile(
    rf"[^{NARROW}][;!?](?=\s|$)|[^{SPACE}]:(?=\s|$)|[^{SPACE}][»%]|«[^{SPACE}]"
    rf"|(?<=\d)[ {SPACE}](?=\d{{3}}\b)"
)


def test_no_french_sign_begins_a_line() -> None:
    letters = {
        path.name: path.read_text(encoding="utf-8").removeprefix("Subject: ")
        for path in (WEB / "texts" / "fr" / "letters").glob("*.txt")
    }
    assert len(letters) > 10
    origins = tomllib.loads(ORIGINS.read_text(encoding="utf-8"))["lines"]
    sources = {line["en"]: line["fr"] for line in origins}
    odd = [
        (key, found.group())
        for key, said in {**catalogue("fr").sentences, **letters, **sources}.items()
        if (found := FRENCH_SIGNS.search(said))
    ]
    assert odd == []


def keys_said() -> Iterator[tuple[str, str]]:
    """Every literal first argument of t(...) in a template, and where."""
    for path in sorted((WEB / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"""\bt\(\s*["']([^"']+)["']\s*([~,)])""", text):
            yield path.name, found[1] + ("*" if found[2] == "~" else "")


def test_every_text_that_a_template_says_exists() -> None:
    known = catalogue("nl").sentences
    missing = [
        (where, key)
        for where, key in keys_said()
        if not (
            any(k.startswith(key[:-1]) for k in known)
            if key.endswith("*")
            else key in known or f"{key}.other" in known
        )
    ]
    assert missing == []


def test_every_text_that_is_said_with_a_count_has_a_plural() -> None:
    known, counted = catalogue("nl").sentences, r"""\bt\(\s*"([^"]+)",[^()]*?\bcount="""
    said = [
        (path.name, key)
        for path in sorted((WEB / "templates").rglob("*.html"))
        for key in re.findall(counted, path.read_text(encoding="utf-8"))
    ]
    assert len(said) > 20
    assert [one for one in said if f"{one[1]}.other" not in known] == []


def texts_in_code() -> set[str]:
    """Every string literal of the web's Python, for keys of forms and replies."""
    found = set()
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.JoinedStr):
                first = node.values[0] if node.values else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value + "*")
    return found


def test_no_text_is_left_over() -> None:
    """A key is used by a template, by the web's code, or is the sentence of a domain error."""
    used = {key for _, key in keys_said()} | texts_in_code()
    prefixes = tuple(key[:-1] for key in used if key.endswith("*") and "." in key)
    shelves = {f"shelves.{s.key}{end}" for v in VERBS for s in v.shelves for end in ("", "_hint")}
    left = []
    for full in catalogue("nl").sentences:
        # What is called otherwise in another country stands over the usual words.
        key = full.removeprefix("in_nl.")
        whole = re.sub(r"\.(zero|one|two|few|many|other)$", "", key)
        is_error = key.startswith("errors.")
        if not is_error and not {key, whole} & (used | shelves) and not key.startswith(prefixes):
            left.append(key)
    assert left == []


def test_a_plural_follows_the_count() -> None:
    say = catalogue("nl")
    assert say("forms.problems", count=1) == "Er is 1 punt om te verbeteren"
    assert say("forms.problems", count=2) == "Er zijn 2 punten om te verbeteren"
    # In French nought is one; in Dutch and English it is not.
    assert catalogue("fr")("forms.problems", count=0) == "Il y a 0 point à corriger"
    assert catalogue("nl")("forms.problems", count=0) == "Er zijn 0 punten om te verbeteren"
    assert catalogue("de")("forms.problems", count=0) == "0 Punkte sind zu verbessern"


def test_a_role_inside_a_sentence_keeps_its_capital_only_in_german() -> None:
    holders = Holders((Role.GUEST, Role.EMPLOYER))
    said = [catalogue(code)("errors.organisation.denied", who=holders) for code in ("nl", "de")]
    assert said[0].endswith(": gast of werkgever.")
    assert said[1].endswith(": Gast oder Arbeitgeber.")


def test_a_missing_text_is_our_mistake_and_says_so() -> None:
    with pytest.raises(MissingText, match=r"No text 'shell\.nothing' in nl"):
        catalogue("nl")("shell.nothing")
    with pytest.raises(MissingText, match="no texts in 'xx'"):
        catalogue("xx")


def test_values_cannot_bring_markup_in() -> None:
    said = catalogue("nl")("home.wait_open", what=Markup("<b>{}</b>").format("<i>"))
    assert said == "Open de omslagen van <b>&lt;i&gt;</b>"
    assert not isinstance(catalogue("nl")("home.wait_open", what="<i>"), Markup)


def test_an_error_without_translation_is_said_in_english() -> None:
    assert catalogue("fr").refusal(BakenError("test.none", "At {n}.", n=3)) == "At 3."


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (1234.5, "nl", "1234,5"),
        (12345.678, "nl", f"12{NARROW}345,678"),
        (12345.678, "fr", f"12{NARROW}345,678"),
        (12345.678, "en", f"12{NARROW}345.678"),
        (12345.678, "de", f"12{NARROW}345,678"),
        (-1234567, "nl", f"\u22121{NARROW}234{NARROW}567"),
        (0, "nl", "0"),
        (-0.0004, "nl", "0"),
    ],
)
def test_numbers(value: float, language: str, written: str) -> None:
    assert numerals.number(value, language) == written


def test_a_difference_is_that_of_the_figures_beside_it() -> None:
    for before, after, said in ((46.4, 45.6, "0"), (46.4, 46.6, "+1"), (45.6, 44.4, "\u22122")):
        assert numerals.signed(numerals.change(before, after), "nl") == said


def test_a_number_and_what_it_counts_stand_on_one_line() -> None:
    assert numerals.with_unit("20", "minuten") == f"20{SPACE}minuten"
    assert numerals.with_unit("20", "") == "20"
    for language in LANGUAGES:
        for key in ("series.in_days", "series.euro", "indicators.points", "accidents.days"):
            assert " " not in catalogue(language)(key, n=20).replace("out of", "")


def test_shares_dates_and_instants() -> None:
    assert numerals.percent(0.523, "nl") == f"52{SPACE}%"
    assert numerals.percent(0.523, "fr", 1) == f"52,3{SPACE}%"
    assert numerals.percent(0.523, "en") == "52%"
    assert numerals.percent(0.523, "de") == f"52{SPACE}%"
    assert numerals.day(date(2026, 4, 3), "nl") == "3\u00a0april 2026"
    assert numerals.day(date(2026, 4, 1), "fr") == "1er\u00a0avril 2026"
    assert numerals.day(date(2026, 4, 21), "fr") == "21\u00a0avril 2026"
    assert numerals.day(date(2026, 4, 3), "de") == "3.\u00a0April 2026"
    assert numerals.short_day(date(2026, 4, 3), "nl") == "3\u00a0apr 2026"
    assert numerals.short_day(date(2026, 4, 3), "de") == "3.\u00a0Apr 2026"
    summer = datetime(2026, 7, 3, 22, 30, tzinfo=UTC)
    assert numerals.moment(summer, "nl") == "4\u00a0juli 2026 om 00:30"
    assert numerals.moment(summer, "de") == "4.\u00a0Juli 2026 um 00:30"


@pytest.mark.parametrize(
    ("wishes", "accept", "chosen"),
    [
        (("fr", "nl"), "", "fr"),
        ((None, "FR-be"), "en", "fr"),
        ((None,), "it, en;q=0.5, fr;q=0.9", "fr"),
        ((), "de-BE, fr;q=0.9", "de"),
        ((), "fr;q=x, en;q=0.1", "en"),
        ((), "*", "nl"),
        (("../../etc",), "", "nl"),
    ],
)
def test_the_language_is_the_first_wish_we_have(
    wishes: tuple[str | None, ...], accept: str, chosen: str
) -> None:
    assert choose(*wishes, accept=accept) == chosen
