"""What somebody reads once more before a page becomes public: nobody may be recognised in it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import Invalid
from baken.actionplan.plans.feedback.models import FeedbackPage
from baken.actionplan.references import list_units_below
from baken.analysis.releases.queries import list_releases
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.organisation.units import list_headcounts
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP

# A number that is no year and no part of a date written in digits.
_NUMBER: Final = re.compile(r"(?<![\d/.,-])(?!(?:19|20)\d\d\b)\d+(?:[.,]\d+)?\s?%?(?![\d/-])")
_LEAST_OF_A_NAME: Final = 5


class Caution(StrEnum):
    """Why a page could tell more about somebody than it should."""

    FEW_PEOPLE = "few_people"
    NO_RESULTS = "no_results"
    FIGURES = "figures"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Warned:
    """A caution with what it is about: names or numbers of the text, or how many people work there.

    `least` is the smallest group of the surveys of this organisation.
    """

    caution: Caution
    found: tuple[str, ...] = ()
    n: int = 0
    least: int = 0


def list_cautions(
    session: Session, page: FeedbackPage, *, by: Actor, today: date
) -> tuple[Warned, ...]:
    """Return everything to read once more before this page is released."""
    written = [page.title, page.intro, *(text for one in page.lines for text in _texts(one))]
    people = _people_in(session, page.unit_id, today=today)
    least = max([DEFAULT_MIN_GROUP, *session.scalars(select(Campaign.min_group))])
    is_hidden = _is_withheld(session, page.unit_id, by=by)
    found = []
    if people is not None and people < least:
        found.append(Warned(Caution.FEW_PEOPLE, n=people, least=least))
    if is_hidden:
        found.append(Warned(Caution.NO_RESULTS, least=least))
    if found and (numbers := find_numbers(written)):
        found.append(Warned(Caution.FIGURES, numbers))
    if names := find_names(written, [name for _, name in list_names(session)]):
        found.append(Warned(Caution.NAMES, names))
    return tuple(found)


def check_confirmed(cautions: Collection[Warned], *, confirmed: bool) -> None:
    """Raise `Invalid` unless somebody says that the page was read with these cautions in mind."""
    if cautions and not confirmed:
        raise Invalid(
            "actionplan.feedback_unconfirmed",
            "Read the page once more with the points below in mind, and tick that nobody can be "
            "recognised in it.",
        )


def find_numbers(written: Iterable[str]) -> tuple[str, ...]:
    """The numbers in texts, without years and dates, each once."""
    found = (each.strip() for text in written for each in _NUMBER.findall(text))
    return tuple(dict.fromkeys(found))


def find_names(written: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """The names of people that stand in texts, as whole words, whatever their capitals."""
    whole = "\n".join(written)
    return tuple(
        name
        for name in dict.fromkeys(names)
        if len(name) >= _LEAST_OF_A_NAME
        and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole, re.IGNORECASE)
    )


def _texts(line: Mapping[str, Any]) -> tuple[str, str]:
    return line["said"], line["did"]


def _people_in(session: Session, unit_id: UUID | None, *, today: date) -> int | None:
    """How many people work in a unit and below it; None where nobody counted them."""
    if unit_id is None:
        return None
    counts = list_headcounts(session, on=today)
    known = [counts[one] for one in list_units_below(session, [unit_id]) if one in counts]
    return sum(known) if known else None


def _is_withheld(session: Session, unit_id: UUID | None, *, by: Actor) -> bool:
    """Whether the newest results show no single figure of the unit."""
    releases = list_releases(session, by=by) if unit_id is not None else []
    if not releases:
        return False
    shown = ((releases[0].results.get("units") or {}).get(str(unit_id)) or {}).get("scales") or {}
    return not any(scale and scale.get("mean") is not None for scale in shown.values())
