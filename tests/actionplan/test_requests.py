"""Requests for a specific risk analysis, the quarterly table, counsellors, network, terms."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

import baken.actionplan.plans.models  # noqa: F401 - requests point at analyses, and these at plans
from baken.actionplan.errors import Denied, Invalid, InvalidTransition, NotFound
from baken.actionplan.requests import dates, waiting
from baken.actionplan.requests.counsellors import actions as counsellors
from baken.actionplan.requests.counsellors import rules as duties
from baken.actionplan.requests.counsellors.models import Counsellor
from baken.actionplan.requests.counsellors.queries import (
    lacks_role,
    list_conflicts,
    list_counsellors,
)
from baken.actionplan.requests.counsellors.rules import (
    Agreement,
    Appointment,
    Due,
    Duty,
    Learned,
    TrainingKind,
)
from baken.actionplan.requests.external import actions as external
from baken.actionplan.requests.external.queries import list_services
from baken.actionplan.requests.law import law
from baken.actionplan.requests.quarters import queries as quarters
from baken.actionplan.requests.quarters.actions import enter_sheet
from baken.actionplan.requests.situations import actions, intake, queries, rules
from baken.actionplan.requests.situations import retention as situations
from baken.actionplan.requests.situations.intake import Asker, Intake, Priority
from baken.actionplan.requests.situations.rules import RequestState, Step
from baken.actionplan.requests.situations.sealing import (
    PURPOSE,
    RequestWords,
    StepWords,
    Unreadable,
    open_request,
    open_step,
)
from baken.actionplan.requests.vigilance import actions as network
from baken.actionplan.requests.vigilance import rules as listening
from baken.actionplan.requests.vigilance.queries import (
    cannot_note,
    count_themes,
    list_contacts,
    own_signals,
)
from baken.actionplan.requests.vigilance.rules import ContactFields, ThemeFields
from baken.actionplan.requests.yearly import psychosocial_year
from baken.actionplan.retention.models import Shortening
from baken.organisation.errors import Denied as NotAllowed
from baken.organisation.models import Person, Unit
from baken.organisation.permissions import Actor, Grant, Role
from baken.organisation.removals.holds import lift_hold, set_hold
from baken.storage.audit import list_entries
from baken.storage.base import EditedMeanwhile
from baken.storage.keys import KeyStore
from baken.storage.migrate import migrate, migrate_down
from baken.storage.session import Database
from tests.conftest import Client, make_client
from tests.databases import above_the_walls, as_role

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ASKED = Intake(
    asker=Asker.LINE,
    asked_on=date(2026, 2, 2),
    group_name="Nachtploeg",
    group_size=12,
    situation="Ruzie bij elke overdracht; drie mensen vroegen een andere ploeg.",
    since_on=date(2025, 10, 1),
    priority=Priority.SOON,
)


@pytest.mark.parametrize(("delegates", "needed"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_a_third_of_the_delegation_asks(delegates: int, needed: int) -> None:
    of_them = replace(ASKED, asker=Asker.DELEGATION, n_delegates=delegates)
    intake.check_intake(replace(of_them, n_asking=needed), today=TODAY)
    for wrong in (needed - 1, delegates + 1):
        with pytest.raises(Invalid):
            intake.check_intake(replace(of_them, n_asking=wrong), today=TODAY)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"since_on": date(2026, 2, 3)}, "not_yet_present"),
        ({"asked_on": date(2026, 3, 3)}, "asked_in_future"),
        ({"situation": "  "}, "no_situation"),
        ({"priority": Priority.NOW}, "no_priority_reason"),
        ({"group_size": 0}, "nobody_in_group"),
    ],
)
def test_an_intake_says_what_is_wrong(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        intake.check_intake(replace(ASKED, **changes), today=TODAY)
    assert refused.value.key == f"requests.{key}"


WAY: list[tuple[RequestState, Role, dict[str, Any]]] = [
    (RequestState.ADMISSIBLE, Role.PREVENTION_ADVISER, {"is_group": True}),
    (
        RequestState.METHOD_AGREED,
        Role.PREVENTION_ADVISER,
        {"adviser": "none", "anonymous": "Anonieme vragenlijst"},
    ),
    (RequestState.COLLECTING, Role.PREVENTION_ADVISER, {}),
    (RequestState.REPORTED, Role.ADVISER, {"is_anonymous": True}),
    (RequestState.DECIDED, Role.EMPLOYER, {"takes_measures": True}),
    (RequestState.COMMUNICATED, Role.EMPLOYER, {"told": ["asker", "group"]}),
    (RequestState.MEASURES, Role.ADVISER, {}),
    (RequestState.EVALUATED, Role.ADVISER, {}),
]


def test_a_request_goes_its_whole_way(
    database: Database, organisation: Client, keys: KeyStore
) -> None:
    people = organisation.people
    with database.session(organisation.id) as session:
        made = actions.ask(session, keys, ASKED, by=people[Role.UNIT_HEAD], today=TODAY)
        for n, (state, role, facts) in enumerate(WAY, 1):
            step = Step(
                state=state, done_on=date(2026, 2, 10) + timedelta(days=n), text="Zo.", facts=facts
            )
            how: dict[str, Any] = {"seen": n, "today": TODAY}
            with pytest.raises(NotAllowed if role is Role.EMPLOYER else InvalidTransition):
                wrong = (
                    step if role is Role.EMPLOYER else replace(step, state=RequestState.REQUESTED)
                )
                actions.take_step(session, keys, made.id, wrong, by=people[Role.ADVISER], **how)
            actions.take_step(session, keys, made.id, step, by=people[role], **how)
        assert [step.state for step in queries.list_steps(session, made.id)] == [
            state for state, _, _ in WAY
        ]
        with pytest.raises(EditedMeanwhile):
            actions.take_step(
                session, keys, made.id, step, seen=1, by=people[Role.ADVISER], today=TODAY
            )
        acts = [one.action for one in list_entries(session)]
        assert acts.count("request.stepped") == len(WAY)
        assert psychosocial_year(session, 2026).rows()["7.2"] == 1
        assert psychosocial_year(session, 2025).rows()["7.2"] == 0

    def night(day: date) -> int:
        how: dict[str, Any] = {"organisation_id": organisation.id, "today": day, "now": NOW}
        return situations.delete_due(database, keys, years=5, **how)

    # Five years after the last step the words go with their key; the count of 7.2 stays.
    over = date(2031, 2, 10) + timedelta(days=len(WAY))
    with database.read(organisation.id) as session:
        assert situations.days_due(session, 5) == {made.id: over}
        assert situations.days_due(session, None) == {}
    assert night(over - timedelta(days=1)) == 0
    with database.session(organisation.id) as session:
        adviser = people[Role.PREVENTION_ADVISER]
        hold = set_hold(session, "Geding.", by=adviser, today=TODAY, now=NOW)
    assert night(over) == 0
    with database.session(organisation.id) as session:
        lift_hold(session, hold, version=1, by=adviser, today=TODAY, now=NOW)
    assert night(over) == 1
    assert night(over) == 0
    with database.read(organisation.id) as session:
        request = queries.get_request(session, made.id, by=people[Role.ADVISER])
        assert open_request(keys, request) is None
        assert [open_step(keys, request, one) for one in queries.list_steps(session, made.id)] == (
            [None] * len(WAY)
        )
        assert psychosocial_year(session, 2026).rows()["7.2"] == 1
        assert [one.action for one in list_entries(session)].count("request.words_deleted") == 1
    assert not keys.has(organisation.id, PURPOSE, f"request:{made.id.hex}")


def test_what_was_written_before_is_sealed(
    database: Database, organisation: Client, keys: KeyStore
) -> None:
    """Going back a version brings the words back, forward again seals them; one question stays."""
    people = organisation.people
    how: dict[str, Any] = {"by": people[Role.PREVENTION_ADVISER], "today": TODAY}
    step = Step(
        state=RequestState.ADMISSIBLE, done_on=TODAY, text="Woorden.", facts={"is_group": True}
    )
    with database.session(organisation.id) as session:
        made = actions.ask(session, keys, ASKED, **how)
        actions.take_step(session, keys, made.id, step, seen=1, **how)
    url = database.engine.url.render_as_string(hide_password=False)
    owner = url if database.is_sqlite else as_role(url, "baken_owner")
    database.engine.dispose()
    migrate_down(owner, "0037", keys=keys.folder)
    insert = text(
        "INSERT INTO retention_shortening (id, organisation_id, record, years, reason, asked_by, "
        "asked_on, version) VALUES (:id, :org, 'annual_reports', 5, '', :by, '2026-01-02', 1)"
    )
    with above_the_walls(database) as plain:
        assert plain.execute(text("SELECT situation FROM situation_request")).scalars().all() == [
            ASKED.situation
        ]
        assert plain.execute(text("SELECT text FROM situation_step")).scalars().all() == [
            "Woorden."
        ]
        for n in (1, 2):
            ids = {"id": UUID(int=n), "org": organisation.id, "by": how["by"].person_id}
            plain.execute(
                insert, {name: value.hex if database.is_sqlite else value
                         for name, value in ids.items()}
            )  # fmt: skip
    database.engine.dispose()
    with pytest.raises(RuntimeError, match="key store"):
        migrate(url, owner_url=owner)
    migrate(url, owner_url=owner, keys=keys.folder)
    for file in Path(database.engine.url.database or "").parent.glob("*.sqlite*"):
        assert ASKED.situation.encode() not in file.read_bytes(), file.name
    with database.session(organisation.id) as session:
        (request,) = queries.list_requests(session, by=how["by"])
        assert open_request(keys, request) == RequestWords(ASKED.situation)
        (written,) = queries.list_steps(session, request.id)
        assert open_step(keys, request, written) == StepWords("Woorden.")
        assert ASKED.situation.encode() not in (request.sealed or b"")
        ended = list(session.scalars(select(Shortening.ended_on).order_by(Shortening.id)))
        assert ended == [None, date(2026, 1, 2)]
        keys.destroy(organisation.id, PURPOSE, f"request:{request.id.hex}")
        with pytest.raises(Unreadable, match="Nothing was overwritten"):
            open_request(keys, request)


def test_steps_hold_what_the_law_asks(sqlite: Database, keys: KeyStore) -> None:
    client = make_client(sqlite)
    adviser = client.people[Role.PREVENTION_ADVISER]

    def refused(now: RequestState, to: RequestState, facts: dict[str, Any], size: int) -> str:
        step = Step(state=to, done_on=TODAY, text="Daarom.", facts=facts)
        with pytest.raises(Invalid) as error:
            rules.check_step(now, step, last_on=TODAY, group_size=size, everybody=40, today=TODAY)
        return error.value.key.removeprefix("requests.")

    asked, admitted = RequestState.REQUESTED, RequestState.ADMISSIBLE
    assert refused(asked, admitted, {}, 1) == "one_person"
    assert refused(asked, admitted, {}, 40) == "whole_organisation"
    assert refused(admitted, RequestState.METHOD_AGREED, {"adviser": "none"}, 9) == (
        "no_anonymous_way"
    )
    assert refused(RequestState.COLLECTING, RequestState.REPORTED, {}, 9) == "not_anonymous"
    assert refused(RequestState.DECIDED, RequestState.COMMUNICATED, {}, 9) == "asker_not_told"

    def unfit(to: RequestState, facts: dict[str, Any], earlier: dict[str, Any]) -> str:
        with pytest.raises(Invalid) as error:
            rules.check_fits(Step(state=to, done_on=TODAY, text="x", facts=facts), earlier)
        return error.value.key.removeprefix("requests.")

    told = {"told": ["asker", "adviser"]}
    heard = RequestState.COMMUNICATED
    assert unfit(heard, told, {"adviser": "none"}) == "no_adviser_to_tell"
    assert unfit(RequestState.MEASURES, {}, {"takes_measures": False}) == "no_measures_decided"
    with_both = {"adviser": "internal", "takes_measures": True}
    rules.check_fits(Step(state=heard, done_on=TODAY, text="x", facts=told), with_both)
    rules.check_fits(Step(state=RequestState.MEASURES, done_on=TODAY, text="x"), with_both)
    yes = {"is_group": True, "is_present": True, "is_part": True}
    assert rules.judged(yes) is admitted
    for name in yes:
        assert rules.judged({**yes, name: False}) is RequestState.INADMISSIBLE

    with sqlite.session(client.id) as session:
        with pytest.raises(Denied):  # a head asks for the line, not for the employer
            of_employer = replace(ASKED, asker=Asker.EMPLOYER)
            actions.ask(session, keys, of_employer, by=client.people[Role.UNIT_HEAD], today=TODAY)
        made = actions.ask(session, keys, ASKED, by=adviser, today=TODAY)
        with pytest.raises(NotFound):  # heads see what they asked and what concerns their units
            queries.get_request(session, made.id, by=client.people[Role.UNIT_HEAD])
        with pytest.raises(InvalidTransition):
            actions.link_analysis(session, made.id, None, seen=1, by=adviser)

        # One that came from elsewhere, without its words, goes on.
        made.sealed = None
        session.flush()
        keys.destroy(client.id, PURPOSE, f"request:{made.id.hex}")
        step = Step(state=RequestState.ADMISSIBLE, done_on=TODAY, text="Hier.", facts=yes)
        actions.take_step(session, keys, made.id, step, seen=made.version, by=adviser, today=TODAY)
        (here,) = queries.list_steps(session, made.id)
        assert open_step(keys, made, here) == StepWords("Hier.")

        unit = Unit(number="1", name="Nacht", kind="team", from_on=date(2020, 1, 1))
        session.add(unit)
        session.flush()
        made = actions.ask(session, keys, replace(ASKED, unit_id=unit.id), by=adviser, today=TODAY)
        heads = frozenset({Grant(Role.UNIT_HEAD, unit.id), Grant(Role.WORKING_GROUP_MEMBER)})
        head = replace(client.people[Role.UNIT_HEAD], grants=heads)
        with pytest.raises(NotFound):  # the head may be what it is about
            queries.get_request(session, made.id, by=head)
        assert queries.list_requests(session, by=head) == []  # whatever role stands beside it
        made.state = RequestState.COMMUNICATED
        session.flush()
        assert queries.list_requests(session, by=head) == [made]


def test_quarters_are_exact_for_the_form_and_hide_who_stands_out(
    database: Database, organisation: Client
) -> None:
    people = organisation.people
    counsellor, adviser = people[Role.CONFIDENTIAL_COUNSELLOR], people[Role.ADVISER]

    def enter(by: Actor, counts: dict[str, int], *, seen: int = 0, **more: Any) -> None:
        enter_sheet(
            session, counts, **{"year": 2025, "quarter": 1, **more}, seen=seen, by=by, today=TODAY
        )

    with database.session(organisation.id) as session:
        enter(counsellor, {"informal_by_counsellor": 6, "informal_advice": 5})
        enter(counsellor, {"informal_by_counsellor": 7}, quarter=2)
        enter(adviser, {"informal_by_adviser": 0, "formal_individual": 2})
        with pytest.raises(InvalidTransition):  # on two screens at once
            enter(counsellor, {"informal_advice": 9})
        with pytest.raises(Invalid):  # a correction has a reason
            enter(counsellor, {"informal_advice": 9}, seen=1)
        enter(counsellor, {"informal_by_counsellor": 8}, seen=1, reason="Eén gesprek vergeten.")
        for wrong in ({"formal_individual": 1}, {}, {"informal_advice": -1}):
            with pytest.raises(Invalid):
                enter(counsellor, wrong, quarter=3)
        with pytest.raises(Invalid):
            enter(adviser, {"formal_after_informal": 1}, quarter=3)
        for when in ({"year": 2026, "quarter": 2}, {"year": 2020}, {"quarter": 5}):
            with pytest.raises(Invalid):
                enter(counsellor, {"informal_advice": 1}, **when)

        year = psychosocial_year(session, 2025)
        assert (year.informal_by_counsellor, year.informal_by_adviser) == (15, 0)
        assert (year.formal_individual, year.formal_collective) == (2, None)
        assert year.informal_advice is None  # the correction left it out
        assert year.quarters_missing == (3, 4)
        # A second counsellor since April who has entered nothing: the second quarter is a part.
        second = Counsellor(
            person_id=people[Role.WORKING_GROUP_MEMBER].person_id,
            agreement=Agreement.COMMITTEE,
            agreed_on=date(2025, 4, 1),
            appointed_on=date(2025, 4, 1),
            is_staff=True,
        )
        session.add(second)
        session.flush()
        year = psychosocial_year(session, 2025)
        assert (year.quarters_missing, year.missing_by_row["7.3.1 a"]) == ((2, 3, 4), (2, 3, 4))
        second.ended_on = date(2025, 6, 30)
        session.flush()
        assert psychosocial_year(session, 2025).quarters_missing == (2, 3, 4)
        second.appointed_on = date(2025, 7, 1)
        second.ended_on = None
        session.flush()
        assert psychosocial_year(session, 2025).missing_by_row["7.3.1 a"] == (3, 4)
        session.delete(second)
        session.flush()

        how = {"by": people[Role.CPBW_MEMBER]}
        # The fourth quarter is still coming in: a sum that moves would tell of one person.
        early = quarters.shown_counts(session, 2025, today=date(2026, 3, 31), **how)
        assert early.counts == {}
        shown = quarters.shown_counts(session, 2025, today=date(2026, 4, 1), **how).counts
        assert shown["informal_by_counsellor"] == 15
        # The two others of the block follow from none of it.
        assert shown["formal_individual"] is None
        assert "formal_collective" not in shown
        assert quarters.own_sheets(session, 2025, by=counsellor)[0].revision == 2
        with pytest.raises(NotAllowed):
            quarters.shown_counts(session, 2025, by=people[Role.GUEST], today=TODAY)


@given(
    st.lists(st.dictionaries(st.sampled_from(sorted(law().fields)), st.integers(0, 9)), max_size=6)
)
def test_no_block_is_shown_that_holds_one_to_four(sheets: list[dict[str, int]]) -> None:
    shown = quarters.withhold(sheets)
    sums = {key: sum(one.get(key, 0) for one in sheets) for key in law().fields}
    for key, n in shown.items():
        assert n is None or n == sums[key]
        assert n not in {1, 2, 3, 4}
    informal = {key for key in shown if law().fields[key].row.startswith("7.3.1")}
    assert len({shown[key] is None for key in informal}) < 2  # a block is shown whole or not


def test_counsellors_are_agreed_on_trained_and_supervised(sqlite: Database) -> None:
    client = make_client(sqlite)
    people = client.people
    main = people[Role.MAIN_CONTACT]
    someone = people[Role.CONFIDENTIAL_COUNSELLOR].person_id
    asked = Appointment(
        is_staff=True,
        agreement=Agreement.COMMITTEE,
        agreed_on=date(2024, 2, 1),
        agreement_text="",
        appointed_on=date(2024, 2, 29),
    )

    def key_of(**changes: Any) -> str:
        with pytest.raises(Invalid) as refused:
            duties.check_appointment(replace(asked, **changes), today=TODAY)
        return refused.value.key.removeprefix("requests.")

    assert key_of(agreed_on=date(2024, 3, 1)) == "agreed_afterwards"
    assert key_of(functions=("union_delegate",)) == "not_compatible"
    assert key_of(functions=("leading_staff",), is_old=True) == "not_compatible"
    assert key_of(agreement=Agreement.INSPECTORATE) == "no_motivation"
    by_workers = {"agreement": Agreement.WORKERS, "agreed_on": date(2024, 2, 14)}
    assert key_of(**by_workers) == "comments_still_open"  # the fifteenth day is still theirs
    old = {"functions": ("leading_staff",), "is_old": True, "agreed_on": date(2014, 5, 1)}
    duties.check_appointment(replace(asked, appointed_on=date(2014, 8, 31), **old), today=TODAY)
    later = {**by_workers, "appointed_on": date(2024, 3, 1)}
    duties.check_appointment(replace(asked, **later), today=TODAY)

    with sqlite.session(client.id) as session:
        made = counsellors.appoint(session, someone, asked, by=main, today=TODAY)
        with pytest.raises(InvalidTransition):
            counsellors.appoint(session, someone, asked, by=main, today=TODAY)
        (row,) = list_counsellors(session)
        assert not lacks_role(session, row, today=TODAY)
        without = replace(row, person_id=people[Role.HR].person_id)
        assert lacks_role(session, without, today=TODAY)
        assert [(due.what, due.on) for due in row.due] == [
            (Due.SUPERVISION, date(2025, 2, 28)),
            (Due.BASIC, date(2026, 2, 28)),
        ]
        for hours, days in ((24.0, 4), (6.0, 1)):
            assert not list_counsellors(session)[0].is_trained
            learned = Learned(TrainingKind.BASIC, date(2024, 9, 1), hours, days)
            counsellors.add_training(session, made.id, learned, "Opleider", by=main, today=TODAY)
        assert list_counsellors(session)[0].is_trained
        late = waiting.list_waiting(session, by=main, today=TODAY, now=NOW)
        assert [one.kind for one in late] == ["counsellor_supervision"]
        with pytest.raises(Invalid):
            counsellors.end_appointment(
                session, made.id, ended_on=TODAY, reason=" ", seen=1, by=main, today=TODAY
            )
        counsellors.end_appointment(
            session, made.id, ended_on=TODAY, reason="Pensioen", seen=1, by=main, today=TODAY
        )
        assert list_counsellors(session)[0].due == ()


def test_roles_of_a_counsellor_are_compared_with_what_excludes_one(sqlite: Database) -> None:
    client = make_client(sqlite)
    main, by_role = client.people[Role.MAIN_CONTACT], client.people
    asked = Appointment(
        is_staff=True,
        agreement=Agreement.COMMITTEE,
        agreed_on=date(2024, 2, 1),
        agreement_text="",
        appointed_on=date(2024, 2, 29),
    )

    def refused(role: Role, **changes: Any) -> str:
        with sqlite.session(client.id) as session, pytest.raises(Invalid) as found:
            about = replace(asked, **changes)
            counsellors.appoint(session, by_role[role].person_id, about, by=main, today=TODAY)
        return found.value.key.removeprefix("requests.")

    for role in (Role.EMPLOYER, Role.UNION_DELEGATE, Role.OCCUPATIONAL_PHYSICIAN):
        assert refused(role, has_looked=True) == "role_not_compatible"
    for role in (Role.CPBW_MEMBER, Role.WORKS_COUNCIL_MEMBER):
        assert refused(role) == "role_to_look_at"
    with sqlite.session(client.id) as session:
        # The same human, entered once more with a second log-in of the same box.
        delegate = session.get_one(Person, by_role[Role.UNION_DELEGATE].person_id)
        guest = session.get_one(Person, by_role[Role.GUEST].person_id)
        delegate.mail, guest.mail = "Jo+bond@huis.example", "jo@huis.example"
    assert refused(Role.GUEST) == "role_not_compatible"
    with sqlite.session(client.id) as session:
        member = by_role[Role.CPBW_MEMBER].person_id
        looked = replace(asked, has_looked=True)
        counsellors.appoint(session, member, looked, by=main, today=TODAY)
        (row,) = list_counsellors(session)
        conflicts = list_conflicts(session, row, today=TODAY)
        assert [one.function.key for one in conflicts] == ["worker_representative"]
        kinds = {one.kind for one in waiting.list_waiting(session, by=main, today=TODAY, now=NOW)}
        assert "counsellor_roles" in kinds


@pytest.mark.parametrize(
    ("people", "duty", "short"),
    [
        (None, Duty.UNKNOWN, False),
        (19, Duty.ON_REQUEST, False),
        (20, Duty.STAFF_WHERE_EXTERNAL, False),
        (49, Duty.STAFF_WHERE_EXTERNAL, False),
        (50, Duty.MANDATORY, True),
    ],
)
def test_what_an_organisation_owes_depends_on_its_size(
    people: int | None, duty: Duty, short: bool
) -> None:
    assert duties.duty_of(people) is duty
    assert duties.is_short(people, n_counsellors=0, n_staff=0) is short
    assert duties.is_short(people, n_counsellors=1, n_staff=0) is short
    assert not duties.is_short(people, n_counsellors=1, n_staff=1)


@pytest.mark.parametrize(("month", "day", "year"), [(1, 31, 2024), (2, 1, 2025), (12, 31, 2025)])
def test_counts_of_a_year_are_told_once_they_stand_still(month: int, day: int, year: int) -> None:
    today = date(2026, month, day)
    assert listening.last_settled_year(today) == year
    oldest = datetime(2026, month, day, tzinfo=UTC) - timedelta(days=31)
    assert oldest.year > year


def test_the_network_keeps_moments_and_no_words(sqlite: Database) -> None:
    client = make_client(sqlite)
    people = client.people
    keeper, listener = people[Role.CONFIDENTIAL_COUNSELLOR], people[Role.WORKING_GROUP_MEMBER]
    how: dict[str, Any] = {"today": TODAY, "now": NOW}
    with sqlite.session(client.id) as session:

        def signal(hours: float, theme: str = "organisation", by: Actor = listener) -> UUID:
            moment = NOW - timedelta(hours=hours)
            return network.take_signal(
                session, theme, received_at=moment, is_answered=False, by=by, **how
            ).id

        with pytest.raises(Denied):
            signal(1)
        fields = ContactFields(person_id=listener.person_id, for_what="Nacht", from_on=TODAY)
        network.add_contact(session, fields, by=keeper, today=TODAY)
        with pytest.raises(InvalidTransition):
            network.add_contact(session, fields, by=keeper, today=TODAY)
        clerk = ContactFields(
            person_id=people[Role.CLERK].person_id, for_what="Balie", from_on=TODAY
        )
        mute = network.add_contact(session, clerk, by=keeper, today=TODAY).id
        assert cannot_note(session, list_contacts(session, today=TODAY), today=TODAY) == {mute}
        network.end_contact(session, mute, until_on=TODAY, seen=1, by=keeper)
        late, fine = signal(25), signal(24)
        rows = {row.id: row.is_late for row in own_signals(session, by=listener, now=NOW)}
        assert rows == {late: True, fine: False}
        assert [one.kind for one in waiting.list_waiting(session, by=listener, **how)] == [
            "signal",
            "signal",
        ]
        with pytest.raises(Denied):
            network.answer_signal(session, late, answered_at=NOW, seen=1, by=keeper, **how)
        network.answer_signal(session, late, answered_at=NOW, seen=1, by=listener, **how)
        for theme in ("made_up", "organisation"):
            with pytest.raises(Invalid):
                signal(-1 if theme == "organisation" else 1, theme)
        for _ in range(2):
            signal(1)
        assert count_themes(session, 2026) == {}
        signal(1)
        assert count_themes(session, 2026) == {"organisation": 5}
        with pytest.raises(Invalid, match="last 31 days"):
            signal(24 * 32)  # it would move the counts of a month that was told

        told = ThemeFields(
            theme="organisation",
            title="Roosters veranderen te laat",
            pattern="Elke maand, in drie ploegen.",
            suggestion="",
            told_on=TODAY,
            is_collective=False,
        )
        with pytest.raises(Invalid):
            network.tell_theme(session, told, by=listener, today=TODAY)
        theme = network.tell_theme(
            session, replace(told, is_collective=True), by=listener, today=TODAY
        )
        network.answer_theme(
            session, theme.id, "Twee weken vooraf.", answered_on=TODAY, seen=1,
            by=people[Role.EMPLOYER], today=TODAY,
        )  # fmt: skip
        acts = {one.action: one.facts for one in list_entries(session)}
        assert acts["vigilance.signal_taken"] == {}


def test_policy_advice_is_due_five_years_after_joining_and_every_three(
    sqlite: Database,
) -> None:
    client = make_client(sqlite)
    adviser = client.people[Role.ADVISER]
    with sqlite.session(client.id) as session:
        joined = date(2020, 2, 29)
        service = external.join_service(
            session, "Externe dienst (fictief)", joined_on=joined, by=adviser, today=TODAY
        )
        assert list_services(session)[0].due_on == date(2025, 2, 28)
        external.add_advice(
            session,
            service.id,
            "Meer aandacht.",
            given_on=date(2024, 5, 1),
            by=adviser,
            today=TODAY,
        )
        assert list_services(session)[0].due_on == date(2027, 5, 1)
        with pytest.raises(Invalid):
            external.add_advice(
                session, service.id, "x", given_on=date(2019, 1, 1), by=adviser, today=TODAY
            )
        external.leave_service(session, service.id, left_on=TODAY, seen=1, by=adviser, today=TODAY)
        assert list_services(session)[0].due_on is None


@pytest.mark.parametrize(
    ("key", "begin", "last"),
    [
        ("first_talk", date(2026, 2, 20), date(2026, 3, 2)),
        ("individual_advice", date(2025, 11, 30), date(2026, 2, 28)),
        ("individual_advice_longer", date(2026, 8, 31), date(2027, 2, 28)),
        ("letter_received", date(2026, 3, 5), date(2026, 3, 10)),  # over a weekend
        ("letter_received", date(2026, 4, 2), date(2026, 4, 8)),  # over Easter Monday
        ("letter_received", date(2026, 5, 13), date(2026, 5, 19)),  # over Ascension Day
        ("letter_received", date(2026, 12, 24), date(2026, 12, 30)),
    ],
)
def test_terms_end_where_the_calendar_says(key: str, begin: date, last: date) -> None:
    assert dates.end_of(law().terms[key], begin, law().calendar) == last


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1818, (3, 22)),
        (2008, (3, 23)),
        (2024, (3, 31)),
        (2025, (4, 20)),
        (2026, (4, 5)),
        (2038, (4, 25)),
    ],
)
def test_easter_is_where_the_tables_have_it(year: int, day: tuple[int, int]) -> None:
    assert dates.easter(year) == date(year, *day)
