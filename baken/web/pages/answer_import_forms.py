"""What is told about a file with answers from elsewhere: days, units, and its columns."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from wtforms import FileField, SelectField
from wtforms.validators import InputRequired

from baken.instruments.definition import Instrument
from baken.survey.box.importing.checking import Asked
from baken.survey.box.importing.columns import Columns
from baken.survey.box.importing.files import Table
from baken.survey.box.importing.rules import ImportPlan
from baken.survey.box.importing.values import Rules
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP, FLOOR_MIN_GROUP
from baken.web.body import Form, Upload
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_forms import texts_of, title_of
from baken.web.pages.fields import FileChosen, day, line, option, whole
from baken.web.pages.library_words import full_name

_KEPT: Final = timedelta(days=90)
_MOST_PEOPLE: Final = 1_000
_MOST_WORDS: Final = 20
LOWEST: Final = ("", "0", "1")
"""What stands for the lowest answer in a file; empty: the questionnaire's own numbers."""


class ImportForm(BackOfficeForm):
    """A file with answers, and what nobody can read in it."""

    file = FileField("imports.file", [FileChosen()], description="imports.file_hint")
    title = line("campaigns.name", length=200, hint="imports.name_hint")
    instrument = SelectField("campaigns.instrument", [InputRequired()])
    first_on = day("imports.first_on")
    last_on = day("imports.last_on")
    units_on = day("imports.units_on", hint="imports.units_on_hint")
    min_group = whole(
        "campaigns.min_group", low=FLOOR_MIN_GROUP, high=_MOST_PEOPLE, hint="imports.min_group_hint"
    )
    kept_until_on = day("imports.kept_until_on", hint="imports.kept_until_on_hint")
    chosen: Upload | bytes | None = None
    known: Mapping[str, Instrument]

    @classmethod
    def empty(cls, known: Mapping[str, Instrument], language: str, today: date) -> Self:
        values = {"min_group": DEFAULT_MIN_GROUP, "kept_until_on": today + _KEPT}
        return cls.blank(language, values).offer(known)

    @classmethod
    def sent(cls, body: Form, known: Mapping[str, Instrument], language: str) -> Self:
        return cls.read(body, language).offer(known)

    def offer(self, known: Mapping[str, Instrument]) -> Self:
        """Fill in which questionnaires can be chosen."""
        self.known = known
        self.instrument.choices = [
            option(key, full_name(title_of(one, self.language), one.version, self.language))
            for key, one in known.items()
        ]
        return self

    @property
    def questionnaire(self) -> Instrument:
        return self.known[str(self.instrument.data)]

    @property
    def hidden(self) -> dict[str, str]:
        """What the later steps carry along, as it was typed."""
        fields = (one for one in self if one.name != "file")
        return {one.name: str(one.data if one.data is not None else "") for one in fields}

    def plan(self) -> ImportPlan:
        sent: dict[str, Any] = self.data
        return ImportPlan(
            title=sent["title"],
            first_on=sent["first_on"],
            last_on=sent["last_on"],
            units_on=sent["units_on"],
            min_group=sent["min_group"],
            kept_until_on=sent["kept_until_on"],
        )

    def asked(self, content: bytes, body: Form, columns: Columns) -> Asked:
        """The whole import, with the columns as they were chosen."""
        instrument = self.questionnaire
        return Asked(
            content,
            instrument.key,
            instrument.version,
            self.plan(),
            columns,
            sheet=body.get("sheet"),
            head_row=_number(body.get("head_row")),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One question and the column that answers it."""

    name: str
    code: str
    text: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """The page of the columns: a list for each part of the questionnaire."""

    unit: Choice
    items: tuple[Choice, ...]
    backgrounds: tuple[Choice, ...]
    comments: tuple[Choice, ...]
    lowest: str
    not_applicable: str
    prefer_not: str

    @classmethod
    def of(cls, columns: Columns, instrument: Instrument, language: str) -> "Choices":
        texts = texts_of(instrument, language)
        rules = columns.rules

        def chosen(part: str, keys: list[str], words: Mapping[str, str]) -> tuple[Choice, ...]:
            places = getattr(columns, part)
            return tuple(
                Choice(f"{part}_{place}", key, words.get(key, key), places.get(key))
                for place, key in enumerate(keys)
            )

        keys = _keys(instrument)
        return cls(
            Choice("unit", "", "", columns.unit),
            chosen("items", keys["items"], texts.items),
            chosen("backgrounds", keys["backgrounds"], texts.backgrounds),
            chosen("comments", keys["comments"], texts.open_questions),
            "" if rules.lowest is None else str(rules.lowest),
            "; ".join(rules.not_applicable),
            "; ".join(rules.prefer_not),
        )


def read_columns(body: Form, instrument: Instrument) -> Columns:
    """The columns as they were chosen on the page; what is no number is no choice."""
    found: dict[str, dict[str, int]] = {}
    for part, keys in _keys(instrument).items():
        sent = {key: _number(body.get(f"{part}_{place}")) for place, key in enumerate(keys)}
        found[part] = {key: place for key, place in sent.items() if place is not None}
    lowest = body.get("lowest")
    rules = Rules(
        lowest=int(lowest) if lowest in LOWEST and lowest else None,
        not_applicable=_words(body.get("not_applicable")),
        prefer_not=_words(body.get("prefer_not")),
    )
    unit = _number(body.get("unit"))
    return Columns(unit, found["items"], found["backgrounds"], found["comments"], rules)


def chosen_fields(columns: Columns, instrument: Instrument) -> dict[str, str]:
    """The same choices as hidden fields of the next step."""
    found = {} if columns.unit is None else {"unit": str(columns.unit)}
    for part, keys in _keys(instrument).items():
        places = getattr(columns, part)
        found |= {f"{part}_{at}": str(places[key]) for at, key in enumerate(keys) if key in places}
    rules = columns.rules
    return {
        **found,
        "lowest": "" if rules.lowest is None else str(rules.lowest),
        "not_applicable": ";".join(rules.not_applicable),
        "prefer_not": ";".join(rules.prefer_not),
    }


def heads_of(table: Table) -> str:
    """Stands for the names of the columns: choices made for one file fit another with the same."""
    heads = "\0".join(column.head for column in table.columns)
    return hashlib.sha256(heads.encode()).hexdigest()


def first_place(body: Form, table: Table) -> int | None:
    """The column with which the questions begin, where somebody asks to take them in order."""
    place = _number(body.get("first"))
    return place if place is not None and place < len(table.columns) else None


def _keys(instrument: Instrument) -> dict[str, list[str]]:
    return {
        "items": [item.code for item in instrument.items],
        "backgrounds": [question.key for question in instrument.backgrounds],
        "comments": [question.key for question in instrument.open_questions],
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _words(text: str) -> tuple[str, ...]:
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:400])
    words = [word.strip() for word in plain.split(";")]
    return tuple(word for word in words if word)[:_MOST_WORDS]
