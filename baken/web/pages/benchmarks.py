"""Benchmarks over organisations: what taking part means, agreeing, stopping, and the editions."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select

from baken.analysis.benchmarks.membership import agree, find_member, held_in, withdraw
from baken.analysis.benchmarks.models import PoolContribution, PoolEdition
from baken.analysis.benchmarks.seeing import SeenEdition, list_seen
from baken.analysis.references.pools import PoolRules
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.web.body import Form
from baken.web.pages.plan_forms import as_version
from baken.web.pages.questionnaire_names import shipped_name
from baken.web.pages.reply import PageRequest, done, frame_of, page

SEE: Final = {"action": Action.SEE_REFERENCES}
JOIN: Final = {"action": Action.JOIN_BENCHMARKS, "fresh": True}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the organisation takes part."""

    takes_part: bool = False
    agreed_on: date | None = None
    withdrawn_on: date | None = None
    version: int = 0

    @classmethod
    def of(cls, session: Session) -> "Standing":
        member = find_member(session)
        if member is None:
            return cls()
        return cls(member.takes_part, member.agreed_on, member.withdrawn_on, member.version)


@dataclass(frozen=True, slots=True)
class BroughtRow:
    """A survey that the organisation brought; none of its figures."""

    title: str
    questionnaire: str
    brought_on: date
    n_editions: int


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition as one organisation sees it: how many others stand in it."""

    name: str
    made_on: date
    n_organisations: int
    is_member: bool

    @classmethod
    def of(cls, seen: SeenEdition, language: str) -> "EditionRow":
        one = seen.edition
        return cls(
            name=shipped_name(one.instrument_key, one.instrument_version, language),
            made_on=one.made_on,
            n_organisations=len(one.members) - seen.is_member,
            is_member=seen.is_member,
        )


class BenchmarkPages(Controller):
    """For everybody who sees references; the main contact decides."""

    path = "/o/{organisation_id:uuid}/benchmarks"

    @get("/", opt=SEE, sync_to_thread=True)
    def main_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        return page(
            request,
            "analysis/benchmarks.html",
            standing=Standing.of(session),
            surveys=tuple(_surveys(session, language)),
            editions=tuple(EditionRow.of(one, language) for one in list_seen(session)),
            **rules_in_words(),
        )

    @get("/agree", opt=JOIN, sync_to_thread=True)
    def agree_page(self, request: PageRequest) -> Response[str]:
        return page(request, "analysis/benchmarks_agree.html", **rules_in_words())

    @post("/agree", opt=JOIN, sync_to_thread=True)
    def agree(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
    ) -> Response[str]:
        agree(session, by=actor, today=today)
        return done(
            request, see=frame_of(request).url("/benchmarks"), said="benchmarks.done_agreed"
        )

    @get("/stop", opt=JOIN, sync_to_thread=True)
    def stop_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        return page(request, "analysis/benchmarks_stop.html", version=Standing.of(session).version)

    @post("/stop", opt=JOIN, sync_to_thread=True)
    def stop(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
    ) -> Response[str]:
        withdraw(session, version=as_version(form.get("version")), by=actor, today=today)
        return done(
            request, see=frame_of(request).url("/benchmarks"), said="benchmarks.done_stopped"
        )


def rules_in_words(rules: PoolRules | None = None) -> dict[str, Any]:
    """The numbers of the rules, for sentences."""
    rules = rules or PoolRules()
    return {"least": rules.others, "share": rules.share}


def _surveys(session: Session, language: str) -> list[BroughtRow]:
    asked = (
        select(PoolContribution, Campaign.title)
        .join(Campaign, Campaign.id == PoolContribution.campaign_id)
        .order_by(PoolContribution.brought_on.desc(), PoolContribution.id)
    )
    editions = list(session.scalars(select(PoolEdition)))
    return [
        BroughtRow(
            title=title,
            questionnaire=shipped_name(row.instrument_key, row.instrument_version, language),
            brought_on=row.brought_on,
            n_editions=sum(row.id in held_in([edition]) for edition in editions),
        )
        for row, title in session.execute(asked)
    ]
