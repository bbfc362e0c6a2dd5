"""The pages of the annual report, and that of the demonstration recomputed by hand."""

import io
import json
from html import unescape
from pathlib import Path

import docx
import pytest
from docx.shared import Pt

from baken.actionplan.annualreport import form, wording
from baken.actionplan.annualreport.queries import list_reports, list_signatures
from baken.actionplan.annualreport.rules import ReportState, Signatory
from baken.analysis.releases.canonical import sha256_of
from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.storage.workbooks import list_sheets, open_rows
from baken.web.documents import annual_report_words
from baken.web.documents.annual_report import report_page
from baken.web.documents.annual_report_data import report_json, report_workbook
from baken.web.documents.docx import docx_of
from baken.web.documents.pdf import pdf_of
from baken.web.pages.annual_report_views import source_of
from baken.web.texts import LANGUAGES
from tests.demonstration import Demonstration
from tests.web.conftest import Website

WORD = "kanarie & zn."
FORM = form.FILE


def test_what_is_refused_comes_back_and_others_see_signed_reports_only(website: Website) -> None:
    head = website.browser(Role.PREVENTION_ADVISER)
    head.get(f"{website.root}/annual-reports/new?lang=nl")
    begun = head.post(
        f"{website.root}/annual-reports/new", {"year": "2025", "service": "one_employer"}
    )
    here = begun.headers["location"].partition("?")[0]
    assert begun.status_code == 303
    odd = {"time": "-3", "others_number": "1,5", "legal_form": WORD, "others": "yes"}
    refused = head.post(f"{here}/sections/1", odd)
    assert refused.status_code == 422
    text = unescape(refused.text)
    assert all(typed in text for typed in ("-3", WORD, "Vul een getal in van 0 of meer."))
    assert head.post(f"{here}/sections/1", {"legal_form": WORD, "version": "1"}).status_code == 303
    late = head.post(f"{here}/sections/1", {"legal_form": "nv", "version": "1"})
    assert (late.status_code, WORD in unescape(late.text)) == (422, True)  # both texts
    # another figure than the records give, and no reason: saved, both kept, the reason asked for
    other_name = {"legal_form": WORD, "name": "Anders", "version": "2"}
    asked = head.post(f"{here}/sections/1", other_name).headers["location"]
    assert asked.endswith("?done=reports.done_filled_unfounded#why_name")
    both = unescape(head.get(asked).text)
    assert all(name in both for name in ("Anders", "Baken kent:", "ontbreekt nog een reden"))
    assert "nog geen verzoek genoteerd" in unescape(head.get(f"{here}/sections/7").text)
    assert head.get(f"{here}/sections/99").status_code == 404
    assert head.post(f"{here}/ready", {"version": "3"}).status_code == 422
    assert "nog" in unescape(head.get(f"{here}/sections/1?lang=nl").text)
    draft = head.get(f"{here}/documents/nl/json").content
    assert json.loads(draft)["fields"]["legal_form"] == WORD
    employer = website.browser(Role.EMPLOYER)  # who signs, and reads what was laid ready
    assert employer.get(f"{here}/documents/nl/json").status_code == 404
    other = website.browser(Role.CPBW_MEMBER)
    assert other.get(here).status_code == 404
    assert other.get(f"{here}/documents/nl/pdf").status_code == 404
    assert "2025" not in other.get(f"{website.root}/annual-reports?lang=nl").text
    assert head.get(f"{here}/documents/xx/pdf").status_code == 404
    terms = website.browser(Role.MAIN_CONTACT)
    terms.get(f"{website.root}/retention/annual_reports?lang=nl")
    few = terms.post(f"{website.root}/retention/annual_reports", {"years": "2", "reason": WORD})
    assert (few.status_code, WORD in unescape(few.text)) == (422, True)
    assert "tussen 5 en 60" in few.text


def test_the_report_of_the_demonstration_recomputed_by_hand(
    demonstration: Demonstration,
) -> None:
    """Each figure added up from the story: people x hours, accidents one by one, four quarters."""
    database = Database(f"sqlite:///{demonstration.folder / 'baken.sqlite'}")
    with database.read(demonstration.demo.organisation_id) as session:
        draft, signed = list_reports(session)
        assert (draft.year, draft.state, draft.number) == (2026, ReportState.DRAFT, None)
        assert (signed.year, signed.state, signed.number) == (2025, ReportState.SIGNED, 1)
        said = (signed.content or {})["fields"]
        signatures = list_signatures(session, signed.id)
        source = source_of(signed, signed.content or {}, signatures.values())
    database.dispose()
    assert set(signatures) == set(Signatory)
    # 366 all year at three quarters or more, 274 below it, 24,500 hours of trainees
    assert said["workers"] == 366 + 274 / 2 + 24_500 / 1_750 == 517
    # 306 x 1160 + 160 x 1090 + 139 x 1020 + 35 x 1310
    assert said["hours"] == 354_960 + 174_400 + 141_780 + 45_850 == 716_990
    b, c, d = said["accidents"]
    assert (b["fatal"], b["permanent"], b["temporary"], b["total"]) == (0, 1, 6, 7)
    assert (c["permanent"], c["temporary"]) == (47, 22 + 9 + 35 + 4 + 11 + 28)
    assert (c["total"], d["permanent"], d["total"]) == (156, 825, 825)  # a finger: 825 days
    assert b["rate"] == pytest.approx(7_000_000 / 716_990)
    assert c["rate"] == pytest.approx(156_000 / 716_990)
    assert d["rate"] == pytest.approx((156 + 825) * 1_000 / 716_990)
    assert (said["other_cost"], said["light"]) == (0, 31)
    assert [row["total"] for row in said["commuting"]] == [1, 13, 0]
    assert len(said["measures"]) == 5
    assert [said[key] for key in ("informal_counsellor", "informal_adviser", "informal_advice",
                                  "informal_intervention", "informal_reconciliation")] == [
        7 + 8, 4 + 6 + 5 + 7, 3 + 4 + 5 + 4 + 4 + 4, 1 + 2 + 1 + 2, 3 + 2 + 2
    ]  # fmt: skip
    assert [said[key] for key in ("acts", "acts_physical", "acts_psychological", "acts_bullying",
                                  "acts_sexual", "acts_other")] == [5, 0, 5, 0, 0, 0]  # fmt: skip
    assert (said["situations"], said["outsiders"], said["global_plan"]) == (1, True, True)

    page = report_page(source, language="fr", static_root="/static")
    printed = pdf_of(page)
    assert (printed.strange, printed.content == pdf_of(page).content) == (frozenset(), True)
    word = docx_of(page)
    assert word == docx_of(page)
    written = "\n".join(
        cell.text for table in docx.Document(io.BytesIO(word)).tables for row in table.rows
        for cell in row.cells
    )  # fmt: skip
    ends = [
        one for one in docx.Document(io.BytesIO(word)).paragraphs if one._p.xpath("w:pPr/w:sectPr")
    ]
    assert {one.paragraph_format.line_spacing for one in ends} == {Pt(1)}  # no sheet stays empty
    sheet = docx.Document(io.BytesIO(word)).sections[0]
    assert sheet.header.paragraphs[0].text == "Données fictives."
    assert sheet.footer.paragraphs[0].text.endswith(". Page  sur ")  # two numbers are counted
    for figure in ("716\u202f990", "9,76", "0,22", "1,37", "517", "☑ Oui"):
        assert figure in written
    book = report_workbook(source, "de")
    assert book == report_workbook(source, "de")
    assert len(list_sheets(book)) > 8
    assert list_sheets(book)[0] == "A 2025"
    assert not any("_" in name for name in list_sheets(book))  # no keys, words
    assert ["2.1", "Tatsächlich geleistete Stunden (A)", 716_990] in open_rows(book)
    assert json.loads(report_json(source))["sha256"] == signed.sha256


def test_a_signed_report_reads_the_same_when_form_texts_and_law_have_changed(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{demonstration.folder / 'baken.sqlite'}")
    with database.read(demonstration.demo.organisation_id) as session:
        signed = list_reports(session)[1]
        source = source_of(
            signed, signed.content or {}, list_signatures(session, signed.id).values()
        )
    database.dispose()

    def written() -> list[object]:
        pages = [report_page(source, language=one, static_root="/static") for one in LANGUAGES]
        return [*pages, report_workbook(source, "fr"), report_json(source)]

    before = written()
    assert sha256_of(source.content) == signed.sha256
    monkeypatch.setattr(form, "FILE", tmp_path / "form.toml")
    text = FORM.read_text(encoding="utf-8").replace('key = "acts_other"', 'key = "acts_rest"')
    changed = text.replace('nl = "', 'nl = "Anders ').replace('fr = "', 'fr = "Autre ')
    form.FILE.write_text(changed, encoding="utf-8")
    form.the_form.cache_clear()
    monkeypatch.setattr(annual_report_words, "catalogue", pytest.fail)
    monkeypatch.setattr(wording, "law", pytest.fail)
    try:
        assert "acts_other" not in form.the_form().fields
        assert form.the_form().fields["hours"].label["fr"].startswith("Autre")
        assert written() == before
    finally:
        form.the_form.cache_clear()
