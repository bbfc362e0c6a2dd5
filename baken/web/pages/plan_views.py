"""What pages show of findings, plans and advice: values and words, never rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.consultations.models import Consultation
from baken.actionplan.consultations.queries import list_consultations, subject_of
from baken.actionplan.consultations.rules import (
    ConsultationKind,
    Subject,
    SubjectKind,
    is_reply_due,
)
from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.rules import may_see_figures
from baken.actionplan.indicators.cells import WHOLE
from baken.actionplan.references import list_units_above
from baken.analysis.releases.figures import is_fit_for_units, released_light
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import get_release
from baken.organisation.models import Unit
from baken.organisation.permissions import Actor
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.survey.library.queries import get_instrument
from baken.web import numerals
from baken.web.pages.campaign_forms import texts_of
from baken.web.pages.fields import option
from baken.web.texts import catalogue

# A difference from the rest counts as clear below this share of false alarms.
CLEAR: Final = 0.05


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its figures in words; no words where the reader may not see them."""

    id: UUID
    statement: str
    unit: str
    scale: str
    factor: str
    sub_factor: str
    domains: tuple[str, ...]
    found_on: date
    light: str
    words: tuple[str, ...]
    employer_has_impact: bool
    impact_motivation: str
    objective_danger: bool
    danger_motivation: str
    analysis_id: UUID | None
    release_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """A question to those who speak for the workers, and what came back."""

    id: UUID
    organ: str
    kind: str
    subject_kind: str
    subject_id: UUID | None
    subject: str
    item: str
    edition: int
    asked_on: date
    due_on: date
    text_sent: str
    outcome: str
    outcome_text: str
    dissent: str
    advised_on: date | None
    reply: str
    replied_on: date | None
    reply_due: bool
    waits: bool
    version: int

    @property
    def outcome_key(self) -> str:
        """The text that says the answer: an agreement is given or not."""
        asked = "agreement" if self.kind == ConsultationKind.AGREEMENT else "outcome"
        return f"consultations.{asked}_{self.outcome}"

    def about(self, subject: str) -> "ConsultationView":
        return replace(self, subject=subject)


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """A risk analysis in a list."""

    id: UUID
    title: str
    kind: str
    is_pilot: bool
    started_on: date
    closed_on: date | None
    next_review_on: date

    @classmethod
    def of(cls, analysis: RiskAnalysis) -> "AnalysisRow":
        return cls(
            id=analysis.id,
            title=analysis.title,
            kind=analysis.kind,
            is_pilot=analysis.is_pilot,
            started_on=analysis.started_on,
            closed_on=analysis.closed_on,
            next_review_on=analysis.next_review_on,
        )


def unit_names(session: Session) -> dict[UUID, str]:
    """Names of all units that ever were, by id."""
    return {unit.id: unit.name for unit in session.scalars(select(Unit))}


def unit_choices(
    session: Session, none: str, *, today: date, kept: UUID | None = None
) -> list[Any]:
    """Units to choose from, those below another one indented; `none` is what no unit means.

    `kept` is the unit that was chosen before: it may have ended meanwhile, and no list takes it
    away.
    """
    rows = list_units(session, on=today)
    choices = [
        option("", none),
        *(option(str(row.id), f"{'– ' * row.depth}{row.name}") for row in rows),
    ]
    if kept is not None and all(row.id != kept for row in rows):
        choices.append(option(str(kept), unit_names(session)[kept]))
    return choices


def scale_name(session: Session, release: Release, scale: str, language: str) -> str:
    """The name of a scale in the questionnaire of the release."""
    instrument = get_instrument(session, release.instrument_key, release.instrument_version)
    found: str = texts_of(instrument, language).scales.get(scale, scale)
    return found


def light_shown(
    session: Session, release: Release, cell: tuple[str, str], figures: Mapping[str, Any]
) -> str:
    """The colour of figures that were copied from a release; empty where it gave none.

    `cell` is the unit and the scale they are of.
    """
    unit, scale = cell
    if not figures.get("light"):
        return ""
    if unit != WHOLE and not is_fit_for_units(release.results["scales"][scale]):
        return "grey"
    instrument = get_instrument(session, release.instrument_key, release.instrument_version)
    return released_light(figures, instrument.scale(scale))


def finding_view(
    session: Session, finding: Finding, *, by: Actor, today: date, language: str
) -> FindingView:
    """A finding as this reader may see it."""
    release = get_release(session, finding.release_id, by=by) if finding.release_id else None
    is_open = may_see_figures(by, list_units_above(session, finding.unit_id, on=today))
    figures = finding.figures if is_open and release else None
    return FindingView(
        id=finding.id,
        statement=finding.statement,
        unit=finding.group_name or name_of_unit(session, finding.unit_key, language),
        scale=scale_name(session, release, finding.scale, language) if release else "",
        factor=finding.factor,
        sub_factor=finding.sub_factor,
        domains=tuple(finding.domains),
        found_on=finding.found_on,
        light=light_shown(session, release, (finding.unit_key, finding.scale), figures)
        if release and figures
        else "",
        words=figures_in_words(figures, language) if figures else (),
        employer_has_impact=finding.employer_has_impact,
        impact_motivation=finding.impact_motivation,
        objective_danger=finding.objective_danger,
        danger_motivation=finding.danger_motivation,
        analysis_id=finding.risk_analysis_id,
        release_id=finding.release_id,
        version=finding.version,
    )


def name_of_unit(session: Session, unit_key: str, language: str) -> str:
    """The name of a unit of a release; the whole organisation has its own words."""
    if unit_key == WHOLE:
        return catalogue(language)("findings.whole")
    return unit_names(session).get(UUID(unit_key), unit_key)


def figures_in_words(figures: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Frozen figures as sentences that people can repeat, with margin and number of answers."""
    texts = catalogue(language)
    said = [
        share_in_words(figures, language),
        _mean_in_words(figures, language),
        _rest_in_words(figures, language),
        texts("indicators.said_n", count=figures["n"]),
    ]
    return tuple(sentence for sentence in said if sentence)


def share_in_words(figures: Mapping[str, Any], language: str) -> str:
    """52 % is at risk (41 to 60 %); nothing where the scale has no cut-off."""
    share, low, high = (figures.get(key) for key in ("share_at_risk", "share_low", "share_high"))
    if share is None:
        return ""
    said = {"share": numerals.percent(share, language)}
    if low is None or high is None:
        return catalogue(language)("indicators.said_share", **said)
    low_said = numerals.number(100 * low, language, 0)
    high_said = numerals.percent(high, language)
    return catalogue(language)("indicators.said_share_margin", **said, low=low_said, high=high_said)


def _mean_in_words(figures: Mapping[str, Any], language: str) -> str:
    said = {"mean": numerals.number(figures["mean"], language, 0)}
    low, high = figures.get("low"), figures.get("high")
    if low is None or high is None:
        return catalogue(language)("indicators.said_mean", **said)
    return catalogue(language)(
        "indicators.said_mean_margin",
        **said,
        low=numerals.number(low, language, 0),
        high=numerals.number(high, language, 0),
    )


def _rest_in_words(figures: Mapping[str, Any], language: str) -> str:
    difference, chance = figures.get("diff_rest"), figures.get("q_welch")
    if difference is None:
        return ""
    way = "higher" if difference > 0 else "lower"
    sure = "clearly" if chance is not None and chance < CLEAR else "maybe"
    points = numerals.number(abs(difference), language, 0)
    return catalogue(language)(f"indicators.rest_{way}_{sure}", points=points)


def consultation_view(consultation: Consultation) -> ConsultationView:
    """A consultation; what it is about gets its name from the page."""
    subject = subject_of(consultation)
    is_question = consultation.kind != ConsultationKind.INFO
    return ConsultationView(
        id=consultation.id,
        organ=consultation.organ,
        kind=consultation.kind,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject="",
        item=consultation.item,
        edition=consultation.edition,
        asked_on=consultation.asked_on,
        due_on=consultation.due_on,
        text_sent=consultation.text_sent,
        outcome=consultation.outcome or "",
        outcome_text=consultation.outcome_text,
        dissent=consultation.dissent,
        advised_on=consultation.advised_on,
        reply=consultation.employer_reply,
        replied_on=consultation.replied_on,
        reply_due=is_reply_due(consultation.outcome, consultation.employer_reply),
        waits=is_question and consultation.outcome is None,
        version=consultation.version,
    )


def consultations_about(
    session: Session, kind: SubjectKind, subject_id: UUID
) -> tuple[ConsultationView, ...]:
    """Everything that was asked about one plan or measure."""
    found = list_consultations(session, Subject(kind, subject_id))
    return tuple(consultation_view(each) for each in found)
