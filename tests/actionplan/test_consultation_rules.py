"""Deadlines of plans, and when advice frees them."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.consultations.deadlines import (
    Notice,
    deadline_notice,
    draft_deadline,
    warn_from,
)
from baken.actionplan.consultations.rules import (
    Advice,
    Asked,
    ConsultationKind,
    Organ,
    Outcome,
    Question,
    Subject,
    SubjectKind,
    check_advice,
    check_question,
    check_reply,
    is_answered,
    is_free,
    is_reply_due,
    last_asked,
)
from baken.actionplan.errors import ActionPlanError, Invalid, InvalidTransition

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
ASKED = Asked(
    organ=Organ.CPBW,
    kind=ConsultationKind.ADVICE,
    asked_on=date(2025, 10, 6),
    due_on=date(2025, 11, 30),
    outcome=None,
)
BEFORE, DUE, AFTER = date(2025, 11, 29), date(2025, 11, 30), date(2025, 12, 1)


@pytest.mark.parametrize(
    ("starts_on", "deadline"),
    [
        (date(2026, 1, 1), date(2025, 11, 1)),
        (date(2026, 7, 1), date(2026, 5, 1)),
        (date(2026, 2, 1), date(2025, 12, 1)),
        (date(2026, 3, 15), date(2026, 1, 1)),
        (date(2024, 4, 30), date(2024, 2, 1)),
        (date(2026, 12, 31), date(2026, 10, 1)),
    ],
)
def test_the_draft_is_due_two_months_before_the_service_year(starts_on, deadline):
    assert draft_deadline(starts_on) == deadline


@given(days)
def test_the_deadline_is_the_first_of_the_second_month_before(starts_on):
    deadline = draft_deadline(starts_on)
    assert deadline.day == 1
    assert (12 * starts_on.year + starts_on.month) - (12 * deadline.year + deadline.month) == 2


@given(days, days)
def test_a_later_year_never_has_an_earlier_deadline(one, other):
    first, second = sorted((one, other))
    assert draft_deadline(first) <= draft_deadline(second)


@given(days)
def test_the_warning_comes_one_month_before_the_deadline(starts_on):
    deadline, warning = draft_deadline(starts_on), warn_from(starts_on)
    assert 28 <= (deadline - warning).days <= 31
    assert warning.day == 1


@pytest.mark.parametrize(
    ("asked_on", "today", "notice"),
    [
        (None, date(2025, 9, 30), Notice.EARLY),
        (None, date(2025, 10, 1), Notice.SOON),
        (None, date(2025, 11, 1), Notice.SOON),
        (None, date(2025, 11, 2), Notice.LATE),
        (date(2025, 11, 1), date(2025, 12, 1), Notice.SENT),
        (date(2025, 11, 2), date(2025, 12, 1), Notice.SENT_LATE),
    ],
)
def test_a_draft_is_warned_about_from_the_first_of_october(asked_on, today, notice):
    assert deadline_notice(date(2026, 1, 1), asked_on, today=today) is notice


def test_of_two_questions_on_one_day_the_one_asked_later_counts():
    refused = replace(ASKED, kind=ConsultationKind.AGREEMENT, outcome=Outcome.UNFAVOURABLE)
    again = replace(refused, number=2, outcome=None)
    agreed = replace(again, outcome=Outcome.FAVOURABLE)
    assert last_asked([again, refused]) == [again]
    assert is_free([agreed, refused], today=DUE)
    assert not is_free([replace(agreed, outcome=Outcome.UNFAVOURABLE), refused], today=AFTER)
    # A day written down later, but earlier in the year, does not push it aside.
    earlier = replace(refused, asked_on=date(2025, 9, 1), number=3)
    assert last_asked([earlier, agreed]) == [agreed]


@pytest.mark.parametrize("outcome", [None, *Outcome])
@pytest.mark.parametrize("kind", list(ConsultationKind))
@pytest.mark.parametrize("today", [BEFORE, DUE, AFTER])
def test_what_frees_a_plan(kind, outcome, today):
    asked = replace(ASKED, kind=kind, outcome=outcome)
    expected = {
        ConsultationKind.INFO: False,
        ConsultationKind.ADVICE: outcome is not None or today == AFTER,
        # Silence never agrees.
        ConsultationKind.AGREEMENT: outcome
        in {Outcome.FAVOURABLE, Outcome.FAVOURABLE_WITH_REMARKS},
    }[kind]
    assert is_answered(asked, today=today) is expected


def test_a_plan_about_which_nobody_was_asked_is_not_free():
    assert not is_free([], today=AFTER)
    assert not is_free([replace(ASKED, kind=ConsultationKind.INFO)], today=AFTER)


def test_a_plan_waits_for_every_organ_that_was_asked():
    answered = replace(ASKED, outcome=Outcome.FAVOURABLE)
    council = replace(ASKED, organ=Organ.WORKS_COUNCIL)
    assert is_free([answered], today=BEFORE)
    assert not is_free([answered, council], today=BEFORE)
    assert is_free([answered, council], today=AFTER)


def test_an_agreement_that_was_refused_stays_refused_until_it_is_asked_again():
    refused = replace(ASKED, kind=ConsultationKind.AGREEMENT, outcome=Outcome.UNFAVOURABLE)
    again = replace(refused, asked_on=date(2025, 11, 3), outcome=Outcome.FAVOURABLE)
    assert not is_free([refused], today=AFTER)
    assert is_free([refused, again], today=BEFORE)
    assert is_free([again, refused], today=BEFORE)


def test_an_older_answer_does_not_free_what_was_asked_again():
    again = replace(ASKED, asked_on=date(2025, 11, 3))
    assert not is_free([replace(ASKED, outcome=Outcome.FAVOURABLE), again], today=BEFORE)


def test_two_questions_of_one_day_both_count():
    assert not is_free([ASKED, replace(ASKED, outcome=Outcome.FAVOURABLE)], today=BEFORE)


@given(days, days, st.sampled_from([each for each in Outcome if each != Outcome.NONE_GIVEN]))
def test_advice_is_never_older_than_its_request(asked_on, advised_on, outcome):
    asked = replace(ASKED, asked_on=asked_on, due_on=asked_on)
    advice = Advice(outcome=outcome, advised_on=advised_on)
    if advised_on >= asked_on:
        check_advice(asked, advice, today=date(2100, 12, 31))
    else:
        with pytest.raises(Invalid) as refused:
            check_advice(asked, advice, today=date(2100, 12, 31))
        assert refused.value.key == "actionplan.advice_before_request"


@pytest.mark.parametrize(
    ("asked", "advice", "today", "key"),
    [
        (
            replace(ASKED, kind=ConsultationKind.INFO),
            Advice(outcome=Outcome.FAVOURABLE, advised_on=BEFORE),
            AFTER,
            "info_needs_no_advice",
        ),
        (
            replace(ASKED, outcome=Outcome.FAVOURABLE),
            Advice(outcome=Outcome.UNFAVOURABLE, advised_on=BEFORE),
            AFTER,
            "advice_recorded",
        ),
        (ASKED, Advice(outcome=Outcome.FAVOURABLE, advised_on=AFTER), DUE, "advice_in_future"),
        (ASKED, Advice(outcome=Outcome.NONE_GIVEN, advised_on=DUE), DUE, "advice_still_possible"),
        (
            ASKED,
            Advice(outcome=Outcome.FAVOURABLE, advised_on=DUE, dissent="\0"),
            DUE,
            "text_unreadable",
        ),
    ],
)
def test_advice_that_cannot_be_is_refused(asked, advice, today, key):
    with pytest.raises(ActionPlanError) as refused:
        check_advice(asked, advice, today=today)
    assert refused.value.key == f"actionplan.{key}"


def test_silence_is_recorded_after_the_due_date():
    check_advice(ASKED, Advice(outcome=Outcome.NONE_GIVEN, advised_on=AFTER), today=AFTER)


QUESTION = Question(
    organ=Organ.CPBW,
    kind=ConsultationKind.ADVICE,
    asked_on=BEFORE,
    due_on=AFTER,
    text_sent="Ontwerp",
)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        (replace(QUESTION, text_sent="  "), "text_sent_missing"),
        (replace(QUESTION, asked_on=AFTER), "asked_in_future"),
        (replace(QUESTION, due_on=BEFORE - timedelta(days=1)), "due_before_asked"),
    ],
)
def test_a_question_that_cannot_be_is_refused(question, key):
    with pytest.raises(Invalid) as refused:
        check_question(question, today=DUE)
    assert refused.value.key == f"actionplan.{key}"


def test_a_question_due_the_same_day_passes():
    check_question(replace(QUESTION, due_on=BEFORE), today=DUE)


@pytest.mark.parametrize(
    ("outcome", "reply", "replied_on", "error", "key"),
    [
        (None, "Ja", DUE, InvalidTransition, "no_advice_yet"),
        (Outcome.UNFAVOURABLE, " ", DUE, Invalid, "reply_missing"),
        (Outcome.UNFAVOURABLE, "Ja", date(2025, 11, 1), Invalid, "reply_before_advice"),
        (Outcome.UNFAVOURABLE, "Ja", AFTER, Invalid, "reply_in_future"),
    ],
)
def test_a_reply_that_cannot_be_is_refused(outcome, reply, replied_on, error, key):
    with pytest.raises(error) as refused:
        check_reply(outcome, reply, replied_on=replied_on, advised_on=BEFORE, today=DUE)
    assert refused.value.key == f"actionplan.{key}"


def test_a_reply_after_the_advice_passes():
    check_reply(Outcome.UNFAVOURABLE, "Ja", replied_on=DUE, advised_on=BEFORE, today=DUE)


def test_only_remarks_and_refusals_ask_for_a_reply():
    due = {outcome for outcome in Outcome if is_reply_due(outcome, "")}
    assert due == {Outcome.UNFAVOURABLE, Outcome.FAVOURABLE_WITH_REMARKS}
    assert not is_reply_due(Outcome.UNFAVOURABLE, "Omdat")
    assert not is_reply_due(None, "")


def test_a_subject_names_its_edition():
    subject_id = uuid4()
    assert Subject(SubjectKind.GLOBAL_PLAN, subject_id).edition == 1
