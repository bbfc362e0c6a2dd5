"""Rules of the shell that a reader of the code should not have to remember."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import baken.web
from baken.web.assets import (
    CHARACTERS,
    FONTS,
    StyleRulesNotFound,
    ensure_assets,
    load_static,
    plotly_rules,
)
from baken.web.rendering import environment, figure

WEB = Path(baken.web.__file__).parent
TEMPLATES = sorted(path for path in (WEB / "templates").rglob("*.html"))
OURS = [
    path
    for path in sorted(WEB.rglob("*.py"))
    if path.relative_to(WEB).parts[0] not in {"commands", "documents"}
]


@pytest.mark.parametrize(
    "forbidden",
    [r"request\.form\b", r"\.form\(\)", r"URL_ENCODED", r"RequestEncodingType", r"CSRFConfig"],
)
def test_no_route_uses_the_readers_that_keep_raw_bodies(forbidden: str) -> None:
    users = [str(p) for p in OURS if re.search(forbidden, p.read_text(encoding="utf-8"))]
    assert users == []


def test_only_the_places_for_it_load_the_web_framework() -> None:
    users = {
        path.relative_to(WEB).parts[0]
        for path in sorted(WEB.rglob("*.py"))
        if re.search(r"^\s*(from|import) litestar", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert users <= {"app.py", "errors.py", "pages", "api"}, users


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_style_or_script_and_switch_no_escaping_off(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    assert not re.search(r"\|\s*safe\b", text)
    assert "autoescape" not in text
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
        assert not body.strip() or 'type="application/json"' in attributes


def test_a_file_is_chosen_with_a_button_in_the_language_of_the_page() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert text.count('type="file"') == text.count('{{ file_chooser("'), path


def test_every_template_compiles() -> None:
    made = environment("/static/x")
    for path in TEMPLATES:
        made.get_template(path.relative_to(WEB / "templates").as_posix())


def test_a_locale_filter_follows_the_reader_even_on_a_literal() -> None:
    template = environment("/static/x").from_string("{{ 12345.5 | number }} {{ 0.5 | percent }}")
    assert template.render(language="nl") == "12\u202f345,5 50\u00a0%"
    assert template.render(language="en") == "12\u202f345.5 50%"


def test_a_figure_cannot_leave_its_element() -> None:
    made = str(figure({"name": "</script><!--&", "n": [1, None]}))
    assert made == '{"name":"\\u003c/script\\u003e\\u003c!--\\u0026","n":[1,null]}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        figure({"x": float("nan")})


def test_static_addresses_change_with_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    (tmp_path / "notes.txt").write_text("not served")
    before = load_static(tmp_path)
    (tmp_path / "a.css").write_text("b{}")
    after = load_static(tmp_path)
    assert list(before.files) == ["a.css"]
    assert before.version != after.version


def test_the_build_makes_fonts_with_our_characters_and_the_rules_of_the_charts(
    tmp_path: Path,
) -> None:
    assert ensure_assets(tmp_path)
    assert not ensure_assets(tmp_path)
    (tmp_path / "recipe").write_text("fonts cut by an older Baken")
    assert ensure_assets(tmp_path)
    for name in FONTS:
        path = tmp_path / "fonts" / f"{name}.woff2"
        assert path.stat().st_size < 40_000
        font = TTFont(path)
        letters = font.getBestCmap()
        # A composed sign that borrows the width of a part lies under the next letter.
        glyphs = [font["glyf"][glyph] for glyph in font.getGlyphOrder()]
        parts = [part for one in glyphs if one.isComposite() for part in one.components]
        assert parts
        assert not any(part.flags & 0x0200 for part in parts)
        assert {ord(sign) for sign in "éëçœ€’ 0"} <= set(letters) <= set(CHARACTERS)
    rules = (tmp_path / "plotly.css").read_text(encoding="utf-8")
    assert rules.count("{") == rules.count("}") == 66
    assert ".js-plotly-plot .plotly .main-svg{position:absolute;" in rules


def test_an_unknown_chart_library_stops_the_build() -> None:
    with pytest.raises(StyleRulesNotFound):
        plotly_rules("function(){}")


def test_the_chart_library_finds_the_element_that_keeps_its_map_styles_out() -> None:
    template = (WEB / "templates" / "components" / "charts.html").read_text(encoding="utf-8")
    (guard,) = re.findall(r'<script id="([0-9a-f]{64})"', template)
    script = load_static().files["built/plotly.min.js"].content.decode()
    assert f'if(!document.getElementById("{guard}"))' in script
