"""Reading the sheets: one, the history of a unit, and which units come first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.models import Unit
from baken.storage.session import Session
from baken.survey.screening.errors import SheetNotFound
from baken.survey.screening.marks import read_marks
from baken.survey.screening.models import ScreeningSheet
from baken.survey.screening.readings import Result, Standing, result_of
from baken.survey.screening.rules import SheetState
from baken.survey.screening.wording import Wording, wording_of


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet with its unit and what it says; `unit_until_on` is the last day of the unit."""

    sheet: ScreeningSheet
    unit: str
    unit_until_on: date
    wording: Wording
    result: Result

    def has_ended(self, on: date) -> bool:
        """Whether the unit is no more: nobody can look there first."""
        return self.unit_until_on < on

    @property
    def standing(self) -> Standing:
        return Standing(self.unit, self.result.colour, self.result.n_on, self.sheet.people)


def get_sheet(session: Session, sheet_id: UUID) -> ScreeningSheet:
    """Return a sheet or raise `SheetNotFound`."""
    sheet = session.get(ScreeningSheet, sheet_id)
    if sheet is None:
        raise SheetNotFound
    return sheet


def read_sheet(session: Session, sheet: ScreeningSheet) -> ReadSheet:
    """Return a sheet with what it says."""
    return _read(session, sheet, session.get_one(Unit, sheet.unit_id))


def list_drafts(session: Session) -> list[ReadSheet]:
    """Return the sheets that are being filled in, the longest waiting first."""
    asked = select(ScreeningSheet).where(ScreeningSheet.state == SheetState.DRAFT)
    rows = session.scalars(asked.order_by(ScreeningSheet.started_on, ScreeningSheet.id)).all()
    return _read_all(session, rows)


def list_history(session: Session, unit_id: UUID) -> list[ReadSheet]:
    """Return what was agreed about a unit, one sheet a period, the newest period first."""
    asked = select(ScreeningSheet).where(ScreeningSheet.unit_id == unit_id)
    return _read_all(session, _in_force(session.scalars(asked)))


def list_agreed(session: Session) -> list[ReadSheet]:
    """Return what was agreed, one sheet a unit and period, the newest period of a unit first."""
    return _read_all(session, _in_force(session.scalars(select(ScreeningSheet))))


def list_priorities(session: Session, *, on: date) -> list[ReadSheet]:
    """Return the newest agreed sheet of each unit that has not ended, what comes first first."""
    newest = [found for found in _newest(session) if not found.has_ended(on)]
    return sorted(newest, key=lambda found: found.standing.urgency)


def list_former(session: Session, *, on: date) -> list[ReadSheet]:
    """Return the newest agreed sheet of each unit that has ended, the latest ended first."""
    ended = [found for found in _newest(session) if found.has_ended(on)]
    return sorted(ended, key=lambda found: (found.unit_until_on, found.unit), reverse=True)


def _newest(session: Session) -> list[ReadSheet]:
    newest: dict[UUID, ReadSheet] = {}
    for found in list_agreed(session):
        newest.setdefault(found.sheet.unit_id, found)
    return list(newest.values())


def list_before(session: Session, unit_id: UUID, day: date) -> list[ScreeningSheet]:
    """Return the agreed sheets of a unit about periods before a day, the newest first."""
    asked = select(ScreeningSheet).where(
        ScreeningSheet.unit_id == unit_id, ScreeningSheet.until_on < day
    )
    return _in_force(session.scalars(asked))


def list_of_unit(session: Session, unit_id: UUID) -> list[ScreeningSheet]:
    """Return every sheet of a unit, drafts and earlier editions too."""
    asked = select(ScreeningSheet).where(ScreeningSheet.unit_id == unit_id)
    return list(session.scalars(asked.order_by(ScreeningSheet.from_on, ScreeningSheet.edition)))


def _in_force(sheets: Iterable[ScreeningSheet]) -> list[ScreeningSheet]:
    """Return of each unit and period the highest edition that was agreed, newest period first."""
    agreed = [sheet for sheet in sheets if sheet.state is SheetState.AGREED]
    agreed.sort(key=lambda one: (one.until_on, one.edition, one.id), reverse=True)
    kept: dict[tuple[UUID, date, date], ScreeningSheet] = {}
    for sheet in agreed:
        kept.setdefault((sheet.unit_id, sheet.from_on, sheet.until_on), sheet)
    return list(kept.values())


def _read_all(session: Session, sheets: Iterable[ScreeningSheet]) -> list[ReadSheet]:
    rows = list(sheets)
    if not rows:
        return []
    wanted = {sheet.unit_id for sheet in rows}
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    return [_read(session, sheet, units[sheet.unit_id]) for sheet in rows]


def _read(session: Session, sheet: ScreeningSheet, unit: Unit) -> ReadSheet:
    wording = wording_of(session, sheet)
    result = result_of(wording.screening, read_marks(sheet.marks))
    return ReadSheet(sheet, unit.name, unit.until_on or date.max, wording, result)
