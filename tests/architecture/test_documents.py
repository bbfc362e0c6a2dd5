"""Pages say what the code does: tables are compared, names in them exist."""

import ast
import re
import runpy
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

import baken
from baken.actionplan.indicators.types import INDICATOR_TYPES, Better, Figure
from baken.analysis.methods.lights import Light
from baken.analysis.releases.drivers import DRIVER_FIGURES, MODEL_FIGURES
from baken.analysis.releases.groups import BAND_FIGURES
from baken.analysis.releases.numbers import Reason
from baken.analysis.releases.organisation import ITEM_FIGURES, ORGANISATION_FIGURES
from baken.analysis.releases.response import RESPONSE_FIGURES
from baken.analysis.releases.units import UNIT_FIGURES
from baken.analysis.releases.weighting import WEIGHT_FIGURES
from baken.organisation.handing_out import APART, GUEST_DAYS
from baken.organisation.permissions import ALLOWED, Action, Role

ROOT = Path(baken.__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
METHODS = ROOT / "baken" / "analysis" / "methods"
MENTIONED = re.compile(r"`((?:docs|tests|baken)/[\w./-]+\.(?:md|py))(?:::(\w+))?`")

# Steps of a computation that answer no question by themselves.
INNER_STEPS = {"midranks"}


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def table(page: str, first_column: str) -> list[list[str]]:
    """The rows below the header that begins with `first_column`."""
    lines = iter(page.splitlines())
    for line in lines:
        if line.startswith(f"| {first_column} |"):
            rows = [line]
            for row in lines:
                if not row.startswith("|"):
                    break
                rows.append(row)
            return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    raise AssertionError(first_column)


def public_functions(path: Path) -> list[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    names = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    return [name for name in names if not name.startswith("_") and name not in INNER_STEPS]


def test_the_table_of_roles_is_that_of_the_code() -> None:
    header, _, *rows = table(read("reference/roles.md"), "Action")
    assert header[1:] == [f"`{role}`" for role in Role]
    assert [row[0] for row in rows] == [f"`{action}`" for action in Action]
    for action, row in zip(Action, rows, strict=True):
        said = {role for role, cell in zip(Role, row[1:], strict=True) if cell == "yes"}
        assert said == ALLOWED[action], action
        assert set(row[1:]) <= {"yes", ""}, action


def test_every_role_says_who_it_is() -> None:
    _, _, *rows = table(read("reference/roles.md"), "Role")
    assert [row[0] for row in rows] == [f"`{role}`" for role in Role]
    assert all(row[1] for row in rows)


def test_every_right_has_its_reason() -> None:
    _, _, *rows = table(read("reference/roles.md"), "Right")
    assert [row[0] for row in rows] == [f"`{action}`" for action in Action]
    assert all(row[1].endswith(".") for row in rows)


def test_the_roles_that_keep_apart_are_those_of_the_code() -> None:
    _, _, *rows = table(read("reference/roles.md"), "One")
    said = {(row[0].strip("`"), row[1].strip("`")) for row in rows}
    assert said == {(one, other) for one, others in APART.items() for other in others}
    assert all(row[2] for row in rows)


def test_the_page_of_roles_names_the_limit_of_a_guest() -> None:
    assert f"at most {GUEST_DAYS} days" in read("reference/roles.md")


def test_every_indicator_and_its_fields_are_described() -> None:
    page = read("reference/indicators.md")
    sections = {part.split("`")[1]: part for part in page.split("\n## ")[1:]}
    assert list(sections) == [kind.kind for kind in INDICATOR_TYPES]
    for kind in INDICATOR_TYPES:
        _, _, *rows = table(sections[kind.kind], "Field")
        said = re.findall(r"`(\w+)`", " ".join(row[0] for row in rows))
        assert sorted(said) == sorted(field.name for field in fields(kind)), kind.kind
        assert all(f"`{way}`" in sections[kind.kind] for way in Better)
    assert all(f"`{figure}`" in sections["scale"] for figure in Figure)


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("The organisation", (*ORGANISATION_FIGURES, *ITEM_FIGURES)),
        ("A unit", UNIT_FIGURES),
        ("A background group", BAND_FIGURES),
        ("Weighed by groups", WEIGHT_FIGURES),
        ("Who answered", RESPONSE_FIGURES),
        ("What hangs together", (*DRIVER_FIGURES, *MODEL_FIGURES)),
        ("`withheld`", get_args(Reason)),
    ],
)
def test_every_key_of_the_results_is_described(section: str, names: tuple[str, ...]) -> None:
    (part,) = [p for p in read("reference/results-json.md").split("\n## ") if p.startswith(section)]
    assert [name for name in names if f"`{name}`" not in part] == []


def test_every_light_is_described() -> None:
    page = read("reference/results-json.md")
    assert {light.rstrip("?") for light in get_args(Light)} == {"green", "orange", "red", "grey"}
    assert all(f"`{light.rstrip('?')}`" in page for light in get_args(Light))


@pytest.mark.parametrize("path", sorted(METHODS.glob("[!_]*.py")), ids=lambda path: path.stem)
def test_every_method_is_explained(path: Path) -> None:
    page = read("explanation/methods.md")
    missing = [name for name in public_functions(path) if f"`{name}`" not in page]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_tests_that_a_page_names_exist(page: Path) -> None:
    missing = []
    for name, test in MENTIONED.findall(page.read_text(encoding="utf-8")):
        path = ROOT / name
        if not path.is_file() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
            missing.append(f"{name}::{test}" if test else name)
    assert missing == []


def test_the_states_that_are_drawn_are_those_of_the_code() -> None:
    drawn = runpy.run_path(str(ROOT / "docs" / "state_diagrams.py"))["in_markdown"]()
    assert read("reference/states.md") == drawn, "make docs"
