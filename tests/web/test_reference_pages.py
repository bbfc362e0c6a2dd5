"""References and benchmarks through HTTP: entered, compared, corrected, retired, taken along."""

import io
import os
import re
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select

from baken.analysis.benchmarks.membership import agree
from baken.analysis.benchmarks.models import PoolEdition
from baken.analysis.references.models import ReferenceSet
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.canonical import sha256_of
from baken.analysis.releases.models import Release
from baken.organisation.models import Account, Person
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.audit import AuditEntry
from baken.web.jobs.daily import ask_for_round
from baken.web.pages.access import SESSION_COOKIE
from tests.accessibility import violations, width_of
from tests.released import add_released
from tests.served import served
from tests.web.conftest import Website
from tests.web.test_results_pages import INSTRUMENT, Held, hold

SHOTS = os.environ.get("BAKEN_PICTURES", "")
HEADER = "scale,mean,sd,n,source,year,population,format\n"
PUBLICATION = {
    "questionnaire": "vijf-a 1",
    "source": "Verzonnen Panel, tabel 4",
    "year": "2023",
    "population": "2 847 werknemers",
    "country": "Zweden",
    "sector": "",
    "is_other_country": "y",
    "answers": "1-5, 0-4",
}
WORKLOAD = {"mean-workload": "40,5", "sd-workload": "19,2", "n-workload": "2847"}
UNKNOWN = {"mean-exhaustion": "30", "sd-exhaustion": "20", "n-exhaustion": ""}
EVERYTHING = {**PUBLICATION, **WORKLOAD, **UNKNOWN}


@pytest.fixture
def adviser(website: Website) -> Any:
    browser = website.browser(Role.ADVISER)
    browser.get(f"{website.root}/references/new?questionnaire=vijf-a%201")
    return browser


def sets(website: Website, organisation_id: UUID | None = None) -> list[ReferenceSet]:
    with website.database.read(organisation_id or website.organisation.id) as session:
        return sorted(session.scalars(select(ReferenceSet)), key=lambda row: row.is_retired)


def acts(website: Website, organisation_id: UUID | None = None) -> list[str]:
    with website.database.read(organisation_id or website.organisation.id) as session:
        asked = select(AuditEntry.action).where(AuditEntry.action.like("reference.%"))
        return list(session.scalars(asked))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


WRONG = [
    ({"answers": "0-4"}, "wordt van 1-5 geantwoord, in de referentie van 0-4"),
    ({"n-workload": "99"}, "Werkdruk: Een referentie van 99 mensen is te klein"),
    ({"sd-workload": "0"}, "Werkdruk: Het gemiddelde (40,5) moet tussen 0 en 100 liggen"),
    ({"sd-workload": "-3"}, "Werkdruk: Het gemiddelde (40,5) moet tussen 0 en 100 liggen"),
    ({"mean-workload": "veel"}, "Werkdruk: Gemiddelde “veel” is geen getal"),
    ({"n-workload": "2.847"}, "Werkdruk: Aantal mensen “2.847” is geen geheel getal"),
    ({"mean-workload": ""}, "Werkdruk: Gemiddelde “” is geen getal"),
    ({"year": "2027"}, "Het jaar 2027 ligt in de toekomst"),
    ({"source": ""}, "Bron"),
    ({**dict.fromkeys({**WORKLOAD, **UNKNOWN}, "")}, "Er is geen referentie"),
]


ROW = "workload,40.5,19.2,2847,S,2023,P,1-5\n"
WRONG_FILES = [
    ((HEADER + ROW + ROW).encode(), "Rij 3: workload staat al in het bestand"),
    (
        (HEADER + ROW.replace("40.5", "40.5.1").replace("2847", "99")).encode(),
        # every fault of a row at once
        "Rij 2: mean “40.5.1” is geen getal zoals 48,5. Rij 2: Een referentie van 99 mensen",
    ),
    ((HEADER + ROW.replace("workload", "haste")).encode(), "vijf-a heeft geen schaal haste"),
    ((HEADER + ROW.replace("2023", "2031")).encode(), "Het jaar 2031 ligt in de toekomst"),
    ((HEADER + ROW.replace("1-5", "0-6")).encode(), "van 1-5 geantwoord, in de referentie van"),
    ((HEADER + ROW.replace("19.2", "-1")).encode(), "de spreiding (\u22121) boven 0"),
    ((HEADER + ROW.replace("2847", "99")).encode(), "99 mensen is te klein"),
    (HEADER.encode(), "Er is geen referentie"),
    (b"scale,mean\nworkload,40\n", "Kijk naar sd, n, source, year, population, format"),
    (b"PK\x03\x04 no workbook", "beschadigd"),
    (b"\xff\xfe\x00a", "niet als tabel te lezen"),
]


def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(website, adviser) -> None:
    for wrong, said in WRONG:
        kept = {**EVERYTHING, **wrong}
        answer = adviser.post(f"{website.root}/references/new", kept)
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert f'value="{kept["population"]}"' in answer.text
        if kept["sd-exhaustion"]:
            assert f'name="sd-exhaustion" value="{kept["sd-exhaustion"]}"' in answer.text
    where = {"country": "België", "questionnaire": "vijf-a 1"}
    for content, said in WRONG_FILES:
        answer = adviser.post(
            f"{website.root}/references/import", where, files={"file": ("r.csv", content)}
        )
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert sets(website) == []
    assert acts(website) == []


def test_results_beside_references_and_benchmarks(website: Website, chromium: Chromium) -> None:
    held = hold(website).release()
    adviser = website.browser(Role.ADVISER)
    adviser.get(f"{website.root}/references/new?questionnaire=vijf-a%201")
    walk_a_reference(website, adviser, held)
    walk_a_benchmark(website, chromium, held)


def walk_a_reference(website: Website, adviser: Any, held: Held) -> None:
    """It stands beside the results until it is retired."""
    before = adviser.get(held.page)
    assert "Vergeleken met" not in before.text
    assert adviser.post(f"{website.root}/references/new", EVERYTHING).status_code == 303
    again = adviser.post(f"{website.root}/references/new", EVERYTHING)
    assert again.status_code == 422
    assert "staat al in de lijst" in text_of(again)
    (row,) = sets(website)
    assert row.figures["workload"]["n"] == 2847
    assert row.figures["exhaustion"]["n"] is None

    page = text_of(adviser.get(held.page))
    assert "Vergeleken met Verzonnen Panel, tabel 4 (2023)" in page
    assert "2 847 werknemers, Zweden, alle sectoren" in page
    assert "ander land" in page
    assert "daar telt de referentie als exact" in page
    results = held.stored()
    whole = results["scales"]["workload"]
    points = round(whole["mean"] - 40.5)
    assert f"{abs(points)} punt" in page
    scale = text_of(adviser.get(f"{held.page}/scales/workload"))
    assert "Vergeleken met Verzonnen Panel, tabel 4 (2023)" in scale
    compared = scale[scale.index("Vergeleken met") :]
    named = {name for name in held.unit_of if re.search(rf"\b{name}\b", compared)}
    assert named - {"Huis"} == {
        name
        for name, unit in held.unit_of.items()
        if name != "Huis" and results["units"][unit]["scales"]["workload"]["mean"] is not None
    }  # what is hidden is not compared
    assert "verborgen om de anonimiteit te beschermen en word" in compared
    unit_head = website.browser(Role.UNIT_HEAD).get(f"{held.page}/scales/workload")
    assert unit_head.status_code == 403
    with website.database.read(website.organisation.id) as session:
        assert has_intact_results(session.scalars(select(Release)).one())

    one = f"{website.root}/references/{row.id}"
    form = adviser.get(f"{one}/correct")
    assert 'value="40,5"' in form.text
    assert adviser.post(f"{one}/correct", {**EVERYTHING, "mean-workload": "41"}).status_code == 303
    new, old = sets(website)
    assert (new.replaces_id, new.figures["workload"]["mean"]) == (old.id, 41)
    assert (old.retired_on, old.figures["workload"]["mean"]) == (website.clock.now.date(), 40.5)
    assert adviser.get(f"{one}/correct").status_code == 409
    stale = adviser.post(f"{website.root}/references/{new.id}/retire", {"version": "7"})
    assert stale.status_code == 409
    adviser.post(f"{website.root}/references/{new.id}/retire", {"version": "1"})
    assert "Vergeleken met" not in adviser.get(held.page).text
    assert "buiten gebruik sinds" in text_of(adviser.get(f"{website.root}/references"))
    assert acts(website) == ["reference.entered", "reference.replaced", "reference.retired"]


def workbook(rows: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in [HEADER.strip().split(","), *rows]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_files_are_read_and_rows_of_one_publication_stand_together(website, adviser) -> None:
    empty = adviser.get(f"{website.root}/references/import/empty/vijf-a/1")
    lines = empty.content.decode("utf-8-sig").splitlines()
    assert lines[0] == HEADER.strip().replace(",", ";")
    assert len(lines) == 1 + len(INSTRUMENT.scales)
    filled = empty.text.replace("workload;;;;;;;", "workload;40.5;19.2;2847;S;2023;P;")
    sheet = workbook(
        [
            ["workload", 41, 19.5, None, "T", 2022, "Q", "1 – 5"],
            ["exhaustion", 100 / 3, 20, 500, "T", 2022, "Q", "1-5"],
            ["autonomy", 60, 20, 500, "T", 2022, "others", "1-5"],
        ]
    )
    where = {"country": "België", "sector": "zorg", "questionnaire": "vijf-a 1"}
    for name, content in (("r.csv", filled.encode()), ("r.xlsx", sheet)):
        answer = adviser.post(
            f"{website.root}/references/import", where, files={"file": (name, content)}
        )
        assert answer.status_code == 303, text_of(answer)
    found = {(row.source, row.population): sorted(row.figures) for row in sets(website)}
    assert found == {
        ("S", "P"): ["workload"],
        ("T", "Q"): ["exhaustion", "workload"],
        ("T", "others"): ["autonomy"],
    }
    assert acts(website) == ["reference.entered"] * 2


def test_an_adviser_takes_an_own_reference_to_another_client(website, adviser) -> None:
    adviser.post(f"{website.root}/references/new", EVERYTHING)
    (row,) = sets(website)
    along = f"{website.root}/references/{row.id}/along"
    assert "geen andere klanten" in text_of(adviser.get(along))
    other, foreign = website.add_organisation("Andere"), website.add_organisation("Vreemde")
    with website.database.read(None) as session:
        account = session.scalars(select(Account.id).where(Account.mail.like("adviser@%"))).one()
    with website.database.session(other.id) as session:
        session.get_one(Person, other.people[Role.ADVISER]).account_id = account
    with website.database.session(foreign.id) as session:  # there this account only reads along
        session.get_one(Person, foreign.people[Role.STEERING_MEMBER]).account_id = account
    page = adviser.get(along)
    assert str(other.id) in page.text
    assert str(foreign.id) not in page.text
    nobody = adviser.post(along, {"country": "Zweden"})
    assert "Kruis minstens één klant aan" in text_of(nobody)
    chosen = {"country": "Zweden", "sector": "zorg", "client": str(other.id)}
    assert adviser.post(along, chosen).status_code == 303
    assert adviser.post(along, {**chosen, "client": str(foreign.id)}).status_code == 422
    (copy,) = sets(website, other.id)
    assert (copy.figures, copy.sector, copy.is_other_country) == (row.figures, "zorg", False)
    assert copy.id != row.id
    assert sets(website, foreign.id) == []
    assert acts(website, other.id) == ["reference.entered"]
    twice = adviser.post(along, chosen)
    assert "Andere: Workload" in text_of(twice) or "staat al in de lijst" in text_of(twice)
    # What somebody else entered, or what is read by others, cannot be taken along.
    colleague = website.browser(Role.PREVENTION_ADVISER)
    assert colleague.get(along).status_code == 404
    assert website.browser(Role.MAIN_CONTACT).get(along).status_code == 403
    assert adviser.get(f"{website.root}/references/{copy.id}").status_code == 404


def agreed(website: Website, client: Any) -> None:
    contact = client.people[Role.MAIN_CONTACT]
    by = Actor(contact, client.id, "Contact", frozenset({Grant(Role.MAIN_CONTACT)}))
    with website.database.session(client.id) as session:
        agree(session, by=by, today=website.clock.now.date())


def released_elsewhere(website: Website, results: dict[str, Any], n: int) -> None:
    """Other clients that take part, each with results of its own."""
    fingerprint = INSTRUMENT.fingerprint
    for place in range(n):
        client = website.add_organisation(f"Klant {place}")
        scales = {
            scale: {**figures, "mean": 35.0 + 5 * place, "sd": 20.0, "n": 60 + place}
            for scale, figures in results["scales"].items()
        }
        told = {**results, "scales": scales}
        with website.database.session(client.id) as session:
            release_id = add_released(session, told, on=website.clock.now.date())
            release = session.get_one(Release, release_id)
            release.instrument_fingerprint = fingerprint
            release.sha256 = sha256_of({"instrument": fingerprint, "plan": {}, "results": told})
        agreed(website, client)


def night(website: Website) -> None:
    website.clock.move(days=1)
    ask_for_round(website.database, now=website.clock.now)
    website.work_off()


def installer(website: Website) -> Any:
    browser = website.browser(Role.ADMINISTRATOR)
    with website.database.session(None) as session:
        mail = website.account_of(Role.ADMINISTRATOR)
        session.scalars(select(Account).where(Account.mail == mail)).one().is_installer = True
    return browser


WIDTHS = (360, 800, 1400)


def walk_a_benchmark(website: Website, chromium: Chromium, held: Held) -> None:
    """From consent to the results page, and out again."""
    benchmarks = f"{website.root}/benchmarks"
    contact, head = website.browser(Role.MAIN_CONTACT), website.browser(Role.HR)
    assert "doet niet mee" in text_of(contact.get(benchmarks))
    assert head.get(f"{benchmarks}/agree").status_code == 403
    contact.get(f"{benchmarks}/agree")
    assert contact.post(f"{benchmarks}/agree").status_code == 303
    released_elsewhere(website, held.stored(), 6)
    night(website)  # which ends what everybody was logged in with
    contact, head = website.browser(Role.MAIN_CONTACT), website.browser(Role.HR)
    assert "Bevraging 2026" in contact.get(benchmarks).text

    desk = installer(website)
    assert website.browser(Role.ADVISER).get("/installation/benchmarks").status_code == 404
    page = desk.get("/installation/benchmarks")
    assert "7 organisaties doen mee" in text_of(page)
    assert "Klant 1" not in page.text
    fields = dict(
        re.findall(r'name="(key|version|fingerprint|fictional)" value="([^"]*)"', page.text)
    )
    assert desk.post("/installation/benchmarks", fields).status_code == 303
    again = desk.post("/installation/benchmarks", fields)
    assert again.status_code == 409
    assert "ze zou dezelfde zijn als de vorige" in text_of(again)
    with website.database.read(None) as session:
        edition = session.scalars(select(PoolEdition)).one()
    assert edition.sha256 in desk.get("/installation/benchmarks").text

    shown = text_of(head.get(held.page))
    assert f"Vergeleken met andere organisaties ({edition.made_on.year})" in shown
    assert "6 andere organisaties die aan vergelijkingen meedoen" in shown
    look(website, chromium, held)

    stop = contact.get(f"{benchmarks}/stop")
    version = re.search(r'name="version" value="(\d+)"', stop.text)[1]
    assert contact.post(f"{benchmarks}/stop", {"version": version}).status_code == 303
    assert "doet sinds" in text_of(contact.get(benchmarks))
    assert "6 andere organisaties" in text_of(head.get(held.page))  # it was made while it agreed
    refused = desk.post("/installation/benchmarks", fields)
    assert "een van hen zou te herkennen zijn" in text_of(refused)


def look(website: Website, chromium: Chromium, held: Held) -> None:
    """The richest of the new pages at three widths, without a finding of axe."""
    adviser = website.browser(Role.ADVISER)
    adviser.get(f"{website.root}/references/new?questionnaire=vijf-a%201")
    adviser.post(f"{website.root}/references/new", EVERYTHING)
    row = sets(website)[0]
    root = website.root
    pages = {
        Role.ADVISER: (
            f"{root}/references/{row.id}",
            f"{root}/references/new?questionnaire=vijf-a%201",
            f"{held.page}/scales/workload",
        ),
        Role.MAIN_CONTACT: (f"{root}/benchmarks",),
        Role.ADMINISTRATOR: ("/installation/benchmarks",),
    }
    with served(website.settings, website.clock) as port:
        for role, paths in pages.items():
            context = chromium.new_context()
            origin = f"http://127.0.0.1:{port}"
            context.add_cookies(
                [{"name": SESSION_COOKIE, "value": website.session_of(role), "url": origin}]
            )
            page = context.new_page()
            for place, path in enumerate(paths):
                language = ("nl", "fr")[place % 2]
                page.goto(f"{origin}{path}{'&' if '?' in path else '?'}lang={language}")
                assert violations(page) == [], path
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    assert width_of(page) <= width, (path, width)
                    if SHOTS:
                        name = re.sub(r"\W+", "_", re.sub(r"[0-9a-f-]{36}", "", path))
                        page.screenshot(path=f"{SHOTS}/{name}_{width}.png", full_page=True)
            context.close()
