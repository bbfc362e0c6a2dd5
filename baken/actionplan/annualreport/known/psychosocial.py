"""Section 7.2 to 7.4, from the sheets of the counsellors and the register: exact counts.

For the form and for whoever draws it up; every other page shows what may be shown.
"""

from datetime import date
from typing import Final

from sqlalchemy import func, select

from baken.actionplan.annualreport.answers import Given
from baken.actionplan.annualreport.form import the_form
from baken.actionplan.register.counts import is_kept_through, report_lines
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.yearly import psychosocial_year
from baken.storage.session import Session

REQUESTS: Final = "/requests"
QUARTERS: Final = "/counsellors/quarters"
REGISTER: Final = "/register"


def known_psychosocial(session: Session, year: int) -> dict[str, Given]:
    """Return the counts of a year; nothing for a figure that nobody entered.

    Nought is known only of a year through which the records were kept here: of a year before
    that, or in which keeping them began, nobody knows what stands elsewhere.
    """
    by_code = {one.code: one.key for one in the_form().fields.values() if one.section == "7"}
    counted = psychosocial_year(session, year)
    found = {
        by_code[code]: Given(n, "requests", REQUESTS)
        if code == "7.2"
        else Given(n, "quarters", QUARTERS, counted.quarters_missing)
        for code, n in counted.rows().items()
        if n is not None
        and code in by_code
        and (code != "7.2" or n or _requests_kept(session, year))
    }
    lines = report_lines(session, year)
    acts = next(line.count for line in lines if not line.nature)
    if not acts and not is_kept_through(session, year):
        return found
    found |= {by_code[line.row]: Given(line.count, "register", REGISTER) for line in lines}
    found["outsiders"] = Given(acts > 0, "register", REGISTER)
    return found


def _requests_kept(session: Session, year: int) -> bool:
    """Whether requests stood here before the year began."""
    first = session.scalar(select(func.min(SituationRequest.asked_on)))
    return first is not None and first < date(year, 1, 1)
