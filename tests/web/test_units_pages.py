"""The pages of units: seeing the tree, and reading it in from a file."""

import re
from html import unescape
from typing import Any

import pytest

from baken.organisation.permissions import Role
from baken.storage.workbooks import Sheet, write_rows

GOOD = (
    "nummer;naam;hoort bij;soort;aantal\r\n"
    "W;Zorghuis De Wilg;;werkgever;\r\n"
    "100;Zorg;W;afdeling;12\r\n"
    "110;Dagploeg;100;ploeg;24\r\n"
    "120;Nachtploeg;100;ploeg;8\r\n"
)


def send(browser: Any, root: str, content: bytes, name: str = "eenheden.csv") -> Any:
    """Choose a file on the import page."""
    return browser.client.post(
        f"{root}/units/import",
        data={"csrf": browser.token},
        files={"file": (name, content, "text/csv")},
        follow_redirects=False,
    )


def confirm(browser: Any, root: str, preview: Any, **changed: str) -> Any:
    """Press the button of a preview page."""
    fields = dict(re.findall(r'name="(content|digest)" value="([^"]*)"', preview.text))
    return browser.client.post(
        f"{root}/units/import/confirm",
        data={"csrf": browser.token, **fields, **changed},
        files={"nothing": ("", b"")},
        follow_redirects=False,
    )


def import_units(browser: Any, root: str, content: str = GOOD) -> None:
    answer = confirm(browser, root, send(browser, root, content.encode()))
    assert answer.status_code == 303, answer.text


def test_a_page_without_units_teaches_what_to_do(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = browser.get(f"{website.root}/units")
    assert page.status_code == 200
    assert "Lijst inlezen" in page.text
    assert "/units/example" in page.text


def test_the_example_file_can_be_imported_in_every_language(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    for language in ("nl", "fr", "en", "de"):
        example = browser.get(f"{website.root}/units/example?lang={language}")
        assert "attachment" in example.headers["content-disposition"]
        preview = send(browser, website.root, example.content)
        assert preview.status_code == 200, preview.text
        assert confirm(browser, website.root, preview).status_code == 303


def test_nothing_is_written_before_the_confirmation(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    preview = send(browser, website.root, GOOD.encode())
    assert preview.status_code == 200
    assert (
        "Nieuw: 4. Verplaatst: 0. Gewijzigd: 0. Beëindigd: 0. Ongewijzigd: 0. Samen 44"
        in preview.text
    )
    assert "Nachtploeg" not in browser.get(f"{website.root}/units").text

    answer = confirm(browser, website.root, preview)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{website.root}/units?done=units.done_imported"
    page = browser.get(answer.headers["location"]).text
    assert "4 eenheden, 44 mensen" in page
    assert "De eenheden zijn ingelezen." in page


def test_a_second_import_shows_what_changes(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    import_units(browser, website.root)
    changed = GOOD.replace("Nachtploeg;100;ploeg;8", "Nachtploeg;W;ploeg;9")
    preview = send(browser, website.root, changed.encode())
    assert "Nieuw: 0. Verplaatst: 1. Gewijzigd: 0. Beëindigd: 0. Ongewijzigd: 3." in preview.text
    assert "Hoort bij: Zorg wordt Zorghuis De Wilg" in preview.text
    assert "Mensen: 8 wordt 9" in preview.text
    assert confirm(browser, website.root, preview).status_code == 303
    assert "4 eenheden, 45 mensen" in browser.get(f"{website.root}/units").text


def test_what_is_written_is_what_was_seen(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    seen = send(browser, website.root, GOOD.encode())
    import_units(browser, website.root, GOOD.replace("Zorg;W", "Verzorging;W"))
    answer = confirm(browser, website.root, seen)
    assert answer.status_code == 409
    assert "Naam: Verzorging wordt Zorg" in answer.text
    assert "Verzorging" in browser.get(f"{website.root}/units").text
    assert confirm(browser, website.root, answer).status_code == 303


def test_a_file_that_was_damaged_on_its_way_is_refused(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    preview = send(browser, website.root, GOOD.encode())
    for content in ("", "%%%", "é"):
        answer = confirm(browser, website.root, preview, content=content)
        assert answer.status_code == 422
        assert "Er is niets bewaard" in answer.text or "bestand is leeg" in answer.text
    assert "Nachtploeg" not in browser.get(f"{website.root}/units").text


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ("1;A;;;-3", 2, "“-3” is geen aantal mensen"),
        ("1;A;;;veel", 2, "“veel” is geen aantal mensen"),
        ("1;A;;;5\n1;B;;;5", 3, "Nummer 1 staat ook op regel 2"),
        ("1;A;9;;5", 2, "Eenheid 1 hoort bij 9, maar die eenheid is er niet"),
        ("1;A;2;;5\n2;B;1;;5", 2, "Eenheid 1 hoort bij zichzelf"),
        ("1;A;;kantoor;5", 2, "De soort “kantoor” is niet bekend"),
        (";A;;;5", 2, "Het nummer of de naam ontbreekt"),
    ],
)
def test_an_error_names_its_line_and_the_remedy(
    website: Any, lines: str, line: int, said: str
) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    content = f"nummer;naam;hoort bij;soort;aantal\n{lines}\n"
    answer = send(browser, website.root, content.encode())
    assert answer.status_code == 422
    rows = re.findall(
        r'<th scope="row" class="number">(\d+)</th><td>[^<]*</td><td>([^<]*)', answer.text
    )
    assert any(int(found) == line and said in unescape(why) for found, why in rows), rows
    assert "Er is niets bewaard" in answer.text
    assert 'name="content"' not in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Het bestand is leeg"),
        (b"nummer|naam|aantal\n1|A|5\n", "Op de eerste regel ontbreekt: nummer, naam, aantal. Er"),
        (write_rows([Sheet("x", [["{n}"], ["1"]])]), "aantal. Er staat: {n}. Zet daar de namen"),
        ("nummer;naam;aantal\n1;Caf\u00e9;5\n".encode("latin-1"), "niet in UTF-8"),
        ("nummer;naam;aantal\n1;A;5\n".encode("utf-16"), "niet in UTF-8"),
        (b"PK\x03\x04rest", "beschadigd"),
        (b"nummer;naam;aantal\n1;A\x00;5\n", "geen tekstbestand"),
        (b"nummer;naam;aantal\n", "maar geen eenheden"),
        (b"nummer;naam;naam;aantal\n1;A;B;5\n", "De kolom naam staat twee keer"),
        (b"nummer;naam;aantal\n" + b"1;A;5\n" * 200_000, "Het bestand heeft 200"),
        (b"x" * (10 * 1024 * 1024 + 1), "groter dan 10 MiB"),
    ],
    ids=["empty", "separator", "sheet", "latin-1", "utf-16", "workbook", "zero", "header", "twice",
         "200000", "11MiB"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    website: Any, content: bytes, said: str
) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    answer = send(browser, website.root, content)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert "Bestand bekijken" in answer.text


def test_without_a_file_the_form_asks_for_one(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    answer = browser.post(f"{website.root}/units/import")
    assert answer.status_code == 422
    assert "Kies een bestand." in answer.text


def test_a_file_needs_the_token_of_a_form(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    browser.token = "guessed"
    assert send(browser, website.root, GOOD.encode()).status_code in {403, 422}
    assert "Nachtploeg" not in browser.get(f"{website.root}/units").text


@pytest.mark.parametrize("role", list(Role))
def test_who_may_import_and_who_may_look(website: Any, role: Role) -> None:
    browser = website.browser(role)
    sees = 403 if role in {Role.CLERK, Role.DESK, Role.GUEST} else 200
    assert browser.get(f"{website.root}/units").status_code == sees
    editors = {Role.ADMINISTRATOR, Role.PREVENTION_ADVISER, Role.HR}
    expected = 200 if role in editors else 403
    assert browser.get(f"{website.root}/units/import").status_code == expected
    assert browser.get(f"{website.root}/units/example").status_code == expected
    assert send(browser, website.root, GOOD.encode()).status_code == expected


def test_a_name_cannot_become_markup(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    import_units(browser, website.root, "nummer;naam;aantal\n1;<b>Ploeg</b>{{7*7}};5\n")
    page = browser.get(f"{website.root}/units").text
    assert "<b>Ploeg" not in page
    assert "{{7*7}}" in page


def test_every_error_of_a_line_is_named_at_once(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = send(browser, website.root, (GOOD + "110;Nog een;ZZ;kantoor;x\r\n").encode()).text
    page = unescape(page)
    assert "Nummer 110 staat ook op regel 4" in page
    assert "“x” is geen aantal mensen" in page
    assert "De soort “kantoor” is niet bekend" in page
    assert "Eenheid 110 hoort bij ZZ, maar die eenheid is er niet" in page


def test_a_file_that_changes_nothing_has_only_a_way_back(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    import_units(browser, website.root)
    page = send(browser, website.root, GOOD.encode()).text
    assert "Het bestand verandert niets" in page
    assert "/units/import/confirm" not in page
    assert f'href="{website.root}/units/import"' in page


def test_the_first_unit_goes_no_higher_and_the_last_no_lower(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    import_units(browser, website.root, GOOD + "130;Dokters;100;ploeg;4\r\n")
    list_page = browser.get(f"{website.root}/units").text
    address = re.search(r'href="([^"]+)">Zorg<', list_page)
    assert address
    page = browser.get(address[1]).text
    assert re.findall(r'aria-label="(\w+) een plaats (\w+)"', page) == [
        ("Dagploeg", "lager"),
        ("Nachtploeg", "hoger"),
        ("Nachtploeg", "lager"),
        ("Dokters", "hoger"),
    ]
