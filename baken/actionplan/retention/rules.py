"""The table of terms, out of `rules.toml`, and the day on which a term is over."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from baken.actionplan.errors import ActionPlanError

FILE: Final = Path(__file__).with_name("rules.toml")
LANGUAGES: Final = ("nl", "fr", "en", "de")

Words = Mapping[str, str]


class Ground(StrEnum):
    """Why something is kept so long."""

    LAW = "law"
    NO_TERM = "no_term"  # the law says nothing
    PROMISE = "promise"  # to those who answer
    CHOICE = "choice"
    MACHINE = "machine"


class RetentionError(ActionPlanError):
    """Something about how long records are kept."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of record is kept.

    Attributes
    ----------
    years, days, hours
        The term, one of the three; none: until what `until` says.
    start
        From when the term runs, in words; empty where there is no term.
    is_open, least, most
        Whether an organisation chooses its own term, in years, and between which.
    is_held
        Whether a hold keeps it.
    sweep
        What deletes it; empty: nothing does by itself.
    is_small
        Whether counts of it are shown from five on only.
    """

    key: str
    what: Words
    years: int | None
    days: int | None
    hours: int | None
    start: Words
    until: Words
    ground: Ground
    source: str
    sweep: str
    is_open: bool
    least: int
    most: int
    is_held: bool
    is_small: bool


@cache
def rules() -> Mapping[str, Rule]:
    """Return what stands in the file, by key; a mistake in it stops whoever asks."""
    return {row["key"]: _rule(row) for row in _file()["record"]}


def shorter_after() -> timedelta:
    """Return how long a shorter term waits after a second person confirmed it."""
    return timedelta(days=_file()["shorter_after_days"])


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def is_shorter(years: int | None, than: int | None) -> bool:
    """Whether one term in years ends before another; None never ends."""
    return years is not None and (than is None or years < than)


def get_rule(key: str) -> Rule:
    """Return the rule of one kind of record."""
    if key not in rules():
        raise NoSuchRecord
    return rules()[key]


class NoSuchRecord(RetentionError):
    """The table has no such line."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("retention.missing", "There is nothing at this address.")


def fixed() -> RetentionError:
    """Return the refusal of a term that nobody chooses."""
    return RetentionError(
        "retention.fixed",
        "This term is fixed by the law, by a promise or by how Baken works. It stays.",
    )


def check_years(rule: Rule, years: int, reason: str) -> str:
    """Return the reason; raise `RetentionError` unless these years may be chosen."""
    if not rule.is_open:
        raise fixed()
    if not rule.least <= years <= rule.most:
        raise RetentionError(
            "retention.years_odd",
            "Choose between {least} and {most} years.",
            least=rule.least,
            most=rule.most,
        )
    clean = reason.strip()
    if not clean:
        raise RetentionError("retention.no_reason", "Write down why this term.")
    return clean


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        key=row["key"],
        what=row["what"],
        years=row.get("years"),
        days=row.get("days"),
        hours=row.get("hours"),
        start=row.get("from", {}),
        until=row.get("until", {}),
        ground=Ground(row["status"]),
        source=row["source"],
        sweep=row.get("sweep", ""),
        is_open=row.get("is_open", False),
        least=row.get("least", 0),
        most=row.get("most", 0),
        is_held=row.get("is_held", False),
        is_small=row.get("is_small", False),
    )
