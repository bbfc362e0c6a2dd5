"""Settings: read once, documented, refused when unsafe."""

import os
import re
import tempfile
from dataclasses import fields
from pathlib import Path

import pytest

import baken
from baken.storage.keys import KeyStore
from baken.web.machine import is_loopback
from baken.web.settings import Settings, UnsafeSetting

PAGE = Path(baken.__file__).parents[1] / "docs" / "reference" / "settings.md"


def test_every_setting_is_documented_with_its_default() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = {
        name: default
        for names, default in re.findall(
            r"^\| (`BAKEN_[^|]+) \| `?([^|`]*)`? \|", text, re.MULTILINE
        )
        for name in re.findall(r"`BAKEN_([A-Z_]+)`", names)
    }
    read = {
        name
        for path in PAGE.parents[2].glob("baken/web/**/settings.py")
        for name in re.findall(r'"BAKEN_([A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert set(rows) == read - {"DEBUG"}
    default = Settings()
    plain = {one.name for one in fields(Settings) if isinstance(one.default, str | int | Path)}
    stated = {name.lower(): value for name, value in rows.items() if name.lower() in plain}
    shown = {name: value for name, value in stated.items() if name != "base_url"}
    assert shown == {name: str(getattr(default, name)) or "none" for name in shown}


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"BAKEN_PORT": "9001", "BAKEN_KEYS": "/srv/keys", "BAKEN_HOST": "::1", "OTHER": "x"}
    )
    assert (settings.port, settings.keys, settings.origin) == (
        9001,
        Path("/srv/keys"),
        "http://[::1]:9001",
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"BAKEN_HOST": "0.0.0.0"}, "BAKEN_HOST is 0.0.0.0"),
        ({"BAKEN_HOST": "example.org"}, "BAKEN_HOST is example.org"),
        ({"BAKEN_HOST": "0.0.0.0", "BAKEN_BASE_URL": "http://baken.example"}, "read along"),
        ({"BAKEN_BASE_URL": "http://baken.example"}, "BAKEN_BASE_URL points to"),
        ({"BAKEN_BASE_URL": "https://baken.example"}, "BAKEN_PROXIES does not say"),
        ({"BAKEN_BASE_URL": "https://127.0.0.1"}, "BAKEN_PROXIES does not say"),
        ({"BAKEN_BASE_URL": "https://a:b@baken.example"}, "a scheme and a name, and nothing more"),
        ({"BAKEN_BASE_URL": "https://baken.example/x"}, "a scheme and a name, and nothing more"),
        ({"BAKEN_BASE_URL": "https://baken.example:x"}, "a scheme and a name, and nothing more"),
        ({"BAKEN_BASE_URL": "https://[::1"}, "a scheme and a name, and nothing more"),
        ({"BAKEN_BASE_URL": "baken.example"}, "a scheme and a name, and nothing more"),
        ({"BAKEN_PROXIES": "everybody"}, "BAKEN_PROXIES holds everybody"),
        ({"BAKEN_PROXIES": "*"}, "BAKEN_PROXIES holds *"),
        ({"BAKEN_PROXIES": "10.0.0.1/24"}, "BAKEN_PROXIES holds 10.0.0.1/24"),
        ({"BAKEN_PROXIES": "127.0.0.1, 0.0.0.0/0"}, "which means everybody"),
        ({"BAKEN_PROXIES": "::/0"}, "which means everybody"),
        (
            {"BAKEN_DATABASE_URL": "postgresql+psycopg://baken:postgres@127.0.0.1/baken"},
            "stands in every manual",
        ),
        ({"BAKEN_KEYS": "/b/keys", "BAKEN_BACKUPS": "/b"}, "whoever has a backup"),
        ({"BAKEN_KEYS": "/b", "BAKEN_BACKUPS": "/b/../b"}, "whoever has a backup"),
        ({"BAKEN_PORT": "http"}, "BAKEN_PORT is http"),
        ({"BAKEN_PORT": "65536"}, "BAKEN_PORT is 65536"),
        ({"BAKEN_PORT": "0"}, "BAKEN_PORT is 0"),
        ({"BAKEN_DEBUG": "1"}, "BAKEN_DEBUG is set"),
    ],
)
def test_an_unsafe_setting_is_one_clear_sentence(
    environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UnsafeSetting, match=re.escape(sentence)):
        Settings.from_environment(environment)


def test_other_machines_reach_baken_behind_a_proxy_with_https() -> None:
    settings = Settings.from_environment(
        {
            "BAKEN_HOST": "0.0.0.0",
            "BAKEN_BASE_URL": "https://baken.example",
            "BAKEN_PROXIES": "10.0.0.7, 10.1.0.0/24,",
        }
    )
    assert settings.is_https
    assert not settings.is_local
    assert [str(network) for network in settings.proxies] == ["10.0.0.7/32", "10.1.0.0/24"]
    assert Settings().is_local


@pytest.mark.parametrize(
    ("folder", "file", "is_refused"),
    [(0o700, 0o644, False), (0o755, 0o600, False), (0o755, 0o604, True), (0o711, 0o646, True)],
)
def test_a_database_that_everybody_can_read_is_refused(
    folder: int, file: int, is_refused: bool
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        place = Path(name)
        place.chmod(folder)
        (place / "baken.sqlite").touch()
        (place / "baken.sqlite").chmod(file)
        environment = {"BAKEN_DATABASE_URL": f"sqlite:///{place / 'baken.sqlite'}"}
        if is_refused:
            with pytest.raises(UnsafeSetting, match="Everybody on this machine can read"):
                Settings.from_environment(environment)
        else:
            assert Settings.from_environment(environment).database_url.endswith("baken.sqlite")
        place.chmod(0o700)


@pytest.mark.parametrize("setting", ["DATABASE_URL", "KEYS", "BACKUPS", "TRANSFERS"])
def test_a_folder_in_which_nothing_can_be_written_is_refused(setting: str) -> None:
    """As another user than root, who may write everywhere."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        place = Path(name) / "data"
        place.mkdir()
        (place / "baken.sqlite").touch()
        for path in (place / "baken.sqlite", place, Path(name)):
            path.chmod(0o550 if path.is_dir() else 0o440)
        value = f"sqlite:///{place / 'baken.sqlite'}" if setting == "DATABASE_URL" else str(place)
        if os.geteuid() == 0:
            for path in (Path(name), place, place / "baken.sqlite"):
                os.chown(path, 65_534, 65_534)
        said = _refusal_of_somebody({f"BAKEN_{setting}": value})
        Path(name).chmod(0o700)
    assert said.startswith("Baken cannot write in")
    assert said.count("\n") == 1


def _refusal_of_somebody(environment: dict[str, str]) -> str:
    """What `Settings` says to a user without privileges, in a process forked from this one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing\n"
        try:
            if os.geteuid() == 0:
                os.setgid(65_534)
                os.setuid(65_534)
            Settings.from_environment(environment)
        except UnsafeSetting as error:
            said = f"{error}\n"
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_outermost_ports_are_ports(port: str) -> None:
    assert Settings.from_environment({"BAKEN_PORT": port}).port == int(port)


@pytest.mark.parametrize(("mode", "is_refused"), [(0o400, False), (0o440, True), (0o404, True)])
def test_a_master_key_that_others_can_read_is_refused(
    keys: KeyStore, mode: int, is_refused: bool
) -> None:
    (keys.folder / "master.key").chmod(mode)
    environment = {"BAKEN_KEYS": str(keys.folder)}
    if is_refused:
        with pytest.raises(UnsafeSetting, match="chmod 400"):
            Settings.from_environment(environment)
    else:
        assert Settings.from_environment(environment).keys == keys.folder


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
     ("128.0.0.1", False), ("", False), ("localhost.example", False)],
)  # fmt: skip
def test_what_is_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
