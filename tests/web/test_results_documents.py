"""What documents and workbooks of results say, beside what the pages say."""

import io

from openpyxl import load_workbook

from baken.analysis.releases.drivers import told_direction
from baken.instruments.library import load_instrument
from baken.survey.disclosure.tree import Tree, UnitNode
from baken.web.documents.results.sections import sections
from baken.web.documents.results.workbook import analysis_workbook

INSTRUMENT = load_instrument("vijf-a", "2")
TREE = Tree.of([UnitNode("dept", None, 20, "Dienst"), UnitNode("rest", None, 20)])
NOTHING = {"withheld": {}, "groups": {}, "units": {}, "scales": {}}


def test_background_questions_have_their_words_and_columns_of_a_file_their_own_name():
    asked = INSTRUMENT.backgrounds[0]
    texts = INSTRUMENT.texts["nl"]
    bands = {asked.bands[0]: {"n": 12, "scales": {}}}
    found = NOTHING | {
        "groups": {asked.key: bands, "cost centre": {"x": {"n": 12, "scales": {}}}},
        "units": {"dept": {"groups": {asked.key: bands}}},
    }
    told = sections(found, texts, (), TREE).groups
    word, band = texts.backgrounds[asked.key], texts.bands[asked.key][asked.bands[0]]
    assert [one.column for one in told] == [word, "cost centre", f"{word}, Dienst"]
    assert [one.rows[0][0] for one in told] == [band, "x", band]


def test_the_workbook_tells_no_direction_that_the_page_does_not_tell():
    keys = [scale.key for scale in INSTRUMENT.scales][:4]
    figures = dict.fromkeys(("weight", "within", "dominance"), 0.1) | {"low": None, "high": None}
    factors = {
        keys[1]: figures | {"share": 0.6, "direction": "rises"},
        keys[2]: figures | {"share": 0.03, "direction": "falls"},
        keys[3]: figures | {"share": 0.3, "direction": "falls", "low": 0.0, "high": 0.2},
    }
    assert [told_direction(one) for one in factors.values()] == ["rises", None, None]
    found = NOTHING | {
        "instrument": {"key": "vijf-a", "version": "2"},
        **dict.fromkeys(("min_group", "n", "headcount", "response_rate"), 10),
        "drivers": {keys[0]: factors},
        "driver_models": {keys[0]: {"explained": 0.3}},
    }
    book = load_workbook(io.BytesIO(analysis_workbook(found, INSTRUMENT, TREE, "nl")))
    (sheet,) = (one for one in book if one.cell(1, 1).value == "outcome")
    head, *lines = sheet.iter_rows(values_only=True)
    assert [line[head.index("direction")] for line in lines] == ["rises", None, None]
