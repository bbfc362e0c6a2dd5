"""The annual report from the first figure to the frozen document and its correction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from baken.actionplan.annualreport import actions, signing
from baken.actionplan.annualreport.answers import Entered, Given, Unsure
from baken.actionplan.annualreport.applying import CONDITIONS
from baken.actionplan.annualreport.choosing import Shape, Sharing, choose_form
from baken.actionplan.annualreport.content import draft_of, read_draft
from baken.actionplan.annualreport.form import LANGUAGES, Kind, the_form
from baken.actionplan.annualreport.known.everything import Known, known_of
from baken.actionplan.annualreport.known.organisation import roman
from baken.actionplan.annualreport.law import days_of, law
from baken.actionplan.annualreport.models import AnnualReport, ReportSignature
from baken.actionplan.annualreport.queries import (
    days_of_report,
    get_report,
    has_report,
    later_of,
    list_reports,
    next_number,
)
from baken.actionplan.annualreport.retention import delete_due
from baken.actionplan.annualreport.rules import ReportError, ReportState, Signatory
from baken.actionplan.annualreport.waiting import list_waiting
from baken.actionplan.errors import InvalidTransition, NotFound
from baken.actionplan.indicators.accidents.actions import enter_accident, enter_hours, reopen_year
from baken.actionplan.indicators.accidents.figures import Facts, Gravity
from baken.actionplan.indicators.accidents.figures import Kind as At
from baken.actionplan.indicators.accidents.queries import find_draft
from baken.actionplan.indicators.yearly import FormType
from baken.actionplan.register.models import Register
from baken.actionplan.requests.situations.intake import Asker, Priority
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.situations.rules import RequestState
from baken.organisation.errors import Denied
from baken.organisation.models import Person
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.audit import record
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from tests.actionplan.conftest import House

ONE = Shape(Sharing.ONE_EMPLOYER)
TODAY = date(2027, 1, 20)
NOW = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)


def filled(**changes: Any) -> dict[str, Entered]:
    """Everything that form A needs of a service with a committee and sixty workers."""
    measures = [{"measure": f"Maatregel {n}", "initiator": "Comité"} for n in range(5)]
    rows = [{"what": one, "fatal": 0, "permanent": 0, "temporary": 0} for one in "BCD"]
    values: dict[str, Any] = {
        "company_number": "0123.456.789",
        "legal_form": "vzw",
        "address": "Dreef 1, 0000 Nergens",
        "director": "An Verzonnen, directeur",
        "activity": "Zorg",
        "workers": 60,
        "head": "Bo Verzonnen",
        "head_function": "Preventieadviseur",
        "training": "level_2",
        "time": 50,
        "others": False,
        "physician": "external",
        "body": "committee",
        "chair": "An Verzonnen",
        "meetings": 11,
        "hours": 180_000,
        "accidents": rows,
        "other_cost": 0,
        "light": 0,
        "commuting": rows,
        "measures": measures,
        "plan": [{"measure": "Roosters", "who": "Planning", "until": "2027-12-31"}],
        "asbestos": "present",
        "visit_reports": True,
        "surveillance_report": True,
        "reports_number": 4,
        "informed": False,
        "situations": 1,
        **{one.key: 0 for one in the_form().in_section(FormType.A, "7") if one.kind is Kind.NUMBER},
        "outsiders": True,
    }
    return {key: Entered(value, "Nageteld.") for key, value in (values | changes).items()}


def findings_of(**changes: Any) -> set[tuple[str, str]]:
    draft = draft_of(FormType.A, Known({}), filled(global_plan=True, name="De Test", **changes))
    return {(one.key, str(one.weight)) for one in draft.findings}


def test_the_form_is_complete_in_four_languages() -> None:
    form = the_form()
    codes = {one.code for one in form.fields.values()}
    for code in ("1.1", "1.2.10", "1.3.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4",
                 "4.1", "4.2", "5.1", "5.2", "6.1", "6.2", "7.1", "7.2", "7.3.1 a", "7.3.1 b",
                 "7.3.1 c.1", "7.3.1 c.2", "7.3.1 c.3", "7.3.2 a.1", "7.3.2 a.2", "7.3.2 a.3",
                 "7.3.2 b", "7.3.2 c.1", "7.3.2 c.2", "7.3.2 c.3", "7.3.2 c.4", "7.4", "7.4 a",
                 "7.4 b.1", "7.4 b.2", "7.4 b.3", "7.4 b.4", "7.4 b.5"):  # fmt: skip
        assert code in codes
    for one in form.fields.values():
        named = (one, *one.columns, *one.rows, *one.choices)
        assert all(set(part.label) == set(LANGUAGES) for part in named)
        assert not one.help or set(one.help) == set(LANGUAGES)
        assert set(one.needed) <= set(one.forms) <= set("ABC")
        assert not one.when or one.when in CONDITIONS
        assert one.source
        assert bool(one.columns) == (one.kind is Kind.TABLE)
    only_c = {one.key for one in form.of(FormType.C)} - {one.key for one in form.of(FormType.A)}
    assert {"employers", "annex_employers", "annex_sections", "decree_number"} <= only_c
    assert "meetings" not in {one.key for one in form.of(FormType.B)}
    assert {fact.status for fact in law().facts.values()} <= {"read", "unconfirmed"}


def test_two_questions_choose_the_form() -> None:
    chosen = {
        (service, sections): choose_form(Shape(service, sections)).form
        for service in Sharing
        for sections in (False, True)
    }
    assert chosen[Sharing.ONE_EMPLOYER, False] is FormType.A
    assert chosen[Sharing.ONE_EMPLOYER, True] is FormType.B
    assert {
        form for (service, _), form in chosen.items() if service is not Sharing.ONE_EMPLOYER
    } == {FormType.C}
    assert [roman(n) for n in (1, 4, 9, 14, 49)] == ["I", "IV", "IX", "XIV", "XLIX"]


def test_a_year_of_which_quarters_are_missing_is_pointed_out_once() -> None:
    partly = Given(None, "quarters", unsure=Unsure(4, quarters=(3, 4)))
    known = Known({"informal_counsellor": partly, "informal_advice": partly})
    found = draft_of(FormType.A, known, {}).findings
    assert [(one.about, one.values) for one in found if one.key == "quarters_missing"] == [
        (("informal_counsellor",), {"quarters": "3, 4"})
    ]
    said = {"informal_counsellor": Entered(6), "informal_advice": Entered(6)}
    assert "quarters_missing" not in {one.key for one in draft_of(FormType.A, known, said).findings}


def test_the_days_of_the_law() -> None:
    days = days_of(2026, date(2027, 1, 20), law())
    # drawn up in three months; copies thirty days after, and fifteen before the end of February
    assert (days.ready_by, days.copies_by) == (date(2027, 3, 31), date(2027, 2, 13))
    early = days_of(2026, date(2027, 1, 5), law(), meeting_on=date(2027, 2, 26))
    assert early.copies_by == date(2027, 2, 4)
    late = days_of(2027, date(2028, 2, 29), law())
    assert (late.meeting_until, late.copies_by) == (date(2028, 2, 29), date(2028, 3, 30))


def test_figures_that_do_not_agree_are_found() -> None:
    assert findings_of() == set()
    block, warning = "block", "warning"
    assert ("empty", block) in findings_of(hours=None)
    assert ("hours_nought", block) in findings_of(hours=0)
    # five measures from fifty workers on, three below
    three = [{"measure": f"M{n}", "initiator": "Werkgever"} for n in range(3)]
    assert ("few_measures", block) in findings_of(measures=three, workers=50)
    assert findings_of(measures=three, workers=49.9) == set()
    assert ("few_measures", block) in findings_of(measures=three[:2], workers=12)
    assert ("no_initiator", warning) in findings_of(
        measures=[*three, *({"measure": m, "initiator": ""} for m in "ab")]
    )
    formal = {"formal_collective": 1, "formal_individual": 2, "formal_violence": 0}
    assert ("after_informal", block) not in findings_of(**formal, formal_after_informal=3)
    assert ("after_informal", block) in findings_of(**formal, formal_after_informal=4)
    assert ("not_followed", warning) in findings_of(**formal, formal_no_measures=2)
    assert ("not_followed", warning) not in findings_of(**formal, formal_no_measures=3)
    assert ("acts_differ", block) in findings_of(acts=3, acts_physical=1, acts_other=1)
    assert findings_of(acts=2, acts_physical=1, acts_other=1) == set()
    assert ("informal_differ", warning) in findings_of(informal_counsellor=2)
    rows = [{"what": "B", "fatal": 0, "permanent": 0, "temporary": 0},
            {"what": "C", "temporary": 4}, {"what": "D", "temporary": 75}]  # fmt: skip
    found = findings_of(accidents=rows)
    assert {("days_without_accident", block), ("flat_temporary", block)} <= found
    death = [{"what": "B", "fatal": 1, "permanent": 0, "temporary": 0},
             {"what": "C", "fatal": 3}, {"what": "D", "fatal": 7_500}]  # fmt: skip
    assert findings_of(accidents=death) == set()
    death[2]["fatal"] = 3_750
    assert findings_of(accidents=death) == {("flat_death", block)}
    assert ("days_without_accident", block) in findings_of(commuting=rows)
    assert ("nace_odd", warning) in findings_of(nace="8730012")
    assert (findings_of(time=100), findings_of(time=100.5)) == (set(), {("time_odd", warning)})


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9), st.integers(1, 10**6))
def test_sums_and_rates_follow_from_what_is_typed(n: list[int], hours: int) -> None:
    cells = [n[:3], n[3:6], n[6:]]
    rows = [
        {"what": what, "fatal": a, "permanent": b, "temporary": c, "total": 999, "rate": -1}
        for what, (a, b, c) in zip("BCD", cells, strict=True)
    ]
    draft = draft_of(FormType.A, Known({}), filled(hours=hours, accidents=rows))
    b, c, d = draft.values["accidents"]
    assert [row["total"] for row in (b, c, d)] == [sum(part) for part in cells]
    assert b["rate"] == pytest.approx(sum(n[:3]) * 1e6 / hours)
    assert c["rate"] == pytest.approx(sum(n[3:6]) * 1e3 / hours)
    assert d["rate"] == pytest.approx(sum(n[3:]) * 1e3 / hours)


def test_the_worked_example_of_the_law() -> None:
    rows = [{"what": "B", "fatal": 0, "permanent": 1, "temporary": 5},
            {"what": "C", "fatal": 0, "permanent": 42, "temporary": 78},
            {"what": "D", "fatal": 0, "permanent": 225, "temporary": 0}]  # fmt: skip
    draft = draft_of(FormType.A, Known({}), filled(accidents=rows))
    rates = [round(row["rate"], 2) for row in draft.values["accidents"]]
    assert rates == [33.33, 0.67, 1.92]


def test_a_report_is_drawn_up_signed_by_two_and_frozen(house: House) -> None:
    head, employer = house.adviser, house.people[Role.EMPLOYER]
    with house.session() as session:
        enter_hours(session, 2026, None, 180_000, by=head, today=TODAY)
        fall = Facts(date(2026, 5, 4), At.WORK, Gravity.TEMPORARY, days_lost=12)
        enter_accident(session, fall, by=head, today=TODAY)
        report = actions.start_report(session, 2026, ONE, by=head, today=TODAY, now=NOW)
        draft = read_draft(session, report, today=TODAY)
        # what Baken knows stands there, with the way to it
        hours = draft.answers["hours"]
        assert (hours.value, hours.given.origin) == (180_000, "accidents")  # type: ignore[union-attr]
        assert [row["total"] for row in draft.values["accidents"]] == [1, 12, 0]
        assert draft.values["head"] == head.name
        assert draft.values["outsiders"] is None  # nobody kept the register here
        with pytest.raises(ReportError, match="mended"):
            _ready(session, report, head)
        as_known = dict.fromkeys(("accidents", "commuting", "other_cost", "light"))
        said = {**filled(), "hours": Entered(170_000), **as_known}
        _fill(session, report, said, head)
        draft = read_draft(session, report, today=TODAY)
        assert [one.key for one in draft.findings] == ["no_reason"]
        _fill(session, report, {"hours": Entered(170_000, "Zonder de opleiding.")}, head)
        changed = read_draft(session, report, today=TODAY).answers["hours"]
        assert (changed.given.value, changed.value) == (180_000, 170_000)  # type: ignore[union-attr]
        with pytest.raises(Denied):
            _fill(session, report, {}, employer)
        with pytest.raises(EditedMeanwhile):
            actions.fill_in(session, report.id, {}, seen=1, by=head, now=NOW)
        assert _waits(session, head) == {"report_draft"}
        _ready(session, report, head)
        assert report.content is not None
        assert report.content["changed"]["hours"] == {
            "known": 180_000, "reason": "Zonder de opleiding."
        }  # fmt: skip
        assert _waits(session, employer) == {"report_sign"}
        with pytest.raises(ReportError, match="waits to be signed"):
            _fill(session, report, {}, head)

    with house.session() as session:
        report = get_report(session, list_reports(session)[0].id)
        # A fact of these days counts: the text is laid ready again before anybody signs.
        late = enter_accident(
            session, replace(fall, days_lost=3), is_another=True, by=head, today=TODAY
        )
        with pytest.raises(ReportError, match="were changed since"):
            _sign(session, report, Signatory.HEAD, head)
        session.delete(late)
        session.flush()
        text = report.content
        report.content = {**(text or {}), "year": 1999}  # written past Baken
        with pytest.raises(ReportError, match="changed since you looked"):
            _sign(session, report, Signatory.HEAD, head)
        report.content = text
        both = replace(head, grants=frozenset({Grant(Role.EMPLOYER), *head.grants}))
        _sign(session, report, Signatory.HEAD, both)
        for signs_as, by, sha in (
            (Signatory.EMPLOYER, both, report.sha256),  # the same person in both places
            (Signatory.HEAD, employer, report.sha256),  # the place of somebody else
            (Signatory.EMPLOYER, employer, "0" * 64),  # another text
        ):
            with pytest.raises(ReportError):
                _sign(session, report, signs_as, by, sha)
        assert report.number is None
        session.get_one(Person, employer.person_id).mail = "BO+werk@voorbeeld.invalid"
        session.get_one(Person, head.person_id).mail = "bo@voorbeeld.invalid"
        with pytest.raises(ReportError, match="two people"):  # two entries, one human
            _sign(session, report, Signatory.EMPLOYER, employer)
        session.get_one(Person, employer.person_id).mail = "an@voorbeeld.invalid"
        _sign(session, report, Signatory.EMPLOYER, employer)
        assert (report.state, report.number, report.signed_on) == (ReportState.SIGNED, 1, TODAY)
        assert find_draft(session, 2026) is not None
        assert days_of_report(report).copies_by == date(2027, 2, 13)
        assert _waits(session, head) == {"report_copies"}
        signing.note_days(session, report.id, copies_on=date(2027, 2, 1), meeting_on=None,
                          seen=report.version, by=head, now=NOW)  # fmt: skip
        told = signing.add_notice(session, report.id, "14 dagen.", by=head, today=TODAY, now=NOW)
        with pytest.raises(NotFound):  # at the address of another report
            signing.tell_committee(session, told.organisation_id, told.id, seen=told.version,
                                   by=head, today=TODAY, now=NOW)  # fmt: skip
        assert _waits(session, head) == {"report_notice"}
        frozen_id, frozen = report.id, dict(report.content or {})

    with house.session() as session:  # later facts do not reach it, and nobody can write on it
        report = get_report(session, frozen_id)
        assert has_report(session, 2026)
        with pytest.raises(InvalidTransition, match="was signed"):
            reopen_year(session, 2026, is_signed=True, by=house.people[Role.HR])
        enter_accident(session, replace_day(fall), reason="Later gemeld.", by=head, today=TODAY)
        with pytest.raises(ReportError, match="stays as it is"):
            _fill(session, report, {}, head)
        with pytest.raises(ReportError):
            actions.take_back(session, report.id, seen=report.version, by=head, now=NOW)
        second = actions.correct(session, report.id, "Uren van team Oost.", by=head, now=NOW)
        assert (second.edition, second.reason) == (2, "Uren van team Oost.")
        # whoever opens the first one hears of the second once it is signed; its makers at once
        assert later_of(session, report) is None
        assert later_of(session, report, also_open=True) is second
        assert later_of(session, second, also_open=True) is None
        # the second edition counts the accidents as the first did
        rows = read_draft(session, second, today=TODAY).values["accidents"]
        assert [row["total"] for row in rows] == [1, 12, 0]
        with pytest.raises(ReportError, match="newer edition"):
            actions.correct(session, report.id, "Nog eens.", by=head, now=NOW)
        assert report.content == frozen
    of_report = update(AnnualReport).where(AnnualReport.id == frozen_id)
    for change in (
        of_report.values(sha256="x"),
        of_report.values(audit_head="1:x"),
        of_report.values(signed_on=TODAY.replace(day=1)),
        update(ReportSignature).values(name="Iemand anders"),
    ):
        with pytest.raises(DBAPIError, match="stays as it is"), house.session() as session:
            session.execute(change)
    with house.session() as session:  # its term is over: its number is not given again
        assert next_number(session) == 2
    later = date(2040, 1, 1)
    assert delete_due(house.database, years=5, organisation_id=house.organisation_id, today=later,
                      now=NOW) == 2  # fmt: skip
    with house.session() as session:
        assert list_reports(session) == []
        assert next_number(session) == 2


def test_counts_are_known_of_years_that_were_kept_here(house: House) -> None:
    """Neither nought nor a part of a year is offered: the field stays empty and says why."""
    section = {"situations", "acts", "acts_sexual", "outsiders"}
    nothing = dict.fromkeys(section)
    with house.session() as session:
        assert _said(session, 2026, section) == nothing
        session.add(Register(opened_on=date(2025, 1, 2), keeper="confidential_counsellor",
                             preset="strict", contact="", other_route="", takes_public=False,
                             word=b""))  # fmt: skip
        session.add(
            SituationRequest(
                state=RequestState.REQUESTED,
                asker=Asker.EMPLOYER,
                # typed in 2025, of a day long before: it makes no year before 2026 recorded
                asked_on=date(2024, 6, 2),
                entered_by=house.adviser.person_id,
                group_name="Nacht",
                group_size=12,
                since_on=date(2024, 5, 1),
                priority=next(iter(Priority)),
            )
        )
        record(session, "request.asked", by=house.adviser.person_id, subject="request:1",
               at=datetime(2025, 3, 1, 9, tzinfo=UTC))  # fmt: skip
        session.flush()
        # 2024 and 2025: both began before anything was kept here
        assert _said(session, 2024, section) == nothing
        empty = known_of(session, 2024, FormType.A, today=TODAY).given
        assert empty["situations"].unsure == Unsure(1, date(2025, 3, 1))
        assert empty["acts"].unsure == Unsure(0, date(2025, 1, 2))
        assert _said(session, 2025, section) == nothing
        assert _said(session, 2026, section) == {
            "situations": 0, "acts": 0, "acts_sexual": 0, "outsiders": False
        }  # fmt: skip
        # a running year gives no count of few people
        running = known_of(session, 2026, FormType.A, today=date(2026, 12, 31)).given
        assert section.isdisjoint(running)


def _said(session: Session, year: int, keys: Iterable[str]) -> dict[str, Any]:
    known = _known(session, year)
    return {key: known.get(key) for key in keys}


def _known(session: Session, year: int, today: date = TODAY) -> dict[str, Any]:
    given = known_of(session, year, FormType.A, today=today).given
    return {key: one.value for key, one in given.items()}


def replace_day(facts: Facts) -> Facts:
    return replace(facts, happened_on=date(2026, 6, 1))


def _fill(session: Session, report: AnnualReport, said: dict[str, Any], by: Actor) -> None:
    actions.fill_in(session, report.id, said, seen=report.version, by=by, now=NOW)


def _ready(session: Session, report: AnnualReport, by: Actor) -> None:
    actions.make_ready(session, report.id, {}, seen=report.version, by=by, today=TODAY, now=NOW)


def _sign(
    session: Session, report: AnnualReport, signs_as: Signatory, by: Actor, sha256: str = ""
) -> None:
    seen = sha256 or report.sha256
    signing.sign(session, report.id, signs_as, seen_sha256=seen, by=by, today=TODAY, now=NOW)


def _waits(session: Session, by: Actor) -> set[str]:
    return {one.kind for one in list_waiting(session, by=by, today=TODAY)}
