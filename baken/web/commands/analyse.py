"""`baken analyse`: the whole analysis on a file of one's own, without server or database."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from baken.analysis.releases.comparing import with_previous, with_references
from baken.analysis.releases.results import results
from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP, check_min_group
from baken.survey.disclosure.tree import Tree

from .analysis_page import analysis_page
from .answers_file import Counted, count_answers
from .errors import NoItems
from .references_file import read_previous, read_references
from .units_file import Units, read_units

BUILT: Final = ("json", "html")
NOT_YET: Final = ("xlsx", "pdf")
MOST_WARNINGS: Final = 100


def analyse(
    answers: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="ANSWERS.csv",
            help="One row a person, one column an item; empty is a missing answer.",
        ),
    ],
    *,
    instrument: Annotated[
        str, typer.Option(metavar="KEY_OR_FOLDER", help="A shipped instrument, or a folder.")
    ],
    units: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="UNITS.csv",
            help="Columns unit, headcount and, if there are, parent and name.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(file_okay=False, metavar="DIR", help="Where the results are written.")
    ],
    unit_column: Annotated[str, typer.Option(help="Column that names the unit.")] = "unit",
    min_group: Annotated[
        int, typer.Option(help="Fewest people of anything shown; 5 or more.")
    ] = DEFAULT_MIN_GROUP,
    formats: Annotated[str, typer.Option(help="What is written, separated by commas.")] = ",".join(
        BUILT
    ),
    unprotected: Annotated[
        bool, typer.Option("--unprotected", help="No disclosure control: not for release.")
    ] = False,
    reference: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="CSV with scale,mean,sd,n,source,year,population,format to compare with.",
        ),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="RESULTS.json",
            help="Results of an earlier survey with the same questions, for the trend.",
        ),
    ] = None,
    group: Annotated[str | None, typer.Option(help="Not built yet.")] = None,
) -> None:
    """Analyse a file of answers: figures per unit, nothing about fewer people than agreed."""
    wanted = _check_options(formats, min_group)
    _refuse_unbuilt(**{"--group": group})
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    questions = _with_items(load_instrument(instrument))
    read = read_units(units)
    references = read_references(reference, questions) if reference else []
    earlier = read_previous(previous) if previous else None
    with _progress(console, answers) as on_bytes:
        counted = count_answers(
            answers, questions, read.tree, unit_column=unit_column, on_bytes=on_bytes
        )
    _warn(console, answers, units, read, counted)
    found = results(
        counted.tally, read.tree, questions, min_group=min_group, protected=not unprotected
    )
    if references:
        found["reference"] = with_references(found, references)
    if earlier:
        found["trend"] = with_previous(found, earlier, questions, read.tree)
    if unprotected:
        found = {"not_for_release": True, **found}
        console.print("Without disclosure control: these results are not for release.")
    for path in _write(out, wanted, found, questions, read.tree):
        print(path)


def _with_items(questions: Instrument) -> Instrument:
    """Return an instrument that says which items each of its scales has."""
    without = [scale.key for scale in questions.scales if not scale.items]
    if without:
        raise NoItems(questions.key, without)
    return questions


def _check_options(formats: str, min_group: int) -> list[str]:
    try:
        check_min_group(min_group)
    except DisclosureError as error:
        raise typer.BadParameter(str(error), param_hint="--min-group") from error
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        if name in NOT_YET:
            raise typer.BadParameter(
                f"The format {name} is not built yet. Nothing was written. "
                f"Choose from {', '.join(BUILT)}.",
                param_hint="--formats",
            )
        if name not in BUILT:
            raise typer.BadParameter(
                f"There is no format {name}. Choose from {', '.join(BUILT)}.",
                param_hint="--formats",
            )
    if not wanted:
        raise typer.BadParameter(
            f"Name at least one format: {', '.join(BUILT)}.", param_hint="--formats"
        )
    return wanted


def _refuse_unbuilt(**options: str | None) -> None:
    for name, value in options.items():
        if value is not None:
            raise typer.BadParameter(
                f"{name} is not built yet. Nothing was written. Leave the option out.",
                param_hint=name,
            )


@contextmanager
def _progress(console: Console, path: Path) -> Iterator[Callable[[int], None]]:
    """A bar that follows the bytes of the file; nothing where nobody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"Counting {path.name}", total=path.stat().st_size)
        yield lambda done: bar.update(task, completed=done)


def _warn(console: Console, answers: Path, units: Path, read: Units, counted: Counted) -> None:
    for path, ignored in ((answers, counted.ignored), (units, read.ignored)):
        if ignored:
            console.print(f"{path.name}: not used: {', '.join(ignored)}.", markup=False)
    for oddity in counted.oddities[:MOST_WARNINGS]:
        console.print(f"{answers.name}, {oddity}", markup=False)
    if len(counted.oddities) > MOST_WARNINGS:
        left = len(counted.oddities) - MOST_WARNINGS
        console.print(f"{answers.name}: {left} other values were counted as missing.", markup=False)
    for unit, n, headcount in _overfull(read.tree, counted.tally.rows):
        console.print(
            f"{units.name}: {unit} has {headcount} people, but {n} answered: "
            "check the headcount, or whether the questionnaire was shared.",
            markup=False,
        )


def _overfull(tree: Tree, rows: dict[str, int]) -> Iterator[tuple[str, int, int]]:
    for label, n in rows.items():
        key = tree.key_of(label)
        headcount = tree.headcount(key)
        if label and headcount is not None and n > headcount:
            yield tree.root_key_or(key), n, headcount


def _write(
    out: Path, formats: list[str], found: dict[str, Any], instrument: Instrument, tree: Tree
) -> Iterator[Path]:
    made = {
        "json": lambda: json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        "html": lambda: analysis_page(found, instrument, tree),
    }
    # Everything is made before anything is written: a folder holds all formats or none.
    contents = {name: made[name]() for name in formats}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        path = out / f"results.{name}"
        beside = out / f".results.{name}.new"
        beside.write_text(content, encoding="utf-8")
        beside.replace(path)
        yield path
