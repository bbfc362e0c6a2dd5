"""`baken instruments`: list, check, import and export, as somebody at a prompt uses them."""

import json
import shutil

import pytest

from baken.instruments.library import SHIPPED, load_instrument
from baken.web.commands.main import main
from tests.instruments.foreign_forms import as_xlsx, by_hand, odk_build
from tests.instruments.foreign_surveys import version_3, version_6_refused


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            main(["instruments", *map(str, arguments)])
        said = capsys.readouterr()
        return caught.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(as_xlsx(odk_build()))
    return path


def test_every_command_explains_itself(run):
    for name in ("list", "check", "import", "export"):
        code, out, _ = run(name, "--help")
        assert (code, "--json" in out) == (0, True)


def test_the_list_says_what_can_be_asked(run):
    code, out, _ = run("list", "--json")
    usable = {row["key"]: row["usable"] for row in json.loads(out)}
    assert (code, usable["vijf-a"], usable["bat-12"]) == (0, True, False)
    _, out, _ = run("list")
    assert "bat-12 1: 12 items, 6 scales, structure only, without texts" in out


def test_a_structure_is_checked_text_by_text_until_it_can_be_asked(run, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(SHIPPED / "bat-12" / "1", folder)
    code, out, _ = run("check", folder)
    assert code == 1
    assert "Missing: 68." in out
    assert "- nl.toml, items.EX1: the text is missing. Write it." in out
    code, out, _ = run("check", folder, "--json")
    assert (code, json.loads(out)["usable"], len(json.loads(out)["problems"])) == (1, False, 68)
    definition = folder / "definition.toml"
    text = definition.read_text(encoding="utf-8").replace("structure_only = true\n", "")
    definition.write_text(text.replace('"nl", "fr", "en", "de"', '"nl"'), encoding="utf-8")
    for language in ("fr", "en", "de"):
        (folder / f"{language}.toml").unlink()
    items = "".join(f'{item.code} = "Vraag"\n' for item in load_instrument("bat-12").items)
    with (folder / "nl.toml").open("a", encoding="utf-8") as opened:
        opened.write(f'\n[items]\n{items}\n[options.frequency]\n1 = "nooit"\n')
    code, out, _ = run("check", folder, "--json")
    assert (code, [one["key"] for one in json.loads(out)["problems"]]) == (
        1,
        [f"options.frequency.{value}" for value in (2, 3, 4, 5)],
    )
    code, _, err = run("check", folder)
    assert code == 1
    assert "nl.toml, options.frequency.5: the label of this answer is missing." in err
    with (folder / "nl.toml").open("a", encoding="utf-8") as opened:
        opened.write("".join(f'{value} = "soms"\n' for value in range(2, 6)))
    code, out, _ = run("check", folder)
    assert (code, "is in order: 12 items, 6 scales" in out) == (0, True)
    code, out, _ = run("check", folder, "--json")
    assert (code, json.loads(out)["usable"]) == (0, True)


def test_a_form_of_another_program_becomes_a_folder_that_can_be_asked(run, form, tmp_path):
    folder = tmp_path / "taken"
    code, out, _ = run("import", form, "--out", folder)
    assert code == 0
    assert "4 questions taken, 9 points refused." in out
    assert "survey 6 · weight: decimal. A number needs a lowest" in out
    assert "scales.health.dimension: “” is not a choice here." in out
    assert run("check", folder)[0] == 1
    other = tmp_path / "placed"
    code, out, _ = run("import", form, "--out", other, "--scale", "health=O:risk", "--json")
    report = json.loads(out)
    assert (code, report["to_set"], report["problems"]) == (0, [], [])
    assert {one["key"] for one in report["refused"]} >= {"repeat", "personal", "number"}
    assert run("check", other)[0] == 0
    code, _, err = run("import", form, "--out", other)
    assert (code, "holds files already" in err) == (1, True)


def test_a_limesurvey_file_and_a_form_without_language_are_taken_too(run, tmp_path):
    survey, form = tmp_path / "survey.lss", tmp_path / "hand.xlsx"
    survey.write_bytes(version_3().as_lss())
    form.write_bytes(as_xlsx(by_hand()))
    for file in (survey, form):
        code, out, _ = run("import", file, "--out", tmp_path / file.stem, "--language", "nl")
        assert (code, "Left to do before it can be asked" in out) == (0, True)
    assert (tmp_path / "survey" / "en.toml").is_file()


@pytest.mark.parametrize(
    ("scale", "sentence"),
    [
        ("health", "says no place"),
        ("health=A9:risk", "says no place"),
        ("pace=O:risk", "The file has no scale pace. It has health."),
    ],
)
def test_a_place_that_is_none_is_asked_wrongly(run, form, tmp_path, scale, sentence):
    code, _, err = run("import", form, "--out", tmp_path / "x", "--scale", scale)
    assert code == 2
    assert sentence in " ".join(err.replace("│", " ").split())
    assert not (tmp_path / "x").exists()


def test_a_file_without_a_single_question_is_refused_with_its_reasons(run, tmp_path):
    survey = tmp_path / "survey.lss"
    survey.write_bytes(version_6_refused().as_lss())
    code, _, err = run("import", survey, "--out", tmp_path / "x")
    assert (code, "No question of survey.lss can be taken." in err) == (1, True)
    assert "- born: type D. Such an answer could show who gave it." in err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("key", ["vijf-a-kort", "woccq"])
def test_what_goes_out_comes_in_again(run, tmp_path, key):
    for form, name in (("xlsform", "x.xlsx"), ("json", "x.json")):
        file, folder = tmp_path / name, tmp_path / form
        code, out, _ = run("export", key, "--to", form, "--out", file, "--json")
        assert (code, json.loads(out)["form"]) == (0, form)
        code, out, _ = run("import", file, "--out", folder)
        assert (code, "0 points refused" in out) == (0, True)
        assert load_instrument(folder).items == load_instrument(key).items
    code, out, _ = run("export", key, "--to", "codebook", "--out", tmp_path / "book.xlsx")
    assert (code, out.strip()) == (0, str(tmp_path / "book.xlsx"))


def test_a_form_that_does_not_exist_is_asked_wrongly(run, tmp_path):
    assert run("export", "puls", "--to", "pdf", "--out", tmp_path / "x")[0] == 2
    assert run("import", tmp_path / "none.xlsx", "--out", tmp_path / "x")[0] == 2
    assert run("export", "nothing", "--out", tmp_path / "x")[0] == 1
