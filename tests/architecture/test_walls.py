"""The walls of the house, as far as the import contracts cannot say them."""

import importlib
import pkgutil
import re
from pathlib import Path
from uuid import uuid4

from sqlalchemy import LargeBinary, Uuid

import baken
from baken.storage.base import Base, OrganisationOwned
from baken.storage.guard import owned_tables

ROOT = Path(baken.__file__).parent

for module in pkgutil.walk_packages(baken.__path__, "baken."):
    if not module.name.startswith("baken.web"):
        importlib.import_module(module.name)

# What stands outside the wall around an organisation, and why.
OUTSIDE = {
    **dict.fromkeys(
        (
            "account",
            "account_session",
            "challenge",
            "identity",
            "lost_factor",
            "lost_factor_approval",
            "passkey",
            "password_reset",
            "recovery_code",
            "totp",
        ),
        "a log-in is one of the installation",
    ),
    "arrival": "an organisation that is being imported is not there yet",
    "installation_entry": "the chain of the installation itself",
    "job": "a worker looks for work before it knows for whom",
    "organisation": "which organisations there are",
    "pool_edition": "sums over organisations, which belong to none of them",
    "public_name": "which public address leads to which of them",
    "removal_protocol": "stays when the organisation is gone",
}

# Who opens connections of its own, and why.
OWN_CONNECTIONS = {
    "storage/engine.py": "makes the engines of the others",
    "storage/durability.py": "asks how safely the database writes",
    "storage/backup.py": "copies whole tables of every organisation",
    "storage/migrate.py": "changes tables",
    "storage/migrations/env.py": "changes tables",
    "storage/privileges.py": "hands out rights and looks which rights there are",
    "survey/box/scrubbing.py": "vacuums and searches files",
    "survey/box/turns.py": "the writer of sealed envelopes",
    "survey/box/writer.py": "the writer of sealed envelopes",
}


def list_sources() -> list[tuple[str, str]]:
    return [(str(file.relative_to(ROOT)), file.read_text()) for file in ROOT.rglob("*.py")]


def test_every_table_of_an_organisation_names_it() -> None:
    inside = {table.name for table in owned_tables()}
    assert set(Base.metadata.tables) - inside == set(OUTSIDE)
    for table in owned_tables():
        column = table.c.organisation_id
        assert not column.nullable
        assert [key.target_fullname for key in column.foreign_keys] == ["organisation.id"]


# Keys that are no identifiers: a place in a chain or a list inside one organisation, a name.
NATURAL_KEYS = {
    "answer_block.label",
    "audit_entry.seq",
    "campaign_count.counted_on",
    "campaign_count.unit",
    "installation_entry.seq",
    "paper_form.language",
    "paper_form.large",
    "paper_place.unit",
    "public_name.name",
    "sitting_count.unit",
    "spare.unit",
    "stratum_count.counted_on",
    "stratum_count.stratum",
}


def test_identifiers_are_random() -> None:
    """Nobody learns from an identifier how many there are, or which one comes next."""
    for table in Base.metadata.tables.values():
        for column in table.primary_key:
            name = f"{table.name}.{column.name}"
            assert column.autoincrement is not True, name
            assert not column.identity, name
            if column.foreign_keys or name in NATURAL_KEYS:
                continue
            if isinstance(column.type, LargeBinary):  # drawn or derived with a key by the rooms
                assert column.type.length in {16, 32}, name
                continue
            assert isinstance(column.type, Uuid), f"{name}: {column.type} can be guessed"
            made = column.default.arg(None) if column.default is not None else uuid4()
            assert made.version == 4, name


def test_people_edit_rows_that_carry_a_version() -> None:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, OrganisationOwned) and "version" in mapper.local_table.c:
            assert mapper.version_id_col is not None, mapper.class_.__name__


def test_connections_of_one_s_own_stand_in_the_list() -> None:
    opens = re.compile(r"engine\.(connect|begin|raw_connection)\(|\.transaction\(|create_engine\(")
    found = {name for name, source in list_sources() if opens.search(source)}
    assert found == set(OWN_CONNECTIONS)
    # of the engine behind a session nobody wants more than which kind it is
    reaches = re.compile(r"get_bind\(\)(?!\.dialect\.name)|session\.bind\b")
    reaching = {name for name, source in list_sources() if reaches.search(source)}
    assert not {name for name in reaching if not name.startswith("storage/migrations/")}


def test_nobody_commits_but_the_database_and_the_box() -> None:
    commits = re.compile(r"\.commit\(\)")
    found = {name for name, source in list_sources() if commits.search(source)}
    assert found <= {"storage/session.py", "storage/keys.py", *OWN_CONNECTIONS}


def test_the_clock_is_an_argument() -> None:
    asks = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(")
    found = {name for name, source in list_sources() if asks.search(source)}
    # the audit chain stamps its entries itself; the edge of the program reads the clock once
    assert {name for name in found if not name.startswith("web/")} <= {"storage/audit.py"}
    assert not {name for name in found if name.startswith("web/pages/")} - {"web/pages/access.py"}


def test_one_file_speaks_http_to_the_outside() -> None:
    speaks = re.compile(
        r"^\s*(?:import|from) (?:httpx|requests|aiohttp|urllib3|urllib\.request|http\.client)",
        re.MULTILINE,
    )
    found = {name for name, source in list_sources() if speaks.search(source)}
    assert found == {"web/openid/provider.py"}


def test_packages_are_described_and_hold_nothing_else() -> None:
    for name, source in list_sources():
        if name.endswith("__init__.py"):
            assert source.startswith('"""'), name
            assert source.count("\n") <= 12, name
            assert "import" not in source.replace("importers", ""), name


def test_rooms_have_no_cupboard_for_leftovers() -> None:
    words = {"utils", "helpers", "common", "manager", "service", "misc"}
    for name, source in list_sources():
        assert not words & set(Path(name).stem.split("_")), name
        assert not re.search(r"class \w*(Manager|Service)\b", source), name
