"""Which form an employer fills in: two questions, and an answer with its reason."""

from dataclasses import dataclass
from enum import StrEnum

from baken.actionplan.indicators.yearly import FormType


class Sharing(StrEnum):
    """Who has the internal service; the first question."""

    ONE_EMPLOYER = "one_employer"
    COMMON = "common"  # several employers, with a common service (act of 1996, art. 38)
    ONE_UNIT = "one_unit"  # several employers that are one technical business unit (art. 50)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the internal service is made; `has_sections`: more than one committee has to be set up.

    A section goes with every part of the company for which a committee is set up (act of 1996,
    art. 35 § 3).
    """

    service: Sharing
    has_sections: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A form, and the key of the sentence that says why."""

    form: FormType
    reason: str


def choose_form(shape: Shape) -> Chosen:
    """Return the form that fits, and why.

    References
    ----------
    .. [1] Explanatory note to forms A, B and C (edition 2016), part A.
    """
    if shape.service is Sharing.ONE_EMPLOYER:
        if shape.has_sections:
            return Chosen(FormType.B, "one_employer_sections")
        return Chosen(FormType.A, "one_employer")
    end = "_sections" if shape.has_sections else ""
    return Chosen(FormType.C, f"{shape.service}{end}")
