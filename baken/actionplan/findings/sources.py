"""Evidence that Baken keeps itself.

A sheet of alert lights, counts of the register, a figure that is followed, a request, a sitting.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import Invalid
from baken.actionplan.findings.rules import EvidenceFields, EvidenceKind
from baken.actionplan.indicators.models import IndicatorSeries
from baken.actionplan.indicators.queries import get_series, list_series
from baken.actionplan.register.counts import LEAST, YearCounts, shown_counts
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.situations.queries import get_request, list_requests
from baken.actionplan.requests.situations.rules import HEARD
from baken.organisation.permissions import Action, Actor, may, require
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.paper.sittings.models import Sitting
from baken.survey.screening.queries import ReadSheet, list_agreed


def list_sheets(session: Session, *, by: Actor) -> list[ReadSheet]:
    """Return the agreed sheets a finding can point at; none for those who may not read them."""
    return list_agreed(session) if may(by, Action.SEE_SCREENINGS) else []


def sheet_evidence(
    session: Session, sheet_id: UUID, text: str, *, seen_on: date, by: Actor
) -> EvidenceFields:
    """Take colour and number of lights from the sheet that a group agreed on."""
    require(by, Action.SEE_SCREENINGS)
    found = next((one for one in list_agreed(session) if one.sheet.id == sheet_id), None)
    if found is None:
        raise Invalid(
            "findings.sheet_not_agreed",
            "This sheet was not agreed, or a newer one took its place. Choose another.",
        )
    facts = {
        "unit": found.unit,
        "colour": found.result.colour.word,
        "n_on": found.result.n_on,
        "until_on": found.sheet.until_on.isoformat(),
    }
    return EvidenceFields(
        kind=EvidenceKind.SCREENING, text=text, seen_on=seen_on, source_id=sheet_id, facts=facts
    )


def list_counts(session: Session, *, by: Actor, today: date) -> list[tuple[int, str, int]]:
    """Return year, nature (empty for all) and count of what the register shows, newest first."""
    found = shown_counts(session, by=by, today=today)
    return [one for year in found for one in _shown(year)]


def register_evidence(
    session: Session, year: int, nature: str, text: str, *, seen_on: date, by: Actor, today: date
) -> EvidenceFields:
    """Take a count of the register, as everybody may read it: five at least, of a year gone by."""
    counts = {(each, kind): n for each, kind, n in list_counts(session, by=by, today=today)}
    if (year, nature) not in counts:
        raise Invalid(
            "findings.count_withheld",
            "The register shows no such count: only of years gone by, and from {least} on.",
            least=LEAST,
        )
    facts = {"year": year, "nature": nature, "count": counts[year, nature]}
    return EvidenceFields(kind=EvidenceKind.REGISTER, text=text, seen_on=seen_on, facts=facts)


def _shown(year: YearCounts) -> list[tuple[int, str, int]]:
    by_nature = [(year.year, nature, n) for nature, n in year.by_nature.items() if n]
    return [(year.year, "", year.total), *by_nature] if year.total else []


def list_series_known(session: Session, *, by: Actor) -> list[IndicatorSeries]:
    """Return the figures a finding can point at; none for those who may not see them."""
    return list_series(session) if may(by, Action.SEE_INDICATORS) else []


def series_evidence(
    session: Session, series_id: UUID, text: str, *, seen_on: date, by: Actor
) -> EvidenceFields:
    """Point at a figure that is followed; its values stay where they are protected."""
    require(by, Action.SEE_INDICATORS)
    facts = {"name": get_series(session, series_id).name}
    return EvidenceFields(
        kind=EvidenceKind.INDICATOR, text=text, seen_on=seen_on, source_id=series_id, facts=facts
    )


def list_told_requests(session: Session, *, by: Actor) -> list[SituationRequest]:
    """Return the requests a finding can point at: those that were made known to everybody."""
    if not may(by, Action.SEE_REQUESTS):
        return []
    return [one for one in list_requests(session, by=by) if one.state in HEARD]


def request_evidence(
    session: Session, request_id: UUID, text: str, *, seen_on: date, by: Actor
) -> EvidenceFields:
    """Point at a request; who asked, and about which group, is read there."""
    if all(one.id != request_id for one in list_told_requests(session, by=by)):
        raise Invalid(
            "findings.request_not_told",
            "This request was not made known to the workers yet. Choose another source.",
        )
    asked_on = get_request(session, request_id, by=by).asked_on
    facts = {"asked_on": asked_on.isoformat()}
    return EvidenceFields(
        kind=EvidenceKind.REQUEST, text=text, seen_on=seen_on, source_id=request_id, facts=facts
    )


def list_signed_sittings(session: Session, *, by: Actor) -> list[tuple[Sitting, str]]:
    """Return the sittings whose counts were signed, newest first, with the name of the survey."""
    if not may(by, Action.PLAN_SITTINGS):
        return []
    asked = (
        select(Sitting, Campaign.title)
        .join(Campaign, Campaign.id == Sitting.campaign_id)
        .where(Sitting.signed_on.is_not(None))
    )
    rows = session.execute(asked.order_by(Sitting.held_on.desc(), Campaign.title, Sitting.id))
    return [(sitting, title) for sitting, title in rows]


def sitting_evidence(
    session: Session, sitting_id: UUID, text: str, *, seen_on: date, by: Actor
) -> EvidenceFields:
    """Point at a paper sitting: what was heard around it, never what anybody filled in."""
    found = [pair for pair in list_signed_sittings(session, by=by) if pair[0].id == sitting_id]
    if not found:
        raise Invalid(
            "findings.sitting_not_signed",
            "The counts of this sitting were not signed yet. Choose another source.",
        )
    sitting, title = found[0]
    facts = {
        "campaign": title,
        "campaign_id": str(sitting.campaign_id),
        "held_on": sitting.held_on.isoformat(),
    }
    return EvidenceFields(
        kind=EvidenceKind.SITTING, text=text, seen_on=seen_on, source_id=sitting_id, facts=facts
    )
