"""Section 7.2 to 7.4, from the sheets of the counsellors and the register: exact counts.

For the form and for whoever draws it up; every other page shows what may be shown.
"""

from typing import Final

from baken.actionplan.annualreport.answers import Given
from baken.actionplan.annualreport.form import the_form
from baken.actionplan.register.counts import report_lines
from baken.actionplan.requests.yearly import psychosocial_year
from baken.storage.session import Session

REQUESTS: Final = "/requests"
QUARTERS: Final = "/counsellors/quarters"
REGISTER: Final = "/register"


def known_psychosocial(session: Session, year: int) -> dict[str, Given]:
    """Return the counts of a year; nothing for a figure that nobody entered."""
    by_code = {one.code: one.key for one in the_form().fields.values() if one.section == "7"}
    counted = psychosocial_year(session, year)
    found = {
        by_code[code]: Given(n, "requests" if code == "7.2" else "quarters", _path(code))
        for code, n in counted.rows().items()
        if n is not None and code in by_code
    }
    lines = report_lines(session, year)
    found |= {by_code[line.row]: Given(line.count, "register", REGISTER) for line in lines}
    acts = next(line.count for line in lines if not line.nature)
    found["outsiders"] = Given(acts > 0, "register", REGISTER)
    return found


def _path(code: str) -> str:
    return REQUESTS if code == "7.2" else QUARTERS
