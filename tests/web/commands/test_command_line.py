import pytest

from baken.web.commands import main as line


def ended(arguments):
    with pytest.raises(SystemExit) as end:
        line.main(arguments)
    return end.value.code or 0


def test_every_command_can_be_loaded_and_explains_itself(capsys):
    assert ended(["--help"]) == 0
    said = capsys.readouterr().out
    for name in line.COMMANDS:
        assert name in said
        assert ended([name, "--help"]) == 0
        assert f"baken {name}" in capsys.readouterr().out


def test_an_unknown_command_ends_with_two(capsys):
    assert ended(["dance"]) == 2
    assert "No such command" in capsys.readouterr().err


COMMANDS = """
from baken.storage.errors import BakenError

def fails() -> None:
    raise BakenError("some.key", "{what} went wrong. Nothing was changed.", what="Something")

def breaks() -> None:
    raise OSError(28, "No space left on device")
"""


def test_errors_are_one_sentence_and_end_with_one(capsys, monkeypatch, tmp_path):
    (tmp_path / "failing_commands.py").write_text(COMMANDS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    failing = {name: f"failing_commands:{name}" for name in ("fails", "breaks")}
    monkeypatch.setattr(line, "COMMANDS", failing)
    assert ended(["fails"]) == 1
    assert capsys.readouterr().err == "Something went wrong. Nothing was changed.\n"
    assert ended(["breaks"]) == 1
    assert capsys.readouterr().err == "The system: No space left on device.\n"


GROUP = """
import typer

box = typer.Typer()

@box.command()
def a():
    print("a")

@box.command()
def b(): ...
"""


def test_a_group_of_commands_stands_beside_single_ones(capsys, monkeypatch, tmp_path):
    (tmp_path / "grouped_commands.py").write_text(GROUP, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(line, "COMMANDS", {"box": "grouped_commands:box"})
    assert ended(["box", "a"]) == 0
    assert capsys.readouterr().out == "a\n"
