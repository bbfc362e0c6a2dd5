"""Whether those who speak for the workers were heard about a measure, before it starts."""

import hashlib
from datetime import date

from baken.actionplan.consultations.gates import check_not_waiting
from baken.actionplan.consultations.items import Standing, check_standing, get_item, standing
from baken.actionplan.consultations.organs import present_organs
from baken.actionplan.consultations.queries import as_asked, list_consultations
from baken.actionplan.consultations.rules import Asked, Subject, SubjectKind, last_asked
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import check_advice_closed
from baken.storage.session import Session

_SENT = (
    "title", "method", "who_does_what", "prevention_level", "scope", "strategy", "starts_on",
    "ends_on", "unit_id", "changes_work",
)  # fmt: skip


def content_hash(measure: Measure) -> str:
    """Return a digest of what is asked about, to see whether it was changed since."""
    said = "\x1f".join(str(getattr(measure, name) or "") for name in _SENT)
    return hashlib.sha256(said.encode()).hexdigest()


def check_heard(session: Session, measure: Measure, *, today: date) -> None:
    """Raise `InvalidTransition` while advice or agreement on a measure is still to come.

    Every measure was advised on with the plan of its year. One that can change the organisation of
    work is for the works council too, and nothing that was asked apart stays open: about the
    measure, or about the risk analysis it comes from.
    """
    asked = _asked(session, measure)
    if measure.changes_work:
        check_standing(standing_of_work(session, measure, today=today))
    check_advice_closed(asked, today=today)
    if any(each.is_stale for each in last_asked(asked)):
        check_standing(Standing.CHANGED)
    if measure.finding_id is None:
        return
    analysis_id = get_finding(session, measure.finding_id).risk_analysis_id
    if analysis_id is not None:
        about = Subject(SubjectKind.ANALYSIS, analysis_id)
        check_not_waiting(session, "analysis_measures", about, today=today)


def standing_of_work(session: Session, measure: Measure, *, today: date) -> Standing:
    """Say whether what changes the work was asked, about the measure as it is worded now."""
    item = get_item("organisation_of_work")
    asked = _asked(session, measure)
    return standing(item, asked, present=present_organs(session), today=today)


def _asked(session: Session, measure: Measure) -> list[Asked]:
    now = content_hash(measure)
    found = list_consultations(session, Subject(SubjectKind.MEASURE, measure.id))
    return [as_asked(each, content_hash=now) for each in found]
