"""What each column of a file is: suggested by its head, said by a person, kept for next time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.kinds import KINDS, PeriodKind, SeriesKind
from baken.survey.box.importing.files import Table, fold


class Content(StrEnum):
    """What a file holds."""

    FIGURES = "figures"  # a line for each unit and period
    ABSENCES = "absences"  # a line for each absence of somebody
    STAFF = "staff"  # a line for each person in service


class Place(StrEnum):
    """What a column can be, beside a figure."""

    UNIT = "unit"
    PERIOD = "period"
    FROM = "from"
    UNTIL = "until"
    PEOPLE = "people"
    PERSON = "person"


_VALUE: Final = re.compile(r"[\d\s.,:/%'+-]*\d[\d\s.,:/%'+-]*")

FIRST, SECOND, OUTCOME = "first", "second", "outcome"
_OWN: Final = "own/"


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A series of the organisation's own that a column may hold figures of.

    Its kind says nothing about what is counted, so a column names the series itself.
    """

    series_id: UUID
    name: str
    period: PeriodKind

    @property
    def kind(self) -> str:
        return f"{_OWN}{self.series_id}"

    @property
    def target(self) -> str:
        return f"{self.kind}:{FIRST}"


def kind_in(name: str) -> SeriesKind:
    """The kind of the figures that a column holds."""
    return KINDS["own" if name.startswith(_OWN) else name]


def own_series(name: str) -> UUID | None:
    """The series of its own that a column names; None where its kind finds the series."""
    return UUID(name.removeprefix(_OWN)) if name.startswith(_OWN) else None


OFFERED: Final[Mapping[Content, tuple[Place, ...]]] = {
    Content.FIGURES: (Place.UNIT, Place.PERIOD, Place.FROM, Place.UNTIL, Place.PEOPLE),
    Content.ABSENCES: (Place.UNIT, Place.FROM, Place.UNTIL, Place.PERSON),
    Content.STAFF: (Place.UNIT, Place.FROM, Place.UNTIL),
}
_NEEDED: Final[Mapping[Content, tuple[Place, ...]]] = {
    Content.FIGURES: (Place.UNIT,),
    Content.ABSENCES: (Place.UNIT, Place.FROM, Place.UNTIL),
    Content.STAFF: (Place.UNIT, Place.FROM, Place.UNTIL),
}
# Heads as personnel and absence systems write them, in the languages of the country and English.
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    Place.UNIT: (
        "unit", "eenheid", "afdeling", "dienst", "kostenplaats", "team", "unité", "service",
        "département", "centre de coûts", "department", "cost centre", "einheit", "abteilung",
        "kostenstelle", "nummer eenheid",
    ),
    Place.PERIOD: ("period", "periode", "période", "maand", "mois", "month", "monat", "jaar",
                   "année", "year", "jahr", "kwartaal", "trimestre", "quarter", "quartal"),
    Place.FROM: ("from", "van", "begin", "begindatum", "startdatum", "eerste dag", "in dienst",
                 "begin afwezigheid", "start afwezigheid", "eerste dag afwezigheid",
                 "begin verzuim", "eerste ziektedag", "aanvang", "datum van", "date début",
                 "début d'absence", "début de l'absence",
                 "start of absence", "beginn der abwesenheit",
                 "datum in dienst", "du", "début", "date de début", "date d'entrée", "start",
                 "start date", "von", "beginn", "eintritt"),
    Place.UNTIL: ("until", "tot", "tot en met", "einde", "einddatum", "laatste dag", "uit dienst",
                  "einde afwezigheid", "laatste dag afwezigheid", "einde verzuim",
                  "laatste ziektedag", "datum tot", "date fin", "fin d'absence",
                  "fin de l'absence", "end of absence",
                  "ende der abwesenheit",
                  "datum uit dienst", "au", "fin", "date de fin", "date de sortie", "end",
                  "end date", "bis", "ende", "austritt", "to", "jusqu'au"),
    Place.PEOPLE: ("people", "personen", "aantal", "effectief", "effectif", "personnes",
                   "headcount", "anzahl", "koppen", "aantal mensen", "mensen",
                   "nombre de personnes", "number of people", "anzahl personen"),
    Place.PERSON: ("person", "persoon", "personeelsnummer", "stamnummer", "matricule",
                   "personeelsnr", "personeelsnr.", "medewerker", "medewerkernummer", "werknemer",
                   "werknemersnummer", "travailleur", "n° matricule", "numéro de matricule",
                   "numéro personnel", "employee", "employee number", "personalnummer"),
    f"absence_rate:{FIRST}": ("ziektedagen", "verzuimdagen", "afwezige dagen", "dagen afwezig",
                              "jours d'absence", "jours de maladie", "days absent", "fehltage"),
    f"absence_rate:{SECOND}": ("beschikbare dagen", "te werken dagen", "kalenderdagen",
                               "jours disponibles", "days available", "solltage",
                               "dagen beschikbaar", "dagen die er waren", "available days"),
    f"absence_rate:{OUTCOME}": ("verzuim", "verzuimpercentage", "ziekteverzuim %", "verzuim %",
                                "taux d'absentéisme", "absence %", "absence rate",
                                "krankenstand %"),
    f"absence_short:{FIRST}": ("korte ziektedagen", "jours d'absence courte",
                               "days of short absence", "kurze fehltage"),
    f"absence_long:{FIRST}": ("lange ziektedagen", "jours d'absence longue",
                              "days of long absence", "lange fehltage"),
    f"absence_duration:{FIRST}": ("dagen beëindigde meldingen",),
    f"absence_duration:{SECOND}": ("beëindigde meldingen",),
    f"absence_frequency:{FIRST}": ("meldingen", "ziekmeldingen", "spells", "absences",
                                   "krankmeldungen"),
    f"absence_frequency:{SECOND}": ("gemiddeld aantal", "effectif moyen", "mean headcount",
                                    "mittlere anzahl"),
    f"turnover:{FIRST}": ("vertrokken", "uit dienst getreden", "départs", "leavers", "austritte"),
    f"overtime:{FIRST}": ("overuren", "heures supplémentaires", "overtime", "überstunden",
                         "uren overuren", "aantal overuren"),
    f"overtime:{SECOND}": ("gewerkte uren", "uren gewerkt", "gepresteerde uren", "heures prestées",
                           "hours worked", "arbeitsstunden"),
}  # fmt: skip


# A file says once how many days or people there were; a column of its own goes before it.
_SHARED: Final[Mapping[str, str]] = {
    "absence_short": f"absence_rate:{SECOND}",
    "absence_long": f"absence_rate:{SECOND}",
    "absence_frequency": Place.PEOPLE,
    "turnover": Place.PEOPLE,
}


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a file are: a place, or ``kind:first|second|outcome``, to its number."""

    places: Mapping[str, int]

    def at(self, place: str) -> int | None:
        return self.places.get(place)

    @property
    def figures(self) -> dict[str, dict[str, int]]:
        """Kinds of indicators in the file, each with the columns it is made of."""
        found: dict[str, dict[str, int]] = {}
        for name, at in self.places.items():
            kind, sign, part = name.partition(":")
            if sign:
                found.setdefault(kind, {})[part] = at
        for kind, other in _SHARED.items():
            if other in self.places and FIRST in found.get(kind, {}):
                found[kind].setdefault(SECOND, self.places[other])
        return found


def targets_of(content: Content, own: Sequence[OwnColumn] = ()) -> tuple[str, ...]:
    """Return everything that a column of such a file can be; `own`: series of its own."""
    places = tuple(place.value for place in OFFERED[content])
    if content is not Content.FIGURES:
        return places
    parts: list[str] = []
    for kind in KINDS.values():
        if kind.key != "own":
            names = (FIRST, SECOND, OUTCOME) if kind.is_fraction else (FIRST,)
            parts.extend(f"{kind.key}:{part}" for part in names)
    return (*places, *parts, *(one.target for one in own))


def suggest(
    table: Table, content: Content, kept: Mapping[str, str], own: Sequence[OwnColumn] = ()
) -> dict[int, str]:
    """Return what each column probably is: as last time, else by its head."""
    offered = targets_of(content, own)
    named = {fold(one.name): one.target for one in own}
    found: dict[int, str] = {}
    for column in table.columns:
        head = fold(column.head)
        target = kept.get(head)
        if target not in offered:
            target = named.get(head) or _by_head(head)
        if target in offered and target not in found.values():
            found[column.place] = target
    return found


def columns_of(
    table: Table, content: Content, chosen: Mapping[int, str], own: Sequence[OwnColumn] = ()
) -> Columns:
    """Return the columns as a person said them.

    Raises
    ------
    Invalid
        A name stands in the header twice or is a value, two columns are the same thing, or one is
        missing.
    """
    if table.repeated:
        raise Invalid(
            "series.import_heads_twice",
            "More than one column is called {heads}. Give each its own name in the file, and "
            "choose it again.",
            heads=", ".join(table.repeated),
        )
    offered = targets_of(content, own)
    places: dict[str, int] = {}
    for at, target in chosen.items():
        if target not in offered or not 0 <= at < len(table.columns):
            continue
        if target in places:
            raise Invalid(
                "series.import_same_twice",
                "Two columns are said to be the same: {first} and {second}. Leave one out.",
                first=table.columns[places[target]],
                second=table.columns[at],
            )
        places[target] = at
    _check_heads(table, places.values())
    found = Columns(places)
    _check_complete(found, content, table)
    return found


def kept_of(table: Table, columns: Columns) -> dict[str, str]:
    """What is kept for the next file: heads, and nothing that stands below them."""
    return {fold(table.columns[at].head): target for target, at in columns.places.items()}


def _check_heads(table: Table, chosen: Iterable[int]) -> None:
    """Refuse a file without names of columns: its first row would be kept, and it is of somebody.

    Raises
    ------
    Invalid
        A chosen column is called like a number or a day.
    """
    for at in chosen:
        if _VALUE.fullmatch(table.columns[at].head.strip()):
            raise Invalid(
                "series.import_no_heads",
                "Column {column} has a number or a day where its name should stand. Put a row "
                "with the names of the columns on top of the file, and choose it again.",
                column=table.columns[at].letters,
            )


def _check_complete(columns: Columns, content: Content, table: Table) -> None:
    missing = [place for place in _NEEDED[content] if columns.at(place) is None]
    if Place.UNIT in missing:
        raise Invalid("series.import_no_unit", "Say which column holds the unit.")
    if missing:
        raise Invalid(
            "series.import_no_days", "Say which two columns hold the first and the last day."
        )
    if content is Content.FIGURES:
        _check_figures(columns, table)


def _check_figures(columns: Columns, table: Table) -> None:
    has_days = columns.at(Place.FROM) is not None and columns.at(Place.UNTIL) is not None
    if columns.at(Place.PERIOD) is None and not has_days:
        raise Invalid(
            "series.import_no_period",
            "Say which column holds the period, or which two hold its first and last day.",
        )
    if not columns.figures:
        raise Invalid("series.import_no_figure", "Say which column holds a figure.")
    for kind, parts in columns.figures.items():
        if kind_in(kind).is_fraction and (FIRST in parts) != (SECOND in parts):
            raise Invalid(
                "series.import_half",
                "Column {column} holds one of the two numbers of an indicator. Choose the column "
                "with the other one too, or leave this one out.",
                column=table.columns[min(parts.values())],
            )


def _by_head(head: str) -> str:
    return next((target for target, heads in _HEADS.items() if head in heads), "")
