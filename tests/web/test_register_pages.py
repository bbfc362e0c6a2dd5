"""The pages of the register: the poster's address, the keeper's desk, what others see."""

import io
import json
import logging
import re
import zipfile
from contextlib import closing
from html import unescape
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from baken.actionplan.register import authors
from baken.actionplan.register.bare_pdf import bare_pdf
from baken.organisation.permissions import Role
from tests.web.conftest import Browser, Website

WORD = "kanarieplaats"
TOLD = {
    "description": f"Een bezoeker riep. {WORD}",
    "first_on": "2026-02-27",
    "third_party": "visitor",
    "nature": "physical",
    "place": "Onthaal",
}
SETTINGS = {
    "keeper": "confidential_counsellor",
    "contact_nl": "Noor Vermeulen, lokaal 12 (fictief)",
    "other_route_nl": "Vertrouwenspersoon Noor Vermeulen (fictief)",
    "preset": "strict",
    "takes_public": "y",
}


def _opened(website: Website) -> tuple[Browser, str, str]:
    """Open the register; return its keeper, its public address and its access word."""
    contact = website.browser(Role.MAIN_CONTACT)
    contact.get(f"{website.root}/register/settings?lang=nl")
    half = contact.post(f"{website.root}/register/settings", {**SETTINGS, "contact_fr": "Noor"})
    assert (half.status_code, "beide teksten" in half.text) == (422, True)
    assert contact.post(f"{website.root}/register/settings", SETTINGS).status_code == 303
    keeper = website.browser(Role.CONFIDENTIAL_COUNSELLOR)
    home = unescape(keeper.get(f"{website.root}/register?lang=nl").text)
    path = re.search(r'action="(/s/[^"]+/register)\?', home)
    word = re.search(r'name="word" value="([^"]+)"', home)
    assert path is not None
    assert word is not None
    return keeper, path[1], word[1]


def _fresh(page: Any) -> str:
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page.text)
    assert once is not None
    return once[1]


def test_a_worker_tells_and_the_keeper_hands_the_inspector_a_file(
    website: Website, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keeper, path, word = _opened(website)
    worker = website.browser()
    for shown in (worker.get(f"{path}?lang=nl"), worker.post(f"{path}?lang=nl", {"word": word})):
        assert "en de werkgever ook" in shown.text  # whoever tells knows who reads
    french = worker.get(f"{path}?lang=fr").text
    assert '<bdi lang="nl">Noor Vermeulen, lokaal 12 (fictief)</bdi> (Nederlands)' in french
    wrong = worker.post(f"{path}?lang=nl", {"word": "bcdf-ghjk"})
    assert (wrong.status_code, "niet het toegangswoord" in wrong.text) == (403, True)
    form = worker.post(f"{path}?lang=nl", {"word": word.upper().replace("-", " ")})
    sent = {**TOLD, "word": word, "once": _fresh(form)}
    first, second = (worker.post(f"{path}/entry?lang=nl", sent) for _ in range(2))
    receipt = re.search(r'data-receipt="([^"]+)"', first.text)
    assert receipt is not None
    assert receipt[0] in second.text  # the button pressed twice is one entry
    assert not worker.client.cookies

    root = f"{website.root}/register"
    listed = keeper.get(f"{root}/entries?lang=nl")
    (entry,) = set(re.findall(r"/register/entries/([0-9a-f-]{36})", listed.text))
    assert WORD not in listed.text
    assert WORD not in keeper.get(f"{root}/entries/{entry}").text
    shown = keeper.post(f"{root}/entries/{entry}/read")
    assert WORD in shown.text
    assert keeper.post(f"{root}/entries/{entry}/accept", {"version": "2"}).status_code == 303
    second = keeper.post(f"{root}/entries/{entry}/accept", {"version": "2"})
    assert (second.status_code, "Iemand anders heeft dit feit" in second.text) == (409, True)
    assert f"/register/entries/{entry}" in second.text  # with the way to how it stands

    own = worker.post(f"{path}/receipt?lang=nl", {"receipt": receipt[1].lower()})
    assert "Feit nummer 1" in own.text
    assert "gelezen door Persoon confidential_counsellor" in own.text
    more = {"receipt": receipt[1], "text": "En hij kwam terug."}
    assert "En hij kwam terug." in worker.post(f"{path}/supplement?lang=nl", more).text

    keeper.get(f"{root}/export?lang=nl")
    asked = {"from_on": "2026-01-01", "until_on": "2026-12-31", "reason": "Inspectie"}
    answer = keeper.post(f"{root}/export", asked)
    assert answer.headers["content-type"] == "application/zip"
    with closing(zipfile.ZipFile(io.BytesIO(answer.content))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        (told,) = json.loads(archive.read("entries.json"))
        table = archive.read("entries.csv").decode("utf-8-sig")
        assert archive.read("register.pdf").startswith(b"%PDF")
    assert sorted(manifest["sha256"]) == ["entries.csv", "entries.json", "register.pdf"]
    assert [text["kind"] for text in told["texts"]] == ["facts", "supplement"]
    assert WORD in table
    assert WORD not in caplog.text
    assert receipt[1] not in caplog.text


def test_whatever_is_wrong_the_text_comes_back(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path, word = _opened(website)
    worker = website.browser()
    form = worker.post(f"{path}?lang=nl", {"word": word})
    sent = {**TOLD, "word": word, "once": _fresh(form)}
    wrong = {
        "description": ("é" * 50_000, 422, "50 000 tekens"),
        "first_on": ("2026-03-03", 422, "in de toekomst"),
        "third_party": ("colleague", 422, "Vertrouwenspersoon Noor Vermeulen"),
        "nature": ("", 422, "Wat voor gedrag"),
        "name": ("Imke", 422, "Vink aan dat u akkoord gaat"),
        "contact": ("toestel 3", 422, "Vink aan dat u akkoord gaat"),  # nor thrown away unsaid
        "word": ("zomaar-iets", 403, "niet het toegangswoord"),
    }
    for name, (value, status, said) in wrong.items():
        fields = {key: (None, text) for key, text in {**sent, name: value}.items()}
        answer = worker.client.post(f"{path}/entry?lang=nl", files=fields)
        page = unescape(answer.text).replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert (answer.status_code, said in page) == (status, True), name
        kept = value if name == "description" else TOLD["description"]
        assert kept in page, name
    monkeypatch.setattr(authors, "MOST_A_DAY", 0)
    answer = worker.post(f"{path}/entry?lang=nl", sent)
    assert (answer.status_code, TOLD["description"] in answer.text) == (429, True)
    assert worker.get("/s/bestaat-niet/register").status_code == 404
    assert worker.post(f"{path}/receipt", {"receipt": "0000-0000-0000-0"}).status_code == 403


def test_others_see_no_entry_and_cannot_count_them(website: Website) -> None:
    keeper, _, _ = _opened(website)
    root = f"{website.root}/register"
    blank = keeper.get(f"{root}/entries/new?lang=nl")
    assert ("Naam van de werknemer" in blank.text, "Uw naam" in blank.text) == (True, False)
    once = _fresh(blank)
    sent = {**TOLD, "once": once, "name": "Imke Peeters", "agrees": "y"}
    assert "nummer 1" in keeper.post(f"{root}/entries/new", sent).text
    for role in (Role.EMPLOYER, Role.PREVENTION_ADVISER, Role.CPBW_MEMBER, Role.CLERK):
        browser = website.browser(role)
        expected = 200 if role is Role.EMPLOYER else 403
        assert browser.get(f"{root}/entries").status_code == expected, role
        home = browser.get(f"{root}?lang=nl")
        assert home.status_code == (403 if role is Role.CLERK else 200), role
        assert WORD not in home.text
    for role in (Role.CPBW_MEMBER, Role.PREVENTION_ADVISER):  # by the table that was chosen
        record = website.browser(role).get(f"{website.root}/audit?lang=nl").text
        assert "schreef een feit" not in record
        assert "deed iets in het register" in record
    (entry,) = set(re.findall(r"/entries/([0-9a-f-]{36})", keeper.get(f"{root}/entries").text))
    # Ten minutes later the second step is asked again, and nothing typed is lost.
    website.clock.move(minutes=11)
    late = keeper.post(f"{root}/entries/new?lang=nl", {**sent, "once": "a" * 32})
    assert (late.status_code, TOLD["description"] in late.text) == (403, True)
    for act in ("hold", "refuse"):
        said = {"version": "2", "reason": "spam", "words": WORD, act: "y"}
        late = keeper.post(f"{root}/entries/{entry}/{act}?lang=nl", said)
        assert (late.status_code, "spam" in late.text) == (403, True), act
    assert WORD in late.text
    assert keeper.get(f"{root}/entries").status_code == 403


def _letter() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor(WORD)
    canvas.drawString(100, 700, WORD)
    canvas.save()
    return out.getvalue()


def test_files_spam_and_an_emergency(website: Website) -> None:
    keeper, path, word = _opened(website)
    worker, root = website.browser(), f"{website.root}/register"
    receipts = []
    for _ in range(2):
        form = worker.post(f"{path}?lang=nl", {"word": word})
        sent = {**TOLD, "word": word, "once": _fresh(form)}
        told = worker.post(f"{path}/entry?lang=nl", sent).text
        receipts += re.findall(r'data-receipt="([^"]+)"', told)

    def add(receipt: str, name: str, content: bytes) -> Any:
        fields = [("receipt", (None, receipt)), ("file", (name, content))]
        return worker.client.post(f"{path}/file?lang=nl", files=fields)

    pdf = _letter()
    assert add("0000-0000-0000-0", "a.pdf", pdf).status_code == 403
    false = add(receipts[0], "a.jpg", pdf)
    assert (false.status_code, "eindigt op .jpg" in false.text) == (422, True)
    large = add(receipts[0], "a.pdf", pdf + b"x" * (5 * 2**20))
    assert (large.status_code, "groter dan 5 MB" in large.text) == (422, True)
    assert "brief.pdf" in add(receipts[0], "brief.pdf", pdf).text

    listed = keeper.get(f"{root}/entries?lang=nl").text
    ticked = re.findall(r'name="entry" value="([^"]+)"', listed)
    assert len(ticked) == 2
    assert listed.count(" checked>") == 0
    assert keeper.get(f"{root}/entries?lang=nl&tick=all").text.count(" checked>") == 2
    told = [keeper.post(f"{root}/entries/{one.partition('.')[0]}/read").text for one in ticked]
    (kept,) = (one for one, text in zip(ticked, told, strict=True) if "brief.pdf" in text)
    (spam,) = set(ticked) - {kept}
    assert keeper.post(f"{root}/entries/spam", {"entry": spam}).status_code == 303
    assert keeper.post(f"{root}/entries/spam", {}).status_code == 422
    own = worker.post(f"{path}/receipt?lang=nl", {"receipt": receipts[1]}).text
    assert "Geen ernstige melding" in own  # the author reads why
    entry = f"{root}/entries/{kept.partition('.')[0]}"
    (opened,) = set(re.findall(r"/files/[0-9a-f-]{36}/open", "".join(told)))
    answer = keeper.post(f"{entry}{opened}")
    assert (answer.content, answer.headers["content-type"]) == (bare_pdf(pdf), "application/pdf")
    assert answer.headers["content-disposition"].startswith("attachment")

    adviser, employer = website.browser(Role.PREVENTION_ADVISER), website.browser(Role.EMPLOYER)
    assert adviser.get(f"{root}/entries").status_code == 403
    adviser.get(f"{root}/emergency?lang=nl")
    assert adviser.post(f"{root}/emergency", {"reason": " "}).status_code == 422
    assert adviser.post(f"{root}/emergency", {"reason": f"Brand {WORD}"}).status_code == 303
    waits = employer.get(f"{root}/emergency?lang=nl").text
    assert f"Brand {WORD}" in waits
    (agree,) = re.findall(r"/emergency/([0-9a-f-]{36})/agree", waits)
    version = {"version": "1"}
    assert adviser.post(f"{root}/emergency/{agree}/agree", version).status_code == 403
    assert employer.post(f"{root}/emergency/{agree}/agree", version).status_code == 303
    assert adviser.get(f"{root}/entries").status_code == 200
    assert WORD in adviser.post(f"{entry}/read").text
    assert adviser.post(f"{entry}/accept", {"version": "2"}).status_code == 403
    keeper.get(f"{root}/emergency")
    assert keeper.post(f"{root}/emergency/{agree}/end", {"version": "2"}).status_code == 303
    assert adviser.get(f"{root}/entries").status_code == 403
    # Whoever keeps the register sees afterwards who read, and why.
    assert "in een noodgeval" in keeper.get(f"{website.root}?lang=nl").text
    assert "in een noodgeval" not in employer.get(f"{website.root}?lang=nl").text
    assert "Weigeren" in waits  # whoever is asked refuses; who reads ends it
    told = keeper.get(f"{root}/emergency?lang=nl").text
    assert all(
        one in told for one in (f"Brand {WORD}", "Persoon prevention_adviser", "Persoon employer")
    )
    removal = website.browser(Role.MAIN_CONTACT).get(f"{website.root}/organisation/removal?lang=nl")
    assert "houdt een register van feiten van derden" in removal.text
