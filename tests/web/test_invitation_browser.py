"""An address list, letters, cards and spare cards in a real browser, checked by axe."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from baken.organisation.permissions import Role
from tests.mailbox import Mailbox, mail_server
from tests.web.test_invitation_pages import LIST, draft, launch, with_mail
from tests.web.test_office_browser import check, serving, signed_in

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def mailbox(website: Any) -> Iterator[Mailbox]:
    with mail_server() as (mailbox, port):
        with_mail(website, port)
        yield mailbox


def test_people_are_invited_and_a_card_is_given(
    chromium: Browser, website: Any, mailbox: Mailbox, complaints: list[str], tmp_path: Path
) -> None:
    _, campaign = draft(website)
    good, bad = tmp_path / "adressen.csv", tmp_path / "fout.csv"
    good.write_bytes((LIST + "An P;an+werk@voorbeeld.example;110;nl\r\n").encode())
    bad.write_bytes((LIST + "X;x@@x;110;\r\n").encode())
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.ADVISER, complaints)
        page.goto(f"{address}{campaign}")
        page.get_by_role("link", name="Uitnodigingen").click()
        check(page, "invitations-none")
        page.get_by_role("link", name="Adressenlijst inlezen").click()
        check(page, "recipient-list")
        page.locator("input[type=file]").set_input_files(bad)
        page.get_by_role("button", name="Bekijken").click()
        page.get_by_role("heading", name="1 regel klopt niet").wait_for()
        check(page, "recipient-list-refused")
        page.get_by_role("link", name="Een ander bestand kiezen").click()
        page.locator("input[type=file]").set_input_files(good)
        page.get_by_role("button", name="Bekijken").click()
        page.get_by_label("Ja, het zijn verschillende mensen").check()
        check(page, "recipient-list-asked")
        page.get_by_role("button", name="4 mensen op de lijst zetten").click()
        page.get_by_text("De lijst is ingelezen.").wait_for()
        page.get_by_role("link", name="Dagploeg").click()
        check(page, "recipients-of-unit")
        page.get_by_role("link", name="An P", exact=True).click()
        check(page, "recipient")
        launch(website, campaign)
        # The other half of the walk is in French.
        page.goto(f"{address}{campaign}/response?lang=fr")
        check(page, "response")
        page.get_by_role("link", name="Donner plus de temps").click()
        check(page, "extend")
        page.goto(f"{address}{campaign}/invitations")
        page.get_by_role("link", name="Inviter 3 personnes").click()
        check(page, "send-letters")
        page.get_by_role("button", name="Envoyer à 3 personnes").click()
        page.get_by_role("heading", name="Envoyer les lettres d’une enquête").wait_for()
        # Not in this thread: the browser's event loop sleeps in it.
        with ThreadPoolExecutor(1) as worker:
            assert worker.submit(website.work_off).result() == 1
        assert sum(mailbox.by_recipient.values()) == 3
        page.goto(f"{address}{campaign}/invitations")
        check(page, "invitations")
        page.get_by_role("button", name="Lettres à imprimer").click()
        page.get_by_role("heading", name="Lettres : Hoe gaat het op het werk?").wait_for()
        check(page, "letters")
        page.goto(f"{address}{campaign}/codes")
        check(page, "codes")
        page.get_by_role("button", name="Cartes à imprimer").click()
        page.get_by_role("heading", name="Cartes de codes : Hoe gaat het op het werk?").wait_for()
        check(page, "cards")
        page.goto(f"{address}{campaign}/codes/spares")
        check(page, "spares")
        page.get_by_label("Unité", exact=True).select_option(label="Nachtploeg")
        page.get_by_label("Une carte est perdue").check()
        page.get_by_role("button", name="Noter").click()
        page.get_by_text("Donnez maintenant la carte réserve 1 de Nachtploeg").wait_for()
    assert [said for said in complaints if "422" not in said] == []
