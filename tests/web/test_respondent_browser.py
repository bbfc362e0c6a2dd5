"""The way of somebody who answers, in a real browser: with script, without, by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from sqlalchemy import func, select

from baken.survey.box.models import Envelope
from tests.accessibility import violations
from tests.web.respondents import INSTRUMENT, Campaigning, Respondent, prepare, serving

pytestmark = pytest.mark.browser

N_PARTS = len(INSTRUMENT.dimensions) + 2
N_ASKED = len(INSTRUMENT.items) + len(INSTRUMENT.backgrounds)


@pytest.fixture
def running(sqlite_url: str, tmp_path: Path) -> Iterator[Campaigning]:
    made = prepare(sqlite_url, tmp_path)
    yield made
    made.database.dispose()


@pytest.fixture
def respondent(running: Campaigning) -> Iterator[Respondent]:
    with serving(running) as made:
        yield made


def start(page: Page, respondent: Respondent, language: str = "nl") -> None:
    page.goto(f"http://127.0.0.1:{respondent.port}/s/{respondent.name}?lang={language}")


def begin(page: Page, respondent: Respondent, code: str) -> None:
    start(page, respondent)
    page.get_by_label("Uw code").fill(code.lower())
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector("#sheet")


def n_envelopes(running: Campaigning) -> int:
    with running.database.read(running.organisation_id) as session:
        return session.scalar(select(func.count()).select_from(Envelope)) or 0


def check_accessible(page: Page) -> None:
    assert violations(page) == []


def to_the_end(page: Page) -> None:
    for part in range(1, N_PARTS):
        expect(page.get_by_text(f"Deel {part} van {N_PARTS}", exact=True).first).to_be_visible()
        page.get_by_role("button", name="Verder", exact=True).click()


def test_one_part_at_a_time_and_back_without_loss(
    chromium: Browser, respondent: Respondent, running: Campaigning
) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "olicy" in line.text else None)
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    begin(page, respondent, running.codes[0])
    assert page.locator("[data-part-section]:visible").count() == 1
    page.get_by_role("group", name="Het werk is in mijn team eerlijk verdeeld.").get_by_label(
        "tussen beide"
    ).check()
    page.get_by_role("button", name="Verder", exact=True).click()
    heading = page.locator("h2:visible").first
    assert heading.evaluate("element => element === document.activeElement")
    expect(page.locator("#live")).to_have_text(f"Deel 2 van {N_PARTS}")
    page.get_by_role("button", name="Terug").click()
    assert page.locator("input[name=ORG1]:checked").input_value() == "3"
    page.get_by_role("button", name="Verder", exact=True).click()
    page.go_back()  # the browser's own way back is a part back too
    expect(page.get_by_text(f"Deel 1 van {N_PARTS}", exact=True).first).to_be_visible()
    assert page.locator("input[name=ORG1]:checked").input_value() == "3"
    to_the_end(page)
    expect(page.locator("[data-gaps-line]")).to_contain_text(
        f"{N_ASKED - 1} vragen niet beantwoord"
    )
    page.get_by_role("button", name="Toon de vragen").click()
    assert page.evaluate("document.activeElement.id") == "ORG2"
    to_the_end(page)
    page.get_by_label("Wat zou uw werk het meest verbeteren?").fill("Een rustige kamer.")
    assert n_envelopes(running) == 0
    assert len(posts) == 1  # the code; nothing has left the page since
    page.get_by_role("button", name="Verstuur").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert n_envelopes(running) == 1
    assert page.url == f"http://127.0.0.1:{respondent.port}/s/{respondent.name}"
    page.reload()  # the address leads to the start: nothing of the answers is left
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    page.go_back()
    assert "rustige kamer" not in page.content()
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert troubles == []
    page.close()


def test_sending_that_fails_leaves_the_page_as_it_is(
    chromium: Browser, respondent: Respondent, running: Campaigning
) -> None:
    page = chromium.new_page()
    begin(page, respondent, running.codes[0])
    page.locator("input[name=ORG1][value='2']").check()
    to_the_end(page)
    page.route("**/answers", lambda route: route.abort())
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_role("alert")).to_contain_text("Er is niets verloren")
    assert page.locator("input[name=ORG1]:checked").input_value() == "2"
    check_accessible(page)
    page.unroute("**/answers")
    page.get_by_role("button", name="Probeer opnieuw").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert n_envelopes(running) == 1
    page.close()


def test_whoever_reloads_before_sending_is_asked_first(
    chromium: Browser, respondent: Respondent, running: Campaigning
) -> None:
    page = chromium.new_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    page.on("dialog", stay)
    begin(page, respondent, running.codes[0])
    expect(page.locator("[data-intro]")).to_contain_text("Herladen wist wat u invulde")
    page.locator("input[name=ORG1][value='2']").check()
    page.evaluate("setTimeout(() => location.reload(), 0)")
    expect(page.locator("input[name=ORG1]:checked")).to_have_value("2")
    page.wait_for_function("document.readyState === 'complete'")
    assert asked == ["beforeunload"]
    # The answers travel to the other language without a question, and are still to be sent there.
    page.get_by_role("button", name="Français").click()
    expect(page.locator("#sheet[data-unsent]")).to_have_count(1)
    assert asked == ["beforeunload"]
    page.locator("h2:visible").first.click()  # a browser asks only when somebody touched the page
    page.goto("about:blank")
    assert asked == ["beforeunload"] * 2
    page.close()


def test_the_closing_time_passes_meanwhile(
    chromium: Browser, respondent: Respondent, running: Campaigning
) -> None:
    page = chromium.new_page()
    begin(page, respondent, running.codes[0])
    page.locator("input[name=ORG1][value='2']").check()
    to_the_end(page)
    page.get_by_label("Wat zou uw werk").fill("Een rustige kamer.")
    running.close()
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_role("heading", name="niet meer worden aangenomen")).to_be_visible()
    assert "Een rustige kamer." in page.content()
    check_accessible(page)
    page.close()


def test_another_language_and_another_device(
    chromium: Browser, respondent: Respondent, running: Campaigning
) -> None:
    page = chromium.new_page()
    begin(page, respondent, running.codes[0])
    page.get_by_role("button", name="Verder", exact=True).click()
    page.locator("input[name=WLD1][value='4']").check()
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_text(f"Partie 2 sur {N_PARTS}", exact=True).first).to_be_visible()
    assert page.locator("input[name=WLD1]:checked").input_value() == "4"
    page.get_by_role("button", name="Continuer plus tard").click()
    expect(page.get_by_role("heading", name="conservées")).to_be_visible()
    check_accessible(page)
    page.close()
    elsewhere = chromium.new_page()
    begin(elsewhere, respondent, running.codes[0])
    assert elsewhere.locator("input[name=WLD1]:checked").input_value() == "4"
    elsewhere.close()


def test_everything_works_without_script(
    chromium: Browser, respondent: Respondent, running: Campaigning
) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    begin(page, respondent, running.codes[0])
    assert page.locator("[data-part-section]:visible").count() == N_PARTS
    page.locator("input[name=ORG1][value='5']").check()
    page.locator("input[name=SUP1][value=na]").check()
    page.locator("input[name=ORG1][value='5']").press("Enter")  # looks again, sends nothing
    expect(page.locator("#gaps")).to_contain_text(f"{N_ASKED - 2} vragen niet beantwoord")
    assert n_envelopes(running) == 0
    page.get_by_role("button", name="Français").click()
    assert page.locator("input[name=ORG1]:checked").input_value() == "5"
    page.get_by_role("button", name="Envoyer mes réponses").click()
    receipt = page.locator("[data-receipt]").get_attribute("data-receipt")
    assert receipt
    assert len(receipt) == 10
    page.get_by_role("link", name="Terminé").click()
    expect(page.get_by_role("button", name="Commencer")).to_be_visible()
    assert n_envelopes(running) == 1
    page.context.close()


def test_the_keyboard_alone_is_enough(
    chromium: Browser, respondent: Respondent, running: Campaigning
) -> None:
    page = chromium.new_page()
    start(page, respondent)
    page.get_by_label("Uw code").focus()
    page.keyboard.type(running.codes[0])
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet")
    page.keyboard.press("Tab")
    reached = 0
    for _ in range(40):
        if page.evaluate("document.activeElement.name") == "ORG1":
            break
        page.keyboard.press("Tab")
        reached += 1
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=ORG1]:checked").input_value() == "2"
    for _ in range(N_PARTS - 1):
        page.get_by_role("button", name="Verder", exact=True).focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Verstuur").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert reached < 40
    page.close()


@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("width", [360, 1400])
def test_no_page_has_an_accessibility_fault_or_is_too_wide(
    chromium: Browser, respondent: Respondent, running: Campaigning, language: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})

    def check() -> None:
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    home = f"http://127.0.0.1:{respondent.port}/s/{respondent.name}"
    start(page, respondent, language)
    check()
    page.goto(f"{home}/example?lang={language}")
    check()
    start(page, respondent, language)
    page.locator("#code").fill("1234")
    page.locator("button.primary").click()
    check()
    page.locator("#code").fill(running.codes[0])
    page.locator("button.primary").click()
    check()
    while page.locator("[data-next]").is_visible():
        page.locator("[data-next]").click()
    check()
    page.locator("[data-send]").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    check()
    page.goto(f"http://127.0.0.1:{respondent.port}/s/elders?lang={language}")
    check()
    page.close()
