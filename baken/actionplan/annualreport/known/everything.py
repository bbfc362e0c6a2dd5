"""Everything that Baken knows of a year, put together for one form."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from baken.actionplan.annualreport.answers import Given
from baken.actionplan.annualreport.applying import GROUP
from baken.actionplan.annualreport.known.accidents import known_accidents
from baken.actionplan.annualreport.known.organisation import known_organisation
from baken.actionplan.annualreport.known.plans import known_plans
from baken.actionplan.annualreport.known.psychosocial import known_psychosocial
from baken.actionplan.annualreport.law import law
from baken.actionplan.indicators.yearly import FormType, accident_year
from baken.organisation.headcounts.queries import year_headcount
from baken.storage.session import Session

ACCIDENTS: Final = "/accidents"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known, by key of the field; `group` is the prevention group, empty: unknown."""

    given: dict[str, Given]
    group: str = ""

    @property
    def beside(self) -> dict[str, str]:
        """What the conditions of the form ask beside its fields."""
        return {GROUP: self.group[:1]}


def known_of(session: Session, year: int, form: FormType, *, today: date) -> Known:
    """Read everything of a year that a form asks and Baken knows.

    A running year has no counts of counsellors and register yet: exact ones that move would tell
    whoever draws up a report on which day somebody was there.
    """
    counted = year_headcount(session, year)
    counts = known_psychosocial(session, year) if year < today.year else {}
    given = {
        **known_organisation(session, form, counted=counted, law=law(), today=today, year=year),
        **known_accidents(accident_year(session, year, form), ACCIDENTS),
        **known_plans(session, year),
        **counts,
    }
    return Known(given, str(counted.group) if counted else "")
