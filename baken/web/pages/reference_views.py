"""What the pages of references show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from baken.analysis.references.models import ReferenceSet
from baken.instruments.definition import Instrument
from baken.storage.session import Session
from baken.web.pages.campaign_forms import questionnaires, texts_of, title_of
from baken.web.pages.library_words import full_name
from baken.web.texts import catalogue


def measuring(session: Session) -> dict[str, Instrument]:
    """Return what can be asked and has means: alert lights are on or off."""
    known = questionnaires(session)
    return {name: one for name, one in known.items() if one.kind != "screening"}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One theme of a set; `n` is None when it is unknown."""

    name: str
    mean: float
    sd: float
    n: int | None
    answers: str


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A set in the list and on its own page."""

    id: UUID
    version: int
    source: str
    year: str
    population: str
    where: str
    is_other_country: bool
    is_other_sector: bool
    questionnaire: str
    is_known: bool
    figures: tuple[FigureRow, ...]
    entered_on: date
    replaces: UUID | None
    retired_on: date | None

    @classmethod
    def of(
        cls, row: ReferenceSet, known: Mapping[str, Instrument], language: str
    ) -> "ReferenceRow":
        """Describe a set; `known` are the questionnaires that people can be asked."""
        instrument = known.get(row.questionnaire)
        is_known = instrument is not None and instrument.fingerprint == row.instrument_fingerprint
        return cls(
            id=row.id,
            version=row.version,
            source=row.source,
            year=str(row.year),
            population=row.population,
            where=where(row, language),
            is_other_country=row.is_other_country,
            is_other_sector=row.is_other_sector,
            questionnaire=_named(row, instrument, language),
            is_known=is_known,
            figures=tuple(_figures(row, instrument if is_known else None, language)),
            entered_on=row.entered_on,
            replaces=row.replaces_id,
            retired_on=row.retired_on,
        )


def where(row: ReferenceSet, language: str) -> str:
    """Country and sector in one phrase."""
    sector = row.sector or catalogue(language)("references.all_sectors")
    return f"{row.country}, {sector}"


def _named(row: ReferenceSet, instrument: Instrument | None, language: str) -> str:
    if instrument is None:
        return row.questionnaire
    return full_name(title_of(instrument, language), instrument.version, language)


def _figures(row: ReferenceSet, instrument: Instrument | None, language: str) -> list[FigureRow]:
    names: Mapping[str, Any] = texts_of(instrument, language).scales if instrument else {}
    order = [scale.key for scale in instrument.scales] if instrument else sorted(row.figures)
    return [
        FigureRow(
            name=names.get(scale, scale),
            mean=row.figures[scale]["mean"],
            sd=row.figures[scale]["sd"],
            n=row.figures[scale]["n"],
            answers=row.figures[scale]["format"],
        )
        for scale in order
        if scale in row.figures
    ]
