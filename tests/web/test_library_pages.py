"""The library through HTTP: from a shipped questionnaire to an own version that is asked."""

import json
import re
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from baken.organisation.permissions import Actor, Grant, Role
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.library.actions import lock_version
from baken.survey.library.content import Content, flat
from baken.survey.library.queries import get_instrument, get_source
from baken.survey.library.slots import slots_of
from baken.web.body import MAX_FIELDS
from baken.web.pages.campaign_forms import questionnaires
from baken.web.pages.library_text_rows import MOST_FIELDS, text_pages

TOPIC = {
    "scale": "new",
    "name_nl": "Ons rooster",
    "dimension": "A3",
    "high_is": "risk",
    "text_nl": "Mijn rooster verandert te laat.",
}


def make_own(browser: Any, root: str, key: str = "vijf-a", version: str = "1") -> str:
    answer = browser.post(f"{root}/library/new", {"key": key, "version": version})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def seen(browser: Any, page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', browser.get(page).text)
    assert found
    return found[1]


def add_question(browser: Any, version: str, **changed: str) -> Any:
    page = f"{version}/questions/new"
    formats = re.findall(r'<option value="(\w+)"', browser.get(page).text.partition("format")[2])
    fields = {"version": seen(browser, page), "format": formats[0], **TOPIC, **changed}
    return browser.post(page, fields)


def offered(website: Any) -> dict[str, tuple[str, ...]]:
    """What a campaign can choose, with the languages of each."""
    with website.database.read(website.organisation.id) as session:
        return {name: one.languages for name, one in questionnaires(session).items()}


def plan_campaign(website: Any) -> UUID:
    """A draft that asks the own version."""
    staffed = website.organisation
    grants = frozenset({Grant(Role.PREVENTION_ADVISER)})
    by = Actor(staffed.people[Role.PREVENTION_ADVISER], staffed.id, "Tom", grants)
    plan = CampaignPlan(
        title="Werk en welzijn",
        languages=("nl",),
        opens_on=date(2026, 3, 2),
        closes_on=date(2026, 3, 20),
    )
    with website.database.session(staffed.id) as session:
        instrument = get_instrument(session, "vijf-a", "own-1")
        campaign_id: UUID = create_campaign(session, instrument, plan, by=by).id
    return campaign_id


def words(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.fixture
def composed(website: Any) -> tuple[Any, str]:
    """An own version with one question of its own, written in Dutch only."""
    browser = website.browser(Role.PREVENTION_ADVISER)
    version = make_own(browser, website.root)
    assert add_question(browser, version).status_code == 303
    return browser, version


def test_the_list_says_what_can_be_asked_and_what_lacks_texts(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    page = words(browser.get(f"{website.root}/library"))
    assert "Van uw organisatie Hier komen de eigen versies te staan." in page
    assert "Versie 1, 69 vragen" in page
    assert "vijf-a" not in page
    assert "zonder teksten" in page
    structure = browser.get(f"{website.root}/library/bat-12/1")
    assert "Van deze vragenlijst zijn er geen teksten in Baken." in words(structure)
    refused = browser.get(f"{website.root}/library/bat-12/1/preview")
    assert refused.status_code == 422
    assert "Vul de ontbrekende teksten aan" in words(refused)
    assert browser.get(f"{website.root}/library/bat-12/9").status_code == 404
    assert browser.get(f"{website.root}/library/vijf-a/own-1").status_code == 404


def test_a_language_with_missing_texts_is_named_and_cannot_be_chosen(
    website: Any, composed: tuple[Any, str]
) -> None:
    browser, version = composed
    page = words(browser.get(version))
    assert "Vraag 1 van “Ons rooster”: “Mijn rooster verandert te laat.”" in page
    assert "own_1_1" not in page
    assert "Zolang kan niemand in deze taal antwoorden" in page
    assert "fr" not in offered(website)["vijf-a own-1"]

    fields = {
        "version": seen(browser, version),
        "fr|items.own_1_1": "Mon horaire change trop tard.",
        "fr|scales.own_scale_1_1": "Notre horaire",
        "fr|short_scales.own_scale_1_1": "Horaire",
        "group": "A3",
    }
    assert browser.post(f"{version}/texts", fields).status_code == 303
    assert "ook van een andere schaal" not in words(browser.get(f"{version}/texts?group=A3"))
    twice = {"version": seen(browser, version), "nl|short_scales.own_scale_1_1": "loopbaan"}
    assert browser.post(f"{version}/texts", twice).status_code == 303
    page = words(browser.get(f"{version}/texts?group=A3"))
    assert page.count("ook van een andere schaal") == 2
    assert "Volledig" in words(browser.get(version)).partition("Français")[2][:12]
    assert offered(website)["vijf-a own-1"] == ("nl", "fr")


def test_a_question_without_words_or_topic_comes_back_with_what_was_typed(
    composed: tuple[Any, str],
) -> None:
    browser, version = composed
    answer = add_question(browser, version, text_nl="", dimension="", name_nl="Parking")
    assert answer.status_code == 422
    assert "Schrijf de vraag in minstens één taal." in answer.text or "Kies waarover" in answer.text
    assert 'value="Parking"' in answer.text
    wordless = add_question(browser, version, text_nl=" ")
    assert "Schrijf de vraag in minstens één taal." in wordless.text
    long = add_question(browser, version, text_nl="x" * 1001)
    assert long.status_code == 422
    assert "own_1_2" not in browser.get(version).text


def test_whole_scales_are_chosen_and_one_has_to_stay(composed: tuple[Any, str]) -> None:
    browser, version = composed
    page = browser.get(f"{version}/parts").text
    paths = re.findall(r'name="ask" value="([^"]+)"', page)
    scales = [path for path in paths if path.startswith("scales.")]
    stamp = seen(browser, f"{version}/parts")
    none = browser.client.post(
        f"{version}/parts", data={"csrf": browser.token, "version": stamp}, follow_redirects=False
    )
    assert none.status_code == 422
    assert "Kies minstens één schaal." in none.text
    kept = {"csrf": browser.token, "version": stamp, "ask": [scales[0], scales[-1]]}
    assert browser.client.post(f"{version}/parts", data=kept, follow_redirects=False).is_redirect
    shown = words(browser.get(version))
    assert "2 schalen" in shown
    late = browser.client.post(f"{version}/parts", data=kept, follow_redirects=False)
    assert late.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd" in late.text


def test_differences_are_told_in_words(composed: tuple[Any, str]) -> None:
    browser, version = composed
    fields = {
        "version": seen(browser, version),
        "nl|title": "Hoe gaat het bij De Wilg?",
        "group": "general",
    }
    browser.post(f"{version}/texts", fields)
    page = words(browser.get(f"{version}/differences"))
    assert "Wat er anders is in eigen versie 1 dan in versie 1." in page
    assert "De schaal “Ons rooster” is erbij gekomen." in page
    assert "Nieuwe vraag: “Mijn rooster verandert te laat.”" in page
    assert "Titel van de vragenlijst: gewijzigd" in page
    assert "Is nu Hoe gaat het bij De Wilg?" in page


def test_the_preview_has_a_mark_and_nowhere_to_send_to(composed: tuple[Any, str]) -> None:
    browser, version = composed
    page = browser.get(f"{version}/preview?in=nl")
    assert page.status_code == 200
    assert "Mijn rooster verandert te laat." in page.text
    assert "Voorbeeld: er wordt niets bewaard" in page.text
    assert not re.search(r"<form|<script|type=\"submit\"|formaction", page.text)


def test_a_version_that_was_asked_is_fixed(website: Any, composed: tuple[Any, str]) -> None:
    browser, version = composed
    campaign_id = plan_campaign(website)
    chosen = browser.post(f"{version}/delete", {"version": seen(browser, version)})
    assert chosen.status_code == 422
    assert "Deze versie is gekozen voor Werk en welzijn." in words(chosen)
    with website.database.session(website.organisation.id) as session:
        lock_version(session, "vijf-a", "own-1", campaign_id)

    locked = browser.post(f"{version}/texts", {"version": "9", "nl|title": "Anders"})
    assert locked.status_code == 422
    assert "Met deze versie is een bevraging gehouden" in words(locked)
    assert browser.get(f"{version}/parts").status_code == 409
    assert "vastgelegd" in words(browser.get(version))
    assert make_own(browser, website.root, "vijf-a", "own-1").endswith("/vijf-a/own-2")
    same = browser.get(f"{website.root}/library/vijf-a/own-2/differences?from=own-1")
    assert "Er is geen verschil." in words(same)


def test_a_structure_is_completed_with_a_file_of_texts(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    version = make_own(browser, website.root, "uwes-9")
    table = browser.get(f"{version}/text-table").text
    rows = [line.split(";") for line in table.lstrip("\ufeff").splitlines()]
    place = rows[0].index("nl")
    filled = "".join(
        f"{row[0]};{row[place] or f'Tekst {number}'}\n" for number, row in enumerate(rows[1:])
    )
    page = browser.get(f"{version}/text-file")
    assert page.status_code == 200
    fields = {"csrf": browser.token, "version": seen(browser, f"{version}/text-file")}
    content = f"text;nl\n{filled}items.X9;Nergens\n"
    answer = browser.client.post(
        f"{version}/text-file",
        data=fields,
        files={"file": ("eigen.csv", content.encode(), "text/csv")},
        follow_redirects=False,
    )
    assert answer.status_code == 200, answer.text
    assert "items.X9" in answer.text
    assert "klaar om te vragen" in words(browser.get(version))
    assert browser.get(f"{version}/preview").status_code == 200
    bad = browser.client.post(
        f"{version}/text-file",
        data={**fields, "version": seen(browser, f"{version}/text-file")},
        files={"file": ("x.bin", b"\xff\xfe\x00", "text/csv")},
        follow_redirects=False,
    )
    assert bad.status_code == 422
    assert "niet in UTF-8" in bad.text
    for head, status, said in (("xx", 422, "“xx” is geen taal"), ("nl", 200, "1 tekst is")):
        answer = browser.client.post(
            f"{version}/text-file",
            data={**fields, "version": seen(browser, f"{version}/text-file")},
            files={"file": ("x.csv", f"text;{head}\ntitle;Een titel\n".encode(), "text/csv")},
            follow_redirects=False,
        )
        assert (answer.status_code, said in answer.text) == (status, True)
    assert "gemaakt van versie 1" in words(browser.get(f"{website.root}/library"))


def test_files_go_out_and_come_back(website: Any) -> None:
    browser = website.browser(Role.PREVENTION_ADVISER)
    shipped = f"{website.root}/library/vijf-a-kort/1"
    for form in ("xlsform", "json", "codebook"):
        answer = browser.get(f"{shipped}/download/{form}")
        assert answer.status_code == 200
        assert "vijf-a-kort-1" in answer.headers["content-disposition"]
    whole = browser.get(f"{shipped}/download/json").content

    root = website.root
    back = take(browser, root, "x.json", whole)
    assert back.status_code == 303, back.text
    page = str(back.headers["location"])
    assert "klaar om te vragen" in words(browser.get(page))
    form = take(browser, root, "x.xlsx", browser.get(f"{shipped}/download/xlsform").content)
    assert form.status_code == 303, form.text
    forged = json.loads(whole)
    forged["definition"]["scales"] = {"x": 3}
    assert take(browser, root, "x.json", json.dumps(forged).encode()).status_code == 422
    assert take(browser, root, "x.lss", b"<nonsense/>").status_code == 422
    assert browser.get(f"{shipped}/download/exe").status_code == 404


def take(browser: Any, root: str, name: str, content: bytes) -> Any:
    browser.get(f"{root}/library/import")
    return browser.client.post(
        f"{root}/library/import",
        data={"csrf": browser.token},
        files={"file": (name, content, "application/octet-stream")},
        follow_redirects=False,
    )


def test_others_read_and_do_not_write(website: Any, composed: tuple[Any, str]) -> None:
    _, version = composed
    reader = website.browser(Role.CPBW_MEMBER)
    page = reader.get(version)
    assert page.status_code == 200
    assert "Een eigen vraag toevoegen" not in page.text
    assert reader.get(f"{version}/texts?group=A3").status_code == 200
    assert reader.get(f"{version}/parts").status_code == 403
    assert reader.post(f"{version}/texts", {"nl|title": "X"}).status_code == 403
    assert website.browser(Role.UNIT_HEAD).get(version).status_code == 403


@pytest.mark.parametrize(
    "strange",
    [
        "",
        "x" * 100_000,
        "🙂\u202e עברית\u202c <script>alert(1)</script>",
        "\x00\r\n\t",
        "9" * 400,
        "../../etc",
    ],
)
def test_forged_fields_are_refused_in_words_and_change_nothing(
    composed: tuple[Any, str], strange: str
) -> None:
    browser, version = composed
    stamp = seen(browser, version)
    before = words(browser.get(version))
    forged = {
        f"nl|items.{strange[:50]}": strange,
        f"{strange[:20]}|title": strange,
        "ask": strange,
        "dimension-workload": strange,
        "scale": strange,
        "dimension": strange,
        "format": strange,
        "high_is": strange,
        "max_bytes": strange,
        "low": strange,
        "high": strange,
        "language_code": strange,
        "text_nl": strange,
        "group": strange,
        "next": strange,
    }
    for path in (
        "/texts",
        "/parts",
        "/questions/new",
        "/open-questions/new",
        "/formats",
        "/languages",
        "/text-file",
        "/questions/own_9_9/remove",
        "/languages/xx/remove",
    ):
        for given in (stamp, strange):
            answer = browser.post(f"{version}{path}", {"version": given, **forged})
            assert answer.status_code in {400, 409, 413, 422}, (path, answer.status_code)
            assert "<script>alert" not in answer.text
    assert words(browser.get(version)) == before


def test_no_page_of_texts_is_larger_than_a_form_may_be(website: Any) -> None:
    """One scale with more questions than any, in four languages: every page can still be saved."""
    browser = website.browser(Role.PREVENTION_ADVISER)
    codes = [f"q{number}" for number in range(550)]
    scale = {"dimension": "A2", "high_is": "risk", "items": codes, "source": "test"}
    definition = {
        "key": "large",
        "version": "1",
        "kind": "questionnaire",
        "structure_only": True,
        "languages": ["nl", "fr", "en", "de"],
        "dimensions": ["A2"],
        "source": "test",
        "licence": "test",
        "formats": {"five": {"low": 1, "high": 5}},
        "scales": {"all": scale},
        "items": [{"code": code, "format": "five"} for code in codes],
    }
    named = {
        "dimensions": {"A2": "x"},
        "dimension_headings": {"A2": "x"},
        "scale_notes": {"all": "x"},
    }
    texts = {
        one: {"language": one, "title": "Groot", **named, "scales": {"all": "x"}}
        | {"short_scales": {"all": "x"}}
        for one in definition["languages"]
    }
    file = {"baken": "instrument", "form": 1, "definition": definition, "texts": texts}
    taken = take(browser, website.root, "x.json", json.dumps(file).encode())
    assert taken.status_code == 303, taken.text
    version = str(taken.headers["location"]).partition("?")[0]
    content = Content(definition, texts)
    pages = text_pages(content)
    assert all(4 * len(one.slots) <= MOST_FIELDS < MAX_FIELDS for one in pages)
    assert [slot for one in pages for slot in one.slots] == list(slots_of(content))
    last = browser.get(f"{version}/texts?group={pages[3].key}").text
    names = re.findall(r'<(?:textarea|input)[^>]* name="([^"]+[|][^"]+)"', last)
    assert names == [f"{one}|{slot.path}" for slot in pages[3].slots for one in texts]
    full = dict.fromkeys(names, "é" * 1000)
    sent = {"version": seen(browser, version), "group": pages[3].key, "next": "answers", **full}
    saved = browser.post(f"{version}/texts", sent)
    assert saved.status_code == 303
    assert str(saved.headers["location"]).partition("?")[2].startswith("group=answers&")
    with website.database.read(website.organisation.id) as session:
        kept = get_source(session, "large", "own-1").content.texts
    assert [flat(kept["de"])[slot.path] for slot in pages[3].slots] == ["é" * 1000] * 60
