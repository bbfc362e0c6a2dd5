"""Handing out roles: who may, for how long, and that somebody always can."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from baken.organisation.errors import Conflict, Denied, Invalid, NotFound
from baken.organisation.handing_out import APART, GUEST_DAYS, HANDS_OUT, is_apart, roles_to_give
from baken.organisation.models import Account, Person, RoleGrant
from baken.organisation.people import (
    Standing,
    add_person,
    edit_person,
    get_actor,
    get_person,
    list_people,
)
from baken.organisation.permissions import Actor, Role
from baken.organisation.roles import (
    change_last_day,
    give_role,
    list_grants,
    list_roles_to_give,
    take_away,
    take_away_all,
)
from baken.storage.audit import list_entries
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Database, Session

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
AT = {"today": TODAY, "now": NOW}


def add(session: Session, by: Actor, role: Role = Role.STEERING_MEMBER, **more: Any) -> Person:
    told = {"mail": "", **AT, **more}
    return add_person(session, name="Nieuw", task="", role=role, by=by, **told)


def grant_of(session: Session, person_id: UUID, role: Role) -> RoleGrant:
    asked = select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.role == role)
    return session.scalars(asked).one()


def let_log_in(database: Database, organisation: Any, *roles: Role) -> None:
    """Give these people an account: only somebody who can log in keeps an organisation going."""
    for role in roles:
        with database.session(None) as session:
            account = Account(mail=f"{role}@{uuid4().hex}.invalid", name="x", password_hash="x")
            session.add(account)
            session.flush()
        with database.session(organisation.id) as session:
            person = session.get_one(Person, organisation.people[role].person_id)
            person.account_id = account.id


@pytest.fixture
def main_contact(organisation: Any) -> Actor:
    return organisation.people[Role.MAIN_CONTACT]


def test_who_hands_out_what() -> None:
    everything = frozenset(Role)
    administrator = {Role.ADMINISTRATOR}
    assert roles_to_give({Role.MAIN_CONTACT}, has_main_contact=True) == everything
    assert roles_to_give(administrator, has_main_contact=True) == {Role.ADMINISTRATOR}
    assert roles_to_give(administrator, has_main_contact=False) == {
        Role.ADMINISTRATOR,
        Role.MAIN_CONTACT,
    }
    for role in everything - HANDS_OUT:
        assert roles_to_give({role}, has_main_contact=False) == frozenset()


@pytest.mark.parametrize("role", [role for role in Role if role not in HANDS_OUT])
def test_a_role_without_the_right_hands_out_nothing(
    database: Database, organisation: Any, role: Role
) -> None:
    with pytest.raises(Denied), database.session(organisation.id) as session:
        add(session, organisation.people[role])


def test_an_administrator_does_not_choose_who_sees_results(
    database: Database, organisation: Any
) -> None:
    by = organisation.administrator
    for role in (Role.STEERING_MEMBER, Role.MAIN_CONTACT, Role.ADVISER):
        with pytest.raises(Denied, match="main contact"), database.session(organisation.id) as s:
            add(s, by, role)
    with database.session(organisation.id) as session:
        assert list_roles_to_give(session, by=by, today=TODAY) == {Role.ADMINISTRATOR}
        add(session, by, Role.ADMINISTRATOR)


def test_the_first_main_contact_comes_from_the_administrator(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    by = organisation.administrator
    let_log_in(database, organisation, Role.ADMINISTRATOR)
    with database.session(organisation.id) as session:
        take_away_all(session, main_contact.person_id, by=by, **AT)
        first = add(session, by, Role.MAIN_CONTACT)
        assert list_roles_to_give(session, by=by, today=TODAY) == {Role.ADMINISTRATOR}
        assert {g.role for g in list_grants(session, first.id, today=TODAY)} == {Role.MAIN_CONTACT}


@pytest.mark.parametrize("role", [Role.ADVISER, Role.GUEST, Role.MAIN_CONTACT, Role.CLERK])
def test_nobody_gives_a_role_to_themselves(
    database: Database, organisation: Any, main_contact: Actor, role: Role
) -> None:
    refused = pytest.raises(Denied, match="to themselves")
    with refused, database.session(organisation.id) as session:
        give_role(session, main_contact.person_id, role, from_on=TODAY, by=main_contact, **AT)


def test_nobody_makes_the_own_role_longer(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    let_log_in(database, organisation, Role.ADMINISTRATOR)
    with database.session(organisation.id) as session:
        grant = grant_of(session, main_contact.person_id, Role.MAIN_CONTACT)
        seen = {"version": grant.version, "by": main_contact, **AT}
        change_last_day(session, grant.id, TODAY + 9 * DAY, **seen)
    for longer in (None, TODAY + 10 * DAY):
        with pytest.raises(Denied, match="themselves"), database.session(organisation.id) as s:
            change_last_day(s, grant.id, longer, **{**seen, "version": grant.version})
    with database.session(organisation.id) as session:
        change_last_day(session, grant.id, TODAY + 8 * DAY, **{**seen, "version": grant.version})


def test_somebody_gets_a_second_role_and_both_add_up(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    person = organisation.people[Role.STEERING_MEMBER].person_id
    with database.session(organisation.id) as session:
        give_role(
            session, person, Role.CPBW_MEMBER, from_on=TODAY, until_on=TODAY + 4 * DAY,
            by=main_contact, **AT,
        )  # fmt: skip
        held = {
            n: {g.role for g in list_grants(session, person, today=TODAY + n * DAY)}
            for n in (0, 4, 5)
        }
    both = {Role.STEERING_MEMBER, Role.CPBW_MEMBER}
    assert held == {0: both, 4: both, 5: {Role.STEERING_MEMBER}}


def test_a_role_may_begin_later_and_never_earlier(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        person = add(session, main_contact, from_on=TODAY + DAY)
        assert list_grants(session, person.id, today=TODAY) == frozenset()
        assert list_grants(session, person.id, today=TODAY + DAY)
        row = get_person(session, person.id, by=main_contact, today=TODAY)
        assert [role.standing for role in row.roles] == [Standing.AHEAD]
    for wrong in (TODAY - DAY, TODAY + 400 * DAY):
        with pytest.raises(Invalid), database.session(organisation.id) as session:
            add(session, main_contact, from_on=wrong)


@pytest.mark.parametrize(
    ("until_on", "accepted"),
    [
        (None, False),
        (TODAY - DAY, False),
        (TODAY, True),
        (TODAY + (GUEST_DAYS - 1) * DAY, True),
        (TODAY + GUEST_DAYS * DAY, False),
    ],
)
def test_a_guest_leaves_within_ninety_days(
    database: Database,
    organisation: Any,
    main_contact: Actor,
    until_on: date | None,
    accepted: bool,
) -> None:
    def invite_guest() -> None:
        with database.session(organisation.id) as session:
            add(session, main_contact, Role.GUEST, until_on=until_on)

    if accepted:
        invite_guest()
    else:
        with pytest.raises(Invalid):
            invite_guest()


def test_a_guest_is_not_kept_by_changing_the_last_day(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        guest = add(session, main_contact, Role.GUEST, until_on=TODAY + 9 * DAY)
        grant = grant_of(session, guest.id, Role.GUEST)
    later = TODAY + 60 * DAY
    seen = {"version": grant.version, "by": main_contact, "today": TODAY, "now": NOW}
    for too_long in (None, TODAY + GUEST_DAYS * DAY):
        with pytest.raises(Invalid, match="90"), database.session(organisation.id) as session:
            change_last_day(session, grant.id, too_long, **seen)
    with database.session(organisation.id) as session:
        change_last_day(session, grant.id, later, **seen)


def test_the_same_role_is_not_held_twice_at_a_time(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        person = add(session, main_contact, until_on=TODAY + 9 * DAY).id
    again = {"by": main_contact, **AT}
    refused = pytest.raises(Conflict, match="holds this role already")
    with refused, database.session(organisation.id) as session:
        give_role(session, person, Role.STEERING_MEMBER, from_on=TODAY + 9 * DAY, **again)
    with database.session(organisation.id) as session:
        give_role(session, person, Role.STEERING_MEMBER, from_on=TODAY + 10 * DAY, **again)


@pytest.mark.parametrize(
    ("one", "other"), [(one, other) for one in APART for other in sorted(APART[one])]
)
def test_roles_that_keep_apart_do_not_meet_in_one_person(
    database: Database, organisation: Any, main_contact: Actor, one: Role, other: Role
) -> None:
    for first, second in ((one, other), (other, one)):
        with database.session(organisation.id) as session:
            person = add(session, main_contact, first).id
        refused = pytest.raises(Conflict, match="at the same time")
        with refused, database.session(organisation.id) as session:
            give_role(session, person, second, from_on=TODAY, by=main_contact, **AT)


def test_two_entries_of_one_human_keep_the_same_roles_apart(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        first = add(session, main_contact, Role.HR, mail="jo@huis.example").id
        other = add(session, main_contact, Role.STEERING_MEMBER, mail="Jo+werk@huis.example").id
    give = {"by": main_contact, **AT}
    with pytest.raises(Conflict, match="list twice"), database.session(organisation.id) as session:
        give_role(session, other, Role.CLERK, from_on=TODAY, **give)
    with database.session(organisation.id) as session:
        grant = grant_of(session, first, Role.HR)
        change_last_day(session, grant.id, TODAY + DAY, version=grant.version, **give)
        give_role(session, other, Role.HR, from_on=TODAY, until_on=TODAY, **give)  # no danger
        give_role(session, other, Role.CLERK, from_on=TODAY + 2 * DAY, **give)
        session.flush()
        seen = grant.version
    with pytest.raises(Conflict, match="list twice"), database.session(organisation.id) as session:
        change_last_day(session, grant.id, TODAY + 2 * DAY, version=seen, **give)


def test_keeping_apart_goes_both_ways() -> None:
    assert is_apart(Role.HR, Role.ADVISER)
    assert is_apart(Role.ADVISER, Role.HR)
    assert not is_apart(Role.STEERING_MEMBER, Role.CPBW_MEMBER)
    assert not any(is_apart(role, role) for role in Role)


def test_a_role_that_is_taken_away_counts_for_nothing_the_same_minute(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    person = organisation.people[Role.CPBW_MEMBER].person_id
    with database.session(organisation.id) as session:
        grant = grant_of(session, person, Role.CPBW_MEMBER)
        take_away(session, grant.id, version=grant.version, by=main_contact, **AT)
        assert list_grants(session, person, today=TODAY) == frozenset()
        row = get_person(session, person, by=main_contact, today=TODAY)
        (role,) = row.roles
        assert (role.standing, role.until_on, role.ended_at) == (Standing.TAKEN_AWAY, TODAY, NOW)
        assert row.open_roles == ()
    with pytest.raises(NotFound), database.session(organisation.id) as session:
        take_away(session, grant.id, version=grant.version, by=main_contact, **AT)


def test_a_role_to_come_can_be_taken_back(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        person = add(session, main_contact, from_on=TODAY + 5 * DAY).id
        grant = grant_of(session, person, Role.STEERING_MEMBER)
        take_away(session, grant.id, version=grant.version, by=main_contact, **AT)
        assert list_grants(session, person, today=TODAY + 5 * DAY) == frozenset()


def test_two_edits_of_one_role_do_not_overwrite_each_other(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        person = add(session, main_contact).id
        grant = grant_of(session, person, Role.STEERING_MEMBER)
        seen = grant.version
        change_last_day(session, grant.id, TODAY + DAY, version=seen, by=main_contact, **AT)
    with pytest.raises(EditedMeanwhile), database.session(organisation.id) as session:
        change_last_day(session, grant.id, None, version=seen, by=main_contact, **AT)


def test_a_last_day_never_lies_in_the_past(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        person = add(session, main_contact).id
        grant = grant_of(session, person, Role.STEERING_MEMBER)
    with pytest.raises(Invalid, match="past"), database.session(organisation.id) as session:
        change_last_day(
            session, grant.id, TODAY - DAY, version=grant.version, by=main_contact, **AT
        )


def test_somebody_who_leaves_loses_everything_at_once(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    person = organisation.people[Role.STEERING_MEMBER].person_id
    with database.session(organisation.id) as session:
        give_role(session, person, Role.CPBW_MEMBER, from_on=TODAY + 3 * DAY, by=main_contact, **AT)
        assert take_away_all(session, person, by=main_contact, **AT) == 2
        for later in (0, 3, 300):
            assert not list_grants(session, person, today=TODAY + later * DAY)
        acts = [entry.action for entry in list_entries(session)]
    assert acts == ["person.left", "role.given"]


def test_somebody_who_hands_out_rights_is_always_left(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    """Neither today nor on any day to come; people who cannot log in do not count."""
    administrator = organisation.administrator
    let_log_in(database, organisation, Role.MAIN_CONTACT)
    refused = pytest.raises(Invalid, match="nobody who can log in")
    with refused, database.session(organisation.id) as session:
        take_away_all(session, main_contact.person_id, by=administrator, **AT)
    let_log_in(database, organisation, Role.ADMINISTRATOR)
    with database.session(organisation.id) as session:
        grant = grant_of(session, administrator.person_id, Role.ADMINISTRATOR)
        seen = {"version": grant.version, "by": main_contact, **AT}
        change_last_day(session, grant.id, TODAY + 30 * DAY, **seen)
    own = {"by": main_contact, **AT}
    with database.read(organisation.id) as session:
        mine = grant_of(session, main_contact.person_id, Role.MAIN_CONTACT)
    with refused, database.session(organisation.id) as session:
        take_away(session, mine.id, version=mine.version, **own)
    with refused, database.session(organisation.id) as session:
        change_last_day(session, mine.id, TODAY + 40 * DAY, version=mine.version, **own)
    with database.read(organisation.id) as session:
        assert get_person(session, main_contact.person_id, by=main_contact, today=TODAY).open_roles


def test_two_who_remove_each_other_at_the_same_moment_leave_one(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    administrator = organisation.administrator
    let_log_in(database, organisation, Role.ADMINISTRATOR, Role.MAIN_CONTACT)
    pair = (administrator, main_contact)
    barrier = threading.Barrier(2)
    said: list[str] = []

    def remove(by: Actor, other: Actor) -> None:
        barrier.wait()
        try:
            with database.session(organisation.id) as session:
                take_away_all(session, other.person_id, by=by, **AT)
            said.append("removed")
        except (Denied, Invalid) as error:
            said.append(error.key)

    threads = [
        threading.Thread(target=remove, args=(by, other)) for by, other in (pair, pair[::-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(said) == ["organisation.rights_gone", "removed"]
    with database.read(organisation.id) as session:
        left = [bool(list_grants(session, actor.person_id, today=TODAY)) for actor in pair]
    assert sorted(left) == [False, True]


def test_two_who_leave_at_the_same_moment_leave_one(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    """Each could go while the other stays; both at once would leave nobody."""
    let_log_in(database, organisation, Role.ADMINISTRATOR, Role.MAIN_CONTACT)
    barrier = threading.Barrier(2)
    said: list[str] = []

    def leave(who: Actor) -> None:
        barrier.wait()
        try:
            with database.session(organisation.id) as session:
                take_away_all(session, who.person_id, by=who, **AT)
            said.append("left")
        except Invalid as error:
            said.append(error.key)

    people = (organisation.administrator, main_contact)
    threads = [threading.Thread(target=leave, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(said) == ["left", "organisation.nobody_left"]


def test_a_right_that_was_taken_away_meanwhile_hands_out_nothing(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    let_log_in(database, organisation, Role.ADMINISTRATOR)
    with database.session(organisation.id) as session:
        take_away_all(session, main_contact.person_id, by=organisation.administrator, **AT)
    with pytest.raises(Denied, match="in the meantime"), database.session(organisation.id) as s:
        add(s, main_contact)


def test_each_act_is_recorded_once(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        person = add(session, main_contact)
        grant = grant_of(session, person.id, Role.STEERING_MEMBER)
        change_last_day(
            session, grant.id, TODAY + DAY, version=grant.version, by=main_contact, **AT
        )
        take_away(session, grant.id, version=grant.version, by=main_contact, **AT)
        give_role(session, person.id, Role.CLERK, from_on=TODAY, by=main_contact, **AT)
        edit_person(
            session, person.id, name="Anders", mail="a@b.invalid", task="", version=person.version,
            by=main_contact, **AT,
        )  # fmt: skip
        acts = [(entry.action, entry.at) for entry in reversed(list_entries(session))]
    assert acts == [
        (action, NOW)
        for action in (
            "person.added",
            "role.changed",
            "role.taken_away",
            "role.given",
            "person.changed",
        )
    ]


def test_a_role_that_ended_long_ago_stays_in_the_history(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with database.session(organisation.id) as session:
        person = add(session, main_contact, until_on=TODAY).id
    later = TODAY + 400 * DAY
    with database.read(organisation.id) as session:
        row = get_person(session, person, by=main_contact, today=later)
        assert [(role.role, role.standing) for role in row.roles] == [
            (Role.STEERING_MEMBER, Standing.OVER)
        ]
        everybody = list_people(session, by=main_contact, today=later)
    assert len(everybody) == len(Role) + 1


def test_somebody_of_another_organisation_does_not_exist_here(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    with pytest.raises(NotFound), database.session(organisation.id) as session:
        give_role(session, uuid4(), Role.CLERK, from_on=TODAY, by=main_contact, **AT)
    with pytest.raises(NotFound), database.session(organisation.id) as session:
        get_person(session, uuid4(), by=main_contact, today=TODAY)


def test_a_head_heads_a_unit_and_others_head_none(
    database: Database, organisation: Any, main_contact: Actor
) -> None:
    for role, unit_id in ((Role.UNIT_HEAD, None), (Role.CLERK, uuid4())):
        with pytest.raises(Invalid, match="unit"), database.session(organisation.id) as session:
            add(session, main_contact, role, unit_id=unit_id)
    with pytest.raises(NotFound), database.session(organisation.id) as session:
        add(session, main_contact, Role.UNIT_HEAD, unit_id=uuid4())


def test_an_account_without_a_role_today_finds_nothing(
    database: Database, organisation: Any
) -> None:
    let_log_in(database, organisation, Role.CPBW_MEMBER)
    person_id = organisation.people[Role.CPBW_MEMBER].person_id
    with database.session(organisation.id) as session:
        grant_of(session, person_id, Role.CPBW_MEMBER).until_on = TODAY
        account_id = session.get_one(Person, person_id).account_id
        assert account_id is not None
        assert get_actor(session, account_id, today=TODAY).roles == {Role.CPBW_MEMBER}
        with pytest.raises(NotFound):
            get_actor(session, account_id, today=TODAY + DAY)
