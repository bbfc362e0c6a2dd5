"""When a term is over; how long copies may live: no backup outlives what the screens say."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from baken.storage.session import Database, Session

BACKUPS_KEPT_DAYS = 35


def over_on(start: date, years: int) -> date:
    """Return the first day on which something may not be kept any more.

    The years are whole: what began on 29 February is kept through 28 February, so it goes on
    1 March of a year without that day.
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def delete_each(
    database: Database,
    organisation_id: UUID,
    days_due: Callable[[Session], Mapping[UUID, date]],
    delete: Callable[[Session, UUID], int],
    *,
    today: date,
) -> int:
    """Delete what is due, one after the other, each in a transaction; return how many went.

    Parameters
    ----------
    days_due
        The day on which each goes.
    delete
        Deletes one and returns how many; 0 where it is gone or somebody holds everything since.
    """
    with database.read(organisation_id) as session:
        due = [one for one, day in days_due(session).items() if day <= today]
    n = 0
    for one in due:
        with database.session(organisation_id) as session:
            n += delete(session, one)
    return n


def delete_old_backups(folder: Path, *, today: date) -> list[Path]:
    """Delete the backups that Baken made more than 35 days ago, and halves left by a kill.

    Returns
    -------
    list of Path
        What was deleted. Files that Baken did not make are left alone.
    """
    if not folder.is_dir():
        return []
    oldest = today - timedelta(days=BACKUPS_KEPT_DAYS)
    yesterday = today - timedelta(days=1)
    gone = [
        path
        for path in (*folder.glob("baken-*.*"), *folder.glob("opening-*/baken-*.*"))
        if (made_on := _made_on(path)) is not None
        and (made_on < oldest or (path.suffix == ".unfinished" and made_on < yesterday))
    ]
    for path in gone:
        path.unlink(missing_ok=True)
    for emptied in folder.glob("opening-*"):
        if emptied.is_dir() and not any(emptied.iterdir()):
            emptied.rmdir()
    return gone


def last_backup_on(folder: Path) -> date | None:
    """Return the day of the newest whole backup that Baken made there; None without any."""
    if not folder.is_dir():
        return None
    found = (_made_on(path) for path in folder.glob("baken-*.*") if path.suffix != ".unfinished")
    return max((made_on for made_on in found if made_on is not None), default=None)


def _made_on(path: Path) -> date | None:
    """Return the day in the name of a backup; None for anything else."""
    try:
        stamp = datetime.strptime(path.name[6:21], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return stamp.date()
