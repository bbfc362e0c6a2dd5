"""Section 7.2 to 7.4, from the sheets of the counsellors and the register: exact counts.

For the form and for whoever draws it up; every other page shows what may be shown.
"""

from datetime import date
from typing import Final

from sqlalchemy import func, select

from baken.actionplan.annualreport.answers import Given, Unsure
from baken.actionplan.annualreport.form import the_form
from baken.actionplan.register.counts import kept_since, report_lines
from baken.actionplan.requests.yearly import psychosocial_year
from baken.storage.audit import AuditEntry
from baken.storage.session import Session

REQUESTS: Final = "/requests"
QUARTERS: Final = "/counsellors/quarters"
REGISTER: Final = "/register"
FIRST_ACT: Final = "request.asked"
"""The act of the record with which keeping requests here begins."""


def known_psychosocial(session: Session, year: int) -> dict[str, Given]:
    """Return the counts of a year; nothing for a figure that nobody entered.

    Of quarterly tables a figure is that of the year once all four quarters are filled in. What the
    requests and the register hold is offered of years through which they were kept here. Of other
    years nobody knows what stands elsewhere: then the field stays empty and says so, never nought
    and never a part.
    """
    by_code = {one.code: one.key for one in the_form().fields.values() if one.section == "7"}
    counted = psychosocial_year(session, year)
    found = {
        by_code[code]: _of_quarters(n, counted.missing_by_row[code])
        for code, n in counted.rows().items()
        if n is not None and code in by_code and code != "7.2"
    }
    n = counted.risk_analysis_requests
    unsure = _unsure(n, requests_kept_since(session), year)
    found[by_code["7.2"]] = Given(None if unsure else n, "requests", REQUESTS, unsure=unsure)
    return found | _acts(session, year, by_code)


def requests_kept_since(session: Session) -> date | None:
    """Return the day on which the first request was written down here; None: none was yet.

    The day is that of the record. The day that a request names is typed: a request entered late
    would make every year since look recorded.
    """
    first = session.scalar(select(func.min(AuditEntry.at)).where(AuditEntry.action == FIRST_ACT))
    return first.date() if first is not None else None


def _of_quarters(n: int, missing: tuple[int, ...]) -> Given:
    if missing:
        return Given(None, "quarters", QUARTERS, unsure=Unsure(n, quarters=missing))
    return Given(n, "quarters", QUARTERS)


def _acts(session: Session, year: int, by_code: dict[str, str]) -> dict[str, Given]:
    lines = report_lines(session, year)
    acts, since = next(line.count for line in lines if not line.nature), kept_since(session)
    found = {}
    for line in lines:
        unsure = _unsure(line.count, since, year)
        n = None if unsure else line.count
        found[by_code[line.row]] = Given(n, "register", REGISTER, unsure=unsure)
    unsure = _unsure(acts, since, year)
    # One act is enough to know that there were some.
    none_known = None if unsure else False
    return found | {
        "outsiders": Given(True if acts else none_known, "register", REGISTER, unsure=unsure)
    }


def _unsure(n: int, since: date | None, year: int) -> Unsure | None:
    """None where records were kept here when the year began."""
    is_kept = since is not None and since <= date(year, 1, 1)
    return None if is_kept else Unsure(n, since)
