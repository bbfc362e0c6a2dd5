"""Screenings: what the reader says of a mistake, and what the shipped one promises."""

import shutil
from dataclasses import replace
from fractions import Fraction

import pytest

from baken.instruments.errors import InvalidInstrument
from baken.instruments.library import SHIPPED, load_instrument
from baken.instruments.reading import read_content
from baken.instruments.sheet import NOT_APPLICABLE, decode, encode, is_code
from baken.instruments.writing import definition_of, texts_of
from tests.instruments.conftest import Folder

LIGHTS = load_instrument("knipperlichten", "1")
LANGUAGES = ("nl", "fr", "en", "de")

MISTAKES = [
    (
        ("definition.toml", 'kind = "screening"', 'kind = "questionnaire"'),
        "definition.toml, screening: only a screening has lights. "
        "Write kind = “screening”, or remove the table.",
    ),
    (
        ("definition.toml", "red_from = 8", "red_from = 13"),
        "definition.toml, screening.overall: the colour of all lights changes at 4 and 13. "
        "Use whole numbers from 1 to 12, orange_from below red_from.",
    ),
    (
        ("definition.toml", "orange_from = 1.10", "orange_from = nan"),
        "definition.toml, screening.bands.rate: the colour changes at nan and 1.25. "
        "Use numbers above 1, orange_from below red_from.",
    ),
    (
        ("definition.toml", 'by = "difference"', 'by = "count"'),
        "definition.toml, screening.bands.cases.by: “count” is not a choice here. "
        "Use one of ratio, difference.",
    ),
    (
        ("definition.toml", 'sector = "rate"', 'sector = "rates"'),
        "definition.toml, screening.lights[1].sector: there are no bands “rates”. "
        "Did you mean “rate”?",
    ),
    (
        ("definition.toml", 'item = "ABF"\nsector', 'item = "ABX"\nsector'),
        "definition.toml, screening.lights: item ABX does not exist. Did you mean “ABS”?",
    ),
    (
        ("definition.toml", "high = 1\nunknown = true", "high = 1"),
        "definition.toml, items (ABS).format: a light is off, on or unknown. "
        "Use a format with low = 0, high = 1 and unknown = true.",
    ),
    (
        ("definition.toml", 'code = "ABS"\n', 'code = "ABS"\nnot_applicable = true\n'),
        "definition.toml, items[1].not_applicable: format “light” offers “I do not know” in this "
        "place. Take one of the two away.",
    ),
    (
        ("fr.toml", "screening_note = ", "screening_notes = "),
        "fr.toml, screening_note: nothing says what this screening is, and what it is not. "
        "Write one or two sentences.",
    ),
    (
        ("de.toml", "[lights.ABS]", "[lights.ABT]"),
        "de.toml, lights.ABS: the texts are missing. Write them.",
    ),
    (
        ("de.toml", "[lights.ABS]", "[lights.ABT]"),
        "de.toml, lights.ABT: nothing in definition.toml has this name. Did you mean “ABS”?",
    ),
    (
        ("nl.toml", 'figure = "% van de werkdagen"', 'figure = ""'),
        "nl.toml, lights.ABS.figure: the text is empty. Write the text.",
    ),
]


@pytest.fixture
def lights(tmp_path):
    shutil.copytree(SHIPPED / "knipperlichten" / "1", tmp_path / "lights")
    return Folder(tmp_path / "lights")


@pytest.mark.parametrize(("change", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_remedy(lights, change, said):
    lights.change(*change)
    assert said in lights.problems()


def test_a_screening_without_lights_is_none(lights):
    path = lights.path / "definition.toml"
    head = path.read_text(encoding="utf-8").partition("[screening]")[0]
    path.write_text(head, encoding="utf-8")
    assert (
        "definition.toml, screening: the lights of this screening are missing. Add [screening]."
        in (lights.problems())
    )


def test_twelve_lights_are_own_words_and_say_so():
    assert (len(LIGHTS.screening.lights), LIGHTS.kind) == (12, "screening")
    assert not LIGHTS.screening.is_official
    bands = (LIGHTS.screening.overall, *LIGHTS.screening.bands)
    assert all(one.source.startswith("Own default of Baken, provisional") for one in bands)
    overall = LIGHTS.screening.overall
    assert (overall.orange_from, overall.red_from) == (4, 8)
    assert LIGHTS.languages == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_light_is_one_short_sentence(language):
    texts = LIGHTS.texts[language]
    for code, text in texts.items.items():
        assert len(text.split()) <= 20, code
        assert text.endswith("."), code
    for code, light in texts.lights.items():
        assert len(light.on_when.split()) <= 20, code
        assert len(light.name) <= 60, code


def test_not_knowing_is_an_answer_of_its_own():
    item = LIGHTS.items[0]
    assert [is_code(item, code) for code in (0, 1, 2, NOT_APPLICABLE)] == [True, True, False, True]
    assert decode(item.format, NOT_APPLICABLE) == "unknown"
    assert decode(item.format, encode(item, 1)) == 1


def test_what_is_written_reads_back_the_same():
    again = read_content("again", definition_of(LIGHTS), texts_of(LIGHTS))
    assert replace(again, fingerprint=LIGHTS.fingerprint) == LIGHTS


def test_a_light_may_say_less_and_have_nothing_to_be_compared_with():
    first, *others = LIGHTS.screening.lights
    light = replace(first, sector=None, size=None, change=None, low_is_worse=True)
    screening = replace(LIGHTS.screening, bands=(), lights=(light, *others))
    bare = replace(LIGHTS, screening=screening)
    assert definition_of(bare)["screening"]["lights"][0] == {
        "item": light.item,
        "low_is_worse": True,
    }
    assert "bands" not in definition_of(bare)["screening"]


@pytest.mark.parametrize(
    ("lit", "word"), [(3, "green"), (4, "orange"), (7, "orange"), (8, "red"), (12, "red")]
)
def test_a_limit_belongs_to_the_worse_colour(lit, word):
    assert LIGHTS.screening.overall.colour(Fraction(lit)).word == word


def test_a_light_is_found_by_its_item():
    first = LIGHTS.screening.lights[0]
    assert LIGHTS.screening.light(first.item) == first
    with pytest.raises(KeyError):
        LIGHTS.screening.light("NONE")


def test_a_language_without_its_file_is_named():
    texts = texts_of(LIGHTS)
    del texts["de"]
    with pytest.raises(InvalidInstrument, match=r"de\.toml: the texts are missing"):
        read_content("again", definition_of(LIGHTS), texts)
