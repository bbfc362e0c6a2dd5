"""An organisation leaves one installation and arrives whole in another, or not at all."""

import base64
import hashlib
import io
import json
import os
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid1, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from baken.actionplan.plans.models import GlobalPlan, Objective
from baken.analysis.errors import NotCounted
from baken.analysis.releases.models import Release
from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.queries import unseal_tally
from baken.organisation.models import Headcount, Organisation, Person, Unit, UnitKind
from baken.storage.audit import record, verify
from baken.storage.keys import INSTALLATION, KeyStore
from baken.storage.portability.errors import (
    AlreadyHere,
    DamagedExport,
    NewerExport,
    OlderForm,
    PortabilityError,
)
from baken.storage.portability.manifest import known_revisions
from baken.storage.portability.packing import count_going
from baken.storage.portability.reading import MAX_DEPTH
from baken.storage.portability.values import Content
from baken.storage.session import Database, Session
from baken.survey.campaigns.models import Campaign, hash_tree
from baken.survey.campaigns.rules import CampaignState
from baken.survey.comments import Comment
from tests.conftest import make_client
from tests.released import add_released
from tests.storage.portable import (
    bring,
    export,
    members_of,
    packed,
    parcel_of,
    sealed,
    with_manifest,
)

ON = date(2026, 1, 1)
N_ODD = int(os.environ.get("BAKEN_FUZZ", "6"))
CANARY = "Kanarie-Zonnebloem"
COUNTS, COMMENT = b"sealed counts", b"sealed comment"


def fill(database: Database, *, name: str = "Zorghuis De Wilg (fictief)") -> UUID:
    """An organisation with units below each other, plans, a record, counts and a comment."""
    client = make_client(database, name)
    with database.session(client.id) as session:
        top = Unit(kind=UnitKind.EMPLOYER, number="1", name="Huis", from_on=ON)
        session.add(top)
        session.flush()
        old = Unit(kind=UnitKind.TEAM, number="2", name="Nacht", from_on=ON, parent_id=top.id)
        session.add(old)
        session.flush()
        session.add(
            Unit(
                kind=UnitKind.TEAM,
                number="3",
                name="Nacht en dag",
                from_on=ON,
                parent_id=top.id,
            )
        )
        session.add(Headcount(unit_id=old.id, from_on=ON, people=12))
        plan = GlobalPlan(title="Plan", from_on=ON, until_on=ON + timedelta(days=1800))
        session.add(plan)
        session.flush()
        plan.title = "Plan, edited"
        session.flush()
        session.add(
            Objective(global_plan_id=plan.id, rank=1, statement="Rust", targets={"2026": "x"})
        )
        record(
            session,
            "unit.added",
            by=client.administrator.person_id,
            subject=f"unit:{top.id}",
            private={"name": CANARY},
        )
        _hold_survey(session)
    return client.id


def _hold_survey(session: Session) -> None:
    """A survey that is over, with sealed counts, a release of them, and a sealed comment."""
    release_id = add_released(
        session,
        {"mean": 3.5},
        on=ON,
        title="Bevraging",
        counts=COUNTS,
        sha256="0" * 64,
        state=CampaignState.SCRUBBED,
        unit_tree=[],
        min_group_at_launch=10,
        tree_sha256=hash_tree([], 10),
    )
    campaign_id = session.get_one(Release, release_id).campaign_id
    session.add(
        Comment(id=b"c" * 16, campaign_id=campaign_id, label="*", box=COMMENT, **_owner(session))
    )


def _owner(session: Session) -> dict[str, Any]:
    return {"organisation_id": session.organisation_id}


@pytest.fixture(scope="module")
def home(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("home") / "home.sqlite"
    shutil.copy(sqlite_template, path)
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def content(home: Database) -> bytes:
    """One export, for all who only look at what becomes of it."""
    return export(home, fill(home))[0]


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgresql", marks=pytest.mark.postgresql),
    ]
)
def elsewhere(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> Iterator[Database]:
    """Another, empty installation."""
    if request.param == "postgresql":
        opened = Database(request.getfixturevalue("postgresql_url"))
    else:
        shutil.copy(sqlite_template, tmp_path / "elsewhere.sqlite")
        opened = Database(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    yield opened
    opened.dispose()


def is_empty(database: Database) -> bool:
    with database.read(None) as session:
        return not session.scalar(select(func.count()).select_from(Organisation))


@pytest.fixture
def third(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "third.sqlite")
    opened = Database(f"sqlite:///{tmp_path / 'third.sqlite'}")
    yield opened
    opened.dispose()


def test_what_leaves_arrives_and_comes_back_the_same(
    sqlite: Database, elsewhere: Database, third: Database
) -> None:
    organisation_id = fill(sqlite)
    content, manifest = export(sqlite, organisation_id)
    bring(elsewhere, content)
    back, second = export(elsewhere, organisation_id)
    assert second.content_sha256 == manifest.content_sha256
    assert second.audit_head == manifest.audit_head

    bring(third, back)
    with third.read(organisation_id) as session, sqlite.read(organisation_id) as before:
        assert count_going(session) == count_going(before)
        assert verify(session, head=manifest.audit_head).first_bad is None


def test_neither_keys_nor_counts_nor_comments_leave(
    sqlite: Database, keys: KeyStore, elsewhere: Database
) -> None:
    """Whoever asks for an export chooses who opens it: it holds what they may see anyway."""
    organisation_id = fill(sqlite)
    with sqlite.read(organisation_id) as session:
        [campaign_id] = session.scalars(select(Campaign.id))
    secrets = {}
    for name in (f"tally:{campaign_id}", f"{campaign_id}:comments", str(campaign_id)):
        secrets[name] = keys.make(organisation_id, "answers", name)
    content, _ = export(sqlite, organisation_id)
    members = members_of(content)
    everything = b"".join(members.values())
    for hidden in (COUNTS, COMMENT, *secrets.values()):
        assert hidden not in everything
        assert base64.b64encode(hidden) not in everything
    assert CANARY.encode() not in everything  # only its salted hash is kept
    never = {"comment", "keys", "code", "answer_block", "envelope"}
    assert not {f"{name}.jsonl" for name in never} & set(members)
    bring(elsewhere, content)
    with elsewhere.read(organisation_id) as session:
        assert session.scalars(select(Release)).one().results == {"mean": 3.5}
        assert session.scalars(select(Comment)).all() == []
        stored = session.scalars(select(StoredTally)).one()
        assert stored.box == b""
        with pytest.raises(NotCounted, match="stayed on the installation where it was held"):
            unseal_tally(keys, stored)


@pytest.mark.sqlite
@pytest.mark.parametrize("odd", [INSTALLATION, UUID(int=1), uuid1(), UUID(int=2**128 - 1)])
def test_what_is_no_random_identifier_is_no_organisation(content: bytes, odd: UUID) -> None:
    with pytest.raises(DamagedExport):
        parcel_of(with_manifest(content, lambda found: found["organisation"].update(id=str(odd))))


def test_the_keys_of_the_installation_are_never_destroyed_at_once(keys: KeyStore) -> None:
    keys.make(INSTALLATION, "accounts", "factors")
    with pytest.raises(ValueError, match="installation"):
        keys.destroy_all(INSTALLATION)
    assert keys.names(INSTALLATION) == [("accounts", "factors")]


def test_an_organisation_arrives_once(sqlite: Database, elsewhere: Database) -> None:
    content, _ = export(sqlite, fill(sqlite))
    bring(elsewhere, content)
    with pytest.raises(AlreadyHere, match="exists on this installation already"):
        bring(elsewhere, content)
    with pytest.raises(AlreadyHere):
        bring(sqlite, content)


def test_of_several_at_the_same_moment_one_arrives(sqlite: Database, elsewhere: Database) -> None:
    organisation_id = fill(sqlite)
    content, manifest = export(sqlite, organisation_id)

    def attempt(_number: int) -> str:
        try:
            bring(elsewhere, content)
        except AlreadyHere:
            return "refused"
        return "arrived"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == ["arrived", "refused", "refused", "refused"]
    assert export(elsewhere, organisation_id)[1].content_sha256 == manifest.content_sha256


def test_what_fails_half_way_leaves_nothing(sqlite: Database, elsewhere: Database) -> None:
    organisation_id = fill(sqlite)
    content, manifest = export(sqlite, organisation_id)
    wrong_head = with_manifest(content, lambda found: found.update(audit_head="1:" + "0" * 64))
    with pytest.raises(DamagedExport):
        bring(elsewhere, wrong_head)
    assert is_empty(elsewhere)
    bring(elsewhere, content)
    assert export(elsewhere, organisation_id)[1].content_sha256 == manifest.content_sha256


def test_rows_of_another_organisation_stay_as_they_are(content: bytes, elsewhere: Database) -> None:
    neighbour = fill(elsewhere, name="Buren (fictief)")
    before = export(elsewhere, neighbour)[1]
    bring(elsewhere, content)
    after = export(elsewhere, neighbour)[1]
    assert (after.content_sha256, after.audit_head) == (before.content_sha256, before.audit_head)


Change = Callable[[dict[str, bytes]], dict[str, bytes]]


def edited(table: str, change: Callable[[list[dict]], None]) -> Change:
    """Rows changed by somebody who has the passphrase and mends the checksums afterwards."""

    def apply(members: dict[str, bytes]) -> dict[str, bytes]:
        rows = [json.loads(line) for line in members[f"{table}.jsonl"].splitlines()]
        change(rows)
        content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        return {**members, f"{table}.jsonl": content}

    return apply


def mended(members: dict[str, bytes]) -> bytes:
    manifest = json.loads(members["manifest.json"])
    for name, content in members.items():
        if name.endswith(".jsonl") and name[:-6] in manifest["members"]:
            rows = Content()
            for line in content.splitlines():
                rows.add(json.loads(line))
            manifest["members"][name[:-6]] = {
                "rows": rows.n_rows,
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": rows.hex(),
            }
    manifest["content_sha256"] = _checksum(manifest)
    return packed({**members, "manifest.json": json.dumps(manifest).encode()})


def _checksum(manifest: dict) -> str:
    """As docs/reference/export-format.md says."""
    total = 0
    for name, member in manifest["members"].items():
        if name != "audit_entry":
            text = json.dumps(
                {"content": member["content"], "member": name, "rows": "N"}, separators=(",", ":")
            )
            n = member["rows"]
            digits = str(n).rstrip("0")
            number = f"{digits}e{len(str(n)) - len(digits)}" if n else "0"
            text = text.replace('"N"', number)
            total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return f"{total % 2**256:064x}"


def test_a_crafted_file_that_is_whole_still_imports(content: bytes, elsewhere: Database) -> None:
    """So that the refusals below are not about the crafting."""
    bring(elsewhere, mended(members_of(content)))


def first(**values: object) -> Callable[[list[dict]], None]:
    return lambda rows: rows[0].update(values)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "change",
    [
        edited("headcount", first(unit_id=str(uuid4()))),
        edited("unit", first(parent_id=str(uuid4()))),
        edited("unit", lambda rows: [row.update(parent_id=row["id"]) for row in rows]),
        edited("headcount", first(people=-1)),
        edited("person", first(account_id=str(uuid4()))),
        edited("person", first(organisation_id=str(uuid4()))),
        edited("person", lambda rows: rows.append(rows[0])),
        edited("role", first(role="emperor")),
        edited("role", lambda rows: rows[0].pop("from_on")),
        edited("organisation", first(id=str(uuid4()))),
        edited("organisation", lambda rows: rows.clear()),
        edited("audit_entry", first(action="nothing.happened")),
        edited("audit_entry", lambda rows: rows.pop()),
        edited("tally", first(box="AAAA")),
        edited("tally", first(box=None)),
        lambda members: {**members, "keys.jsonl": b"{}\n"},
        lambda members: {**members, "comment.jsonl": b"{}\n"},
    ],
)
def test_what_does_not_belong_is_refused_whoever_made_the_file(
    content: bytes, elsewhere: Database, change: Change
) -> None:
    with pytest.raises(PortabilityError, match="Nothing was imported"):
        bring(elsewhere, mended(change(members_of(content))))
    assert is_empty(elsewhere)


@pytest.mark.sqlite
def test_names_bombs_and_odd_archives_are_refused(content: bytes) -> None:
    members = members_of(content)
    for name in (
        "../../etc/passwd",
        "/unit.jsonl",
        "unit.jsonl/../x.jsonl",
        "extra.txt",
        "Unit.jsonl",
    ):
        with pytest.raises(DamagedExport):
            parcel_of(packed({**members, name: b"{}\n"}))
    with pytest.raises(DamagedExport):
        parcel_of(packed({name: body for name, body in members.items() if name != "unit.jsonl"}))
    with pytest.raises(DamagedExport):
        parcel_of(packed({name: body for name, body in members.items() if name != "manifest.json"}))
    with pytest.raises(DamagedExport):
        parcel_of(mended({**members, "unit.jsonl": members["unit.jsonl"].rstrip(b"\n")}))
    with pytest.raises(DamagedExport):
        parcel_of(packed({**members, "unit.jsonl": b'{"a":' + b"[" * 100_000 + b"\n"}))


@pytest.mark.sqlite
def test_a_bomb_is_refused_before_it_is_unpacked(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = members_of(content)
    monkeypatch.setattr("baken.storage.portability.reading.MAX_UNPACKED", 1_000_000)
    bomb = packed({**members, "unit.jsonl": b" " * 2_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(DamagedExport, match="unpacked"):
        parcel_of(bomb)
    # A directory that lies about the size: reading stops where it promised to.
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {**members, "unit.jsonl": b" " * 2_000_000}.items():
            archive.writestr(name, body)
    lying = out.getvalue().replace(struct.pack("<L", 2_000_000), struct.pack("<L", 10))
    with pytest.raises(DamagedExport):
        parcel_of(sealed(lying))


def chain_of(n: int) -> Change:
    """Units below each other, the lowest first: the worst there is for whoever sorts them."""

    def lengthen(rows: list[dict]) -> None:
        above = rows[0]["id"]
        for number in range(n):
            rows.insert(0, rows[-1] | {"id": str(uuid4()), "number": f"k{number}"})
            rows[0]["parent_id"], above = above, rows[0]["id"]

    return edited("unit", lengthen)


@pytest.mark.sqlite
def test_rows_far_below_each_other_are_refused_before_anything_is_written(content: bytes) -> None:
    parcel_of(mended(chain_of(MAX_DEPTH - 1)(members_of(content))))
    with pytest.raises(DamagedExport, match="too deep"):
        parcel_of(mended(chain_of(MAX_DEPTH + 1)(members_of(content))))


def test_rows_below_each_other_arrive_in_whatever_order_they_stand(
    content: bytes, elsewhere: Database
) -> None:
    file = mended(chain_of(60)(members_of(content)))
    bring(elsewhere, file)
    with elsewhere.read(parcel_of(file).manifest.organisation_id) as session:
        assert session.scalar(select(func.count()).select_from(Unit)) == 63


@pytest.mark.sqlite
def test_more_rows_than_any_organisation_has_are_refused(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baken.storage.portability.reading.MAX_ROWS", 10)
    with pytest.raises(DamagedExport, match="too many rows"):
        parcel_of(mended(chain_of(10)(members_of(content))))


@pytest.mark.sqlite
def test_a_member_that_is_nearly_all_air_is_refused(content: bytes) -> None:
    bomb = packed({**members_of(content), "unit.jsonl": b" " * 2_000_000})
    with pytest.raises(DamagedExport, match="too dense"):
        parcel_of(bomb)


@pytest.mark.sqlite
def test_newer_files_are_refused_and_older_ones_brought_up_to_date(
    content: bytes, elsewhere: Database
) -> None:
    newer = [
        with_manifest(content, lambda found: found.update(format_version=3)),
        with_manifest(content, lambda found: found.update(schema_revision="9999")),
    ]
    for file in newer:
        with pytest.raises(NewerExport, match="Update this installation first"):
            parcel_of(file)
    with pytest.raises(OlderForm, match="gave up"):
        parcel_of(with_manifest(content, lambda found: found.update(format_version=1)))
    members = members_of(content)
    manifest = json.loads(members["manifest.json"])
    manifest["schema_revision"] = known_revisions()[-1]
    # In the first form there were no holds, and nobody's role had a version.
    del manifest["members"]["legal_hold"], members["legal_hold.jsonl"]
    members["manifest.json"] = json.dumps(manifest).encode()

    def without(rows: list[dict]) -> None:
        for row in rows:
            del row["version"], row["ended_at"]

    bring(elsewhere, mended(edited("role", without)(members)))
    with elsewhere.read(UUID(manifest["organisation"]["id"])) as session:
        assert set(session.scalars(select(Person.version))) == {1}


@pytest.mark.sqlite
def test_any_change_of_the_finished_file_is_refused(content: bytes) -> None:

    @given(st.integers(0, len(content) - 1), st.integers(1, 255))
    def changed(place: int, mask: int) -> None:
        file = bytearray(content)
        file[place] ^= mask
        with pytest.raises(PortabilityError):
            parcel_of(bytes(file))

    changed()


odd_text = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60
) | st.sampled_from(["", " ", "=1+1", "\r\n", "\u2028", "👩‍⚕️", "é", "e\u0301", "null", "'; DROP"])
odd_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | odd_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=3),
    max_leaves=6,
)


def test_odd_values_arrive_as_they_left(sqlite: Database, elsewhere: Database) -> None:
    @settings(
        max_examples=int(os.environ.get("BAKEN_FUZZ", "8")),
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        odd_text,
        st.dates(date(1, 1, 1), date(9998, 1, 1)),
        st.integers(0, 2**31 - 1),
        st.lists(odd_json, max_size=3),
        st.datetimes(datetime(1970, 1, 1), datetime(9998, 1, 1)),  # noqa: DTZ001
    )
    def there_and_back(text: str, on: date, number: int, odd: list, at: datetime) -> None:
        client = make_client(sqlite, text or "x")
        with sqlite.session(client.id) as session:
            unit = Unit(kind=UnitKind.TEAM, number=text[:40], name=text, from_on=on)
            session.add(unit)
            session.flush()
            session.add(Headcount(unit_id=unit.id, from_on=on, people=number))
            session.add(
                GlobalPlan(
                    title=text,
                    from_on=on,
                    until_on=on + timedelta(days=1),
                    activities=[{"what": one} for one in odd],
                )
            )
            record(session, "x", by=None, subject="x", at=at.replace(tzinfo=UTC))
        content, manifest = export(sqlite, client.id)
        bring(elsewhere, content)
        second = export(elsewhere, client.id)[1]
        assert second.content_sha256 == manifest.content_sha256
        assert second.audit_head == manifest.audit_head

    there_and_back()
