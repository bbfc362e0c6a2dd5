"""Settings: read once, documented, refused when unsafe."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import baken
from baken.storage.keys import KeyStore
from baken.web.settings import Settings, UnsafeSetting, is_loopback

PAGE = Path(baken.__file__).parents[1] / "docs" / "reference" / "settings.md"


def test_every_setting_is_documented_with_its_default() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `BAKEN_([A-Z_]+)` \| `?([^|`]+)`? \|", text, re.MULTILINE))
    assert sorted(name.lower() for name in rows) == sorted(field.name for field in fields(Settings))
    default = Settings()
    shown = {n: str(getattr(default, n.lower())) for n in rows if n != "BASE_URL"}
    assert {name: value for name, value in rows.items() if name != "BASE_URL"} == shown


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
        ({"BAKEN_BASE_URL": "https://baken.example"}, "BAKEN_BASE_URL points to"),
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
