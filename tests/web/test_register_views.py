"""What pages of the register and of counsellors say, and how."""

import re
from datetime import UTC, date, datetime

from baken.actionplan.register.authors import Look
from baken.actionplan.retention.models import Deletion
from baken.organisation.permissions import Role
from baken.web.pages.register_views import LookView
from baken.web.rendering import breakable
from tests.web.conftest import Website


def test_a_reading_stands_under_the_day_of_the_place() -> None:
    # half past midnight in Belgium
    look = Look(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "Noor", is_export=True)
    assert LookView.of(look) == LookView(date(2026, 11, 24), "Noor", True)


def test_an_address_breaks_at_its_signs_and_stays_text() -> None:
    assert breakable("noor@zorg.invalid") == "noor@<wbr>zorg.<wbr>invalid"
    assert breakable("<b>/x") == "&lt;b&gt;/<wbr>x"


def test_two_places_of_the_page_of_terms_have_two_names(website: Website) -> None:
    with website.database.session(website.organisation.id) as session:
        session.add(Deletion(on=date(2026, 3, 1), record="answers", n=1))
    page = website.browser(Role.MAIN_CONTACT).get(f"{website.root}/retention?lang=nl").text
    (heading,) = re.findall(r'<h2 id="deleted">([^<]+)</h2>', page)
    (table,) = re.findall(r'role="region" aria-label="([^"]+)"', page)
    assert heading != table
