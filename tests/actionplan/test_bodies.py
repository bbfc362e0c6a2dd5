"""Bodies on both databases: a call, seats, a topic, a proposal and its answer, two editors."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from baken.actionplan.bodies import (
    actions,
    agreement,
    call_actions,
    proposal_actions,
    queries,
    reach,
    retention,
    seat_actions,
    topic_actions,
    waiting,
)
from baken.actionplan.bodies.agreement import Difference
from baken.actionplan.bodies.calls import ApplicationFields, ApplicationState, CallFields
from baken.actionplan.bodies.composition import Side, Wanted
from baken.actionplan.bodies.proposals import AnswerFields, Backing, ProposalFields, Verdict
from baken.actionplan.bodies.rules import BodyFields, BodyKind, BodyState
from baken.actionplan.bodies.seats import SeatFields, SeatRole
from baken.actionplan.bodies.settings import Terms, set_terms
from baken.actionplan.bodies.topics import From, TopicFields, TopicState
from baken.actionplan.errors import Denied, Invalid, InvalidTransition, NotFound
from baken.actionplan.priorities.actions import propose_priority
from baken.actionplan.priorities.queries import list_priorities_of_proposal
from baken.actionplan.priorities.rules import PriorityFields
from baken.organisation.errors import Denied as NoRole
from baken.organisation.models import Person
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry
from baken.storage.base import EditedMeanwhile
from baken.web.pages.body_forms import BodyForm

TODAY = date(2026, 3, 2)
NOW = datetime.combine(TODAY, time(9), UTC)
GROUP = BodyFields(
    kind=BodyKind.WORKING_GROUP,
    name="Nachtrust",
    from_on=date(2026, 1, 5),
    may_decide="De rondes.",
    limits="Het budget.",
    owner_name="Directeur zorg",
    is_open=False,
    wanted=(Wanted("Nacht", 2),),
)
STEERING = replace(GROUP, kind=BodyKind.STEERING_GROUP, name="Stuurgroep", is_open=True)


def kinds(session, by, today=TODAY):
    return {one.kind for one in waiting.list_waiting(session, by=by, today=today)}


def entries(session):
    return session.scalars(select(func.count()).select_from(AuditEntry)).one()


def start(session, house, fields, role):
    """A body that runs, led by whoever holds a role."""
    given = {"by": house.adviser, "today": fields.from_on}
    body = actions.set_up_body(session, fields, by=house.adviser)
    seat = SeatFields(
        person_id=house.people[role].person_id, role=SeatRole.CHAIR, side=Side.WORKERS,
        groups=("Nacht",), from_on=fields.from_on,
    )  # fmt: skip
    seat_actions.add_seat(session, body.id, seat, **given)
    return actions.start_body(session, body.id, seen=body.version, **given)


def test_a_group_proposes_and_is_answered_in_writing(house):
    member, boss = house.people[Role.WORKING_GROUP_MEMBER], house.people[Role.EMPLOYER]
    clerk, hr = house.people[Role.CLERK], house.people[Role.HR]
    proposed = ProposalFields(
        title="Overlap", text="Een kwartier.", backing=Backing.UNANIMOUS, proposed_on=TODAY
    )
    with house.session() as session:
        body = start(session, house, GROUP, Role.WORKING_GROUP_MEMBER)
        with pytest.raises(NotFound):
            queries.look_at_body(session, body.id, by=clerk, today=TODAY)
        with pytest.raises(NotFound):
            proposal_actions.propose(session, body.id, proposed, by=hr, today=TODAY)
        before = entries(session)
        made = proposal_actions.propose(session, body.id, proposed, by=member, today=TODAY)
        assert entries(session) == before + 1
        assert made.due_on == TODAY + timedelta(days=60)
        assert "proposal_to_answer" in kinds(session, boss)
        assert "proposal_to_answer" not in kinds(session, house.people[Role.STEERING_MEMBER])
        # Nor does it wait for another log-in of whoever made it.
        mails = [session.get_one(Person, one.person_id) for one in (member, boss)]
        before = mails[1].mail
        mails[1].mail = mails[0].mail.replace("@", "+baas@")
        assert "proposal_to_answer" not in kinds(session, boss)
        mails[1].mail = before
        later = made.due_on + timedelta(days=1)
        (one,) = [
            one for one in waiting.list_waiting(session, by=boss, today=later)
            if one.kind == "proposal_to_answer"
        ]  # fmt: skip
        assert one.is_late(later)
        with pytest.raises(NotFound):
            queries.look_at_proposal(session, made.id, by=clerk, today=TODAY)
        with pytest.raises(InvalidTransition):
            actions.end_body(
                session, body.id, outcome="Klaar.", ended_on=TODAY, seen=body.version,
                by=house.adviser, today=TODAY,
            )  # fmt: skip
        with pytest.raises(InvalidTransition):
            propose_priority(
                session, PriorityFields(title="Overlap"), proposal_id=made.id, by=house.adviser,
                today=TODAY,
            )  # fmt: skip
        more = AnswerFields(
            verdict=Verdict.NEEDS_MORE, reasons="Wat kost dit op een jaar?", answered_on=TODAY
        )
        seen = made.version
        with pytest.raises(NoRole):
            proposal_actions.answer_proposal(
                session, made.id, more, seen=seen, by=member, today=TODAY, now=NOW
            )
        proposal_actions.answer_proposal(
            session, made.id, more, seen=seen, by=boss, today=TODAY, now=NOW
        )
        assert "proposal_needs_more" in kinds(session, member)
        proposal_actions.edit_proposal(
            session, made.id, replace(proposed, means="6 000 euro"), seen=made.version,
            by=member, today=TODAY,
        )  # fmt: skip
        with pytest.raises(Invalid) as begun:
            late = replace(actions.fields_of(body), from_on=TODAY + timedelta(days=1))
            actions.edit_body(
                session, body.id, late, seen=body.version, by=house.adviser, today=TODAY
            )
        assert begun.value.key == "bodies.starts_after_proposal"
        yes = AnswerFields(
            verdict=Verdict.ACCEPTED_IN_PART, reasons="Voor twee afdelingen, vanaf april.",
            answered_on=TODAY,
        )  # fmt: skip
        proposal_actions.answer_proposal(
            session,
            made.id,
            yes,
            seen=made.version,
            by=boss,
            today=TODAY,
            now=NOW + timedelta(hours=1),
        )
        priority = propose_priority(
            session, PriorityFields(title="Overlap"), proposal_id=made.id, by=house.adviser,
            today=TODAY,
        )  # fmt: skip
        # Each answer keeps the text that it answered.
        answers = queries.list_answers(session, made.id)
        assert [(one.verdict, one.answered_text["means"]) for one in answers] == [
            (Verdict.NEEDS_MORE, ""), (Verdict.ACCEPTED_IN_PART, "6 000 euro"),
        ]  # fmt: skip
        assert list_priorities_of_proposal(session, made.id) == [priority]
        actions.end_body(
            session, body.id, outcome="Klaar.", ended_on=TODAY, seen=body.version,
            by=house.adviser, today=TODAY,
        )  # fmt: skip
        with pytest.raises(InvalidTransition):
            proposal_actions.propose(session, body.id, proposed, by=member, today=TODAY)


def test_a_call_leads_to_seats_and_a_group_without_a_note_stands_still(house):
    head, by = house.head, house.adviser
    call = CallFields(
        text="Wie doet mee?", open_to="Iedereen", from_on=TODAY, until_on=TODAY + timedelta(days=5)
    )
    with house.session() as session:
        body = start(session, house, replace(GROUP, is_open=True), Role.WORKING_GROUP_MEMBER)
        made = call_actions.open_call(session, body.id, call, by=by, today=TODAY)
        mine = ApplicationFields(person_id=head.person_id, side=Side.LINE)
        one = call_actions.apply_to_call(session, made.id, mine, by=head, today=TODAY)
        with pytest.raises(Invalid):
            call_actions.apply_to_call(session, made.id, mine, by=head, today=TODAY)
        noted = ApplicationFields(name="Joke", groups=("Nacht",))
        two = call_actions.note_application(session, made.id, noted, by=by, today=TODAY)
        with pytest.raises(InvalidTransition):
            late = TODAY + timedelta(days=6)
            call_actions.apply_to_call(session, made.id, mine, by=head, today=late)
        chosen = {"seen": 1, "by": by, "today": TODAY}
        with pytest.raises(Invalid):
            call_actions.choose_applicant(
                session, two.id, ApplicationState.DECLINED, reason="", **chosen
            )
        for each, state in ((one, ApplicationState.DECLINED), (two, ApplicationState.CHOSEN)):
            call_actions.choose_applicant(session, each.id, state, reason="Daarom.", **chosen)
        assert [seat.name for seat in queries.list_seats(session, body.id)] == ["", "Joke"]
        member = house.people[Role.WORKING_GROUP_MEMBER]
        still = TODAY + timedelta(days=45)
        assert "body_stalled" in kinds(session, member)
        actions.note_body(session, body.id, "Het loopt.", by=member, today=TODAY, now=NOW)
        assert "body_stalled" not in kinds(session, member)
        assert "body_stalled" in kinds(session, member, today=still)
        told = ProposalFields(
            title="Overlap", text="Tien minuten.", backing=Backing.MAJORITY, proposed_on=TODAY
        )
        proposal_actions.propose(session, body.id, told, by=member, today=TODAY)
        assert "proposal_stalled" not in kinds(session, member, today=still - timedelta(days=1))
        assert "proposal_stalled" in kinds(session, member, today=still)
        # Whoever decides finds it with its term, once.
        answerer = kinds(session, house.people[Role.EMPLOYER], today=still)
        assert ("proposal_to_answer" in answerer, "proposal_stalled" in answerer) == (True, False)
        # Who answers for a group without a seat hears that it stands still, not what it proposed.
        body.owner_id, body.owner_name = house.people[Role.HR].person_id, ""
        session.flush()
        owner = kinds(session, house.people[Role.HR], today=still)
        assert ("body_stalled" in owner, "proposal_stalled" in owner) == (True, False)
        set_terms(session, Terms(90, 30), by=by)
        assert "body_stalled" not in kinds(session, member, today=still)


def test_a_topic_of_the_committee_is_read_by_those_who_sit_there(house):
    clerk, chair = house.people[Role.CLERK], house.people[Role.CPBW_MEMBER]
    fields = replace(STEERING, kind=BodyKind.COMMITTEE, name="CPBW")
    with house.session() as session:
        body = start(session, house, fields, Role.CPBW_MEMBER)
        told = TopicFields(body_id=body.id, title="Lampen")
        topic = topic_actions.raise_topic(session, told, by=clerk, today=TODAY)
        for boss in (Role.EMPLOYER, Role.STEERING_MEMBER):
            with pytest.raises(NotFound):
                queries.look_at_topic(session, topic.id, by=house.people[boss], today=TODAY)
        unnamed = replace(told, raised_for=From.NOBODY)
        with pytest.raises(Denied):
            topic_actions.raise_topic(session, unnamed, by=clerk, today=TODAY)
        other = topic_actions.raise_topic(session, unnamed, by=chair, today=TODAY)
        assert (other.raised_by, other.raised_name) == (None, "")
        assert "topic_raised" in kinds(session, chair)
        given = {"by": chair, "today": TODAY}
        topic_actions.put_on_agenda(session, topic.id, on=TODAY, seen=1, **given)
        topic_actions.answer_topic(session, topic.id, "Besteld.", seen=2, **given)
        (own,) = queries.list_own_topics(session, by=clerk)
        assert (own.state, own.answer) == (TopicState.ANSWERED, "Besteld.")
        assert "topic_answered" in kinds(session, clerk, today=TODAY + timedelta(days=14))
        assert "topic_answered" not in kinds(session, clerk, today=TODAY + timedelta(days=15))
        with pytest.raises(Denied):
            topic_actions.withdraw_topic(session, other.id, seen=1, by=clerk)


def test_nobody_seats_themselves_among_the_workers_nor_reads_by_role_alone(house):
    clerk, by = house.people[Role.CLERK], house.adviser
    fields = replace(STEERING, kind=BodyKind.COMMITTEE, name="CPBW", wanted=())
    seat = SeatFields(side=Side.EMPLOYER, from_on=TODAY)
    with house.session() as session:
        body = actions.set_up_body(session, fields, by=by)
        own = replace(seat, person_id=by.person_id)
        with pytest.raises(Denied):
            seat_actions.add_seat(session, body.id, own, by=by, today=TODAY)
        guest = replace(seat, person_id=house.head.person_id, role=SeatRole.GUEST)
        seat_actions.add_seat(session, body.id, guest, by=by, today=TODAY)
        told = TopicFields(body_id=body.id, title="Lampen")
        topic = topic_actions.raise_topic(session, told, by=clerk, today=TODAY)
        for outside in (by, house.head, house.people[Role.CPBW_MEMBER]):
            with pytest.raises(NotFound):
                queries.look_at_topic(session, topic.id, by=outside, today=TODAY)
        with pytest.raises(InvalidTransition, match="Nobody sits"):
            actions.start_body(session, body.id, seen=body.version, by=by, today=TODAY)
        with pytest.raises(InvalidTransition, match="Topics"):
            actions.end_body(
                session, body.id, outcome="Klaar.", ended_on=TODAY, seen=body.version, by=by,
                today=TODAY,
            )  # fmt: skip


def test_only_its_own_side_takes_a_proposal_back_and_the_other_side_answers(house):
    member, boss = house.people[Role.WORKING_GROUP_MEMBER], house.people[Role.EMPLOYER]
    steering, hr = house.people[Role.STEERING_MEMBER], house.people[Role.HR]
    with house.session() as session:
        body = start(session, house, GROUP, Role.WORKING_GROUP_MEMBER)
        above = start(session, house, STEERING, Role.EMPLOYER)
        told = ProposalFields(
            title="Overlap", text="Tien minuten.", backing=Backing.MAJORITY, proposed_on=TODAY,
            to_body_id=above.id,
        )  # fmt: skip
        made = proposal_actions.propose(session, body.id, told, by=member, today=TODAY)
        alone = replace(told, backing=Backing.MEMBER)
        lone = proposal_actions.propose(session, body.id, alone, by=member, today=TODAY)
        for person in (steering, hr):
            seat = SeatFields(person_id=person.person_id, side=Side.LINE, from_on=TODAY)
            seat_actions.add_seat(session, body.id, seat, by=house.adviser, today=TODAY)
        given = {"seen": 1, "today": TODAY}
        for one, outside in ((made, boss), (made, house.adviser), (lone, hr)):
            with pytest.raises(Denied):
                proposal_actions.withdraw_proposal(session, one.id, by=outside, **given)
        no = AnswerFields(verdict=Verdict.REFUSED, reasons="Daar is nu geen geld voor.",
                          answered_on=TODAY)  # fmt: skip
        with pytest.raises(Denied):
            proposal_actions.answer_proposal(session, made.id, no, by=steering, now=NOW, **given)
        with pytest.raises(NotFound):
            actions.note_body(
                session, above.id, "Loopt.", proposal_id=made.id, by=boss, today=TODAY, now=NOW
            )
        proposal_actions.withdraw_proposal(session, made.id, by=hr, **given)
        proposal_actions.answer_proposal(session, lone.id, no, by=boss, now=NOW, **given)


def test_whoever_takes_an_application_back_leaves_the_seat_and_may_apply_again(house):
    head, by = house.head, house.adviser
    days = CallFields(text="Wie?", open_to="Iedereen", from_on=TODAY, until_on=TODAY)
    with house.session() as session:
        body = start(session, house, replace(GROUP, is_open=True), Role.WORKING_GROUP_MEMBER)
        call = call_actions.open_call(session, body.id, days, by=by, today=TODAY)
        mine = ApplicationFields(person_id=head.person_id, motivation="Ik sta elke nacht daar.")
        own = ApplicationFields(person_id=by.person_id)
        one = call_actions.apply_to_call(session, call.id, mine, by=head, today=TODAY)
        two = call_actions.apply_to_call(session, call.id, own, by=by, today=TODAY)
        chosen = {"reason": "Daarom.", "by": by, "today": TODAY}
        with pytest.raises(Denied):
            call_actions.choose_applicant(
                session, two.id, ApplicationState.CHOSEN, seen=two.version, **chosen
            )
        call_actions.choose_applicant(
            session, one.id, ApplicationState.CHOSEN, seen=one.version, **chosen
        )
        call_actions.withdraw_application(session, one.id, seen=one.version, by=head, today=TODAY)
        assert (one.motivation, queries.list_seats(session, body.id)[-1].until_on) == ("", TODAY)
        again = call_actions.apply_to_call(session, call.id, mine, by=head, today=TODAY)
        assert (again.id, again.state, again.reason) == (one.id, ApplicationState.APPLIED, "")
        call_actions.choose_applicant(
            session, again.id, ApplicationState.DECLINED, seen=again.version, **chosen
        )
        assert "application_answered" in kinds(session, head)
        call_id = call.id
    day = TODAY + retention.KEPT
    for on, n in ((day - timedelta(days=1), 0), (day, 1), (day, 0)):
        round_of = {"organisation_id": house.organisation_id, "today": on, "now": NOW}
        assert retention.delete_due(house.database, **round_of) == n
    with house.session() as session:
        left = queries.list_applications(session, call_id)
        assert [row.person_id for row in left] == [by.person_id]


def test_two_people_change_one_body_and_neither_loses_text(house):
    with house.session() as session:
        body = start(session, house, STEERING, Role.HR)
        body_id, seen = body.id, body.version
    for purpose in ("Eerst.", "Daarna."):
        fields = replace(STEERING, purpose=purpose)
        with house.session() as session:
            change = {"seen": seen, "by": house.adviser, "today": TODAY}
            if purpose == "Eerst.":
                actions.edit_body(session, body_id, fields, **change)
                continue
            with pytest.raises(EditedMeanwhile):
                actions.edit_body(session, body_id, fields, **change)
    with house.session() as session:
        body = queries.get_body(session, body_id)
        assert (body.purpose, body.state) == ("Eerst.", BodyState.RUNNING)
        found = agreement.list_disagreements(session, by=house.adviser, today=TODAY)
        assert {(one.difference, one.role) for one in found} == {
            (Difference.ROLE_WITHOUT_SEAT, Role.STEERING_MEMBER)
        }


def test_a_group_does_not_change_its_own_mandate(house):
    chair, above = house.people[Role.WORKING_GROUP_MEMBER], house.people[Role.HR]
    owner = house.people[Role.CLERK]
    with house.session() as session:
        steering = start(session, house, replace(STEERING, is_open=False), Role.HR)
        fields = replace(GROUP, set_up_by_id=steering.id, owner_name="", owner_id=owner.person_id)
        body = start(session, house, fields, Role.WORKING_GROUP_MEMBER)
        wider = replace(fields, may_decide="Alles.")
        given = {"today": TODAY}
        with pytest.raises(Denied) as refused:
            actions.edit_body(session, body.id, wider, seen=body.version, by=chair, **given)
        assert refused.value.key == "bodies.mandate_of_others"
        named = replace(fields, name="Nachtploeg")
        actions.edit_body(session, body.id, named, seen=body.version, by=chair, **given)
        with pytest.raises(NotFound):
            nurse = house.people[Role.CONFIDENTIAL_COUNSELLOR]
            actions.edit_body(session, body.id, wider, seen=body.version, by=nurse, **given)
        for by in (above, owner, house.adviser):
            own = reach.list_own_seats(session, by=by, today=TODAY)
            assert reach.gives_mandate(body, own, by=by)
        actions.edit_body(session, body.id, wider, seen=body.version, by=owner, **given)
        # What set it up stays on the form of somebody who does not find it.
        form = BodyForm.of(body, "nl").offer(session, by=owner, today=TODAY, standing=body)
        last = form.set_up_by_id.choices[-1]
        assert form.set_up_by_id.data == last.value == str(steering.id)
        assert last.label == "Een groep die u niet ziet"
        # Whoever answers for the group and decides in it is bound as the others are.
        seat = SeatFields(person_id=owner.person_id, side=Side.LINE, from_on=TODAY)
        seat_actions.add_seat(session, body.id, seat, by=house.adviser, today=TODAY)
        own = reach.list_own_seats(session, by=owner, today=TODAY)
        assert not reach.gives_mandate(body, own, by=owner)


def test_planners_do_not_seat_each_other_among_the_workers(house):
    contact, worker = house.people[Role.MAIN_CONTACT], house.people[Role.CPBW_MEMBER]
    boss, steering = house.people[Role.EMPLOYER], house.people[Role.STEERING_MEMBER]
    fields = replace(STEERING, kind=BodyKind.COMMITTEE, name="CPBW", wanted=(), is_open=False)
    with house.session() as session:
        body = actions.set_up_body(session, fields, by=house.adviser)
        seat = SeatFields(person_id=boss.person_id, side=Side.EMPLOYER, from_on=TODAY)
        given = {"today": TODAY}
        with pytest.raises(Denied) as refused:
            seat_actions.add_seat(session, body.id, seat, by=house.adviser, **given)
        assert refused.value.key == "bodies.planner_seated"
        made = seat_actions.add_seat(session, body.id, seat, by=contact, **given)
        chair = SeatFields(
            person_id=worker.person_id, role=SeatRole.CHAIR, side=Side.WORKERS, from_on=TODAY
        )
        first = seat_actions.add_seat(session, body.id, chair, by=house.adviser, **given)
        # Nor by writing another name over a seat, or by letting one last longer; ending it is free.
        change = replace(chair, person_id=steering.person_id)
        with pytest.raises(Denied):
            seat_actions.edit_seat(
                session, first.id, change, seen=first.version, by=house.adviser, **given
            )
        ended = replace(seat, until_on=TODAY)
        seat_actions.edit_seat(
            session, made.id, ended, seen=made.version, by=house.adviser, **given
        )
        with pytest.raises(Denied):
            seat_actions.edit_seat(
                session, made.id, seat, seen=made.version, by=house.adviser, **given
            )
        # The committee names whom it wants itself.
        named = replace(seat, person_id=steering.person_id)
        seat_actions.add_seat(session, body.id, named, by=worker, **given)
        # A secretary who sets up groups does not let in another who does.
        desk = replace(seat, person_id=house.adviser.person_id, role=SeatRole.SECRETARY)
        seat_actions.add_seat(session, body.id, desk, by=worker, **given)
        with pytest.raises(Denied) as refused:
            seat_actions.add_seat(session, body.id, seat, by=house.adviser, **given)
        assert refused.value.key == "bodies.planner_seated"
        # A group of the organisation is not the main contact's.
        own = actions.set_up_body(session, STEERING, by=house.adviser)
        with pytest.raises(Denied):
            seat_actions.add_seat(session, own.id, named, by=contact, **given)


def test_whoever_sits_there_leaves_by_their_own_act(house):
    member, other = house.people[Role.WORKING_GROUP_MEMBER], house.people[Role.HR]
    with house.session() as session:
        body = start(session, house, GROUP, Role.WORKING_GROUP_MEMBER)
        (seat,) = queries.list_seats(session, body.id)
        given = {"seen": seat.version, "today": TODAY}
        with pytest.raises(NotFound):
            seat_actions.resign_seat(session, seat.id, until_on=TODAY, by=other, **given)
        with pytest.raises(Invalid):
            early = TODAY - timedelta(days=1)
            seat_actions.resign_seat(session, seat.id, until_on=early, by=member, **given)
        before = entries(session)
        seat_actions.resign_seat(session, seat.id, until_on=TODAY, by=member, **given)
        assert (entries(session), seat.until_on) == (before + 1, TODAY)
        tomorrow = TODAY + timedelta(days=1)
        assert reach.list_own_seats(session, by=member, today=tomorrow) == {}
        with pytest.raises(InvalidTransition):
            seat_actions.resign_seat(
                session, seat.id, until_on=TODAY, seen=seat.version, by=member, today=TODAY
            )
