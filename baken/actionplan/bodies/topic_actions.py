"""Bringing a topic to a body, putting it on an agenda, answering or withdrawing it."""

from datetime import date
from uuid import UUID

from baken.actionplan.bodies import queries, reach, rules, topics
from baken.actionplan.bodies.models import Topic
from baken.actionplan.bodies.topics import From, TopicFields, TopicState
from baken.actionplan.errors import Denied
from baken.actionplan.wording import check_text
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def raise_topic(session: Session, fields: TopicFields, *, by: Actor, today: date) -> Topic:
    """Bring a topic to a body; only its chair and secretary note one for somebody else."""
    require(by, Action.TAKE_PART_IN_BODIES)
    body = queries.look_at_body(session, fields.body_id, by=by, today=today)
    rules.check_can_change(body.state)
    topics.check_topic(fields)
    is_own = fields.raised_for == From.MYSELF
    if not is_own:
        reach.check_leads(session, body, by=by, today=today)
    topic = Topic(
        body_id=body.id,
        title=fields.title.strip(),
        text=fields.text.strip(),
        raised_by=by.person_id if is_own else None,
        raised_name=fields.raised_name.strip(),
        raised_on=today,
        noted_by=None if is_own else by.person_id,
    )
    session.add(topic)
    session.flush()
    _record(session, "topic.raised", topic, by)
    return topic


def put_on_agenda(
    session: Session, topic_id: UUID, *, on: date | None, seen: int, by: Actor, today: date
) -> Topic:
    """Put a topic on an agenda, of a meeting on a day where it is known."""
    topic = _lead(session, topic_id, seen, by, today)
    topics.check_topic_step(topic.state, TopicState.ON_AGENDA)
    topics.check_agenda_day(on, raised_on=topic.raised_on)
    topic.state, topic.agenda_on = TopicState.ON_AGENDA, on
    _record(session, "topic.on_agenda", topic, by)
    return topic


def take_off_agenda(
    session: Session, topic_id: UUID, *, seen: int, by: Actor, today: date
) -> Topic:
    """Take a topic off the agenda again; it waits for the next one."""
    topic = _lead(session, topic_id, seen, by, today)
    topics.check_topic_step(topic.state, TopicState.RAISED)
    topic.state, topic.agenda_on = TopicState.RAISED, None
    _record(session, "topic.off_agenda", topic, by)
    return topic


def answer_topic(
    session: Session, topic_id: UUID, answer: str, *, seen: int, by: Actor, today: date
) -> Topic:
    """Answer a topic in writing; whoever brought it reads the answer."""
    topic = _lead(session, topic_id, seen, by, today)
    topics.check_topic_step(topic.state, TopicState.ANSWERED, words=answer)
    topic.state, topic.answer = TopicState.ANSWERED, check_text(answer)
    topic.answered_on, topic.answered_by = today, by.person_id
    _record(session, "topic.answered", topic, by)
    return topic


def withdraw_topic(session: Session, topic_id: UUID, *, seen: int, by: Actor) -> Topic:
    """Take a topic back: whoever brought it, or noted it for somebody else."""
    require(by, Action.TAKE_PART_IN_BODIES)
    topic = queries.get_topic(session, topic_id)
    if by.person_id not in {topic.raised_by, topic.noted_by}:
        raise Denied(
            "bodies.topic_of_another",
            "Only whoever brought this topic takes it back. Answer it instead.",
        )
    check_version(topic, seen)
    topics.check_topic_step(topic.state, TopicState.WITHDRAWN)
    topic.state = TopicState.WITHDRAWN
    _record(session, "topic.withdrawn", topic, by)
    return topic


def _lead(session: Session, topic_id: UUID, seen: int, by: Actor, today: date) -> Topic:
    topic = queries.get_topic(session, topic_id)
    body = queries.get_body(session, topic.body_id)
    reach.check_leads(session, body, by=by, today=today)
    check_version(topic, seen)
    return topic


def _record(session: Session, act: str, topic: Topic, by: Actor) -> None:
    record(session, act, by=by.person_id, subject=f"topic:{topic.id}")
