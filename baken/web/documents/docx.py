"""A page of our own as a Word document: the same content as the PDF, for whoever works on in it.

The content is read from the HTML page (`outline`), as that of the PDF is. No date and no random
name goes in: the same page gives the same bytes.
"""

import io
import re
import zipfile
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from baken.web.texts import catalogue

from .letters import SANS, SERIF, printable
from .outline import Block, Entries, Grid, Outline, Words, mark_of, outline_of

LONG_AGO: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format keeps no time zone
LANGUAGES: Final = {"nl": "nl-BE", "fr": "fr-BE", "en": "en-GB", "de": "de-BE"}
INK: Final = RGBColor(0x1D, 0x2B, 0x36)
RED: Final = RGBColor(0xA8, 0x32, 0x2D)
_COUNTED: Final = re.compile(r"(\{page\}|\{pages\})")
_COUNTS: Final = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
LETTER: Final = Cm(0.21)
FOOT: Final = Pt(8)
LONGEST_TITLE: Final = 255
"""The format keeps no longer one."""
EDGES: Final = 4
BOLD: Final = 2
MOST_LETTERS: Final = 36
"""A column is as wide as its longest word with its edges, and as its longest cell up to this."""
WIDE: Final = 6
"""Columns from which a table lies on its side."""


def docx_of(page: str) -> bytes:
    """Set a page that our templates made as a Word document.

    Raises
    ------
    UnknownElement
        At an element that documents do not have.
    """
    text, _ = printable(page)
    return _set(outline_of(text))


def _set(outline: Outline) -> bytes:
    document = docx.Document()
    _dress(document, outline)
    for number, section in enumerate(outline.sections):
        if number:
            _turn(document, section)
        elif _is_wide(section):
            _lay_on_its_side(document.sections[0])
        for block, after in zip_longest(section, section[1:]):
            _add(document, block)
            if isinstance(block, Words) and isinstance(after, Entries):
                document.paragraphs[-1].paragraph_format.keep_with_next = True
    out = io.BytesIO()
    document.save(out)
    return _without_clock(out.getvalue())


def _dress(document: Any, outline: Outline) -> None:
    """The letters of the house, the title and the language, so that it reads well aloud."""
    about = document.core_properties
    about.title, about.author, about.comments = outline.title[:LONGEST_TITLE], "Baken", ""
    about.language = LANGUAGES.get(outline.language, outline.language)
    about.created = about.modified = LONG_AGO
    about.last_modified_by, about.revision = "", 1
    for name, size, face in (
        ("Normal", 10.5, SANS),
        ("List Bullet", 10.5, SANS),
        ("Heading 1", 20, SERIF),
        ("Heading 2", 15, SERIF),
        ("Heading 3", 12, SERIF),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = face, Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), face)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), LANGUAGES.get(outline.language, "nl-BE"))
    document.styles["Normal"].element.get_or_add_rPr().append(spoken)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    page.header_distance = page.footer_distance = Cm(1)
    _on_every_sheet(document, outline)


def _on_every_sheet(document: Any, outline: Outline) -> None:
    """The mark above, the title and the number of the sheet below; later sections take them on."""
    page = document.sections[0]
    if mark := mark_of(outline):
        made = page.header.paragraphs[0].add_run(mark)
        made.bold, made.font.color.rgb = True, RED
    said = catalogue(outline.language)("documents.page", page="{page}", pages="{pages}")
    line = page.footer.paragraphs[0]
    line.add_run(f"{outline.title}. ")
    for part in _COUNTED.split(said):
        if name := _COUNTS.get(part):
            _count(line, name)
        else:
            line.add_run(part)
    line.style.font.size = FOOT  # a long name and the number of the sheet stand on one line


def _count(line: Any, name: str) -> None:
    """A number that whoever opens the document counts."""
    field, run, text = (OxmlElement(tag) for tag in ("w:fldSimple", "w:r", "w:t"))
    field.set(qn("w:instr"), name)
    text.text = "1"
    run.append(text)
    field.append(run)
    line._p.append(field)  # noqa: SLF001 - no other way


def _turn(document: Any, section: tuple[Block, ...]) -> None:
    """A wide table gets sheets on their side, and what follows it upright ones again."""
    last = document.sections[-1]
    is_wide = _is_wide(section)
    if is_wide == (last.orientation == WD_ORIENT.LANDSCAPE):
        return
    new = document.add_section()
    _make_small(document.paragraphs[-1])
    if is_wide:
        _lay_on_its_side(new)
    else:
        new.orientation = WD_ORIENT.PORTRAIT
        new.page_width, new.page_height = Cm(21), Cm(29.7)


def _make_small(end: Any) -> None:
    """The line that ends a section stands empty: after a full sheet it must not take one more."""
    spare = end._p.getprevious()  # noqa: SLF001 - no other way
    if spare is not None and spare.tag == qn("w:p") and not len(spare):
        spare.getparent().remove(spare)
    looks = end.paragraph_format
    looks.space_before = looks.space_after = Pt(0)
    looks.line_spacing = Pt(1)


def _lay_on_its_side(page: Any) -> None:
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)


def _is_wide(section: tuple[Block, ...]) -> bool:
    return any(isinstance(block, Grid) and _n_columns(block) >= WIDE for block in section)


def _n_columns(grid: Grid) -> int:
    return max(sum(cell.span for cell in row) for row in (*grid.head, *grid.body))


def _add(document: Any, block: Block) -> None:
    if isinstance(block, Words):
        style = f"Heading {block.level}" if block.level else "Normal"
        _fill(document.add_paragraph(style=style), block)
    elif isinstance(block, Entries):
        for entry in block.entries:
            _fill(document.add_paragraph(style="List Bullet"), entry)
    else:
        _add_table(document, block)


def _fill(paragraph: Any, words: Words) -> None:
    for run in words.runs:
        made = paragraph.add_run(run.text)
        made.bold = True if run.look == "strong" else None
        made.italic = True if run.look == "em" else None
        made.font.strike = True if run.look == "gone" else None
        made.underline = True if run.look == "new" else None
        if words.look == "mark":
            made.bold, made.font.color.rgb = True, RED


def _add_table(document: Any, grid: Grid) -> None:
    table = document.add_table(rows=0, cols=_n_columns(grid))
    table.style = "Table Grid"
    for row, is_head in (*((one, True) for one in grid.head), *((one, False) for one in grid.body)):
        cells = table.add_row().cells
        place = 0
        for cell in row:
            target = cells[place]
            if cell.span > 1:
                target = target.merge(cells[place + cell.span - 1])
            _fill(target.paragraphs[0], cell)
            if "number" in cell.look:
                target.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if cell.is_head:
                for made in target.paragraphs[0].runs:
                    made.bold = True
            place += cell.span
        _mark(table.rows[-1], "w:cantSplit")  # no line of a table stands on two pages
        if is_head:
            _mark(table.rows[-1], "w:tblHeader")
    _share_width(document, table, grid)
    document.add_paragraph()


def _mark(row: Any, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - no other way


def _share_width(document: Any, table: Any, grid: Grid) -> None:
    """Give each column room by its longest cell, so that none is cut off and none stands empty."""
    least, wished = _letters(grid)
    page = document.sections[-1]
    whole = page.page_width - page.left_margin - page.right_margin
    left = max(whole / LETTER - sum(least), 0)
    more = [max(wish - need, 0) for wish, need in zip(wished, least, strict=True)]
    shares = [
        need + left * (one / sum(more) if any(more) else 1 / len(more))
        for need, one in zip(least, more, strict=True)
    ]
    widths = [Emu(int(whole * one / sum(shares))) for one in shares]
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for made in table.rows:
        for cell, width in zip(made._tr.tc_lst, _spanned(made, widths), strict=True):  # noqa: SLF001
            cell.width = width


def _letters(grid: Grid) -> tuple[list[int], list[int]]:
    """How many letters each column needs for its longest word, and wishes for its longest cell."""
    least, wished = [EDGES] * _n_columns(grid), [EDGES] * _n_columns(grid)
    for row in (*grid.head, *grid.body):
        place = 0
        for cell in row:
            if cell.span == 1:
                word = max((len(one) for one in cell.text.split()), default=0)
                line = max((len(one) for one in cell.text.split("\n")), default=0)
                edges = EDGES + (BOLD if cell.is_head else 0)
                least[place] = max(least[place], min(word, MOST_LETTERS) + edges)
                wished[place] = max(wished[place], min(line, MOST_LETTERS) + EDGES)
            place += cell.span
    return least, wished


def _spanned(row: Any, widths: list[Any]) -> list[Any]:
    """The width of each cell of a row, those that span columns as wide as these together."""
    found, place = [], 0
    for cell in row._tr.tc_lst:  # noqa: SLF001 - no other way
        found.append(Emu(sum(widths[place : place + cell.grid_span])))
        place += cell.grid_span
    return found


def _without_clock(content: bytes) -> bytes:
    """The same archive with the same moment at every file in it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            kept.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), made.read(name))
    return out.getvalue()
