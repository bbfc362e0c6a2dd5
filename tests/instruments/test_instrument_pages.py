"""What the reference pages say is what the code and the files do."""

import re
from pathlib import Path

import pytest

from baken.instruments.library import load_instrument
from baken.instruments.reading import read_instrument

PAGES = Path(__file__).parents[2] / "docs" / "reference"


def test_the_examples_of_the_format_page_are_valid_instruments(tmp_path):
    page = (PAGES / "instrument-format.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    read = []
    for definition, texts in zip(blocks[::2], blocks[1::2], strict=True):
        folder = tmp_path / str(len(read))
        folder.mkdir()
        (folder / "definition.toml").write_text(definition, encoding="utf-8")
        for language in ("nl", "fr"):
            text = texts.replace('language = "nl"', f'language = "{language}"')
            (folder / f"{language}.toml").write_text(text, encoding="utf-8")
        read.append(read_instrument(folder))
    questionnaire, screening = read
    assert [item.code for item in questionnaire.items] == ["P1", "P2", "P3"]
    assert questionnaire.scale("pace").red_from == 0.30
    assert screening.screening.light("REQ").change.by == "difference"


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_page_of_vijf_a_lists_every_scale_as_it_is(version):
    instrument = load_instrument("vijf-a", version)
    page = (PAGES / "vijf-a.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("| `")
    ]
    assert [(key, high, answers, items, cut) for key, _, high, answers, items, cut, _ in rows] == [
        (
            f"`{scale.key}`",
            scale.high_is,
            instrument.scale_items(scale.key)[0].format.key,
            " ".join(item.code + "−" * item.reversed for item in instrument.scale_items(scale.key)),
            f"{scale.cutoff.operator} {scale.cutoff.value:g}",
        )
        for scale in instrument.scales
    ]
