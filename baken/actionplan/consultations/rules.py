"""Consultation of those who speak for the workers: what can be asked and answered, what counts.

Advice is for the employer to weigh, so it counts whatever it says, and silence counts once its date
has passed. An agreement is given or it is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title


class Organ(StrEnum):
    """Who is asked: the first of these that exists, or the works council for its own matters."""

    CPBW = "cpbw"
    UNION_DELEGATION = "union_delegation"
    WORKERS = "workers"
    WORKS_COUNCIL = "works_council"
    # Dutch variant: the personeelsvertegenwoordiging of a smaller employer.
    STAFF_REPRESENTATION = "staff_representation"


class ConsultationKind(StrEnum):
    """To know it, to advise on it, or to agree with it."""

    INFO = "info"
    ADVICE = "advice"
    AGREEMENT = "agreement"


class Outcome(StrEnum):
    """What the organ answered."""

    FAVOURABLE = "favourable"
    FAVOURABLE_WITH_REMARKS = "favourable_with_remarks"
    UNFAVOURABLE = "unfavourable"
    NONE_GIVEN = "none_given"


class SubjectKind(StrEnum):
    """What was asked about."""

    GLOBAL_PLAN = "global_plan"
    ANNUAL_PLAN = "annual_plan"
    MEASURE = "measure"
    ANALYSIS = "analysis"
    REQUEST = "request"
    PERSON = "person"
    YEAR = "year"
    # Nothing that stands in Baken: told in a line.
    TEXT = "text"


AGREED = frozenset({Outcome.FAVOURABLE, Outcome.FAVOURABLE_WITH_REMARKS})


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: a row of Baken (a plan in one edition), a year, or a line of text."""

    kind: SubjectKind
    id: UUID | None = None
    edition: int = 1
    year: int | None = None
    text: str = ""

    @property
    def value(self) -> UUID | int | str | None:
        """What tells this subject from others of its kind."""
        return self.id or self.year or self.text or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, of whom, until when."""

    organ: Organ
    kind: ConsultationKind
    asked_on: date
    due_on: date
    text_sent: str
    # The line of the table it falls under; without one the first for its subject and organ.
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What came back."""

    outcome: Outcome
    advised_on: date
    outcome_text: str = ""
    dissent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a consultation stands: enough to know whether it frees a plan."""

    organ: Organ
    kind: ConsultationKind
    asked_on: date
    due_on: date
    outcome: Outcome | None
    item: str = ""
    # Its place in the order of asking.
    number: int = 1
    # What it is about was changed after it was sent: the answer is about another text.
    is_stale: bool = False
    is_unanimous: bool = False


def check_question(question: Question, *, today: date) -> None:
    """Raise `Invalid` unless the question can have been asked like this."""
    if not check_text(question.text_sent):
        raise Invalid(
            "actionplan.text_sent_missing",
            "Write what was sent, or what was asked: the advice is about that text.",
        )
    if question.asked_on > today:
        raise Invalid("actionplan.asked_in_future", "The request cannot be dated later than today.")
    if question.due_on < question.asked_on:
        raise Invalid(
            "actionplan.due_before_asked",
            "The answer cannot be due before it was asked on {asked_on}.",
            asked_on=question.asked_on,
        )


def check_subject(subject: Subject) -> None:
    """Raise `Invalid` unless it is said what is asked about."""
    if subject.kind == SubjectKind.TEXT:
        check_title(subject.text)
    elif subject.value is None:
        raise Invalid("consultations.no_subject", "Say what, or whom, the question is about.")
    if subject.kind == SubjectKind.YEAR and not 2000 <= (subject.year or 0) <= 2100:
        raise Invalid("consultations.odd_year", "Write the year in four digits, such as 2026.")


def check_advice(asked: Asked, advice: Advice, *, today: date) -> None:
    """Raise unless the advice can have been given to this question."""
    for text in (advice.outcome_text, advice.dissent):
        check_text(text)
    if asked.kind == ConsultationKind.INFO:
        raise InvalidTransition(
            "actionplan.info_needs_no_advice",
            "This was sent for information only. Ask for advice first.",
        )
    if asked.is_unanimous and advice.outcome in AGREED and advice.dissent.strip():
        raise Invalid(
            "consultations.not_unanimous",
            "Here all workers' representatives agree, or there is no agreement. Somebody "
            "disagreed: record that there is no agreement, or take the dissent away.",
        )
    if asked.outcome is not None:
        raise InvalidTransition(
            "actionplan.advice_recorded",
            "The answer to this request was recorded already. Ask again if the plan changed.",
        )
    if advice.advised_on < asked.asked_on:
        raise Invalid(
            "actionplan.advice_before_request",
            "The advice is dated before the request of {asked_on}. Correct one of the two dates.",
            asked_on=asked.asked_on,
        )
    if advice.advised_on > today:
        raise Invalid("actionplan.advice_in_future", "The advice cannot be dated later than today.")
    if advice.outcome == Outcome.NONE_GIVEN and today <= asked.due_on:
        raise InvalidTransition(
            "actionplan.advice_still_possible",
            "The organ may still answer until {due_on}. Record that no advice came after that day.",
            due_on=asked.due_on,
        )


def check_reply(
    outcome: Outcome | None,
    reply: str,
    *,
    replied_on: date,
    advised_on: date | None,
    today: date,
) -> None:
    """Raise unless the employer can answer this advice like this."""
    if outcome is None or advised_on is None:
        raise InvalidTransition(
            "actionplan.no_advice_yet", "There is no advice to reply to yet. Record it first."
        )
    if not check_text(reply):
        raise Invalid("actionplan.reply_missing", "Write the employer's reply and its reasons.")
    if replied_on < advised_on:
        raise Invalid(
            "actionplan.reply_before_advice",
            "The reply is dated before the advice of {advised_on}.",
            advised_on=advised_on,
        )
    if replied_on > today:
        raise Invalid("actionplan.reply_in_future", "The reply cannot be dated later than today.")


def is_answered(asked: Asked, *, today: date) -> bool:
    """Whether this consultation frees what was asked about.

    Advice frees it whatever it says, and so does silence once the due date has passed. An
    agreement frees it only when it was given: silence never agrees.
    """
    if asked.kind == ConsultationKind.INFO:
        return False
    if asked.kind == ConsultationKind.AGREEMENT:
        return asked.outcome in AGREED
    return asked.outcome is not None or today > asked.due_on


def last_asked(consultations: Iterable[Asked]) -> list[Asked]:
    """The questions that no later one to the same organ replaced; information asks nothing."""
    questions = [each for each in consultations if each.kind != ConsultationKind.INFO]
    newest: dict[tuple[Organ, ConsultationKind], tuple[date, int]] = {}
    for each in questions:
        place = (each.organ, each.kind)
        newest[place] = max(newest.get(place, _moment(each)), _moment(each))
    return [each for each in questions if _moment(each) == newest[each.organ, each.kind]]


def _moment(asked: Asked) -> tuple[date, int]:
    """When it was asked; on one day the order of asking decides."""
    return asked.asked_on, asked.number


def is_free(consultations: Iterable[Asked], *, today: date) -> bool:
    """Whether advice or agreement was asked, and every last question is answered."""
    last = last_asked(consultations)
    return bool(last) and all(is_answered(asked, today=today) for asked in last)


def is_reply_due(outcome: Outcome | None, reply: str) -> bool:
    """Whether the employer still owes reasons: advice that is not simply favourable."""
    return outcome in {Outcome.UNFAVOURABLE, Outcome.FAVOURABLE_WITH_REMARKS} and not reply
