"""What still hangs on units that end: analyses, talks and changes that are open, and findings."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.analyses.models import AnalysisTurn, ChangeEvent, RiskAnalysis
from baken.actionplan.findings.models import Finding
from baken.actionplan.talks.models import Talk
from baken.actionplan.talks.rules import TalkState
from baken.storage.session import Session

_OPEN_TALKS = (TalkState.PLANNED, TalkState.HELD, TalkState.READ_BACK)


@dataclass(frozen=True, slots=True)
class UnitWork:
    """Titles of what is open in these units, and how many turns and findings they have."""

    analyses: tuple[str, ...]
    talks: tuple[str, ...]
    changes: tuple[str, ...]
    n_turns: int
    n_findings: int


def work_in(session: Session, unit_ids: Collection[UUID]) -> UnitWork:
    """Return what is open in these units; what was closed stays as it is and is not named."""
    units = list(unit_ids)
    analyses = select(RiskAnalysis.title).where(
        RiskAnalysis.unit_id.in_(units), RiskAnalysis.closed_on.is_(None)
    )
    talks = select(Talk.title).where(Talk.unit_id.in_(units), Talk.state.in_(_OPEN_TALKS))
    changes = select(ChangeEvent.title).where(
        ChangeEvent.unit_id.in_(units), ChangeEvent.closed_on.is_(None)
    )
    turns = select(func.count()).select_from(AnalysisTurn)
    findings = select(func.count()).select_from(Finding).where(Finding.unit_id.in_(units))
    return UnitWork(
        analyses=tuple(session.scalars(analyses.order_by(RiskAnalysis.title))),
        talks=tuple(session.scalars(talks.order_by(Talk.title))),
        changes=tuple(session.scalars(changes.order_by(ChangeEvent.title))),
        n_turns=session.scalars(
            turns.where(AnalysisTurn.unit_id.in_(units), AnalysisTurn.done_on.is_(None))
        ).one(),
        n_findings=session.scalars(findings).one(),
    )
