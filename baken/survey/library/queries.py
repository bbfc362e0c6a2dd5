"""Reading the library: what can be chosen, and the questionnaire of a campaign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from baken.instruments.definition import Instrument, Kind
from baken.instruments.library import list_instruments, load_instrument
from baken.instruments.writing import definition_of, texts_of
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import last_acts
from baken.storage.session import Session
from baken.survey.library.assembling import assemble
from baken.survey.library.content import Content, content_from
from baken.survey.library.errors import QuestionsChanged, VersionNotFound
from baken.survey.library.limits import OWN
from baken.survey.library.models import LibraryVersion
from baken.survey.library.shelf import Shelf

_SHELF: Final = Shelf()
_SHARED: Final = 1_000
"""Signs that a shipped questionnaire counts for: it is read once for everybody."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A questionnaire one can choose, shipped or the organisation's own.

    `titles` has the title in each of `languages`; what is not usable lacks texts and says so.
    """

    key: str
    version: str
    kind: Kind
    titles: Mapping[str, str]
    languages: tuple[str, ...]
    is_own: bool
    is_usable: bool

    @property
    def name(self) -> str:
        return f"{self.key} {self.version}"


def is_own(version: str) -> bool:
    """Whether a version belongs to an organisation; the others come with Baken."""
    return version.startswith(OWN)


def get_instrument(
    session: Session, key: str, version: str, fingerprint: str | None = None
) -> Instrument:
    """Return a questionnaire of the organisation or of Baken, exactly the one that was agreed.

    Parameters
    ----------
    fingerprint : str, optional
        What was agreed. With it nothing is read twice: a version that was used never changes.

    Raises
    ------
    VersionNotFound, UnknownInstrument
        Neither the organisation nor Baken has it.
    QuestionsChanged
        It is not the one of the fingerprint any more.
    """
    known = _SHELF.find(session.organisation_id, fingerprint) if fingerprint else None
    if known is not None:
        return known
    instrument = _read(session, key, version)
    if fingerprint not in (None, instrument.fingerprint):
        raise QuestionsChanged(f"{key} {version}")
    return instrument


def list_choices(session: Session) -> tuple[Choice, ...]:
    """Return every questionnaire one can choose: own versions first, the newest of each first."""
    own = [(assemble_row(row), True) for row in _rows(session)]
    shipped = [(load_instrument(one.key, one.version), False) for one in list_instruments()]
    return tuple(_choice(instrument, is_own=mine) for instrument, mine in (*own, *shipped))


def list_versions(session: Session, *, by: Actor) -> list[LibraryVersion]:
    """Return the own versions of the organisation, by key, the newest of each first."""
    require(by, Action.SEE_CAMPAIGNS)
    return _rows(session)


def find_row(session: Session, key: str, version: str) -> LibraryVersion:
    """Return the own version of this name or raise `VersionNotFound`."""
    asked = select(LibraryVersion).where(
        LibraryVersion.instrument_key == key, LibraryVersion.instrument_version == version
    )
    row = session.scalars(asked).first()
    if row is None:
        raise VersionNotFound
    return row


def list_changes(session: Session) -> dict[str, datetime]:
    """Return when each own version was made or changed last, by its name."""
    acts = last_acts(session, "library_version")
    return {row.name: acts[str(row.id)] for row in _rows(session) if str(row.id) in acts}


@dataclass(frozen=True, slots=True)
class Source:
    """A questionnaire as it can be looked at and copied, shipped or own."""

    content: Content
    left_out: tuple[str, ...]
    instrument: Instrument
    row: LibraryVersion | None = None

    @property
    def kind(self) -> Kind:
        return self.instrument.kind


def get_source(session: Session, key: str, version: str) -> Source:
    """Return what a version holds; raise `VersionNotFound` or `UnknownInstrument`."""
    if is_own(version):
        row = find_row(session, key, version)
        return Source(content_from(row.content), tuple(row.left_out), assemble_row(row), row)
    instrument = _shipped(key, version)
    return Source(Content(definition_of(instrument), texts_of(instrument)), (), instrument)


def assemble_row(row: LibraryVersion) -> Instrument:
    """Return the questionnaire of an own version."""
    known = _SHELF.find(row.organisation_id, row.fingerprint)
    if known is not None:
        return known
    instrument = assemble(row.content, tuple(row.left_out))
    _SHELF.put(row.organisation_id, instrument, signs=len(row.content))
    return instrument


def number_of(version: str) -> int:
    """Return the number of an own version: 3 for own-3."""
    return int(version.removeprefix(OWN))


def _read(session: Session, key: str, version: str) -> Instrument:
    if is_own(version):
        return assemble_row(find_row(session, key, version))
    instrument = _shipped(key, version)
    _SHELF.put(session.organisation_id, instrument, signs=_SHARED)
    return instrument


def _shipped(key: str, version: str) -> Instrument:
    """Return a shipped version; what comes in an address is never taken for a folder."""
    if key not in {one.key for one in list_instruments()}:
        raise VersionNotFound
    return load_instrument(key, version)


def _rows(session: Session) -> list[LibraryVersion]:
    rows: Iterable[LibraryVersion] = session.scalars(select(LibraryVersion))
    newest = sorted(rows, key=lambda row: number_of(row.instrument_version), reverse=True)
    return sorted(newest, key=lambda row: row.instrument_key)


def _choice(instrument: Instrument, *, is_own: bool) -> Choice:
    return Choice(
        key=instrument.key,
        version=instrument.version,
        kind=instrument.kind,
        titles={language: texts.title for language, texts in instrument.texts.items()},
        languages=instrument.languages if instrument.is_usable else (),
        is_own=is_own,
        is_usable=instrument.is_usable,
    )
