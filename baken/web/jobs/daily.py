"""What happens once a day by itself, whatever the number of processes.

Openings that were cut off go on, states that wait for a date move on, answers are deleted on the
day that was agreed, and the rounded counts of running campaigns are published - at a fixed hour,
because a count that moves the moment somebody leaves the desk would tell who answered.
"""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.retention.rounds import delete_what_is_over
from baken.actionplan.retention.sweeps import Place
from baken.analysis.benchmarks.contributing import bring_contributions
from baken.organisation.models import Organisation
from baken.organisation.transfers.imports import forget_old_arrivals
from baken.organisation.transfers.places import delete_old_files, destroy_idle_keys
from baken.storage.jobs import unfinished_subjects
from baken.storage.keys import KeyStore
from baken.storage.retention import delete_old_backups
from baken.storage.session import Database, Session
from baken.storage.turns import TurnLost, ask_once, forget_done
from baken.survey.box.steps import advance_all
from baken.survey.monitoring.actions import publish_all_counts
from baken.survey.paper.sealing import expire_batches
from baken.web import numerals
from baken.web.arriving import clear_left_behind
from baken.web.jobs.organisation_life import ask_for_due_removal
from baken.web.jobs.reminding import ask_for_letters
from baken.web.jobs.work import Stopped, Work

HOUR: Final = time(5)
# Later than this the counts wait for the next morning: their hour may not depend on anybody.
COUNTED_WITHIN: Final = timedelta(hours=1)


def round_of(now: datetime) -> date:
    """The day of the round that is due: today's from five in the morning, before that yesterday's.

    By the clock on the wall: nights in which the hour changes have one round like any other.
    """
    local = now.astimezone(numerals.ZONE)
    return local.date() if local.time() >= HOUR else local.date() - timedelta(days=1)


def ask_for_round(database: Database, *, now: datetime) -> bool:
    """Ask for the round that is due, unless somebody has; whether it was this process."""
    with database.session(None) as session:
        return ask_once(session, "installation.daily", f"round {round_of(now)}", now=now)


def forget_read_forms(database: Database, keys: KeyStore, *, today: date) -> None:
    """Delete what was read of forms on a day that is over; for the first moments of a day.

    A fault in one organisation keeps nothing of the others readable; it is told after them.
    Whatever could not be done now is done by the round of the organisation.
    """
    with database.read(None) as session:
        organisations = _living(session)
    faults: list[Exception] = []
    for organisation_id in organisations:
        try:
            expire_batches(database, keys, organisation_id=organisation_id, today=today)
        except Exception as error:  # noqa: BLE001, RUF100 - told when the rest was done
            faults.append(error)
    if faults:
        raise faults[0]


def do_installation(work: Work) -> None:
    """Ask for the round of every organisation; delete old backups and forget old jobs."""
    day = round_of(work.job.asked_at)
    with work.read() as session:
        organisations = _living(session)
    for organisation_id in work.each(organisations):
        with work.session() as session:
            ask_once(
                session,
                "organisation.daily",
                f"round {day} {organisation_id}",
                now=work.clock(),
                organisation_id=organisation_id,
            )
    delete_old_backups(work.settings.backups, today=work.today)
    delete_old_files(work.settings.transfers, work.keys, now=work.clock())
    clear_left_behind()
    with work.session() as session:
        forget_old_arrivals(session, now=work.clock())
        # In the session that writes: whoever asks for a transfer this moment has said so by then.
        destroy_idle_keys(work.keys, unfinished_subjects(session))
        forget_done(session, today=work.today)


def do_organisation(work: Work) -> None:
    """Publish the counts, delete what was promised, take every step that waits for a date.

    What cannot be done now (a full disk, a key copy that is missing) keeps nothing else waiting.
    """
    faults: list[Exception] = []
    parts = (
        _publish_counts,
        _delete_what_is_over,
        _advance,
        _bring_to_benchmarks,
        ask_for_due_removal,
        ask_for_letters,
    )
    for part in work.each(parts):
        try:
            part(work)
        except (TurnLost, Stopped):
            raise
        except Exception as error:  # noqa: BLE001, RUF100 - told when the rest was done
            faults.append(error)
    if faults:
        raise faults[0]


def _publish_counts(work: Work) -> None:
    if is_hour_of_counts(work.clock()):
        with work.session() as session:
            publish_all_counts(session, work.today)


def _delete_what_is_over(work: Work) -> None:
    """Every deletion by term, of all rooms, by the one table of terms."""
    faults = delete_what_is_over(
        Place(work.database, work.keys, work.organisation_id, work.today, work.clock())
    )
    if faults:
        raise faults[0]


def _bring_to_benchmarks(work: Work) -> None:
    with work.session() as session:
        bring_contributions(session, today=work.today)


def _advance(work: Work) -> None:
    advance_all(
        work.database,
        work.keys,
        work.settings.backups,
        organisation_id=work.organisation_id,
        today=work.today,
    )


def _living(session: Session) -> list[UUID]:
    asked = select(Organisation.id).where(Organisation.removed_on.is_(None))
    return list(session.scalars(asked.order_by(Organisation.id)))


def is_hour_of_counts(now: datetime) -> bool:
    """Whether the counts may be published now."""
    local = now.astimezone(numerals.ZONE)
    return HOUR <= local.time() < (datetime.combine(local, HOUR) + COUNTED_WITHIN).time()
