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
    # A limit that risk lies above cannot be one that it lies below: it goes, or nothing turns.
    kept = {"version": stamp, **fields, f"cutoff-{scale}": "y"}
    odd = browser.post(f"{version}/parts", kept)
    assert odd.status_code == 422
    assert "kwam met een grens voor haar eigen richting" in words(odd)
    assert re.search(rf'name="cutoff-{scale}" value="y" checked', odd.text)
    assert 'value="O" selected' in odd.text
    assert f'value="{other}" selected' in odd.text

    assert browser.post(f"{version}/parts", {"version": stamp, **fields}).status_code == 303
    assert f'name="cutoff-{scale}"' not in browser.get(f"{version}/parts").text
    stamp = seen(browser, version)

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


def test_a_number_with_many_answers_says_what_becomes_of_it(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    head = ["type", "name", "label", "constraint"]
    asked = {"jaren": ("Hoeveel jaar werkt u hier?", 45), "cijfer": ("Welk cijfer geeft u?", 10)}
    rows = [
        ["integer", name, text, f". >= 0 and . <= {most}"] for name, (text, most) in asked.items()
    ]
    taken = take(browser, website.root, "x.xlsx", write_rows([Sheet("survey", [head, *rows])]))
    version = str(taken.headers["location"]).partition("?")[0]
    page = words(browser.get(version))
    warned = "1 vraag heeft meer dan 11 mogelijke antwoorden: “Hoeveel jaar werkt u hier?”"
    assert warned in page
    assert "Hoe vaak elk antwoord voorkwam, toont Baken nooit" in page
    # What comes by itself with the factor is not asked for before it.
    assert "zeg eerst waarover elke schaal gaat" in page
    assert "Titel boven de vragen" not in page
    texts = words(browser.get(f"{version}/texts?group=O"))
    assert "Titel boven de vragen" in texts
    assert "ontbre" not in texts.replace("Wat ontbreekt, is gemarkeerd", "")


def test_an_import_says_where_it_comes_from_and_when_it_was_changed(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    rows = [["type", "name", "label"], ["select_one ja", "q", "Gaat het?"]]
    choices = [["list_name", "name", "label"], ["ja", "1", "ja"], ["ja", "2", "nee"]]
    book = write_rows([Sheet("survey", rows), Sheet("choices", choices)])
    taken = take(browser, website.root, "x.xlsx", book)
    version = str(taken.headers["location"]).partition("?")[0]
    page = words(browser.get(version))
    assert "Ingelezen uit een XLSForm." in page
    assert "Laatst gewijzigd" in page
    told = {"version": seen(browser, f"{version}/origin"), "source": "Onze dienst, 2026"}
    empty = browser.post(f"{version}/origin", {**told, "licence": ""})
    assert (empty.status_code, "Onze dienst, 2026" in empty.text) == (422, True)
    assert browser.post(f"{version}/origin", {**told, "licence": "Vrij"}).status_code == 303
    page = words(browser.get(version))
    assert "Bron Onze dienst, 2026 Gebruik Vrij" in page
    assert "gewijzigd op " in words(browser.get(f"{website.root}/library"))
    shipped = {"key": "vijf-a", "version": "1"}
    made = str(browser.post(f"{website.root}/library/new", shipped).headers["location"])
    copy = made.partition("?")[0]
    fixed = {**told, "version": seen(browser, f"{copy}/origin"), "licence": "Vrij"}
    refused = browser.post(f"{copy}/origin", fixed)
    assert (refused.status_code, "Alleen bij een ingelezen" in refused.text) == (422, True)
    told = words(website.browser(Role.ADMINISTRATOR).get(f"{website.root}/audit"))
    assert "maakte de eigen vragenlijst" in told
    assert "eigen versie 1" in told
    assert "vijf-a own-1" not in told
