"""The annual report as data: a workbook with one sheet for each section, and JSON."""

import json
from collections.abc import Iterator
from textwrap import shorten
from typing import Any, Final

from baken.actionplan.annualreport.form import Field
from baken.actionplan.annualreport.wording import form_in
from baken.actionplan.indicators.yearly import FormType
from baken.storage.workbooks import Cell, Sheet, write_rows
from baken.web.documents.annual_report import RATE_DECIMALS, Source, grid_of, said_plain
from baken.web.documents.annual_report_words import words_of
from baken.web.texts import Catalogue

MOST_LETTERS: Final = 31
"""So long is the name of a sheet at most."""


def report_json(source: Source) -> bytes:
    """Return the frozen values with their signatures; keys are those of the form."""
    content = {
        **source.content,
        "number": source.number,
        "sha256": source.sha256 or None,
        "signatures": [
            {
                "as": str(one.signs_as),
                "name": one.name,
                "signed_at": one.signed_at.isoformat(),
            }
            for one in source.signatures
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def report_workbook(source: Source, language: str) -> bytes:
    """Return the report as a workbook: figures as figures, everything else as it is written."""
    content = source.content
    say = words_of(content, language)
    form = FormType(content["form"])
    single = [_head(say)]
    tables: list[Sheet] = []
    for one in form_in(content).of(form):
        if one.key not in content["fields"]:
            continue
        value = content["fields"][one.key]
        if one.columns:
            tables.append(_table(one, value or [], form, say))
        else:
            single.append([one.code, one.label[say.language], _plain(one, value, say)])
    first = Sheet(f"{form} {content['year']}", single)
    return write_rows([first, *tables])


def _head(say: Catalogue) -> list[Cell]:
    return [say("reports.column_code"), say("reports.column_field"), say("reports.column_value")]


def _plain(field: Field, value: Any, say: Catalogue) -> Cell:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return said_plain(field, value, say)


def _table(field: Field, rows: list[dict[str, Any]], form: FormType, say: Catalogue) -> Sheet:
    name = f"{field.code} {field.label[say.language]}"
    short = shorten(name, MOST_LETTERS, placeholder="\N{HORIZONTAL ELLIPSIS}")
    return Sheet(short, list(_lines(field, rows, form, grid_of(field, rows, form, say))))


def _lines(
    field: Field, rows: list[dict[str, Any]], form: FormType, written: Any
) -> Iterator[list[Cell]]:
    yield list(written.heads)
    keys = [column.key for column in field.columns_of(form)]
    for row, said in zip(rows, written.rows, strict=True):
        yield [
            _rounded(key, row[key]) if is_number else words
            for key, words, is_number in zip(keys, said, written.numeric, strict=True)
        ]


def _rounded(key: str, figure: Cell) -> Cell:
    """A rate as the form prints it; everything else as it was counted."""
    return round(figure, RATE_DECIMALS) if key == "rate" and isinstance(figure, float) else figure
