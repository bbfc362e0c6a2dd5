"""Pages that lie in a stack and belong elsewhere: each is named by where it comes from."""

from typing import Any

import pytest

from baken.instruments.library import load_instrument
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.forms import Wanted, make_forms
from baken.survey.paper.leaving_out import leave_out
from baken.survey.paper.marks import PROOF, Mark
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.offers import Desk
from baken.survey.paper.scan_reports import runs_without
from baken.survey.paper.scanning.assembling import Stretch, Unclear
from baken.survey.paper.scanning.readings import PageReading, Problem
from baken.survey.paper.taken_once import FilePages
from baken.web.documents.forms.letters import measure
from baken.web.documents.forms.words import About, words_of


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_forms_of_another_survey_version_or_language_are_told_apart(stage: Any) -> None:
    stage.instrument = load_instrument("puls")
    named = ("Dit jaar", "Vorig jaar")
    here, before = (stage.launch(min_group=5, background_headcounts={}, title=one) for one in named)
    by, words = stage.client.adviser, words_of(About("x"), "nl")

    def edition(campaign_id: Any, language: str = "nl") -> str:
        wanted = Wanted(language, large=False, forms={stage.unit_of["Team A"]: 1})
        with stage.database.session(stage.client.id) as session:
            made = make_forms(session, campaign_id, wanted, words=words, measure=measure, by=by)
        return made.form.layout.edition

    editions = [edition(before), edition(here, "fr"), PROOF, "ZZZZZZZZ", "ZZZZZZZZ"]
    marks = [Mark(one, "nl", 1, "000") for one in editions]
    pages = tuple(PageReading(n, Problem.OTHER_FORM, mark) for n, mark in enumerate(marks, 1))

    def told() -> list[tuple[str, str, tuple[int, ...]]]:
        with stage.database.read(stage.client.id) as session:
            desk = Desk(session, b"", get_campaign(session, here), PaperBatch())
            stretch = Stretch(Unclear.OTHER_FORM, pages)
            left = leave_out(desk, FilePages(pages, {}, set(), set()), stretch, {})
        return [(one.reason, one.title, one.places) for one in left]

    others = [("other_language", "", (2,)), ("proof", "", (3,)), ("other_form", "", (4, 5))]
    assert told() == [("other_survey", "Vorig jaar", (1,)), *others]
    with stage.database.session(stage.client.id) as session:
        get_campaign(session, before).instrument_fingerprint = "0" * 64
    assert told() == [("other_version", "Vorig jaar", (1,)), *others]


def test_what_was_taken_in_between_parts_the_pages_that_are_named() -> None:
    assert runs_without((1, 3, 5, 7, 9), {5}) == [(1, 3), (7, 9)]
    assert runs_without((1, 3), ()) == [(1, 3)]
    assert runs_without((1, 3), (1, 2, 3)) == []
