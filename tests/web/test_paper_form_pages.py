"""What comes out of the printer: boxes, corners and codes where the layout says they are."""

import os
import re
import time
import zipfile
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray

from baken.instruments.library import load_instrument
from baken.organisation.permissions import Role
from baken.survey.errors import CannotPrint
from baken.survey.paper.composing.ink import Form, Words
from baken.survey.paper.composing.setting import named, set_form
from baken.survey.paper.layout import Layout, Page
from baken.survey.paper.marks import Mark, read_mark
from baken.web.commands.main import main
from baken.web.documents.forms.copies import BLANK, Order, Printing, print_copies, sides_of
from baken.web.documents.forms.drawing import Group
from baken.web.documents.forms.letters import check_letters, measure
from baken.web.documents.forms.words import About, words_of
from tests.web.test_campaign_pages import launch, prepare, version_on

A = Group("001", "Zorg A")
B = Group("00Z", "Zorg 漢 met een heel lange naam, " * 6)
DPI = 150
# The promise is 500 copies in 20 s; a few show that a copy costs next to nothing.
COPIES = int(os.environ.get("BAKEN_FORM_COPIES", "40"))


def form_of(key: str, language: str, *, large: bool = False) -> Form:
    instrument = load_instrument(key)
    words = words_of(About(instrument.texts[language].title, "De Wilg", "An", "Bo"), language)
    return named(set_form(instrument, language, words, measure, large=large), "K7QF2M9D")


def rendered(content: bytes, number: int) -> NDArray[np.uint8]:
    """A page in grey, as a scanner would deliver a perfect one."""
    document = pypdfium2.PdfDocument(content)
    page: NDArray[np.uint8] = document[number].render(scale=DPI / 72, grayscale=True).to_numpy()
    document.close()
    return page.reshape(page.shape[0], page.shape[1])


def darkness(page: NDArray[np.uint8], x: float, y: float, width: float, height: float) -> float:
    """The share of ink in a rectangle given in millimetres."""
    pixels = [round(length * DPI / 25.4) for length in (x, y, x + width, y + height)]
    left, top, right, bottom = pixels
    return 1 - float(page[top:bottom, left:right].mean()) / 255


def check_page(seen: NDArray[np.uint8], layout: Layout, page: Page, sign: str) -> None:
    inset, side = layout.corner_inset, layout.corner_size
    for x in (inset, layout.width - inset - side):
        for y in (inset, layout.height - inset - side):
            assert darkness(seen, x, y, side, side) > 0.95
            assert darkness(seen, x - 2, y - 2, 1.5, 1.5) < 0.02
    codes = zxingcpp.read_barcodes(seen)
    assert [read_mark(code.text) for code in codes] == [
        Mark(layout.edition, layout.language, page.number, sign)
    ]
    for box in page.boxes:
        inner = box.size - 1
        assert darkness(seen, box.x + 0.5, box.y + 0.5, inner, inner) < 0.02
        for x, y in ((box.x, box.y), (box.x, box.y + box.size - 0.35)):
            assert darkness(seen, x, y, box.size, 0.35) > 0.35
        for x, y in ((box.x, box.y), (box.x + box.size - 0.35, box.y)):
            assert darkness(seen, x, y, 0.35, box.size) > 0.35


@pytest.mark.parametrize(
    ("key", "language", "large"),
    [("vijf-a", "nl", False), ("vijf-a", "de", False), ("puls", "fr", True), ("puls", "en", False)],
)
def test_a_page_shows_what_its_layout_says(key: str, language: str, large: bool) -> None:
    form = form_of(key, language, large=large)
    content = print_copies(Printing(form, B, 1, Order.ONE_SIDE))
    for page in (form.layout.pages[0], form.layout.pages[-1]):
        check_page(rendered(content, page.number - 1), form.layout, page, B.sign)


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_answers_beside_each_other_do_not_read_as_one(language: str) -> None:
    """Two spaces of the same letter at least between two words, four between two of several."""
    for large in (False, True):
        for page in form_of("vijf-a", language, large=large).ink:
            lines: dict[float, list[Words]] = {}
            for words in page:
                if isinstance(words, Words) and words.align == "middle":
                    lines.setdefault(words.y, []).append(words)
            for left, right in (pair for line in lines.values() for pair in pairwise(line)):
                half = sum(measure(one.text, one.face, one.size) for one in (left, right)) / 2
                least = 4 if large and " " in left.text and " " in right.text else 2
                space = measure(" ", left.face, left.size)
                assert right.x - left.x - half > least * space, (left.text, right.text)


def test_forms_of_a_unit_are_the_same_to_the_byte_and_differ_by_nothing_else() -> None:
    form = form_of("puls", "nl")
    one = print_copies(Printing(form, A, 2, Order.BOTH_SIDES))
    assert one == print_copies(Printing(form, A, 2, Order.BOTH_SIDES))
    first, second, other = (
        rendered(print_copies(Printing(form, group, 2, Order.ONE_SIDE)), number)
        for group, number in ((A, 0), (A, 3), (B, 0))
    )
    assert (first == second).all()
    # Between units: the square code and the line with the name of the group.
    differing = np.argwhere(first != other) * 25.4 / DPI
    assert len(differing)
    assert differing[:, 0].max() < 33
    # Black only: no printer has a reason for colour.
    colours = pypdfium2.PdfDocument(one)[0].render(scale=1).to_numpy()
    assert (np.ptp(colours[..., :3], axis=2) == 0).all()


@pytest.mark.parametrize("n_pages", range(1, 14))
def test_a_booklet_holds_every_page_once_on_whole_sheets(n_pages: int) -> None:
    sides = sides_of(n_pages, Order.BOOKLET)
    assert len(sides) == 2 * -(-n_pages // 4)
    assert sorted(page for side in sides for page in side if page) == [*range(1, n_pages + 1)]
    # Folded, the left page of a front is read after all others of its sheet.
    assert sides[0][1] == 1
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        assert back[0] in (front[1] + 1, BLANK)
        assert front[0] in (back[1] + 1, BLANK)
    assert all(len(side) == 1 for side in sides_of(n_pages, Order.BOTH_SIDES))
    assert len(sides_of(n_pages, Order.BOTH_SIDES)) % 2 == 0


def test_many_copies_are_quick_and_small() -> None:
    form = form_of("vijf-a", "nl")
    one = print_copies(Printing(form, A, 1, Order.BOTH_SIDES))
    began = time.perf_counter()
    many = print_copies(Printing(form, A, COPIES, Order.BOTH_SIDES))
    seconds = time.perf_counter() - began
    assert seconds < 20 * max(1, COPIES / 500)
    assert len(many) < len(one) + COPIES * 6_000
    print(f"{COPIES} forms of {len(form.layout.pages)} pages: {seconds:.1f} s, {len(many)} bytes")


def test_signs_without_a_letter_are_refused_and_a_proof_says_so() -> None:
    form = form_of("puls", "nl")
    strange = Form(form.title, form.layout, ((Words(20, 20, "中文", 11),), *form.ink[1:]))
    with pytest.raises(CannotPrint, match="中"):
        check_letters(strange)
    plain = rendered(print_copies(Printing(form, A, 1, Order.ONE_SIDE)), 0)
    proof = rendered(print_copies(Printing(form, A, 1, Order.ONE_SIDE, "PROEF")), 0)
    assert (plain != proof).sum() > 2_000


def test_the_language_somebody_reads_is_the_one_proposed(website: Any) -> None:
    browser, campaign = prepare(website)
    step = f"{campaign}/prepare/questionnaire"
    chosen = {"instrument": "vijf-a 1", "languages": ["nl", "fr"]}
    assert browser.post(step, chosen | {"version": version_on(browser, step)}).status_code == 303
    page = browser.get(f"{campaign}/paper/forms?lang=fr").text
    assert re.findall(r'<option value="(\w+)" selected>', page) == ["fr"]


def test_forms_are_downloaded_by_whoever_runs_the_survey(website: Any) -> None:
    browser, campaign = prepare(website)
    path = f"{campaign}/paper/forms"
    chosen = {"language_of": "nl", "size": "normal", "order": "booklet"}
    assert "Proefdruk downloaden" in browser.get(path).text
    proof = browser.post(path, chosen)
    assert proof.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(proof.content)
    assert document[0].get_size() == pytest.approx((1190.55, 841.89), abs=0.1)
    assert "PROEF" in document[0].get_textpage().get_text_range()
    (code, *_) = zxingcpp.read_barcodes(rendered(proof.content, 0))
    assert read_mark(code.text).is_proof

    launch(browser, campaign)
    page = browser.get(path).text
    fields = [name for name in ("n_0", "n_1", "n_2") if f'name="{name}"' in page]
    assert fields[:2] == ["n_0", "n_1"]
    nought = dict.fromkeys(fields, "0")
    assert browser.post(path, chosen | nought | {"order": "x"}).status_code == 422
    none = browser.post(path, chosen | nought)
    assert none.status_code == 422
    assert "voor minstens één groep" in none.text
    single = browser.post(path, chosen | nought | {"n_0": "3", "order": "one_side"})
    assert single.headers["content-type"] == "application/pdf"
    several = browser.post(path, chosen | nought | {"n_0": "3", "n_1": "2", "order": "one_side"})
    with zipfile.ZipFile(BytesIO(several.content)) as archive:
        names = archive.namelist()
        assert [name.rpartition("-")[2] for name in names] == ["3.pdf", "2.pdf"]
        assert archive.read(names[0]) == single.content
    assert "Al afgedrukt" in browser.get(path).text
    record = browser.get(f"{website.root}/audit").text
    assert "liet 5 papieren formulieren afdrukken, voor 2 groepen" in record
    assert "proefdruk" in record
    head = website.browser(Role.EMPLOYER)
    assert head.get(path).status_code == 403


def test_a_proof_is_printed_on_the_command_line(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "puls.pdf"
    asked = ["instruments", "print", "puls", "--language", "de", "--large", "--out", str(out)]
    with pytest.raises(SystemExit) as left:
        main(asked)
    assert left.value.code == 0
    assert "sheets of paper" in capsys.readouterr().out
    assert "PROBE" in pypdfium2.PdfDocument(out)[0].get_textpage().get_text_range()
