"""Forms about references: a publication with its figures per theme, a file, and other clients."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from wtforms import BooleanField, FileField, SelectField
from wtforms.validators import InputRequired

from baken.analysis.errors import UnusableReference
from baken.analysis.references.actions import Described
from baken.analysis.references.models import ReferenceSet
from baken.analysis.references.reference import ScaleReference, answers_of
from baken.analysis.references.rows import FIRST_YEAR, MOST_SOURCE, read_row, same_format
from baken.instruments.definition import Instrument
from baken.web import numerals
from baken.web.body import Form, Upload
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_forms import texts_of, title_of
from baken.web.pages.fields import FileChosen, line, option, whole
from baken.web.pages.library_words import full_name
from baken.web.texts import catalogue

FIGURES: Final = ("mean", "sd", "n")
_RANGES: Final = re.compile(r"\s+(?:and|en|et|und)\s+|[,;]")
_LAST_YEAR: Final = 2199


@dataclass(frozen=True, slots=True)
class ScaleFields:
    """A line of the form: a theme, how it is answered, and what was typed."""

    key: str
    name: str
    answers: str
    typed: Mapping[str, str]

    @property
    def is_filled(self) -> bool:
        return any(self.typed.values())


class PeopleForm(BackOfficeForm):
    """Whose figures these are, held against the organisation."""

    country = line("references.country", length=80, hint="references.country_hint")
    sector = line("references.sector", length=120, hint="references.sector_hint", required=False)
    is_other_country = BooleanField("references.other_country")
    is_other_sector = BooleanField("references.other_sector")

    @property
    def described(self) -> Described:
        return Described(
            country=str(self.country.data),
            sector=str(self.sector.data or ""),
            is_other_country=bool(self.is_other_country.data),
            is_other_sector=bool(self.is_other_sector.data),
        )


class ReferenceForm(PeopleForm):
    """A publication, by hand."""

    source = line("references.source", length=MOST_SOURCE, hint="references.source_hint")
    year = whole("references.year", low=FIRST_YEAR, high=_LAST_YEAR, hint="references.year_hint")
    population = line(
        "references.population", length=MOST_SOURCE, hint="references.population_hint"
    )
    answers = line("references.answers", length=80, hint="references.answers_hint")
    lines: tuple[ScaleFields, ...] = ()

    @classmethod
    def empty(cls, instrument: Instrument, language: str) -> Self:
        return cls.blank(language).show(instrument, {})

    @classmethod
    def filled(cls, row: ReferenceSet, instrument: Instrument, language: str) -> Self:
        """The form with what a set says, to be corrected."""
        told = {name: getattr(row, name) for name in ("source", "year", "population", "country")}
        told |= {name: getattr(row, name) for name in ("sector", "is_other_country")}
        told["is_other_sector"] = row.is_other_sector
        ranges = {part for one in row.figures.values() for part in one["format"].split(" and ")}
        told["answers"] = ", ".join(sorted(ranges))
        typed = {
            f"{name}-{scale}": _as_typed(figures[name], language)
            for scale, figures in row.figures.items()
            for name in FIGURES
        }
        return cls.blank(language, told).show(instrument, typed)

    @classmethod
    def sent(cls, body: Form, instrument: Instrument, language: str) -> Self:
        typed = {
            f"{name}-{scale.key}": body.get(f"{name}-{scale.key}").strip()[:40]
            for scale in instrument.scales
            for name in FIGURES
        }
        return cls.read(body, language).show(instrument, typed)

    def show(self, instrument: Instrument, typed: Mapping[str, str]) -> Self:
        names = texts_of(instrument, self.language).scales
        self.lines = tuple(
            ScaleFields(
                key=scale.key,
                name=names[scale.key],
                answers=answers_of(instrument, scale.key),
                typed={name: typed.get(f"{name}-{scale.key}", "") for name in FIGURES},
            )
            for scale in instrument.scales
        )
        return self

    def references(self, instrument: Instrument, *, this_year: int) -> list[ScaleReference]:
        """Return what was typed; each line that cannot be taken says so above the form."""
        found = []
        for one in self.lines:
            if one.is_filled:
                try:
                    found.append(read_row(self._cells(one), instrument, this_year=this_year))
                except UnusableReference as error:
                    self.refuse(_in_words(error, one, self.language))
        return found

    def _cells(self, one: ScaleFields) -> dict[str, str]:
        return {
            "scale": one.key,
            # Typed by people: a comma is their decimal sign.
            "mean": one.typed["mean"].replace(",", "."),
            "sd": one.typed["sd"].replace(",", "."),
            "n": one.typed["n"],
            "source": str(self.source.data),
            "year": str(self.year.data),
            "population": str(self.population.data),
            "format": self._format(one.answers),
        }

    def _format(self, asked: str) -> str:
        """Return the range of a theme when the source has it; else what the source has instead."""
        told = {same_format(part) for part in _RANGES.split(str(self.answers.data)) if part}
        return asked if told.issuperset(asked.split(" and ")) else " and ".join(sorted(told))


class ReferenceFileForm(PeopleForm):
    """A file with references of one questionnaire."""

    file = FileField("references.file", [FileChosen()], description="references.file_hint")
    questionnaire = SelectField("references.questionnaire", [InputRequired()])
    chosen: Upload | None = None

    def offer(self, known: Mapping[str, Instrument]) -> Self:
        """Fill in which questionnaires can be chosen."""
        self.questionnaire.choices = options(known, self.language)
        return self


class AlongForm(PeopleForm):
    """Other clients of whoever entered a set; the boxes stand in the template."""

    chosen: tuple[str, ...] = ()


def options(known: Mapping[str, Instrument], language: str) -> list[Any]:
    """Questionnaires to choose from, by their full name."""
    return [
        option(key, full_name(title_of(one, language), one.version, language))
        for key, one in known.items()
    ]


def row_sentences(errors: Sequence[Any], language: str) -> tuple[str, ...]:
    """Say of each row of a file what is wrong with it."""
    say = catalogue(language)
    return tuple(
        say("references.row_wrong", row=str(one.row), why=say.refusal(one.error)) for one in errors
    )


def _as_typed(value: float | None, language: str) -> str:
    """A number as somebody types it: without the spaces that make large ones legible."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return "".join(numerals.number(value, language).split())


def _in_words(error: UnusableReference, one: ScaleFields, language: str) -> UnusableReference:
    """Let a refusal call theme and column as the form does."""
    say = catalogue(language)
    if "scale" in error.values:
        error.values["scale"] = one.name
        return error
    if "column" in error.values and say.has(f"references.column_{error.values['column']}"):
        error.values["column"] = say(f"references.column_{error.values['column']}")
    return UnusableReference(
        "analysis.reference_line",
        "{scale}: {why}",
        scale=one.name,
        why=say.refusal(error),
    )
