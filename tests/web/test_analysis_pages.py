"""Analyses, findings and talks over HTTP: what is refused, what is said beforehand, what stays."""

import re
from html import unescape
from typing import Any

import pytest

from baken.actionplan.analyses.rules import Manifestation
from baken.actionplan.plans.feedback.rules import Standing
from baken.actionplan.wording import TEXT_LENGTH
from baken.organisation.permissions import Role
from baken.web.pages.analysis_forms import AnalysisForm
from baken.web.pages.feedback_forms import FeedbackForm
from baken.web.pages.plan_forms import compare
from tests.web.test_plan_pages import FINDING, version_in
from tests.web.test_units_pages import GOOD, import_units
from tests.web.test_weighing_pages import NOTE, TALK, Hand

ANALYSIS = {"title": "Nacht bekeken", "kind": "a_priori", "started_on": "2026-03-01"}
LINE = {"said": "Te laat.", "did": "Vroeger.", "standing": Standing.DONE.value}


@pytest.fixture
def adviser(website: Any) -> Hand:
    return Hand(website, Role.PREVENTION_ADVISER)


def unit_called(page: str, name: str) -> str:
    found = re.search(rf'<option value="([0-9a-f-]{{36}})">[– ]*{name}<', page)
    assert found is not None, name
    return found[1]


def press(adviser: Hand, page: str, act: str) -> None:
    button = re.search(rf'/{act}".*?name="version" value="(\d+)"', adviser.go(page), re.DOTALL)
    assert button is not None, act
    adviser.done(f"{page}/{act}", {"version": button[1]})


def test_what_is_missing_is_named_one_by_one(adviser: Hand) -> None:
    seen = {f"covered_{one}": "y" for one in Manifestation if one != Manifestation.CONFLICT}
    made = adviser.done("/analyses/new", ANALYSIS | seen)
    before = adviser.go(made).partition("Voor u kunt afsluiten")[2]
    assert "Nog niet bekeken: Conflict." in before
    assert "Burn-out" not in before
    forced = adviser.send(f"{made}/close", {"version": "1"})
    assert forced.status_code == 409
    told = unescape(forced.text).partition("Voor u kunt afsluiten")[2]
    assert told.count("<li>") == before.count("<li>") > 1


def test_the_other_text_of_a_reason_says_of_what_it_is() -> None:
    there = AnalysisForm.blank("nl", {"why_A2": "Vorig jaar bekeken.", "why_stress": "Later."})
    sent = AnalysisForm.blank("nl", {"why_A2": "", "why_stress": ""})
    called = {one.text: one.label for one in compare(there, sent)}
    assert called["Vorig jaar bekeken."] == "Arbeidsinhoud, zo niet: waarom"
    assert called["Later."] == "Stress, zo niet: waarom"


def test_a_specific_situation_is_a_group_and_never_everybody(website: Any, adviser: Hand) -> None:
    import_units(adviser.browser, website.root, GOOD)
    form = adviser.go("/analyses/new")
    top = re.findall(r'<option value="([0-9a-f-]{36})">(?!–)', form)
    specific = ANALYSIS | {"kind": "specific"}
    everybody = adviser.send("/analyses/new", specific | {"unit_id": top[0]})
    assert (everybody.status_code, len(top)) == (422, 1)
    assert "niet over de hele organisatie" in unescape(everybody.text)
    adviser.done("/analyses/new", specific | {"unit_id": unit_called(form, "Nachtploeg")})


def test_a_finding_is_about_the_unit_of_its_source(website: Any, adviser: Hand) -> None:
    import_units(adviser.browser, website.root, GOOD)
    night = unit_called(adviser.go("/talks/new"), "Nachtploeg")
    talk = adviser.done("/talks/new", TALK | {"unit_id": night})
    held = {"held_on": "2026-03-01", "n_invited": "9", "n_present": "7"}
    adviser.done(f"{talk}/held", held, seen=f"{talk}/held")
    # Nothing was noted: the button says so, no dead end after it.
    assert "Er zijn nog geen notities om voor te lezen." in adviser.go(talk)
    adviser.done(f"{talk}/notes/new", NOTE)
    assert "Er zijn nog geen notities om voor te lezen." not in adviser.go(talk)
    press(adviser, talk, "read-back")
    adviser.done(f"{talk}/approve", {"reach": "plans"}, seen=f"{talk}/approve")
    # The finding begins with what the note was about.
    source = re.search(r"source=(note:[0-9a-f-]{36})&(?:amp;)?factor=A2", adviser.go(talk))
    assert source is not None
    asked = adviser.go(f"/findings/observed/new?source={source[1]}&factor=A2")
    assert '<option value="A2" selected>' in asked
    ground = {"source": source[1], "told_as": "observation", "seen_on": "2026-03-01"}
    for chosen, unit in (({}, "Nachtploeg"), ({"unit_id": ""}, "Hele organisatie")):
        finding = adviser.done("/findings/observed/new", FINDING | ground | chosen)
        assert f"<dt>Eenheid</dt><dd>{unit}</dd>" in adviser.go(finding)


def test_a_text_that_is_too_long_comes_back_whole(adviser: Hand) -> None:
    assert "maxlength" not in adviser.go("/start/commitment").partition('name="content"')[0][-400:]
    long = "w" * (TEXT_LENGTH + 1)
    fields = {"content": long, "signed_by": "Ann", "signed_on": "2026-03-01"}
    answer = adviser.send("/start/commitment", fields)
    assert answer.status_code == 422
    assert long in answer.text


def test_ideas_and_themes_that_are_sent_twice_are_one(adviser: Hand) -> None:
    idea = {"title": "Fruit in de refter", "level": "tertiary", "scope": "individual"}
    for _ in range(2):
        adviser.done("/ideas/new", idea)
        adviser.done("/themes/new", {"title": "Gehoord worden"})
    decide = re.findall(r"/ideas/[0-9a-f-]{36}/decide", adviser.go("/ideas"))
    assert len(decide) == 1
    assert len(set(re.findall(r"/themes/[0-9a-f-]{36}", adviser.go("/priorities")))) == 1
    # Dropped without a reason: what is offered again is what may be, not every state there is.
    refused = adviser.send(
        decide[0], {"after": "dropped", "version": version_in(adviser.go(decide[0]))}
    )
    assert refused.status_code == 422
    assert 'value="dropped"' in refused.text
    assert 'value="chosen"' not in refused.text
    adviser.done("/ideas/new", idea | {"title": "Fruit op de afdeling"})
    assert len(set(re.findall(r"/ideas/[0-9a-f-]{36}/decide", adviser.go("/ideas")))) == 2


def test_a_change_says_what_is_left_before_it_is_concluded(adviser: Hand) -> None:
    change = {"title": "Nieuw rooster", "happens_on": "2026-03-01", "responsible": "Ann",
              "due_on": "2026-04-01"}  # fmt: skip
    made = adviser.done("/changes/new", change)
    assert "Nog 8 vragen van de welzijnstoets zonder antwoord." in adviser.go(made)
    assert "/conclude" not in adviser.go(made)
    asked = re.findall(r'name="(effect_\w+)"', adviser.go(f"{made}/edit"))
    same = dict.fromkeys(asked, "same")
    adviser.done(f"{made}/edit", change | same, seen=f"{made}/edit")
    late = version_in(adviser.go(f"{made}/conclude"))
    said = {"conclusion": "measures_adapted", "conclusion_text": "Een vast uur."}
    adviser.done(f"{made}/conclude", said, seen=f"{made}/conclude")
    second = adviser.send(f"{made}/conclude", said | {"conclusion_text": "Ik zag", "version": late})
    shown = unescape(second.text)
    assert second.status_code == 422
    assert "Een vast uur." in shown  # what the first one saved
    assert "Ik zag" in shown  # and what the second one typed


def test_rows_that_differ_are_told_in_words_and_measures_without_a_word_stay_away() -> None:
    now, typed = (FeedbackForm.blank("nl", {"lines": [LINE, *more]}) for more in ([], [LINE]))
    assert [one.text for one in compare(now, typed)] == ["Te laat. | Vroeger. | Gedaan"]
    empty = {"said": "", "did": "", "standing": Standing.PLANNED.value}
    spare = FeedbackForm.blank("nl", {"lines": [LINE, empty, empty]})
    assert not compare(now, spare)
    left = FeedbackForm.blank("nl", {"lines": [LINE, LINE | {"said": ""}]})
    left.unit_id.data, left.language_of.data = "", "nl"
    assert len(left.fields(offered={"Vroeger."}).lines) == 1
    assert len(left.fields().lines) == 2
