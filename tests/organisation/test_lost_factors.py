"""A lost second factor: two others decide, the person can object, and no client takes over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from baken.organisation.accounts import lost_factor_lists, lost_factors
from baken.organisation.accounts.actions import add_account, close_account
from baken.organisation.accounts.challenges import Purpose, issue, redeem
from baken.organisation.accounts.factors import has_factor
from baken.organisation.accounts.identities import (
    link_identity,
    list_identities,
    use_identity,
)
from baken.organisation.accounts.lost_factor_rules import (
    DELAY,
    LIFE,
    Approver,
    Reach,
    Standing,
    check_enough,
    check_may_approve,
    check_may_start_anew,
)
from baken.organisation.accounts.lost_factor_standing import get_reach
from baken.organisation.accounts.models import LostFactorState
from baken.organisation.accounts.sessions import (
    confirm_factor,
    get_logged_in,
    start_full,
    start_half,
)
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.organisation.errors import Conflict, Denied, NotFound, OrganisationError
from baken.organisation.handing_out import SETTLED
from baken.organisation.models import Invitation, Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry
from baken.storage.keys import KeyStore
from baken.storage.session import Database

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ONE, OTHER = uuid4(), uuid4()
LONG_AGO = date(2020, 1, 1)
PERSON, FIRST, SECOND, INSTALLER = (uuid4() for _ in range(4))


def reach(
    *organisations: UUID, roles: tuple[Role, ...] = (Role.HR,), is_installer: bool = False
) -> Reach:
    return Reach(PERSON, frozenset(organisations), frozenset(roles), is_installer)


def admin(account_id: UUID, organisation_id: UUID = ONE) -> Approver:
    return Approver(account_id, is_installer=False, organisation_id=organisation_id)


def installer() -> Approver:
    return Approver(INSTALLER, is_installer=True)


@pytest.mark.parametrize(
    ("concerned", "approver", "earlier", "refusal"),
    [
        (reach(ONE), admin(FIRST), [], None),
        (reach(ONE), admin(SECOND), [admin(FIRST)], None),
        (reach(ONE), installer(), [admin(FIRST)], None),
        (reach(ONE), admin(PERSON), [], "yourself"),
        (reach(ONE), admin(FIRST), [admin(FIRST)], "already"),
        (reach(ONE), admin(FIRST, OTHER), [], "Only an administrator"),
        (reach(ONE, OTHER), admin(FIRST), [], None),
        (reach(ONE, OTHER), admin(SECOND), [admin(FIRST)], "more than one organisation"),
        (reach(ONE, OTHER), admin(SECOND, OTHER), [admin(FIRST)], "more than one organisation"),
        (reach(ONE, OTHER), installer(), [admin(FIRST)], None),
        (reach(ONE, OTHER), admin(FIRST), [installer()], None),
        (reach(ONE, is_installer=True), admin(SECOND), [admin(FIRST)], "more than one"),
        (reach(), admin(FIRST), [], "Only an administrator"),
        (reach(), installer(), [], None),
    ],
)
def test_who_may_approve(
    concerned: Reach, approver: Approver, earlier: list[Approver], refusal: str | None
) -> None:
    who = [Standing(one.is_installer, LONG_AGO) for one in [*earlier, approver]]
    if refusal is None:
        check_may_approve(concerned, approver, earlier)
        check_enough(concerned, who, asked_on=TODAY)
        return
    with pytest.raises(OrganisationError, match=refusal):
        check_may_approve(concerned, approver, earlier)
        check_enough(concerned, who, asked_on=TODAY)


OLD, NEW = TODAY - SETTLED, TODAY - SETTLED + timedelta(days=1)
READS = reach(ONE, roles=(Role.ADVISER,))


@pytest.mark.parametrize(
    ("concerned", "who", "refusal"),
    [
        (reach(ONE), [Standing(since_on=OLD)], None),
        (reach(ONE), [Standing(since_on=OLD)] * 2, None),
        (reach(ONE), [Standing(since_on=NEW)], "14 days"),
        (reach(ONE), [Standing(since_on=OLD), Standing(since_on=NEW)], "14 days"),
        (reach(ONE), [Standing(since_on=OLD), Standing()], "14 days"),
        (reach(ONE), [Standing(is_installer=True), Standing(since_on=NEW)], None),
        (READS, [Standing(since_on=OLD)], None),
        (READS, [Standing(since_on=OLD)] * 2, "confidential facts"),
        (READS, [Standing(since_on=OLD), Standing(False, OLD, NEW)], "confidential facts"),
        (READS, [Standing(since_on=OLD), Standing(False, OLD, OLD)], None),
        (READS, [Standing(since_on=OLD), Standing(is_installer=True)], None),
    ],
)
def test_who_is_enough(concerned: Reach, who: list[Standing], refusal: str | None) -> None:
    if refusal is None:
        check_enough(concerned, who, asked_on=TODAY)
        return
    with pytest.raises(Denied, match=refusal):
        check_enough(concerned, who, asked_on=TODAY)


@pytest.mark.parametrize(
    ("concerned", "delay"),
    [
        (reach(ONE), timedelta(0)),
        (reach(ONE, roles=(Role.HR, Role.ADVISER)), DELAY),
        (reach(ONE, roles=(Role.PREVENTION_ADVISER,)), DELAY),
        (reach(ONE, roles=(Role.CONFIDENTIAL_COUNSELLOR,)), DELAY),
        (reach(ONE, roles=(Role.EMPLOYER,)), DELAY),
        (reach(ONE, OTHER), DELAY),
        (reach(ONE, is_installer=True), DELAY),
    ],
)
def test_who_can_reach_much_waits_a_day(concerned: Reach, delay: timedelta) -> None:
    assert concerned.delay == delay


@pytest.mark.parametrize(
    ("state", "from_at", "may"),
    [
        (LostFactorState.APPROVED, NOW, True),
        (LostFactorState.APPROVED, NOW + timedelta(seconds=1), False),
        (LostFactorState.ASKED, None, False),
        (LostFactorState.DONE, NOW, False),
        (LostFactorState.CANCELLED, NOW, False),
    ],
)
def test_when_a_new_factor_may_be_set_up(
    state: LostFactorState, from_at: datetime | None, may: bool
) -> None:
    try:
        check_may_start_anew(state, from_at, now=NOW)
    except Denied:
        assert not may
    else:
        assert may


@dataclass(frozen=True)
class Scene:
    """A database with accounts; `account` makes one, with roles in organisations."""

    database: Database
    keys: KeyStore
    account: Callable[..., UUID]
    organisation: Callable[[], UUID]


@pytest.fixture
def scene(database: Database, keys: KeyStore) -> Scene:
    def organisation() -> UUID:
        with database.session(None) as session:
            row = Organisation(name="Huis")
            session.add(row)
            session.flush()
            return row.id

    def account(
        roles: dict[UUID, Role],
        *,
        is_installer: bool = False,
        factor: bool = True,
        from_on: date = LONG_AGO,
    ) -> UUID:
        with database.session(None) as session:
            account_id = add_account(
                session,
                mail=f"{uuid4()}@voorbeeld.invalid",
                name="Iemand",
                password_hash="",
                language="nl",
                is_installer=is_installer,
                by=None,
                now=NOW,
            ).id
            if factor:
                set_up_invented(session, keys, account_id, now=NOW)
        for place, role in roles.items():
            with database.session(place) as session:
                person = Person(name="Iemand", account_id=account_id)
                session.add(person)
                session.flush()
                session.add(RoleGrant(person_id=person.id, role=role, from_on=from_on))
        return account_id

    return Scene(database, keys, account, organisation)


def ask(scene: Scene, account_id: UUID) -> UUID:
    return lost_factors.ask(
        scene.database, account_id, is_by_mail=True, by=account_id, now=NOW, today=TODAY
    )


def approve(scene: Scene, request_id: UUID, by: Approver, now: datetime = NOW) -> LostFactorState:
    return lost_factors.approve(
        scene.database, request_id, is_by_mail=True, by=by, now=now, today=TODAY
    )


def test_two_administrators_let_somebody_start_anew(scene: Scene) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    first, second = (scene.account({place: Role.ADMINISTRATOR}) for _ in range(2))
    with scene.database.session(None) as session:
        elsewhere = start_full(session, lost, now=NOW)
        here = start_half(session, lost, now=NOW)
    with scene.database.read(None) as session:
        this = get_logged_in(session, here, now=NOW)
        assert this is not None
    request_id = ask(scene, lost)
    assert ask(scene, lost) == request_id
    with pytest.raises(Denied, match="cannot be replaced yet"):
        anew(scene, lost, this.session_id)
    assert approve(scene, request_id, admin(first, place)) is LostFactorState.ASKED
    with pytest.raises(Conflict, match="already"):
        approve(scene, request_id, admin(first, place))
    assert approve(scene, request_id, admin(second, place)) is LostFactorState.APPROVED
    anew(scene, lost, this.session_id)
    with scene.database.read(None) as session:
        assert not has_factor(session, lost)
        assert get_logged_in(session, elsewhere, now=NOW) is None
        found = get_logged_in(session, here, now=NOW)
        assert found is not None
        assert (found.is_full, found.has_factor) == (False, False)
    with pytest.raises(Denied):
        anew(scene, lost, this.session_id)


def anew(scene: Scene, account_id: UUID, session_id: UUID, now: datetime = NOW) -> None:
    lost_factors.start_anew(
        scene.database,
        account_id,
        is_by_mail=True,
        this_session=session_id,
        now=now,
        today=now.date(),
    )


def test_two_administrators_of_a_small_client_do_not_take_over_an_adviser(scene: Scene) -> None:
    small, large = scene.organisation(), scene.organisation()
    adviser = scene.account({small: Role.ADVISER, large: Role.ADVISER})
    first, second = (scene.account({small: Role.ADMINISTRATOR}) for _ in range(2))
    looks_after = scene.account({}, is_installer=True)
    request_id = ask(scene, adviser)
    approve(scene, request_id, admin(first, small))
    with pytest.raises(Denied, match="more than one organisation"):
        approve(scene, request_id, admin(second, small))
    by = Approver(looks_after, is_installer=True)
    assert approve(scene, request_id, by) is LostFactorState.APPROVED
    with pytest.raises(Denied, match="cannot be replaced yet"):
        anew(scene, adviser, UUID(int=0), now=NOW + DELAY - timedelta(seconds=1))
    anew(scene, adviser, UUID(int=0), now=NOW + DELAY)


def test_an_administrator_of_another_organisation_sees_and_does_nothing(scene: Scene) -> None:
    place, foreign = scene.organisation(), scene.organisation()
    lost = scene.account({place: Role.HR})
    stranger = scene.account({foreign: Role.ADMINISTRATOR})
    request_id = ask(scene, lost)
    assert lost_factor_lists.list_in_organisation(scene.database, foreign, now=NOW) == []
    rows = lost_factor_lists.list_in_organisation(scene.database, place, now=NOW)
    assert [row.id for row in rows] == [request_id]
    for act in (partial(lost_factors.approve, is_by_mail=True), lost_factors.stop):
        with pytest.raises(Denied, match="Only an administrator"):
            act(scene.database, request_id, by=admin(stranger, foreign), now=NOW, today=TODAY)


@pytest.mark.parametrize("state", [LostFactorState.ASKED, LostFactorState.APPROVED])
def test_logging_in_with_the_factor_cancels_the_request(
    scene: Scene, state: LostFactorState
) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    administrators = [scene.account({place: Role.ADMINISTRATOR}) for _ in range(2)]
    request_id = ask(scene, lost)
    if state is LostFactorState.APPROVED:
        for one in administrators:
            approve(scene, request_id, admin(one, place))
    with scene.database.session(None) as session:
        confirm_factor(session, start_half(session, lost, now=NOW), now=NOW)
    with pytest.raises(NotFound, match="over"):
        approve(scene, request_id, admin(administrators[0], place))
    with pytest.raises(Denied):
        anew(scene, lost, UUID(int=0), now=NOW + DELAY)
    with scene.database.read(None) as session:
        assert has_factor(session, lost)


def test_an_administrator_stops_a_request_and_an_old_one_stops_by_itself(scene: Scene) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    by = admin(scene.account({place: Role.MAIN_CONTACT}), place)
    lost_factors.stop(scene.database, ask(scene, lost), by=by, now=NOW, today=TODAY)
    again = ask(scene, lost)
    assert approve(scene, again, by, NOW + LIFE) is LostFactorState.ASKED
    with pytest.raises(NotFound):
        approve(scene, again, by, NOW + LIFE + timedelta(seconds=1))


def test_two_who_approve_at_the_same_time_are_two(scene: Scene) -> None:
    place = scene.organisation()
    for _ in range(5):
        lost = scene.account({place: Role.HR})
        two = [admin(scene.account({place: Role.ADMINISTRATOR}), place) for _ in range(2)]
        request_id = ask(scene, lost)
        with ThreadPoolExecutor(2) as pool:
            states = list(pool.map(partial(approve, scene, request_id), two))
        assert sorted(states) == [LostFactorState.APPROVED, LostFactorState.ASKED]


def test_two_administrators_who_replace_each_other_need_a_third(scene: Scene) -> None:
    place = scene.organisation()
    ann, bob, cas = (scene.account({place: Role.ADMINISTRATOR}) for _ in range(3))
    of_ann, of_bob = ask(scene, ann), ask(scene, bob)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(approve, scene, of_ann, admin(bob, place))
        other = pool.submit(approve, scene, of_bob, admin(ann, place))
        assert (one.result(), other.result()) == (LostFactorState.ASKED, LostFactorState.ASKED)
    for request_id, own in ((of_ann, ann), (of_bob, bob)):
        with pytest.raises(Denied, match="yourself"):
            approve(scene, request_id, admin(own, place))
        with pytest.raises(Denied, match="cannot be replaced yet"):
            anew(scene, own, UUID(int=0))
    assert approve(scene, of_ann, admin(cas, place)) is LostFactorState.APPROVED


def change_roles(scene: Scene, place: UUID, account_id: UUID, **values: object) -> None:
    """Change what somebody holds, as a page would; `values` are columns of the role."""
    with scene.database.session(place) as session:
        asked = select(RoleGrant).join(Person, Person.id == RoleGrant.person_id)
        for grant in session.scalars(asked.where(Person.account_id == account_id)):
            for name, value in values.items():
                setattr(grant, name, value)


def test_an_administrator_does_not_make_the_second_of_the_two_on_the_spot(scene: Scene) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    first = scene.account({place: Role.ADMINISTRATOR})
    puppet = scene.account({place: Role.ADMINISTRATOR}, from_on=TODAY)
    # The role may be old: whoever joined it yesterday is as new.
    joined = scene.account({place: Role.ADMINISTRATOR})
    with scene.database.session(place) as session:
        person = session.scalars(select(Person).where(Person.account_id == joined)).one()
        session.add(
            Invitation(person_id=person.id, invited_by=uuid4(), invited_at=NOW, used_at=NOW - DELAY)
        )
    request_id = ask(scene, lost)
    for one in (puppet, joined):
        with pytest.raises(Denied, match="14 days"):
            approve(scene, request_id, admin(one, place))
    approve(scene, request_id, admin(first, place))
    for one in (puppet, joined):
        with pytest.raises(Denied, match="14 days"):
            approve(scene, request_id, admin(one, place))
    looks_after = scene.account({}, is_installer=True)
    by = Approver(looks_after, is_installer=True)
    assert approve(scene, request_id, by) is LostFactorState.APPROVED


def test_a_right_that_was_held_day_after_day_in_pieces_is_an_old_right(scene: Scene) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    one = scene.account({place: Role.ADMINISTRATOR})
    yesterday = TODAY - timedelta(days=1)
    change_roles(scene, place, one, until_on=yesterday)
    with scene.database.session(place) as session:
        person = session.scalars(select(Person).where(Person.account_id == one)).one()
        session.add(RoleGrant(person_id=person.id, role=Role.MAIN_CONTACT, from_on=TODAY))
    request_id = ask(scene, lost)
    assert approve(scene, request_id, admin(one, place)) is LostFactorState.ASKED
    other = scene.account({place: Role.ADMINISTRATOR})
    change_roles(scene, place, other, until_on=yesterday - timedelta(days=1))
    with scene.database.session(place) as session:
        person = session.scalars(select(Person).where(Person.account_id == other)).one()
        session.add(RoleGrant(person_id=person.id, role=Role.MAIN_CONTACT, from_on=TODAY))
    with pytest.raises(Denied, match="14 days"):
        approve(scene, request_id, admin(other, place))


def test_two_administrators_do_not_become_their_own_adviser(scene: Scene) -> None:
    place = scene.organisation()
    adviser = scene.account({place: Role.ADVISER})
    first, second = (scene.account({place: Role.ADMINISTRATOR}) for _ in range(2))
    request_id = ask(scene, adviser)
    approve(scene, request_id, admin(first, place))
    with pytest.raises(Denied, match="confidential facts"):
        approve(scene, request_id, admin(second, place))
    employer = scene.account({place: Role.MAIN_CONTACT})
    with scene.database.session(place) as session:
        person = session.scalars(select(Person).where(Person.account_id == employer)).one()
        session.add(RoleGrant(person_id=person.id, role=Role.EMPLOYER, from_on=LONG_AGO))
    assert approve(scene, request_id, admin(employer, place)) is LostFactorState.APPROVED


@pytest.mark.parametrize("how", ["role taken away", "account closed"])
@pytest.mark.parametrize("when", ["before the second", "after the second"])
def test_whoever_may_not_approve_any_more_does_not_count(scene: Scene, how: str, when: str) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    first, second, third = (scene.account({place: Role.ADMINISTRATOR}) for _ in range(3))

    def leave() -> None:
        if how == "role taken away":
            change_roles(scene, place, first, ended_at=NOW, until_on=TODAY)
        else:
            with scene.database.session(None) as session:
                close_account(session, first, by=None, now=NOW)

    request_id = ask(scene, lost)
    approve(scene, request_id, admin(first, place))
    if when == "before the second":
        leave()
        assert approve(scene, request_id, admin(second, place)) is LostFactorState.ASKED
        with scene.database.read(None) as session:
            row = lost_factor_lists.find_own(session, lost, now=NOW)
            assert row is not None
            assert row.approver_ids == (second,)
    else:
        assert approve(scene, request_id, admin(second, place)) is LostFactorState.APPROVED
        leave()
        with pytest.raises(Denied, match="open again"):
            anew(scene, lost, UUID(int=0))
        with scene.database.read(None) as session:
            assert has_factor(session, lost)
            row = lost_factor_lists.find_own(session, lost, now=NOW)
            assert row is not None
            assert (row.state, row.from_at) == (LostFactorState.ASKED, None)
            assert row.approver_ids == ()
        assert approve(scene, request_id, admin(second, place)) is LostFactorState.ASKED
    assert approve(scene, request_id, admin(third, place)) is LostFactorState.APPROVED
    anew(scene, lost, UUID(int=0))
    assert "lost_factor.replaced" in acts_in(scene, place)


def test_a_role_that_begins_tomorrow_is_within_reach(scene: Scene) -> None:
    place, other = scene.organisation(), scene.organisation()
    tomorrow = TODAY + timedelta(days=1)
    lost = scene.account({place: Role.ADVISER, other: Role.HR}, from_on=tomorrow)
    found = get_reach(scene.database, lost, today=TODAY)
    assert found.organisation_ids == {place, other}
    assert found.roles == {Role.ADVISER, Role.HR}
    assert get_reach(scene.database, lost, today=tomorrow) == found
    change_roles(scene, place, lost, ended_at=NOW, until_on=tomorrow)
    assert get_reach(scene.database, lost, today=TODAY).organisation_ids == {other}


def test_the_reach_is_looked_at_again_before_the_factor_goes(scene: Scene) -> None:
    place, other = scene.organisation(), scene.organisation()
    lost = scene.account({place: Role.HR})
    first, second = (scene.account({place: Role.ADMINISTRATOR}) for _ in range(2))
    request_id = ask(scene, lost)
    approve(scene, request_id, admin(first, place))
    approve(scene, request_id, admin(second, place))
    with scene.database.session(other) as session:
        person = Person(name="Iemand", account_id=lost)
        session.add(person)
        session.flush()
        session.add(RoleGrant(person_id=person.id, role=Role.ADVISER, from_on=TODAY))
    with pytest.raises(Denied, match="open again"):
        anew(scene, lost, UUID(int=0))
    approve(scene, request_id, admin(first, place))
    by = Approver(scene.account({}, is_installer=True), is_installer=True)
    assert approve(scene, request_id, by) is LostFactorState.APPROVED
    with pytest.raises(Denied, match="cannot be replaced yet"):
        anew(scene, lost, UUID(int=0))
    anew(scene, lost, UUID(int=0), now=NOW + DELAY)


def test_a_longer_reach_brings_the_day_to_object_with_it(scene: Scene) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    request_id = ask(scene, lost)
    approve(scene, request_id, admin(scene.account({place: Role.ADMINISTRATOR}), place))
    approve(scene, request_id, Approver(scene.account({}, is_installer=True), is_installer=True))
    change_roles(scene, place, lost, role=Role.ADVISER)
    with pytest.raises(Denied, match="cannot be replaced yet"):
        anew(scene, lost, UUID(int=0))
    anew(scene, lost, UUID(int=0), now=NOW + DELAY)


def acts_in(scene: Scene, place: UUID) -> list[str]:
    with scene.database.read(place) as session:
        return [entry.action for entry in session.scalars(select(AuditEntry))]


def test_every_organisation_within_reach_reads_what_was_done(scene: Scene) -> None:
    place, other, foreign = (scene.organisation() for _ in range(3))
    lost = scene.account({place: Role.ADVISER, other: Role.HR})
    first = scene.account({place: Role.ADMINISTRATOR})
    looks_after = scene.account({}, is_installer=True)
    request_id = ask(scene, lost)
    ask(scene, lost)
    lost_factors.stop(scene.database, request_id, by=admin(first, place), now=NOW, today=TODAY)
    request_id = ask(scene, lost)
    approve(scene, request_id, admin(first, place))
    approve(scene, request_id, Approver(looks_after, is_installer=True))
    anew(scene, lost, UUID(int=0), now=NOW + DELAY)
    steps = ["asked", "stopped", "asked", "approved", "approved", "replaced"]
    expected = [f"lost_factor.{step}" for step in steps]
    assert [acts_in(scene, one) for one in (place, other, foreign)] == [expected, expected, []]
    for one, known in ((place, 5), (other, 3)):
        with scene.database.read(one) as session:
            entries = session.scalars(select(AuditEntry)).all()
            person = session.scalars(select(Person).where(Person.account_id == lost)).one()
            assert {entry.subject for entry in entries} == {f"person:{person.id}"}
            # Whoever has no task here acted from outside; no other organisation is named.
            assert sum(entry.actor is not None for entry in entries) == known


def test_an_approval_from_outside_is_seen_in_the_organisation(scene: Scene) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.HR})
    looks_after = scene.account({}, is_installer=True)
    request_id = ask(scene, lost)
    approve(scene, request_id, Approver(looks_after, is_installer=True))
    (row,) = lost_factor_lists.list_in_organisation(scene.database, place, now=NOW)
    assert row.approver_ids == (looks_after,)


def test_no_other_way_into_the_account_survives_a_lost_factor(scene: Scene) -> None:
    lost = scene.account({})
    other = scene.account({})
    issuer = "https://login.organisation.example"
    browser = b"browser"
    with scene.database.session(None) as session:
        for account_id in (lost, other):
            link_identity(
                session, account_id, issuer=issuer, subject=str(account_id), now=NOW, today=TODAY
            )
        on_its_way = [
            issue(session, Purpose.PASSKEY_NEW, browser=browser, account_id=one, now=NOW)
            for one in (lost, other)
        ]
    lost_factors.replace_at_machine(scene.database, lost, is_by_mail=True, now=NOW, today=TODAY)
    with scene.database.session(None) as session:
        assert list_identities(session, lost) == []
        assert use_identity(session, issuer=issuer, subject=str(other), today=TODAY) == other
    with pytest.raises(Denied, match="took too long"):
        redeem(
            scene.database, Purpose.PASSKEY_NEW, on_its_way[0], browser=browser,
            account_id=lost, now=NOW,
        )  # fmt: skip
    redeem(
        scene.database, Purpose.PASSKEY_NEW, on_its_way[1], browser=browser,
        account_id=other, now=NOW,
    )  # fmt: skip
