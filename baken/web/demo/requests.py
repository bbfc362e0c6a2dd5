"""What the demonstration heard beside its surveys: requests, quarterly figures, a network."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from baken.actionplan.requests.counsellors.actions import add_training, appoint
from baken.actionplan.requests.counsellors.rules import (
    Agreement,
    Appointment,
    Learned,
    TrainingKind,
)
from baken.actionplan.requests.external.actions import add_advice, join_service
from baken.actionplan.requests.quarters.actions import enter_sheet
from baken.actionplan.requests.quarters.rules import quarter_of
from baken.actionplan.requests.situations.actions import ask, take_step
from baken.actionplan.requests.situations.intake import Asker, Intake, Priority
from baken.actionplan.requests.situations.rules import OF_EMPLOYER, RequestState, Step
from baken.actionplan.requests.vigilance.actions import (
    add_contact,
    answer_signal,
    answer_theme,
    take_signal,
    tell_theme,
)
from baken.actionplan.requests.vigilance.rules import ContactFields, ThemeFields
from baken.organisation.permissions import Actor, Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.demo.days import Days, morning
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story, say

_YES: Final = {"is_group": True, "is_present": True, "is_part": True}
# The steps of the request that went all the way: where each leads, and what was ticked.
_WAY: Final[tuple[tuple[RequestState, dict[str, Any]], ...]] = (
    (RequestState.ADMISSIBLE, _YES),
    (RequestState.METHOD_AGREED, {"adviser": "external", "anonymous": ""}),
    (RequestState.COLLECTING, {}),
    (RequestState.REPORTED, {"is_anonymous": True}),
    (RequestState.DECIDED, {"takes_measures": True}),
    (RequestState.COMMUNICATED, {"told": ["asker", "adviser", "group", "committee"]}),
    (RequestState.MEASURES, {}),
    (RequestState.EVALUATED, {}),
)
_ANONYMOUS: Final = "Anonieme vragenlijst en een open bus"
_QUARTERS: Final = (
    {"informal_by_adviser": 4, "informal_advice": 3, "informal_intervention": 1,
     "informal_reconciliation": 0},
    {"informal_by_adviser": 6, "informal_advice": 4, "informal_intervention": 2,
     "informal_reconciliation": 0},
    {"informal_by_adviser": 5, "informal_advice": 5, "informal_reconciliation": 0},
    {"informal_by_adviser": 7, "informal_advice": 4, "informal_reconciliation": 3},
)  # fmt: skip
_OF_COUNSELLOR: Final = (
    {"informal_by_counsellor": 7, "informal_advice": 4, "informal_intervention": 1,
     "informal_reconciliation": 2},
    {"informal_by_counsellor": 8, "informal_advice": 4, "informal_intervention": 2,
     "informal_reconciliation": 2},
)  # fmt: skip
# What the counsellor learned, how many days after the appointment, and in how many hours.
_LEARNED: Final = (
    (TrainingKind.BASIC, 60, 18.0),
    (TrainingKind.BASIC, 90, 6.0),
    (TrainingKind.SUPERVISION, 330, 4.0),
)
_SIGNALS: Final = ((40, "organisation"), (26, "relations"), (12, "organisation"), (1, "content"))
_NOUGHT: Final = {"formal_collective": 0, "formal_individual": 0, "formal_violence": 0}


def hear_the_house(database: Database, keys: KeyStore, house: House, days: Days) -> None:
    """Tell all of it."""
    story = read_story("requests")
    with database.session(house.id) as session:
        _ask_for_analyses(session, keys, house, days, story)
        _count_quarters(session, house, days)
        _appoint(session, house, days, story["counsellor"])
        _join(session, house, days, story["external"])
        _listen(session, house, days, story["network"])


def _ask_for_analyses(
    session: Session, keys: KeyStore, house: House, days: Days, story: dict[str, Any]
) -> None:
    asked_on = days.today - timedelta(days=420)
    done = _intake(story["evaluated"], house.units["HK-3"], asked_on, Asker.EMPLOYER, 11)
    _go(session, keys, house, done, steps=story["evaluated"]["steps"], way=_WAY)
    begun_on = days.today - timedelta(days=33)
    begun = _intake(story["running"], house.units["WZ-3"], begun_on, Asker.LINE, 14)
    anonymously = {"adviser": "none", "anonymous": say(_ANONYMOUS)}
    way = (_WAY[0], (RequestState.METHOD_AGREED, anonymously), _WAY[2])
    _go(session, keys, house, begun, steps=story["running"]["steps"], way=way)


def _intake(told: dict[str, Any], unit_id: UUID, asked_on: date, asker: Asker, size: int) -> Intake:
    reason = told.get("reason", "")
    return Intake(
        asker=asker,
        asked_on=asked_on,
        group_name=told["group"],
        group_size=size,
        situation=told["situation"],
        since_on=asked_on - timedelta(days=120),
        priority=Priority.NOW if reason else Priority.SOON,
        priority_reason=reason,
        unit_id=unit_id,
    )


def _go(
    session: Session,
    keys: KeyStore,
    house: House,
    intake: Intake,
    *,
    steps: list[str],
    way: tuple[tuple[RequestState, dict[str, Any]], ...],
) -> None:
    by = house.people[Role.PREVENTION_ADVISER]
    request = ask(session, keys, intake, by=by, today=intake.asked_on)
    for n, ((state, facts), text) in enumerate(zip(way, steps, strict=True), 1):
        day = intake.asked_on + timedelta(days=9 * n if n < len(_WAY) else 240)
        step = Step(state=state, done_on=day, text=text, facts=facts)
        whose = house.people[Role.EMPLOYER] if state in OF_EMPLOYER else by
        take_step(session, keys, request.id, step, seen=n, by=whose, today=day)


def _count_quarters(session: Session, house: House, days: Days) -> None:
    """Last year the external adviser counted all of it, the new counsellor from summer on.

    This year's sheets are there but for the last quarter that is over: it waits for both.
    """
    last = days.today.year - 1
    for quarter, counts in enumerate(_QUARTERS, 1):
        _enter(session, house.people[Role.ADVISER], {**_NOUGHT, **counts}, (last, quarter), days)
    counsellor = house.people[Role.CONFIDENTIAL_COUNSELLOR]
    for quarter, counts in enumerate(_OF_COUNSELLOR, 3):
        _enter(session, counsellor, counts, (last, quarter), days)
    for quarter in range(1, quarter_of(days.today) - 1):
        counts = _OF_COUNSELLOR[quarter % len(_OF_COUNSELLOR)]
        _enter(session, counsellor, counts, (days.today.year, quarter), days)


def _enter(
    session: Session, by: Actor, counts: dict[str, int], which: tuple[int, int], days: Days
) -> None:
    year, quarter = which
    enter_sheet(session, counts, year=year, quarter=quarter, seen=0, by=by, today=days.today)


def _appoint(session: Session, house: House, days: Days, told: dict[str, Any]) -> None:
    contact, begun = house.people[Role.MAIN_CONTACT], days.begun_on
    asked = Appointment(
        is_staff=True,
        agreement=Agreement.COMMITTEE,
        agreed_on=begun - timedelta(days=20),
        agreement_text=told["agreement"],
        appointed_on=begun,
    )
    person_id = house.people[Role.CONFIDENTIAL_COUNSELLOR].person_id
    made = appoint(session, person_id, asked, by=contact, today=begun)
    for kind, after, hours in _LEARNED:
        done_on = begun + timedelta(days=after)
        learned = Learned(kind, done_on, hours, max(1, round(hours / 6)))
        add_training(session, made.id, learned, told["given_by"], by=contact, today=done_on)


def _join(session: Session, house: House, days: Days, told: dict[str, Any]) -> None:
    by, joined_on = house.people[Role.PREVENTION_ADVISER], date(days.today.year - 6, 1, 1)
    service = join_service(session, told["name"], joined_on=joined_on, by=by, today=days.today)
    given_on = date(days.today.year - 2, 5, 12)
    add_advice(session, service.id, told["advice"], given_on=given_on, by=by, today=days.today)


def _listen(session: Session, house: House, days: Days, told: dict[str, Any]) -> None:
    keeper, listener = house.people[Role.PREVENTION_ADVISER], house.people[Role.STEERING_MEMBER]
    begun = days.begun_on
    for role, for_what in zip(
        (Role.STEERING_MEMBER, Role.CPBW_MEMBER), told["contacts"], strict=True
    ):
        fields = ContactFields(
            person_id=house.people[role].person_id,
            for_what=for_what,
            from_on=begun,
            charter_on=begun - timedelta(days=7),
        )
        add_contact(session, fields, by=keeper, today=begun)
    last_year = date(days.today.year - 1, 12, 20)
    long_ago = ((last_year - timedelta(days=9 * n), "organisation") for n in range(6))
    lately = ((days.today - timedelta(days=ago), theme) for ago, theme in _SIGNALS)
    for day, theme in (*long_ago, *lately):
        now = morning(day)
        signal = take_signal(
            session,
            theme,
            received_at=now,
            is_answered=False,
            by=listener,
            today=now.date(),
            now=now,
        )
        if days.today - day > timedelta(days=1):
            _answer(session, signal.id, house, now + timedelta(hours=5))
    _tell(session, house, days, told)


def _answer(session: Session, signal_id: UUID, house: House, now: datetime) -> None:
    by = house.people[Role.STEERING_MEMBER]
    answer_signal(session, signal_id, answered_at=now, seen=1, by=by, today=now.date(), now=now)


def _tell(session: Session, house: House, days: Days, told: dict[str, Any]) -> None:
    told_on = days.today - timedelta(days=20)
    fields = ThemeFields(
        theme="organisation",
        title=told["title"],
        pattern=told["pattern"],
        suggestion=told["suggestion"],
        told_on=told_on,
        is_collective=True,
    )
    theme = tell_theme(session, fields, by=house.people[Role.STEERING_MEMBER], today=told_on)
    answer_theme(
        session,
        theme.id,
        told["answer"],
        answered_on=told_on + timedelta(days=9),
        seen=1,
        by=house.people[Role.EMPLOYER],
        today=days.today,
    )
