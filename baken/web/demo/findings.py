"""From the released results of the first survey to findings and the risk analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.analyses.actions import close_analysis, give_feedback, start_analysis
from baken.actionplan.analyses.queries import get_analysis
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
    Feedback,
    Manifestation,
)
from baken.actionplan.findings.actions import record_finding
from baken.actionplan.findings.factors import Factor
from baken.actionplan.findings.rules import FindingFields
from baken.actionplan.indicators.cells import WHOLE
from baken.analysis.releases.queries import get_release
from baken.organisation.permissions import Actor, Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story, say


@dataclass(frozen=True, slots=True)
class Known:
    """What the plans of the demonstration rest on."""

    analysis_id: UUID
    findings: Mapping[str, UUID]


def find_risks(database: Database, house: House, release_id: UUID, days: Days) -> Known:
    """Start the analysis and record the findings in it; it stays open for the talk."""
    by = house.people[Role.PREVENTION_ADVISER]
    with database.session(house.id) as session:
        release = get_release(session, release_id, by=by)
        analysis = start_analysis(session, _analysis(release.campaign_id, days), by=by)
        found = {}
        for told in read_story("plans")["findings"]:
            finding = record_finding(
                session,
                release_id,
                unit_key=str(house.units[told["unit"]]) if told["unit"] else WHOLE,
                scale=told["scale"],
                fields=_finding(told, analysis.id),
                by=by,
                today=days.found_on,
            )
            found[told["key"]] = finding.id
        return Known(analysis.id, found)


def close_risks(session: Session, analysis_id: UUID, *, by: Actor, on: date) -> None:
    """Tell the workers what was found, and close the analysis."""
    how = say("Per afdeling een kort overleg, en een bladzijde op het prikbord.")
    seen = get_analysis(session, analysis_id).version
    heard = Feedback(on, how, by.name)
    analysis = give_feedback(session, analysis_id, heard, seen=seen, by=by, today=on)
    session.flush()
    close_analysis(session, analysis_id, seen=analysis.version, by=by, today=on)


def _analysis(campaign_id: UUID, days: Days) -> AnalysisFields:
    told = read_story("plans")["analysis"]
    return AnalysisFields(
        title=told["title"],
        kind=AnalysisKind.A_PRIORI,
        level=AnalysisLevel.ORGANISATION,
        method=told["method"],
        participation=told["participation"],
        campaign_id=campaign_id,
        papa_involved=True,
        coverage={dimension: Coverage(evaluated=True) for dimension in Dimension},
        manifestations={one: Coverage(evaluated=True) for one in Manifestation},
        started_on=days.first.launched_on,
    )


def _finding(told: Mapping[str, str], analysis_id: UUID) -> FindingFields:
    return FindingFields(
        factor=Factor(told["factor"]),
        statement=told["statement"],
        employer_has_impact=True,
        impact_motivation=told["impact"],
        objective_danger=True,
        danger_motivation=told["danger"],
        risk_analysis_id=analysis_id,
    )
