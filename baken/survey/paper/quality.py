"""How much of a stack is entered twice, what both entries say, and when all of it has to be.

Pure rules. The intervals of the rates are those of `baken.analysis.methods.rates.error_rate`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Final

from baken.survey.paper.content import IDENTIFIERS, Reading, SheetContent

FIRST_FORMS: Final = 20
"""So many forms of a clerk are all entered twice, before a sample will do."""
SHARE: Final = 0.10
"""Of the forms after that, drawn at random."""
FEWEST_FIELDS: Final = 600
"""Without an error in so many, the rate is below 5 per 1000 (95 %)."""
HIGHEST_RATE: Final = 5 / 1000
"""Wrong fields in the first entry; above it everything is entered twice."""
MOST_WRONG_IDENTIFIERS: Final = 2
"""Group or language of a form: a wrong one moves a whole person."""
STRANGERS: Final = 1 / 3
"""Share of differing fields from which two entries are hardly of the same form."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two entries of forms, field by field; what stays of them is these counts.

    Attributes
    ----------
    checked, differing
        Fields that both entered (without group and language), and those that differ.
    first_wrong, second_wrong
        Fields of which the paper said something else than that entry.
    identifiers_wrong
        Groups and languages of which the paper said something else than the first entry.
    """

    checked: int = 0
    differing: int = 0
    first_wrong: int = 0
    second_wrong: int = 0
    identifiers_wrong: int = 0

    @property
    def is_above_limit(self) -> bool:
        """Whether the stack has to be entered a second time as a whole."""
        too_many = self.first_wrong > HIGHEST_RATE * self.checked
        return too_many or self.identifiers_wrong > MOST_WRONG_IDENTIFIERS


def draw_checked(n_sheets: int, n_fields: int, entered_before: int, chance: Random) -> set[int]:
    """Return the places of the sheets that are entered a second time.

    Parameters
    ----------
    n_sheets : int
        In the stack.
    n_fields : int
        Of one form, without group and language.
    entered_before : int
        Forms that the clerk entered before, in stacks that were sealed.
    chance : Random
        Draws the sample; nobody knows it before the first entry is finished.
    """
    n_first = min(max(FIRST_FORMS - entered_before, 0), n_sheets)
    rest = range(n_first + 1, n_sheets + 1)
    wanted = max(ceil(SHARE * len(rest)), ceil(FEWEST_FIELDS / max(n_fields, 1)) - n_first)
    drawn = chance.sample(rest, min(max(wanted, 0), len(rest)))
    return {*range(1, n_first + 1), *drawn}


def compare(sheets: Iterable[SheetContent]) -> Comparison:
    """Count over the sheets what two entries say; sheets entered once count for nothing."""
    found = list(sheets)
    fields = [
        one for sheet in found for (kind, _), one in sheet.readings.items() if kind != "sheet"
    ]
    twice = [one for one in fields if _is_double(one)]
    named = [getattr(sheet, name) for sheet in found for name in IDENTIFIERS]
    return Comparison(
        checked=len(twice),
        differing=sum(one.differs for one in twice),
        first_wrong=sum(_is_wrong(one, one.first) for one in twice),
        second_wrong=sum(_is_wrong(one, one.second) for one in twice),
        identifiers_wrong=sum(_is_double(one) and _is_wrong(one, one.first) for one in named),
    )


def are_strangers(sheet: SheetContent) -> bool:
    """Whether the two entries are hardly of the same form: the stack lay in another order."""
    counts = compare([sheet])
    return counts.checked > 0 and counts.differing >= STRANGERS * counts.checked


def _is_double(one: Reading) -> bool:
    return one.first is not None and one.second is not None


def _is_wrong(one: Reading, entered: object) -> bool:
    return one.differs and one.decided is not None and one.decided != entered
