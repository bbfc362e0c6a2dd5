"""Second factors: codes of an app and codes on paper, each of them once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from time import sleep
from uuid import UUID

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.organisation.accounts import recovery_codes, totp
from baken.organisation.accounts.actions import add_account
from baken.organisation.accounts.factors import check_may_remove, count_factors, has_factor
from baken.organisation.accounts.models import Totp
from baken.organisation.accounts.passkey_acts import remove_passkey
from baken.organisation.accounts.passkeys import Passkey
from baken.organisation.accounts.totp_acts import remove, replace, set_up_first, set_up_invented
from baken.organisation.errors import Denied, Invalid
from baken.storage.keys import KeyDamaged, KeyStore
from baken.storage.session import Database, Session

# The first second of a half minute.
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PARALLEL = 50
PAIRS = 5


@pytest.fixture
def account_id(database: Database) -> UUID:
    return make(database, "an@voorbeeld.invalid")


def make(database: Database, mail: str) -> UUID:
    with database.session(None) as session:
        return add_account(
            session, mail=mail, name="An", password_hash="", language="nl", by=None, now=NOW
        ).id


def code_at(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


def set_up(database: Database, keys: KeyStore, account_id: UUID) -> tuple[str, ...]:
    before = NOW - timedelta(minutes=5)
    with database.session(None) as session:
        return set_up_first(
            session, keys, account_id, secret=SECRET, code=code_at(before), now=before
        )


def spend(database: Database, keys: KeyStore, account_id: UUID, code: str, now: datetime) -> bool:
    """Whether the code was accepted."""
    try:
        with database.session(None) as session:
            totp.spend_code(session, keys, account_id, code=code, now=now)
    except Denied:
        return False
    return True


@pytest.mark.parametrize(
    ("made_s", "accepted"),
    [
        (-31, False),
        (-30, True),
        (0, True),
        (59, True),
        (60, False),
        (-7200, False),
        (7200, False),
    ],
)
def test_a_telephone_may_be_half_a_minute_off(
    database: Database, keys: KeyStore, account_id: UUID, made_s: int, accepted: bool
) -> None:
    set_up(database, keys, account_id)
    code = code_at(NOW + timedelta(seconds=made_s))
    assert spend(database, keys, account_id, code, NOW) is accepted


def test_a_code_works_once_and_so_does_every_older_one(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    set_up(database, keys, account_id)
    before, now = code_at(NOW - timedelta(seconds=30)), code_at(NOW)
    assert spend(database, keys, account_id, now, NOW)
    assert not spend(database, keys, account_id, now, NOW)
    assert not spend(database, keys, account_id, before, NOW)
    later = NOW + timedelta(seconds=30)
    assert not spend(database, keys, account_id, now, later)
    assert spend(database, keys, account_id, code_at(later), later)


def test_a_clock_set_back_makes_no_used_code_good_again(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    set_up(database, keys, account_id)
    assert spend(database, keys, account_id, code_at(NOW), NOW)
    for hours in (-2, 2):
        moved = NOW + timedelta(hours=hours)
        assert not spend(database, keys, account_id, code_at(NOW), moved)


def test_the_code_of_the_set_up_cannot_be_used_to_log_in(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    with database.session(None) as session:
        set_up_first(session, keys, account_id, secret=SECRET, code=code_at(NOW), now=NOW)
    assert not spend(database, keys, account_id, code_at(NOW), NOW)


def test_many_at_once_with_one_code_let_one_in(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    set_up(database, keys, account_id)
    code = code_at(NOW)
    with ThreadPoolExecutor(10) as pool:
        found = list(
            pool.map(lambda _: spend(database, keys, account_id, code, NOW), range(PARALLEL))
        )
    assert found.count(True) == 1


@pytest.mark.sqlite
@given(code=st.text(max_size=12))
def test_nothing_typed_at_random_is_a_fault(code: str) -> None:
    matching = totp._matching(SECRET, code, NOW)
    good = {code_at(NOW + timedelta(seconds=30 * n)) for n in (-1, 0, 1)}
    assert (matching is not None) is ("".join(code.split()) in good)


def test_the_secret_is_sealed_for_one_account(database: Database, keys: KeyStore) -> None:
    first, second = make(database, "a@voorbeeld.invalid"), make(database, "b@voorbeeld.invalid")
    for account_id in (first, second):
        set_up(database, keys, account_id)
    with database.session(None) as session:
        stolen = session.get_one(Totp, first).sealed
        assert SECRET.encode() not in stolen
        session.get_one(Totp, second).sealed = stolen
    with pytest.raises(KeyDamaged):
        spend(database, keys, second, code_at(NOW), NOW)


def test_a_second_set_up_with_the_password_alone_is_refused(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    set_up(database, keys, account_id)
    with pytest.raises(Denied, match="already"), database.session(None) as session:
        set_up_invented(session, keys, account_id, now=NOW)


def test_a_wrong_first_code_keeps_nothing(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    with pytest.raises(Invalid, match="right time"), database.session(None) as session:
        set_up_first(session, keys, account_id, secret=SECRET, code="000000", now=NOW)
    with database.read(None) as session:
        assert not has_factor(session, account_id)


def test_the_proposed_secret_stays_the_same_until_it_is_kept(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    one, other = UUID(int=1), UUID(int=2)
    with database.read(None) as session:
        first = totp.propose_secret(session, keys, account_id, one)
        assert totp.propose_secret(session, keys, account_id, one) == first
        assert totp.propose_secret(session, keys, account_id, other) != first
    set_up(database, keys, account_id)
    with database.read(None) as session:
        assert totp.propose_secret(session, keys, account_id, one) != first


def test_the_only_factor_cannot_be_removed(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    set_up(database, keys, account_id)
    with pytest.raises(Invalid, match="only second factor"), database.session(None) as session:
        remove(session, account_id, now=NOW)
    with database.read(None) as session:
        assert count_factors(session, account_id) == 1
        with pytest.raises(Invalid):
            check_may_remove(session, account_id)


def at_once(database: Database, *acts: Callable[[Session], object]) -> list[str]:
    """Carry these out side by side, each in its own turn; say which were refused, and how."""
    begin = Barrier(len(acts))

    def carry_out(act: Callable[[Session], object]) -> str:
        begin.wait()
        try:
            with database.session(None) as session:
                act(session)
                sleep(0.05)  # the others get their chance before this turn is kept
        except (Denied, Invalid) as error:
            return error.key
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(carry_out, acts))


def test_of_two_factors_removed_at_once_one_stays(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    for turn in range(PAIRS):
        own = account_id if turn == 0 else make(database, f"an{turn}@voorbeeld.invalid")
        set_up(database, keys, own)
        with database.session(None) as session:
            key = Passkey(
                account_id=own,
                credential_id=own.bytes,
                public_key=b"of no use here",
                sign_count=0,
                name="Sleutel",
                may_be_copied=False,
                is_copied=False,
                added_on=NOW.date(),
            )
            session.add(key)
            session.flush()
            key_id = key.id
        told = at_once(
            database,
            partial(remove, account_id=own, now=NOW),
            partial(remove_passkey, account_id=own, passkey_id=key_id, now=NOW),
        )
        assert told == ["done", "organisation.last_factor"]
        with database.read(None) as session:
            assert count_factors(session, own) == 1


def test_of_two_first_factors_set_up_at_once_one_is_refused(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    for turn in range(PAIRS):
        own = account_id if turn == 0 else make(database, f"an{turn}@voorbeeld.invalid")
        first = partial(set_up_invented, keys=keys, account_id=own, now=NOW)
        assert at_once(database, first, first) == ["done", "organisation.has_factor"]


def test_another_app_takes_the_place_of_the_first(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    set_up(database, keys, account_id)
    other = pyotp.random_base32()
    with database.session(None) as session:
        replace(
            session,
            keys,
            account_id,
            secret=other,
            code=pyotp.TOTP(other).at(NOW),
            this_session=UUID(int=1),
            now=NOW,
        )
    later = NOW + timedelta(seconds=30)
    assert not spend(database, keys, account_id, code_at(later), later)
    assert spend(database, keys, account_id, pyotp.TOTP(other).at(later), later)


def recover(database: Database, keys: KeyStore, account_id: UUID, code: str) -> bool:
    try:
        with database.session(None) as session:
            recovery_codes.spend_recovery_code(session, keys, account_id, code=code, now=NOW)
    except Denied:
        return False
    return True


def test_ten_recovery_codes_each_work_once(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    codes = set_up(database, keys, account_id)
    assert len(set(codes)) == 10
    assert recover(database, keys, account_id, codes[0].lower().replace("-", " "))
    assert not recover(database, keys, account_id, codes[0])
    assert not recover(database, keys, account_id, "ABCD-EFGH-JKMN")
    assert not recover(database, keys, account_id, "")
    with database.read(None) as session:
        assert recovery_codes.count_left(session, account_id) == 9


def test_a_recovery_code_of_somebody_else_opens_nothing(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    set_up(database, keys, account_id)
    other = make(database, "bo@voorbeeld.invalid")
    codes = set_up(database, keys, other)
    assert not recover(database, keys, account_id, codes[0])


def test_new_recovery_codes_end_the_old_ones(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    old = set_up(database, keys, account_id)
    with database.session(None) as session:
        new = recovery_codes.make_codes(session, keys, account_id, now=NOW)
    assert not recover(database, keys, account_id, old[0])
    assert recover(database, keys, account_id, new[0])


def test_fifty_at_once_with_one_recovery_code_let_one_in(
    database: Database, keys: KeyStore, account_id: UUID
) -> None:
    codes = set_up(database, keys, account_id)
    with ThreadPoolExecutor(10) as pool:
        found = list(
            pool.map(lambda _: recover(database, keys, account_id, codes[3]), range(PARALLEL))
        )
    assert found.count(True) == 1
