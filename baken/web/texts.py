"""The words of the screens: one catalogue per language, read once at start."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from babel import Locale
from babel.lists import format_list
from markupsafe import Markup, escape

from baken.actionplan.consultations.rules import Organ
from baken.organisation.permissions import Holders
from baken.storage.errors import BakenError
from baken.survey.disclosure.errors import DisclosureError
from baken.web import numerals

FOLDER: Final = Path(__file__).parent / "texts"
# A language is offered as soon as its folder is complete.
LANGUAGES: Final = ("nl", "fr", "en", "de")
DEFAULT_LANGUAGE: Final = "nl"
NAMES: Final = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}


class MissingText(KeyError):
    """A screen asked for a sentence that no catalogue has: a mistake of ours, never of the user."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All sentences of one language, by their full key (``area.key``)."""

    language: str
    sentences: Mapping[str, str]

    def has(self, key: str) -> bool:
        return key in self.sentences

    def own(self, key: str, country: str) -> str:
        """The key of what is called otherwise under the rules of a country, or the key itself.

        Such words stand in ``in_<country>/<area>.toml`` over the usual ones.
        """
        own = f"in_{country}.{key}"
        return own if self.has(own) else key

    def __call__(self, key: str, /, **values: Any) -> str:
        """Say `key`, with `values` at its placeholders; `count` also picks the plural form."""
        if "count" in values:
            key = self._plural(key, values["count"])
        if key not in self.sentences:
            raise MissingText(f"No text {key!r} in {self.language}.")
        return self._fill(self.sentences[key], values)

    def labelled(self, what: str, said: str) -> str:
        """What something is and then what is said of it; before the colon as the language asks."""
        return f"{self('shell.label', what=what)} {said}"

    def refusal(self, error: BakenError | DisclosureError) -> str:
        """The sentence of a domain error, in English where this language lacks it."""
        key = f"errors.{error.key}"
        if not self.has(key):
            return str(error)
        values = dict(error.values)
        if values.get("language") in NAMES:  # rules know a language by its code, readers do not
            values["language"] = NAMES[values["language"]]
        return self._fill(self.sentences[key], values)

    def _plural(self, key: str, count: Any) -> str:
        form = Locale.parse(numerals.LOCALES[self.language]).plural_form(count)
        return f"{key}.{form}" if self.has(f"{key}.{form}") else f"{key}.other"

    def _fill(self, sentence: str, values: Mapping[str, Any]) -> str:
        shown = {name: self._shown(value) for name, value in values.items()}
        if any(isinstance(value, Markup) for value in shown.values()):
            # Escaped first; then only values that are markup already stay so.
            return Markup(escape(sentence)).format(**shown)  # noqa: S704
        return sentence.format(**shown)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, datetime):
            return numerals.moment(value, self.language)
        if isinstance(value, date):
            return numerals.day(value, self.language)
        if isinstance(value, int | float):
            return numerals.number(value, self.language)
        if isinstance(value, Holders | Organ):
            return self._named(value)
        return value

    def _named(self, who: Holders | Organ) -> str:
        if isinstance(who, Organ):
            return inside(self(f"consultations.organ_{who}"), self.language)
        names = [inside(self(f"people.role_{role}"), self.language) for role in who.roles]
        return format_list(names, style="or", locale=numerals.LOCALES[self.language])


@cache
def catalogue(language: str) -> Catalogue:
    """The sentences of one language.

    Raises
    ------
    MissingText
        When the language has no folder.
    """
    folder = FOLDER / language
    if not folder.is_dir():
        raise MissingText(f"There are no texts in {language!r}.")
    return Catalogue(language, dict(_read(folder)))


def inside(name: str, language: str) -> str:
    """A name in the middle of a sentence: without its capital, but a German noun keeps it."""
    return name if language == "de" else name[:1].lower() + name[1:]


def placeholders(sentence: str) -> frozenset[str]:
    """The names between braces in a sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def _read(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*.toml")):
        area = ".".join(file.relative_to(folder).with_suffix("").parts)
        yield from _flat(tomllib.loads(file.read_text(encoding="utf-8")), area)


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        full = f"{prefix}.{key}"
        if isinstance(value, str):
            yield full, value
        else:
            yield from _flat(value, full)
