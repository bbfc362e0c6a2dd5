"""The chain from a result to the verdict on a measure, read both ways from where somebody stands.

A result leads to findings, talks say more about them, priorities bundle them and have causes,
measures are made from priorities, and the agreed figure of a measure says whether it helped.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from baken.actionplan.analyses.models import ChangeEvent
from baken.actionplan.findings.models import Evidence, Finding
from baken.actionplan.findings.queries import (
    OLDEST_FIRST,
    get_finding,
    list_findings,
    list_these,
)
from baken.actionplan.findings.rules import EvidenceKind
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import ENDED
from baken.actionplan.measures.verdicts import SaidSoFar, list_verdicts
from baken.actionplan.plans.models import ObjectiveFinding
from baken.actionplan.priorities.models import Cause, Priority, PriorityFinding
from baken.actionplan.priorities.queries import CAUSES_ORDER, OLDEST_PROPOSED, get_priority
from baken.actionplan.references import list_units_above, list_units_below
from baken.actionplan.talks.models import Talk
from baken.analysis.releases.models import Release
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What hangs together; `verdicts` lacks the measures whose figures the reader may not see."""

    campaigns: tuple[Campaign, ...]
    findings: tuple[Finding, ...]
    talks: tuple[Talk, ...]
    causes: tuple[Cause, ...]
    priorities: tuple[Priority, ...]
    measures: tuple[Measure, ...]
    verdicts: Mapping[UUID, SaidSoFar]


@dataclass(frozen=True, slots=True)
class Onward:
    """A finding with what came of it so far."""

    finding: Finding
    priorities: tuple[Priority, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    session: Session
    by: Actor
    today: date

    def chain(
        self,
        findings: Collection[Finding],
        priorities: Collection[Priority],
        measures: Collection[Measure],
        *,
        talk: Talk | None = None,
    ) -> Chain:
        """Everything around what was found so far."""
        talks = {one.id: one for one in self._talks_behind(findings)}
        if talk is not None:
            talks[talk.id] = talk
        return Chain(
            campaigns=self._campaigns_behind(findings),
            findings=tuple(findings),
            talks=tuple(talks.values()),
            causes=self._causes_of(priorities),
            priorities=tuple(priorities),
            measures=tuple(measures),
            verdicts=list_verdicts(self.session, measures, by=self.by, today=self.today),
        )

    def onward(self, findings: Collection[Finding]) -> tuple[list[Priority], list[Measure]]:
        """The priorities and measures that findings led to."""
        found = [one.id for one in findings]
        if not found:
            return [], []
        asked = select(Priority).join(
            PriorityFinding, PriorityFinding.priority_id == Priority.id
        ).where(PriorityFinding.finding_id.in_(found))  # fmt: skip
        rows = self.session.scalars(asked.order_by(*OLDEST_PROPOSED))
        priorities = list(dict.fromkeys(rows))
        return priorities, self.measures_from(findings, priorities)

    def measures_from(
        self, findings: Collection[Finding], priorities: Collection[Priority]
    ) -> list[Measure]:
        asked = select(Measure).where(
            or_(
                Measure.finding_id.in_([one.id for one in findings]),
                Measure.priority_id.in_([one.id for one in priorities]),
            )
        )
        return list(
            self.session.scalars(asked.order_by(Measure.starts_on, Measure.title, Measure.id))
        )

    def findings_behind(
        self, priority: Priority | None, finding_id: UUID | None = None
    ) -> list[Finding]:
        """The findings a priority rests on, and the one a measure names itself."""
        wanted = set() if finding_id is None else {finding_id}
        if priority is not None:
            asked = select(PriorityFinding.finding_id)
            wanted |= set(
                self.session.scalars(asked.where(PriorityFinding.priority_id == priority.id))
            )
        return list_these(self.session, wanted) if wanted else []

    def findings_from(self, talk: Talk) -> list[Finding]:
        """The findings that rest on what was said in a talk."""
        asked = select(Evidence.finding_id).where(
            Evidence.kind == EvidenceKind.TALK, Evidence.source_id == talk.id
        )
        wanted = set(self.session.scalars(asked))
        return list_these(self.session, wanted) if wanted else []

    def _talks_behind(self, findings: Collection[Finding]) -> list[Talk]:
        asked = (
            select(Talk)
            .join(Evidence, Evidence.source_id == Talk.id)
            .where(
                Evidence.kind == EvidenceKind.TALK,
                Evidence.finding_id.in_([one.id for one in findings]),
            )
        )
        return list(
            dict.fromkeys(
                self.session.scalars(asked.order_by(Talk.planned_on, Talk.title, Talk.id))
            )
        )

    def _campaigns_behind(self, findings: Collection[Finding]) -> tuple[Campaign, ...]:
        asked = (
            select(Campaign)
            .join(Release, Release.campaign_id == Campaign.id)
            .where(Release.id.in_([one.release_id for one in findings if one.release_id]))
        )
        return tuple(
            dict.fromkeys(
                self.session.scalars(asked.order_by(Campaign.opens_on, Campaign.title, Campaign.id))
            )
        )

    def _causes_of(self, priorities: Collection[Priority]) -> tuple[Cause, ...]:
        asked = select(Cause).where(Cause.priority_id.in_([one.id for one in priorities]))
        return tuple(self.session.scalars(asked.order_by(*CAUSES_ORDER)))


def chain_of_finding(session: Session, finding_id: UUID, *, by: Actor, today: date) -> Chain:
    """What stands before and after a finding."""
    reader = _Reader(session, by, today)
    findings = [get_finding(session, finding_id)]
    return reader.chain(findings, *reader.onward(findings))


def chain_of_campaign(session: Session, campaign: Campaign, *, by: Actor, today: date) -> Chain:
    """What came of the released results of a survey, whichever release it was read from."""
    asked = select(Release.id).where(Release.campaign_id == campaign.id)
    found = select(Finding).where(Finding.release_id.in_(asked))
    findings = list(session.scalars(found.order_by(*OLDEST_FIRST)))
    reader = _Reader(session, by, today)
    chain = reader.chain(findings, *reader.onward(findings))
    return replace(chain, campaigns=(campaign,))


def chain_of_analysis(session: Session, analysis_id: UUID, *, by: Actor, today: date) -> Chain:
    """What was found in a risk analysis, with everything that came of it."""
    findings = list_findings(session, risk_analysis_id=analysis_id)
    reader = _Reader(session, by, today)
    return reader.chain(findings, *reader.onward(findings))


def list_onward(session: Session, chain: Chain) -> tuple[Onward, ...]:
    """What came of each finding of a chain."""
    found = [one.id for one in chain.findings]
    links = select(PriorityFinding).where(PriorityFinding.finding_id.in_(found))
    resting = {(one.finding_id, one.priority_id) for one in session.scalars(links)}
    return tuple(
        Onward(
            finding,
            own := tuple(one for one in chain.priorities if (finding.id, one.id) in resting),
            tuple(
                one
                for one in chain.measures
                if one.finding_id == finding.id or one.priority_id in {each.id for each in own}
            ),
        )
        for finding in chain.findings
    )


def list_taken_up(session: Session) -> frozenset[UUID]:
    """Return the findings on which a priority, an objective or a measure rests."""
    rows = (
        *session.scalars(select(PriorityFinding.finding_id)),
        *session.scalars(select(ObjectiveFinding.finding_id)),
        *session.scalars(select(Measure.finding_id).where(Measure.finding_id.is_not(None))),
    )
    return frozenset(one for one in rows if one is not None)


def list_touched(session: Session, change: ChangeEvent, *, on: date) -> list[Measure]:
    """Return the measures to examine anew at a change (art. I.3-2): those that are not over.

    They are those in the unit, below it and above it, and those of the whole organisation; for a
    change everywhere, all.
    """
    asked = select(Measure).where(Measure.status.not_in(ENDED))
    if change.unit_id is not None:
        near = list_units_below(session, [change.unit_id])
        near |= list_units_above(session, change.unit_id, on=on)
        asked = asked.where(or_(Measure.unit_id.is_(None), Measure.unit_id.in_(near)))
    return list(session.scalars(asked.order_by(Measure.starts_on, Measure.title, Measure.id)))


def chain_of_talk(session: Session, talk: Talk, *, by: Actor, today: date) -> Chain:
    """What came of a talk, and of the findings that rest on it."""
    reader = _Reader(session, by, today)
    findings = reader.findings_from(talk)
    return reader.chain(findings, *reader.onward(findings), talk=talk)


def chain_of_priority(session: Session, priority: Priority, *, by: Actor, today: date) -> Chain:
    """What a priority rests on, and what was made from it."""
    reader = _Reader(session, by, today)
    findings = reader.findings_behind(priority)
    return reader.chain(findings, [priority], reader.measures_from((), [priority]))


def chain_of_measure(session: Session, measure: Measure, *, by: Actor, today: date) -> Chain:
    """What a measure was made from, and what its figure says."""
    reader = _Reader(session, by, today)
    known = measure.priority_id
    priority = get_priority(session, known) if known is not None else None
    findings = reader.findings_behind(priority, measure.finding_id)
    return reader.chain(findings, [priority] if priority else [], [measure])
