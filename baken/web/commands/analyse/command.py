"""`baken analyse`: the whole analysis on a file of one's own, without server or database."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from baken.analysis.releases.comparing import (
    check_previous,
    with_previous,
    with_previous_recommendation,
    with_references,
)
from baken.analysis.releases.results import analyse as analyse_counts
from baken.analysis.releases.units import tree_of_results
from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP, check_min_group
from baken.web.commands.errors import NoItems

from .progress import followed
from .reading.answers import count_answers
from .reading.headcounts import read_headcounts
from .reading.references import read_previous, read_references
from .reading.units import read_units
from .warnings import Files, list_warnings, warnings_of_groups, warnings_of_previous
from .writing.files import MAKERS, Report, check_folder, check_language, write_results

BUILT: Final = tuple(MAKERS)

MOST_PRINTED: Final = 300
"""Units above which nobody wants a PDF without asking: a hundred pages, half a gigabyte to make."""

GROUP_HELP: Final = (
    "Column with a background group of each person. Publish one grouping of a file, with one "
    "--min-group: results of two can be subtracted."
)


def _file(metavar: str, says: str) -> Any:
    return typer.Option(exists=True, dir_okay=False, metavar=metavar, help=says)


def analyse(
    answers: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="ANSWERS.csv",
            help="One row a person, one column an item; empty is a missing answer. CSV or XLSX.",
        ),
    ],
    *,
    instrument: Annotated[
        str, typer.Option(metavar="KEY_OR_FOLDER", help="A shipped instrument, or a folder.")
    ],
    units: Annotated[
        Path,
        _file(
            "UNITS.csv",
            "Columns unit, headcount and, if there are, parent, name, joined and left.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(file_okay=False, metavar="DIR", help="Where the results are written.")
    ],
    unit_column: Annotated[str, typer.Option(help="Column that names the unit.")] = "unit",
    min_group: Annotated[
        int, typer.Option(help="Fewest people of anything shown; 5 or more.")
    ] = DEFAULT_MIN_GROUP,
    group: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help=GROUP_HELP),
    ] = None,
    group_headcounts: Annotated[
        Path | None,
        _file("FILE", "Columns group and headcount: for weights and response by group."),
    ] = None,
    reference: Annotated[
        Path | None,
        _file("FILE", "Columns scale,mean,sd,n,source,year,population,format to compare with."),
    ] = None,
    previous: Annotated[
        Path | None,
        _file("RESULTS.json", "Results of an earlier survey with the same questions: the trend."),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(help=f"What is written, separated by commas; by itself {','.join(BUILT)}."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="nl, fr, en or de, if the instrument has it: of the page, the workbook, the PDF.",
        ),
    ] = None,
    unprotected: Annotated[
        bool, typer.Option("--unprotected", help="No disclosure control: not for release.")
    ] = False,
    progress: Annotated[
        bool | None,
        typer.Option(help="Say how far it is; by itself at a terminal, for large files."),
    ] = None,
) -> None:
    """Analyse a file of answers: figures per unit, nothing about fewer people than agreed."""
    wanted = list(BUILT) if formats is None else _check_formats(formats)
    _check_group(min_group, group, group_headcounts, unit_column)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    check_folder(out)
    questions = _with_items(load_instrument(instrument), group)
    read = read_units(units)
    check_language(questions, language)
    if formats is None and len(read.tree.units) > MOST_PRINTED:
        wanted.remove("pdf")
        _say(console, [_not_printed(len(read.tree.units))])
    references = read_references(reference, questions) if reference else []
    earlier = read_previous(previous) if previous else None
    if earlier:
        check_previous(earlier, questions, protected=not unprotected)
    people = read_headcounts(group_headcounts) if group_headcounts else None
    with followed(console, answers, progress) as on_bytes:
        counted = count_answers(
            answers,
            questions,
            read.tree,
            unit_column=unit_column,
            group=group,
            on_bytes=on_bytes,
        )
    found: dict[str, Any] = analyse_counts(
        counted.tally,
        read.tree,
        questions,
        min_group=min_group,
        protected=not unprotected,
        drivers=counted.drivers,
        headcounts={group: people.people} if group and people else None,
    ).results
    about_groups = group_headcounts.name if group_headcounts else ""
    files = Files(answers.name, units.name, unit_column, about_groups)
    _say(console, list_warnings(files, read, counted, questions, found))
    _say(console, warnings_of_groups(files, people, counted) if people else ())
    if references:
        found["reference"] = with_references(found, references)
    if earlier and previous:
        trees = (read.tree, tree_of_results(earlier))
        asked = (found, earlier, questions, trees, read.movers)
        found["trend"] = with_previous(*asked)
        if questions.recommendation:
            found["recommendation_trend"] = with_previous_recommendation(*asked)
        found["previous"] = {key: earlier.get(key) for key in ("instrument", "n", "headcount")}
        _say(console, warnings_of_previous(previous.name, found, earlier, questions))
    if unprotected:
        found = {"not_for_release": True, **found}
        _say(console, ["Without disclosure control: these results are not for release."])
    for written in write_results(out, wanted, Report(found, questions, read.tree, language)):
        print(written.path)
        _say(console, (f"{written.path.name}: {note}" for note in written.notes))


def _not_printed(n_units: int) -> str:
    return (
        f"results.pdf was left out: with {n_units} units it would have hundreds of pages. Ask for "
        "it with --formats pdf."
    )


def _say(console: Console, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        console.print(sentence, markup=False)


def _with_items(questions: Instrument, group: str | None) -> Instrument:
    """Return an instrument that says which items each of its scales has."""
    without = [scale.key for scale in questions.scales if not scale.items]
    if without:
        raise NoItems(questions.key, without)
    if group in {item.code for item in questions.items}:
        raise typer.BadParameter(
            f"{group} is a question of {questions.key}: groups made of answers would tell them. "
            "Name a column with a background group.",
            param_hint="--group",
        )
    return questions


def _check_group(
    min_group: int, group: str | None, headcounts: Path | None, unit_column: str
) -> None:
    try:
        check_min_group(min_group)
    except DisclosureError as error:
        raise typer.BadParameter(str(error), param_hint="--min-group") from error
    if headcounts and not group:
        raise typer.BadParameter(
            "Headcounts of groups need --group, the column that holds the groups.",
            param_hint="--group-headcounts",
        )
    if group == unit_column:
        raise typer.BadParameter(
            f"{group} is the column of the units already; they are shown without it.",
            param_hint="--group",
        )


def _check_formats(formats: str) -> list[str]:
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        if name not in BUILT:
            raise typer.BadParameter(
                f"There is no format {name}. Choose from {', '.join(BUILT)}.",
                param_hint="--formats",
            )
    if not wanted:
        raise typer.BadParameter(
            f"Name at least one format: {', '.join(BUILT)}.", param_hint="--formats"
        )
    return list(dict.fromkeys(wanted))
