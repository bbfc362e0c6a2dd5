"""The walls of the house, as far as the import contracts cannot say them."""

import importlib
import pkgutil
import re
from pathlib import Path

import baken
from baken.storage.base import Base, OrganisationOwned
from baken.storage.session import owned_tables

ROOT = Path(baken.__file__).parent

for module in pkgutil.walk_packages(baken.__path__, "baken."):
    if not module.name.startswith("baken.web"):
        importlib.import_module(module.name)

# What stands outside the wall around an organisation: logins, the list of organisations, which
# public address leads to which of them, and the chain of the installation itself.
OUTSIDE = {"account", "account_session", "installation_entry", "organisation", "public_name"}

# Who opens connections of its own, and why.
OWN_CONNECTIONS = {
    "storage/backup.py": "copies whole tables of every organisation",
    "storage/migrate.py": "changes tables",
    "storage/migrations/env.py": "changes tables",
    "survey/box/scrubbing.py": "vacuums and searches files",
    "survey/box/turns.py": "the writer of sealed envelopes",
    "survey/box/writer.py": "the writer of sealed envelopes",
}


def list_sources() -> list[tuple[str, str]]:
    return [(str(file.relative_to(ROOT)), file.read_text()) for file in ROOT.rglob("*.py")]


def test_every_table_of_an_organisation_names_it() -> None:
    inside = {table.name for table in owned_tables()}
    assert set(Base.metadata.tables) - inside == OUTSIDE
    for table in owned_tables():
        column = table.c.organisation_id
        assert not column.nullable
        assert [key.target_fullname for key in column.foreign_keys] == ["organisation.id"]


def test_identifiers_are_random() -> None:
    for table in Base.metadata.tables.values():
        for column in table.primary_key:
            assert column.autoincrement is not True, table.name
            assert not column.identity, table.name
            is_counter = str(column.type) == "INTEGER" and column.name != "seq"
            assert not is_counter, f"{table.name}.{column.name} counts"


def test_people_edit_rows_that_carry_a_version() -> None:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, OrganisationOwned) and "version" in mapper.local_table.c:
            assert mapper.version_id_col is not None, mapper.class_.__name__


def test_connections_of_one_s_own_stand_in_the_list() -> None:
    opens = re.compile(r"engine\.(connect|begin|raw_connection)\(|\bout = target\.engine\.begin")
    found = {name for name, source in list_sources() if opens.search(source)}
    assert found == set(OWN_CONNECTIONS)


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
