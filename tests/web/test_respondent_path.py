"""What can go otherwise on the way of somebody who answers, over real connections."""

import os
import random
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.box.models import Draft, Envelope
from baken.survey.campaigns.models import Campaign
from baken.survey.codes.derivation import code_tag
from baken.survey.codes.models import Code, CodeState
from baken.survey.codes.secrets import PEPPER, CampaignSecrets
from baken.survey.codes.symbols import SYMBOLS, print_code, read_code
from baken.survey.library.actions import make_version
from baken.survey.library.content import content_from, flat
from baken.survey.library.editing import Edit, add_language, write_texts
from baken.survey.library.queries import get_instrument
from baken.web.help_lines import UnreadableHelpLines, lines_in, read_help_lines
from baken.web.numerals import number
from baken.web.pages.respondent_questions import parts_in
from tests.web.respondents import (
    CLOSES,
    INSTRUMENT,
    NOON,
    OPENS,
    Answer,
    Campaigning,
    Respondent,
    all_answers,
    prepare,
    serving,
)

pytestmark = pytest.mark.sqlite

BEFORE = NOON.replace(year=OPENS.year - 1)
AFTER = NOON.replace(month=CLOSES.month, day=CLOSES.day + 1)
DUTCH, EASY = "Het werk is in mijn team eerlijk verdeeld.", "Iedereen doet evenveel werk."


@pytest.fixture(scope="module")
def here(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaigning]:
    """One running campaign for all tests; each takes codes of its own."""
    folder = tmp_path_factory.mktemp("path")
    (folder / "baken.sqlite").write_bytes(sqlite_template.read_bytes())
    made = prepare(f"sqlite:///{folder}/baken.sqlite", folder, people=60)
    yield made
    made.database.dispose()


@pytest.fixture(scope="module")
def respondent(here: Campaigning) -> Iterator[Respondent]:
    with serving(here) as made:
        yield made


def set_state(made: Campaigning, code: str, state: CodeState) -> None:
    pepper = CampaignSecrets(made.keys, made.organisation_id, made.campaign_id).get(PEPPER)
    tag = code_tag(pepper, made.campaign_id, read_code(code))
    with made.database.session(made.organisation_id) as session:
        session.execute(update(Code).where(Code.tag == tag).values(state=state))


def n_rows(made: Campaigning, table: type[Draft | Envelope]) -> int:
    with made.database.read(made.organisation_id) as session:
        return len(session.scalars(select(table)).all())


def test_what_a_code_gets_that_cannot_answer_has_one_size(
    here: Campaigning, respondent: Respondent
) -> None:
    used, paper, revoked, free = here.codes[:4]
    thanks = respondent.post("/answers", {"code": used})
    set_state(here, paper, CodeState.PAPER)
    set_state(here, revoked, CodeState.REVOKED)
    unknown = print_code("ABCDEFGH2345")
    pages: dict[str, Answer] = {"thanks": thanks}
    for language in ("nl", "fr"):
        for name, code in (
            ("used", used),
            ("paper", paper),
            ("revoked", revoked),
            ("unknown", unknown),
            ("half", unknown[:4]),
            ("empty", ""),
            ("typo", f"{unknown[:-1]}{SYMBOLS[SYMBOLS.index(unknown[-1]) - 1]}"),
        ):
            pages[f"{name} {language}"] = respondent.post("", {"code": code, "lang": language})
            pages[f"{name} {language} sent"] = respondent.post("/answers", {"code": code})
    for name, now in (("before", BEFORE), ("after", AFTER)):
        with serving(here, now) as other:
            pages[name] = other.post("", {"code": free})
    assert {name: page.n_bytes for name, page in pages.items()} == dict.fromkeys(pages, 16 * 1024)
    # Who stands in between packs nothing, so that the length stays.
    assert {page.header("content-encoding") for page in pages.values()} == {"identity"}
    assert "geruild voor een papieren formulier" in pages["paper nl"].text
    assert "al antwoorden ontvangen" in pages["used nl"].text
    assert "Er ontbreken nog 9 tekens." in pages["half nl"].text
    assert pages["half nl"].text == respondent.post(
        "", {"code": used[:4], "lang": "nl"}
    ).text.replace(used[:4], unknown[:4])
    assert "Tik uw code." in pages["empty nl"].text
    assert "nog niet begonnen" in pages["before"].text
    assert "afgesloten" in pages["after"].text
    assert pages["revoked nl"].text.replace(revoked, unknown) == pages["unknown nl"].text


def test_a_page_with_other_questions_is_noticed_and_loses_nothing(
    here: Campaigning, respondent: Respondent
) -> None:
    code = here.codes[5]
    fields = {"code": code, "@version": "0" * 16, "WLD1": "4", "OLD9": "2", "comment": "blijft"}
    for path in ("", "/answers", "/draft"):
        page = respondent.post(path, fields)
        assert page.status == 409
        assert "andere vragen dan deze bevraging stelt" in page.text
        assert page.checked("WLD1") == "4"
        assert "\nblijft</textarea>" in page.text
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    assert respondent.post("/answers", {**kept, "WLD1": "4"}).receipt


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "🙂" * 100_000,
        "שלום עולם " * 10_000,
        "</textarea><script>alert(1)</script>" * 3_000,
        "\u202eab\x00cd\u202c " * 15_000,
    ],
    ids=["long", "emoji", "right to left", "scripts", "turned"],
)
def test_a_hundred_thousand_characters_come_back_with_a_sentence(
    here: Campaigning, respondent: Respondent, text: str
) -> None:
    fields = {**all_answers(), "code": here.codes[6], "comment": text}
    for path in ("/answers", "/draft"):
        page = respondent.post(path, fields)
        assert page.status == 422
        assert "tekens te lang" in page.text
        assert page.checked("EXH4") == "1"
        assert "<script>alert" not in page.text
        shown = page.text.partition("data-bytes=")[2].partition("</textarea>")[0]
        assert len(shown) >= len(text.replace("\x00", "").strip())
    short = respondent.post("", {**fields, "comment": text[:90], "@review": "1"})
    assert '<dd dir="auto">' in short.text
    assert "<script>alert" not in short.text


def test_a_body_beyond_everything_is_refused_in_the_language_of_the_reader(
    respondent: Respondent,
) -> None:
    page = respondent.post("/answers", {"comment": "x" * 3_000_000}, **{"Accept-Language": "fr"})
    assert page.status == 413
    assert '<html lang="fr">' in page.text


def test_forged_fields_change_nothing(here: Campaigning, respondent: Respondent) -> None:
    """Whatever stands in the fields of our own, the pages are whole and nothing is stored."""
    rng = random.Random(20)
    odd = ("", "-1", "9" * 40, "٣", "<b>", "nl-easy", "zz", "\x00", "1;", "é" * 300, "@", "#")
    names = ("lang", "@part", "@review", "@change", "@kiosk", "ORG1", "category", "comment", "x")
    n_before = n_rows(here, Envelope), n_rows(here, Draft)
    for _ in range(int(os.environ.get("BAKEN_FUZZ", "25"))):
        fields: dict[str, object] = {
            name: [rng.choice(odd) for _ in range(rng.randint(1, 3))]
            for name in rng.sample(names, 6)
        }
        page = respondent.post("", {**fields, "code": here.codes[7]})
        assert page.status in {200, 422}, fields
        assert page.text.rstrip().endswith("</html>")
        assert "<b>" not in page.text
    assert (n_rows(here, Envelope), n_rows(here, Draft)) == n_before


def test_a_code_is_read_out_of_a_whole_link(here: Campaigning, respondent: Respondent) -> None:
    link = f"https://baken.example/s/{here.name}#{here.codes[8].lower()}"
    assert respondent.post("", {"code": link}).status == 200


def test_a_kiosk_keeps_nothing_and_stays_one(here: Campaigning, respondent: Respondent) -> None:
    code = here.codes[9]
    respondent.post("/draft", {"code": code, "ORG1": "2"})
    n_drafts = n_rows(here, Draft)
    start = respondent.get("?kiosk=1")
    assert start.header("set-cookie") is None
    assert start.title == "Bevraging"
    assert "?lang=fr&amp;kiosk=1" in start.text
    page = respondent.post("", {"code": code, "@kiosk": "1"})
    assert not page.checked("ORG1")  # nothing from elsewhere where others may look
    assert "/draft" not in page.text
    assert 'data-idle="90"' in page.text
    refused = respondent.post("/draft", {"code": code, "ORG1": "3", "@kiosk": "1"})
    assert refused.status == 409
    assert refused.checked("ORG1") == "3"
    assert n_rows(here, Draft) == n_drafts
    thanks = respondent.post("/answers", {"code": code, "ORG1": "3", "@kiosk": "1"})
    assert f'content="20;url=/s/{here.name}?kiosk=1"' in thanks.text
    assert thanks.header("clear-site-data")
    assert n_rows(here, Draft) == n_drafts - 1


def test_a_kiosk_begins_again_in_the_language_it_was_opened_in(
    here: Campaigning, respondent: Respondent
) -> None:
    assert "?lang=nl&amp;kiosk=fr" in (start := respondent.get("?kiosk=fr")).text
    assert '<html lang="fr"' in start.text
    page = respondent.post("", {"code": here.codes[9], "@kiosk": "fr", "lang": "nl"})
    assert '<html lang="nl"' in page.text  # whoever stands there reads another language
    assert f'data-home="/s/{here.name}?kiosk=fr"' in page.text
    assert f'data-home="/s/{here.name}?kiosk=1"' in respondent.get("?kiosk=xx").text


def test_whoever_goes_on_later_begins_where_something_is_left(
    here: Campaigning, respondent: Respondent
) -> None:
    code = here.codes[13]
    parts = parts_in(INSTRUMENT, "nl")
    answers = all_answers()
    first = {question.field: answers[question.field] for question in parts[0].questions}
    for fields, start in (({}, 1), (first, 2), (answers, len(parts) + 1)):
        assert respondent.post("/draft", {"code": code, **fields}).status == 200
        assert f'data-start="{start}"' in respondent.post("", {"code": code}).text


def test_the_example_shows_a_real_envelope_around_an_invented_answer(
    here: Campaigning, respondent: Respondent
) -> None:
    n_before = n_rows(here, Envelope)
    pages = [respondent.get("/example").text for _ in range(2)]
    texts = INSTRUMENT.texts["nl"]
    first = INSTRUMENT.items[0]
    assert texts.items[first.code] in pages[0]
    assert f"<strong>{texts.options[first.format.key][first.format.low + 1]}</strong>" in pages[0]
    shown = [re.search(r'class="sealed">([0-9a-f ]+)', page) for page in pages]
    assert shown[0]
    assert shown[1]
    assert shown[0][1] != shown[1][1]  # sealing is never twice the same
    with here.database.read(here.organisation_id) as session:
        sizes = {len(box) for box in session.scalars(select(Envelope.box))}
    assert f"{number(sizes.pop(), 'nl')} bytes" in pages[0]
    assert n_rows(here, Envelope) == n_before


def test_the_last_day_is_said_on_the_questionnaire(here: Campaigning) -> None:
    said = "sluit vandaag om middernacht"
    with serving(here, NOON.replace(month=CLOSES.month, day=CLOSES.day)) as last:
        assert said in last.post("", {"code": here.codes[10]}).text
    with serving(here, NOON.replace(day=NOON.day + 1)) as earlier:
        assert said not in earlier.post("", {"code": here.codes[10]}).text


def easy_version(session: Session, by: Actor) -> Instrument:
    """The shipped questionnaire, with its Dutch texts a second time in easy language."""
    row = make_version(session, INSTRUMENT.key, INSTRUMENT.version, by=by)
    key, version = row.instrument_key, row.instrument_version
    row = add_language(session, Edit(key, version, row.version, by), "nl-easy")
    texts = dict(flat(content_from(row.content).texts["nl"])) | {"items.ORG1": EASY}
    write_texts(session, Edit(key, version, row.version, by), {"nl-easy": texts})
    return get_instrument(session, key, version)


def test_easy_language_is_a_choice_of_its_own(sqlite_url: str, tmp_path: Path) -> None:
    made = prepare(sqlite_url, tmp_path, languages=("nl", "nl-easy", "fr"), find=easy_version)
    with serving(made) as respondent:
        start = respondent.get()
        assert DUTCH not in start.text
        assert ">Eenvoudig Nederlands</a>" in start.text
        fields = {"code": made.codes[0], "ORG1": "4"}
        page = respondent.post("", {**fields, "lang": "nl-easy"})
        assert '<html lang="nl">' in page.text
        assert EASY in page.text
        assert DUTCH not in page.text
        back = respondent.post("", {**fields, "lang": ["nl-easy", "nl"]})
        assert DUTCH in back.text
        assert back.checked("ORG1") == "4"
        assert respondent.post("/answers", {**fields, "lang": "nl-easy"}).receipt
    made.database.dispose()


def test_help_stands_beside_unwanted_behaviour(here: Campaigning, respondent: Respondent) -> None:
    for language, line in (("nl", "Tele-Onthaal"), ("fr", "Télé-Accueil")):
        page = respondent.post("", {"code": here.codes[11], "lang": language}).text
        delicate = page.index('class="help"')
        heading = page.rindex("data-part-section", 0, delicate)
        texts = INSTRUMENT.texts[language]
        assert texts.dimension_headings["B"] in page[heading:delicate]
        assert page.count('class="help"') == 1
        assert "Sam De Smet, vertrouwenspersoon" in page[delicate:]
        assert line in page[delicate:]
    assert "personne ne les a vérifiés" in page
    with here.database.session(here.organisation_id) as session:
        session.get_one(Campaign, here.campaign_id).counsellor = "Noor Gefingeerd, 09 111 11 11"
    respondent.get()  # whoever looks at the first page sees it, and everybody after that
    page = respondent.post("", {"code": here.codes[11], "lang": "nl"}).text
    assert "de vertrouwenspersoon, Noor Gefingeerd, 09 111 11 11." in page
    assert "Sam De Smet" not in page[page.index('class="help"') :]


def test_an_installation_may_have_help_lines_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "lines.toml"
    file.write_text(
        '[[lines]]\nname = "Huislijn"\ntelephone = "09 000 00 01"\n'
        'confirmed_on = 2026-03-01\nabout = { nl = "Elke werkdag." }\n',
        encoding="utf-8",
    )
    (line,) = read_help_lines(file)
    assert (line.name, line.said_in("nl"), line.confirmed_on) == (
        "Huislijn",
        "Elke werkdag.",
        datetime(2026, 3, 1).date(),  # noqa: DTZ001 - a day
    )
    assert lines_in((line,), "fr") == ()
    assert {one.confirmed_on for one in read_help_lines()} == {None}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"lines = 3", "it has no [[lines]]"),
        (b"[[lines]]\ntelephone = '1'", "line 1 has no name"),
        (b"[[lines]]\nname = 'a'\ntelephone = 106", "line 1 has no telephone"),
        (b"[[lines]]\nname = 'a'\ntelephone = '1'", "says in no language"),
        (b"[[lines]]\nname = 'a'\ntelephone = '1'\nabout.nl = ''", "no sentence in quotes"),
        (
            b"[[lines]]\nname = 'a'\ntelephone = '1'\nabout.nl = 'b'\nconfirmed_on = 'ja'",
            "write confirmed_on as",
        ),
        (b"\xff", "codec"),
    ],
)
def test_help_lines_that_cannot_be_shown_are_named(
    tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(content)
    with pytest.raises(UnreadableHelpLines, match=re.escape(why)):
        read_help_lines(file)


def test_the_whole_path_is_light(here: Campaigning, respondent: Respondent) -> None:
    """What a browser fetches from the first page to the receipt."""
    code = here.codes[12]
    packs = {"Accept-Encoding": "gzip, br"}
    pages = [
        respondent.get(**packs),
        respondent.post("", {"code": code}, **packs),
        respondent.post("/answers", {**all_answers(), "code": code}, **packs),
    ]
    assert [page.header("content-encoding") for page in pages] == ["gzip", "gzip", "identity"]
    total = sum(page.n_sent for page in pages)
    wanted = {path for page in pages for path in re.findall(r'"(/static/[^"]+)"', page.text)}
    seen: set[str] = set()
    while missing := wanted - seen:
        path = missing.pop()
        seen.add(path)
        file = respondent.ask("GET", path, None, packs)
        assert file.status == 200, path
        total += file.n_sent
        folder = path.rpartition("/")[0]
        named = re.findall(r'(?:url\(|from )"(?:\./)?([^"]+)"', file.text)
        wanted |= {f"{folder}/{name}" for name in named}
    assert len([path for path in seen if path.endswith(".woff2")]) == 3
    assert len([path for path in seen if path.endswith(".js")]) == 6
    assert total < 150 * 1024
