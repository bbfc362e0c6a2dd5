"""The printed results of `baken analyse`, read back out of the PDF."""

import os
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from baken.instruments.library import load_instrument
from baken.web.commands.main import main
from baken.web.documents.outline import Grid, outline_of

VALUES = Path(__file__).parents[3] / "reference" / "values"
N_UNITS = int(os.environ.get("BAKEN_UNITS", "24"))


def write_files(folder: Path, key: str | Path, n_units: int) -> list[str]:
    """Answers of fifteen people in every unit but the seventh, which is too small to be shown."""
    chance = np.random.default_rng(7)
    items = load_instrument(key).items
    units = ["unit,headcount,parent,name", "house,0,,Huis <Eén> & co"]
    answers = [",".join(["unit", *(item.code for item in items)])]
    for unit in range(n_units):
        n = 4 if unit == 6 else 15
        units.append(f"u{unit},{n + 5},house,Leefgroep #{unit} *zorg*")
        for _ in range(n):
            row = (str(chance.integers(i.format.low, i.format.high + 1)) for i in items)
            answers.append(",".join([f"u{unit}", *row]))
    (folder / "units.csv").write_text("\n".join(units), encoding="utf-8")
    (folder / "answers.csv").write_text("\n".join(answers), encoding="utf-8")
    files = [str(folder / "answers.csv"), "--units", str(folder / "units.csv")]
    return ["analyse", *files, "--instrument", str(key), "--out", str(folder)]


def analyse(folder: Path, arguments: list[str]) -> PdfReader:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert not end.value.code
    return PdfReader(folder / "results.pdf", strict=True)


def tags(pdf: PdfReader) -> Counter[str]:
    """How often each kind of element stands in the tree that a screen reader walks."""
    found, waiting = Counter(), [pdf.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, ArrayObject):
            waiting.extend(element)
        elif isinstance(element, DictionaryObject):
            found[element.get("/S")] += 1
            waiting.extend([element["/K"]] if "/K" in element else [])
    return found


def fonts(pdf: PdfReader) -> set[str]:
    """The fonts of all pages; each has its file inside."""
    names = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & inner["/FontDescriptor"].keys()
            names.add(inner["/BaseFont"].partition("+")[2])
    return names


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Results of a house of many units: the page, and the PDF with the text of its pages."""
    folder = tmp_path_factory.mktemp("house")
    arguments = write_files(folder, VALUES / "instrument", N_UNITS)
    pdf = analyse(folder, [*arguments, "--formats", "html,pdf"])
    texts = [page.extract_text() for page in pdf.pages]
    return (folder / "results.html").read_text(encoding="utf-8"), pdf, texts


def test_the_page_and_the_print_say_the_same(house):
    page, _, texts = house
    printed = Counter(re.findall(r"\S+", " ".join(texts).replace("\u200b", "")))
    cells = [
        cell.text
        for section in outline_of(page).sections
        for block in section
        if isinstance(block, Grid)
        for row in block.body
        for cell in row
    ]
    said = Counter(word for cell in cells for word in re.findall(r"\S+", cell))
    assert not {word: n for word, n in said.items() if printed[word] < n}
    assert sum(cell.startswith("Leefgroep #") for cell in cells) == 4 * N_UNITS


def test_it_can_be_read_out_aloud(house):
    page, pdf, _ = house
    root = pdf.root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert pdf.metadata.title == "Huis <Eén> & co - Results"
    found = tags(pdf)
    rows = page.count("<tr>")
    assert (found["/H1"], found["/Table"], found["/TR"]) == (1, page.count("<table"), rows)
    assert found["/TH"] > 0


def test_every_page_is_a_sheet_with_its_number_and_the_head_of_its_table(house):
    _, pdf, texts = house
    for number, (page, text) in enumerate(zip(pdf.pages, texts, strict=True), start=1):
        assert sorted(round(float(side)) for side in page.mediabox[2:]) == [595, 842]
        assert f"Page {number} of {len(texts)}" in text
        assert number in {1, len(texts)} or "Unit" in text
    assert fonts(pdf) >= {"SourceSansPro-Regular", "SourceSerifPro-Semibold"}


def test_nothing_of_this_moment_or_machine_is_in_it(house):
    _, pdf, _ = house
    assert not {"/CreationDate", "/ModDate"} & pdf.metadata.keys()
    assert all("Source" in name or "DejaVu" in name for name in fonts(pdf))


def test_it_speaks_the_language_asked_for_and_every_sheet_says_what_it_is(tmp_path):
    arguments = write_files(tmp_path, "vijf-a-kort", 3)
    pdf = analyse(tmp_path, [*arguments, "--formats", "pdf", "--unprotected", "--language", "fr"])
    assert pdf.root_object["/Lang"] == "fr"
    texts = [" ".join(page.extract_text().split()) for page in pdf.pages]
    assert all("Ne pas diffuser" in text and "sur" in text for text in texts)
    assert "Charge de travail" in " ".join(texts)


def test_of_very_many_units_there_is_a_pdf_for_whoever_asks(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("baken.web.commands.analyse.command.MOST_PRINTED", 2)
    arguments = write_files(tmp_path, VALUES / "instrument", 3)
    with pytest.raises(SystemExit):
        main(arguments)
    said = capsys.readouterr()
    assert "results.pdf was left out: with 3 units" in said.err
    assert "results.xlsx" in said.out
    assert not (tmp_path / "results.pdf").exists()
    assert analyse(tmp_path, [*arguments, "--formats", "pdf"]).pages
