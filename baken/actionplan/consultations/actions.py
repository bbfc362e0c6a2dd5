"""Asking, recording the answer, replying.

The rooms of plans and measures know whether the subject exists and what an answer frees; pages
go through `baken.actionplan.plans.consultations`.
"""

from datetime import date
from uuid import UUID

from baken.actionplan.consultations import items, queries, rules
from baken.actionplan.consultations.models import Consultation, ConsultationReply
from baken.actionplan.consultations.organs import check_speaks_for, present_organs
from baken.actionplan.consultations.rules import Advice, Outcome, Question, Subject
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def ask(
    session: Session,
    subject: Subject,
    question: Question,
    *,
    content_hash: str = "",
    by: Actor,
    today: date,
) -> Consultation:
    """Record that an organ was informed, or asked for advice or agreement.

    The question names its line of the table; `content_hash` tells the text that was sent from
    what may become of it.
    """
    require(by, Action.EDIT_PLANS)
    rules.check_question(question, today=today)
    rules.check_subject(subject)
    item = items.get_item(question.item)
    items.check_fits(question, item, subject.kind, present=present_organs(session))
    consultation = Consultation(
        item=item.code,
        organ=question.organ,
        kind=question.kind,
        edition=subject.edition,
        content_hash=content_hash,
        asked_on=question.asked_on,
        number=1
        + max((one.number for one in queries.list_consultations(session, subject)), default=0),
        due_on=question.due_on,
        text_sent=question.text_sent.strip(),
    )
    setattr(consultation, queries.COLUMNS[subject.kind].key, subject.value)
    session.add(consultation)
    session.flush()
    record(
        session,
        "consultation.asked",
        by=by.person_id,
        subject=f"consultation:{consultation.id}",
        facts={
            # A line of text may name somebody; the audit chain keeps no names.
            "about": f"{subject.kind}:{subject.id or subject.year or ''}",
            "item": item.code,
            "organ": question.organ,
            "kind": question.kind,
            "asked_on": question.asked_on.isoformat(),
            "due_on": question.due_on.isoformat(),
        },
    )
    return consultation


def record_advice(
    session: Session, consultation_id: UUID, advice: Advice, *, seen: int, by: Actor, today: date
) -> Consultation:
    """Record what the organ answered, or that its time passed without an answer."""
    require(by, Action.RECORD_ADVICE)
    consultation = queries.get_consultation(session, consultation_id)
    check_speaks_for(by, rules.Organ(consultation.organ))
    check_version(consultation, seen)
    rules.check_advice(queries.as_asked(consultation), advice, today=today)
    consultation.outcome = advice.outcome
    consultation.outcome_text = advice.outcome_text.strip()
    consultation.dissent = advice.dissent.strip()
    consultation.advised_on = advice.advised_on
    record(
        session,
        "consultation.advised",
        by=by.person_id,
        subject=f"consultation:{consultation.id}",
        facts={"outcome": advice.outcome, "advised_on": advice.advised_on.isoformat()},
    )
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
    """Record the employer's reply with its reasons; every earlier one is kept."""
    require(by, Action.EDIT_PLANS)
    consultation = queries.get_consultation(session, consultation_id)
    check_version(consultation, seen)
    rules.check_reply(
        Outcome(consultation.outcome) if consultation.outcome else None,
        reply,
        replied_on=replied_on,
        advised_on=consultation.advised_on,
        today=today,
    )
    if (reply.strip(), replied_on) == (consultation.employer_reply, consultation.replied_on):
        return consultation
    kept = queries.list_replies(session, consultation.id)
    if not kept and consultation.replied_on is not None:
        # From before replies were kept, here or in the file it came in: nobody knows who wrote it.
        kept.append(_keep_reply(session, consultation, 1, None, None))
    consultation.employer_reply = reply.strip()
    consultation.replied_on = replied_on
    last = _keep_reply(session, consultation, len(kept) + 1, today, by.person_id)
    record(
        session,
        "consultation.replied",
        by=by.person_id,
        subject=f"consultation:{consultation.id}",
        facts={"replied_on": replied_on.isoformat(), "number": str(last.number)},
    )
    return consultation


def _keep_reply(
    session: Session,
    consultation: Consultation,
    number: int,
    written_on: date | None,
    written_by: UUID | None,
) -> ConsultationReply:
    if consultation.replied_on is None:
        raise LookupError("A reply without a day cannot be kept.")
    kept = ConsultationReply(
        consultation_id=consultation.id,
        number=number,
        text=consultation.employer_reply,
        replied_on=consultation.replied_on,
        written_on=written_on,
        written_by=written_by,
    )
    session.add(kept)
    return kept
