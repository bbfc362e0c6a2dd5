"""The annual reports of the demonstration: last year's signed by two, this year's in the making."""

from datetime import date
from typing import Any

from baken.actionplan.annualreport import actions, signing
from baken.actionplan.annualreport.answers import Answer, Entered
from baken.actionplan.annualreport.choosing import Shape, Sharing
from baken.actionplan.annualreport.content import read_draft
from baken.actionplan.annualreport.models import AnnualReport
from baken.actionplan.annualreport.rules import Signatory
from baken.organisation.permissions import Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days, morning
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story
from baken.web.documents.annual_report_words import report_sentences

HEAD = Role.PREVENTION_ADVISER
ALONE = Shape(Sharing.ONE_EMPLOYER)


def report_years(database: Database, house: House, days: Days) -> None:
    """Draw up the report of last year, have it signed, and begin that of this year."""
    told = read_story("reports")
    with database.session(house.id) as session:
        report = _draw_up(session, house, told, days)
        _sign(session, house, report, _day(told["signed"], days))
        _tell_committee(session, house, report, told, days)
    with database.session(house.id) as session:
        actions.start_report(
            session,
            days.today.year,
            ALONE,
            by=house.people[HEAD],
            today=days.today,
            now=morning(days.today),
        )


def _draw_up(session: Session, house: House, told: dict[str, Any], days: Days) -> AnnualReport:
    by, on = house.people[HEAD], _day(told["drafted"], days)
    year = days.today.year - 1
    report = actions.start_report(session, year, ALONE, by=by, today=on, now=morning(on))
    said = {key: Entered(value) for key, value in told["fields"].items()}
    actions.fill_in(session, report.id, said, seen=report.version, by=by, now=morning(on))
    given = read_draft(session, report, today=on).answers
    # What the year's records do not hold was counted by hand: before the summer, when there was no
    # counsellor yet, nought.
    by_hand = {
        key: Entered(_counted(answer))
        for key, answer in given.items()
        if answer.field.section == "7" and answer.field.kind == "number" and answer.is_empty
    }
    actions.fill_in(session, report.id, by_hand, seen=report.version, by=by, now=morning(on))
    return actions.make_ready(
        session,
        report.id,
        report_sentences(),
        seen=report.version,
        by=by,
        today=on,
        now=morning(on),
    )


def _counted(answer: Answer) -> int:
    unsure = answer.given.unsure if answer.given else None
    return unsure.n if unsure and unsure.quarters else 0


def _sign(session: Session, house: House, report: AnnualReport, on: date) -> None:
    for signs_as, role in ((Signatory.HEAD, HEAD), (Signatory.EMPLOYER, Role.EMPLOYER)):
        signing.sign(
            session,
            report.id,
            signs_as,
            seen_sha256=report.sha256,
            by=house.people[role],
            today=on,
            now=morning(on),
        )


def _tell_committee(
    session: Session, house: House, report: AnnualReport, told: dict[str, Any], days: Days
) -> None:
    by, on = house.people[HEAD], _day(told["copies"], days)
    signing.note_days(
        session,
        report.id,
        copies_on=on,
        meeting_on=days.of(told["meeting"]),
        seen=report.version,
        by=by,
        now=morning(on),
    )
    notice = signing.add_notice(
        session, report.id, told["notice"], by=by, today=days.today, now=morning(days.today)
    )
    signing.tell_committee(
        session,
        report.id,
        notice.id,
        seen=notice.version,
        by=by,
        today=days.today,
        now=morning(days.today),
    )


def _day(text: str, days: Days) -> date:
    """A day of the story, but never one that lies ahead."""
    return min(days.of(text), days.today)
