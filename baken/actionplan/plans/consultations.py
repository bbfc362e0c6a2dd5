"""Consultation about plans and measures: what pages call.

The room of the bodies keeps the question and the answer; here it is known whether the subject
exists and what an answer does to it.
"""

from datetime import date
from uuid import UUID

from baken.actionplan.bodies import actions as bodies
from baken.actionplan.bodies.models import Consultation
from baken.actionplan.bodies.queries import get_consultation, subject_of
from baken.actionplan.bodies.rules import (
    Advice,
    ConsultationKind,
    Outcome,
    Question,
    Subject,
    SubjectKind,
    is_free,
)
from baken.actionplan.measures.queries import get_measure
from baken.actionplan.plans import queries, rules
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.rules import PlanState
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
        if plan.state == PlanState.ADVISED:
            # One more question is open: the plan waits again.
            plan.state = PlanState.DRAFT
    return bodies.ask(session, about, question, by=by, today=today)


def record_advice(
    session: Session, consultation_id: UUID, advice: Advice, *, seen: int, by: Actor, today: date
) -> Consultation:
    """Record the answer; a plan with nothing left to answer is then advised on."""
    require(by, Action.RECORD_ADVICE)
    about = subject_of(get_consultation(session, consultation_id))
    plan = _plan(session, about)
    consultation = bodies.record_advice(
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
    return bodies.record_reply(
        session, consultation_id, reply, replied_on=replied_on, seen=seen, by=by, today=today
    )


def _advance(session: Session, plan: GlobalPlan | AnnualPlan, *, today: date) -> None:
    is_free_now = is_free(queries.list_asked(session, plan), today=today)
    if plan.state == PlanState.DRAFT and is_free_now:
        plan.state = PlanState.ADVISED
        session.flush()


def _plan(session: Session, subject: Subject) -> GlobalPlan | AnnualPlan | None:
    if subject.kind == SubjectKind.GLOBAL_PLAN:
        return queries.get_global_plan(session, subject.id)
    if subject.kind == SubjectKind.ANNUAL_PLAN:
        return queries.get_annual_plan(session, subject.id)
    get_measure(session, subject.id)
    return None
