"""Reading the references of an organisation, and what results can be held against."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from baken.analysis.errors import NoSuchReference, UnusableReference
from baken.analysis.methods.benchmarks import Reference
from baken.analysis.references.editions import Edition, MadeWith
from baken.analysis.references.models import ReferenceSet
from baken.analysis.references.reference import ScaleReference, check_reference
from baken.instruments.definition import Instrument
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session


def list_reference_sets(session: Session, *, by: Actor) -> list[ReferenceSet]:
    """Return all sets of the organisation: those in use first, each by questionnaire and source."""
    require(by, Action.SEE_REFERENCES)
    rows = session.scalars(select(ReferenceSet)).all()
    return sorted(rows, key=lambda row: (row.is_retired, row.questionnaire, row.source, row.year))


def get_reference_set(session: Session, reference_id: UUID, *, by: Actor) -> ReferenceSet:
    """Return one set, or raise `NoSuchReference`."""
    require(by, Action.SEE_REFERENCES)
    row = session.get(ReferenceSet, reference_id)
    if row is None:
        raise NoSuchReference("analysis.no_such_reference", "There is no reference here.")
    return row


def list_in_use(session: Session) -> list[ReferenceSet]:
    """Return the sets that results are compared with, by source; for whoever shows results."""
    asked = select(ReferenceSet).where(ReferenceSet.retired_on.is_(None))
    return sorted(session.scalars(asked), key=lambda row: (row.source, row.year, str(row.id)))


def references_of(row: ReferenceSet) -> Iterator[ScaleReference]:
    """Return the references of a set, one per scale."""
    edition = Edition(row.instrument_key, row.instrument_version, row.instrument_fingerprint)
    for scale, told in row.figures.items():
        yield ScaleReference(
            scale=scale,
            figures=Reference(told["mean"], told["sd"], told["n"]),
            source=row.source,
            year=row.year,
            population=row.population,
            format=told["format"],
            made_with=MadeWith(edition, told["scoring"]),
        )


def fitting(row: ReferenceSet, instrument: Instrument) -> list[ScaleReference]:
    """Return the references of a set that results of this questionnaire can be held against."""
    return [one for one in references_of(row) if _fits(one, instrument)]


def _fits(reference: ScaleReference, instrument: Instrument) -> bool:
    try:
        check_reference(reference, instrument)
    except UnusableReference:
        return False
    return True
