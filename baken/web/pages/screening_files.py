"""Screening sheets as rows of a file: one row a unit, and one row a light."""

from collections.abc import Iterable, Iterator

from baken.storage.workbooks import Cell
from baken.survey.screening.queries import ReadSheet
from baken.survey.screening.readings import LightReading
from baken.web.pages.screening_views import words_of
from baken.web.texts import Catalogue

Row = tuple[Cell, ...]


def sheet_rows(sheets: Iterable[ReadSheet], texts: Catalogue) -> list[Row]:
    """One row a sheet, in the order given, under a header."""
    return [
        tuple(texts("screening.file_sheets").split(";")),
        *((*_head(found, texts), *_outcome(found, texts)) for found in sheets),
    ]


def light_rows(sheets: Iterable[ReadSheet], texts: Catalogue) -> list[Row]:
    """One row a light of each sheet, under a header."""
    rows: list[Row] = [tuple(texts("screening.file_lights").split(";"))]
    for found in sheets:
        head = _head(found, texts)
        words = words_of(found.wording, texts.language)
        for reading in found.result.lights:
            name = words.lights[reading.light.item]
            row = (reading.light.item, name.name, *_light(reading, name.figure, texts))
            rows.append((*head, *row))
    return rows


def _head(found: ReadSheet, texts: Catalogue) -> Row:
    sheet = found.sheet
    number = found.wording.number
    words = texts("screening.own_words", n=number) if number else texts("screening.baken_words")
    return (found.unit, sheet.from_on, sheet.until_on, sheet.edition, sheet.agreed_on, words)


def _outcome(found: ReadSheet, texts: Catalogue) -> Row:
    result = found.result
    return (
        texts(f"screening.colour_{result.colour.word}"),
        texts(f"screening.colour_{result.worst.word}"),
        result.n_on,
        result.n_unknown,
        found.sheet.people,
        "; ".join(f"{one.name} ({one.function})" for one in found.sheet.fields.group),
    )


def _light(reading: LightReading, figure: str, texts: Catalogue) -> Iterator[Cell]:
    mark = reading.mark
    yield texts(f"screening.state_{reading.state}")
    yield from (mark.value, figure, mark.sector, mark.size, mark.before, mark.before_that)
    for found in reading.compared:
        yield texts(f"screening.colour_{found.colour.word}") if found.colour else ""
    yield from (mark.source, mark.comment)
