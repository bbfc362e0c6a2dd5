"""Evidence that Baken keeps itself: an agreed sheet of alert lights, counts of the register."""

from datetime import date
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.findings.rules import EvidenceFields, EvidenceKind
from baken.actionplan.register.counts import LEAST, YearCounts, shown_counts
from baken.organisation.permissions import Action, Actor, may, require
from baken.storage.session import Session
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
