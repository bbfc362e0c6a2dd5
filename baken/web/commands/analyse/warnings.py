"""What is odd about the files of an analysis that could be done all the same.

Every sentence names the file, and where there is one the row and the column. They are for whoever
holds the files; nothing of them ends up in the results.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baken.analysis.tallies.shape import N_SPECIAL
from baken.analysis.tallies.tally import NO_BAND
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import NO_UNIT, ROOT

from .reading.answers import Counted
from .reading.headcounts import Headcounts
from .reading.units import Units

MOST_OF_A_KIND: Final = 100
MOST_NAMED: Final = 12

TURNED: Final = -0.3
"""Correlation with the other questions at which a question was probably turned around. One that
belongs to its scale has .3 or more, turned around the opposite; by chance alone, among fifty
people, one in fifty comes so low."""

Results = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Files:
    """What the files are called, and the column of the answers that names the unit."""

    answers: str
    units: str
    unit_column: str
    headcounts: str = ""


def list_warnings(
    files: Files, read: Units, counted: Counted, questions: Instrument, found: Results
) -> Iterator[str]:
    """Return one sentence for every odd thing, those about a whole file first."""
    for name, notes, ignored in (
        (files.units, read.notes, read.ignored),
        (files.answers, counted.notes, counted.ignored),
    ):
        yield from _about_file(name, notes, ignored)
    yield from _values(files, counted)
    yield from _units(files, read, counted)
    yield from _scales(files, counted, questions, found)
    yield from _few(files, read, counted, found)
    yield from _unusable(files, counted, questions)


def warnings_of_groups(files: Files, read: Headcounts, counted: Counted) -> Iterator[str]:
    """Return what is odd about the headcounts, and what does not fit the groups of the answers."""
    yield from _about_file(files.headcounts, read.notes, read.ignored)
    people = read.people
    crossing = counted.tally.crossing
    asked = {column: crossing.named(column) for column in crossing.questions} if crossing else {}
    for column, named in asked.items():
        bands = named - {NO_BAND}
        for band in sorted(set(people) - bands):
            yield (
                f"{files.headcounts}: nobody of group {band} answered in {files.answers}, column "
                f"{column}; means cannot be weighed by these groups. Correct the name, or count "
                "the group together with another one in both files."
            )
        for band in sorted(bands - set(people)):
            yield (
                f"{files.headcounts}: group {band} of column {column} has no headcount; response "
                "and weights of these groups are left out. Add a row for it."
            )


def warnings_of_previous(
    name: str, found: Results, previous: Results, questions: Instrument
) -> Iterator[str]:
    """Return what is odd about earlier results: other units, or themes that cannot be compared."""
    now, then = set(found["units"]), set(previous["units"])
    both = len(now & then)
    if 2 * both < max(len(now), len(then)):
        yield (
            f"{name}: of {len(now)} units now and {len(then)} then only {both} have the same name. "
            "Is this an earlier survey of the same people? The change of the whole is only worth "
            "something if it is."
        )
    left_out = [scale.key for scale in questions.scales if scale.key not in found["trend"]]
    if left_out:
        yield (
            f"{name}: made with version {previous['instrument']['version']}; not compared, because "
            f"their questions changed: {', '.join(left_out)}."
        )


def _about_file(name: str, notes: Iterable[str], ignored: Sequence[str]) -> Iterator[str]:
    yield from (f"{name}: {note}" for note in notes)
    if ignored:
        yield f"{name}: not used: {', '.join(ignored)}."


def _values(files: Files, counted: Counted) -> Iterator[str]:
    for oddity in counted.oddities[:MOST_OF_A_KIND]:
        yield f"{files.answers}, {oddity}"
    left = len(counted.oddities) - MOST_OF_A_KIND
    if left > 0:
        yield f"{files.answers}: {left} other values were counted as missing."


def _units(files: Files, read: Units, counted: Counted) -> Iterator[str]:
    tree, rows = read.tree, counted.tally.rows
    silent = []
    for key in tree.keys:
        n = rows.get(key, 0) + (rows.get(tree.root_key, 0) if key == ROOT and tree.root_key else 0)
        people, name = tree.headcount(key), tree.root_key_or(key)
        where = f"{files.units}, row {read.rows.get(name)}, column headcount: {name}"
        if n and people is not None and n > people:
            yield (
                f"{where} has {people} people, but {n} answered: check the headcount, or whether "
                "the questionnaire was shared."
            )
        elif n and people is None:
            yield (
                f"{where} has no headcount; its response rate and the correction of its margins "
                "are left out. Add the number of people."
            )
        elif people and not n and not any(rows.get(unit) for unit in tree.below(key)):
            silent.append(f"{name} (row {read.rows.get(name)})")
    if silent:
        more = f" and {len(silent) - MOST_NAMED} more" if len(silent) > MOST_NAMED else ""
        yield f"{files.units}: nobody answered in {', '.join(silent[:MOST_NAMED])}{more}."
    if rows.get(NO_UNIT):
        times = f" {rows[NO_UNIT]} times, first here." if rows[NO_UNIT] > 1 else ""
        yield (
            f"{files.answers}, row {counted.first_without_unit}, column {files.unit_column}: names "
            f"no unit; counts for the whole organisation only.{times}"
        )


def _scales(files: Files, counted: Counted, questions: Instrument, found: Results) -> Iterator[str]:
    given = {item.code: _given(counted, item.code) for item in questions.items}
    for scale in questions.scales:
        if not any(sum(given[code]) for code in scale.items):
            yield (
                f"{files.answers}, columns {', '.join(scale.items)}: nobody answered, so "
                f"{scale.key} has no figures. Check whether these questions were asked, and "
                "whether the answers stand under these names."
            )
            continue
        for item in questions.scale_items(scale.key):
            different = [place for place, people in enumerate(given[item.code]) if people]
            if not different:
                yield f"{files.answers}, column {item.code}: nobody answered this question."
            elif len(different) == 1 and counted.n_rows > 1:
                yield (
                    f"{files.answers}, column {item.code}: everybody who answered gave "
                    f"{different[0] + item.format.low}. Check whether the column is the right one."
                )
    yield from _turned(files, questions, found)
    yield from _negative(files, questions, found)


def _given(counted: Counted, code: str) -> list[int]:
    """How many people gave each answer to an item, the lowest answer first."""
    shape, answers = counted.tally.shape, counted.tally.cells.answers
    column = shape.items.index(code)
    begin, end = shape.offsets[column] + N_SPECIAL, shape.offsets[column + 1]
    return [int(people) for people in answers[:, begin:end].sum(axis=0)]


def _turned(files: Files, questions: Instrument, found: Results) -> Iterator[str]:
    """Name each question that goes against its scale once, with a total only if with no other."""
    named = set()
    for scale in sorted(questions.scales, key=lambda scale: scale.is_total):
        for code, figures in found["scales"][scale.key]["items"].items():
            rest = figures["item_rest"]
            if rest is None or rest > TURNED or code in named:
                continue
            named.add(code)
            yield (
                f"{files.answers}, column {code}: goes against the other questions of {scale.key} "
                f"(correlation {rest:.2f}); {_remedy(questions, code)}"
            )


def _remedy(questions: Instrument, code: str) -> str:
    if questions.item(code).reversed:
        return (
            "the instrument turns it around; perhaps the file had done so already. Give the "
            "answers as people gave them."
        )
    return "perhaps it was turned around in the file. Give the answers as people gave them."


def _negative(files: Files, questions: Instrument, found: Results) -> Iterator[str]:
    """Name the scales whose questions contradict each other: all of them may be turned around."""
    for scale in questions.scales:
        alpha = found["scales"][scale.key]["alpha"]
        turned = [item.code for item in questions.scale_items(scale.key) if item.reversed]
        if alpha is not None and alpha < 0 and turned:
            yield (
                f"{files.answers}, columns {', '.join(scale.items)}: the questions of {scale.key} "
                f"contradict each other (alpha {alpha:.2f}). The instrument turns "
                f"{', '.join(turned)} around; perhaps the file had done so already. Give the "
                "answers as people gave them."
            )


def _unusable(files: Files, counted: Counted, questions: Instrument) -> Iterator[str]:
    """Say last and once which columns were filled in and could not be used at all."""
    odd = {oddity.column for oddity in counted.oddities if not oddity.is_no_answer}
    columns = [
        item.code
        for item in questions.items
        if item.code in odd and not any(_given(counted, item.code))
    ]
    if columns:
        more = f" and {len(columns) - MOST_NAMED} more" if len(columns) > MOST_NAMED else ""
        yield (
            f"{files.answers}: NOTHING of columns {', '.join(columns[:MOST_NAMED])}{more} could be "
            "used, though there are values in them. What is empty in the results is empty for "
            "that reason, not to protect anybody. Correct the values and try again."
        )


def _few(files: Files, read: Units, counted: Counted, found: Results) -> Iterator[str]:
    if found["withheld"] == "privacy":
        yield (
            f"{files.answers}: fewer than {found['min_group']} people answered, so all figures are "
            "empty."
        )
    elif not read.tree.units:
        yield f"{files.units}: there is one unit only; nothing can be compared."
    elif found["protected"] and not any(entry["n"] for entry in found["units"].values()):
        yield (
            f"{files.units}: no unit can be shown by itself; the figures are those of the whole "
            "organisation."
        )
    if (
        (crossing := counted.tally.crossing)
        and not found["groups"]
        and found["withheld"] != "privacy"
    ):
        column = crossing.questions[0]
        yield (
            f"{files.answers}, column {column}: these groups cannot be shown without telling about "
            f"fewer than {found['min_group']} people. Put small groups together and try again."
        )
