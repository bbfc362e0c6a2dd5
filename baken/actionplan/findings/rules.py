"""What a finding must say before it may stand in a plan."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.wording import check_text
from baken.organisation.permissions import Action, Actor, may


class Factor(StrEnum):
    """The five A's, unwanted behaviour and outcomes."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    B = "B"
    O = "O"  # noqa: E741 - the letter by which the instruments know outcomes


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
