"""Files with answers as another program would write them, and what is told about them."""

import random
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from baken.instruments.library import load_instrument
from baken.survey.box.importing.checking import Asked
from baken.survey.box.importing.columns import Columns, suggest
from baken.survey.box.importing.files import read_table
from baken.survey.box.importing.rules import ImportPlan

INSTRUMENT = load_instrument("vijf-a", "1")
CODES = [item.code for item in INSTRUMENT.items]


def answers_of(number: int) -> list[int]:
    """Answers on the questionnaire's own numbers, from which `number` can be read back."""
    chance = random.Random(number)
    digits = [number // 5**place % 5 for place in range(8)]
    rest = [chance.randrange(5) for _ in CODES[8:]]
    lows = [item.format.low for item in INSTRUMENT.items]
    return [low + value for low, value in zip(lows, (*digits, *rest), strict=True)]


def person_of(row: Sequence[int]) -> int:
    """Who gave the answers of a stored row."""
    return sum(int(code) * 5**place for place, code in enumerate(row[:8]))


def write_file(people: Iterable[tuple[str, int]], *, more: Sequence[str] = ()) -> bytes:
    """One line per (unit, number of the person); `more` are lines as they stand."""
    head = ";".join(["eenheid", *CODES, "opmerking"])
    lines = [
        ";".join([unit, *map(str, answers_of(number)), f"opmerking-{number}-van-iemand"])
        for unit, number in people
    ]
    return "\r\n".join([head, *lines, *more]).encode()


def asked_of(content: bytes, *, today: date, columns: Columns | None = None, **told: Any) -> Asked:
    """An import as a person would ask for it."""
    values: dict[str, Any] = {
        "title": "Bevraging 2024",
        "first_on": date(2024, 3, 1),
        "last_on": date(2024, 3, 31),
        "units_on": date(2024, 3, 31),
        "min_group": 10,
        "kept_until_on": today.replace(year=today.year + 1),
    }
    table = read_table(content)
    guessed = suggest(table, INSTRUMENT, {"comments": {"improve": "opmerking"}})
    plan = ImportPlan(**(values | told))
    return Asked(content, "vijf-a", "1", plan, columns or guessed)
