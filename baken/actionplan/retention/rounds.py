"""The round of the night: holds end, shorter terms begin, what is due goes, and it is counted."""

from collections.abc import Mapping

from sqlalchemy import select

from baken.actionplan.retention.models import Deletion
from baken.actionplan.retention.queries import chosen_years, counted_on, years_of
from baken.actionplan.retention.rules import rules
from baken.actionplan.retention.shortening import bring_into_force
from baken.actionplan.retention.sweeps import SWEEPS, Place, Sweep
from baken.organisation.removals.holds import count_holds, end_past_holds
from baken.storage.crash import crash_point
from baken.storage.session import Session


def delete_what_is_over(place: Place) -> list[Exception]:
    """Delete everything whose term is over; return what kept a sweep from being done.

    What fails (a full disk, a key that is missing) keeps nothing else waiting. A kill between a
    deletion and its count loses the count, never the deletion; the record of what was done has it.
    """
    with place.database.session(place.organisation_id) as session:
        end_past_holds(session, today=place.today, now=place.now)
        bring_into_force(session, today=place.today, now=place.now)
        chosen, held = chosen_years(session), count_holds(session) > 0
    faults: list[Exception] = []
    for sweep in SWEEPS:
        if held and all(rules()[key].is_held for key in sweep.records):
            continue
        try:
            _sweep(sweep, place, chosen)
        except Exception as error:  # noqa: BLE001, RUF100 - told when the rest was done
            faults.append(error)
    return faults


def _sweep(sweep: Sweep, place: Place, chosen: Mapping[str, int]) -> None:
    terms = {key: years_of(rules()[key], chosen) for key in sweep.records}
    gone = {record: n for record, n in sweep.delete(place, terms).items() if n}
    crash_point(f"retention.{sweep.name}_deleted")
    if gone:
        with place.database.session(place.organisation_id) as session:
            for record, n in sorted(gone.items()):
                _count(session, place, record, n)


def _count(session: Session, place: Place, record: str, n: int) -> None:
    """One line a day for each kind of record; a year for what opens for a few people only."""
    on = counted_on(record, place.today)
    asked = select(Deletion).where(Deletion.on == on, Deletion.record == record)
    row = session.scalars(asked.with_for_update()).one_or_none()
    if row is None:
        session.add(Deletion(on=on, record=record, n=n))
    else:
        row.n += n
    session.flush()
