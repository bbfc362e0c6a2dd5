"""What the reference pages say is what the code and the files do."""

import re
from pathlib import Path

from baken.instruments.library import load_instrument
from baken.instruments.reading import read_instrument

PAGES = Path(__file__).parents[2] / "docs" / "reference"


def test_the_example_of_the_format_page_is_a_valid_instrument(tmp_path):
    page = (PAGES / "instrument-format.md").read_text(encoding="utf-8")
    definition, texts = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    (tmp_path / "definition.toml").write_text(definition, encoding="utf-8")
    for language in ("nl", "fr"):
        text = texts.replace('language = "nl"', f'language = "{language}"')
        (tmp_path / f"{language}.toml").write_text(text, encoding="utf-8")
    instrument = read_instrument(tmp_path)
    assert [item.code for item in instrument.items] == ["P1", "P2", "P3"]
    assert instrument.scale("pace").red_from == 0.30


def test_the_page_of_vijf_a_lists_every_scale_as_it_is():
    instrument = load_instrument("vijf-a", "1")
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
