"""The file of an export: only its passphrase opens it, and no byte of it can be changed unseen."""

import io
import math
import os
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baken.organisation.permissions import ALLOWED, Action
from baken.organisation.transfers.consents import READS
from baken.storage.base import Base
from baken.storage.guard import owned_tables
from baken.storage.portability.errors import (
    DamagedExport,
    NotAnExport,
    NotPortable,
    OlderForm,
    PortabilityError,
    WeakPassphrase,
    WrongPassphrase,
)
from baken.storage.portability.sealing import (
    CHUNK,
    FileKey,
    SealedReader,
    SealedWriter,
    generate_passphrase,
)
from baken.storage.portability.tables import (
    EMPTIED,
    FOLLOWING,
    GOING,
    GUARDED,
    STAYING,
    going_in_order,
    travelling_columns,
)
from baken.storage.portability.values import Content, canonical, decode, encode
from tests.storage.portable import KEY, PASSPHRASE, sealed


def test_every_table_of_an_organisation_goes_or_stays_for_a_reason() -> None:
    owned = {table.name for table in owned_tables()}
    assert set(GOING) | set(STAYING) == owned
    assert not set(GOING) & set(STAYING)
    assert all({**GOING, **STAYING}.values())
    assert set(going_in_order()) == {"organisation", *GOING}
    assert not {"answer_block", "envelope", "code", "draft", "receipt"} & set(GOING)
    # Whoever asks for an export reads no plans: two files around one vote would tell the choice.
    assert not {"talk_note", "talk_agreement", "ballot_option", "ballot_voter"} & set(GOING)
    # What somebody brings to a committee is read by those who sit there alone.
    assert not {"topic", "call_application"} & set(GOING)


def test_guarded_parts_stay_with_everything_that_hangs_on_them() -> None:
    """Without a part no row that goes points into it, and none is left without its subject."""
    inside = {table for tables in GUARDED.values() for table in tables}
    assert inside <= set(GOING)
    assert set(READS) == set(GUARDED)
    # Whoever asks for exports reads none of it here; some of those who allow it do not export.
    for action in READS.values():
        assert ALLOWED[action].isdisjoint(ALLOWED[Action.EXPORT_ORGANISATION])
        assert ALLOWED[action] & ALLOWED[Action.ALLOW_IN_EXPORT]
    for name in set(GOING) - inside:
        for column in travelling_columns(name).values():
            if any(key.column.table.name in inside for key in column.foreign_keys):
                assert column.nullable
    assert all(column in travelling_columns(table) for table, column in FOLLOWING.items())


def test_accounts_do_not_travel_with_people() -> None:
    for name in GOING:
        for column in travelling_columns(name).values():
            targets = {key.column.table.name for key in column.foreign_keys}
            inside = targets <= {*GOING}
            assert inside or column.name in EMPTIED.get(name, ()), f"{name}.{column.name}"


def test_every_row_that_goes_can_be_told_by_its_identifier() -> None:
    pointed = {
        key.column.table.name
        for name in GOING
        for column in Base.metadata.tables[name].columns
        for key in column.foreign_keys
        if key.column.table.name in GOING
    }
    assert all(
        [*Base.metadata.tables[name].primary_key.columns.keys()] == ["id"] for name in pointed
    )


def opened(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    file = io.BytesIO(content)
    reader = SealedReader(file, FileKey.of(file, passphrase))
    reader.check()
    return reader.read()


@given(st.integers(0, 3 * CHUNK + 1))
@example(0)
@example(CHUNK)
@example(CHUNK + 1)
@example(2 * CHUNK)
def test_what_was_sealed_comes_out_again(size: int) -> None:
    content = os.urandom(size)
    assert opened(sealed(content)) == content


def test_work_that_begins_anew_never_uses_a_key_twice() -> None:
    """Cut off and begun again with the same passphrase and salt: nothing stands in both files."""
    content = bytes(CHUNK + 100)
    one, other = sealed(content), sealed(content)
    assert one[:32] == other[:32]
    assert one[32:64] != other[32:64]
    pairs = zip(one[64:], other[64:], strict=True)
    assert sum(a == b for a, b in pairs) < len(one) / 100
    assert opened(one) == opened(other) == content


def test_a_file_of_the_form_that_was_given_up_says_so() -> None:
    old = bytearray(LONG)
    old[8] = 1
    with pytest.raises(OlderForm, match="Ask for a new export"):
        opened(bytes(old))


def test_any_place_can_be_read_alone() -> None:
    content = os.urandom(2 * CHUNK + 100)
    file = io.BytesIO(sealed(content))
    reader = SealedReader(file, FileKey.of(file, PASSPHRASE))
    for place in (0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 99):
        reader.seek(place)
        assert reader.read(1) == content[place : place + 1]


LONG = sealed(os.urandom(2 * CHUNK + 100))


@given(st.integers(0, len(LONG) - 1), st.integers(1, 255))
@example(0, 1)
@example(8, 1)  # the form
@example(9, 255)  # the work asked for
@example(12, 1)  # the salt
@example(31, 1)  # the padding
@example(len(LONG) - 1, 128)
def test_a_change_of_any_single_byte_is_refused(place: int, mask: int) -> None:
    changed = bytearray(LONG)
    changed[place] ^= mask
    with pytest.raises((DamagedExport, WrongPassphrase, NotAnExport)):
        opened(bytes(changed))


@given(st.integers(0, len(LONG) - 1))
@example(32)
@example(32 + CHUNK + 16)
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(PortabilityError):
        opened(LONG[:length])


def test_chunks_cannot_be_moved_repeated_or_added() -> None:
    step = CHUNK + 16
    head, one, two, rest = (
        LONG[:32],
        LONG[32 : 32 + step],
        LONG[32 + step : 32 + 2 * step],
        LONG[32 + 2 * step :],
    )
    for body in (two + one + rest, one + one + two + rest, one + two + rest + rest, one + two):
        with pytest.raises(PortabilityError):
            opened(head + body)


def test_another_passphrase_does_not_open_it_and_spaces_around_do_not_matter() -> None:
    assert opened(LONG, f"  {PASSPHRASE}\n") == opened(LONG)
    with pytest.raises(WrongPassphrase, match="Type the passphrase again"):
        opened(LONG, PASSPHRASE + "x")


def test_a_short_passphrase_is_refused_and_a_made_one_is_long_enough() -> None:
    with pytest.raises(WeakPassphrase):
        FileKey.new("x" * 19 + " ", log_n=4)
    assert len({generate_passphrase() for _ in range(20)}) == 20
    assert FileKey.new(generate_passphrase(), log_n=4).key
    assert FileKey.read(KEY.to_bytes()) == KEY


odd_numbers = st.one_of(
    st.integers(-(2**200), 2**200), st.floats(allow_nan=False, allow_infinity=False)
)
odd_json = st.recursive(
    st.one_of(st.none(), st.booleans(), odd_numbers, st.text()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(odd_json)
def test_the_canonical_form_does_not_depend_on_order_or_spelling(value: object) -> None:
    shuffled = dict(reversed(list(value.items()))) if isinstance(value, dict) else value
    assert canonical(shuffled) == canonical(value)


@given(
    st.one_of(st.tuples(st.integers(), st.integers()), st.tuples(*[st.floats(-1e300, 1e300)] * 2))
)
def test_numbers_are_told_apart_by_their_value_alone(pair: tuple[float, float]) -> None:
    assert (canonical(pair[0]) == canonical(pair[1])) is (pair[0] == pair[1])


@pytest.mark.parametrize(
    ("spellings", "text"),
    [
        ((0, 0.0, -0.0), "0"),
        ((100, 100.0), "1e2"),
        ((1e20, 10**20), "1e20"),
        ((1e300, 10**300), "1e300"),
        ((0.1,), "1e-1"),
        ((-2.5,), "-25e-1"),
        ((2**53 + 1,), "9007199254740993e0"),
    ],
)
def test_databases_may_spell_a_number_as_they_please(spellings: tuple, text: str) -> None:
    assert {canonical(number) for number in spellings} == {text}


def test_the_checksum_of_rows_does_not_depend_on_their_order_but_on_each_of_them() -> None:
    rows = [{"id": str(uuid4()), "n": n} for n in range(5)]

    def checksum(of: list) -> str:
        content = Content()
        for row in of:
            content.add(row)
        return content.hex()

    assert checksum(rows) == checksum(rows[::-1])
    assert checksum(rows) != checksum(rows[:-1])
    assert checksum(rows) != checksum([*rows, rows[0]])


@given(
    st.binary(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5))])),
    st.dates(),
)
def test_bytes_instants_and_days_come_back(content: bytes, at: datetime, on: date) -> None:
    tables = Base.metadata.tables
    box, handed_at, from_on = (
        tables["tally"].c.box,
        tables["handover"].c.handed_at,
        tables["unit"].c.from_on,
    )
    assert decode(box, encode(content)) == content
    assert decode(from_on, encode(on)) == on
    try:
        instant = encode(at)
    except OverflowError:
        return  # before the year 1 or after 9999 in UTC
    assert decode(handed_at, instant) == at


@pytest.mark.parametrize("value", ["a\0b", "\ud800", {"k\0": 1}, [["\udfff"]], math.nan, math.inf])
def test_what_no_other_database_keeps_is_refused_at_the_export(value: object) -> None:
    with pytest.raises(NotPortable):
        encode(value)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("unit", "name", None),
        ("unit", "name", "x" * 201),
        ("unit", "name", "a\0b"),
        ("unit", "position", 2**31),
        ("unit", "position", True),
        ("unit", "position", 1.0),
        ("unit", "kind", "castle"),
        ("unit", "id", "not-a-uuid"),
        ("unit", "from_on", "2026-02-30"),
        ("handover", "handed_at", "2026-02-28T10:00:00"),
        ("tally", "box", "not base 64!"),
        ("organisation", "is_fictional", 1),
        ("progress_note", "value", "1.5"),
    ],
)
def test_a_value_that_its_column_cannot_hold_is_refused(
    table: str, column: str, value: object
) -> None:
    with pytest.raises(DamagedExport):
        decode(Base.metadata.tables[table].c[column], value)


def test_the_archive_is_written_without_going_back() -> None:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY)
    assert not writer.seekable()
    with zipfile.ZipFile(writer, "w") as archive:
        archive.writestr("a", "b")
    writer.finish()
    with zipfile.ZipFile(io.BytesIO(opened(out.getvalue()))) as archive:
        assert archive.read("a") == b"b"
