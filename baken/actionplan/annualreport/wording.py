"""What a report carries of its form, so that it reads the same for ever.

The form is a file of the program: its lines and words change. A report that was laid ready keeps
the lines it was made of, in the four languages, with the sentences of its documents and the facts
of the law they name. All of it lies under the fingerprint that is signed.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from baken.actionplan.annualreport.form import Column, Field, Form, Named, form_of, the_form
from baken.actionplan.annualreport.law import law
from baken.actionplan.indicators.yearly import FormType

Sentences = Mapping[str, Mapping[str, str]]
"""Language to the key of a sentence to the sentence, with its places still open."""


def wording_of(form: FormType, keys: Collection[str], sentences: Sentences) -> dict[str, Any]:
    """Return the lines of a form that stand in a report, as plain values."""
    fields = [one for one in the_form().of(form) if one.key in keys]
    sections = {one.section for one in fields}
    return {
        "edition": the_form().edition,
        "section": [_named(one) for one in the_form().sections if one.key in sections],
        "field": [_field(one, form) for one in fields],
        "sentences": {language: dict(said) for language, said in sentences.items()},
        "kept_available_since": law().kept_available_since.isoformat(),
    }


def form_in(content: Mapping[str, Any]) -> Form:
    """Return the form as it stood when a report was laid ready; without it, that of today."""
    wording = content.get("wording")
    return form_of(wording) if wording else the_form()


def sentences_in(content: Mapping[str, Any]) -> Sentences:
    """Return the sentences that a report carries; none in one of before they were kept."""
    found: Sentences = content.get("wording", {}).get("sentences", {})
    return found


def kept_since(content: Mapping[str, Any]) -> date:
    """Return since when reports are kept available instead of sent, as the report says."""
    said = content.get("wording", {}).get("kept_available_since")
    return date.fromisoformat(said) if said else law().kept_available_since


def _named(one: Named) -> dict[str, Any]:
    return {"key": one.key, "label": dict(one.label)}


def _column(one: Column) -> dict[str, Any]:
    return {**_named(Named(one.key, one.label)), "kind": str(one.kind), "forms": one.forms}


def _field(one: Field, form: FormType) -> dict[str, Any]:
    return {
        "key": one.key,
        "code": one.code,
        "section": one.section,
        "kind": str(one.kind),
        "label": dict(one.label),
        "forms": str(form),
        "source": one.source,
        "status": one.status,
        "choice": [_named(choice) for choice in one.choices],
        "column": [_column(column) for column in one.columns_of(form)],
        "row": [_named(row) for row in one.rows],
    }
