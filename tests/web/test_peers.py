"""Who is at the other end, and whose word on that is believed."""

from ipaddress import ip_network
from typing import Any

import pytest

from baken.web.pages import attempts
from baken.web.peers import peer_of

PROXIES = (ip_network("10.0.0.7"), ip_network("10.1.0.0/24"), ip_network("fd00::7"))


@pytest.mark.parametrize(
    ("connection", "forwarded", "expected"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.9"], "192.0.2.1"),  # nobody's proxy: not believed
        ("10.0.0.7", ["198.51.100.9"], "198.51.100.9"),
        ("10.0.0.7", ["203.0.113.5, 198.51.100.9"], "198.51.100.9"),  # the first was made up
        ("10.0.0.7", ["203.0.113.5", "198.51.100.9"], "198.51.100.9"),
        ("10.0.0.7", ["198.51.100.9, 10.1.0.3"], "198.51.100.9"),  # through two of ours
        ("10.0.0.7", ["10.0.0.7"], "10.0.0.7"),
        ("10.0.0.7", [], "10.0.0.7"),
        ("10.0.0.7", ["rubbish"], "10.0.0.7"),
        ("10.0.0.7", ["198.51.100.9, rubbish"], "10.0.0.7"),
        ("10.0.0.7", [""], "10.0.0.7"),
        ("10.0.0.7", ["1.1.1.1," * 5_000 + "198.51.100.9"], "198.51.100.9"),
        ("fd00::7", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", ["::ffff:198.51.100.9"], "198.51.100.9"),
        ("10.0.0.7", [" [2001:db8:1:2::9] "], "2001:db8:1:2::/64"),
        ("", [], ""),
        ("testclient", ["198.51.100.9"], "testclient"),
    ],
)
def test_a_header_is_believed_from_our_proxies_only(
    connection: str, forwarded: list[str], expected: str
) -> None:
    assert peer_of(connection, forwarded, PROXIES) == expected


@pytest.mark.sqlite
def test_two_hundred_wrong_passwords_with_ever_other_headers_meet_the_limit(website: Any) -> None:
    browser = website.browser()
    browser.get("/log-in")
    statuses = []
    for n in range(200):
        fields = {"mail": f"niemand{n}@voorbeeld.example", "password": "fout wachtwoord hier"}
        headers = {
            "x-forwarded-for": f"198.51.100.{n}, 203.0.113.{n}",
            "forwarded": f"for=192.0.2.{n}",
            "x-real-ip": f"192.0.2.{n}",
        }
        statuses.append(browser.post("/log-in", fields, headers=headers).status_code)
    limit = attempts.PER_ADDRESS[0]
    assert statuses == [403] * limit + [429] * (200 - limit)
