"""Answers from elsewhere come in through pages: a file, its columns, a look, then the import."""

import base64
import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

from baken.organisation.permissions import Role
from baken.survey.box.importing.models import ColumnMapping
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.web.texts import catalogue
from tests.elsewhere import answers_of, write_file
from tests.web.test_units_pages import import_units

TOLD = {
    "title": "Bevraging 2026",
    "instrument": "vijf-a 1",
    "first_on": "2026-03-02",
    "last_on": "2026-03-02",
    "units_on": "2026-03-02",
    "min_group": "10",
    "kept_until_on": "2026-06-01",
}
ROWS = [(unit, 50 * place + n) for place, unit in enumerate(("110", "Zorg")) for n in range(12)]
SELECT = re.compile(r'<select id="([^"]+)" name="([^"]+)".*?</select>', re.DOTALL)
CHOSEN = re.compile(r'<option(?: value="([^"]*)")? selected>([^<]*)')


def send(browser: Any, root: str, content: bytes, **changed: str) -> Any:
    fields = {"csrf": browser.token, **TOLD, **changed}
    files = {"file": ("antwoorden.csv", content, "text/csv")}
    path = f"{root}/campaigns/import/columns"
    return browser.client.post(path, data=fields, files=files, follow_redirects=False)


def fields_of(page: str) -> dict[str, str]:
    """What the form on a page would send, with every list as it is shown."""
    found = {
        name: unescape(value)
        for name, value in re.findall(
            r'<input(?! type="checkbox")[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page
        )
    }
    for select in SELECT.finditer(page):
        chosen = CHOSEN.search(select[0])
        found[select[2]] = unescape(chosen[1] or chosen[2]) if chosen else ""
    return found


def test_a_file_is_mapped_checked_accepted_imported_and_gone(website: Any) -> None:
    texts = catalogue("nl")
    browser, root = website.browser(Role.ADVISER), website.root
    early = send(browser, root, write_file(ROWS))
    assert early.status_code == 422  # no units yet: said where the day can be changed
    assert 'name="units_on"' in early.text
    import_units(website.browser(Role.ADMINISTRATOR), website.root)
    assert "/campaigns/import" in browser.get(f"{root}/campaigns").text
    assert browser.get(f"{root}/campaigns/import").status_code == 200
    odd = ["elders;3,5" + ";3" * 68 + ";een opmerking met een naam"]
    content = write_file(ROWS, more=odd)
    columns = send(browser, root, content)
    assert columns.status_code == 200, columns.text
    fields = fields_of(columns.text)
    assert (fields["unit"], fields["items_0"], fields["items_68"]) == ("0", "1", "69")
    assert fields["comments_0"] == "70"  # found by what such columns are called
    left = browser.post(f"{root}/campaigns/import/check", {**fields, "comments_0": ""})
    told = unescape(left.text)
    assert texts("imports.no_column_aside") in told
    assert f"{texts('imports.unread')}</h2>" in told
    assert 'name="accepted"' in left.text
    check = browser.post(f"{root}/campaigns/import/check", {**fields, "comments_0": "70"})
    assert check.status_code == 200, check.text
    for said in (
        "3,5",
        texts("imports.odd_fraction"),
        texts("imports.stranger_unknown", said="elders"),
    ):
        assert said in unescape(check.text)
    fields = fields_of(check.text)
    sealed = base64.b64decode(fields["content"])
    for page in (columns, check):
        # Neither in the page nor in what the browser keeps stands an answer in clear.
        assert "opmerking-3-van-iemand" not in page.text
        assert base64.b64encode(content)[:60].decode() not in page.text
    assert content[:40] not in sealed
    assert tables(website) == []
    assert kept_columns(website) == []  # looking keeps nothing
    back = fields_of(browser.post(f"{root}/campaigns/import/columns", fields).text)
    assert back["comments_0"] == "70"  # and going back loses nothing
    refused = browser.post(f"{root}/campaigns/import/confirm", fields)
    assert refused.status_code == 422
    assert texts("imports.accept_missing") in unescape(refused.text)
    forged = {**fields, "accepted": "y", "digest": "0" * 64}
    assert browser.post(f"{root}/campaigns/import/confirm", forged).status_code == 409
    assert tables(website) == []
    answer = browser.post(f"{root}/campaigns/import/confirm", {**fields, "accepted": "y"})
    assert answer.status_code == 303, answer.text
    ((campaign_id, *_),) = tables(website)
    assert str(answer.headers["location"]).endswith(f"/campaigns/{campaign_id}/import")
    report = unescape(browser.get(f"{root}/campaigns/{campaign_id}/import").text)
    assert "25 antwoorden zijn ingevoerd" in report
    assert texts("imports.report_working") in report
    assert 'data-refresh="2"' in report
    website.work_off()
    ((campaign_id, state, n_answers),) = tables(website)
    report = re.sub(
        r"<[^>]+>", " ", unescape(browser.get(f"{root}/campaigns/{campaign_id}/import").text)
    )
    told = " ".join(report.split())
    assert texts("imports.report_done") in told
    assert "Mensen in het bestand 25 Ingevoerd 25 Opmerkingen 25" in told
    assert f"{texts('imports.fact_odd')} 1" in told
    # One less than what is counted together could be a small unit: how many is not told.
    assert not re.search(rf"{texts('imports.fact_no_unit')} \d", told)
    assert (state, n_answers) == (CampaignState.SCRUBBED, 25)
    page = browser.get(f"{root}/campaigns/{campaign_id}")
    assert page.status_code == 200
    assert texts("imports.agrees") in unescape(page.text)
    assert f"{campaign_id}/charter" not in page.text  # there is none
    assert str(campaign_id) not in browser.get(f"{root}/campaigns/new").text
    assert "25 antwoorden" in browser.get(f"{root}/campaigns").text
    assert browser.get(f"{root}/campaigns/{campaign_id}/results").status_code == 200
    assert browser.get(f"{root}/campaigns/{campaign_id}/response").status_code == 409
    _nothing_in_clear(website, content)
    # The columns are remembered, and an import without results can be taken back.
    twice = send(browser, root, content)
    assert (twice.status_code, 'name="first_on"' in twice.text) == (422, True)
    assert browser.post(f"{root}/campaigns/{campaign_id}/withdraw").status_code == 303
    assert tables(website) == []
    again = fields_of(send(browser, root, content).text)
    assert again["comments_0"] == "70"


def test_a_workbook_in_an_unknown_layout_is_taken_in_order(website: Any) -> None:
    import_units(website.browser(Role.ADMINISTRATOR), website.root)
    browser, root = website.browser(Role.ADVISER), website.root
    heads = ";".join(["Dienst", *(f"V{number}" for number in range(1, 70))])
    lines = [";".join(["110", *map(str, answers_of(number))]) for number in range(12)]
    content = "\n".join([heads, *lines]).encode("cp1252")
    page = send(browser, root, content)
    fields = fields_of(page.text)
    assert {fields[f"items_{place}"] for place in range(69)} == {""}
    assert browser.post(f"{root}/campaigns/import/check", fields).status_code == 422
    ordered = browser.post(f"{root}/campaigns/import/columns", {**fields, "first": "1"})
    fields = {**fields_of(ordered.text), "unit": "0"}
    assert [fields[f"items_{place}"] for place in range(69)] == [str(n) for n in range(1, 70)]
    few = browser.post(f"{root}/campaigns/import/check", {**fields, "min_group": "13"})
    assert "accepted" not in few.text
    whole = browser.post(f"{root}/campaigns/import/check", fields)
    # Every row and value can be read, yet nothing was said to the open questions.
    assert catalogue("nl")("imports.no_column_aside") in unescape(whole.text)
    assert catalogue("nl")("imports.odd") not in unescape(whole.text)


def test_what_cannot_be_read_or_was_sealed_elsewhere_is_refused(website: Any) -> None:
    import_units(website.browser(Role.ADMINISTRATOR), website.root)
    browser, root = website.browser(Role.ADVISER), website.root
    browser.get(f"{root}/campaigns/import")
    refused = send(browser, root, b"\x89PNG\r\n\0\0")
    assert refused.status_code == 422
    assert "xlsx" in refused.text
    assert send(browser, root, write_file(ROWS), last_on="morgen").status_code == 422
    fields = fields_of(send(browser, root, write_file(ROWS)).text)
    other = website.browser(Role.ADVISER)
    for wrong in ({}, {"content": "bm9uc2Vucw=="}, {"content": "é"}):
        sent = {**fields, **wrong, "csrf": other.token}
        answer = other.client.post(f"{root}/campaigns/import/check", data=sent)
        assert answer.status_code == 422, wrong
        assert catalogue("nl")("errors.survey.import_cut_off") in unescape(answer.text)
    for role in (Role.PREVENTION_ADVISER, Role.ADMINISTRATOR, Role.HR):
        assert website.browser(role).get(f"{root}/campaigns/import").status_code == 403
    mapped = {**fields, "items_3": "", "not_applicable": "n.v.t."}
    looked = fields_of(browser.post(f"{root}/campaigns/import/check", mapped).text)
    website.clock.move(minutes=11)
    stale = browser.post(f"{root}/campaigns/import/confirm", looked)
    assert stale.status_code == 403
    assert catalogue("nl")("imports.stale") in unescape(stale.text)
    # Whoever shows a factor chooses the file again; what was chosen about it still stands.
    still = fields_of(send(browser, root, write_file(ROWS), **fields_of(stale.text)).text)
    assert (still["title"], still["not_applicable"]) == (TOLD["title"], "n.v.t.")
    assert (still["items_2"], still["items_3"], still["items_4"]) == ("3", "", "5")
    assert (tables(website), kept_columns(website)) == ([], [])


def tables(website: Any) -> list[tuple[UUID, CampaignState, int | None]]:
    with website.database.read(website.organisation.id) as session:
        return [(row.id, row.state, row.n_answers) for row in session.query(Campaign)]


def kept_columns(website: Any) -> list[ColumnMapping]:
    with website.database.read(website.organisation.id) as session:
        return list(session.query(ColumnMapping))


def _nothing_in_clear(website: Any, content: bytes) -> None:
    """No file of the installation holds a line or a comment of the upload."""
    database = Path(website.database.engine.url.database)
    settings = website.settings
    files = [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
    for folder in (settings.backups, settings.keys, settings.transfers):
        files += sorted(folder.rglob("*")) if folder.exists() else []
    read = [file.read_bytes() for file in files if file.is_file()]
    assert len(read) >= 3
    needles = [line[line.index(b";") :] for line in content.split(b"\r\n")[1:]]
    needles += [b"opmerking-3-van-iemand", b"een opmerking met een naam"]
    assert not any(needle in one for one in read for needle in needles)
