"""What the library hands back when it refuses: every reason, and everything that was typed."""

import json
import re
from typing import Any

from baken.organisation.permissions import Role
from baken.storage.workbooks import Sheet, write_rows
from tests.web.test_library_pages import seen, take, words


def test_a_file_without_a_question_says_why_point_by_point(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    rows = [["type", "name", "label"], ["geopoint", "where", "Waar?"], ["rank", "r", "Wat eerst?"]]
    refused = take(browser, website.root, "x.xlsx", write_rows([Sheet("survey", rows)]))
    assert refused.status_code == 422
    assert "Geen enkele vraag van dit bestand kan worden overgenomen." in words(refused)
    assert "Zo’n antwoord kan tonen wie het gaf." in words(refused)


def test_what_was_typed_comes_back_and_the_second_of_two_can_save_knowingly(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    whole = browser.get(f"{website.root}/library/vijf-a-kort/1/download/json").content
    tables = json.loads(whole)["definition"]["scales"]
    scale = next(key for key, one in tables.items() if one.get("cutoff"))
    other = "resource" if tables[scale]["high_is"] == "risk" else "risk"
    version = str(take(browser, website.root, "x.json", whole).headers["location"]).split("?")[0]
    stamp = seen(browser, version)
    fields = {"ask": f"scales.{scale}", f"dimension-{scale}": "O", f"high-{scale}": other}
    # A limit that risk lies above cannot be one that it lies below.
    odd = browser.post(f"{version}/parts", {"version": stamp, **fields})
    assert odd.status_code == 422
    assert 'value="O" selected' in odd.text
    assert f'value="{other}" selected' in odd.text

    assert browser.post(f"{version}/languages", {"version": stamp, "language_code": "nl-easy"})
    texts = {"nl|title": "Onze vragen"}
    late = browser.post(f"{version}/texts", {"version": stamp, **texts})
    assert late.status_code == 422
    assert "Onze vragen" in late.text
    again = re.search(r'name="version"[^>]*value="(\d+)"', late.text)
    assert again
    assert again[1] != stamp
    saved = browser.post(f"{version}/texts", {"version": again[1], **texts})
    assert saved.status_code == 303
    assert "Onze vragen" in browser.get(version).text
    no_book = browser.client.post(
        f"{version}/text-file",
        data={"csrf": browser.token, "version": seen(browser, f"{version}/text-file")},
        files={"file": ("x.xlsx", b"PK\x03\x04 no workbook", "application/octet-stream")},
        follow_redirects=False,
    )
    assert no_book.status_code == 422
    assert 'type="file"' in no_book.text
