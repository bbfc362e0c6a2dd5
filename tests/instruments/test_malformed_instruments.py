"""Whatever stands in the files: an instrument, or a list of problems; never another error."""

import copy
import json
import tomllib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from baken.instruments.errors import InvalidInstrument
from baken.instruments.library import SHIPPED
from baken.instruments.reading import read_instrument

FOLDER = SHIPPED / "vijf-a" / "1"
FILES = {
    name: tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    for name in ("definition.toml", "nl.toml", "fr.toml")
}
STRANGE = [
    *(0, -1, 3, 10**18, 1.5, float("nan"), float("inf"), True, date(2026, 1, 1)),
    *("", " ", "x", "A1", "frequency", "é\u202e", [], [[]], [1], ["ORG1"], [{}], {}, {"a": {}}),
]


def toml(value):
    """Write a value in one line of TOML."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {toml(entry)}" for key, entry in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(toml(entry) for entry in value)}]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def places(value, path=()):
    """Every place in a file."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, entry in inside:
        yield (*path, key)
        if isinstance(entry, dict | list):
            yield from places(entry, (*path, key))


PLACES = {name: list(places(content)) for name, content in FILES.items()}


@st.composite
def damage(draw):
    name = draw(st.sampled_from(sorted(FILES)))
    place = draw(st.sampled_from(PLACES[name]))
    return name, place, draw(st.sampled_from(["drop", "rename", *range(len(STRANGE))]))


def damaged(contents, name, place, how):
    *way, last = place
    spot = contents[name]
    for key in way:
        spot = spot[key]
    if how == "drop":
        del spot[last]
    elif how == "rename" and isinstance(spot, dict):
        spot[f"{last}x"] = spot.pop(last)
    elif how != "rename":
        spot[last] = STRANGE[how]


def outcome(folder):
    try:
        read_instrument(folder)
    except InvalidInstrument as refused:
        told = all(problem.what and problem.remedy for problem in refused.problems)
        return "refused" if refused.problems and told else "refused without a word"
    return "read"


@settings(max_examples=100, deadline=None)
@given(damage())
def test_a_damaged_instrument_is_read_or_refused(one):
    contents = copy.deepcopy(FILES)
    damaged(contents, *one)
    with TemporaryDirectory() as folder:
        for name, content in contents.items():
            lines = (f"{json.dumps(key)} = {toml(value)}\n" for key, value in content.items())
            (Path(folder) / name).write_text("".join(lines), encoding="utf-8")
        assert outcome(Path(folder)) in {"read", "refused"}
