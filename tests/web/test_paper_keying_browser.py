"""A stack typed with the keyboard alone, twice, decided by a third, sealed, read as results."""

import os
import re
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.organisation.permissions import Actor, Grant, Role
from baken.survey.codes.models import Code
from baken.survey.codes.places import exchange, list_places
from baken.survey.paper.first_entry import key_sheet
from baken.survey.paper.forms import Wanted, make_forms
from baken.survey.paper.keystrokes import questions_of
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState
from baken.survey.paper.second_entry import key_second
from baken.survey.paper.typed import Typed
from baken.web.documents.forms.letters import measure
from baken.web.documents.forms.words import About, words_of
from tests.web.test_campaign_pages import after_the_last_day, become, launch, prepare
from tests.web.test_office_browser import check, serving, signed_in

pytestmark = pytest.mark.browser
FORMS = 10
# How many forms are typed with real keys to measure; the figure is printed with `-s`.
TIMED = int(os.environ.get("BAKEN_TYPED_FORMS", "1"))


def exchange_all(website: Any, campaign_id: UUID) -> str:
    """Let ten slips of the largest group become paper places; return its key."""
    with website.database.session(website.organisation.id) as session:
        codes = list(session.scalars(select(Code).where(Code.campaign_id == campaign_id)))
        units = [code.unit for code in codes]
        unit = max(set(units), key=units.count)
        for code in [one for one in codes if one.unit == unit][:FORMS]:
            assert exchange(session, campaign_id, code.tag, today=website.clock().date())
    return unit


def print_forms(website: Any, campaign_id: UUID, unit: str) -> str:
    """Print forms, so that the screen can follow their pages; return what stands at their foot."""
    staffed = website.organisation
    grants = frozenset({Grant(Role.ADVISER)})
    adviser = Actor(staffed.people[Role.ADVISER], staffed.id, "Els Wouters", grants)
    wanted = Wanted("nl", large=False, forms={unit: FORMS})
    with website.database.session(staffed.id) as session:
        words = words_of(About("x"), "nl")
        made = make_forms(session, campaign_id, wanted, words=words, measure=measure, by=adviser)
    return made.form.imprint


def keystrokes(instrument: Instrument) -> list[str]:
    """One key for each question with boxes: no cross, two crosses and the second box in turn."""
    words = words_of(About("x"), "nl")
    questions = questions_of(instrument, "nl", words, none="-", double="-")
    closed = [one for one in questions if not one.is_open]
    return [(",", "+", "2", "1")[n % 4] for n, _ in enumerate(closed)]


def fields(instrument: Instrument, keys: list[str], **changes: str) -> dict[str, str]:
    words = words_of(About("x"), "nl")
    questions = questions_of(instrument, "nl", words, none="-", double="-")
    closed = [one for one in questions if not one.is_open]
    typed = {f"q-{one.key}": key for one, key in zip(closed, keys, strict=True)}
    return {"unit": "1", "whole": "1", **typed, **changes}


def typed_of(instrument: Instrument, unit: str, keys: list[str]) -> Typed:
    """The same form as it reaches the stack, for those that are not typed on a screen."""
    words = words_of(About("x"), "nl")
    questions = questions_of(instrument, "nl", words, none="-", double="-")
    closed = [one for one in questions if not one.is_open]
    found = {one.key: one.value_of(key) for one, key in zip(closed, keys, strict=True)}
    return Typed(
        unit,
        "nl",
        {item.code: found[item.code] for item in instrument.items},
        {one.key: found[one.key] for one in instrument.backgrounds},
        {one.key: "" for one in instrument.open_questions},
    )


@dataclass
class Hands:
    """Enters forms without a screen: that one can is shown with others."""

    website: Any

    def enter(self, act: Any, batch_id: UUID, place: int, form: Typed, role: Role) -> None:
        staffed, keys = self.website.organisation, self.website.app.state.key_store
        by = Actor(staffed.people[role], staffed.id, "x", frozenset({Grant(role)}))
        with self.website.database.session(staffed.id) as session:
            act(session, keys, batch_id, place, form, by=by, today=self.website.clock().date())


def type_form(page: Page, keys: list[str], comment: str) -> float:
    """Type a form without touching a mouse; return the seconds that it took."""
    expect(page.locator("#unit")).to_be_focused()
    started = time.perf_counter()
    for key in ("1", *keys):
        page.keyboard.press(key)
    took = time.perf_counter() - started
    expect(page.locator("textarea").first).to_be_focused()
    page.keyboard.type(comment)
    return took


def read_results(office: Any, website: Any, campaign: str) -> None:
    """Close, open and release the survey."""
    after_the_last_day(website)
    become(website, office, Role.PREVENTION_ADVISER)
    assert office.post(f"{campaign}/close").status_code == 303
    become(website, office, Role.ADVISER)
    office.post(f"{campaign}/open")
    assert website.work_off() == 1
    become(website, office, Role.ADVISER)
    office.post(f"{campaign}/results")
    assert website.work_off() >= 1


def test_from_the_count_by_two_entries_and_a_decision_to_the_results(
    chromium: Browser, website: Any
) -> None:
    office, campaign = prepare(website)
    launch(office, campaign)
    unit = exchange_all(website, UUID(campaign.rpartition("/")[2]))
    imprint = print_forms(website, UUID(campaign.rpartition("/")[2]), unit)
    instrument = load_instrument("vijf-a", "1")
    keys, complaints = keystrokes(instrument), []  # type: ignore[var-annotated]
    batches = f"{campaign}/paper/batches"
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.CLERK, complaints)
        page.goto(f"{address}{batches}/new?lang=fr")
        check(page, "paper-batch-new-fr", rules=False)
        page.goto(f"{address}{batches}/new?lang=nl")
        page.select_option("select[name=unit]", unit)
        page.fill("input[name=counted]", "9")
        foreign = ("4" if imprint[0] != "4" else "5") + imprint[1:]
        page.fill("input[name=imprint]", foreign)
        page.keyboard.press("Enter")
        expect(page.locator(".problems")).to_contain_text(f"heeft {foreign} onderaan")
        page.fill("input[name=imprint]", f" {imprint.lower()}")
        page.keyboard.press("Enter")
        expect(page.locator(".problems")).to_contain_text("ten minste 10 formulieren")
        page.fill("input[name=counted]", str(FORMS))
        page.keyboard.press("Enter")
        page.wait_for_url("**/key")
        batch = page.url.removeprefix(address).removesuffix("/key")
        expect(page.locator("legend", has_text="Bladzijde 2")).to_be_visible()
        assert f"en onderaan {imprint} naast" in page.inner_text("form#sheet fieldset")
        check(page, "paper-key-nl", rules=True)
        # sent empty: what was refused is marked where it stands, and the arrow leads to it
        page.locator("form#sheet button[type=submit]").first.press("Enter")
        expect(page.locator("#unit")).to_have_attribute("aria-invalid", "true")
        page.keyboard.press("ArrowDown")

        took = [type_form(page, keys, "Te weinig tijd.") for _ in range(1)]
        # the line drops: everything typed stays, and the same form sent again is kept once
        page.context.set_offline(True)
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-refusal]")).to_contain_text("herlaad ze niet")
        page.context.set_offline(False)
        assert page.locator("textarea").first.input_value() == "Te weinig tijd."
        page.keyboard.press("ArrowDown")  # off the refusal, back into the form without a mouse
        expect(page.locator("form#sheet input[data-keys]").first).to_be_focused()
        page.locator("form#sheet button[type=submit]").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("form#sheet h2")).to_contain_text("Formulier 2")
        for number in range(3, 2 + TIMED):
            took.append(type_form(page, keys, ""))
            page.keyboard.press("Control+Enter")
            expect(page.locator("form#sheet h2")).to_contain_text(f"Formulier {number}")
        figure = sum(took) / len(took) * 60 / len(keys)
        print(f"\n60 questions typed in {figure:.1f} s ({len(took)} forms of {len(keys)})")
        assert figure < 60
        # back with the arrow, and another answer takes the place of the first
        page.keyboard.press("1")
        page.keyboard.press(keys[0])
        page.keyboard.press("ArrowUp")
        page.keyboard.press("3")
        assert page.locator("fieldset:nth-of-type(2) input").first.input_value() == "3"

        # stopped half-way: whoever comes back goes on with the next form, and is not asked for a
        # second factor in the middle of a stack; to start another one it takes one
        clerk = website.browser(Role.CLERK)
        assert clerk.get(f"{batches}/new").status_code == 200
        website.clock.move(minutes=11)
        assert "/account/confirm" in clerk.get(f"{batches}/new").text
        assert 'name="place" value="2"' in clerk.get(f"{batch}/key").text
        sent = fields(instrument, keys, place="2", csrf=clerk.token)
        wrong = clerk.post(f"{batch}/key", sent | {f"q-{instrument.items[0].code}": "77"})
        assert wrong.status_code == 422
        assert 'value="77"' in wrong.text
        few = clerk.post(f"{batch}/key", {"place": "2", "whole": "1", "csrf": clerk.token})
        assert re.search(r"\d\d vragen, waaronder 1, 2, 3, is daar geen antwoord", few.text)
        assert clerk.post(f"{batch}/key", sent).status_code == 303
        hands, batch_id = Hands(website), UUID(batch.rpartition("/")[2])
        form = typed_of(instrument, unit, keys)
        for place in range(3, FORMS + 1):
            hands.enter(key_sheet, batch_id, place, form, Role.CLERK)
        assert clerk.post(f"{batch}/finish", {"counted": str(FORMS + 1)}).status_code == 422
        assert clerk.post(f"{batch}/finish", {"counted": str(FORMS)}).status_code == 303
        for page_of_another in ("check", "decide"):
            assert clerk.get(f"{batch}/{page_of_another}").status_code == 403
        # the refusal of a second entry leads on: back to the stack
        refusal = clerk.get(f"{batch}/check").text
        assert f'class="button primary" href="{batch}"' in refusal
        assert "<h1>Dit is voor iemand anders</h1>" in refusal  # not: of another role
        assert website.browser(Role.DESK).get(batch).status_code == 403

        second = website.browser(Role.PREVENTION_ADVISER)
        assert "Te weinig tijd" not in second.get(f"{batch}/check").text
        for place in (1, 2, 3, 4, 5, 6, 8, 9, 10):
            hands.enter(key_second, batch_id, place, form, Role.PREVENTION_ADVISER)
        asked = second.get(f"{batch}/check").text
        assert 'name="place" value="7"' in asked
        other = {"q-" + instrument.items[4].code: "*"}
        sent = fields(instrument, keys, place="7", **other)
        assert second.post(f"{batch}/check", sent).headers["location"].startswith(f"{batch}?")

        # the page of the stack offers nobody a step that would be refused
        assert f"{batch}/decide" not in second.get(batch).text
        third = signed_in(chromium, website, address, Role.ADVISER, complaints)
        third.goto(f"{address}{batch}?lang=fr")
        assert third.locator(f'a[href="{batch}/decide"]').count() == 1
        third.goto(f"{address}{batch}/decide?lang=fr")
        check(third, "paper-decide-fr", rules=True)
        assert third.locator("form fieldset").count() == 1
        third.locator("form input[type=radio]").first.focus()
        third.keyboard.press("Space")
        third.locator("form input[type=radio]").first.press("Enter")
        third.wait_for_url(lambda url: "/decide" not in url)
        check(third, "paper-batch-ready-fr", rules=True)
        third.get_by_role("button", name="Sceller la pile").press("Enter")
        third.wait_for_url("**done_sealed**")
        third.goto(f"{address}{batches}?lang=nl")
        check(third, "paper-batches-nl", rules=True)
        for over in ("key", "check", "decide"):  # nothing can be opened again
            assert website.browser(Role.ADVISER).get(f"{batch}/{over}").status_code == 303
        third.goto(f"{address}{campaign}/paper/destruction?lang=nl")
        assert "achter slot" in third.inner_text("main")
        read_results(office, website, campaign)
        third = signed_in(chromium, website, address, Role.ADVISER, complaints)
        third.goto(f"{address}{campaign}/results?lang=nl")
        expect(third.locator(".themes, table, .figure").first).to_be_visible()
        third.goto(f"{address}{campaign}/paper/counts?lang=nl")
        assert "Elk ingeruild strookje is een verzegeld of een blanco" in third.inner_text("main")
        third.goto(f"{address}{batch}?lang=nl")  # how many forms this stack had is told no more
        assert "alleen totalen" in third.inner_text("main")
        assert third.locator("main .facts").count() == 0
    with website.database.read(website.organisation.id) as session:
        kept = session.scalars(select(PaperBatch)).one()
        places = list_places(session, kept.campaign_id)[unit]
    assert (kept.state, kept.n_sealed) == (BatchState.SEALED, FORMS)
    assert (places.taken, places.waiting) == (FORMS, 0)
    # the refused count and the line that was cut, and nothing else
    assert [one for one in complaints if "ERR_INTERNET" not in one and "422" not in one] == []
