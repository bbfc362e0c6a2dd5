"""The table of consultation: every line, written a second time, against every way it can stand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from baken.actionplan.analyses import actions as analyses
from baken.actionplan.analyses.rules import AnalysisFields, AnalysisKind, AnalysisLevel
from baken.actionplan.consultations import actions as asking
from baken.actionplan.consultations.gates import check_asked
from baken.actionplan.consultations.items import (
    Standing,
    read_items,
    standing,
    standing_of_asked,
    was_put,
)
from baken.actionplan.consultations.organs import choose_organs
from baken.actionplan.consultations.queries import list_of_year, list_years
from baken.actionplan.consultations.rules import (
    Advice,
    Asked,
    ConsultationKind,
    Organ,
    Outcome,
    Subject,
    SubjectKind,
)
from baken.actionplan.errors import ActionPlanError, Invalid, InvalidTransition
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.measures.actions import add_measure, edit_measure, note_progress
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans import actions, choices, consultations
from baken.actionplan.plans.queries import get_frame, get_global_plan, subject_of_plan
from baken.actionplan.plans.rules import GlobalPlanFields
from baken.actionplan.plans.variants import PlanKind, Variant
from baken.actionplan.plans.waiting import list_waiting, read_plans
from baken.actionplan.requests.counsellors.actions import appoint
from baken.actionplan.requests.counsellors.rules import Agreement, Appointment
from baken.actionplan.requests.situations import actions as requests
from baken.actionplan.requests.situations.intake import Asker, Intake, Priority
from baken.actionplan.requests.situations.rules import RequestState, Step
from baken.actionplan.to_ask import list_to_ask
from baken.organisation.errors import Denied
from baken.organisation.permissions import Role
from baken.storage.base import EditedMeanwhile
from baken.storage.keys import KeyStore
from baken.web.texts import catalogue
from tests.actionplan.conftest import House

ASKED_ON, DUE = date(2026, 2, 2), date(2026, 3, 31)
DAYS = (DUE - timedelta(days=1), DUE, DUE + timedelta(days=1))
TODAY = date(2026, 3, 2)
C, U, W, R = Organ.CPBW, Organ.UNION_DELEGATION, Organ.WORKERS, Organ.WORKS_COUNCIL

# Line: organs in their order, what is asked, whether all have to agree, how sure it is.
TABLE = """
global_plan                 cuw advice      one confirmed
annual_plan                 cuw advice      one confirmed
psychosocial_adviser        cuw advice      one confirmed
psychosocial_adviser_person cuw agreement   all confirmed
psychosocial_elements       cuw advice      one confirmed
analysis_measures           cuw advice      one confirmed
evaluation_measures         cuw advice      one confirmed
adviser_proposals           cuw advice      one confirmed
request_handling            cu  advice      one confirmed
request_follow_up           cu  advice      one confirmed
internal_procedure          cuw agreement   one confirmed
counsellor_appointment      cuw agreement   all confirmed
counsellor_removal          cuw agreement   all confirmed
information_to_workers      cuw advice      one unconfirmed
organisation_of_work        r   advice      one unconfirmed
service_time                cu  agreement   one confirmed
annual_report               cu  info        one confirmed
inventory                   rpw agreement   one unconfirmed
inventory_plan              rpw agreement   one unconfirmed
inventory_copy              rpw info        one unconfirmed
prevention_worker           rp  agreement   one unconfirmed
"""
LETTERS = {"c": C, "u": U, "w": W, "r": R, "p": Organ.STAFF_REPRESENTATION}
LINES = {line.split()[0]: line.split()[1:] for line in TABLE.split("\n") if line}
PRESENT = [
    frozenset({*some, W})
    for some in product(*([organ, W] for organ in (C, U, R, Organ.STAFF_REPRESENTATION)))
]


def test_the_table_is_the_one_that_was_read():
    said = {
        code: [
            "".join(next(k for k, v in LETTERS.items() if v == organ) for organ in item.organs),
            item.kind.value,
            "all" if item.is_unanimous else "one",
            item.status,
        ]
        for code, item in read_items().items()
    }
    assert said == LINES
    assert all(item.source for item in read_items().values())
    # The page says in the reader's language where a line was read.
    assert all(catalogue("fr").has(f"consultation_items.source_{code}") for code in read_items())


def expected(code: str, organ: Organ | None, outcome: Outcome | None, today: date) -> bool:
    """May it be decided, when the right organ was asked the right thing?"""
    kind = LINES[code][1]
    if organ is None or kind == "info":
        return True
    if code.startswith("inventory") and organ == W:
        kind = "advice"
    if kind == "agreement":
        return outcome in {Outcome.FAVOURABLE, Outcome.FAVOURABLE_WITH_REMARKS}
    return outcome is not None or today > DUE


@pytest.mark.parametrize("code", LINES)
def test_every_line_with_every_outcome_day_and_organ(code):
    item = read_items()[code]
    order = [LETTERS[letter] for letter in LINES[code][0]]
    for present in PRESENT:
        organ = next((each for each in order if each in present), None)
        nothing_to_ask = organ is None or LINES[code][1] == "info"
        found = standing(item, [], present=present, today=DAYS[2])
        assert found == (Standing.FREE if nothing_to_ask else Standing.NOT_ASKED)
        for outcome, today, stale in product((None, *Outcome), DAYS, (False, True)):
            asked = Asked(
                organ=organ or W, kind=item.kind_for(organ or W), asked_on=ASKED_ON, due_on=DUE,
                outcome=outcome, item=code, is_stale=stale,
            )  # fmt: skip
            found = standing(item, [asked], present=present, today=today)
            if stale and not nothing_to_ask:
                assert found == Standing.CHANGED
                continue
            may_be = expected(code, organ, outcome, today)
            assert (found == Standing.FREE) is may_be, (present, outcome, today)


def test_what_was_asked_before_the_organs_changed_still_holds_back():
    item = read_items()["analysis_measures"]
    asked = Asked(
        organ=R, kind=ConsultationKind.ADVICE, asked_on=ASKED_ON, due_on=DUE, outcome=None,
        item=item.code,
    )  # fmt: skip
    told = replace(asked, kind=ConsultationKind.INFO)
    days: dict[str, Any] = {"present": {C, R, W}, "today": DUE}
    assert standing_of_asked(item, [asked], **days) == Standing.WAITS
    answered = replace(asked, outcome=Outcome.UNFAVOURABLE)
    assert standing_of_asked(item, [answered], **days) == Standing.FREE
    assert standing_of_asked(item, [told], **days) == Standing.FREE
    # Nobody was asked whom the line names, so it is still to be asked.
    assert not was_put(item, [asked])
    assert was_put(item, [asked, replace(asked, organ=C)])


def test_what_an_organ_of_before_refused_holds_back_until_that_of_today_is_asked():
    item = read_items()["counsellor_appointment"]
    before = Asked(
        organ=U, kind=ConsultationKind.AGREEMENT, asked_on=ASKED_ON, due_on=DUE,
        outcome=Outcome.UNFAVOURABLE, item=item.code,
    )  # fmt: skip
    days: dict[str, Any] = {"present": {C, U, W}, "today": DUE}
    assert standing_of_asked(item, [before], **days) == Standing.REFUSED
    agreed = replace(before, organ=C, outcome=Outcome.FAVOURABLE)
    for find in (standing, standing_of_asked):
        assert find(item, [before, agreed], **days) == Standing.FREE
        assert find(item, [replace(before, outcome=None), agreed], **days) == Standing.FREE
    assert was_put(item, [before])


@pytest.mark.parametrize("code", [code for code, line in LINES.items() if line[1] == "agreement"])
def test_advice_is_no_agreement(code):
    item = read_items()[code]
    organ = item.organs[0]
    advice = Asked(
        organ=organ, kind=ConsultationKind.ADVICE, asked_on=ASKED_ON, due_on=DUE,
        outcome=Outcome.FAVOURABLE, item=code,
    )  # fmt: skip
    found = standing(item, [advice], present={organ, W}, today=DAYS[2])
    assert found == Standing.NOT_ASKED


def refusal(act: Any, *args: Any, **given: Any) -> str:
    with pytest.raises((ActionPlanError, Denied)) as refused:
        act(*args, **given)
    return refused.value.key.rpartition(".")[2]


def answer(house: House, session: Any, asked: Any, outcome: Outcome, **told: Any) -> Any:
    return consultations.record_advice(
        session, asked.id, Advice(outcome=outcome, advised_on=told.pop("on", TODAY), **told),
        seen=asked.version, by=house.adviser, today=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_what_cannot_be_asked_or_answered_is_refused(house: House):
    given: dict[str, Any] = {"by": house.adviser, "today": TODAY}
    person = Subject(SubjectKind.PERSON, house.people[Role.WORKING_GROUP_MEMBER].person_id)
    request = Subject(SubjectKind.TEXT, text="Verzoek van de nachtploeg")
    with house.session() as session:

        def ask(about: Subject, **changes: Any) -> Any:
            return consultations.ask(session, about, house.question(**changes), **given)

        procedure = Subject(SubjectKind.TEXT, text="Interne procedure")
        weak = {"item": "internal_procedure", "kind": ConsultationKind.ADVICE}
        assert refusal(ask, procedure, **weak) == "too_weak"
        assert refusal(ask, procedure, item="global_plan") == "other_subject"
        assert refusal(ask, procedure, item="no_line") == "other_subject"
        assert refusal(ask, Subject(SubjectKind.TEXT), item="service_time") == "title_missing"
        assert refusal(ask, request, item="request_handling", organ=W) == "not_of_workers"
        assert refusal(ask, request, item="request_handling", organ=U) == "other_organ_first"
        # What is the council's is not asked of the committee, nor the other way about.
        for code, organ, right in (
            ("organisation_of_work", C, "ondernemingsraad"),
            ("information_to_workers", R, "comité (CPBW)"),
        ):
            with pytest.raises(Invalid) as refused:
                ask(request, item=code, organ=organ)
            assert f": {right}." in catalogue("nl").refusal(refused.value)
        # Another organ may be told, but not in the place of those who get a copy.
        told = {"organ": R, "kind": ConsultationKind.INFO}
        ask(request, item="information_to_workers", **told)
        last = Subject(SubjectKind.YEAR, year=2025)
        assert refusal(ask, last, item="annual_report", **told) == "other_organ_first"
        year = Subject(SubjectKind.YEAR, year=1)
        assert refusal(ask, year, item="adviser_proposals") == "odd_year"

        agreement = {"item": "counsellor_appointment", "kind": ConsultationKind.AGREEMENT}
        asked = ask(person, **agreement)
        early = {"on": ASKED_ON - timedelta(days=1)}
        yes = Outcome.FAVOURABLE
        assert refusal(answer, house, session, asked, yes, **early) == "advice_before_request"
        told = {"dissent": "Twee leden zijn het niet eens."}
        assert refusal(answer, house, session, asked, yes, **told) == "not_unanimous"
        delegate = house.people[Role.UNION_DELEGATE]
        assert refusal(
            asking.record_advice, session, asked.id, Advice(outcome=yes, advised_on=TODAY),
            seen=asked.version, by=delegate, today=TODAY,
        ) == "other_organ"  # fmt: skip

        # While it is open, and after a refusal, nobody is appointed; after agreement somebody is.
        appointment = Appointment(
            is_staff=True, agreement=Agreement.COMMITTEE, agreed_on=TODAY, agreement_text="",
            appointed_on=TODAY,
        )  # fmt: skip
        assert (
            refusal(
                appoint,
                session,
                house.people[Role.WORKING_GROUP_MEMBER].person_id,
                appointment,
                **given,
            )
            == "waits"
        )
        seen = asked.version
        answer(house, session, asked, Outcome.UNFAVOURABLE)
        session.flush()
        assert (
            refusal(
                appoint,
                session,
                house.people[Role.WORKING_GROUP_MEMBER].person_id,
                appointment,
                **given,
            )
            == "refused"
        )
        with pytest.raises(EditedMeanwhile):  # somebody else was recording the same answer
            consultations.record_advice(
                session, asked.id, Advice(outcome=yes, advised_on=TODAY), seen=seen, **given
            )
        again = ask(person, **agreement, asked_on=TODAY)
        answer(house, session, again, yes)
        appoint(session, house.people[Role.WORKING_GROUP_MEMBER].person_id, appointment, **given)


def test_a_formal_request_is_handled_and_decided_after_advice(house: House, keys: KeyStore):
    given: dict[str, Any] = {"by": house.adviser, "today": TODAY}
    with house.session() as session:
        intake = Intake(
            asker=Asker.EMPLOYER, asked_on=ASKED_ON, group_name="Nachtploeg", group_size=20,
            situation="Spanningen.", since_on=ASKED_ON, priority=Priority.SOON, is_formal=True,
        )  # fmt: skip
        row = requests.ask(session, keys, intake, **given)

        def step(state: RequestState, **facts: Any) -> Any:
            taken = Step(state=state, done_on=TODAY, text="Gedaan.", facts=facts)
            return requests.take_step(session, keys, row.id, taken, seen=row.version, **given)

        about = Subject(SubjectKind.REQUEST, row.id)
        step(RequestState.ADMISSIBLE)
        method = {"adviser": "internal"}
        assert refusal(step, RequestState.METHOD_AGREED, **method) == "not_asked"
        to_ask = list_to_ask(session, 2026, **given)
        assert "request_handling" in {one.item for one in to_ask}
        # Not of the workers: without committee and delegation nobody has to be asked.
        organs = {"seen": 0, "by": house.people[Role.MAIN_CONTACT]}
        chosen = choose_organs(session, set(), **organs)
        check_asked(session, "request_handling", about, today=TODAY)
        chosen.cpbw = True
        session.flush()
        asked = consultations.ask(
            session, about, house.question(item="request_handling", asked_on=TODAY), **given
        )
        assert refusal(step, RequestState.METHOD_AGREED, **method) == "waits"
        answer(house, session, asked, Outcome.UNFAVOURABLE)
        step(RequestState.METHOD_AGREED, **method)
        # The steering group reads consultations, but not those about a request.
        for role, sees in ((Role.CPBW_MEMBER, True), (Role.STEERING_MEMBER, False)):
            assert bool(list_of_year(session, 2026, by=house.people[role])) is sees
            assert bool(list_years(session, by=house.people[role])) is sees


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_a_measure_that_changes_work_waits_for_the_council(house: House):
    with house.session() as session:
        within = get_frame(session, house.annual_plan_id)
        fields = house.measure(changes_work=True, finding_id=house.finding_id)
        measure = add_measure(session, fields, within=within, by=house.adviser)
        session.flush()
        house.adopt(session)
        within = get_frame(session, house.annual_plan_id)
        given: dict[str, Any] = {"by": house.adviser, "today": TODAY}
        note = {"now": None, "within": within}

        def go(status: MeasureStatus) -> Any:
            moment = datetime(2026, 3, 2, tzinfo=UTC)
            return note_progress(
                session, measure.id, "Verder.", status=status, seen=measure.version,
                **(note | {"now": moment}), **given,
            )  # fmt: skip

        go(MeasureStatus.DECIDED)
        assert refusal(go, MeasureStatus.RUNNING) == "not_asked"
        about = Subject(SubjectKind.MEASURE, measure.id)
        (due,) = (one for one in list_to_ask(session, 2026, **given) if one.about == about)
        assert (due.item, due.organ, due.by_on) == ("organisation_of_work", R, date(2026, 4, 1))
        asked = consultations.ask(session, about, house.question(organ=R), **given)
        assert asked.item == "organisation_of_work"
        assert refusal(go, MeasureStatus.RUNNING) == "waits"
        answer(house, session, asked, Outcome.FAVOURABLE)
        # The works council reads what it was asked, and nothing that only the committee was.
        council = house.people[Role.WORKS_COUNCIL_MEMBER]
        assert asked in list_of_year(session, 2026, by=council)
        reworded = house.measure(changes_work=True, finding_id=house.finding_id, method="Anders.")
        edit_measure(
            session, measure.id, reworded, within=within, seen=measure.version, by=house.adviser
        )
        assert refusal(go, MeasureStatus.RUNNING) == "changed"
        # It was sent by its day: that the text changed afterwards makes nobody late.
        (due,) = (one for one in list_to_ask(session, 2026, **given) if one.about == about)
        assert (due.changed, due.was_in_time) == (True, True)
        again = consultations.ask(session, about, house.question(organ=R, asked_on=TODAY), **given)
        answer(house, session, again, Outcome.FAVOURABLE)
        # What was asked about the analysis it comes from holds it back too.
        analysis = analyses.start_analysis(
            session,
            AnalysisFields(
                title="Alles", kind=AnalysisKind.A_PRIORI, level=AnalysisLevel.ORGANISATION,
                started_on=ASKED_ON,
            ),
            by=house.adviser,
        )  # fmt: skip
        get_finding(session, house.finding_id).risk_analysis_id = analysis.id
        session.flush()
        of_analysis = Subject(SubjectKind.ANALYSIS, analysis.id)
        asked = consultations.ask(session, of_analysis, house.question(), **given)
        assert refusal(go, MeasureStatus.RUNNING) == "waits"
        answer(house, session, asked, Outcome.FAVOURABLE_WITH_REMARKS)
        go(MeasureStatus.RUNNING)


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_a_plan_that_was_changed_after_it_was_sent_is_asked_about_again(house: House):
    given: dict[str, Any] = {"by": house.adviser, "today": TODAY}
    with house.session() as session:
        plan = get_global_plan(session, house.global_plan_id)
        asked = consultations.ask(session, subject_of_plan(plan), house.question(), **given)
        answer(house, session, asked, Outcome.FAVOURABLE)

        def waits() -> set[str]:
            session.flush()
            return {one.kind for one in list_waiting(session, read_plans(session), **given)}

        assert "adopt_global_plan" in waits()
        fields = GlobalPlanFields(title="GPP 2026-2030, herwerkt", from_on=plan.from_on)
        actions.edit_global_plan(session, plan.id, fields, seen=plan.version, by=house.adviser)
        found = waits()
        assert "ask_again_global_plan" in found
        assert "adopt_global_plan" not in found
        adopt = {"seen": plan.version, **given}
        assert refusal(actions.adopt_global_plan, session, plan.id, **adopt) == "changed"
        again = consultations.ask(
            session, subject_of_plan(plan), house.question(asked_on=TODAY), **given
        )
        answer(house, session, again, Outcome.FAVOURABLE_WITH_REMARKS)
        actions.adopt_global_plan(session, plan.id, seen=plan.version, **given)


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_a_dutch_plan_of_approach_needs_the_consent_of_council_or_staff(house: House):
    given: dict[str, Any] = {"by": house.adviser, "today": TODAY}
    contact = house.people[Role.MAIN_CONTACT]
    with house.session() as session:
        choice = choices.Choice(variant=Variant.DUTCH, branch_instrument="RI&E Zorg", people=26)
        settings = choices.choose(session, choice, seen=0, by=contact)
        choose_organs(session, {Organ.STAFF_REPRESENTATION}, seen=0, by=contact)
        start, whole = (
            GlobalPlanFields(title="RI&E", from_on=date(2026, 1, 1), kind=kind)
            for kind in (PlanKind.START_INVENTORY, PlanKind.INVENTORY)
        )
        plan = actions.draft_global_plan(session, start, by=house.adviser)

        def adopt() -> Any:
            return actions.adopt_global_plan(session, plan.id, seen=plan.version, **given)

        assert refusal(adopt) == "start_is_no_inventory"
        actions.edit_global_plan(session, plan.id, whole, seen=plan.version, by=house.adviser)
        assert refusal(adopt) == "review_needed"  # 26 people: one too many
        settings.people = 25
        session.flush()
        assert refusal(adopt) == "not_asked"
        consent = {"kind": ConsultationKind.AGREEMENT, "organ": Organ.STAFF_REPRESENTATION}

        def ask(**changes: Any) -> Any:
            question = house.question(**(consent | changes))
            return consultations.ask(session, subject_of_plan(plan), question, **given)

        assert refusal(ask, kind=ConsultationKind.ADVICE) == "too_weak"
        asked = ask()
        assert asked.item == "inventory"
        # Silence is no consent, and no is no.
        late = {"by": house.adviser, "today": DUE + timedelta(days=9)}
        assert refusal(
            actions.adopt_global_plan, session, plan.id, seen=plan.version, **late
        ) == "waits"  # fmt: skip
        answer(house, session, asked, Outcome.UNFAVOURABLE)
        assert refusal(adopt) == "refused"
        again = ask()  # of the same day: the later of both counts
        assert refusal(adopt) == "waits"
        answer(house, session, again, Outcome.FAVOURABLE)
        adopt()
        with pytest.raises(InvalidTransition):
            ask(asked_on=TODAY)
        with pytest.raises(Invalid):
            consultations.ask(
                session, Subject(SubjectKind.YEAR, year=2026), house.question(), **given
            )


def test_the_reference_page_is_the_table():
    page = Path("docs/reference/consultation.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    said = [(row[0].strip("| `"), row[1], row[3], row[6], row[7].strip(" |")) for row in rows]
    assert said == [
        (
            item.code,
            item.country,
            ", ".join(organ.value.replace("_", " ") for organ in item.organs),
            item.source,
            item.status,
        )
        for item in read_items().values()
    ]
