"""What a talk keeps to: numbers that can be true, and who may read what was said."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.errors import ActionPlanError
from baken.actionplan.findings.factors import Factor
from baken.actionplan.talks import note_rules, rules
from baken.actionplan.talks.guides import factor_of, guides
from baken.actionplan.talks.note_rules import AgreementFields, Input, NoteFields, Tone
from baken.actionplan.talks.rules import (
    TRANSITIONS,
    Category,
    HeldFields,
    Method,
    Reach,
    Safeguard,
    TalkFields,
    TalkState,
)
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP

TODAY = date(2026, 3, 2)
TALK = TalkFields(title="Keuken", method=Method.TEAM_TALK, planned_on=TODAY, leader="Ann")
HELD = HeldFields(held_on=TODAY, n_invited=9, n_present=7)
NOTE = NoteFields(factor=Factor.A2, tone=Tone.PROBLEM, text="Te druk om elf uur.")


def refusal(check, *arguments, **named):
    with pytest.raises(ActionPlanError) as refused:
        check(*arguments, **named)
    return refused.value.key


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"title": " "}, "actionplan.title_missing"),
        ({"leader": " "}, "talks.leader_missing"),
        ({"observer": "x" * 201}, "talks.name_too_long"),
        ({"min_group": FLOOR_MIN_GROUP - 1}, "talks.group_below_floor"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused(changes, key):
    rules.check_talk(TALK)
    assert refusal(rules.check_talk, replace(TALK, **changes)) == key


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"held_on": date(2026, 3, 3)}, "talks.held_ahead"),
        ({"n_present": 10}, "talks.numbers_impossible"),
        ({"n_present": 0}, "talks.numbers_impossible"),
        ({"composition": (Category(" ", 1, 2),)}, "talks.category_unnamed"),
        ({"composition": (Category("Koks", 3, 2),)}, "talks.category_impossible"),
        ({"composition": (Category("Koks", 8, 9),)}, "talks.composition_too_large"),
    ],
)
def test_numbers_of_a_talk_can_be_true(changes, key):
    asked = (TalkState.PLANNED, list(Safeguard))
    rules.check_can_hold(*asked, HELD, today=TODAY)
    assert refusal(rules.check_can_hold, *asked, replace(HELD, **changes), today=TODAY) == key


def test_without_every_safeguard_no_talk_was_held():
    some = [one for one in Safeguard if one != Safeguard.VOLUNTARY]
    said = refusal(rules.check_can_hold, TalkState.PLANNED, some, HELD, today=TODAY)
    assert said == "talks.safeguards_missing"


@pytest.mark.parametrize("before", list(TalkState))
def test_a_talk_moves_one_way_and_never_empty(before):
    for after in TalkState:
        if after in TRANSITIONS[before]:
            rules.check_transition(before, after, n_notes=1)
        else:
            said = refusal(rules.check_transition, before, after, n_notes=1)
            assert said == "talks.state_impossible"
    if before == TalkState.HELD:
        said = refusal(rules.check_transition, before, TalkState.READ_BACK, n_notes=0)
        assert said == "talks.nothing_to_read"


def test_notes_are_open_between_the_talk_and_the_reading_back():
    said = {
        TalkState.PLANNED: "talks.not_held",
        TalkState.READ_BACK: "talks.notes_fixed",
        TalkState.APPROVED: "talks.notes_fixed",
        TalkState.CALLED_OFF: "talks.notes_fixed",
    }
    note_rules.check_can_note(TalkState.HELD)
    assert {state: refusal(note_rules.check_can_note, state) for state in said} == said
    assert refusal(rules.check_can_change, TalkState.HELD) == "talks.not_planned"


def test_a_note_says_something_in_a_way_that_fits():
    note_rules.check_note(NOTE, method=Method.TEAM_TALK)
    alone = replace(NOTE, way=Input.INTERVIEW)
    note_rules.check_note(alone, method=Method.INTERVIEWS)
    empty = replace(NOTE, text=" ")
    assert refusal(note_rules.check_note, empty, method=Method.DEPARIS) == "talks.note_empty"
    ordinary = replace(NOTE, tone=Tone.ORDINARY)
    note_rules.check_note(ordinary, method=Method.DEPARIS)
    said = refusal(note_rules.check_note, ordinary, method=Method.TEAM_TALK)
    assert said == "talks.ordinary_elsewhere"
    for fields, method in ((alone, Method.DEPARIS), (NOTE, Method.INTERVIEWS)):
        assert refusal(note_rules.check_note, fields, method=method) == "talks.no_interview"


def test_dots_come_from_people_who_were_there():
    held = {"n_voters": 7, "n_present": 7}
    note_rules.check_can_vote(TalkState.HELD, votes=[7, 0], **held)
    said = refusal(note_rules.check_can_vote, TalkState.HELD, votes=[8], **held)
    assert said == "talks.too_many_votes"
    many = {"n_voters": 8, "n_present": 7, "votes": []}
    assert refusal(note_rules.check_can_vote, TalkState.HELD, **many) == "talks.voters_impossible"


def test_an_agreement_comes_after_the_talk():
    agreed = AgreementFields(who="Ann", what="Belt de leverancier", due_on=TODAY)
    note_rules.check_agreement(agreed, held_on=TODAY)
    late = refusal(note_rules.check_agreement, agreed, held_on=date(2026, 3, 3))
    assert late == "talks.agreement_before_talk"
    nobody = replace(agreed, who=" ")
    assert refusal(note_rules.check_agreement, nobody, held_on=None) == "talks.agreement_empty"


@pytest.mark.parametrize("reach", [None, *Reach])
@pytest.mark.parametrize("state", list(TalkState))
def test_nobody_reads_what_the_group_did_not_let_go(state, reach):
    assert rules.may_read(reach, state, leads=True, plans=False)
    approved = state == TalkState.APPROVED
    seen = {
        plans: rules.may_read(reach, state, leads=False, plans=plans) for plans in (True, False)
    }
    assert seen == {
        True: approved and reach in {Reach.STEERING, Reach.PLANS},
        False: approved and reach == Reach.PLANS,
    }


@given(st.integers(0, 60), st.integers(0, 60))
def test_anonymous_input_never_shows_below_the_floor(n_people, min_group):
    shown = note_rules.shows_anonymous(n_people, min_group)
    assert shown == (n_people >= min_group and n_people >= FLOOR_MIN_GROUP)


def test_a_kind_of_worker_that_hardly_came_is_named():
    kinds = (Category("Koks", 6, 6), Category("Afwas", 2, 14), Category("Niemand", 0, 0))
    assert rules.under_represented(kinds) == (kinds[1],)
    assert rules.under_represented((Category("Koks", 3, 6), Category("Afwas", 7, 14))) == ()


def test_every_method_has_a_guide_and_deparis_its_topics():
    found = guides()
    assert set(found) == set(Method)
    assert all(guide.minutes > 0 and guide.source for guide in found.values())
    assert (len(found[Method.DEPARIS].topics), found[Method.DEPARIS].edition) == (18, "2007-18")
    assert factor_of(Method.DEPARIS, "noise", Factor.A1) == Factor.A4  # that of the topic
    assert factor_of(Method.DEPARIS, "", Factor.A1) == Factor.A1
    assert refusal(factor_of, Method.TEAM_TALK, "noise", Factor.A1) == "talks.topic_unknown"
