"""From the released results of the first survey to findings and the risk analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from baken.actionplan.analyses.actions import close_analysis, start_analysis
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
)
from baken.actionplan.findings.actions import record_finding
from baken.actionplan.findings.rules import Factor, FindingFields
from baken.actionplan.indicators.cells import WHOLE
from baken.analysis.releases.queries import get_release
from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.web.demo.days import Days
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story


@dataclass(frozen=True, slots=True)
class Known:
    """What the plans of the demonstration rest on."""

    analysis_id: UUID
    findings: Mapping[str, UUID]


def find_risks(database: Database, house: House, release_id: UUID, days: Days) -> Known:
    """Start the analysis, record the findings in it, close it."""
    by = house.people[Role.PREVENTION_ADVISER]
    told = read_story("plans")
    with database.session(house.id) as session:
        release = get_release(session, release_id, by=by)
        analysis = start_analysis(
            session,
            AnalysisFields(
                title=told["analysis"]["title"],
                kind=AnalysisKind.A_PRIORI,
                level=AnalysisLevel.ORGANISATION,
                method=told["analysis"]["method"],
                participation=told["analysis"]["participation"],
                campaign_id=release.campaign_id,
                papa_involved=True,
                coverage={dimension: Coverage(evaluated=True) for dimension in Dimension},
                started_on=days.launched_on,
            ),
            by=by,
        )
        found = {}
        for finding in told["findings"]:
            unit_key = str(house.units[finding["unit"]]) if finding["unit"] else WHOLE
            found[finding["key"]] = record_finding(
                session,
                release_id,
                unit_key=unit_key,
                scale=finding["scale"],
                fields=FindingFields(
                    factor=Factor(finding["factor"]),
                    statement=finding["statement"],
                    employer_has_impact=True,
                    impact_motivation=finding["impact"],
                    objective_danger=True,
                    danger_motivation=finding["danger"],
                    risk_analysis_id=analysis.id,
                ),
                by=by,
                today=days.found_on,
            ).id
        close_analysis(session, analysis.id, seen=analysis.version, by=by, today=days.analysed_on)
        return Known(analysis.id, found)
