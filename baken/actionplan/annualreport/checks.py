"""Whether the figures of a report agree with each other; each finding says why it matters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from baken.actionplan.annualreport.answers import Answer
from baken.actionplan.annualreport.applying import is_empty
from baken.actionplan.annualreport.law import Law
from baken.actionplan.indicators.accidents.lists import lists
from baken.actionplan.indicators.yearly import FormType


class Weight(StrEnum):
    """A block keeps the report from being ready; a warning asks to look once more."""

    BLOCK = "block"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree.

    `key` names the sentence, `values` fill it, `about` are the keys of the fields it is about.
    """

    weight: Weight
    key: str
    about: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks look at: values by key, and what Baken knew."""

    form: FormType
    values: Mapping[str, Any]
    answers: Mapping[str, Answer]
    law: Law

    def number(self, key: str) -> float | None:
        """A figure; None when it is empty or does not stand on the form."""
        value = self.values.get(key)
        return None if value is None or is_empty(value) else float(value)

    def sum(self, *keys: str) -> float | None:
        """The sum of figures; None when one is empty."""
        numbers = [self.number(key) for key in keys]
        known = [number for number in numbers if number is not None]
        return sum(known) if len(known) == len(numbers) else None


FULL_TIME: Final = 100
FORMAL: Final = ("formal_collective", "formal_individual", "formal_violence")
FOLLOWED: Final = ("formal_measures_individual", "formal_measures_collective", "formal_no_measures")
NATURES: Final = (
    "acts_physical",
    "acts_psychological",
    "acts_bullying",
    "acts_sexual",
    "acts_other",
)
INFORMAL_BY: Final = ("informal_counsellor", "informal_adviser")
INFORMAL_KINDS: Final = ("informal_advice", "informal_intervention", "informal_reconciliation")


def list_findings(looked: Looked) -> tuple[Finding, ...]:
    """Return everything that does not agree, what blocks first."""
    found = [finding for check in CHECKS for finding in check(looked)]
    return tuple(sorted(found, key=lambda one: one.weight is not Weight.BLOCK))


def _empty(looked: Looked) -> Iterator[Finding]:
    """What the form asks of everybody has to be filled in; nought is an answer."""
    for key, answer in looked.answers.items():
        if answer.is_empty and looked.form in answer.field.needed:
            yield Finding(Weight.BLOCK, "empty", (key,))


def _unfounded(looked: Looked) -> Iterator[Finding]:
    """Another value than the records give needs its reason."""
    for key, answer in looked.answers.items():
        if answer.is_changed and answer.entered and not answer.entered.reason.strip():
            yield Finding(Weight.BLOCK, "no_reason", (key,))


def _hours(looked: Looked) -> Iterator[Finding]:
    """2.1 is always filled in, and people who work have hours."""
    hours = looked.number("hours")
    if hours is not None and hours <= 0:
        yield Finding(Weight.BLOCK, "hours_nought", ("hours",))


def _accidents(looked: Looked) -> Iterator[Finding]:
    """Days without an accident, and a death without its flat rate, are mistakes of counting."""
    for key, code in (("accidents", "2.2"), ("commuting", "2.3")):
        rows = {row["what"]: row for row in looked.values.get(key) or ()}
        if rows:
            yield from _counted(rows, key, {"code": code, "flat": lists().whole})


def _counted(rows: Mapping[str, Any], key: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    for column in ("fatal", "permanent", "temporary"):
        n = rows["B"].get(column) or 0
        if not n and (rows["C"].get(column) or rows["D"].get(column)):
            yield Finding(Weight.BLOCK, "days_without_accident", (key,), values)
            break
    if rows["D"].get("temporary"):
        yield Finding(Weight.BLOCK, "flat_temporary", (key,), values)
    if (rows["D"].get("fatal") or 0) != values["flat"] * (rows["B"].get("fatal") or 0):
        yield Finding(Weight.BLOCK, "flat_death", (key,), values)


def _measures(looked: Looked) -> Iterator[Finding]:
    """Five important measures from fifty workers on, three below; each with its initiator."""
    workers = looked.number("workers" if looked.form is not FormType.C else "workers_all")
    rows: Sequence[Mapping[str, Any]] = looked.values.get("measures") or ()
    if workers is not None:
        least = looked.law.least_measures(workers)
        if len(rows) < least:
            values = {"n": len(rows), "least": least, "workers": workers}
            yield Finding(Weight.BLOCK, "few_measures", ("measures",), values)
    if any(is_empty(row.get("initiator")) for row in rows):
        yield Finding(Weight.WARNING, "no_initiator", ("measures",))


def _head(looked: Looked) -> Iterator[Finding]:
    """Where the employer heads the service, there are fewer than twenty workers."""
    workers, most = looked.number("workers"), looked.law.employer_heads_below
    head, director = looked.values.get("head"), looked.values.get("director")
    if workers is None or not head or not director:
        return
    if workers >= most and str(director).startswith(str(head)):
        values = {"most": most, "workers": workers}
        yield Finding(Weight.WARNING, "employer_heads", ("head", "director"), values)


def _time(looked: Looked) -> Iterator[Finding]:
    """One person works full time at most; what others work is added up in 1.2.5."""
    time = looked.number("time")
    if time is not None and time > FULL_TIME:
        yield Finding(Weight.WARNING, "time_odd", ("time",))


def _code(looked: Looked) -> Iterator[Finding]:
    """A NACE-BEL code has five figures; a company number ten."""
    nace = str(looked.values.get("nace") or "").replace(".", "")
    if nace and not (nace.isdigit() and 2 <= len(nace) <= 5):
        yield Finding(Weight.WARNING, "nace_odd", ("nace",))
    number = str(looked.values.get("company_number") or "")
    figures = [sign for sign in number if sign.isdigit()]
    if number and len(figures) != 10:
        yield Finding(Weight.WARNING, "company_number_odd", ("company_number",))


def _after_informal(looked: Looked) -> Iterator[Finding]:
    """Requests after an informal intervention are some of all formal requests."""
    after, all_formal = looked.number("formal_after_informal"), looked.sum(*FORMAL)
    if after is not None and all_formal is not None and after > all_formal:
        values = {"b": after, "a": all_formal}
        yield Finding(Weight.BLOCK, "after_informal", ("formal_after_informal", *FORMAL), values)


def _followed(looked: Looked) -> Iterator[Finding]:
    """Every request that was closed ended with measures or without."""
    followed, requests = looked.sum(*FOLLOWED), looked.sum(*FORMAL)
    if followed is not None and requests is not None and followed < requests:
        values = {"c": followed, "a": requests}
        yield Finding(Weight.WARNING, "not_followed", (*FOLLOWED, *FORMAL), values)


def _informal(looked: Looked) -> Iterator[Finding]:
    """Whoever intervened did so in one of three ways."""
    by, kinds = looked.sum(*INFORMAL_BY), looked.sum(*INFORMAL_KINDS)
    if by is not None and kinds is not None and by != kinds:
        values = {"ab": by, "c": kinds}
        yield Finding(Weight.WARNING, "informal_differ", (*INFORMAL_BY, *INFORMAL_KINDS), values)


def _quarters(looked: Looked) -> Iterator[Finding]:
    """Of a year with a quarter that nobody filled in no figure is known."""
    said: set[str] = set()
    for key, answer in looked.answers.items():
        unsure = answer.given.unsure if answer.given else None
        if unsure is None or not unsure.quarters or not answer.is_empty:
            continue
        missing = ", ".join(map(str, unsure.quarters))
        if missing not in said:  # once, at the first figure
            said.add(missing)
            yield Finding(Weight.WARNING, "quarters_missing", (key,), {"quarters": missing})


def _acts(looked: Looked) -> Iterator[Finding]:
    """Each act has one main nature, so the natures add up to all acts."""
    acts, natures = looked.number("acts"), looked.sum(*NATURES)
    if acts is not None and natures is not None and acts != natures:
        yield Finding(Weight.BLOCK, "acts_differ", ("acts", *NATURES), {"a": acts, "b": natures})


def _outsiders(looked: Looked) -> Iterator[Finding]:
    """No incidents, and yet acts in the register."""
    answer = looked.answers.get("outsiders")
    known = answer.given.value if answer and answer.given else None
    if looked.values.get("outsiders") is False and known is True:
        yield Finding(Weight.WARNING, "outsiders_known", ("outsiders",))


CHECKS: Final[tuple[Callable[[Looked], Iterator[Finding]], ...]] = (
    _empty,
    _unfounded,
    _hours,
    _accidents,
    _measures,
    _head,
    _time,
    _code,
    _after_informal,
    _followed,
    _informal,
    _quarters,
    _acts,
    _outsiders,
)
