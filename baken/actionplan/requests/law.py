"""Facts of law and practice that this room works with, out of `law.toml`, each with its source."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from baken.organisation.permissions import Role

FILE: Final = Path(__file__).with_name("law.toml")
LANGUAGES: Final = ("nl", "fr", "en", "de")


class Status(StrEnum):
    """How sure a fact is."""

    CONFIRMED = "confirmed"  # read in the text of the law or on a page of the authority
    SECONDARY = "secondary"  # read with somebody who cites the law
    UNCONFIRMED = "unconfirmed"  # general knowledge of the field: check it before relying on it
    PRACTICE = "practice"  # an agreement that organisations make, no law


class Length(StrEnum):
    """In what a term is counted."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Rule:
    """One number."""

    key: str
    value: int
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline: so long after an event; `what` and `begin` in every language."""

    key: str
    length: int
    of: Length
    what: Mapping[str, str]
    begin: Mapping[str, str]
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class Field:
    """One figure of the quarterly table: its line of the annual report, and who fills it in."""

    key: str
    row: str
    by: frozenset[str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, in every language."""

    key: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Function:
    """A function that does not go together with that of a confidential counsellor.

    Attributes
    ----------
    roles
        Roles of Baken that are this function, or may be it.
    is_plain
        Whether such a role is this function; else it may be, and somebody looks.
    old_until
        Who was appointed until this day keeps the function; None: nobody does.
    """

    key: str
    texts: Mapping[str, str]
    roles: frozenset[Role]
    is_plain: bool
    old_until: date | None
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are no working days: days of the week from 0 (Monday), fixed and movable days."""

    days_off: frozenset[int]
    fixed: frozenset[tuple[int, int]]
    after_easter: frozenset[int]


@dataclass(frozen=True, slots=True)
class Law:
    """The whole file."""

    rules: Mapping[str, Rule]
    terms: Mapping[str, Term]
    fields: Mapping[str, Field]
    functions: tuple[Function, ...]
    themes: tuple[Choice, ...]
    calendar: Calendar


@cache
def law() -> Law:
    """Return what stands in the file; a mistake in it stops whoever asks."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    calendar = data["calendar"]
    return Law(
        rules={key: _rule(key, one) for key, one in data["rule"].items()},
        terms={key: _term(key, one) for key, one in data["term"].items()},
        fields={key: _field(key, one) for key, one in data["field"].items()},
        functions=tuple(_function(key, one) for key, one in data["function"].items()),
        themes=_choices(data["theme"]),
        calendar=Calendar(
            days_off=frozenset(calendar["days_off"]),
            fixed=frozenset((month, day) for month, day in calendar["fixed"]),
            after_easter=frozenset(calendar["after_easter"]),
        ),
    )


def value_of(key: str) -> int:
    """Return the number of a rule."""
    return law().rules[key].value


def _rule(key: str, one: Mapping[str, Any]) -> Rule:
    return Rule(key, one["value"], one["source"], Status(one["status"]))


def _term(key: str, one: Mapping[str, Any]) -> Term:
    (of,) = (each for each in Length if each in one)
    what, begin = ({code: one[part][code] for code in LANGUAGES} for part in ("what", "begin"))
    return Term(key, one[of], of, what, begin, one["source"], Status(one["status"]))


def _field(key: str, one: Mapping[str, Any]) -> Field:
    return Field(key, one["row"], frozenset(one["by"]), {code: one[code] for code in LANGUAGES})


def _function(key: str, one: Mapping[str, Any]) -> Function:
    return Function(
        key=key,
        texts={code: one[code] for code in LANGUAGES},
        roles=frozenset(Role(role) for role in one["roles"]),
        is_plain=one["is_plain"],
        old_until=one.get("old_until"),
        source=one["source"],
        status=Status(one["status"]),
    )


def _choices(rows: Mapping[str, Mapping[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(key, {code: one[code] for code in LANGUAGES}) for key, one in rows.items())
