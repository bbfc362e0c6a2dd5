"""Entering references, retiring them, and taking one's own along to another client."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.analysis.errors import NoSuchReference, ReferenceRetired, UnusableReference
from baken.analysis.references.editions import edition_of, scoring_of
from baken.analysis.references.models import ReferenceSet
from baken.analysis.references.queries import get_reference_set
from baken.analysis.references.reference import ScaleReference, check_reference
from baken.analysis.references.rows import check_told
from baken.instruments.definition import Instrument
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.library.queries import is_own


@dataclass(frozen=True, slots=True)
class Described:
    """What is said about people of a publication, beside the rows of its figures."""

    country: str
    sector: str
    is_other_country: bool
    is_other_sector: bool


def enter_references(
    session: Session,
    instrument: Instrument,
    references: Sequence[ScaleReference],
    described: Described,
    *,
    replaces_id: UUID | None = None,
    by: Actor,
    today: date,
) -> list[ReferenceSet]:
    """Keep references of a questionnaire: one set for every source, year and population.

    With `replaces_id` the set of that name is retired in the same act.

    Raises
    ------
    UnusableReference
        One of them does not fit the questionnaire, or stands there already. Nothing is kept.
    """
    require(by, Action.EDIT_REFERENCES)
    if not references:
        raise UnusableReference(
            "analysis.reference_none", "There is no reference. Give every scale a row of its own."
        )
    for one in references:
        check_reference(one, instrument)
        check_told(one, this_year=today.year)
    if replaces_id is not None:
        _retire(session, get_reference_set(session, replaces_id, by=by), by=by, today=today)
    made = [
        _set_of(instrument, rows, described, replaces_id=replaces_id, by=by, today=today)
        for rows in _by_publication(references)
    ]
    _check_new(session, made)
    session.add_all(made)
    session.flush()
    record(
        session,
        "reference.replaced" if replaces_id else "reference.entered",
        by=by.person_id,
        subject=f"reference:{made[0].id}",
        facts={"sets": len(made), "scales": len(references)},
    )
    return made


def retire_reference(
    session: Session, reference_id: UUID, *, version: int, by: Actor, today: date
) -> ReferenceSet:
    """Compare nothing with a set any more; it can still be looked up."""
    require(by, Action.EDIT_REFERENCES)
    row = get_reference_set(session, reference_id, by=by)
    check_version(row, version)
    _retire(session, row, by=by, today=today)
    record(session, "reference.retired", by=by.person_id, subject=f"reference:{row.id}")
    return row


def take_along(
    session: Session, row: ReferenceSet, described: Described, *, by: Actor, today: date
) -> ReferenceSet:
    """Keep a copy of a set from elsewhere in the organisation of the session.

    The two have nothing to do with each other from here on: what one organisation does with its
    copy is not seen by the other.
    """
    require(by, Action.EDIT_REFERENCES)
    copy = ReferenceSet(
        instrument_key=row.instrument_key,
        instrument_version=row.instrument_version,
        instrument_fingerprint=row.instrument_fingerprint,
        source=row.source,
        year=row.year,
        population=row.population,
        figures=row.figures,
        entered_on=today,
        entered_by=by.person_id,
        **asdict(described),
    )
    _check_new(session, [copy])
    session.add(copy)
    session.flush()
    record(
        session,
        "reference.entered",
        by=by.person_id,
        subject=f"reference:{copy.id}",
        facts={"sets": 1, "scales": len(copy.figures)},
    )
    return copy


def check_own(row: ReferenceSet, *, by: Actor) -> None:
    """Raise `NoSuchReference` unless this person entered the set, for this is whose it is.

    Nor when it is about an own questionnaire: nobody else has that.
    """
    if row.entered_by != by.person_id or row.is_retired or is_own(row.instrument_version):
        raise NoSuchReference(
            "analysis.reference_not_yours",
            "You can only take along what you entered yourself, what is in use, and what is about "
            "a questionnaire that comes with Baken.",
        )


def _retire(session: Session, row: ReferenceSet, *, by: Actor, today: date) -> None:
    if row.is_retired:
        raise ReferenceRetired(
            "analysis.reference_retired",
            "Somebody retired this reference already. Load the list again.",
        )
    row.retired_on, row.retired_by = today, by.person_id
    session.flush()


def _by_publication(references: Sequence[ScaleReference]) -> list[list[ScaleReference]]:
    found: dict[tuple[str, int, str], list[ScaleReference]] = {}
    for one in references:
        found.setdefault((one.source, one.year, one.population), []).append(one)
    return list(found.values())


def _set_of(
    instrument: Instrument,
    rows: Sequence[ScaleReference],
    described: Described,
    *,
    replaces_id: UUID | None,
    by: Actor,
    today: date,
) -> ReferenceSet:
    edition, first = edition_of(instrument), rows[0]
    return ReferenceSet(
        instrument_key=edition.key,
        instrument_version=edition.version,
        instrument_fingerprint=edition.fingerprint,
        source=first.source,
        year=first.year,
        population=first.population,
        figures={
            one.scale: {
                "mean": one.figures.mean,
                "sd": one.figures.sd,
                "n": one.figures.n,
                "format": one.format,
                "scoring": scoring_of(instrument, one.scale),
            }
            for one in rows
        },
        entered_on=today,
        entered_by=by.person_id,
        replaces_id=replaces_id,
        **asdict(described),
    )


def _check_new(session: Session, made: Sequence[ReferenceSet]) -> None:
    """Raise `UnusableReference` when a scale of the same publication is in use already."""
    in_use = session.scalars(select(ReferenceSet).where(ReferenceSet.retired_on.is_(None)))
    known = {(_name(one), scale) for one in in_use for scale in one.figures}
    for one in made:
        for scale in sorted(one.figures):
            if (_name(one), scale) in known:
                raise UnusableReference(
                    "analysis.reference_known",
                    "{scale} of {source} ({year}), {population}, stands in the list already. "
                    "Correct that one, or retire it first.",
                    scale=scale,
                    source=one.source,
                    year=str(one.year),
                    population=one.population,
                )


def _name(row: ReferenceSet) -> tuple[str, str, str, int, str]:
    return (row.questionnaire, row.instrument_fingerprint, row.source, row.year, row.population)
