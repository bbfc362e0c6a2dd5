"""Passkeys by the rules: made, shown, counted; every lie is refused and spends its challenge."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select

from baken.organisation.accounts import passkeys
from baken.organisation.accounts.actions import close_account
from baken.organisation.accounts.ceremonies import RelyingParty
from baken.organisation.accounts.challenges import Challenge
from baken.organisation.accounts.factors import count_factors
from baken.organisation.accounts.passkey_acts import (
    MAX_PASSKEYS,
    Visit,
    add_first_passkey,
    add_passkey,
    begin_adding,
    begin_factor,
    begin_log_in,
    check_new_key,
    prove_factor,
    prove_log_in,
    remove_passkey,
    rename_passkey,
)
from baken.organisation.errors import Denied, Invalid, NotFound, OrganisationError
from baken.organisation.models import Account
from baken.storage.audit import InstallationEntry
from baken.storage.base import EditedMeanwhile
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from tests.organisation.soft_key import IS_COPIED, MAY_BE_COPIED, PRESENT, VERIFIED, SoftKey

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PARTY = RelyingParty("localhost", "http://localhost:8000")
VISIT = Visit(PARTY, b"this browser", NOW, NOW.date())


def account(database: Database, mail: str = "an@voorbeeld.invalid") -> UUID:
    with database.session(None) as session:
        row = Account(mail=mail, name="An", password_hash="of no use here")
        session.add(row)
        session.flush()
        return row.id


def add(database: Database, own: UUID, key: SoftKey | None = None, **lies: Any) -> SoftKey:
    key = key or SoftKey()
    with database.session(None) as session:
        options = begin_adding(session, own, VISIT)
    made = check_new_key(database, own, answer=key.make(options, **lies), visit=VISIT)
    with database.session(None) as session:
        add_passkey(session, own, made, name="Blauwe sleutel", visit=VISIT)
    return key


def log_in(database: Database, key: SoftKey, visit: Visit = VISIT, **lies: Any) -> UUID:
    with database.session(None) as session:
        options = begin_log_in(session, VISIT)
    return prove_log_in(database, answer=key.sign(options, **lies), visit=visit)


def entries(database: Database, action: str) -> int:
    with database.read(None) as session:
        chosen = (
            select(func.count())
            .select_from(InstallationEntry)
            .where(InstallationEntry.action == action)
        )
        return session.scalars(chosen).one()


def test_made_shown_and_counted(database: Database) -> None:
    own = account(database)
    key = add(database, own, flags=PRESENT | VERIFIED | MAY_BE_COPIED | IS_COPIED)
    assert log_in(database, key, flags=PRESENT | VERIFIED | MAY_BE_COPIED) == own
    with database.session(None) as session:
        options = begin_factor(session, own, VISIT)
    assert [one["type"] for one in options["allowCredentials"]] == ["public-key"]
    prove_factor(database, own, answer=key.sign(options, handle=None), visit=VISIT)
    with database.read(None) as session:
        (row,) = passkeys.list_passkeys(session, own)
        (stored,) = session.scalars(select(passkeys.Passkey))
    assert (row.name, row.added_on, row.used_on) == ("Blauwe sleutel", NOW.date(), NOW.date())
    assert (stored.sign_count, stored.may_be_copied, stored.is_copied) == (2, True, False)
    assert entries(database, "account.passkey_added") == 1


def test_a_challenge_is_random_used_once_and_not_kept(database: Database) -> None:
    own = account(database)
    key = add(database, own)
    with database.session(None) as session:
        options = begin_log_in(session, VISIT)
        assert begin_log_in(session, VISIT)["challenge"] != options["challenge"]
    answer = key.sign(options)
    assert prove_log_in(database, answer=answer, visit=VISIT) == own
    with pytest.raises(Denied, match="used already"):
        prove_log_in(database, answer=answer, visit=VISIT)
    with database.read(None) as session:
        kept = session.scalars(select(Challenge)).all()
    assert len(kept) == 1
    assert options["challenge"].encode() not in repr(vars(kept[0])).encode()


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "http://localhost:9000"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost.evil.example:8000"},
        {"rp_id": "evil.example"},
        {"type": "webauthn.create"},
        {"flags": PRESENT},  # nobody unlocked it
        {"flags": VERIFIED},  # nobody was there
        {"private": ec.generate_private_key(ec.SECP256R1())},
    ],
    ids=lambda lies: " ".join(map(str, lies)),
)
def test_a_lie_in_a_signature_is_refused_and_spends_the_challenge(
    sqlite: Database, lies: dict[str, Any]
) -> None:
    key = add(sqlite, account(sqlite))
    with pytest.raises(Denied, match="does not fit this address"):
        log_in(sqlite, key, **lies)
    with sqlite.read(None) as session:
        assert session.scalars(select(Challenge)).all() == []
        assert session.scalars(select(passkeys.Passkey.sign_count)).one() == 0


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "http://localhost:9000"},
        {"rp_id": "evil.example"},
        {"type": "webauthn.get"},
        {"flags": PRESENT},
        {"fmt": "android-safetynet"},
        {"fmt": "none of them"},
    ],
    ids=lambda lies: " ".join(map(str, lies)),
)
def test_a_lie_about_a_new_key_is_refused(sqlite: Database, lies: dict[str, Any]) -> None:
    own = account(sqlite)
    with pytest.raises(Denied, match="does not fit this address"):
        add(sqlite, own, **lies)
    with sqlite.read(None) as session:
        assert count_factors(session, own) == 0


@pytest.mark.parametrize(
    "visit",
    [
        replace(VISIT, browser=b"another browser"),
        replace(VISIT, now=NOW + timedelta(minutes=5)),
    ],
    ids=["another browser", "five minutes later"],
)
def test_a_foreign_or_old_challenge_is_refused(sqlite: Database, visit: Visit) -> None:
    key = add(sqlite, account(sqlite))
    with pytest.raises(Denied, match="took too long"):
        log_in(sqlite, key, visit=visit)
    assert log_in(sqlite, key, replace(VISIT, now=NOW + timedelta(minutes=4, seconds=59)))


def test_a_challenge_serves_its_own_purpose_and_account_only(sqlite: Database) -> None:
    own, other = account(sqlite), account(sqlite, "bo@voorbeeld.invalid")
    key = add(sqlite, own)
    with sqlite.session(None) as session:
        for_factor = begin_factor(session, own, VISIT)
        for_new = begin_adding(session, own, VISIT)
        for_other = begin_factor(session, other, VISIT)
    with pytest.raises(Denied, match="took too long"):
        prove_log_in(sqlite, answer=key.sign(for_factor), visit=VISIT)
    with pytest.raises(Denied, match="took too long"):
        prove_factor(sqlite, own, answer=key.sign(for_new | {"rpId": "localhost"}), visit=VISIT)
    with pytest.raises(Denied, match="took too long"):
        prove_factor(sqlite, own, answer=key.sign(for_other), visit=VISIT)


def test_a_key_of_another_account_is_no_second_factor(sqlite: Database) -> None:
    own, other = account(sqlite), account(sqlite, "bo@voorbeeld.invalid")
    add(sqlite, own)
    theirs = add(sqlite, other)
    for lies in ({}, {"handle": own.bytes}, {"handle": None}):
        with sqlite.session(None) as session:
            options = begin_factor(session, own, VISIT)
        with pytest.raises(Denied, match="belongs to no account"):
            prove_factor(sqlite, own, answer=theirs.sign(options, **lies), visit=VISIT)


def test_logging_in_needs_the_handle_of_the_account_that_holds_the_key(sqlite: Database) -> None:
    own, other = account(sqlite), account(sqlite, "bo@voorbeeld.invalid")
    key = add(sqlite, own)
    for handle in (None, other.bytes, b"somebody"):
        with pytest.raises(Denied, match="belongs to no account"):
            log_in(sqlite, key, handle=handle)
    with pytest.raises(Denied, match="belongs to no account"):
        log_in(sqlite, SoftKey(handle=own.bytes))


def test_a_closed_account_opens_with_no_key(sqlite: Database) -> None:
    own = account(sqlite)
    key = add(sqlite, own)
    with sqlite.session(None) as session:
        close_account(session, own, by=None, now=NOW)
    with pytest.raises(Denied, match="belongs to no account"):
        log_in(sqlite, key)


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_counter_that_does_not_rise_is_refused_and_recorded(
    database: Database, count: int
) -> None:
    own = account(database)
    key = add(database, own)
    assert log_in(database, key, count=5) == own
    with pytest.raises(Denied, match="as a copy would"):
        log_in(database, key, count=count)
    assert entries(database, "account.passkey_counted_back") == 1
    assert log_in(database, key, count=6) == own


def test_a_counter_that_goes_back_without_a_right_signature_is_not_recorded(
    sqlite: Database,
) -> None:
    key = add(sqlite, account(sqlite))
    log_in(sqlite, key, count=5)
    with pytest.raises(Denied, match="does not fit"):
        log_in(sqlite, key, count=1, private=ec.generate_private_key(ec.SECP256R1()))
    assert entries(sqlite, "account.passkey_counted_back") == 0


def test_keys_that_do_not_count_say_nought_for_ever(sqlite: Database) -> None:
    own = account(sqlite)
    key = add(sqlite, own)
    assert [log_in(sqlite, key, count=0) for _ in range(3)] == [own] * 3
    assert log_in(sqlite, key, count=2**32 - 1) == own


def test_of_two_uses_with_one_count_at_one_moment_one_is_refused(database: Database) -> None:
    own = account(database)
    key = add(database, own)
    with database.session(None) as session:
        both = [begin_log_in(session, VISIT) for _ in range(2)]
    answers = [key.sign(options, count=7) for options in both]
    ends: list[object] = []

    def use(answer: str) -> None:
        try:
            ends.append(prove_log_in(database, answer=answer, visit=VISIT))
        except Denied as error:
            ends.append(error.key)

    threads = [threading.Thread(target=use, args=(answer,)) for answer in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ends)) == sorted([str(own), "passkeys.counted_back"])


def test_one_key_is_one_account(sqlite: Database) -> None:
    own, other = account(sqlite), account(sqlite, "bo@voorbeeld.invalid")
    key = add(sqlite, own)
    with pytest.raises(OrganisationError, match="belongs to an account already"):
        add(sqlite, other, key)


def test_the_browser_is_told_which_keys_the_account_has(sqlite: Database) -> None:
    own = account(sqlite)
    add(sqlite, own)
    with sqlite.session(None) as session:
        options = begin_adding(session, own, VISIT)
    assert len(options["excludeCredentials"]) == 1
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"


def test_an_account_has_no_more_keys_than_one_can_oversee(sqlite: Database) -> None:
    own = account(sqlite)
    for _ in range(MAX_PASSKEYS):
        add(sqlite, own)
    with pytest.raises(Invalid, match="at most 20"):
        add(sqlite, own)


def test_the_first_key_comes_with_recovery_codes_and_only_where_there_is_no_factor(
    database: Database, keys: KeyStore
) -> None:
    own = account(database)
    first, second = SoftKey(), SoftKey()
    with database.session(None) as session:
        options = [begin_adding(session, own, VISIT) for _ in range(2)]
    made = [
        check_new_key(database, own, answer=key.make(asked), visit=VISIT)
        for key, asked in zip((first, second), options, strict=True)
    ]
    with database.session(None) as session:
        codes = add_first_passkey(session, keys, own, made[0], name="Een", visit=VISIT)
    assert len(set(codes)) == 10
    with (
        pytest.raises(Denied, match="second factor already"),
        database.session(None) as session,
    ):
        add_first_passkey(session, keys, own, made[1], name="Twee", visit=VISIT)


def test_renaming_and_removing(sqlite: Database) -> None:
    own, other = account(sqlite), account(sqlite, "bo@voorbeeld.invalid")
    add(sqlite, own)
    with sqlite.read(None) as session:
        (row,) = passkeys.list_passkeys(session, own)
    with sqlite.session(None) as session:
        rename_passkey(session, own, row.id, name="  Werk  laptop ", version=row.version, now=NOW)
    with pytest.raises(EditedMeanwhile), sqlite.session(None) as session:
        rename_passkey(session, own, row.id, name="Anders", version=row.version, now=NOW)
    for name in ("", "   ", "x" * 81):
        with pytest.raises(Invalid, match="at most 80"), sqlite.session(None) as session:
            rename_passkey(session, own, row.id, name=name, version=2, now=NOW)
    for act in (rename_passkey, remove_passkey):
        more = {"name": "Gekaapt", "version": 2} if act is rename_passkey else {}
        with pytest.raises(NotFound), sqlite.session(None) as session:
            act(session, other, row.id, now=NOW, **more)
    with pytest.raises(Invalid, match="only second factor"), sqlite.session(None) as session:
        remove_passkey(session, own, row.id, now=NOW)
    add(sqlite, own)
    with sqlite.session(None) as session:
        remove_passkey(session, own, row.id, now=NOW)
    with sqlite.read(None) as session:
        assert [one.name for one in passkeys.list_passkeys(session, own)] == ["Blauwe sleutel"]
    assert entries(sqlite, "account.passkey_renamed") == 1
    assert entries(sqlite, "account.passkey_removed") == 1


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "7", "{" * 9_000, "x" * 40_000])
def test_what_is_no_answer_is_refused(sqlite: Database, answer: str) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        prove_log_in(sqlite, answer=answer, visit=VISIT)
