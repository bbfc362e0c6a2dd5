"""Slips, a sitting, its protocol and the telephone, through HTTP, as each role sees them."""

import re
from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from baken.instruments.library import load_instrument
from baken.organisation.errors import Denied
from baken.organisation.permissions import ALLOWED, Action, Actor, Grant, Role
from baken.organisation.units import list_units
from baken.storage.audit import AuditEntry
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.box.sheet import Sheet
from baken.survey.box.writer import Writer
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.codes.actions import print_codes
from baken.survey.codes.symbols import read_code
from baken.survey.paper.telephone import check_may_ask
from tests.agreed import agree
from tests.web.test_invitation_pages import adviser_of
from tests.web.test_units_pages import import_units

TODAY = date(2026, 3, 2)


@pytest.fixture
def survey(website: Any) -> Any:
    """A running survey with its codes by unit; nobody has answered."""
    import_units(website.browser(Role.HR), website.root)
    by, instrument = adviser_of(website), load_instrument("vijf-a", "1")
    keys, owner = website.app.state.key_store, website.organisation.id
    with website.database.session(owner) as session:
        units = [unit for unit in list_units(session, on=TODAY) if unit.headcount]
        plan = CampaignPlan(
            title="Hoe gaat het op het werk?",
            languages=("nl", "fr"),
            opens_on=TODAY,
            closes_on=date(2026, 3, 20),
            background_headcounts={
                background.key: dict.fromkeys(background.bands, 10)
                for background in instrument.backgrounds
            },
            adviser_name="Els Wouters",
            key_holder="Dienst informatica",
            contact="Jan Claes, 012 34 56 78",
        )
        made = create_campaign(session, instrument, plan, by=by, public_name="de-wilg").id
        agree(session, made, by=by)
    with website.database.session(owner) as session:
        launch_campaign(session, keys, made, instrument, by=by, today=TODAY)
        codes = {card.unit: card.codes for card in print_codes(session, keys, made, by=by)}
    return SimpleNamespace(
        id=made,
        here=f"{website.root}/campaigns/{made}/paper",
        units=units,
        codes=codes,
        instrument=instrument,
    )


def test_a_sitting_from_the_plan_to_the_signature(website: Any, survey: Any) -> None:
    adviser, desk = website.browser(Role.ADVISER), website.browser(Role.DESK)
    first, second = (str(unit.id) for unit in survey.units[:2])
    adviser.get(f"{survey.here}/sittings/new")
    sent = {
        "kind": "sitting", "held_on": "2026-03-02", "place": "Refter", "leader": "L. Leider",
        "units": first, "languages": "fr",
    }  # fmt: skip
    refused = adviser.post(f"{survey.here}/sittings/new", sent | {"held_on": "2026-04-10"})
    assert refused.status_code == 422
    assert "20\u00a0maart 2026" in refused.text
    assert "Refter" in refused.text
    planned = adviser.post(f"{survey.here}/sittings/new", sent)
    assert planned.status_code == 303
    sitting = planned.headers["location"].partition("?")[0]
    assert desk.post(f"{sitting}/change", sent).status_code == 403
    check_desk(website, survey, desk, sitting, (first, second))
    check_words(survey, desk, sitting)
    check_protocol(website, desk, sitting)
    check_telephone(website, survey, adviser)
    committee = website.browser(Role.CPBW_MEMBER)
    counts = committee.get(f"{survey.here}/counts").text
    assert "afgerond op vijf" in counts
    assert committee.get(f"{sitting}/slips").status_code == 403


def check_desk(website: Any, survey: Any, desk: Any, sitting: str, units: Any) -> None:
    first, second = units
    name = survey.units[0].name
    used, *free = survey.codes[first]
    size = (len(survey.instrument.items), len(survey.instrument.backgrounds))
    sheet = Sheet(
        "nl", (1,) * size[0], (0,) * size[1], ("",) * len(survey.instrument.open_questions)
    )
    writer = Writer(website.database, website.app.state.key_store)
    writer.submit(website.organisation.id, survey.id, read_code(used), sheet, today=TODAY)
    writer.stop()
    assert "autofocus" in desk.get(f"{sitting}/slips").text
    given = desk.post(f"{sitting}/slips", {"code": f"http://127.0.0.1/s/de-wilg#{free[0]}"})
    assert given.status_code == 200
    assert f"Een formulier van {name}" in unescape(given.text)
    desk.post(f"{sitting}/slips", {"code": free[1]})
    pages = [desk.post(f"{sitting}/slips", {"code": code}) for code in (used, free[0])]
    assert {page.status_code for page in pages} == {422}
    assert pages[0].text.replace(desk.token, "") == pages[1].text.replace(desk.token, "")
    assert "Geen formulier" in pages[0].text
    check_pause(website, desk, sitting, free[0])
    elsewhere = desk.post(f"{sitting}/slips", {"code": survey.codes[second][0]})
    assert f"strookje van {survey.units[1].name}" in unescape(elsewhere.text)
    mistyped = desk.post(f"{sitting}/slips", {"code": "1234"})
    for page in (given, *pages, elsewhere, mistyped):
        assert not re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.text)


def check_pause(website: Any, desk: Any, sitting: str, exchanged: str) -> None:
    """Too many slips without a form: the desk says how long to wait, and works again after it."""
    sent = {"code": exchanged}
    while (paused := desk.post(f"{sitting}/slips", sent)).status_code == 422:
        pass
    assert paused.status_code == 429
    assert "Naar dit strookje is niet gekeken" in paused.text
    assert 'name="code"' in paused.text
    website.clock.move(minutes=6)
    assert desk.post(f"{sitting}/slips", sent).status_code == 422


def check_words(survey: Any, desk: Any, sitting: str) -> None:
    """The script and the wall hold every question in the language of the sitting, and no answer."""
    texts = survey.instrument.texts["fr"]
    script = unescape(desk.get(f"{sitting}/script").text)
    wall = unescape(desk.get(f"{sitting}/projection?spoken=nl").text)
    for item in survey.instrument.items:
        assert texts.items[item.code] in script
        assert texts.items[item.code] in wall  # Dutch is no language of this sitting
    assert "Vous pouvez passer chaque question" in script
    assert wall.count('class="slide"') == script.count('class="said"')
    assert "<input" not in wall.partition('id="projection"')[2].partition("</main>")[0]


def version_in(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def check_protocol(website: Any, desk: Any, sitting: str) -> None:
    seen = version_in(desk.get(f"{sitting}/count").text)
    counted = {"handed_out_0": "3", "returned_0": "2", "empty_0": "1", "version": seen}
    assert desk.post(f"{sitting}/count", counted | {"empty_0": "3"}).status_code == 422
    assert desk.post(f"{sitting}/count", counted | {"empty_0": "x"}).status_code == 422
    check_a_slip_of_the_finger(desk, sitting, counted)
    assert desk.post(f"{sitting}/count", counted).status_code == 303
    page = desk.get(f"{sitting}/protocol").text
    assert "1 formulier meer uitgedeeld dan strookjes" in page  # which number, and by how many
    seen = version_in(page)
    sign = {"witness": "G. Getuige", "version": seen}
    own = desk.post(f"{sitting}/protocol", sign | {"witness": " l.  LEIDER"})
    assert own.status_code == 422
    assert "iemand anders dan wie leidde" in own.text
    gap = desk.post(f"{sitting}/protocol", sign)
    assert gap.status_code == 422
    assert "Tel opnieuw" in gap.text
    remarks = {"remarks": "Er viel een formulier op de grond.", "version": seen}
    assert desk.post(f"{sitting}/count", counted | remarks).status_code == 303
    seen = version_in(desk.get(f"{sitting}/protocol").text)
    assert desk.post(f"{sitting}/protocol", sign | {"version": seen}).status_code == 303
    assert "Versnipper nu de strookjes" in desk.get(sitting).text
    signed = desk.get(f"{sitting}/protocol").text
    assert "Ondertekend door G. Getuige op 2\u00a0maart 2026" in signed
    again = desk.post(f"{sitting}/count", counted | {"version": seen})
    assert again.status_code == 422
    assert "veranderen niet meer" in again.text
    for page in ("slips", "count"):
        over = desk.get(f"{sitting}/{page}")
        assert over.status_code == 409
        assert f'class="button primary" href="{sitting}"' in over.text
    with website.database.read(website.organisation.id) as session:
        acts = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    mine = [act for act in acts if act.action.startswith("sitting.")]
    names = ["planned", "counted", "counted", "signed"]
    assert [act.action for act in mine] == [f"sitting.{name}" for name in names]
    assert not any("slip" in act.action or "2" in str(act.facts.get("slips")) for act in acts)


def check_a_slip_of_the_finger(desk: Any, sitting: str, counted: dict[str, str]) -> None:
    """A number beyond all codes is asked back, and stands once somebody says how it comes about."""
    odd = counted | {"handed_out_0": "99999", "returned_0": "99999", "empty_0": "0"}
    asked = desk.post(f"{sitting}/count", odd)
    assert asked.status_code == 422
    assert "zo veel codes zijn er niet" in asked.text
    assert 'name="is_right"' in asked.text
    assert 'value="99999"' in asked.text
    without_a_word = desk.post(f"{sitting}/count", odd | {"is_right": "y"})
    assert without_a_word.status_code == 422


def check_telephone(website: Any, survey: Any, adviser: Any) -> None:
    """One knows who calls, the other what is answered."""
    clerk = website.browser(Role.CLERK)
    callers, questions = (f"{survey.here}/telephone/{page}" for page in ("callers", "questions"))
    assert adviser.get(callers).status_code == 200
    assert adviser.get(questions).status_code == 403
    assert clerk.get(callers).status_code == 403
    page = clerk.get(questions)
    assert page.status_code == 200
    assert "/s/de-wilg?kiosk=nl" in page.text  # in the language of whoever reads aloud
    campaign = survey.here.rpartition("/")[0]
    for path in ("", "/invitations", "/response", "/codes/spares", "/paper/counts"):
        assert clerk.get(f"{campaign}{path}").status_code == 403
    assert "Hoe gaat het op het werk?" in clerk.get(f"{website.root}/paper").text
    both = frozenset({Grant(Role.CLERK), Grant(Role.PREVENTION_ADVISER)})
    with pytest.raises(Denied, match="only this role"):
        check_may_ask(Actor(uuid4(), uuid4(), "x", both))
    assert not ALLOWED[Action.VERIFY_CALLERS] & ALLOWED[Action.ASK_BY_TELEPHONE]


def test_what_never_came_back_is_settled_after_the_closing(website: Any, survey: Any) -> None:
    adviser = website.browser(Role.ADVISER)
    unit = survey.units[0]
    plan = {
        "kind": "urn", "held_on": "2026-03-02", "place": "Onthaal", "leader": "L. Leider",
        "units": str(unit.id), "languages": "nl",
    }  # fmt: skip
    adviser.get(f"{survey.here}/sittings/new")
    urn = adviser.post(f"{survey.here}/sittings/new", plan).headers["location"].partition("?")[0]
    for code in survey.codes[str(unit.id)][:2]:
        adviser.post(f"{urn}/slips", {"code": code})
    settle = {"unit": str(unit.id), "forms": "1"}
    assert adviser.post(f"{survey.here}/counts", settle).status_code == 422
    with website.database.session(website.organisation.id) as session:
        close_campaign(session, survey.id, by=adviser_of(website), today=TODAY)
    assert adviser.post(f"{urn}/slips", {"code": survey.codes[str(unit.id)][2]}).status_code == 422
    page = adviser.get(f"{survey.here}/counts").text
    assert f"{unit.name}: 2 formulieren open" in unescape(page)
    assert (
        f"{unit.name}:" not in website.browser(Role.CPBW_MEMBER).get(f"{survey.here}/counts").text
    )
    assert adviser.post(f"{survey.here}/counts", settle).status_code == 303
    too_many = adviser.post(f"{survey.here}/counts", settle | {"forms": "2"})
    assert too_many.status_code == 422
    assert adviser.post(f"{survey.here}/counts", settle).status_code == 303
    assert "Nog niet afgerond" not in adviser.get(f"{survey.here}/counts").text
