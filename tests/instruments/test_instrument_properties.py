"""Any valid instrument comes back from its files as it was written, keys and all."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from baken.instruments.definition import DIMENSIONS
from baken.instruments.reading import read_instrument


@st.composite
def written_instruments(draw):
    """The plan of an instrument: formats, then per scale a direction and items."""
    formats = draw(
        st.dictionaries(
            st.sampled_from(["f1", "f2", "f3"]),
            st.tuples(st.integers(-5, 5), st.integers(1, 119)),
            min_size=1,
        )
    )
    item = st.tuples(st.sampled_from(sorted(formats)), st.booleans())
    scale = st.tuples(
        st.sampled_from(DIMENSIONS),
        st.sampled_from(["risk", "resource"]),
        st.lists(item, min_size=1, max_size=6),
        st.none() | st.floats(0, 100),
        st.none() | st.integers(5, 40),
    )
    return formats, draw(st.lists(scale, min_size=1, max_size=5))


def code(scale, item):
    return f"S{scale}I{item}"


def definition(formats, scales):
    quote = json.dumps
    dimensions = sorted({dimension for dimension, *_ in scales})
    lines = [
        'key = "drawn"\nversion = "1"\nkind = "questionnaire"\nlanguages = ["en"]',
        f'dimensions = {quote(dimensions)}\nsource = "Drawn."\nlicence = "None."',
    ]
    lines += [f"[formats.{k}]\nlow = {low}\nhigh = {low + n}" for k, (low, n) in formats.items()]
    for s, (dimension, high_is, items, cutoff, min_group) in enumerate(scales):
        codes = [code(s, i) for i in range(len(items))]
        turned = [code(s, i) for i, (_, is_turned) in enumerate(items) if is_turned]
        lines += [
            f'[scales.s{s}]\ndimension = "{dimension}"\nhigh_is = "{high_is}"\nsource = "Drawn."',
            f"items = {quote(codes)}\nreversed = {quote(turned)}",
        ]
        if cutoff is not None:
            operator = ">=" if high_is == "risk" else "<"
            lines += [f'cutoff = {{ operator = "{operator}", value = {cutoff!r}, source = "D." }}']
        if min_group is not None:
            lines += [f"min_group = {min_group}"]
    lines += [
        f'[[items]]\ncode = "{code(s, i)}"\nformat = "{answer_format}"'
        for s, (_, _, items, _, _) in enumerate(scales)
        for i, (answer_format, _) in enumerate(items)
    ]
    return "\n".join(lines)


def texts(formats, scales):
    dimensions = sorted({dimension for dimension, *_ in scales})
    lines = ['language = "en"\ntitle = "Drawn"']
    for section in ("dimensions", "dimension_headings"):
        lines += [f"[{section}]", *(f'{key} = "text"' for key in dimensions)]
    for section in ("scales", "short_scales", "scale_notes"):
        lines += [f"[{section}]", *(f's{s} = "text {s}"' for s in range(len(scales)))]
    for key, (low, n) in formats.items():
        lines += [f"[options.{key}]", *(f'{low + i} = "label"' for i in range(n + 1))]
    lines += ["[items]"]
    for s, (_, _, items, _, _) in enumerate(scales):
        lines += [f'{code(s, i)} = "text"' for i in range(len(items))]
    return "\n".join(lines)


@settings(max_examples=50, deadline=None)
@given(written_instruments())
def test_a_valid_instrument_comes_back_with_its_scoring_keys(plan):
    formats, scales = plan
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "definition.toml").write_text(definition(formats, scales), encoding="utf-8")
        (folder / "en.toml").write_text(texts(formats, scales), encoding="utf-8")
        instrument = read_instrument(folder)
    for s, (dimension, high_is, items, cutoff, min_group) in enumerate(scales):
        scale = instrument.scale(f"s{s}")
        assert (scale.dimension, scale.high_is, scale.min_group) == (dimension, high_is, min_group)
        assert (scale.cutoff and scale.cutoff.value) == cutoff
        read = [
            (i.format.key, i.reversed, i.dimension, i.scale)
            for i in instrument.scale_items(f"s{s}")
        ]
        assert read == [(key, turned, dimension, f"s{s}") for key, turned in items]
    assert sorted(i for s in instrument.scales for i in s.items) == sorted(
        item.code for item in instrument.items
    )
    for answer_format in instrument.formats:
        low, n = formats[answer_format.key]
        assert (answer_format.low, answer_format.high) == (low, low + n)
        assert list(instrument.texts["en"].options[answer_format.key]) == list(answer_format.values)
