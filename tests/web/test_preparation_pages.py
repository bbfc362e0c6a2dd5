"""The small pages of the preparation, and the charter as everybody may read it."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from baken.instruments.library import load_instrument
from baken.organisation.permissions import Role
from baken.survey.box.actions import list_launch_obstacles
from tests.web.test_campaign_pages import (
    BASIS,
    PROMISE,
    QUESTIONNAIRE,
    add_draft,
    agree_on,
    bands,
    become,
    launch_as_it_is,
    save,
    version_on,
)
from tests.web.test_units_pages import import_units

WORDS = {f"{part}_0": f"Over {part}" for part in ("measured", "method", "analysis", "recipients")}
AGREED = {
    "body": "Comité van De Wilg",
    "agreed_on": "2026-02-20",
    "employer": "Hugo Denkbeeld, directeur",
    "workers": "Eva Proefmans, afgevaardigde",
}


def states(page: str) -> dict[str, str]:
    """Step to what the list at the side says of it."""
    listed = page.partition('<nav class="preparing-list')[2].partition("</nav>")[0]
    found = re.findall(r'<li class="(\w+)">.*?>([^<]+)</(?:a|span)>', listed)
    return {unescape(step): state for state, step in found}


def test_a_campaign_is_prepared_page_by_page_and_read_by_everybody(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    import_units(browser, website.root)
    campaign = add_draft(browser, website.root)
    listed = states(browser.get(f"{campaign}/prepare/charter").text)
    assert listed["Handvest"] == listed["Vragen over de persoon"] == "stuck"
    assert listed["Wat u belooft"] == listed["Eenheden"] == "done"
    assert listed["Uitnodiging"] == listed["Categorie op de codes"] == "free"
    # what is agreed comes before what is asked
    assert list(listed)[1:4] == ["Wat u belooft", "Handvest", "Vragenlijst en talen"]
    offered = unescape(browser.get(f"{campaign}/prepare/charter").text)
    assert "We meten geen prestaties" in offered
    assert "nog geen handvest afgesproken" in browser.get("/s/de-wilg/charter").text

    assert save(browser, campaign, "charter", **WORDS).status_code == 303
    early = save(browser, campaign, "agreement", **{**AGREED, "agreed_on": "2099-01-01"})
    assert early.status_code == 422
    assert "kan niet later zijn dan vandaag" in early.text
    become(website, browser, Role.CPBW_MEMBER)  # the committee may note it too
    assert save(browser, campaign, "agreement", **AGREED).status_code == 303
    assert "Hugo Denkbeeld" in browser.get(f"{campaign}/charter").text
    become(website, browser, Role.PREVENTION_ADVISER)
    public = browser.get("/s/de-wilg/charter")
    for said in (
        "Over method",
        "Comité van De Wilg",
        "Eva Proefmans",
        "20\u00a0februari 2026",
        "10 mensen",
    ):
        assert said in public.text
    assert "set-cookie" not in public.headers

    moved = {**BASIS, "closes_on": "2026-03-27"}
    assert save(browser, campaign, "basis", **moved).status_code == 303
    said = unescape(browser.get(f"{campaign}/prepare/agreement").text)
    assert "Sindsdien is gewijzigd: de laatste dag" in said
    assert "Over method" not in browser.get("/s/de-wilg/charter").text
    assert save(browser, campaign, "background", **bands()).status_code == 303
    assert launch_as_it_is(browser, campaign).status_code == 422
    assert "Vul de bladen" in browser.get(campaign).text
    assert save(browser, campaign, "agreement", **AGREED).status_code == 303
    ready = browser.get(campaign).text
    assert "Alle bladen van de voorbereiding zijn in orde" in ready
    assert ready.count("button primary") == 1
    assert launch_as_it_is(browser, campaign).status_code == 303
    assert "27\u00a0maart 2026" in browser.get("/s/de-wilg/charter?lang=nl").text
    assert browser.get(f"{campaign}/prepare/charter").status_code == 409
    assert browser.get("/s/is-er-niet/charter").status_code == 404


def test_category_ways_and_invitation_are_kept_and_shown(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    import_units(browser, website.root)
    campaign = add_draft(browser, website.root)
    agree_on(website, campaign)
    one = save(browser, campaign, "stratum", title_0="Statuut", band_0_0="Arbeider")
    assert one.status_code == 422  # one group is none
    two = {"title_0": "Statuut", "band_0_0": "Arbeider", "band_2_0": "Bediende"}
    assert save(browser, campaign, "stratum", **two).status_code == 303
    page = unescape(browser.get(f"{campaign}/prepare/stratum/people").text)
    fields = dict.fromkeys(re.findall(r'name="(people_\d_\d)"', page), "4")
    assert (
        save(browser, campaign, "stratum/people", **{**fields, "people_0_0": "x"}).status_code
        == 422
    )
    assert save(browser, campaign, "stratum/people", **fields).status_code == 303
    page = unescape(browser.get(f"{campaign}/prepare/stratum/people").text)
    assert "tellen de groepen samen 8 mensen, maar er werken 12 mensen" in page
    assert ">4 mensen<" in page
    counted = save(browser, campaign, "stratum/people", **{**fields, "rest": "s3"})
    assert counted.status_code == 303
    page = unescape(browser.get(f"{campaign}/prepare/stratum/people").text)
    assert page.count(">niemand<") == page.count('name="people_') // 2
    assert "tellen de groepen samen" not in page
    assert save(browser, campaign, "stratum/people", **fields).status_code == 303

    path = f"{campaign}/prepare/channels"
    seen = version_on(browser, path)
    none = browser.post(f"{path}/all", {"version": seen})
    assert none.status_code == 422
    assert browser.post(f"{path}/all", {"version": seen, "everywhere": "letter"}).status_code == 303
    assert browser.get(path).text.count('value="letter" checked') == 3
    unreached = unescape(browser.get(f"{campaign}/launch").text)
    assert "12 mensen, 0 adressen (Brief)" in unreached
    ways = {"ways_0": "kiosk", "ways_1": "sitting", "ways_2": "cards", "spares_per_unit": "2"}
    odd = save(browser, campaign, "channels", **{**ways, "ways_1": "pigeon"})
    assert odd.status_code == 422
    # what is written by hand is typed over, or goes along as a picture; that is to be agreed
    for typed in ({"types_handwriting": "y"}, {}):
        assert save(browser, campaign, "channels", **ways, **typed).status_code == 303
        shown = re.search(r"<input[^>]*types_handwriting[^>]*>", browser.get(path).text)
        assert shown
        assert ("checked" in shown[0]) is bool(typed)
    assert browser.get(path).text.count('value="kiosk" checked') == 1

    letter = {"subject_0": "Hoe gaat het?", "body_0": "Beste {name},\n\n{link}"}
    missing = save(browser, campaign, "invitation", **letter)
    assert missing.status_code == 422
    assert "{code} ontbreekt in de tekst (Nederlands)" in unescape(missing.text)
    letter["body_0"] += "\nUw code: {code}, tot {closes_on}"
    assert save(browser, campaign, "invitation", **letter).status_code == 303
    for form in ("mail", "letter"):
        seen_as = unescape(browser.get(f"{campaign}/prepare/invitation/preview?as={form}").text)
        assert "/s/de-wilg#XXXX-XXXX-XXXX-X" in seen_as
        assert "tot 20\u00a0maart 2026" in seen_as
    sheet = unescape(browser.get(f"{campaign}/launch").text)
    french = {"subject_0": "Test", "body_0": "Code\u00a0: {code}\u200b\n{link}"}
    assert save(browser, campaign, "invitation", **french).status_code == 303
    kept = unescape(browser.get(f"{campaign}/prepare/invitation").text)
    assert "Code\u00a0: {code}\n" in kept  # the space stays, the sign that nobody sees goes
    for said in ("Statuut: Arbeider (12), Bediende (12)", "Gedeelde computer"):
        assert said in sheet
    assert "0 adressen" not in sheet


def test_a_former_campaign_is_offered_as_a_start(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    former = add_draft(browser, website.root)
    again = {**BASIS, "title": "Het jaar daarna", "public_name": "jaar-twee"}
    copied = {**again, "former": former.rpartition("/")[2]}
    answer = browser.post(f"{website.root}/campaigns/new", copied)
    campaign = answer.headers["location"].partition("/prepare/")[0]
    assert 'value="Dienst informatica"' in browser.get(f"{campaign}/prepare/promise").text
    wrong = browser.post(
        f"{website.root}/campaigns/new", {**again, "public_name": "drie", "former": "x"}
    )
    assert wrong.status_code == 422


def test_the_simulation_says_whom_it_would_show(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    campaign = add_draft(browser, website.root)
    assert "nog geen eenheden" in browser.get(f"{campaign}/prepare/reach").text
    import_units(browser, website.root)
    page = unescape(browser.get(f"{campaign}/prepare/reach?at=60").text)
    assert "2 van 3 eenheden krijgen eigen cijfers; 36 van 44 mensen" in page
    assert "Tel Nachtploeg bij de mensen van Zorg zelf." in page
    assert "44 van 44 mensen" in page


LATER, NEVER = "(nodig voor de start)", "(niet verplicht)"
ASKED: dict[str, dict[str, Any]] = {
    "promise": {**PROMISE, "min_group": "5", "counsellor": "Noor Gefingeerd, 012"},
    "charter": WORDS | {name.replace("_0", "_1"): words for name, words in WORDS.items()},
    "stratum": {
        f"{name}_{at}": f"{name} {at}"
        for name in ("title", "band_0", "band_1", "band_2")
        for at in (0, 1)
    },
    "invitation": {
        "subject_0": "Hoe gaat het?",
        "subject_1": "Comment ça va ?",
        "body_0": "{code} {link}",
        "body_1": "{code} {link}",
        "employer_signatory": "Hugo Denkbeeld",
        "committee_signatory": "Eva Proefmans",
    },
    "basis": BASIS,
    "agreement": AGREED,
}
SECOND_LANGUAGE_SAYS_IT = {
    name for fields in ASKED.values() for name in fields if name.endswith("_0")
}


def demanded(website: Any, campaign: str) -> frozenset[str]:
    """Everything that stands in the way of a start today."""
    with website.database.read(website.organisation.id) as session:
        found = list_launch_obstacles(
            session,
            UUID(campaign.rpartition("/")[2]),
            load_instrument("vijf-a", "1"),
            today=website.clock().date(),
        )
    return frozenset(map(str, found))


def mark_of(page: str, name: str) -> str:
    """What stands behind the label of a field, or behind that of its group of fields."""
    before = page[: page.index(f' name="{name}"')]
    at = max(before.rfind(f'<label for="{name}"'), before.rfind("<legend>"))
    own = before[at:].partition("</label>")[0]
    group = before[before.rfind("<fieldset") :].partition("</legend>")[0]
    found = re.search(r'class="optional">([^<]*)<', own) or (
        re.search(r'class="optional">([^<]*)<', group) if "<legend>" in group else None
    )
    return unescape(found[1]) if found else ""


def test_every_field_says_whether_it_is_needed_now_before_the_start_or_never(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    import_units(browser, website.root)
    campaign = add_draft(browser, website.root)
    path = f"{campaign}/prepare/channels"
    everywhere = {"version": version_on(browser, path), "everywhere": "letter"}
    assert browser.post(f"{path}/all", everywhere).status_code == 303
    languages = {**QUESTIONNAIRE, "languages": ["nl", "fr"]}
    assert save(browser, campaign, "questionnaire", **languages).status_code == 303
    marks: dict[str, set[str]] = {"": set(), LATER: set(), NEVER: set()}
    for step, fields in ASKED.items():
        assert save(browser, campaign, step, **fields).status_code == 303
        before = demanded(website, campaign)
        here = f"{campaign}/{'edit' if step == 'basis' else f'prepare/{step}'}"
        page = browser.get(here).text
        seen = int(re.findall(r'name="version"[^>]*value="(\d+)"', page)[0])
        answer = browser.post(here, {"version": seen})
        seen += answer.status_code == 303  # one more with every page that is saved
        for name in fields.keys() - SECOND_LANGUAGE_SAYS_IT:
            expected = ""
            if f'id="{name}-error"' not in answer.text:
                saved = browser.post(here, {"version": seen, **fields, name: ""})
                assert saved.status_code == 303
                seen += 1
                expected = LATER if demanded(website, campaign) - before else NEVER
            assert mark_of(page, name) == expected, (step, name)
            marks[expected].add(name)
        browser.post(here, {"version": seen, **fields})
    assert marks[NEVER] == {"counsellor", "public_name"}
    later = {*ASKED["charter"], *ASKED["stratum"], *ASKED["invitation"]}
    assert marks[LATER] == later - SECOND_LANGUAGE_SAYS_IT
    assert NEVER in unescape(browser.get(f"{campaign}/prepare/stratum").text)  # a fourth group
    assert LATER in unescape(browser.get(f"{campaign}/prepare/stratum/people").text)
    everywhere = {"version": version_on(browser, path), "everywhere": "cards"}
    assert browser.post(f"{path}/all", everywhere).status_code == 303
    page = unescape(browser.get(f"{campaign}/prepare/invitation").text)
    assert LATER not in page
    assert page.count(NEVER) == len(ASKED["invitation"])
    assert "alle codes gaan op kaarten" in browser.get(f"{campaign}/invitations").text
