import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from baken.analysis.releases.results import results
from baken.instruments.library import load_instrument
from baken.web.commands.analyse.reading.answers import count_answers
from baken.web.commands.analyse.reading.units import read_units
from baken.web.commands.analyse.writing.language import language_of
from baken.web.documents.results.page import analysis_page

VALUES = Path(__file__).parents[3] / "reference" / "values"
INSTRUMENT = load_instrument(VALUES / "instrument")
VOID = {"meta", "br"}


class Nesting(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.stack = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


@pytest.fixture(scope="module")
def page():
    tree = read_units(VALUES / "data" / "invented_headcount.csv").tree
    answers = VALUES / "data" / "invented.csv"
    tally = count_answers(answers, INSTRUMENT, tree, unit_column="unit").tally
    return analysis_page(results(tally, tree, INSTRUMENT, min_group=10), INSTRUMENT, tree, "en")


def test_the_page_stands_on_its_own(page):
    assert "<script" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert not re.search(r"(href|src)=", page)
    parser = Nesting()
    parser.feed(page)
    assert parser.stack == []


def test_the_headline_is_the_finding(page):
    assert "<h1>Weighs most: Tiredness</h1>" in page
    assert "594 of 730 people answered (81%)." in page


def test_the_page_says_what_its_limits_are_worth_and_what_made_it(page):
    assert "Made with Baken" in page.split("</table>")[-1]
    assert "version 1" in page.split("</table>")[-1]


def test_a_merged_unit_has_words_instead_of_figures(page):
    rows = re.findall(r"<tr><th[^>]*>files.*?</tr>", page, flags=re.DOTALL)
    assert len(rows) == 4
    for row in rows:
        assert "Counted together with Office to protect anonymity." in row
        assert not re.search(r"\d", re.sub(r"<[^>]*>", "", row))


def test_a_light_is_more_than_a_colour(page):
    cell = re.search(r'<td class="red">(.*?)</td>', page).group(1)
    assert "▲" in cell
    assert "red, firm" in cell


def test_names_from_a_file_are_escaped(tmp_path):
    units = tmp_path / "units.csv"
    units.write_text("unit,headcount,name\na,40,<b>A & co</b>\nb,40,\n", encoding="utf-8")
    tree = read_units(units).tree
    lines = (VALUES / "data" / "invented.csv").read_text(encoding="utf-8").splitlines()
    answers = tmp_path / "answers.csv"
    moved = [",".join(["ab"[n % 2], *line.split(",")[1:]]) for n, line in enumerate(lines[1:61])]
    answers.write_text("\n".join([lines[0], *moved]), encoding="utf-8")
    tally = count_answers(answers, INSTRUMENT, tree, unit_column="unit").tally
    page = analysis_page(results(tally, tree, INSTRUMENT, min_group=10), INSTRUMENT, tree, "en")
    assert "&lt;b&gt;A &amp; co&lt;/b&gt;" in page
    assert "<b>" not in page


def test_the_page_speaks_the_first_language_of_the_house_that_the_instrument_has():
    assert language_of(INSTRUMENT, None) == "en"
    assert language_of(load_instrument("vijf-a"), None) == "nl"
