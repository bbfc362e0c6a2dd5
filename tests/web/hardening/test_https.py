"""Behind a proxy with HTTPS: cookies, headers, forms and names are of the strict kind."""

import shutil
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from baken.web.app import furnish
from baken.web.demo.making import settings_of
from tests.demonstration import NOW
from tests.web.hardening.conftest import Filled

pytestmark = [pytest.mark.sqlite]
ORIGIN = "https://baken.example"


@pytest.fixture
def client(filled: Filled, house: Litestar, tmp_path: Path) -> Any:
    folder = tmp_path / "town"
    shutil.copytree(filled.folder, folder)
    settings = replace(
        settings_of(folder),
        host="0.0.0.0",
        base_url=ORIGIN,
        proxies=(ip_network("127.0.0.1"),),
        is_demo=False,
    )
    house.state = furnish(settings, lambda: NOW)
    with TestClient(house, base_url=ORIGIN, raise_server_exceptions=False) as opened:
        yield opened


def test_with_https_cookies_and_headers_are_of_the_strict_kind(client: Any) -> None:
    answer = client.get("/log-in")
    assert answer.headers["strict-transport-security"] == "max-age=63072000"
    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    for line in cookies:
        said = {part.strip().lower() for part in line.split(";")[1:]}
        assert line.startswith("__Host-")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= said
        assert not any(part.startswith("domain") for part in said)


def test_pages_do_not_say_that_they_are_a_demonstration(client: Any) -> None:
    for path in ("/log-in", "/s/dewilg", "/nowhere"):
        assert "Demo:" not in client.get(path).text


def test_only_the_name_of_the_settings_and_its_forms_are_ours(client: Any) -> None:
    assert client.get("/log-in", headers={"host": "elders.example"}).status_code == 404
    page = client.get("/log-in")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {"csrf": token, "mail": "a@b.example", "password": "fout wachtwoord hier"}
    ours = client.post("/log-in", data=fields, headers={"origin": ORIGIN})
    assert ours.status_code == 403
    assert "fout" not in ours.text
    for origin in ("http://baken.example", "https://baken.example:8443", "http://127.0.0.1:8000"):
        foreign = client.post("/log-in", data=fields, headers={"origin": origin})
        assert foreign.status_code == 403
        assert foreign.text != ours.text
