"""Files of other programs: what is taken and what is refused, line by line, and the way back.

What each file gives stands in `golden/<name>.txt`: languages, scales, items with their answers,
open questions, and every refusal with its place and reason.
"""

from pathlib import Path

import pytest

from baken.instruments.errors import InvalidInstrument
from baken.instruments.exchange import draft
from baken.instruments.exchange.imported import Imported, Place, with_dimensions
from baken.instruments.exchange.lss import read_lss
from baken.instruments.exchange.reasons import REASONS
from baken.instruments.exchange.xlsform import read_xlsform
from baken.instruments.reading import read_content
from baken.instruments.wording import MAX_SHORT
from baken.survey.library.files import FORMS as WRITERS
from baken.survey.library.files import open_questionnaire
from tests.instruments.foreign_forms import FORMS, as_xlsx
from tests.instruments.foreign_surveys import SURVEYS, Asked, Part, Survey

GOLDEN = Path(__file__).parent / "golden"

FILES = {name: lambda make=make: as_xlsx(make()) for name, make in FORMS.items()} | {
    name: lambda make=make: make().as_lss() for name, make in SURVEYS.items()
}


def test_topics_that_begin_alike_keep_heads_of_their_own() -> None:
    names = {key: f"Getting on with one another, part {key}" for key in ("one", "two", "three")}
    heads = draft._heads(names)
    assert len(set(heads.values())) == 3
    assert max(map(len, heads.values())) <= MAX_SHORT
    assert heads["two"].endswith(" 2")
    assert heads["three"].endswith(" 3")


def report(imported: Imported) -> str:
    """What came out, in lines that somebody can compare with the file."""
    formats = imported.definition["formats"]
    lines = [f"languages {' '.join(imported.texts)}"]
    lines += [
        f"scale {key}: {' '.join(scale['items'])}"
        for key, scale in imported.definition["scales"].items()
    ]
    for item in imported.definition["items"]:
        answers = formats[item["format"]]
        said = [own["items"].get(item["code"], "") for own in imported.texts.values()]
        range_of = f"{answers['low']}-{answers['high']}"
        also = " na" if item.get("not_applicable") else ""
        text = next(filter(None, said))
        lines.append(f"item {item['code']} {item['format']} {range_of}{also}: {text}")
    lines += [f"open {one['key']}" for one in imported.definition.get("open_questions", [])]
    lines += [f"refused {one.where} | {one.what} | {one.key}" for one in imported.refused]
    return "\n".join(lines) + "\n"


def problems(definition, texts):
    try:
        read_content("draft", definition, texts)
    except InvalidInstrument as error:
        return error.problems
    return ()


def completed(imported: Imported):
    """The draft with a dimension for each scale, and every missing text written."""
    places = {scale: Place("A2", "risk") for scale in imported.to_set}
    placed = with_dimensions(imported, places)
    definition, texts = dict(placed.definition), dict(placed.texts)
    for problem in problems(definition, texts):
        table = texts[problem.file.removesuffix(".toml")]
        *sections, key = problem.key.split(".")
        for section in sections:
            table = table.setdefault(section, {})
        table[key] = f"[{key}]"
    return read_content("draft", definition, texts)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_program_gives_what_is_written_down(name):
    imported = open_questionnaire(FILES[name](), "nl")
    assert report(imported) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert imported.to_set == tuple(imported.definition["scales"])


@pytest.mark.parametrize("name", [name for name in FILES if name != "version_6_refused"])
def test_a_file_of_another_program_survives_the_way_there_and_back(name):
    instrument = completed(open_questionnaire(FILES[name](), "nl"))
    again = open_questionnaire(WRITERS["xlsform"].write(instrument, "nl"))
    assert again.refused == ()
    assert read_content("again", dict(again.definition), dict(again.texts)) == instrument


ODD_ROWS = [
    (["select_one f", "q", "Kop", "label"], "appearance: label", "note"),
    (["select_multiple g", "q", "Welke?"], "g", "choices_missing"),
    (["score__row", "q", "Los"], "score__row", "choices_missing"),
    (["select_one many", "q", "Hoeveel?"], ", ".join(map(str, range(20))), "choices_many"),
    (["integer", "q", "Hoeveel?", "", ". > 9 or . < 3"], ". > 9 or . < 3", "number"),
    (["integer", "q", "Hoeveel?", "", ". > 9"], ". > 9", "number"),
    (["integer", "q", "Hoeveel?", "", ". > 9 and . < 9"], ". > 9 and . < 9", "number"),
]


@pytest.mark.parametrize(("row", "what", "key"), ODD_ROWS)
def test_a_row_that_asks_nothing_that_can_be_scored_is_refused(row, what, key):
    choices = [["list_name", "name", "label"], *(["many", str(n), "x"] for n in range(121))]
    head = ["type", "name", "label", "appearance", "constraint"]
    sheets = {
        "survey": [head, row, ["", "", "", "", "", "beside the table"]],
        "choices": choices,
        "settings": [["form_id"], ["2024 moe"]],
    }
    imported = read_xlsform(sheets)
    assert [(one.where, one.key) for one in imported.refused] == [("survey 2 · q", key)]
    assert imported.refused[0].what.endswith(what)
    assert str(imported.refused[0]).endswith(REASONS[key])
    assert imported.definition["key"] == "q-2024-moe"


def test_a_number_of_limesurvey_needs_limits_in_order_and_a_script_is_never_taken():
    limits = {"min_num_value_n": "5", "max_num_value_n": "5"}
    asked = [
        Asked("N", "n1", {"en": "How many?"}, attributes=limits),
        Asked("N", "n2", {"en": "How many?"}, attributes={**limits, "max_num_value_n": "500"}),
        Asked("Y", "y1", {"en": "Well?"}),
    ]
    survey = Survey(640, ["en"], {"en": "Numbers"}, [Part({"en": "All"}, asked)])
    content = survey.as_lss().replace(b"<question><![CDATA[Well?]]>", b"<script>x()</script>\\0", 1)
    content = content.replace(b"\\0", b"<question><![CDATA[Well?]]>")
    assert [(one.what, one.key) for one in read_lss(content).refused] == [
        ("5 - 5", "number"),
        ("5 - 500", "number"),
        ("script", "script"),
    ]
