"""Files made to harm or to confuse: refused with a sentence, soon, and with little memory."""

import io
import time
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from baken.instruments.exchange.imported import UnreadableForm
from baken.instruments.exchange.markup import plain
from baken.instruments.exchange.xlsform import read_xlsform
from baken.storage.errors import BakenError
from baken.survey.library.files import open_questionnaire
from tests.instruments.foreign_forms import as_xlsx, kobo
from tests.instruments.foreign_surveys import version_3
from tests.storage import hostile_files

SECONDS = 4

NO_FORM = "no sheet “survey”"
NO_LSS = "not the structure of a LimeSurvey survey"
UNKNOWN = "does not know this kind of file"

LAUGH = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><document>&b;'


def rows_of_lss(n):
    body = b"<row/>" * n
    head = b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType><languages>"
    return head + b"<language>en</language></languages><x><rows>" + body + b"</rows></x></document>"


def long_sheet(n):
    book = Workbook(write_only=True)
    page = book.create_sheet("survey")
    page.append(["type", "name", "label"])
    for number in range(n):
        page.append(["text", f"q{number}", "x"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HOSTILE = {
    "a bomb": (hostile_files.sheet_of_a_gigabyte, "MiB|times its size|damaged"),
    "packed in itself": (hostile_files.nested, "packed file|no workbook|not an Excel"),
    "behind a password": (hostile_files.locked, "password"),
    "another workbook": (hostile_files.good, NO_FORM),
    "too many rows": (lambda: long_sheet(5000), "more than 5000 rows"),
    "nothing": (lambda: b"", UNKNOWN),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n", UNKNOWN),
    "laughs": (lambda: LAUGH + b"</document>", NO_LSS),
    "another file inside": (
        lambda: b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>',
        NO_LSS,
    ),
    "cut off": (lambda: version_3().as_lss()[:-40], NO_LSS),
    "a group": (
        lambda: version_3().as_lss().replace(b"DocType>Survey<", b"DocType>Group<"),
        NO_LSS,
    ),
    "no language": (
        lambda: version_3().as_lss().replace(b"<language>en</language>", b""),
        NO_LSS,
    ),
    "an unknown alphabet": (
        lambda: version_3().as_lss().replace(b"UTF-8", b"KLINGON"),
        NO_LSS,
    ),
    "a page": (lambda: b"<html><body>survey</body></html>", NO_LSS),
    "a million rows": (lambda: rows_of_lss(1_000_000), NO_LSS),
    "eleven megabytes": (lambda: b"<document>" + b" " * 11 * 1024 * 1024, "larger than 10 MiB"),
    "deep": (lambda: b"<a>" * 20_000, NO_LSS),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_in_a_sentence(name):
    make, sentence = HOSTILE[name]
    content = make()
    began = time.process_time()
    with pytest.raises(BakenError, match=sentence):
        open_questionnaire(content)
    assert time.process_time() - began < SECONDS


def test_cells_of_every_kind_are_texts_and_formulas_count_for_nothing_here():
    sheets = kobo()
    choices = [*sheets["choices"], ["vr4fd02", True, "waar"], ["x", date(2026, 1, 2), 1.5]]
    choices.append(["vr4fd02", datetime(2026, 1, 2, 3, 4), 12])  # noqa: DTZ001 - a cell has no zone
    refused = open_questionnaire(as_xlsx({**sheets, "choices": choices})).refused
    kinds = {one.what for one in refused if one.key == "choices_not_numbers"}
    assert "vr4fd02: 1, 2, 3, TRUE, 2026-01-02 03:04:00" in kinds
    with pytest.raises(BakenError, match="formulas that were never computed"):
        open_questionnaire(as_xlsx({**sheets, "settings": [["form_title"], ["=1+1"]]}))


@pytest.mark.parametrize(
    "text",
    [
        sign * 30_000
        for sign in ("<a", "**a", "__a", "*a", "{a", "<!--", "<script>", "&", "${", "# ", "< ")
    ],
)
def test_no_text_takes_long_to_read(text):
    began = time.process_time()
    plain(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Meer dan < 5 en > 3", "Meer dan < 5 en > 3"),
        ("<p>Een</p><p>twee</p>", "Een twee"),
        ("A<!-- weg -->B", "AB"),
        ("<style>p {color: red}</style>C", "C"),
        ("<script>if (a < b) {x()}</SCRIPT>D", "D"),
        ("</script>E", "E"),
        ("**vet** en *schuin* en __sterk__ en 2 * 3 * 4", "vet en schuin en sterk en 2 * 3 * 4"),
        ("Vraag\xa0?", "Vraag\xa0?"),
        ("&lt;b&gt; &amp; &eacute;", "<b> & é"),
    ],
)
def test_rich_text_becomes_what_somebody_reads(written, text):
    assert plain(written).text == text


def test_a_form_of_more_than_a_thousand_questions_is_something_else():
    rows = [["text", f"q{number}", "x"] for number in range(1001)]
    with pytest.raises(UnreadableForm, match="more than 1000 questions"):
        read_xlsform({"survey": [["type", "name", "label"], *rows]})


def test_a_form_of_only_a_head_has_no_questions():
    imported = read_xlsform({"survey": [["type", "name", "label"]], "choices": [[]]}, "it")
    assert (imported.n_items, imported.refused, tuple(imported.texts)) == (0, (), ("it",))


@pytest.mark.parametrize("sheets", [{}, {"survey": []}, {"survey": [["", ""], ["kind", "name"]]}])
def test_a_workbook_without_a_survey_is_no_form(sheets):
    with pytest.raises(UnreadableForm, match=NO_FORM):
        read_xlsform(sheets)
