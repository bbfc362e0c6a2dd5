"""What a finding must say before it may stand in a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.findings.factors import Factor, belongs_to
from baken.actionplan.prevention import Domain
from baken.actionplan.wording import check_text
from baken.organisation.permissions import Action, Actor, may

NAME_LENGTH: Final = 200


class EvidenceKind(StrEnum):
    """Where something shows; a finding may rest on several."""

    RELEASE = "release"
    SCREENING = "screening"
    INDICATOR = "indicator"
    TALK = "talk"
    SITTING = "sitting"
    REGISTER = "register"
    REQUEST = "request"
    OBSERVATION = "observation"


# What people write down themselves; the other kinds point at something that Baken keeps.
TOLD: Final = frozenset(
    {
        EvidenceKind.INDICATOR,
        EvidenceKind.SITTING,
        EvidenceKind.REQUEST,
        EvidenceKind.OBSERVATION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFields:
    """What people say about a figure.

    The law calls something a psychosocial risk when the employer has an impact on it and when it
    is a danger to the average worker, not to one person only; both answers need their reason.
    """

    factor: Factor
    statement: str
    employer_has_impact: bool
    impact_motivation: str
    objective_danger: bool
    danger_motivation: str
    risk_analysis_id: UUID | None = None
    sub_factor: str = ""
    domains: tuple[Domain, ...] = (Domain.PSYCHOSOCIAL,)
    group_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFields:
    """What a finding rests on. `source_id` is the sheet or talk it comes from, where there is one.

    `facts` are values as they stood on that day: colour and lights of a sheet, the count of a year.
    """

    kind: EvidenceKind
    text: str
    seen_on: date
    source_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def may_see_figures(by: Actor, unit_ids: frozenset[UUID]) -> bool:
    """Whether the person may see the figures behind a finding.

    Parameters
    ----------
    unit_ids : frozenset of UUID
        The unit of the finding and the units above it; empty for the whole organisation, whose
        figures everybody with a plan in hand may see.
    """
    return may(by, Action.SEE_RESULTS) or not unit_ids or not by.unit_ids.isdisjoint(unit_ids)


def check_fields(fields: FindingFields) -> None:
    """Raise `Invalid` unless statement and both motivations are there."""
    if not check_text(fields.statement):
        raise Invalid("actionplan.statement_missing", "Say in one sentence what was found.")
    if not check_text(fields.impact_motivation):
        raise Invalid(
            "actionplan.impact_motivation_missing",
            "Say why the employer has, or has not, an impact on this.",
        )
    if not check_text(fields.danger_motivation):
        raise Invalid(
            "actionplan.danger_motivation_missing",
            "Say why this is, or is not, a danger for the average worker in the same situation.",
        )
    if not belongs_to(fields.sub_factor, fields.factor):
        raise Invalid(
            "findings.other_factor",
            "What you chose under it belongs to another A. Choose one that fits, or leave it open.",
        )
    if not fields.domains:
        raise Invalid("actionplan.domain_missing", "Choose at least one domain of well-being.")
    if len(fields.group_name.strip()) > NAME_LENGTH:
        raise Invalid(
            "findings.group_too_long",
            "The name of a group has at most {most} characters.",
            most=NAME_LENGTH,
        )


def check_evidence(fields: EvidenceFields, *, today: date) -> None:
    """Raise `Invalid` unless the evidence says what was seen, on a day that has come."""
    if not check_text(fields.text):
        raise Invalid("findings.evidence_empty", "Write what was seen or heard.")
    if fields.seen_on > today:
        raise Invalid(
            "findings.evidence_ahead",
            "It was seen on {on}, a day to come. Mend the date.",
            on=fields.seen_on,
        )
    if fields.kind not in TOLD and fields.source_id is None and not fields.facts:
        raise Invalid(
            "findings.source_missing",
            "Choose where this comes from, so that others can look it up.",
        )
