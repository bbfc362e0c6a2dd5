"""The chain of the cycle as one line of links: from a result to the verdict on a measure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from baken.actionplan.chain import Chain, list_onward
from baken.actionplan.measures.verdicts import SaidSoFar
from baken.actionplan.priorities.models import Cause
from baken.actionplan.wording import shortened
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.texts import Catalogue, catalogue

_MOST: Final = 3
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A page of the chain; without an address it is only named."""

    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the chain: without links it was skipped, or nothing hangs on it yet."""

    key: str
    is_here: bool
    is_skipped: bool
    links: tuple[ChainLink, ...]
    n_more: int


@dataclass(frozen=True, slots=True)
class CameMeasure:
    """A measure that came of a finding; `said` is empty where nothing is known yet."""

    id: UUID
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class CameRow:
    """A finding with the priorities and measures that came of it."""

    finding_id: UUID
    statement: str
    priorities: tuple[tuple[UUID, str, str], ...]
    measures: tuple[CameMeasure, ...]


def came_of(session: Session, chain: Chain) -> tuple[CameRow, ...]:
    """What came of each finding, for the pages on which findings start."""
    return tuple(
        CameRow(
            one.finding.id,
            one.finding.statement,
            tuple((each.id, each.title, each.state.value) for each in one.priorities),
            tuple(
                CameMeasure(each.id, each.title, "" if said == SaidSoFar.UNREAD else said.value)
                for each in one.measures
                for said in (chain.verdicts.get(each.id, SaidSoFar.UNREAD),)
            ),
        )
        for one in list_onward(session, chain)
    )


def stations_of(chain: Chain, here: str, *, by: Actor, language: str) -> tuple[Station, ...]:
    """The seven stations in their order; `here` is the one whose page is being read."""
    t = catalogue(language)
    results = may(by, Action.SEE_RESULTS)
    found: dict[str, Iterable[ChainLink]] = {
        "result": (
            ChainLink(f"/campaigns/{one.id}/results" if results else "", one.title)
            for one in chain.campaigns
        ),
        "finding": (ChainLink(f"/findings/{one.id}", one.statement) for one in chain.findings),
        "talk": (ChainLink(f"/talks/{one.id}", one.title) for one in chain.talks),
        "cause": (
            ChainLink(f"/priorities/{one.priority_id}#causes", _cause(one, t))
            for one in chain.causes
        ),
        "priority": (ChainLink(f"/priorities/{one.id}", one.title) for one in chain.priorities),
        "measure": (ChainLink(f"/measures/{one.id}", one.title) for one in chain.measures),
        "verdict": (
            ChainLink(f"/measures/{one.id}#moves", t(f"measures.said_{said}"))
            for one in chain.measures
            if (said := chain.verdicts.get(one.id, SaidSoFar.UNREAD)) != SaidSoFar.UNREAD
        ),
    }
    known = {key: tuple(links) for key, links in found.items()}
    last = max(place for place, key in enumerate(known) if known[key] or key == here)
    return tuple(
        Station(
            key=key,
            is_here=key == here,
            is_skipped=not links and place < last,
            links=tuple(
                ChainLink(one.address, shortened(one.title, _LONGEST)) for one in links[:_MOST]
            ),
            n_more=max(len(links) - _MOST, 0),
        )
        for place, (key, links) in enumerate(known.items())
    )


def _cause(cause: Cause, t: Catalogue) -> str:
    return cause.root or t("priorities.cause_exception")
