"""Which lights and bands a sheet uses: those that come with Baken, or the organisation's own."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from baken.instruments.definition import Instrument
from baken.instruments.errors import InvalidInstrument
from baken.instruments.library import load_instrument
from baken.instruments.reading import read_content
from baken.instruments.screening import LightTexts, Screening
from baken.instruments.writing import definition_of, texts_of
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.survey.screening.errors import InvalidEntry
from baken.survey.screening.models import ScreeningSheet, ScreeningWording

KEY: Final = "knipperlichten"

Definition = dict[str, Any]
Limits = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Wording:
    """Lights and bands; `number` counts the organisation's own, 0 for those of Baken."""

    number: int
    instrument: Instrument
    id: UUID | None = None
    made_on: date | None = None

    @property
    def screening(self) -> Screening:
        found = self.instrument.screening
        if found is None:
            raise LookupError(f"{self.instrument.key} is no screening.")
        return found


def current_wording(session: Session) -> Wording:
    """Return what a new sheet uses."""
    newest = select(ScreeningWording).order_by(ScreeningWording.number.desc()).limit(1)
    row = session.scalars(newest).first()
    return Wording(0, load_instrument(KEY)) if row is None else _own(row)


def wording_of(session: Session, sheet: ScreeningSheet) -> Wording:
    """Return the lights and bands of a sheet as they were when it was begun."""
    if sheet.wording_id is None:
        return Wording(0, load_instrument(KEY, sheet.instrument_version))
    return _own(session.get_one(ScreeningWording, sheet.wording_id))


def change_bands(
    session: Session, overall: tuple[float, float], limits: Limits, *, seen: int, by: Actor,
    today: date,
) -> Wording:  # fmt: skip
    """Set from where lights and figures turn orange and red; sheets that were begun keep theirs.

    Parameters
    ----------
    overall : (orange from, red from)
        Lights that are on.
    limits : mapping
        Name of the bands to the same two limits of a figure.
    seen : int
        Number of the wording the person was looking at.
    """
    before = _standing(session, seen, by)
    definition = definition_of(before.instrument)
    written = definition["screening"]
    bands = {"": written["overall"], **written.get("bands", {})}
    for name, (orange, red) in {"": overall, **limits}.items():
        if name not in bands:
            raise _unreadable()
        bands[name] |= {"orange_from": orange, "red_from": red, "source": _SOURCE}
    return _keep(session, before, definition, texts_of(before.instrument), by=by, today=today)


def change_texts(
    session: Session, language: str, note: str, lights: Mapping[str, LightTexts], *, seen: int,
    by: Actor, today: date,
) -> Wording:  # fmt: skip
    """Word the lights anew in one language; sheets that were begun keep their words."""
    before = _standing(session, seen, by)
    texts = texts_of(before.instrument)
    if language not in texts:
        raise _unreadable()
    texts[language] |= {
        "screening_note": note,
        "lights": {code: asdict(light) for code, light in lights.items()},
    }
    return _keep(session, before, definition_of(before.instrument), texts, by=by, today=today)


_SOURCE: Final = "Set by the organisation itself."
# PostgreSQL names the constraint, SQLite its columns.
_TWICE: Final = ("uq_screening_wording", "screening_wording.number")


def _standing(session: Session, seen: int, by: Actor) -> Wording:
    require(by, Action.WORD_SCREENING)
    before = current_wording(session)
    if before.number != seen:
        raise _edited_meanwhile()
    return before


def _edited_meanwhile() -> EditedMeanwhile:
    return EditedMeanwhile(
        "storage.edited_meanwhile",
        "Somebody else changed this in the meantime. Your text is still below; "
        "look at the new version first, then save again.",
    )


def _keep(
    session: Session,
    before: Wording,
    definition: Definition,
    texts: dict[str, dict[str, Any]],
    *,
    by: Actor,
    today: date,
) -> Wording:
    content = json.dumps({"definition": definition, "texts": texts}, ensure_ascii=False)
    instrument = _checked(content)
    row = ScreeningWording(
        number=before.number + 1, content=content, made_by=by.person_id, made_on=today
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _TWICE):
            raise
        raise _edited_meanwhile() from error
    record(
        session,
        "screening.wording_changed",
        by=by.person_id,
        subject=f"screening_wording:{row.id}",
        facts={"number": row.number, "fingerprint": instrument.fingerprint},
    )
    return _own(row)


def _checked(content: str) -> Instrument:
    """Read own content; what contradicts the format is said in words of the page."""
    try:
        return _read(content)
    except InvalidInstrument:
        raise _unreadable() from None


def _unreadable() -> InvalidEntry:
    return InvalidEntry(
        "screening.wording_odd",
        "These lights and limits do not fit together: write every text, and let each orange limit "
        "lie below its red one. Nothing was saved.",
    )


def _own(row: ScreeningWording) -> Wording:
    return Wording(row.number, _read(row.content), row.id, row.made_on)


@lru_cache(maxsize=64)
def _read(content: str) -> Instrument:
    """Read once: a row never changes."""
    written = json.loads(content)
    return read_content(KEY, written["definition"], written["texts"])
