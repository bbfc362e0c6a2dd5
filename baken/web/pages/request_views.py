"""Requests as pages show them: a line, the life line, what was written at every step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from baken.actionplan.analyses.queries import get_analysis
from baken.actionplan.requests.situations import queries
from baken.actionplan.requests.situations.models import SituationRequest, SituationStep
from baken.actionplan.requests.situations.rules import ENDED, RequestState
from baken.actionplan.requests.situations.sealing import (
    RequestWords,
    StepWords,
    open_request,
    open_step,
)
from baken.organisation.people import list_names
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.pages.campaign_views import LifeStep
from baken.web.pages.plan_views import unit_names
from baken.web.texts import Catalogue, catalogue

# The way of a request that is found admissible.
_WAY: Final[list[RequestState]] = [
    state for state in RequestState if state is not RequestState.INADMISSIBLE
]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in the list."""

    id: UUID
    group: str
    state: str
    asked_on: date
    priority: str
    has_ended: bool

    @classmethod
    def of(cls, request: SituationRequest) -> "RequestRow":
        return cls(
            request.id,
            request.group_name,
            request.state,
            request.asked_on,
            request.priority,
            request.state in ENDED,
        )


@dataclass(frozen=True, slots=True)
class StepView:
    """What was written at a step."""

    state: str
    done_on: date
    by: str
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestView:
    """Everything the page of a request says."""

    row: RequestRow
    version: int
    situation: str
    facts: tuple[tuple[str, Any], ...]
    life: tuple[LifeStep, ...]
    steps: tuple[StepView, ...]
    analysis_id: UUID | None
    analysis: str

    @classmethod
    def of(
        cls, session: Session, keys: KeyStore, row: SituationRequest, language: str
    ) -> "RequestView":
        """Open what was written, as far as it is here."""
        texts = catalogue(language)
        elsewhere = texts("requests.stayed_behind")
        words = open_request(keys, row) or RequestWords(situation="")
        names = dict(list_names(session))
        done = queries.list_steps(session, row.id)
        analysis = get_analysis(session, row.analysis_id).title if row.analysis_id else ""
        return cls(
            row=RequestRow.of(row),
            version=row.version,
            situation=words.situation or elsewhere,
            facts=tuple(_facts(session, row, words, names.get(row.entered_by, ""), texts)),
            life=tuple(_life(row, done, texts)),
            steps=tuple(
                _step(
                    one,
                    open_step(keys, row, one) or StepWords(text=""),
                    names.get(one.written_by, ""),
                    texts,
                )
                for one in done
            ),
            analysis_id=row.analysis_id,
            analysis=analysis,
        )


def _facts(
    session: Session, row: SituationRequest, words: RequestWords, entered_by: str, texts: Catalogue
) -> Iterator[tuple[str, Any]]:
    asker = texts(f"requests.asker_{row.asker}")
    if row.n_asking and row.n_delegates:
        asker = texts("requests.delegates", who=asker, n=row.n_asking, all=row.n_delegates)
    yield texts("requests.asker"), asker
    yield texts("requests.entered_by"), entered_by
    yield texts("requests.asked_on"), texts("requests.on_day", day=row.asked_on)
    yield texts("requests.since_on"), texts("requests.on_day", day=row.since_on)
    yield texts("requests.group_size"), texts("requests.people", count=row.group_size)
    if row.unit_id:
        yield texts("requests.unit"), unit_names(session).get(row.unit_id, "")
    yield texts("requests.priority"), texts(f"requests.priority_{row.priority}")
    if words.priority_reason:
        yield texts("requests.priority_reason"), words.priority_reason


def _life(row: SituationRequest, done: list[SituationStep], texts: Catalogue) -> Iterator[LifeStep]:
    """What was done with its day, where it is, and the steps ahead."""
    state = RequestState(row.state)
    days = {RequestState.REQUESTED: row.asked_on, **{one.state: one.done_on for one in done}}
    for one in (*(way for way in _WAY if way in days), *_ahead(state)):
        when = texts("requests.on_day", day=days[one]) if one in days else ""
        is_now = one is state and state not in ENDED
        yield LifeStep(
            when=when,
            title=texts(f"requests.life_{one}"),
            text="",
            state="now" if is_now else "past" if one in days else "ahead",
        )
    if state is RequestState.INADMISSIBLE:
        when = texts("requests.on_day", day=days[state])
        yield LifeStep(when, texts(f"requests.life_{state}"), "", "past")


def _ahead(state: RequestState) -> list[RequestState]:
    return [] if state in ENDED else _WAY[_WAY.index(state) + 1 :]


def _step(step: SituationStep, words: StepWords, by: str, texts: Catalogue) -> StepView:
    notes = tuple(_noted(step.facts, words, texts))
    return StepView(step.state, step.done_on, by, words.text, notes)


def _noted(facts: Mapping[str, Any], words: StepWords, texts: Catalogue) -> Iterator[str]:
    """What was ticked at a step, in words."""
    for name in ("is_group", "is_present", "is_part", "takes_measures"):
        if name in facts:
            answer = texts("plans.yes") if facts[name] else texts("plans.no")
            yield texts("requests.answered", question=texts(f"requests.{name}"), answer=answer)
    if "adviser" in facts:
        yield texts(f"requests.adviser_{facts['adviser']}")
    if words.anonymous:
        yield texts("requests.anonymously", how=words.anonymous)
    for one in facts.get("told", ()):
        yield texts(f"requests.told_{one}")
