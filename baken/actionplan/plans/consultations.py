"""Consultation: what pages call.

The room of consultations keeps the question and the answer; here it is known whether the subject
exists, what it says now, and what an answer does to it.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from baken.actionplan.consultations import actions as asking
from baken.actionplan.consultations.items import Standing, item_for, items_for
from baken.actionplan.consultations.models import Consultation
from baken.actionplan.consultations.queries import get_consultation, subject_of
from baken.actionplan.consultations.rules import (
    Advice,
    ConsultationKind,
    Outcome,
    Question,
    Subject,
)
from baken.actionplan.errors import Invalid
from baken.actionplan.measures import consulted
from baken.actionplan.measures.models import Measure
from baken.actionplan.plans import queries, rules, states
from baken.actionplan.plans.choices import is_review_exempt
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.rules import PlanState
from baken.actionplan.plans.subjects import country_of, find_row
from baken.actionplan.plans.variants import check_reviewed_first
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session


def ask(
    session: Session, subject: Subject, question: Question, *, by: Actor, today: date
) -> Consultation:
    """Record that an organ was informed, or asked for advice or agreement."""
    require(by, Action.EDIT_PLANS)
    plan = _plan(session, subject)
    about = subject if plan is None else queries.subject_of_plan(plan)
    if plan is not None and question.kind != ConsultationKind.INFO:
        rules.check_may_ask(PlanState(plan.state))
        _check_reviewed(session, plan)
        if plan.state == PlanState.ADVISED:
            # One more question is open: the plan waits again.
            plan.state = PlanState.DRAFT
    return asking.ask(
        session,
        about,
        replace(question, item=_item(session, subject, question)),
        content_hash=_hash(session, subject, plan),
        by=by,
        today=today,
    )


def record_advice(
    session: Session, consultation_id: UUID, advice: Advice, *, seen: int, by: Actor, today: date
) -> Consultation:
    """Record the answer; a plan with nothing left to answer is then advised on."""
    require(by, Action.RECORD_ADVICE)
    about = subject_of(get_consultation(session, consultation_id))
    plan = _plan(session, about)
    consultation = asking.record_advice(
        session, consultation_id, advice, seen=seen, by=by, today=today
    )
    if plan is not None and advice.outcome != Outcome.NONE_GIVEN:
        _advance(session, plan, today=today)
    return consultation


def record_reply(
    session: Session,
    consultation_id: UUID,
    reply: str,
    *,
    replied_on: date,
    seen: int,
    by: Actor,
    today: date,
) -> Consultation:
    """Record the employer's reply with its reasons."""
    return asking.record_reply(
        session, consultation_id, reply, replied_on=replied_on, seen=seen, by=by, today=today
    )


def _advance(session: Session, plan: GlobalPlan | AnnualPlan, *, today: date) -> None:
    is_free_now = states.standing_of(session, plan, today=today) == Standing.FREE
    if plan.state == PlanState.DRAFT and is_free_now:
        plan.state = PlanState.ADVISED
        session.flush()


def _item(session: Session, subject: Subject, question: Question) -> str:
    """The line of the table that was chosen, of the country whose rules hold; or the first."""
    country = country_of(session, subject)
    if not question.item:
        return item_for(subject.kind, question.organ, country).code
    if all(item.code != question.item for item in items_for(subject.kind, country)):
        raise Invalid(
            "consultations.other_subject",
            "This line of the table is about something else. Choose the line that fits.",
        )
    return question.item


def _hash(session: Session, subject: Subject, plan: GlobalPlan | AnnualPlan | None) -> str:
    if plan is not None:
        return states.content_hash(session, plan)
    row = find_row(session, subject)
    return consulted.content_hash(row) if isinstance(row, Measure) else ""


def _check_reviewed(session: Session, plan: GlobalPlan | AnnualPlan) -> None:
    """An expert reviews an inventory before the council agrees with what is done about it."""
    if isinstance(plan, AnnualPlan):
        whole = queries.get_global_plan(session, plan.global_plan_id)
        check_reviewed_first(
            whole.kind, has_review=bool(whole.expert_review), exempt=is_review_exempt(session)
        )


def _plan(session: Session, subject: Subject) -> GlobalPlan | AnnualPlan | None:
    row = find_row(session, subject)
    return row if isinstance(row, GlobalPlan | AnnualPlan) else None
