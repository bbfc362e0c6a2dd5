"""Every mistake is named with file, key and remedy; all mistakes of all files at once."""

import pytest

from baken.instruments.errors import InvalidInstrument

MISTAKES = [
    # texts
    (
        ("fr.toml", 'P2 = "I run."\n', ""),
        "fr.toml, items.P2: the text is missing. Write it.",
    ),
    (
        ("fr.toml", 'P2 = "I run."', 'P2 = " "'),
        "fr.toml, items.P2: the text is empty. Write the text.",
    ),
    (
        ("fr.toml", 'joy = "High is joy."', 'joi = "High is joy."'),
        "fr.toml, scale_notes.joi: nothing in definition.toml has this name. Did you mean “joy”?",
    ),
    (
        ("fr.toml", '[short_scales]\npace = "Pace"', '[short_scales]\npace = "Pace of the work"'),
        "fr.toml, short_scales.pace: “Pace of the work” has 16 characters. "
        "Use at most 12; it is the head of a narrow column.",
    ),
    (
        ("fr.toml", '[short_scales]\npace = "Pace"', '[short_scales]\npace = "joy"'),
        "fr.toml, short_scales.joy: “Joy” is the head of pace too. Give each scale a head of its "
        "own.",
    ),
    (
        ("fr.toml", '3 = "always"\n', ""),
        "fr.toml, options.often.3: the label of this answer is missing. Write it.",
    ),
    (
        ("fr.toml", '3 = "always"\n', '3 = "always"\n4 = "ever"\n'),
        "fr.toml, options.often.4: the format goes from 1 to 3. Remove the label.",
    ),
    (
        ("fr.toml", '3 = "always"\n', '3 = "always"\nfour = "ever"\n'),
        "fr.toml, options.often.four: an answer is a whole number. Write the number as the key.",
    ),
    (
        ("fr.toml", "[items]", '[options.zzz]\n1 = "a"\n\n[items]'),
        "fr.toml, options.zzz: nothing in definition.toml has this name. Remove the table.",
    ),
    (
        ("fr.toml", 'night = "by night"\n', ""),
        "fr.toml, bands.pattern.night: the text is missing. Write it.",
    ),
    (
        ("fr.toml", 'language = "fr"', 'language = "nl"'),
        "fr.toml, language: “nl” stands in the file of “fr”. Write “fr”.",
    ),
    (
        ("fr.toml", 'title = "Small"', 'titel = "Small"'),
        "fr.toml, title: this key is missing. Add it: a text between quotes.",
    ),
    (
        ("fr.toml", 'title = "Small"', 'title = "Small"\ntitel = "Small"'),
        "fr.toml, titel: this key is not known here. Did you mean “title”?",
    ),
    (
        ("fr.toml", 'title = "Small"', "title = 3"),
        "fr.toml, title: a text between quotes is expected, not 3. Correct the value.",
    ),
    # files
    (
        ("fr.toml", 'P2 = "I run."', 'P2 = "I run."\nP2 = "I walk."'),
        "fr.toml, line 32: this key stands here for the second time. Keep one of them.",
    ),
    (
        ("fr.toml", 'P2 = "I run."', "P2 = I run."),
        "fr.toml, line 31: this is not valid TOML: Invalid value. Correct the line.",
    ),
    (
        ("fr.toml", 'improve = "What would help?"\n', 'improve = "What would help?'),
        "fr.toml, end of the file: this is not valid TOML: Unterminated string. Correct the line.",
    ),
    (
        ("definition.toml", '["nl", "fr"]', '["nl", "fr", "de"]'),
        "de.toml: the file is missing. "
        "Add it, or take the language out of “languages” in definition.toml.",
    ),
    (
        ("definition.toml", '["nl", "fr"]', '["nl"]'),
        "fr.toml: this file belongs to no language of the instrument. "
        "Add “fr” to “languages” in definition.toml, or remove the file.",
    ),
    (
        ("definition.toml", '["nl", "fr"]', '["nl", "fr", "../fr"]'),
        "definition.toml, languages: “../fr” is not a language. "
        "Use a code of two or three small letters, such as nl, or nl-easy.",
    ),
    (
        ("definition.toml", "high = 3", f"high = {'9' * 5000}"),
        "definition.toml: a number is far too long, or brackets are nested too deeply. "
        "Correct the file.",
    ),
    # names and lists
    (
        ("definition.toml", 'key = "small"', 'key = "Small one"'),
        "definition.toml, key: “Small one” cannot be a name here. "
        "Use small letters, digits, - and _, beginning with a letter.",
    ),
    (
        ("definition.toml", 'kind = "questionnaire"', 'kind = "quiz"'),
        "definition.toml, kind: “quiz” is not a choice here. Use one of questionnaire, screening.",
    ),
    (
        ("definition.toml", 'kind = "questionnaire"\n', ""),
        "definition.toml, kind: this key is missing. Add it: one of questionnaire, screening.",
    ),
    (
        ("definition.toml", '["nl", "fr"]', '["nl", "fr", "nl"]'),
        "definition.toml, languages: “nl” stands in the list twice. Leave one of the two.",
    ),
    (
        ("definition.toml", '["A2", "O"]', "[]"),
        "definition.toml, dimensions: the list is empty. Name at least one.",
    ),
    (
        ("definition.toml", '["A2", "O"]', "[2]"),
        "definition.toml, dimensions: a list of texts is expected. Put every entry between quotes.",
    ),
    (
        ("definition.toml", 'dimensions = ["A2", "O"]\n', ""),
        "definition.toml, dimensions: this key is missing. Add it: a list of texts.",
    ),
    (
        ("definition.toml", '["A2", "O"]', '["A2", "O", "A9"]'),
        "definition.toml, dimensions: dimension “A9” does not exist. Use A1, A2, A3, A4, A5, B, O.",
    ),
    (
        ("definition.toml", '["A2", "O"]', '["A2", "A3", "O"]'),
        "definition.toml, dimensions: dimension A3 has no scale. Remove it, or add a scale.",
    ),
    (
        ("definition.toml", '["A2", "O"]', '["A2"]'),
        "definition.toml, scales.joy.dimension: dimension O is not in the list “dimensions”. "
        "Add it there.",
    ),
    # formats
    (
        ("definition.toml", "high = 3", "high = 1"),
        "definition.toml, formats.often: low (1) is not below high (1). Correct one of the two.",
    ),
    (
        ("definition.toml", "high = 3", "high = 121"),
        "definition.toml, formats.often: 1 to 121 are 121 values; 120 is the most. "
        "Use a coarser question or a smaller range.",
    ),
    (
        ("definition.toml", "high = 3", f"high = {10**30}"),
        f"definition.toml, formats.often: 1 to {10**30} are {10**30} values; 120 is the most. "
        "Use a coarser question or a smaller range.",
    ),
    (
        ("definition.toml", "high = 3", "high = true"),
        "definition.toml, formats.often.high: a whole number is expected, not True. "
        "Correct the value.",
    ),
    (
        ("definition.toml", "[formats.often]\nlow = 1\nhigh = 3", "[formats]\noften = 3"),
        "definition.toml, formats.often: a table [formats.often] is expected, not 3. "
        "Correct the value.",
    ),
    (
        ("definition.toml", "[formats.often]", '[formats."as often"]'),
        "definition.toml, formats.as often: this cannot be a name. "
        "Use letters, digits, - and _, beginning with a letter.",
    ),
    # scales
    (
        ("definition.toml", 'items = ["J1"]', 'items = ["J1", "P1"]'),
        "definition.toml, scales.joy.items: item P1 is already in scale pace. "
        "An item belongs to one scale; take it out of one of the two.",
    ),
    (
        ("definition.toml", 'items = ["J1"]', 'items = ["J1", "J2"]'),
        "definition.toml, scales.joy.items: item J2 does not exist. "
        "Add it under [[items]], or remove it here.",
    ),
    (
        ("definition.toml", 'reversed = ["P3"]', 'reversed = ["J1"]'),
        "definition.toml, scales.pace.reversed: item J1 is not in this scale. "
        "Name items of this scale only.",
    ),
    (
        ("definition.toml", "value = 62.5", "value = 100.5"),
        "definition.toml, scales.pace.cutoff.value: 100.5 lies outside 0-100, where every score "
        "is. Use a score on that scale.",
    ),
    (
        ("definition.toml", "value = 62.5", "value = -1"),
        "definition.toml, scales.pace.cutoff.value: -1 lies outside 0-100, where every score "
        "is. Use a score on that scale.",
    ),
    (
        ("definition.toml", "value = 62.5", "value = nan"),
        "definition.toml, scales.pace.cutoff.value: nan lies outside 0-100, where every score "
        "is. Use a score on that scale.",
    ),
    (
        ("definition.toml", "value = 62.5", 'value = "62"'),
        "definition.toml, scales.pace.cutoff.value: a number is expected, not '62'. "
        "Correct the value.",
    ),
    (
        ("definition.toml", "value = 62.5, ", ""),
        "definition.toml, scales.pace.cutoff.value: this key is missing. Add it: a number.",
    ),
    (
        ("definition.toml", 'operator = ">="', 'operator = "<"'),
        "definition.toml, scales.pace.cutoff.operator: “<” contradicts high_is = “risk”. Use “>=”.",
    ),
    (
        ("definition.toml", "min_group = 15", "min_group = 4"),
        "definition.toml, scales.pace.min_group: 4 is below 5; people could be recognised. "
        "Use 5 or more, or leave the key out.",
    ),
    (
        ("definition.toml", "min_group = 15", "min_answered = 0"),
        "definition.toml, scales.pace.min_answered: 0 is not a share of the items. "
        "Use a number above 0 and at most 1; 0.5 is half of the items.",
    ),
    (
        ("definition.toml", "min_group = 15", "min_grup = 15"),
        "definition.toml, scales.pace.min_grup: this key is not known here. "
        "Did you mean “min_group”?",
    ),
    (
        ("definition.toml", "min_group = 15", "lights = { orange_from = 0.3 }"),
        "definition.toml, scales.pace.lights: the lights change at 0.3 and 0.25. "
        "Use shares between 0 and 1, orange_from below red_from.",
    ),
    (
        ("definition.toml", "min_group = 15", 'lights = { red_from = "high" }'),
        "definition.toml, scales.pace.lights.red_from: a number is expected, not 'high'. "
        "Correct the value.",
    ),
    # items
    (
        ("definition.toml", 'code = "P2"', 'code = "P1"'),
        "definition.toml, items: code P1 is used by two items. Give each item its own code.",
    ),
    (
        ("definition.toml", 'items = ["J1"]', "items = []"),
        "definition.toml, items[4].code: item J1 is in no scale. "
        "Add it to the items of a scale, or remove it.",
    ),
    (
        ("definition.toml", 'code = "P2"\nformat = "often"', 'code = "P2"\nformat = "oftn"'),
        "definition.toml, items[2].format: answer format “oftn” of item P2 does not exist. "
        "Did you mean “often”?",
    ),
    (
        ("definition.toml", 'code = "P2"\nformat = "often"', 'code = "P2"\nformat = "xyz"'),
        "definition.toml, items[2].format: answer format “xyz” of item P2 does not exist. "
        "Add [formats.xyz].",
    ),
    (
        ("definition.toml", 'secondary = ["A1"]', 'secondary = ["A2"]'),
        "definition.toml, items (P1).secondary: “A2” is not another dimension. "
        "Use A1, A2, A3, A4, A5, B, O, other than A2.",
    ),
    (
        ("definition.toml", 'code = "P2"', 'code = "comment2"'),
        "definition.toml, items: “comment2” is the name of another field of the form. "
        "Choose another name.",
    ),
    (
        ("definition.toml", "not_applicable = true", 'not_applicable = "yes"'),
        "definition.toml, items[2].not_applicable: true or false is expected, not 'yes'. "
        "Correct the value.",
    ),
    # background and open questions
    (
        ("definition.toml", 'bands = ["day", "night"]', 'bands = ["day"]'),
        "definition.toml, backgrounds (pattern).bands: there is only one band. Name at least two.",
    ),
    (
        ("definition.toml", 'key = "pattern"', 'key = "P1"'),
        "definition.toml, backgrounds: “P1” is also the code of an item. Choose another name.",
    ),
    (
        ("definition.toml", "max_bytes = 500", "max_bytes = 0"),
        "definition.toml, open_questions (improve).max_bytes: 0 bytes is no length for an "
        "answer. Use 1 to 10000.",
    ),
    (
        ("definition.toml", "max_bytes = 500", "max_bytes = 10001"),
        "definition.toml, open_questions (improve).max_bytes: 10001 bytes is no length for an "
        "answer. Use 1 to 10000.",
    ),
    (
        ("definition.toml", "max_bytes = 500\n", ""),
        "definition.toml, open_questions[1].max_bytes: this key is missing. "
        "Add it: a whole number.",
    ),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES, ids=[text for _, text in MISTAKES])
def test_a_mistake_is_named_with_file_key_and_remedy(small, change, message):
    small.change(*change)
    assert message in small.problems()


@pytest.mark.parametrize("boundary", ["min_group = 5", "min_answered = 1"])
def test_the_nearest_allowed_value_is_accepted(small, boundary):
    small.change("definition.toml", "min_group = 15", boundary)
    assert small.read().key == "small"


@pytest.mark.parametrize("value", ["0", "100", "100.0"])
def test_a_cut_off_may_stand_at_either_end(small, value):
    small.change("definition.toml", "62.5", value)
    assert small.read().scale("pace").cutoff.value == float(value)


def test_120_values_still_fit(small):
    small.change("definition.toml", "high = 3", "high = 120\nnumeric = true")
    assert len(small.read().item("P1").format.values) == 120


def test_more_than_three_background_questions_are_refused(small):
    for key in ("one", "two", "three"):
        small.add("definition.toml", f'\n[[backgrounds]]\nkey = "{key}"\nbands = ["a", "b"]\n')
    assert (
        "definition.toml, backgrounds: there are 4 background questions; 3 is the most, so that "
        "nobody can be recognised. Remove the ones that help least."
    ) in small.problems()


@pytest.mark.parametrize(
    ("section", "more"),
    [
        ("backgrounds", 'key = "pattern"\nbands = ["a", "b"]'),
        ("open_questions", 'key = "improve"\nmax_bytes = 5'),
    ],
)
def test_a_question_twice_is_refused(small, section, more):
    small.add("definition.toml", f"\n[[{section}]]\n{more}\n")
    key = more.split('"')[1]
    assert (
        f"definition.toml, {section}: key {key} is used twice. Give each question its own key."
    ) in small.problems()


def test_an_empty_text_is_one_mistake(small):
    small.change("fr.toml", 'P2 = "I run."', 'P2 = ""')
    assert small.problems() == ["fr.toml, items.P2: the text is empty. Write the text."]


def test_brackets_without_end_are_a_mistake_in_the_file(small):
    small.change("fr.toml", '"I run."', "[" * 5000)
    assert small.problems() == [
        "fr.toml: a number is far too long, or brackets are nested too deeply. Correct the file."
    ]


def test_a_missing_definition_is_named(small):
    (small.path / "definition.toml").unlink()
    assert small.problems() == [
        "definition.toml: the file is missing. Add it, or point at the folder that holds it."
    ]


def test_a_file_in_another_encoding_is_named_with_its_line(small):
    path = small.path / "fr.toml"
    path.write_bytes(path.read_bytes().replace(b"I run.", "À courir.".encode("latin-1")))
    assert small.problems() == [
        "fr.toml, line 31: the file is not written in UTF-8. Save it again with encoding UTF-8."
    ]


def test_a_folder_in_the_place_of_a_file_is_named(small):
    (small.path / "fr.toml").unlink()
    (small.path / "fr.toml").mkdir()
    assert small.problems() == ["fr.toml: the file cannot be read (Is a directory). Check it."]


def test_labels_of_numbers_are_the_same_in_all_languages(small):
    small.change("definition.toml", "high = 3", "high = 3\nnumeric = true")
    small.change("nl.toml", '2 = "sometimes"\n', "")
    assert small.problems() == [
        "nl.toml, options.often.2: the label of this answer is missing. Write it."
    ]


def test_entries_that_are_no_tables_are_named(small):
    small.change("definition.toml", 'licence = "Own."', 'licence = "Own."\nbackgrounds = ["age"]')
    small.change(
        "definition.toml", '[[backgrounds]]\nkey = "pattern"\nbands = ["day", "night"]', ""
    )
    assert (
        "definition.toml, backgrounds[1]: a table is expected. Write [[backgrounds]]."
    ) in small.problems()


def test_a_definition_without_any_table_is_reported_part_by_part(small):
    (small.path / "definition.toml").write_text('formats = 3\nscales = "x"\n', encoding="utf-8")
    problems = small.problems()
    assert "definition.toml, formats: a table [formats] is expected, not 3. Correct the value." in (
        problems
    )
    assert "definition.toml, items: this key is missing. Add it: one or more tables [[items]]." in (
        problems
    )


def test_all_mistakes_of_all_files_come_together(small):
    small.change("definition.toml", "value = 62.5", "value = 150")
    small.change("definition.toml", 'code = "P2"', 'code = "P1"')
    small.change("nl.toml", 'title = "Small"\n', "")
    small.change("fr.toml", 'P3 = "I rest."\n', "")
    with pytest.raises(InvalidInstrument) as caught:
        small.read()
    files = [problem.file for problem in caught.value.problems]
    assert {"definition.toml", "nl.toml", "fr.toml"} == set(files)
    message = str(caught.value)
    assert message.startswith(
        f"The instrument in {small.path} cannot be used; nothing was changed."
    )
    assert f"Points to repair: {len(files)}.\n" in message
    assert all(str(problem) in message for problem in caught.value.problems)


def test_one_mistake_is_one_point(small):
    small.change("definition.toml", "value = 62.5", "value = 150")
    with pytest.raises(InvalidInstrument, match=r"Points to repair: 1\."):
        small.read()


def test_only_a_scale_with_a_cut_off_has_a_source_for_it(small):
    small.add("nl.toml", '[cutoff_sources]\npase = "Afgesproken."\n')
    problems = small.problems()
    assert any("cutoff_sources.pace: the text is missing" in line for line in problems)
    assert any("cutoff_sources.pase: nothing in definition.toml" in line for line in problems)
