"""Deadlines of the internal procedure: the law's terms with their source, and their last day."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.actionplan.requests.dates import end_of
from baken.actionplan.requests.law import Rule, law
from baken.organisation.permissions import Action
from baken.web.pages.reply import PageRequest, page
from baken.web.texts import Catalogue, catalogue

# Days for which a term can be counted without leaving the calendar.
_FIRST: Final = date(2014, 9, 1)
_LAST: Final = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term with its last day."""

    begin: str
    what: str
    length: str
    last: date
    source: str
    status: str


class DeadlinePages(Controller):
    """What is due when, after which event; no case is kept here."""

    path = "/o/{organisation_id:uuid}/requests/deadlines"

    @get("/", opt={"action": Action.SEE_REQUESTS}, sync_to_thread=True)
    def deadlines(
        self, request: PageRequest, today: NamedDependency[date], language: NamedDependency[str]
    ) -> Response[str]:
        typed = request.query_params.get("begin", "")
        begin = _day_of(typed)
        texts = catalogue(language)
        return page(
            request,
            "requests/deadlines.html",
            begin=begin or today,
            typed=typed,
            is_wrong=bool(typed) and begin is None,
            terms=list_terms(begin or today, texts),
            rules=tuple(RuleRow.of(one, texts) for one in law().rules.values()),
        )


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A number that the pages work with."""

    what: str
    value: int
    source: str
    status: str

    @classmethod
    def of(cls, rule: Rule, texts: Catalogue) -> "RuleRow":
        status = texts(f"requests.status_{rule.status}")
        return cls(texts(f"requests.rule_{rule.key}"), rule.value, rule.source, status)


def list_terms(begin: date, texts: Catalogue) -> tuple[TermRow, ...]:
    """Return every term, counted from this day."""
    known = law()
    return tuple(
        TermRow(
            begin=term.begin[texts.language],
            what=term.what[texts.language],
            length=texts(f"requests.length_{term.of}", count=term.length),
            last=end_of(term, begin, known.calendar),
            source=term.source,
            status=texts(f"requests.status_{term.status}"),
        )
        for term in known.terms.values()
    )


def _day_of(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None
