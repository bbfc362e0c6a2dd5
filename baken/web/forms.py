"""Back-office forms: WTForms with our reader, our languages and one list of problems.

A page declares ``class UnitForm(BackOfficeForm)`` with WTForms fields whose label is a key of the
catalogue; `UnitForm.read(form, language)` fills and checks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from wtforms import BooleanField
from wtforms import Form as WTForm
from wtforms.meta import DefaultMeta

from baken.storage.errors import BakenError
from baken.web import numerals
from baken.web.body import EMPTY, Form
from baken.web.texts import catalogue, inside

# What the library says about numbers, and our own sentence for it.
_OURS: Final = {
    "Number must be between %(min)s and %(max)s.": "forms.number_between",
    "Number must be at least %(min)s.": "forms.number_at_least",
    "Number must be at most %(max)s.": "forms.number_at_most",
}


class _Limits(str):
    """A sentence of ours that the library puts its limits into: written as the reader does."""

    language: str

    def __mod__(self, limits: Any) -> str:
        shown = {
            name: None if limit is None else numerals.number(limit, self.language)
            for name, limit in limits.items()
        }
        return str(self) % shown


@dataclass(frozen=True, slots=True)
class _Sentences:
    """The sentences of the library in the language of the reader, some of them in our words."""

    library: Any
    language: str

    def gettext(self, sentence: str) -> str:
        key = _OURS.get(sentence)
        if key is None:
            return str(self.library.gettext(sentence))
        sentence = _Limits(catalogue(self.language)(key, min="%(min)s", max="%(max)s"))
        sentence.language = self.language
        return sentence

    def ngettext(self, one: str, many: str, count: int) -> str:
        return str(self.library.ngettext(one, many, count))


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the list above a form; `field` is the id it links to, empty for all of it."""

    field: str
    sentence: str


class BackOfficeForm(WTForm):
    """A form on a signed-in page."""

    class Meta(DefaultMeta):
        csrf = False  # the access guard checks our own token before any page runs

        def get_translations(self, form: Any) -> Any:
            locales: Any = self.locales
            known = super().get_translations(form)
            return _Sentences(known, str(locales[0])) if locales else known

    language: str
    refusals: tuple[str, ...] = ()

    @classmethod
    def blank(cls, language: str, values: Mapping[str, Any] | None = None) -> Self:
        """The form before anybody typed, filled with `values` where it edits something."""
        form = cls(None, data=dict(values or {}), meta={"locales": [language]})
        form.language = language
        return form

    @classmethod
    def read(cls, body: Form, language: str, values: Mapping[str, Any] | None = None) -> Self:
        """The form as it was sent."""
        sent = body if len(body) else EMPTY
        form = cls(sent, data=dict(values or {}), meta={"locales": [language]})
        form.language = language
        return form

    def refuse(self, error: BakenError) -> Self:
        """Show the sentence of a domain error above the form; what was typed stays."""
        self.refusals = (*self.refusals, catalogue(self.language).refusal(error))
        return self

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What to mend, in the order of the page."""
        whole = [Problem("", sentence) for sentence in self.refusals]
        fields = [
            Problem(field.id, self._named(field, self._said(sentence)))
            for field in self
            for sentence in _flat(field.errors)
        ]
        return (*whole, *fields)

    def label_of(self, field: Any) -> str:
        """What a field is called away from its place: above the form."""
        return self._said(str(field.label.text))

    def _named(self, field: Any, sentence: str) -> str:
        """Say which field it is about; a box to tick has a sentence that says so itself."""
        if isinstance(field, BooleanField):
            return sentence
        label = self.label_of(field).rstrip("?: \u00a0\u202f")
        if not label or label.lower() in sentence.lower():
            return sentence
        small = inside(sentence, self.language)
        return catalogue(self.language)("forms.problem_of", field=label, sentence=small)

    def _said(self, sentence: str) -> str:
        texts = catalogue(self.language)
        return texts(sentence) if texts.has(sentence) else sentence


def _flat(errors: Any) -> Sequence[str]:
    """Errors of lists and sub-forms come nested; the page shows them in a row."""
    if isinstance(errors, Mapping):
        return [line for inner in errors.values() for line in _flat(inner)]
    if isinstance(errors, str):
        return [errors]
    return [line for inner in errors for line in _flat(inner)]
