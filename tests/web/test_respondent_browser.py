"""The way of somebody who answers, in a real browser: with script, without, by keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from sqlalchemy import func, select

from baken.survey.box.models import Envelope
from baken.web.pages.respondent_questions import parts_in
from tests.accessibility import violations, width_of
from tests.web.respondents import INSTRUMENT, Campaigning, Respondent, prepare, serving

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

PARTS = parts_in(INSTRUMENT, "nl")
N_PARTS = len(PARTS)
N_ASKED = len(INSTRUMENT.items) + len(INSTRUMENT.backgrounds)
FIRST = INSTRUMENT.items[0]
COMMENT = "Wat zou uw werk"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def running(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Campaigning]:
    """One campaign in every language of the screens; each test takes codes of its own."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "baken.sqlite").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{folder}/baken.sqlite"
    made = prepare(url, folder, people=60, languages=("nl", "fr", "en", "de"))
    yield made
    made.database.dispose()


@pytest.fixture(scope="module")
def respondent(running: Campaigning) -> Iterator[Respondent]:
    with serving(running) as made:
        yield made


@pytest.fixture
def code(running: Campaigning) -> str:
    """A card that nobody used yet."""
    return running.codes.pop()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    opened = []

    def make(width: int = 1200, **how: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **how)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()


def home(respondent: Respondent) -> str:
    return f"http://127.0.0.1:{respondent.port}/s/{respondent.name}"


def begin(page: Page, respondent: Respondent, code: str, query: str = "?lang=nl") -> None:
    page.goto(home(respondent) + query)
    page.locator("#code").fill(code.lower())
    page.locator("main form button.primary").click()
    questions_come(page)


def questions_come(page: Page) -> None:
    """Wait for the questions, and for the script that shows one part of them."""
    page.wait_for_selector("#sheet")
    page.wait_for_load_state()


def go_on(page: Page) -> Locator:
    return page.locator("[data-next]")


def to_the_review(page: Page) -> None:
    for _ in range(N_PARTS + 1):
        if not go_on(page).is_visible():
            return
        go_on(page).click()
    raise AssertionError("the way does not end")


def n_envelopes(running: Campaigning) -> int:
    with running.database.read(running.organisation_id) as session:
        return session.scalar(select(func.count()).select_from(Envelope)) or 0


def faults_of(page: Page) -> list[dict[str, Any]]:
    return violations(page)


def test_one_part_at_a_time_and_back_without_loss(
    open_page: OpenPage, respondent: Respondent, running: Campaigning, code: str
) -> None:
    page = open_page(360)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "olicy" in line.text else None)
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    n_before = n_envelopes(running)
    # The code behind the # of the card's address goes into the field and out of the address.
    page.goto(f"{home(respondent)}?lang=nl#{code}")
    expect(page.locator("#code")).to_have_value(code)
    assert page.url == f"{home(respondent)}?lang=nl"
    page.get_by_role("button", name="Begin").click()
    questions_come(page)
    assert page.locator("[data-part-section]:visible").count() == 1
    question = page.get_by_role("group", name=INSTRUMENT.texts["nl"].items[FIRST.code])
    question.locator("input").nth(2).check()
    chosen = page.locator(f"input[name={FIRST.code}]:checked")
    go_on(page).click()
    heading = page.locator("h2:visible").first
    assert heading.evaluate("element => element === document.activeElement")
    expect(page.locator("#live")).to_contain_text(f"Deel 2 van {N_PARTS}, nog ")
    page.get_by_role("button", name="Terug").click()
    assert chosen.input_value() == "3"
    go_on(page).click()
    page.go_back()  # the browser's own way back is a part back too
    expect(page.locator("[data-part-line]")).to_have_text(f"Deel 1 van {N_PARTS}")
    assert chosen.input_value() == "3"
    to_the_review(page)
    expect(page.locator("[data-gaps-line]")).to_contain_text(
        f"{N_ASKED - 1} vragen niet beantwoord"
    )
    page.get_by_role("button", name="Toon de vragen").click()
    assert page.evaluate("document.activeElement.id") == INSTRUMENT.items[1].code
    for _ in range(N_PARTS - 1):
        go_on(page).click()
    page.get_by_label(COMMENT).fill("🙂" * 10_500)  # counted as people count, not as bytes
    expect(page.locator("#comment-room")).to_contain_text("Ongeveer 10\u202f000 tekens te lang")
    page.get_by_label(COMMENT).fill("Een rustige kamer.")
    go_on(page).click()
    last = page.locator("details.filled").last
    last.locator("summary").click()
    expect(last.locator("dd")).to_have_text("Een rustige kamer.")
    last.get_by_role("button", name="Wijzig").click()
    page.get_by_label(COMMENT).fill("Een rustige kamer, soms.")
    go_on(page).click()
    assert n_envelopes(running) == n_before
    assert len(posts) == 1  # the code; nothing has left the page since
    page.get_by_role("button", name="Verstuur").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert n_envelopes(running) == n_before + 1
    assert page.url == home(respondent)
    for leave in (page.reload, page.go_back, page.reload, page.go_back):
        leave()  # wherever it leads: nothing of the answers is left
        assert page.locator("#sheet").count() == 0
        assert "rustige kamer" not in page.content()
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert troubles == []


def test_a_poor_connection_costs_no_answer(
    open_page: OpenPage, respondent: Respondent, running: Campaigning, code: str
) -> None:
    page = open_page(360)
    n_before = n_envelopes(running)
    begin(page, respondent, code)
    chosen = page.locator(f"input[name={FIRST.code}]:checked")
    page.locator(f"input[name={FIRST.code}][value='2']").check()
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("[data-not-reached]")).to_be_visible()
    page.get_by_role("button", name="Later of op een ander toestel").click()
    expect(page.locator("[data-not-reached]")).to_be_focused()
    to_the_review(page)
    page.get_by_role("button", name="Verstuur").click()
    expect(page.locator("[data-not-sent]")).to_contain_text("Er is niets verloren")
    assert chosen.input_value() == "2"
    assert faults_of(page) == []
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    # A page of somebody else in between, as at a hotel, is no answer either.
    page.route("**/answers", lambda route: route.fulfill(body="<main>Welcome, log in</main>"))
    page.get_by_role("button", name="Probeer opnieuw").click()
    expect(page.locator("[data-not-sent]")).to_be_focused()
    assert chosen.input_value() == "2"
    page.unroute("**/answers")
    page.get_by_role("button", name="Probeer opnieuw").dblclick()
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert n_envelopes(running) == n_before + 1


def test_whoever_reloads_before_sending_is_asked_first(
    open_page: OpenPage, respondent: Respondent, code: str
) -> None:
    page = open_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    page.on("dialog", stay)
    begin(page, respondent, code)
    expect(page.locator("[data-intro]")).to_contain_text("Herladen wist wat u invulde")
    page.locator(f"input[name={FIRST.code}][value='2']").check()
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload(), 0)")
    expect(page.locator(f"input[name={FIRST.code}]:checked")).to_have_value("2")
    page.wait_for_function("document.readyState === 'complete'")
    assert asked == ["beforeunload"]
    # The answers travel to the other language without a question, and are still to be sent there.
    page.get_by_role("button", name="Français").click()
    expect(page.locator("#sheet[data-unsent]")).to_have_count(1)
    assert asked == ["beforeunload"]
    page.locator("h2:visible").first.click()  # a browser asks only when somebody touched the page
    page.goto("about:blank")
    assert asked == ["beforeunload"] * 2


def test_the_closing_time_passes_meanwhile(
    open_page: OpenPage, sqlite_url: str, tmp_path: Path
) -> None:
    made = prepare(sqlite_url, tmp_path)
    with serving(made) as respondent:
        page = open_page(360)
        begin(page, respondent, made.codes[0])
        page.locator(f"input[name={FIRST.code}][value='2']").check()
        for _ in range(N_PARTS - 1):
            go_on(page).click()
        page.get_by_label(COMMENT).fill("Een rustige kamer.")
        go_on(page).click()
        made.close()
        page.get_by_role("button", name="Verstuur").click()
        expect(page.get_by_role("heading", name="niet meer worden aangenomen")).to_be_visible()
        expect(page.get_by_role("button", name="Druk deze pagina af")).to_be_visible()
        assert "Een rustige kamer." in page.content()
        assert faults_of(page) == []
    made.database.dispose()


def test_two_tabs_another_language_and_another_device(
    open_page: OpenPage, respondent: Respondent, running: Campaigning, code: str
) -> None:
    page = open_page()
    begin(page, respondent, code)
    kept = PARTS[1].questions[0].field
    go_on(page).click()
    page.locator(f"input[name={kept}][value='4']").check()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("[data-part-line]")).to_have_text(f"Partie 2 sur {N_PARTS}")
    assert page.locator(f"input[name={kept}]:checked").input_value() == "4"
    page.get_by_role("button", name="Continuer plus tard").click()
    expect(page.get_by_role("heading", name="conservées")).to_be_visible()
    assert faults_of(page) == []
    tabs = [open_page(360), open_page()]
    for tab in tabs:
        begin(tab, respondent, code)
        assert tab.locator(f"input[name={kept}]:checked").input_value() == "4"
        to_the_review(tab)
    n_before = n_envelopes(running)
    receipts = []
    for tab in tabs:
        tab.locator("[data-send]").click()
        receipts.append(tab.locator("[data-receipt]").get_attribute("data-receipt"))
    assert receipts[0]
    assert receipts[0] == receipts[1]
    assert n_envelopes(running) == n_before + 1


def test_everything_works_without_script(
    open_page: OpenPage, respondent: Respondent, running: Campaigning, code: str
) -> None:
    page = open_page(java_script_enabled=False)
    n_before = n_envelopes(running)
    begin(page, respondent, code)
    assert page.locator("[data-part-section]:visible").count() == N_PARTS
    page.locator(f"input[name={FIRST.code}][value='5']").check()
    page.locator("input[name=SUP1][value=na]").check()
    page.locator(f"input[name={FIRST.code}][value='5']").press("Enter")  # looks, sends nothing
    expect(page.locator("#gaps")).to_contain_text(f"{N_ASKED - 2} vragen niet beantwoord")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="Relisez vos réponses")).to_be_visible()
    page.locator("details.filled").first.locator("summary").click()
    page.get_by_role("button", name="Modifier").first.click()
    assert page.locator(f"input[name={FIRST.code}]:checked").input_value() == "5"
    assert n_envelopes(running) == n_before
    page.get_by_role("button", name="Envoyer mes réponses").click()
    receipt = page.locator("[data-receipt]").get_attribute("data-receipt")
    assert receipt
    assert len(receipt) == 10
    page.get_by_role("link", name="Terminé").click()
    expect(page.get_by_role("button", name="Commencer")).to_be_visible()
    assert n_envelopes(running) == n_before + 1


def test_the_keyboard_alone_is_enough_and_numbers_answer(
    open_page: OpenPage, respondent: Respondent, code: str
) -> None:
    page = open_page()
    page.goto(f"{home(respondent)}?lang=nl")
    page.get_by_label("Uw code").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    questions_come(page)
    reached = 0
    while page.evaluate("document.activeElement.name") != FIRST.code and reached < 40:
        page.keyboard.press("Tab")
        reached += 1
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.locator(f"input[name={FIRST.code}]:checked").input_value() == "2"
    page.keyboard.press("4")  # means nothing before somebody asks for it
    assert page.locator(f"input[name={FIRST.code}]:checked").input_value() == "2"
    page.get_by_label("Antwoorden met de cijfertoetsen").focus()
    page.keyboard.press("Space")
    own = [INSTRUMENT.item(question.field) for question in PARTS[0].questions]
    # on from the box that was ticked, to the first question without an answer
    for number in range(1, len(own)):
        page.keyboard.press(str(1 + number % 5))
    assert go_on(page).evaluate("element => element === document.activeElement")
    page.locator(f"input[name={FIRST.code}]:checked").focus()
    page.keyboard.press("1")
    for number, item in enumerate(own):
        value = page.locator(f"input[name={item.code}]:checked").input_value()
        assert int(value) == item.format.low + number % 5
    for _ in range(N_PARTS):
        go_on(page).focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Verstuur").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert reached < 40


def test_a_kiosk_forgets_who_stood_there(
    open_page: OpenPage, respondent: Respondent, running: Campaigning, code: str
) -> None:
    page = open_page()
    page.clock.install()
    begin(page, respondent, code, "?lang=fr&kiosk=1")
    asked = page.locator("[data-kiosk]")
    page.locator(f"input[name={FIRST.code}][value='2']").check()
    page.clock.run_for(55_000)
    expect(asked).to_be_hidden()
    page.clock.run_for(6_000)
    expect(asked).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Je suis encore là").click()
    expect(asked).to_be_hidden()
    assert page.locator(f"input[name={FIRST.code}]:checked").input_value() == "2"
    go_on(page).click()
    page.clock.run_for(91_000)
    page.locator("[data-start-page]").wait_for()
    page.go_back()
    assert page.locator("#sheet").count() == 0
    expect(page.locator("#code")).to_have_value("")
    # And after sending: a short time for the number, then the first page again.
    begin(page, respondent, code, "?kiosk=1")
    assert page.get_by_role("button", name="Later of op een ander toestel").count() == 0
    to_the_review(page)
    page.locator("[data-send]").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    page.clock.run_for(21_000)
    page.locator("[data-start-page]").wait_for()
    expect(page.locator("#code")).to_have_value("")


# Width, colours, zoom (200 % on a desk is a screen half as wide), and what axe looks at.
LOOKS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "nl": ({"width": 360}, {"example", "code", "review", "thanks", "promise"}),
    "fr": ({"width": 1400, "color_scheme": "dark"}, {"unwanted", "promise", "review"}),
    "en": ({"width": 640, "contrast": "more"}, {"unwanted", "review"}),
    "de": ({"width": 320, "forced_colors": "active"}, {"review", "promise"}),
}


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_has_an_accessibility_fault_or_is_too_wide(
    open_page: OpenPage, respondent: Respondent, code: str, language: str
) -> None:
    look, wanted = LOOKS[language]
    page = open_page(**look)
    faults = {}

    def check(name: str) -> None:
        assert width_of(page) <= look["width"], name
        assert page.evaluate("document.documentElement.lang") == language, name
        faults[name] = faults_of(page) if name in wanted else []

    page.goto(f"{home(respondent)}/example?lang={language}")
    check("example")
    page.goto(f"{home(respondent)}?lang={language}")
    check("promise")
    begin(page, respondent, "1234", f"?lang={language}")
    check("code")
    page.locator("#code").fill(code)
    page.locator("button.primary").click()
    questions_come(page)
    while not page.locator(".help").is_visible():
        go_on(page).click()
    page.locator(".help summary").click()
    check("unwanted")
    to_the_review(page)
    page.locator("details.filled summary").first.click()
    check("review")
    page.locator("[data-send]").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    check("thanks")
    assert wanted <= set(faults)
    assert {name: found for name, found in faults.items() if found} == {}
