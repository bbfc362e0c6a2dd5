"""The pages of a campaign, from the first draft to the last step, through HTTP."""

import csv
import io
import re
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from baken.instruments.library import load_instrument
from baken.organisation.permissions import ALLOWED, Action, Actor, Grant, Role
from baken.survey.box.expiry import delete_expired
from baken.survey.box.sheet import Sheet
from baken.survey.box.writer import Writer
from baken.survey.campaigns.queries import find_public_name
from baken.survey.codes.symbols import read_code
from baken.web.pages.access import SESSION_COOKIE
from baken.web.texts import LANGUAGES, catalogue
from tests.agreed import agree
from tests.web.test_units_pages import GOOD, import_units

BASIS = {
    "title": "Hoe gaat het op het werk?",
    "opens_on": "2026-03-02",
    "closes_on": "2026-03-20",
    "public_name": "de-wilg",
}
PROMISE = {
    "min_group": "10",
    "adviser_name": "Els Wouters",
    "key_holder": "Dienst informatica",
    "contact": "Jan Claes, 012 34 56 78",
    "answers_until_on": "2027-03-20",
    "comments_until_on": "2026-09-20",
}
QUESTIONNAIRE = {"instrument": "vijf-a 1", "languages": "nl"}


def become(website: Any, browser: Any, role: Role) -> None:
    """Let the person with another role use the same browser."""
    browser.client.cookies.set(SESSION_COOKIE, website.session_of(role))
    browser.get(website.root)


def bands(people: int = 44) -> dict[str, str]:
    """A headcount for every band of the questionnaire, of all people of the units together."""
    backgrounds = load_instrument("vijf-a", "1").backgrounds
    return {
        f"band_{i}_{j}": str((people + j) // len(background.bands))
        for i, background in enumerate(backgrounds)
        for j in range(len(background.bands))
    }


def version_on(browser: Any, path: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', browser.get(path).text)
    assert found
    return found[1]


def add_draft(browser: Any, root: str, **changed: str) -> str:
    """Begin a survey, then fill in the pages that have to be filled in."""
    answer = browser.post(f"{root}/campaigns/new", {**BASIS, **changed})
    assert answer.status_code == 303, answer.text
    campaign = str(answer.headers["location"]).partition("/prepare/")[0]
    for step, fields in (("promise", PROMISE), ("questionnaire", QUESTIONNAIRE)):
        assert save(browser, campaign, step, **fields).status_code == 303
    return campaign


def save(browser: Any, campaign: str, step: str, **fields: str) -> Any:
    """Fill in one page of the preparation."""
    path = f"{campaign}/{'edit' if step == 'basis' else f'prepare/{step}'}"
    return browser.post(path, {"version": version_on(browser, path), **fields})


def launch(browser: Any, campaign: str) -> Any:
    assert save(browser, campaign, "background", **bands()).status_code == 303
    return launch_as_it_is(browser, campaign)


def launch_as_it_is(browser: Any, campaign: str) -> Any:
    path = f"{campaign}/launch"
    return browser.post(path, {"version": version_on(browser, path)})


def prepare(website: Any) -> tuple[Any, str]:
    """Units read in, a draft made and agreed; the browser is that of the prevention adviser."""
    browser = website.browser(Role.PREVENTION_ADVISER)
    import_units(browser, website.root)
    campaign = add_draft(browser, website.root)
    agree_on(website, campaign)
    return browser, campaign


def agree_on(website: Any, campaign: str) -> None:
    """Let both sides agree on the charter of a draft."""
    staffed = website.organisation
    grants = frozenset({Grant(Role.ADVISER)})
    adviser = Actor(staffed.people[Role.ADVISER], staffed.id, "Els Wouters", grants)
    with website.database.session(staffed.id) as session:
        agree(session, UUID(campaign.rpartition("/")[2]), by=adviser)


def answer_all(website: Any, cards: list[dict[str, str]]) -> None:
    """Use every code of the list, as the respondent pages would."""
    with website.database.read(None) as session:
        address = find_public_name(session, "de-wilg")
    instrument = load_instrument("vijf-a", "1")
    sheet = Sheet(
        language="nl",
        answers=tuple(1 for _ in instrument.items),
        backgrounds=tuple(0 for _ in instrument.backgrounds),
        comments=tuple("" for _ in instrument.open_questions),
    )
    writer = Writer(website.database, website.app.state.key_store)
    for card in cards:
        writer.submit(
            address.organisation_id,
            address.subject_id,
            read_code(card["code"]),
            sheet,
            today=website.clock().date(),
        )
    writer.stop()


def test_an_empty_page_says_what_comes_first(website: Any) -> None:
    page = website.browser(Role.ADVISER).get(f"{website.root}/campaigns")
    assert "Lees eerst de eenheden in" in page.text


def test_a_draft_is_made_changed_and_thrown_away(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    campaign = add_draft(browser, website.root)
    page = browser.get(campaign).text
    assert "In voorbereiding" in page
    assert "/s/de-wilg" in page

    seen = version_on(browser, f"{campaign}/edit")
    changed = {**BASIS, "title": "Tweede titel", "version": seen}
    assert browser.post(f"{campaign}/edit", changed).status_code == 303
    assert "Tweede titel" in browser.get(campaign).text

    late = browser.post(f"{campaign}/edit", {**changed, "title": "Te laat"})
    assert late.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd" in late.text
    assert 'value="Te laat"' in late.text
    assert "Tweede titel" in browser.get(campaign).text

    assert browser.post(f"{campaign}/delete").status_code == 303
    assert browser.get(campaign).status_code == 404


@pytest.mark.parametrize(
    ("step", "changed", "said"),
    [
        ("basis", {"title": "  "}, 'id="title-error"'),
        ("basis", {"closes_on": "2026-03-01"}, "De laatste dag ligt voor de eerste."),
        ("basis", {"closes_on": "9999-12-31"}, "Kies een jaar tussen 2000 en 2199."),
        ("basis", {"opens_on": "2026-13-01"}, 'id="opens_on-error"'),
        ("basis", {"public_name": "De Wilg"}, 'id="public_name-error"'),
        ("basis", {"public_name": "../log-in"}, 'id="public_name-error"'),
        ("questionnaire", {"instrument": "other 9"}, 'id="instrument-error"'),
        ("questionnaire", {"languages": "pl"}, 'id="languages-error"'),
        ("questionnaire", {"languages": ""}, 'id="languages-error"'),
        ("promise", {"min_group": "4"}, 'id="min_group-error"'),
        ("promise", {"min_group": "9" * 5000}, 'id="min_group-error"'),
        ("promise", {"contact": "x" * 401}, 'id="contact-error"'),
        ("promise", {"answers_until_on": "2029-01-01"}, "hoogstens twaalf maanden"),
        ("channels", {"spares_per_unit": "-1"}, 'id="spares_per_unit-error"'),
    ],
)
def test_a_bad_page_is_refused_with_what_was_typed(
    website: Any, step: str, changed: dict[str, str], said: str
) -> None:
    browser = website.browser(Role.ADVISER)
    campaign = add_draft(browser, website.root)
    before = {"basis": BASIS, "promise": PROMISE, "questionnaire": QUESTIONNAIRE}
    fields = {**before.get(step, {}), **changed}
    answer = save(browser, campaign, step, **fields)
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert said in text
    if step == "promise":
        assert 'value="Els Wouters"' in text


def test_an_address_in_use_is_refused(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    add_draft(browser, website.root)
    answer = browser.post(f"{website.root}/campaigns/new", BASIS)
    assert answer.status_code == 422
    assert "De naam de-wilg is al in gebruik." in answer.text


def test_the_launch_page_shows_what_is_frozen_and_what_is_missing(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    campaign = add_draft(browser, website.root)
    page = browser.get(f"{campaign}/launch").text
    assert "Er zijn nog geen eenheden." in page
    assert "Er is nog geen handvest." in page
    assert f'href="{campaign}/prepare/charter">In orde brengen' in page
    assert "disabled" in page

    import_units(browser, website.root)
    agree_on(website, campaign)
    units = browser.get(f"{campaign}/prepare/units").text
    assert "4 eenheden" in units
    assert units.count("wordt samengeteld met Zorg") == 1
    assert save(browser, campaign, "background", **bands()).status_code == 303
    page = browser.get(f"{campaign}/launch").text
    assert "4 eenheden, 44 codes" in page
    assert "disabled" not in page


def test_a_band_below_the_threshold_is_kept_and_said_with_what_to_merge(website: Any) -> None:
    browser, campaign = prepare(website)
    small = save(browser, campaign, "background", **{**bands(), "band_0_1": "9", "band_0_2": "20"})
    assert small.headers["location"].partition("?")[0].endswith("/prepare/background")
    page = unescape(browser.get(f"{campaign}/prepare/background").text)
    assert "telt 9 mensen; er zijn er 10 nodig. Samen met" in page
    assert 'value="9"' in page
    assert launch_as_it_is(browser, campaign).status_code == 422
    assert (
        'id="band_0_0-error"'
        in save(browser, campaign, "background", **{**bands(), "band_0_0": ""}).text
    )
    for odd in ("-5", "veel", "1e3", "9" * 5000):
        answer = save(browser, campaign, "background", **{**bands(), "band_0_1": odd})
        assert answer.status_code == 422
    assert "In voorbereiding" in browser.get(campaign).text


def test_a_whole_campaign_from_launch_to_the_last_step(website: Any) -> None:
    browser, campaign = prepare(website)
    launched = launch(browser, campaign)
    assert launched.status_code == 303
    said = browser.get(launched.headers["location"]).text
    assert '<div class="no-print"><div class="notice good"' in re.sub(r">\s+<", "><", said)
    page = browser.get(campaign).text
    assert "Codes uitdelen" in page
    assert "Er is nog niet geteld." in page
    assert browser.get(f"{campaign}/edit").status_code == 409
    assert launch_again(browser, campaign).status_code == 409

    listed = browser.post(f"{campaign}/codes/list")
    assert "attachment" in listed.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(listed.content.decode("utf-8-sig"))))
    assert len([row for row in rows if not row["spare"]]) == 44
    answer_all(website, rows[:40])

    early = browser.get(f"{campaign}/close").text
    assert "Beloofd was" in early
    assert "kunnen open vanaf 21\u00a0maart 2026" in early
    unaware = browser.post(f"{campaign}/close")
    assert unaware.status_code == 422
    assert "Bevestig dat u weet tot wanneer" in unaware.text
    assert "Loopt" in browser.get(campaign).text
    become(website, browser, Role.ADVISER)
    running = browser.get(f"{campaign}/open").text
    assert "Openen kan vanaf 21\u00a0maart 2026, na het afsluiten." in running
    assert "Dit kan nu niet" not in running
    become(website, browser, Role.PREVENTION_ADVISER)
    assert browser.post(f"{campaign}/close", {"known": "y"}).status_code == 303
    assert "Afgesloten, nog verzegeld" in browser.get(campaign).text
    for desk in ("codes", "codes/spares"):
        over = browser.get(f"{campaign}/{desk}")
        assert over.status_code == 409
        assert "er valt niets meer uit te delen" in over.text
        assert f'href="{campaign}"' in over.text
    assert browser.post(f"{campaign}/codes/list").status_code == 409
    assert browser.post(f"{campaign}/open").status_code == 403

    become(website, browser, Role.ADVISER)
    early = unescape(browser.get(campaign).text)
    assert "niets geopend wordt voor 20\u00a0maart 2026 voorbij is" in early
    waiting = browser.get(f"{campaign}/open").text
    assert "kunnen open vanaf 21\u00a0maart 2026" in waiting
    assert "Nu openen" not in waiting
    assert browser.post(f"{campaign}/open").status_code == 409
    after_the_last_day(website)
    become(website, browser, Role.ADVISER)
    assert "Nu openen" in browser.get(f"{campaign}/open").text
    following = browser.post(f"{campaign}/open").headers["location"]
    assert "Wacht" in browser.get(following).text
    assert browser.post(f"{campaign}/open").headers["location"] == following  # pressed twice
    assert browser.get(f"{campaign}/open").headers["location"] == following
    assert "nog verzegeld" in browser.get(campaign).text
    assert website.work_off() == 1
    assert f'href="{campaign}"' in browser.get(following).text
    page = unescape(browser.get(campaign).text)
    assert "Het klopt: elke gebruikte code werd één antwoord" in page
    assert "De laatste reservekopie" in page
    assert "Verdergaan" not in page

    website.clock.move(days=8)
    become(website, browser, Role.ADVISER)
    assert "Verdergaan" in browser.get(campaign).text
    assert browser.post(f"{campaign}/open").status_code == 303
    assert website.work_off() == 1
    assert "Afgerond" in browser.get(campaign).text
    assert browser.post(f"{campaign}/open").status_code == 409

    record = unescape(browser.get(f"{website.root}/audit").text)
    for done in ("startte een bevraging met 44 codes", "opende een bevraging: 40 antwoorden",
                 "vernietigde de sleutel", "vroeg de codes op: 44 codes"):  # fmt: skip
        assert done in record


def launch_again(browser: Any, campaign: str) -> Any:
    return browser.post(f"{campaign}/launch", {"version": "1"})


def test_too_few_answers_open_nothing(website: Any) -> None:
    browser, campaign = prepare(website)
    launch(browser, campaign)
    rows = browser.post(f"{campaign}/codes/list").content.decode("utf-8-sig")
    answer_all(website, list(csv.DictReader(io.StringIO(rows)))[:9])
    after_the_last_day(website)
    become(website, browser, Role.PREVENTION_ADVISER)
    browser.post(f"{campaign}/close")
    become(website, browser, Role.ADVISER)
    opened = browser.post(f"{campaign}/open")
    assert website.work_off() == 1
    assert "Klaar" in browser.get(opened.headers["location"]).text
    page = unescape(browser.get(campaign).text)
    assert "Er kwamen minder dan 10 antwoorden." in page
    assert "Er bleef geen omslag over." in page
    assert "Vernietigd zonder openen" in page
    for not_so in ("De bevraging is geopend", "kopie gecontroleerd", "nagelezen",
                   "Naar de resultaten", "Sleutel vernietigd"):  # fmt: skip
        assert not_so not in page
    listed = browser.get(f"{website.root}/campaigns").text
    assert "Te weinig antwoorden, niets geopend" in listed
    assert "kopie gecontroleerd" not in listed

    respondents = unescape(browser.get("/s/de-wilg").text)
    assert "Er is niets geopend" in respondents
    assert "U leest het resultaat" not in respondents
    assert "U antwoordt" not in respondents


def after_the_last_day(website: Any) -> None:
    """Move to the first day on which envelopes may be opened."""
    website.clock.move(days=(date(2026, 3, 21) - website.clock().date()).days)


def test_deleted_answers_are_no_alarm(website: Any) -> None:
    browser, campaign = prepare(website)
    launch(browser, campaign)
    rows = browser.post(f"{campaign}/codes/list").content.decode("utf-8-sig")
    answer_all(website, list(csv.DictReader(io.StringIO(rows)))[:40])
    after_the_last_day(website)
    become(website, browser, Role.PREVENTION_ADVISER)
    browser.post(f"{campaign}/close")
    become(website, browser, Role.ADVISER)
    assert browser.post(f"{campaign}/open").status_code == 303
    website.work_off()
    website.clock.move(days=400)
    with website.database.read(None) as session:
        owner = find_public_name(session, "de-wilg").organisation_id
    delete_expired(
        website.database,
        website.app.state.key_store,
        organisation_id=owner,
        today=website.clock().date(),
    )
    become(website, browser, Role.ADVISER)
    page = unescape(browser.get(campaign).text)
    assert "De antwoorden zijn verwijderd op 20\u00a0maart 2027, zoals afgesproken." in page
    assert "De cijfers kloppen niet" not in page
    assert re.search(r"Antwoorden bij de opening</dt><dd>40<", page)


@pytest.mark.parametrize(("people", "is_fine"), [(44, True), (40, True), (39, False), (45, False)])
def test_bands_add_up_to_the_people_of_the_units(website: Any, people: int, is_fine: bool) -> None:
    browser, campaign = prepare(website)
    path = f"{campaign}/prepare/background"
    assert "Er werken 44 mensen" in browser.get(path).text
    answer = save(browser, campaign, "background", **bands(people))
    assert answer.status_code == (303 if is_fine else 422)
    if not is_fine:
        said = f"de aantallen tellen samen {people}, maar er werken 44 mensen"
        assert said in unescape(answer.text)
        assert f'value="{bands(people)["band_0_0"]}"' in answer.text


def test_cards_hold_codes_and_never_a_formula(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    evil = "=HYPERLINK(1)"
    import_units(browser, website.root, GOOD.replace("Dagploeg", evil))
    campaign = add_draft(browser, website.root)
    agree_on(website, campaign)
    ways = {"ways_0": "kiosk", "ways_1": "cards", "ways_2": "cards", "spares_per_unit": "2"}
    assert save(browser, campaign, "channels", **ways).status_code == 303
    launch(browser, campaign)
    desk = browser.get(f"{campaign}/codes").text
    assert "44 codes" in desk
    assert 'href="http://127.0.0.1:8000/s/de-wilg?kiosk=1"' in desk
    assert "<div>Gedeelde computer</div>" in desk
    cards = browser.post(f"{campaign}/codes/cards")
    assert cards.status_code == 200
    for path in ("cards", "list"):  # a unit that this survey does not have
        answer = browser.post(f"{campaign}/codes/{path}", {"unit": str(uuid4())})
        assert answer.status_code == 422, path
    codes = re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])</code>", cards.text)
    assert len(codes) == len(set(codes)) == 44 + 6
    assert cards.text.count("2 reservekaarten, leg ze apart</h2>") == 3
    assert all(read_code(code) for code in codes)
    assert "127.0.0.1:8000/s/de-wilg" in cards.text
    assert "Niemand ziet wat u antwoordt." in cards.text
    # Once to be typed, once as squares behind a #, and nowhere as text of an address.
    assert {cards.text.count(code) for code in codes} == {1}
    assert cards.text.count('class="card-qr"') == 44 + 6

    rows = list(csv.reader(io.StringIO(browser.post(f"{campaign}/codes/list").text)))
    units = {row[0] for row in rows[1:]}
    assert f"'{evil}" in units
    assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row if cell)
    assert {row[1] for row in rows[1:]} == set(codes)


def test_showing_codes_is_recorded_and_needs_a_press(website: Any) -> None:
    browser, campaign = prepare(website)
    launch(browser, campaign)
    assert browser.get(f"{campaign}/codes/cards").status_code == 405
    assert browser.get(f"{campaign}/codes/list").status_code == 405
    for _ in range(2):
        browser.post(f"{campaign}/codes/cards")
    record = browser.get(f"{website.root}/audit").text
    assert record.count("vroeg de codes op: 44 codes") == 2


@pytest.mark.parametrize("role", list(Role))
def test_who_may_do_what_with_a_campaign(website: Any, role: Role) -> None:
    browser, campaign = prepare(website)
    become(website, browser, role)
    advises = role in {Role.ADVISER, Role.PREVENTION_ADVISER}
    sees = role in ALLOWED[Action.SEE_CAMPAIGNS]
    assert browser.get(f"{website.root}/campaigns").status_code == (200 if sees else 403)
    assert browser.get(campaign).status_code == (200 if sees else 403)
    steps = ("promise", "charter", "questionnaire", "units", "reach", "background", "stratum",
             "stratum/people", "channels", "invitation", "invitation/preview")  # fmt: skip
    pages = (f"{campaign}/edit", f"{campaign}/launch", *(f"{campaign}/prepare/{s}" for s in steps))
    for path in (f"{website.root}/campaigns/new", *pages):
        assert browser.get(path).status_code == (200 if advises else 403), path
    agrees = role in ALLOWED[Action.RECORD_ADVICE]
    assert browser.get(f"{campaign}/prepare/agreement").status_code == (200 if agrees else 403)
    assert browser.get(f"{campaign}/charter").status_code == (200 if sees else 403)
    for path in (f"{campaign}/close", f"{campaign}/codes"):
        assert browser.get(path).status_code == (409 if advises else 403), path
    for path in ("close", "codes/cards", "codes/list"):
        assert browser.post(f"{campaign}/{path}").status_code == (409 if advises else 403), path
    opens = role is Role.ADVISER
    assert browser.get(f"{campaign}/open").status_code == (422 if opens else 403)
    assert browser.post(f"{campaign}/open").status_code == (409 if opens else 403)
    answer = browser.post(f"{campaign}/delete")
    assert answer.status_code == (303 if advises else 403)


@pytest.mark.parametrize("path", ["launch", "close", "open", "delete", "codes/cards", "codes/list"])
def test_no_step_without_the_token_of_a_form(website: Any, path: str) -> None:
    browser, campaign = prepare(website)
    become(website, browser, Role.ADVISER)
    browser.token = "guessed"
    assert browser.post(f"{campaign}/{path}").status_code in {403, 422}
    assert "In voorbereiding" in browser.get(campaign).text


def test_a_campaign_of_another_organisation_does_not_exist(website: Any) -> None:
    browser, campaign = prepare(website)
    other = website.add_organisation("Andere klant")
    path = campaign.replace(str(website.organisation.id), str(other.id))
    assert browser.get(path).status_code == 404
    assert browser.post(f"{path}/launch").status_code == 404


def test_every_language_says_every_page(website: Any) -> None:
    browser, campaign = prepare(website)
    for language in LANGUAGES:
        title = catalogue(language)("campaigns.launch_title")
        page = browser.get(f"{campaign}/launch?lang={language}").text
        assert title in unescape(page)
