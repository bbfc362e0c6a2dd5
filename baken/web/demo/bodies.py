"""The groups of the demonstration: who sits there, a call, proposals and what was answered."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from baken.actionplan.bodies.actions import note_body, set_up_body, start_body
from baken.actionplan.bodies.call_actions import choose_applicant, note_application, open_call
from baken.actionplan.bodies.calls import ApplicationFields, ApplicationState, CallFields
from baken.actionplan.bodies.composition import Side, Wanted
from baken.actionplan.bodies.models import Body
from baken.actionplan.bodies.proposal_actions import answer_proposal, propose
from baken.actionplan.bodies.proposals import AnswerFields, Backing, ProposalFields, Verdict
from baken.actionplan.bodies.rules import BodyFields, BodyKind
from baken.actionplan.bodies.seat_actions import add_seat
from baken.actionplan.bodies.seats import SeatFields, SeatRole
from baken.actionplan.bodies.topic_actions import answer_topic, raise_topic
from baken.actionplan.bodies.topics import TopicFields
from baken.organisation.permissions import Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days, morning
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story

_MANDATE = timedelta(days=200)


def sit_together(database: Database, house: House, days: Days) -> None:
    """Tell all of it."""
    story = read_story("bodies")
    with database.session(house.id) as session:
        steering = _found(session, house, BodyKind.STEERING_GROUP, story["steering"], days.begun_on)
        for kind in (BodyKind.COMMITTEE, BodyKind.WORKS_COUNCIL, BodyKind.UNION_DELEGATION):
            _found(session, house, kind, story[kind], days.begun_on)
        night = _call_night_group(session, house, days, story["night"], steering.id)
        _propose(session, house, days, story, night)
        _bring_topics(session, house, days, story, steering.id)


def _found(session: Session, house: House, kind: BodyKind, told: Any, on: date) -> Body:
    by, contact = house.people[Role.PREVENTION_ADVISER], house.people[Role.MAIN_CONTACT]
    of_workers = kind is not BodyKind.STEERING_GROUP
    fields = BodyFields(
        kind=kind,
        name=told["name"],
        purpose=told["purpose"],
        from_on=on,
        wanted=tuple(Wanted(**one) for one in told.get("wanted", ())),
    )
    body = set_up_body(session, fields, by=by)
    for one in told["seats"]:
        # Among the workers nobody writes down the own seat, nor one planner that of another.
        writer = contact if of_workers and "person" in one else by
        add_seat(session, body.id, _seat(house, one, on), by=writer, today=on)
    return start_body(session, body.id, seen=body.version, by=by, today=on)


def _seat(house: House, one: dict[str, Any], on: date) -> SeatFields:
    person = house.people[Role(one["person"])].person_id if "person" in one else None
    return SeatFields(
        person_id=person,
        name=one.get("name", ""),
        function=one.get("function", ""),
        role=SeatRole(one["role"]),
        side=Side(one["side"]),
        groups=tuple(one.get("groups", ())),
        from_on=on,
    )


def _call_night_group(
    session: Session, house: House, days: Days, told: Any, steering_id: UUID
) -> Body:
    by, begun = house.people[Role.PREVENTION_ADVISER], days.today - timedelta(days=150)
    fields = BodyFields(
        kind=BodyKind.WORKING_GROUP,
        name=told["name"],
        purpose=told["purpose"],
        unit_id=house.units["WZ-3"],
        owner_id=house.people[Role.STEERING_MEMBER].person_id,
        set_up_by_id=steering_id,
        from_on=begun,
        may_decide=told["may_decide"],
        limits=told["limits"],
        means=told["means"],
        mandate_until=days.today + _MANDATE,
        wanted=tuple(Wanted(**one) for one in told["wanted"]),
    )
    body = set_up_body(session, fields, by=by)
    head = house.people[Role.UNIT_HEAD].person_id
    first = SeatFields(
        person_id=head,
        role=SeatRole.SECRETARY,
        side=Side.LINE,
        from_on=begun,
    )
    add_seat(session, body.id, first, by=by, today=begun)
    _choose(session, body, told, house, begun)
    start_body(session, body.id, seen=body.version, by=by, today=begun + timedelta(days=30))
    on = days.today - timedelta(days=9)
    secretary = house.people[Role.UNIT_HEAD]
    note_body(session, body.id, told["note"], by=secretary, today=on, now=morning(on))
    return body


def _choose(session: Session, body: Body, told: Any, house: House, begun: date) -> None:
    by, until = house.people[Role.PREVENTION_ADVISER], begun + timedelta(days=21)
    fields = CallFields(text=told["call"], open_to=told["open_to"], from_on=begun, until_on=until)
    call = open_call(session, body.id, fields, by=by, today=begun)
    for one in told["applicants"]:
        person = house.people[Role(one["person"])].person_id if "person" in one else None
        application = ApplicationFields(
            person_id=person,
            name=one.get("name", ""),
            function=one["function"],
            groups=tuple(one["groups"]),
            motivation=one["motivation"],
        )
        applied = note_application(session, call.id, application, by=by, today=begun)
        choose_applicant(
            session,
            applied.id,
            ApplicationState.CHOSEN if one["chosen"] else ApplicationState.DECLINED,
            reason=one["reason"],
            seen=applied.version,
            by=by,
            today=until,
        )


def _propose(session: Session, house: House, days: Days, story: Any, night: Body) -> None:
    by, boss = house.people[Role.UNIT_HEAD], house.people[Role.EMPLOYER]
    first, second = days.today - timedelta(days=80), days.today - timedelta(days=25)
    told = story["answered"]
    texts = {name: told[name] for name in ("title", "text", "grounds", "means")}
    fields = ProposalFields(**texts, backing=Backing.UNANIMOUS, proposed_on=first)
    answered = propose(session, night.id, fields, by=by, today=first)
    on = first + timedelta(days=34)
    answer = AnswerFields(verdict=Verdict.ACCEPTED_IN_PART, reasons=told["reasons"], answered_on=on)
    answer_proposal(
        session, answered.id, answer, seen=answered.version, by=boss, today=on, now=morning(on)
    )
    told = story["open"]
    texts = {name: told[name] for name in ("title", "text", "grounds", "means", "dissent")}
    fields = ProposalFields(
        **texts, backing=Backing.MAJORITY, to_body_id=night.set_up_by_id, proposed_on=second
    )
    propose(session, night.id, fields, by=by, today=second)


def _bring_topics(
    session: Session, house: House, days: Days, story: Any, steering_id: UUID
) -> None:
    by, chair = house.people[Role.UNIT_HEAD], house.people[Role.STEERING_MEMBER]
    for place, one in enumerate(story["topics"]):
        on = days.today - timedelta(days=40 - 30 * place)
        fields = TopicFields(body_id=steering_id, title=one["title"], text=one["text"])
        topic = raise_topic(session, fields, by=by, today=on)
        if "answer" in one:
            answered = on + timedelta(days=14)
            answer_topic(
                session,
                topic.id,
                one["answer"],
                seen=topic.version,
                by=chair,
                today=answered,
            )
