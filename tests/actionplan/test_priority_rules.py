"""When something comes first, what a cause must say, what a vote shows, and the library."""

from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.analyses import changes, starting
from baken.actionplan.analyses.changes import ChangeFields, Conclusion, Effect, Expected, Question
from baken.actionplan.analyses.starting import Difference, StartKind, StepFields
from baken.actionplan.errors import ActionPlanError
from baken.actionplan.findings.factors import SUB_FACTORS, Factor, belongs_to
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.priorities import ballots, rules
from baken.actionplan.priorities.ballots import BallotFields
from baken.actionplan.priorities.library import LANGUAGES, library
from baken.actionplan.priorities.rules import (
    IDEA_TRANSITIONS,
    TRANSITIONS,
    CauseFields,
    CauseKind,
    Choice,
    IdeaState,
    MixWarning,
    Place,
    PriorityFields,
    PriorityState,
    Smart,
)
from baken.organisation.permissions import Role

TODAY = date(2026, 3, 2)
WEIGHED = PriorityFields(
    title="Middagpiek", urgency=4, feasibility=3, finding_ids=frozenset({uuid4()})
)
CHAIN = CauseFields(kind=CauseKind.WHYS, whys=("Alles komt samen.",), root="Geen vast uur.")
CHANGE = ChangeFields(title="Nieuw programma", happens_on=date(2026, 2, 1), responsible="Ann")


def refusal(check, *arguments, **named):
    with pytest.raises(ActionPlanError) as refused:
        check(*arguments, **named)
    return refused.value.key


def test_a_priority_is_weighed_and_rests_on_something_before_it_is_chosen():
    go = {"reason": "", "fields": WEIGHED}
    rules.check_transition(PriorityState.PROPOSED, PriorityState.CHOSEN, **go)
    for changes_, key in (
        ({"urgency": 0}, "priorities.not_weighed"),
        ({"finding_ids": frozenset()}, "priorities.rests_on_nothing"),
    ):
        asked = {"reason": "", "fields": replace(WEIGHED, **changes_)}
        said = refusal(
            rules.check_transition, PriorityState.PROPOSED, PriorityState.CHOSEN, **asked
        )
        assert said == key
    told = replace(WEIGHED, finding_ids=frozenset(), story="Uit het ploeggesprek.")
    rules.check_transition(PriorityState.PROPOSED, PriorityState.CHOSEN, reason="", fields=told)
    assert refusal(rules.check_priority, replace(WEIGHED, urgency=6)) == "priorities.step_outside"


@pytest.mark.parametrize("before", list(PriorityState))
def test_what_is_dropped_or_taken_up_again_has_its_reason(before):
    for after in PriorityState:
        asked = {"reason": "Te duur.", "fields": WEIGHED}
        if after not in TRANSITIONS[before]:
            said = refusal(rules.check_transition, before, after, **asked)
            assert said == "priorities.state_impossible"
            continue
        rules.check_transition(before, after, **asked)
        if PriorityState.DROPPED in {before, after}:
            said = refusal(rules.check_transition, before, after, reason=" ", fields=WEIGHED)
            assert said == "priorities.reason_missing"


def test_a_measure_needs_a_chosen_priority_with_a_cause_or_a_motivated_exception():
    ready = rules.check_ready_for_measure
    for kind in CauseKind:
        ready(PriorityState.CHOSEN, [kind])
    assert refusal(ready, PriorityState.CHOSEN, []) == "priorities.cause_missing"
    assert refusal(ready, PriorityState.PROPOSED, [CauseKind.WHYS]) == "priorities.not_chosen"


@pytest.mark.parametrize(
    ("changes_", "key"),
    [
        ({"whys": ()}, "priorities.whys_missing"),
        ({"root": " "}, "priorities.root_missing"),
        ({"whys": ("Omdat.",) * 8}, "priorities.too_many_whys"),
        ({"kind": CauseKind.EXCEPTION}, "priorities.exception_unmotivated"),
    ],
)
def test_a_cause_says_why(changes_, key):
    rules.check_cause(CHAIN)
    rules.check_cause(replace(CHAIN, kind=CauseKind.TREE, whys=("Omdat.",) * 8))
    rules.check_cause(CauseFields(kind=CauseKind.EXCEPTION, motivation="De wet legt het op."))
    assert refusal(rules.check_cause, replace(CHAIN, **changes_)) == key


@pytest.mark.parametrize("before", list(IdeaState))
def test_an_idea_goes_its_way(before):
    for after in IdeaState:
        if after in IDEA_TRANSITIONS[before]:
            rules.check_idea_transition(before, after, reason="Te duur.")
        else:
            said = refusal(rules.check_idea_transition, before, after, reason="Te duur.")
            assert said == "priorities.idea_state_impossible"


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_the_grid_and_the_order_agree(urgency, feasibility, more):
    place = rules.place_of(urgency, feasibility)
    assert (place is None) == (not urgency or not feasibility)
    if place is Place.FIRST:
        assert min(urgency, feasibility) >= rules.HIGH
    if more > feasibility and urgency:
        assert rules.rank_of(urgency, more) < rules.rank_of(urgency, feasibility)


def test_a_mix_lacks_what_the_law_asks_first():
    person = Choice(PreventionLevel.TERTIARY, Scope.INDIVIDUAL, is_quick_win=True)
    source = Choice(PreventionLevel.PRIMARY, Scope.COLLECTIVE, is_quick_win=False)
    assert rules.list_warnings([]) == ()
    assert set(rules.list_warnings([person])) == set(MixWarning)
    assert rules.list_warnings([person, source]) == ()
    assert rules.unanswered({Smart.SPECIFIC: "x", Smart.TIMED: " "}) == tuple(Smart)[1:]


def test_the_library_has_five_ideas_for_every_a_and_step_in_every_language():
    ideas = library()
    five = [Factor.A1, Factor.A2, Factor.A3, Factor.A4, Factor.A5]
    counted = Counter((one.dimension, one.level) for one in ideas)
    assert counted == {(a, level): 5 for a in five for level in PreventionLevel}
    assert len({one.key for one in ideas}) == len(ideas) == 75
    for language in LANGUAGES:
        titles = [one.title[language] for one in ideas]
        assert len(set(titles)) == 75
        assert all(0 < len(title) <= 100 for title in titles)
        assert all(len(one.text[language].split()) >= 10 for one in ideas)


def test_sub_factors_stand_under_their_own_a():
    assert sum(map(len, SUB_FACTORS.values())) == 35
    assert belongs_to("A3.2", Factor.A3)
    assert belongs_to("", Factor.O)
    assert not belongs_to("A3.2", Factor.A2)


def a_ballot(**changes_):
    given_ = {
        "title": "Wat eerst?",
        "is_anonymous": True,
        "dots": 2,
        "roles": frozenset({Role.STEERING_MEMBER}),
        "closes_on": TODAY,
        "priority_ids": frozenset(uuid4() for _ in range(3)),
    }
    return BallotFields(**(given_ | changes_))


@pytest.mark.parametrize(
    ("changes_", "key"),
    [
        ({"priority_ids": frozenset({uuid4()})}, "priorities.two_to_choose"),
        ({"dots": 3}, "priorities.dots_impossible"),
        ({"roles": frozenset()}, "priorities.body_or_roles"),
        ({"body_id": uuid4()}, "priorities.body_or_roles"),
        ({"roles": frozenset({Role.GUEST})}, "priorities.no_voters"),
        ({"closes_on": date(2026, 3, 1)}, "priorities.closes_past"),
        ({"min_group": 4}, "priorities.group_below_floor"),
        ({"min_group": 8}, "priorities.group_too_small"),
    ],
)
def test_a_vote_that_cannot_be_held_is_refused(changes_, key):
    ballots.check_ballot(a_ballot(), n_voters=7, today=TODAY)
    assert refusal(ballots.check_ballot, a_ballot(**changes_), n_voters=7, today=TODAY) == key
    empty = a_ballot(roles=frozenset(), body_id=uuid4(), is_anonymous=False)
    said = refusal(ballots.check_ballot, empty, n_voters=0, today=TODAY)
    assert said == "priorities.body_without_voters"


@given(st.integers(0, 40), st.integers(0, 40), st.booleans(), st.booleans())
def test_an_anonymous_vote_shows_from_enough_voters_on(n_voters, least, is_anonymous, is_closed):
    shown = ballots.shows(
        is_anonymous=is_anonymous, n_voters=n_voters, min_group=least, is_closed=is_closed
    )
    assert shown == (is_closed and (not is_anonymous or n_voters >= max(least, 5)))


@pytest.mark.parametrize(("n_options", "dots"), [(0, 1), (2, 1), (3, 2), (4, 3), (9, 3)])
def test_the_dots_proposed_make_everybody_choose(n_options, dots):
    assert ballots.usual_dots(n_options) == dots


def test_a_change_is_looked_at_after_it_happened_and_worse_asks_for_something():
    done = {one: Expected(Effect.SAME) for one in Question}
    full = replace(CHANGE, check=done)
    assert full.looked_at_by == date(2026, 5, 2)
    changes.check_can_conclude(full, Conclusion.NOTHING_NEEDED, "Gaat goed.", today=TODAY)
    asked = (Conclusion.NOTHING_NEEDED, "Gaat goed.")
    cases = (
        (replace(full, happens_on=date(2026, 4, 1)), asked, "analyses.change_ahead"),
        (CHANGE, asked, "analyses.check_unanswered"),
        (full, (Conclusion.NEW_ANALYSIS, " "), "analyses.conclusion_missing"),
        (
            replace(full, check=done | {Question.HEARD: Expected(Effect.WORSE)}),
            asked,
            "analyses.worse_needs_something",
        ),
    )
    for fields, (conclusion, text), key in cases:
        said = refusal(changes.check_can_conclude, fields, conclusion, text, today=TODAY)
        assert said == key
    early = replace(CHANGE, due_on=date(2026, 1, 1))
    assert refusal(changes.check_change, early) == "analyses.looked_before_change"


def test_versions_of_a_commitment_show_what_came_and_went():
    before = "Wij vragen elk jaar. De antwoorden zijn anoniem."
    after = "Wij vragen om de twee jaar. De antwoorden zijn anoniem.\nU hoort wat we vonden."
    shown = starting.compare(before, after)
    assert [(one.kind, one.text) for one in shown] == [
        (Difference.GONE, "Wij vragen elk jaar."),
        (Difference.NEW, "Wij vragen om de twee jaar."),
        (Difference.SAME, "De antwoorden zijn anoniem."),
        (Difference.NEW, "U hoort wat we vonden."),
    ]
    said = refusal(starting.check_changed, before, f" {before}")
    assert said == "analyses.commitment_unchanged"


@given(st.text(alphabet="ab.? \n", max_size=60))
def test_a_text_compared_with_itself_stays(text):
    assert all(one.kind is Difference.SAME for one in starting.compare(text, text))
    told = "".join("".join(starting.sentences(text)).split())
    assert told == "".join(text.split())


def test_a_message_says_for_whom_and_by_which_way():
    step = StepFields(kind=StartKind.MESSAGE, title="Brief", due_on=TODAY)
    assert refusal(starting.check_step, step, today=TODAY) == "analyses.message_needs_audience"
    told = replace(step, audience="Allen", channel="Brief")
    starting.check_step(told, today=TODAY)
    ahead = replace(told, done_on=date(2026, 3, 3))
    assert refusal(starting.check_step, ahead, today=TODAY) == "analyses.done_ahead"
