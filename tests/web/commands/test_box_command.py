"""`baken box import`: a file from the shell, nothing written while something would be missing."""

import json
from pathlib import Path
from typing import Any

import pytest

from baken.organisation.permissions import Role
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.web.commands.main import main
from tests.elsewhere import CODES, write_file
from tests.web.test_units_pages import import_units

ROWS = [(unit, 50 * place + n) for place, unit in enumerate(("110", "Zorg")) for n in range(12)]


@pytest.fixture
def shell(website: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What every call says; the settings point at the installation of the website."""
    import_units(website.browser(Role.ADMINISTRATOR), website.root)
    for name, value in (
        ("BAKEN_DATABASE_URL", website.settings.database_url),
        ("BAKEN_KEYS", website.settings.keys),
        ("BAKEN_BACKUPS", website.settings.backups),
    ):
        monkeypatch.setenv(name, str(value))
    told = [
        "--organisation",
        str(website.organisation.id),
        "--as",
        website.account_of(Role.ADVISER),
    ]
    told += ["--instrument", "vijf-a 1", "--title", "Bevraging 2026", "--units-on", "2026-03-02"]
    return [*told, "--from", "2026-03-02", "--until", "2026-03-31"]


def call(capsys: Any, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["box", "import", *arguments])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def campaigns(website: Any) -> list[tuple[CampaignState, int | None]]:
    with website.database.read(website.organisation.id) as session:
        return [(row.state, row.n_answers) for row in session.query(Campaign)]


def test_a_file_is_checked_accepted_and_imported(
    website: Any, shell: list[str], tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(write_file(ROWS, more=["elders;NA" + ";3" * 68 + ";"]))
    code, _, said = call(capsys, str(file), *shell)
    assert code == 1
    assert "row 26, column B: ORG1: “NA” is no answer to this question" in said
    assert "“elders” is none of the units: row 26" in said
    assert "--accept" in said
    assert campaigns(website) == []
    names = tmp_path / "columns.json"
    names.write_text(json.dumps({"comments": {"improve": "opmerking"}}))
    code, out, _ = call(capsys, str(file), *shell, "--columns", str(names), "--accept", "--json")
    assert code == 0
    assert json.loads(out)["state"] == "scrubbed"
    assert campaigns(website) == [(CampaignState.SCRUBBED, 25)]
    assert file.exists()  # it is not ours to delete
    code, _, said = call(capsys, str(file), *shell, "--accept")
    assert (code, "imported before" in said) == (1, True)


def test_what_is_asked_wrongly_is_said_in_a_sentence(
    website: Any, shell: list[str], tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(write_file(ROWS).replace(CODES[0].encode(), b"Vraag"))
    names = tmp_path / "columns.json"
    for written in ("no json", "[]", '{"items": {"ORG1": 3}}', '{"lowest": "1"}', '{"more": 1}'):
        names.write_text(written)
        code, _, said = call(capsys, str(file), *shell, "--columns", str(names))
        assert (code, "JSON object" in said) == (1, True), written
    code, _, said = call(capsys, str(file), *shell, "--first-column", "Nergens")
    assert (code, "There is no column Nergens" in said) == (1, True)
    code, _, said = call(capsys, str(file), *shell, "--as", "niemand@proef.invalid")
    assert (code, "no account" in said) == (1, True)
    code, _, said = call(capsys, str(file), *shell)
    assert (code, "no column for: ORG1" in said) == (1, True)
    assert campaigns(website) == []
    # The file has no answers to the open questions; that too has to be accepted.
    code, out, _ = call(capsys, str(file), *shell, "--first-column", "Vraag", "--accept")
    assert (code, out) == (0, "scrubbed\n")
