"""A page of our own as a PDF, whatever stands on it."""

import re
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from pypdf import PdfReader

from baken.web.documents.joined import Piece
from baken.web.documents.outline import Grid, UnknownElement, outline_of
from baken.web.documents.pdf import MOST_COLUMNS, pdf_of

PAGE = (
    '<!doctype html><html lang="{lang}"><head><title>{title}</title></head>'
    "<body>{body}</body></html>"
)


def page(body: str, title: str = "Proef", lang: str = "nl") -> str:
    return PAGE.format(lang=lang, title=escape(title), body=f"<main><h1>Kop</h1>{body}</main>")


def text_of(content: bytes) -> str:
    return " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages)


@settings(max_examples=20)
@given(st.text(max_size=60))
def test_whatever_a_name_is_it_is_printed(name):
    printed = pdf_of(page(f"<p>{escape(name)}</p>", title=f"{name} - Proef"))
    assert printed.content.startswith(b"%PDF-1.7")
    assert not printed.strange & set("abcdeéßŁαж0123456789 -–'&<>#*$@\\")


@pytest.mark.parametrize(
    ("language", "number"),
    [
        ("nl", "Pagina 1 van 1"),
        ("fr", "Page 1 sur 1"),
        ("en", "Page 1 of 1"),
        ("de", "Seite 1 von 1"),
    ],
)
def test_it_speaks_the_language_of_the_page(language, number):
    content = pdf_of(page("<p>Ieder zegt dit.</p>", lang=language)).content
    assert number in text_of(content)
    assert PdfReader(BytesIO(content)).root_object["/Lang"] == language


def test_a_name_is_text_and_never_a_command():
    names = [
        "#panic()",
        "*vet*",
        "$x$",
        "= kop",
        "`raw`",
        '"); #emit',
        "\\u{41}",
        "// stil",
        "@bron",
    ]
    body = "".join(f"<p>{escape(name)}</p>" for name in names)
    found = text_of(pdf_of(page(body)).content)
    assert [name for name in names if name not in found] == []


def test_characters_without_a_letter_are_named():
    printed = pdf_of(page("<p>Ploeg 東 \N{HEDGEHOG}\u200d</p>"))
    assert printed.strange == {"東", "\N{HEDGEHOG}"}
    assert "Ploeg □ □" in text_of(printed.content)


def test_a_long_name_breaks_and_what_is_for_the_ear_only_is_left_out():
    body = f'<table><tbody><tr><th>{"x" * 400}</th><td>1<span class="unseen"> stil</span></td></tr>'
    found = text_of(pdf_of(page(body + "</tbody></table>")).content)
    assert re.sub(r"\s|\u200b", "", found).count("x") == 400
    assert "stil" not in found


def test_a_table_wider_than_a_sheet_is_cut_and_nothing_is_lost():
    wide = 2 * MOST_COLUMNS + 5
    head = "".join(f"<th>h{place}</th>" for place in range(1, wide))
    cells = "".join(f"<td>c{place}</td>" for place in range(1, wide))
    span = f'<tr><th>Rij twee</th><td colspan="{wide - 1}">samen</td></tr>'
    table = (
        f"<table><thead><tr><th>Naam</th>{head}</tr></thead>"
        f"<tbody><tr><th>Rij een</th>{cells}</tr>{span}</tbody></table>"
    )
    found = text_of(pdf_of(page(table)).content)
    n_parts = -(-(wide - 1) // (MOST_COLUMNS - 1))
    assert [found.count(name) for name in ("Naam", "Rij een", "Rij twee", "samen")] == [n_parts] * 4
    assert {f"c{place}" for place in range(1, wide)} <= set(found.split())
    assert {f"h{place}" for place in range(1, wide)} <= set(found.split())


def test_what_has_no_place_on_paper_is_refused_rather_than_lost():
    with pytest.raises(UnknownElement, match="<svg> of line 1"):
        outline_of(page("<svg></svg>"))
    with pytest.raises(UnknownElement, match="<input>"):
        outline_of(page("<p>Naam <input></input></p>"))


def test_spaces_are_those_of_a_browser():
    outline = outline_of(page("<p>\n  een <span class='quiet'> twee</span>\n\n drie<br> vier </p>"))
    assert outline.sections[0][1].text == "een twee drie\nvier"
    assert not [block for block in outline.sections[0] if isinstance(block, Grid)]


def test_another_layout_says_the_same_and_other_words_do_not():
    told = Piece(page("<p>64 % antwoordde.</p><ul><li>Nacht</li></ul>")).words_sha256
    laid_out = '<section class="wide"><p class="quiet">64&#160;%\n antwoordde.</p></section>'
    assert Piece(page(f"{laid_out}<p><strong>Nacht</strong></p>")).words_sha256 == told
    assert Piece(page("<p>65 % antwoordde.</p><ul><li>Nacht</li></ul>")).words_sha256 != told
