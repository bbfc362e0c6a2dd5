"""What waits: the order of things, and what waits about people and roles."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.organisation.accounts.lost_factor_rules import Approver
from baken.organisation.accounts.lost_factors import approve, ask
from baken.organisation.invitations import invite
from baken.organisation.models import Account, Person, RoleGrant
from baken.organisation.people import add_person
from baken.organisation.permissions import Role
from baken.organisation.waiting import SHOWN_OF_A_KIND, Waiting, list_waiting, put_in_order
from baken.storage.session import Database

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def one(kind: str, **more: Any) -> Waiting:
    return Waiting(kind=kind, path="/x", **more)


def test_late_comes_first_then_what_is_near_or_can_be_done_now_then_the_rest() -> None:
    far = one("far", due_on=TODAY + 60 * DAY)
    near = one("near", due_on=TODAY + 3 * DAY)
    since = one("since", since_on=TODAY - 5 * DAY)
    plain = one("plain")
    late = one("late", due_on=TODAY - DAY)
    later = one("later", due_on=TODAY - 9 * DAY)
    found = put_in_order([far, near, plain, since, late, later], today=TODAY)
    assert found == (later, late, since, plain, near, far)


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False), (1, False)])
def test_the_last_day_is_not_too_late(days: int, late: bool) -> None:
    assert one("x", due_on=TODAY + days * DAY).is_late(TODAY) is late


def test_of_one_kind_only_the_first_are_kept_and_the_last_counts_the_others() -> None:
    many = [one("many", what=str(at), due_on=TODAY + at * DAY) for at in range(8)]
    found = put_in_order([*many, one("other")], today=TODAY)
    kept = [each for each in found if each.kind == "many"]
    assert [each.what for each in kept] == ["0", "1", "2"]
    assert [each.n_more for each in kept] == [0, 0, 5]


waits = st.builds(
    lambda kind, what, due, since: Waiting(
        kind=kind,
        path="/x",
        what=what,
        due_on=None if due is None else TODAY + due * DAY,
        since_on=None if since is None else TODAY - since * DAY,
    ),
    st.sampled_from("abc"),
    st.text("xyz", max_size=3),
    st.none() | st.integers(-30, 90),
    st.none() | st.integers(0, 90),
)


@given(st.lists(waits, max_size=25), st.randoms())
def test_nothing_is_lost_and_the_order_of_finding_does_not_matter(
    found: list[Waiting], random: Any
) -> None:
    ordered = put_in_order(found, today=TODAY)
    assert len(found) == sum(1 + each.n_more for each in ordered)
    for kind in {each.kind for each in found}:
        n_kept = sum(each.kind == kind for each in ordered)
        n_found = sum(each.kind == kind for each in found)
        assert n_kept == min(SHOWN_OF_A_KIND, n_found)
    mixed = list(found)
    random.shuffle(mixed)
    assert [(o.kind, o.due_on, o.n_more) for o in put_in_order(mixed, today=TODAY)] == [
        (o.kind, o.due_on, o.n_more) for o in ordered
    ]
    late = [each.is_late(TODAY) for each in ordered]
    assert late == sorted(late, reverse=True)


def test_who_hands_out_rights_sees_whose_role_ends_and_who_has_no_account(
    database: Database, organisation: Any
) -> None:
    by = organisation.people[Role.MAIN_CONTACT]
    given = {"task": "", "by": by, "today": TODAY, "now": NOW}
    with database.session(organisation.id) as session:
        for person in session.query(Person):
            person.mail = ""
        for grant in session.query(RoleGrant):
            grant.until_on = TODAY - DAY if grant.role is not Role.MAIN_CONTACT else None
    with database.session(organisation.id) as session:
        soon = add_person(
            session, name="Straks", mail="", role=Role.GUEST, until_on=TODAY + 30 * DAY, **given
        )
        add_person(
            session, name="Later", mail="a@b.invalid", role=Role.GUEST,
            until_on=TODAY + 31 * DAY, **given,
        )  # fmt: skip
        asked = add_person(session, name="Gevraagd", mail="c@d.invalid", role=Role.CLERK, **given)
        invite(session, asked.id, by=by, today=TODAY, now=NOW)
    with database.read(organisation.id) as session:
        found = list_waiting(session, by=by, today=TODAY, now=NOW)
        later = list_waiting(session, by=by, today=TODAY, now=NOW + 8 * DAY)
        others = {
            role: list_waiting(session, by=actor, today=TODAY, now=NOW)
            for role, actor in organisation.people.items()
        }
    ends = [each for each in found if each.kind == "role_ends"]
    assert [(each.what, each.due_on, each.path) for each in ends] == [
        ("Straks", TODAY + 30 * DAY, f"/people/{soon.id}")
    ]
    invited = [each for each in found if each.kind == "invitation_open"]
    assert [(each.what, each.due_on) for each in invited] == [("Gevraagd", TODAY + 7 * DAY)]
    assert {each.what for each in found if each.kind == "not_invited"} == {
        "Straks",
        "Later",
        "Persoon main_contact",
    }
    assert {each.what for each in later if each.kind == "not_invited"} >= {"Gevraagd"}
    assert all(each.kind != "no_main_contact" for each in found)
    assert {role for role, each in others.items() if each} == {
        Role.MAIN_CONTACT,
        Role.ADMINISTRATOR,
    }


def test_a_lost_factor_waits_for_those_who_have_not_decided(
    database: Database, organisation: Any
) -> None:
    concerned = (Role.MAIN_CONTACT, Role.ADMINISTRATOR, Role.HR)
    accounts = {}
    for role in concerned:
        with database.session(None) as session:
            account = Account(mail=f"{role}@b.invalid", name=f"Persoon {role}", password_hash="")
            session.add(account)
            session.flush()
            accounts[role] = account.id
        with database.session(organisation.id) as session:
            person = session.get_one(Person, organisation.people[role].person_id)
            person.account_id = accounts[role]
    hr, contact = accounts[Role.HR], accounts[Role.MAIN_CONTACT]
    request_id = ask(database, hr, is_by_mail=True, by=hr, now=NOW, today=TODAY)
    ask(database, contact, is_by_mail=True, by=contact, now=NOW, today=TODAY)

    def waits(role: Role, now: datetime = NOW) -> list[tuple[str, str, date | None]]:
        with database.read(organisation.id) as session:
            by = organisation.people[role]
            found = list_waiting(session, by=by, today=now.date(), now=now)
        return [(o.path, o.what, o.since_on) for o in found if o.kind == "lost_factor"]

    of_hr = (f"/lost-factors/{request_id}", "Persoon hr", TODAY)
    assert waits(Role.MAIN_CONTACT) == [of_hr]  # not the own one
    assert {what for _, what, _ in waits(Role.ADMINISTRATOR)} == {
        "Persoon hr",
        "Persoon main_contact",
    }
    assert waits(Role.HR) == waits(Role.ADVISER) == []
    assert waits(Role.MAIN_CONTACT, NOW + 8 * DAY) == []
    by = Approver(accounts[Role.MAIN_CONTACT], is_installer=False, organisation_id=organisation.id)
    approve(database, request_id, is_by_mail=True, by=by, now=NOW, today=TODAY)
    assert waits(Role.MAIN_CONTACT) == []
    assert of_hr in waits(Role.ADMINISTRATOR)


def test_an_organisation_without_a_main_contact_says_so(
    database: Database, organisation: Any
) -> None:
    with database.session(organisation.id) as session:
        for grant in session.query(RoleGrant):
            if grant.role is Role.MAIN_CONTACT:
                grant.until_on = TODAY - DAY
    with database.read(organisation.id) as session:
        found = list_waiting(session, by=organisation.administrator, today=TODAY, now=NOW)
    assert [each.path for each in found if each.kind == "no_main_contact"] == ["/people/new"]
