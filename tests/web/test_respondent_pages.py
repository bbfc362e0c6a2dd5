"""What somebody who answers gets, over real connections, on both databases."""

import logging
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from baken.storage import engine
from baken.survey.box.models import Draft, Envelope
from baken.survey.box.statements import Standing
from baken.survey.box.steps import open_campaign
from baken.survey.box.writer import Writer
from baken.survey.codes.derivation import code_tag
from baken.survey.codes.models import Code, CodeState
from baken.survey.codes.secrets import PEPPER, CampaignSecrets
from baken.survey.codes.symbols import SYMBOLS, print_code, read_code
from baken.web.pages.respondent_door import FrontDoor, GuessBrake
from tests.web.respondents import (
    CLOSES,
    INSTRUMENT,
    NOON,
    OPENS,
    Campaigning,
    all_answers,
    prepare,
    serving,
)

WITHOUT_NA = next(item.code for item in INSTRUMENT.items if not item.not_applicable)


@pytest.fixture(
    params=[
        pytest.param("sqlite_url", marks=pytest.mark.sqlite),
        pytest.param("postgresql_url", marks=pytest.mark.postgresql),
    ],
    ids=["sqlite", "postgresql"],
)
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Campaigning]:
    made = prepare(request.getfixturevalue(request.param), tmp_path)
    yield made
    made.database.dispose()


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path) -> Iterator[Campaigning]:
    """The same on SQLite only, for what does not depend on the database."""
    made = prepare(sqlite_url, tmp_path)
    yield made
    made.database.dispose()


def envelopes(running: Campaigning) -> int:
    with running.database.read(running.organisation_id) as session:
        return session.scalar(select(func.count()).select_from(Envelope)) or 0


def drafts(running: Campaigning) -> int:
    with running.database.read(running.organisation_id) as session:
        return session.scalar(select(func.count()).select_from(Draft)) or 0


def mistyped(code: str) -> str:
    last = SYMBOLS[(SYMBOLS.index(code[0]) + 1) % 32]
    return last + code[1:]


def test_the_promise_comes_before_the_code(running: Campaigning) -> None:
    with serving(running) as respondent:
        page = respondent.get()
    assert page.status == 200
    assert "Niemand kan zien wat u antwoordt" in page.text
    assert "groep van minstens 10" in page.text
    assert "Lut Peeters, sinds 1 januari 2026" in page.text
    assert "3\u00a0april 2026" in page.text
    n_closed = len(INSTRUMENT.items) + len(INSTRUMENT.backgrounds)
    n_open = len(INSTRUMENT.open_questions)
    quick, careful = ceil((5 * n_closed + 15 * n_open) / 60), ceil((n_closed + 9 * n_open) / 6)
    assert f"Begin, {quick} tot {careful} minuten" in page.text
    assert "Sam De Smet" in page.text
    # both dates are equal, so the date is said once
    said = "Uw antwoorden en wat u in een tekstvak schreef, ten laatste op 3\u00a0april 2027."
    assert said in page.text
    assert page.title == "Bevraging"


def test_somebody_answers_and_gets_a_receipt(running: Campaigning) -> None:
    code = running.codes[0]
    with serving(running) as respondent:
        page = respondent.post("", {"code": code, "lang": "nl"})
        assert page.status == 200
        assert page.text.count("<fieldset") == len(INSTRUMENT.items) + 3
        assert envelopes(running) == 0
        fields = {**all_answers(), "code": code, "lang": "nl", "comment": "Meer tijd."}
        first = respondent.post("/answers", fields)
        again = respondent.post("/answers", fields)
        other = respondent.post("/answers", {**all_answers(1), "code": code})
        late = respondent.post("", {"code": code})
    assert first.status == 200
    # It wipes what a browser kept of the answers, not the login of a colleague beside it.
    wiped = first.header("clear-site-data")
    assert wiped == '"cache", "storage", "executionContexts"'
    assert len(first.receipt) == 10
    assert (again.status, again.text) == (first.status, first.text)
    assert other.receipt == first.receipt
    assert "de eerste verzending geldt" in other.text
    assert "de eerste verzending geldt" in first.text
    assert late.status == 409
    assert "al antwoorden ontvangen" in late.text
    assert late.receipt == first.receipt
    assert envelopes(running) == 1


def test_many_sendings_of_one_code_at_once_count_once(running: Campaigning) -> None:
    fields = {**all_answers(), "code": running.codes[0]}
    receipts: list[str] = []
    with serving(running) as respondent:
        threads = [
            threading.Thread(
                target=lambda: receipts.append(respondent.post("/answers", fields).receipt)
            )
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(receipts) == 20
    assert len(set(receipts)) == 1
    assert receipts[0]
    assert envelopes(running) == 1


def test_codes_are_read_as_people_type_them(here: Campaigning) -> None:
    code = next(code for code in here.codes if "0" in code or "1" in code)
    typed = f"  {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    with serving(here) as respondent:
        assert respondent.post("", {"code": typed}).status == 200


def test_a_typing_error_is_told_as_one_and_nothing_is_lost(here: Campaigning) -> None:
    fields = {"code": mistyped(here.codes[0]), "ORG1": "2", "comment": 'een "tekst" < hier'}
    with serving(here) as respondent:
        for path in ("", "/answers", "/draft"):
            page = respondent.post(path, fields)
            assert page.status == 422
            assert "tikfout" in page.text
            assert 'name="ORG1" value="2"' in page.text
            assert "een &#34;tekst&#34; &lt; hier" in page.text
        assert "Tik uw code." in respondent.post("", {}).text
    assert (envelopes(here), drafts(here)) == (0, 0)


def test_unknown_revoked_and_foreign_codes_get_the_same_page(
    running: Campaigning, tmp_path: Path
) -> None:
    revoked = running.codes[0]
    pepper = CampaignSecrets(running.keys, running.organisation_id, running.campaign_id).get(PEPPER)
    tag = code_tag(pepper, running.campaign_id, read_code(revoked))
    with running.database.session(running.organisation_id) as session:
        session.execute(update(Code).where(Code.tag == tag).values(state=CodeState.REVOKED))
    unknown = [print_code("0" * 12), print_code("ABCDEFGH2345")]
    with serving(running) as respondent:
        for path in ("", "/answers", "/draft"):
            fields = {"ORG1": "1"} if path else {}
            pages = [
                respondent.post(path, {"code": code, **fields}) for code in (revoked, *unknown)
            ]
            assert {page.status for page in pages} == {403}
            shown = {
                page.text.replace(code, "CODE")
                for page, code in zip(pages, (revoked, *unknown), strict=True)
            }
            assert len(shown) == 1
            assert len({len(page.text) for page in pages}) == 1
    assert envelopes(running) == 0


def test_the_language_can_be_changed_and_answers_stay(running: Campaigning) -> None:
    fields = {"code": running.codes[0], "ORG1": "4", "AUT2": "pn", "comment": "Straks\r\nmeer"}
    with serving(running) as respondent:
        page = respondent.post("", {**fields, "lang": ["nl", "fr"]})
        assert page.status == 200
        assert '<html lang="fr">' in page.text
        assert "L’organisation de votre travail" in page.text or "Envoyer mes réponses" in page.text
        assert (page.checked("ORG1"), page.checked("AUT2")) == ("4", "pn")
        assert "\nStraks\nmeer</textarea>" in page.text
        assert '<html lang="fr">' in respondent.get("?lang=fr").text
        # A language that this campaign does not have: the first one of the campaign.
        assert '<html lang="nl">' in respondent.get("?lang=en").text
        respondent.language = "en-GB,fr;q=0.8"
        assert '<html lang="fr">' in respondent.get().text
        # Screens speak German, this questionnaire does not: it is not offered here.
        respondent.language = "de-BE"
        page = respondent.get("?lang=de").text
        assert '<html lang="nl">' in page
        assert "Français" in page
        assert "Deutsch" not in page
    assert envelopes(running) == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ORG1", "6", "Dit antwoord bestaat niet"),
        ("ORG1", "0", "Dit antwoord bestaat niet"),
        ("ORG1", "drie", "Dit antwoord bestaat niet"),
        (WITHOUT_NA, "na", "Dit antwoord bestaat niet"),
        ("UBI1", "5", "Dit antwoord bestaat niet"),
        ("category", "boss", "Dit antwoord bestaat niet"),
        ("comment", "é" * 1002, "ongeveer 2 tekens te lang"),
        ("comment", "🙂" * 10_500, "ongeveer 10\u202f000 tekens te lang"),
    ],
)
def test_what_does_not_fit_is_refused_and_the_rest_stays(
    here: Campaigning, field: str, value: str, sentence: str
) -> None:
    fields = {**all_answers(), "code": here.codes[0], "comment": "blijft"} | {field: value}
    with serving(here) as respondent:
        for path in ("", "/answers", "/draft"):
            page = respondent.post(path, fields)
            assert page.status == 422
            assert sentence in page.text
            assert page.checked("EXH4") == "1"
            assert page.checked("seniority") == "under_5"
            assert f">\n{fields['comment']}</textarea>" in page.text
    assert (envelopes(here), drafts(here)) == (0, 0)


def test_the_bounds_of_every_answer_are_taken(here: Campaigning) -> None:
    low = {item.code: str(item.format.low) for item in INSTRUMENT.items}
    high = {item.code: str(item.format.high) for item in INSTRUMENT.items}
    none = {item.code: "pn" for item in INSTRUMENT.items}
    apart = {item.code: "na" for item in INSTRUMENT.items if item.not_applicable}
    longest = {"comment": "é" * 1000, "unknown_field": "x", "csrf": "y"}
    with serving(here) as respondent:
        for code, fields in zip(here.codes, (low, high, none, apart, longest, {}), strict=False):
            assert respondent.post("/answers", {**fields, "code": code}).receipt
    assert envelopes(here) == 6


def test_the_review_shows_every_answer_and_stores_nothing(here: Campaigning) -> None:
    fields = {**all_answers(), "code": here.codes[0], "comment": "mijn <woorden>"}
    del fields["WLD2"], fields["pattern"]
    with serving(here) as respondent:
        page = respondent.post("", {**fields, "@review": "1"})
        assert "2 vragen niet beantwoord" in page.text
        assert page.text.count("<dt>") == len(INSTRUMENT.items) + 4
        assert '<dd dir="auto">mijn &lt;woorden&gt;</dd>' in page.text
        assert page.text.count("<dd>niet beantwoord</dd>") == 2
        # What travels along is enough to go back, to another language, and to send.
        kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        back = respondent.post("", {**kept, "@change": "3"})
        assert back.checked("EXH4") == "1"
        french = respondent.post("", {**kept, "lang": ["nl", "fr"]})
        assert "Relisez vos réponses" in french.text
        assert (envelopes(here), drafts(here)) == (0, 0)
        assert respondent.post("/answers", kept).receipt
    assert envelopes(here) == 1


def test_a_draft_is_kept_on_request_found_again_and_gone_afterwards(running: Campaigning) -> None:
    code, other = running.codes[:2]
    fields = {
        "code": code,
        "lang": "nl",
        "ORG1": "2",
        "SUP1": "na",
        "pattern": "pn",
        "comment": "x",
    }
    with serving(running) as respondent:
        kept = respondent.post("/draft", fields)
        assert kept.status == 200
        assert kept.header("clear-site-data") == '"cache", "storage", "executionContexts"'
        respondent.post("/draft", {**fields, "ORG1": "3"})
        assert drafts(running) == 1
        page = respondent.post("", {"code": code, "lang": "fr"})
        assert "que vous aviez conservées" in page.text
        assert [page.checked(name) for name in ("ORG1", "SUP1", "pattern")] == ["3", "na", "pn"]
        assert not respondent.post("", {"code": other}).checked("ORG1")
        # What stands on the page wins over what was kept.
        assert respondent.post("", {"code": code, "ORG1": "5"}).checked("ORG1") == "5"
        assert respondent.post("/answers", {"code": code, "ORG1": "3"}).receipt
        assert respondent.post("/draft", fields).status == 409
    assert (envelopes(running), drafts(running)) == (1, 0)


def test_before_and_after_there_is_a_page_of_its_own(running: Campaigning) -> None:
    fields = {**all_answers(), "code": running.codes[0], "comment": "mijn <woorden>"}
    early = datetime.combine(OPENS - timedelta(days=1), NOON.time(), UTC)
    with serving(running, early) as respondent:
        page = respondent.get()
        assert "nog niet begonnen" in page.text
        assert "2\u00a0maart 2026" in page.text
        assert 'name="code"' not in page.text
        assert respondent.post("", {"code": running.codes[0]}).status == 409
        assert respondent.post("/answers", fields).status == 409
    # A quarter to and a quarter past midnight in Brussels, where the last day ends.
    last_minute = datetime(CLOSES.year, CLOSES.month, CLOSES.day, 21, 45, tzinfo=UTC)
    with serving(running, last_minute) as respondent:
        assert respondent.post("/answers", {**fields, "code": running.codes[1]}).receipt
    with serving(running, last_minute + timedelta(minutes=30)) as respondent:
        assert "afgesloten" in respondent.get().text
        page = respondent.post("/answers", fields)
        assert page.status == 409
        assert "niet meer worden aangenomen" in page.text
        assert "mijn &lt;woorden&gt;" in page.text
        assert page.text.count("<dt>") == len(INSTRUMENT.items) + 4
        # Whoever answered in time still gets the same receipt.
        assert respondent.post("/answers", {**fields, "code": running.codes[1]}).receipt
    assert envelopes(running) == 1


def test_closing_early_is_seen_at_once(running: Campaigning) -> None:
    fields = {**all_answers(), "code": running.codes[0]}
    with serving(running) as respondent:
        assert respondent.post("", {"code": running.codes[0]}).status == 200
        running.close(date(2026, 3, 9))
        page = respondent.post("/answers", fields)
        assert page.status == 409
        assert "sloot op 9\u00a0maart 2026" in page.text
        closed = respondent.get().text
        assert "afgesloten" in closed
        assert "U antwoordt" not in closed
        assert "De omslagen gaan na 3\u00a0april 2026 samen open" in closed
    assert envelopes(running) == 0


def test_after_the_opening_everybody_can_look_for_their_receipt(
    here: Campaigning, tmp_path: Path
) -> None:
    with serving(here) as respondent:
        receipts = [
            respondent.post("/answers", {**all_answers(n), "code": code}).receipt
            for n, code in enumerate(here.codes[:12])
        ]
    here.close()
    after = CLOSES + timedelta(days=1)
    backups = tmp_path / "backups"
    open_campaign(here.database, here.keys, backups, here.campaign_id, by=here.adviser, today=after)
    with serving(here, datetime.combine(after, NOON.time(), UTC)) as respondent:
        page = respondent.get()
        assert "Er zijn 12 omslagen geteld" in page.text
        assert all(receipt in page.text for receipt in receipts)
        assert "Alle omslagen zijn samen geopend" in page.text
        assert "Alle omslagen gaan samen open" not in page.text
        late = respondent.post("/answers", {**all_answers(), "code": here.codes[20]})
        assert late.status == 409
        assert "niet meer worden aangenomen" in late.text


def test_a_draft_campaign_says_that_nothing_has_to_be_done(sqlite_url: str, tmp_path: Path) -> None:
    made = prepare(sqlite_url, tmp_path, launched=False)
    with serving(made) as respondent:
        assert "De voorbereiding loopt nog" in respondent.get().text
        assert respondent.post("", {"code": print_code("0" * 12)}).status == 409
    made.database.dispose()


def test_an_unknown_campaign_gets_a_page_that_helps(here: Campaigning) -> None:
    with serving(here) as respondent:
        respondent.name = "bestaat-niet"
        pages = [respondent.get(), respondent.get("/example"), respondent.post("", {"code": "x"})]
        pages += [respondent.post("/answers", {"code": "x"}), respondent.post("/draft", {})]
    assert {page.status for page in pages} == {404}
    assert all("vinden we niet" in page.text for page in pages)


def test_a_busy_database_costs_no_answer(
    here: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "PRAGMA busy_timeout=50"))
    fields = {**all_answers(), "code": here.codes[0], "comment": "blijft staan"}
    with serving(here) as respondent:
        respondent.get()
        with here.database.session(here.organisation_id) as session:
            session.scalars(select(Envelope)).all()  # another program holds the database now
            for path in ("/answers", "/draft"):
                page = respondent.post(path, fields)
                assert page.status == 503
                assert page.header("retry-after") == "30"
                assert "nog niet verstuurd" in page.text
                assert page.checked("EXH4") == "1"
                assert "\nblijft staan</textarea>" in page.text
                assert page.receipt == ""
        assert respondent.post("/answers", fields).receipt
    assert envelopes(here) == 1


def test_a_key_that_is_gone_costs_no_answer_and_is_said_in_the_log(
    here: Campaigning, caplog: pytest.LogCaptureFixture
) -> None:
    here.keys.destroy(here.organisation_id, "campaign", f"{here.campaign_id}:pepper")
    with serving(here) as respondent:
        page = respondent.post("/answers", {**all_answers(), "code": here.codes[0]})
    assert page.status == 503
    assert page.checked("EXH4") == "1"
    assert "fault" in caplog.text
    assert "KeyGone" in caplog.text


def test_the_secrets_of_a_campaign_leave_the_memory_when_it_was_opened(here: Campaigning) -> None:
    door = FrontDoor(here.database, here.keys)
    sheet_of = partial(door.writer.look_up, here.organisation_id, here.campaign_id)
    sheet_of(read_code(here.codes[0]), today=OPENS)
    assert here.campaign_id in door.writer._slots
    here.close()
    open_campaign(
        here.database,
        here.keys,
        here.keys_folder.parent / "backups",
        here.campaign_id,
        by=here.adviser,
        today=CLOSES + timedelta(days=1),
    )
    door.look(here.name)
    assert here.campaign_id not in door.writer._slots
    door.stop()


def test_no_cookie_no_name_and_nothing_kept_anywhere(running: Campaigning) -> None:
    code = running.codes[0]
    with serving(running) as respondent:
        pages = {
            "promise": respondent.get(),
            "example": respondent.get("/example"),
            "questions": respondent.post("", {"code": code}),
            "typo": respondent.post("", {"code": "1234"}),
            "unknown": respondent.post("", {"code": print_code("0" * 12)}),
            "refused": respondent.post("/answers", {"code": code, "ORG1": "9"}),
            "draft": respondent.post("/draft", {"code": code, "ORG1": "1"}),
            "thanks": respondent.post("/answers", {"code": code, "ORG1": "1"}),
            "missing": respondent.get("/nowhere"),
            "cross-site": respondent.post("", {"code": code}, **{"Sec-Fetch-Site": "cross-site"}),
        }
    assert pages["cross-site"].status == 403
    assert pages["missing"].status == 404
    for name, page in pages.items():
        assert page.header("set-cookie") is None, name
        assert page.header("cache-control") == "no-store", name
        assert page.header("referrer-policy") == "no-referrer", name
        assert page.header("location") is None, name
        assert page.title == "Bevraging", name
        assert "server" not in {key.lower() for key, _ in page.headers}, name
    assert pages["thanks"].header("clear-site-data") == '"cache", "storage", "executionContexts"'
    assert pages["promise"].header("clear-site-data") is None
    assert "connect-src" in (pages["questions"].header("content-security-policy") or "")
    assert "connect-src" not in (pages["promise"].header("content-security-policy") or "")
    for name, page in pages.items():
        addresses = [part.split('"')[0] for part in page.text.split('="/')[1:]]
        assert not [address for address in addresses if code in address], name


def test_nothing_a_person_sends_reaches_a_log(
    here: Campaigning, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    canary = "KANARIE-7f3a"
    code = here.codes[0]
    with caplog.at_level(logging.DEBUG), serving(here) as respondent:
        for path in ("", "/answers", "/draft"):
            respondent.post(path, {"code": code, "ORG1": canary, "comment": canary})
            respondent.post(path, {"code": canary, canary: canary})
        respondent.post("/answers", {"code": code, "comment": canary})
    out, err = capfd.readouterr()
    said = caplog.text + out + err
    assert canary not in said
    assert code not in said
    assert read_code(code) not in said
    assert here.name not in said


def test_wrong_codes_wait_longer_the_more_there_are() -> None:
    brake = GuessBrake()
    waits = [brake.delay(100.0) for _ in range(125)]
    assert waits[:25] == pytest.approx([0.0] * 25)
    assert waits[25] == pytest.approx(0.2)
    assert waits[74] == pytest.approx(10.0)
    assert waits[-1] == brake.LONGEST
    assert GuessBrake().delay(0.0) == 0.0
    assert brake.delay(1_000.0) == 0.0


def test_secrets_leave_the_memory_of_a_process_that_nobody_visits_any_more(
    here: Campaigning,
) -> None:
    """Another process opens the campaign, and this one never hears of it."""
    writer = Writer(here.database, here.keys, secrets_stay_s=0.2)
    ask = partial(writer.look_up, here.organisation_id, here.campaign_id)
    for _ in range(2):  # and again, for as long as people come
        assert ask(read_code(here.codes[0]), today=OPENS).standing is Standing.WELCOME
        assert here.campaign_id in writer._slots
        gone = time.monotonic() + 10
        while writer._slots and time.monotonic() < gone:
            time.sleep(0.02)
        assert not writer._slots
    writer.stop()
