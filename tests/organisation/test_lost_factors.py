"""A lost second factor: two others decide, the person can object, and no client takes over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from baken.organisation.accounts import lost_factors
from baken.organisation.accounts.actions import add_account
from baken.organisation.accounts.factors import has_factor
from baken.organisation.accounts.lost_factor_rules import (
    DELAY,
    LIFE,
    Approver,
    Reach,
    check_may_approve,
    check_may_start_anew,
)
from baken.organisation.accounts.models import LostFactorState
from baken.organisation.accounts.sessions import (
    confirm_factor,
    get_logged_in,
    start_full,
    start_half,
)
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.organisation.errors import Conflict, Denied, NotFound, OrganisationError
from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ONE, OTHER = uuid4(), uuid4()
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
    if refusal is None:
        check_may_approve(concerned, approver, earlier)
        return
    with pytest.raises(OrganisationError, match=refusal):
        check_may_approve(concerned, approver, earlier)


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
        roles: dict[UUID, Role], *, is_installer: bool = False, factor: bool = True
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
                session.add(RoleGrant(person_id=person.id, role=role, from_on=TODAY))
        return account_id

    return Scene(database, keys, account, organisation)


def ask(scene: Scene, account_id: UUID) -> UUID:
    with scene.database.session(None) as session:
        return lost_factors.ask(session, account_id, by=account_id, now=NOW)


def approve(scene: Scene, request_id: UUID, by: Approver, now: datetime = NOW) -> LostFactorState:
    return lost_factors.approve(scene.database, request_id, by=by, now=now, today=TODAY)


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
    with scene.database.session(None) as session:
        lost_factors.start_anew(session, account_id, this_session=session_id, now=now)


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
    with scene.database.read(foreign) as session:
        assert lost_factors.list_in_organisation(session, now=NOW) == []
    with scene.database.read(place) as session:
        assert [row.id for row in lost_factors.list_in_organisation(session, now=NOW)] == [
            request_id
        ]
    for act in (lost_factors.approve, lost_factors.stop):
        with pytest.raises(Denied, match="Only an administrator"):
            act(scene.database, request_id, by=admin(stranger, foreign), now=NOW, today=TODAY)


@pytest.mark.parametrize("state", [LostFactorState.ASKED, LostFactorState.APPROVED])
def test_logging_in_with_the_factor_cancels_the_request(
    scene: Scene, state: LostFactorState
) -> None:
    place = scene.organisation()
    lost = scene.account({place: Role.ADVISER})
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
