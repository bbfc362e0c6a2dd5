"""A whole report as it stands now, and as it is frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from baken.actionplan.annualreport.answers import (
    Answer,
    Entered,
    answers_of,
    filled_rows,
    values_of,
)
from baken.actionplan.annualreport.applying import asked_fields, is_empty
from baken.actionplan.annualreport.checks import Finding, Looked, list_findings
from baken.actionplan.annualreport.form import the_form
from baken.actionplan.annualreport.known.everything import Known, known_of
from baken.actionplan.annualreport.law import law
from baken.actionplan.annualreport.models import AnnualReport
from baken.actionplan.annualreport.wording import Sentences, wording_of
from baken.actionplan.indicators.yearly import FormType
from baken.organisation.models import Organisation
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that is written on: its answers by key, the values that count, what disagrees."""

    answers: Mapping[str, Answer]
    values: Mapping[str, Any]
    findings: tuple[Finding, ...]


def entered_of(report: AnnualReport) -> dict[str, Entered]:
    """Return what people wrote in a report, by key of the field."""
    return {
        key: Entered(said["value"], said.get("reason", ""))
        for key, said in report.entered.items()
        if key in the_form().fields
    }


def draft_of(form: FormType, known: Known, entered: Mapping[str, Entered]) -> Draft:
    """Put a report together from what is known and what was written."""
    every = answers_of(the_form().of(form), known.given, entered)
    said = {key: answer.value for key, answer in every.items()}
    asked = {field.key for field in asked_fields(form, {**said, **known.beside})}
    answers = {key: _tidied(answer) for key, answer in every.items() if key in asked}
    values = values_of(answers, form)
    return Draft(answers, values, list_findings(Looked(form, values, answers, law())))


def read_draft(session: Session, report: AnnualReport, *, today: date) -> Draft:
    """Return a report as it stands, with what Baken knows today."""
    known = known_of(session, report.year, report.form, today=today)
    return draft_of(report.form, known, entered_of(report))


def freeze(
    session: Session, report: AnnualReport, draft: Draft, sentences: Sentences
) -> dict[str, Any]:
    """Return the report as plain values: what is signed, and what every document is made of.

    Parameters
    ----------
    sentences : mapping
        Those of the documents, by language: the report keeps them with the lines of its form.
    """
    organisation = session.get_one(Organisation, report.organisation_id)
    return {
        "form": str(report.form),
        "form_edition": the_form().edition,
        "year": report.year,
        "edition": report.edition,
        "corrects": report.reason,
        "organisation": organisation.name,
        "is_fictional": organisation.is_fictional,
        "fields": {key: draft.values[key] for key in draft.answers},
        "changed": {
            key: {"known": answer.given.value, "reason": answer.entered.reason}
            for key, answer in draft.answers.items()
            if answer.is_changed and answer.given and answer.entered
        },
        "wording": wording_of(report.form, draft.answers, sentences),
    }


def _tidied(answer: Answer) -> Answer:
    """Rows of the form in their order; cells that are not typed left out."""
    if not answer.field.columns or is_empty(answer.value):
        return answer
    rows = filled_rows(answer.field, answer.value)
    if answer.entered is not None:
        return Answer(answer.field, answer.given, Entered(rows, answer.entered.reason))
    return answer
