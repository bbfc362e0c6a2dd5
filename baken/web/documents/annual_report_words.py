"""The sentences that the documents of an annual report say of their own.

A report keeps them from the day on which it is laid ready: what was signed reads the same when the
texts of Baken have become others.
"""

from collections.abc import Mapping
from typing import Any, Final

from baken.actionplan.annualreport.wording import Sentences, sentences_in
from baken.web.texts import LANGUAGES, Catalogue, catalogue

SAID: Final = frozenset(
    f"reports.{key}"
    for key in (
        "yes",
        "no",
        "column_code",
        "column_field",
        "column_value",
        "column_as",
        "column_signed",
        "doc_title",
        "doc_form",
        "doc_number",
        "doc_corrects",
        "doc_kept",
        "doc_draft",
        "doc_fictional",
        "doc_changed",
        "doc_changed_line",
        "doc_changed_table",
        "doc_signatures",
        "doc_none",
        "doc_signed",
        "doc_unsigned",
        "doc_fingerprint",
        "doc_record",
        "as_head",
        "as_employer",
    )
)
"""Everything that the documents say of their own; a report keeps these with its values."""


def report_sentences() -> Sentences:
    """Return the sentences of the documents as they are today, to be kept in a report."""
    return {
        language: {key: catalogue(language).sentences[key] for key in sorted(SAID)}
        for language in LANGUAGES
    }


def words_of(content: Mapping[str, Any], language: str) -> Catalogue:
    """Return the sentences that a report carries; of one without them, those of today."""
    said = sentences_in(content).get(language)
    return Catalogue(language, said) if said else catalogue(language)
