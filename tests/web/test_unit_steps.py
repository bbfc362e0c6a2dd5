"""Changing units on the pages: a form, sentences that say what will change, the change, undoing."""

import re
from html import unescape
from typing import Any

import pytest

from baken.organisation.permissions import Role
from tests.web.test_units_pages import GOOD, import_units


class Office:
    """Somebody who changes units by pressing the buttons of the pages."""

    def __init__(self, website: Any, role: Role = Role.PREVENTION_ADVISER) -> None:
        self.website, self.root = website, website.root
        self.browser = website.browser(role)

    def units(self, on: str = "") -> dict[str, str]:
        """Name to address of the page, in the order of the list."""
        page = self.browser.get(f"{self.root}/units" + (f"?on={on}" if on else "")).text
        found = re.findall(r'<th scope="row"[^>]*><a href="([^"]+)">([^<]+)</a>', page)
        return {unescape(name): address for address, name in found}

    def open(self, address: str) -> dict[str, str]:
        """The fields of a form as they stand when the page opens."""
        page = self.browser.get(address)
        assert page.status_code == 200, page.text
        hidden = re.findall(
            r'<input[^>]*name="(version|instead_of)"[^>]*value="([^"]*)"', page.text
        )
        return dict(hidden)

    def look(self, address: str, **typed: str) -> Any:
        return self.browser.post(address, {**self.open(address), "on": "2026-03-02", **typed})

    def confirm(self, address: str, preview: Any) -> Any:
        assert preview.status_code == 200, preview.text
        kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', preview.text)
        fields = {name: unescape(value) for name, value in kept if name != "csrf"}
        return self.browser.post(address, fields)

    def do(self, address: str, **typed: str) -> str:
        """Look, confirm, and return the page that follows."""
        answer = self.confirm(address, self.look(address, **typed))
        assert answer.status_code == 303, answer.text
        return unescape(self.browser.get(answer.headers["location"]).text)

    def undo_last(self) -> Any:
        page = self.browser.get(f"{self.root}/units/changes").text
        address = re.search(r'href="([^"]+/undo)"', page)
        assert address, page
        self.browser.get(address[1])
        return self.browser.post(address[1])


@pytest.fixture
def office(website: Any) -> Office:
    made = Office(website)
    import_units(made.browser, website.root, GOOD)
    return made


def test_a_unit_is_added_under_another_and_its_page_says_so(office: Office) -> None:
    parent = office.units()["Zorg"].rsplit("/", 1)[1]
    page = office.do(
        f"{office.root}/units/new",
        name="Vliegende ploeg", number="007", kind="team", parent=parent, people="5",
    )  # fmt: skip
    assert "De eenheid is toegevoegd." in page
    assert "Vliegende ploeg" in page
    assert "007" in page
    assert list(office.units())[-1] == "Vliegende ploeg"


def test_nothing_changes_before_the_sentences_are_confirmed(office: Office) -> None:
    address = office.units()["Nachtploeg"] + "/edit"
    preview = office.look(address, name="Nachtteam", number="120", kind="team")
    said = unescape(preview.text)
    assert "Nachtploeg: naam Nachtploeg wordt vanaf 2\u00a0maart 2026 Nachtteam." in said
    assert "Er is nog niets bewaard." in said
    assert "Nachtploeg" in office.units()
    answer = office.confirm(address, preview)
    assert answer.status_code == 303
    assert "Nachtteam" in office.units()


def test_a_change_of_a_later_day_shows_on_that_day_only(office: Office) -> None:
    address = office.units()["Nachtploeg"] + "/move"
    top = office.units()["Zorghuis De Wilg"].rsplit("/", 1)[1]
    page = office.do(address, parent=top, on="2026-04-01")
    assert "Nachtploeg gaat op 1\u00a0april 2026 van Zorg naar Zorghuis De Wilg." in page
    day = office.browser.get(f"{office.root}/units?on=2026-04-01").text
    assert re.search(r'class="depth-1"><a href="[^"]+">Nachtploeg', day)
    now = office.browser.get(f"{office.root}/units").text
    assert re.search(r'class="depth-2"><a href="[^"]+">Nachtploeg', now)
    assert "U ziet de eenheden zoals op 1\u00a0april 2026" in day


def test_split_and_undo(office: Office) -> None:
    address = office.units()["Dagploeg"] + "/split"
    preview = office.look(
        address, on="2026-03-05",
        name_1="Dagploeg A", number_1="110", people_1="10",
        name_2="Dagploeg B", number_2="111", people_2="10",
    )  # fmt: skip
    said = unescape(preview.text)
    assert "Dagploeg bestaat tot en met 4\u00a0maart 2026." in said
    assert "Dagploeg gaat vanaf 5\u00a0maart 2026 verder in: Dagploeg A, Dagploeg B." in said
    assert "Zonder deze wijziging telt de organisatie 44 mensen, erna 40." in said
    assert office.confirm(address, preview).status_code == 303
    # what went before on that day is no effect of the next change
    units = office.units()
    merged = office.look(
        units["Nachtploeg"] + "/merge", on="2026-03-05",
        others=units["Zorg"].rsplit("/", 1)[1], name="Samen", number="130", kind="team",
    )  # fmt: skip
    assert "telt de organisatie" not in merged.text
    assert "Dagploeg" in office.units()
    later = office.units("2026-03-05")
    assert {"Dagploeg A", "Dagploeg B"} <= set(later)
    assert "Dagploeg" not in later
    assert office.undo_last().status_code == 303
    assert "Dagploeg A" not in office.units("2026-03-05")
    assert "ongedaan gemaakt door" in office.browser.get(f"{office.root}/units/changes").text


def test_merge_keeps_the_old_units_on_their_pages(office: Office, website: Any) -> None:
    website.clock.move(days=8)
    office = Office(website)
    units = office.units()
    night = units["Nachtploeg"].rsplit("/", 1)[1]
    page = office.do(
        units["Dagploeg"] + "/merge",
        others=night, name="Eén ploeg", number="110", kind="team", on="2026-03-10",
    )  # fmt: skip
    assert "De eenheden zijn samengevoegd." in page
    assert "komt uit Dagploeg, Nachtploeg" in page
    assert "32" in page  # the sum of the two
    old = unescape(office.browser.get(units["Dagploeg"]).text)
    assert "Gaat sinds 10\u00a0maart 2026 verder in" in old
    assert "Eén ploeg" in old


def test_the_end_of_a_unit_asks_what_happens_below_it(office: Office) -> None:
    address = office.units()["Zorg"] + "/end"
    asked = office.look(address, last_on="2026-03-31")
    assert asked.status_code == 422
    assert "Wat gebeurt er met de eenheden eronder?" in unescape(asked.text)
    page = office.do(address, last_on="2026-03-31", below="move_up")
    assert "De laatste dag van deze eenheid is 31\u00a0maart 2026." in page
    assert list(office.units("2026-04-01")) == ["Zorghuis De Wilg", "Dagploeg", "Nachtploeg"]


def test_a_unit_ended_by_mistake_lives_on(office: Office) -> None:
    address = office.units()["Nachtploeg"]
    office.do(address + "/end", last_on="2026-03-31")
    fields = office.open(address)
    preview = office.browser.post(f"{address}/reopen", fields)
    assert "Nachtploeg eindigt niet meer." in preview.text
    assert office.confirm(f"{address}/reopen", preview).status_code == 303
    assert "Nachtploeg" in office.units("2026-12-31")


def test_counts_have_a_history_that_can_be_corrected(office: Office) -> None:
    address = office.units()["Nachtploeg"]
    preview = office.look(f"{address}/headcount", people="20", on="2026-04-01")
    said = unescape(preview.text)
    assert "Nachtploeg gaat van 8 naar 20 mensen. Dat verschilt meer dan de helft." in said
    assert office.confirm(f"{address}/headcount", preview).status_code == 303
    correct = f"{address}/counts/2026-04-01"
    fields = office.open(correct)
    assert fields["instead_of"] == "2026-04-01"
    preview = office.browser.post(
        f"{address}/headcount", {**fields, "people": "11", "on": "2026-04-02"}
    )
    assert office.confirm(f"{address}/headcount", preview).status_code == 303
    page = office.browser.get(address).text
    assert re.findall(r'<th scope="row">([^<]+)</th><td class="number">(\d+)', page) == [
        ("2\u00a0april 2026", "11"),
        ("2\u00a0maart 2026", "8"),
    ]
    fields = {**office.open(address), "on": "2026-04-02"}
    preview = office.browser.post(f"{address}/drop-headcount", fields)
    assert "het aantal van 2\u00a0april 2026 (11 mensen) valt weg" in preview.text
    assert office.confirm(f"{address}/drop-headcount", preview).status_code == 303
    assert "2\u00a0april 2026" not in office.browser.get(address).text


def test_the_second_of_two_people_keeps_what_was_typed(office: Office, website: Any) -> None:
    other = Office(website, Role.ADMINISTRATOR)
    address = office.units()["Nachtploeg"] + "/edit"
    opened = office.open(address)
    other.do(address, name="Nachtteam", number="120", kind="team")
    answer = office.browser.post(
        address,
        {**opened, "name": "Nacht en weekend", "number": "120", "kind": "team", "on": "2026-03-02"},
    )
    said = unescape(answer.text)
    assert answer.status_code == 422
    assert "Iemand anders" in said
    assert "Nacht en weekend" in said
    assert "Nachtteam" in office.units()


def test_a_confirmation_of_what_has_changed_since_is_refused(office: Office, website: Any) -> None:
    other = Office(website, Role.ADMINISTRATOR)
    address = office.units()["Nachtploeg"] + "/edit"
    preview = office.look(address, name="Nacht en weekend", number="120", kind="team")
    other.do(address, name="Nachtteam", number="120", kind="team")
    answer = office.confirm(address, preview)
    assert answer.status_code == 422
    assert "Nacht en weekend" in unescape(answer.text)
    assert "Nachtteam" in office.units()


def test_a_number_that_is_in_use_is_refused_beside_what_was_typed(office: Office) -> None:
    answer = office.look(
        office.units()["Nachtploeg"] + "/edit", name="Nacht", number="110", kind="team"
    )
    assert answer.status_code == 422
    said = unescape(answer.text)
    assert "zouden op 2\u00a0maart 2026 allebei nummer 110 hebben" in said
    assert 'value="Nacht"' in said


def test_somebody_elses_change_is_undone_by_an_administrator_only(
    office: Office, website: Any
) -> None:
    office.do(office.units()["Nachtploeg"] + "/end", last_on="2026-03-31")
    other = Office(website, Role.HR)
    page = other.browser.get(f"{other.root}/units/changes").text
    assert "/undo" not in page
    boss = Office(website, Role.ADMINISTRATOR)
    assert boss.undo_last().status_code == 303
    assert "Nachtploeg" in office.units("2026-04-01")


def test_an_older_change_of_the_same_unit_waits_its_turn(office: Office) -> None:
    address = office.units()["Nachtploeg"]
    office.do(f"{address}/edit", name="Nachtteam", number="120", kind="team")
    office.do(f"{address}/headcount", people="9")
    page = office.browser.get(f"{office.root}/units/changes").text
    older = re.findall(r'href="([^"]+/undo)"', page)[1]
    office.browser.get(older)
    answer = office.browser.post(older)
    assert answer.status_code == 422
    assert "Nachtteam is daarna nog gewijzigd" in answer.text


def test_an_import_is_undone_as_a_whole(office: Office) -> None:
    assert office.undo_last().status_code == 303
    assert office.units() == {}


def test_neighbours_change_places(office: Office) -> None:
    names = list(office.units())
    night = office.units()["Nachtploeg"]
    office.open(office.units()["Zorg"])
    answer = office.browser.post(f"{night}/up")
    assert answer.status_code == 303
    assert answer.headers["location"] == office.units()["Zorg"]
    assert list(office.units()) == [*names[:2], "Nachtploeg", "Dagploeg"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_what_is_downloaded_reads_back_as_it_was(
    office: Office, ending: str, language: str
) -> None:
    office.do(office.units()["Nachtploeg"] + "/edit", name="=1+1", number="007", kind="team")
    file = office.browser.get(f"{office.root}/units/export.{ending}?lang={language}")
    assert f'-2026-03-02.{ending}"' in file.headers["content-disposition"]
    preview = office.browser.client.post(
        f"{office.root}/units/import?lang=nl",
        data={"csrf": office.browser.token},
        files={"file": (f"x.{ending}", file.content, "application/octet-stream")},
    )
    assert "Ongewijzigd: 4." in preview.text, preview.text
    assert "Het bestand verandert niets" in preview.text


@pytest.mark.parametrize("path", ["/new", "/changes", "/import"])
def test_only_those_who_edit_units_reach_the_forms(website: Any, path: str) -> None:
    for role in (Role.ADVISER, Role.UNIT_HEAD, Role.CPBW_MEMBER):
        assert website.browser(role).get(f"{website.root}/units{path}").status_code == 403


def test_what_is_no_form_is_not_found(office: Office) -> None:
    address = office.units()["Nachtploeg"]
    office.open(address)
    assert office.browser.get(f"{address}/dance").status_code == 404
    assert office.browser.post(f"{address}/dance").status_code == 404
    assert office.browser.get(f"{address}/counts/2020-01-01").status_code == 404
    assert office.browser.post(f"{address}/drop-headcount", {"on": "soon"}).status_code == 404
    other = f"{office.root}/units/00000000-0000-4000-8000-000000000000"
    assert office.browser.get(other).status_code == 404


@pytest.mark.parametrize("purpose", ["split", "merge"])
def test_a_unit_of_today_can_be_split_or_merged_from_tomorrow(office: Office, purpose: str) -> None:
    address = f"{office.units()['Nachtploeg']}/{purpose}"
    assert 'value="2026-03-03"' in office.browser.get(address).text
    office.website.clock.move(days=2)
    later = office.website.browser(Role.PREVENTION_ADVISER)
    assert 'value="2026-03-04"' in later.get(address).text


def test_what_cannot_be_undone_says_so_before_the_button(office: Office) -> None:
    first = re.search(
        r'href="([^"]+/undo)"', office.browser.get(f"{office.root}/units/changes").text
    )
    assert first
    assert "Alles wat hieronder staat" in office.browser.get(first[1]).text
    address = office.units()["Nachtploeg"] + "/edit"
    office.do(address, name="Nachtteam", number="120", kind="team")
    page = unescape(office.browser.get(first[1]).text)
    assert "is daarna nog gewijzigd. Maak eerst de latere wijziging ongedaan." in page
    assert 'class="button primary"' not in page


def test_the_list_of_changes_names_parents_first_and_the_last_day(office: Office) -> None:
    page = unescape(office.browser.get(f"{office.root}/units/changes").text)
    places = [page.index(f"<li>{name} ") for name in ("Zorghuis De Wilg", "Zorg")]
    assert places == sorted(places)
    office.do(office.units()["Nachtploeg"] + "/end", last_on="2026-03-09")
    page = unescape(office.browser.get(f"{office.root}/units/changes").text)
    assert "<strong>Beëindigd</strong>, laatste dag 9\u00a0maart 2026" in page
