"""What a database refuses by itself: rewriting what is written once, and going on twice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from baken.actionplan.errors import InvalidTransition
from baken.actionplan.measures import actions, carrying
from baken.actionplan.measures.models import Measure, MeasureReview, ProgressNote
from baken.actionplan.measures.queries import get_measure
from baken.actionplan.measures.reviewing import review_measure
from baken.actionplan.measures.reviews import ReviewDecision, ReviewFields
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans import annual_actions
from baken.actionplan.plans.editions.models import PlanEdition
from baken.actionplan.plans.queries import get_frame, get_frame_of
from baken.actionplan.plans.teams.models import TeamItem, TeamPlan
from baken.storage.migrate import migrate, migrate_down
from tests.databases import above_the_walls, as_role

TODAY = date(2026, 3, 2)
LATER = date(2026, 6, 1)
NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def add(house, session, **changes):
    frame = get_frame(session, house.annual_plan_id)
    return actions.add_measure(session, house.measure(**changes), within=frame, by=house.adviser)


def read(house, session, measure, value):
    within = get_frame_of(session, measure.id)
    actions.note_progress(
        session, measure.id, "Geteld.", value=value, within=within, seen=measure.version,
        by=house.adviser, today=TODAY, now=NOW,
    )  # fmt: skip


def next_year(house, session):
    return annual_actions.draft_annual_plan(
        session, house.global_plan_id, starts_on=date(2027, 1, 1),
        objective_ids=[house.objective_id], by=house.adviser,
    )  # fmt: skip


def carry(house, session, measure, into):
    return carrying.carry_over(
        session, measure.id, "Niet klaar.", objective_id=house.objective_id,
        ends_on=date(2027, 6, 30), into=get_frame(session, into.id), seen=measure.version,
        by=house.adviser,
    )  # fmt: skip


def test_the_database_itself_keeps_what_is_written_once(house):
    """Also what never passes through our own code: a note, a review, an edition, a team's word."""
    with house.session() as session:
        measure = add(house, session)
        house.adopt(session)
        read(house, session, measure, 30)
        review_measure(
            session,
            measure.id,
            ReviewFields(
                decision=ReviewDecision.KEEP, worked=4, accepted=4, text="Goed.", reviewed_on=LATER
            ),
            by=house.adviser,
            today=LATER,
        )
        team = TeamPlan(annual_plan_id=house.annual_plan_id, unit_id=house.night)
        session.add(team)
        session.flush()
        session.add(TeamItem(
            team_plan_id=team.id, held_on=TODAY, text="Goed.", next_step="", noted_at=NOW,
            noted_by=house.adviser.person_id,
        ))  # fmt: skip
    for table, change in (
        (ProgressNote, {"text": "Anders."}),
        (MeasureReview, {"worked": 1}),
        (PlanEdition, {"edition": 7}),
        (TeamItem, {"text": "Anders."}),
    ):
        with pytest.raises(DatabaseError, match=r"stays|written once"), house.session() as session:
            session.execute(update(table).values(**change))


def test_a_measure_goes_on_once_whatever_two_people_do(house):
    with house.session() as session:
        measure = add(house, session)
        into = next_year(house, session)
        carry(house, session, measure, into)
    with pytest.raises(InvalidTransition) as refused, house.session() as session:
        # As when the other one had not been written yet at the moment of looking.
        known = get_measure(session, measure.id)
        copy = {one.name: getattr(known, one.name) for one in Measure.__table__.columns}
        again = Measure(**{**copy, "id": None, "continues_id": known.id})
        carrying.keep_once(session, again)
    assert refused.value.key == "actionplan.carried_already"


def test_going_back_a_version_leaves_no_status_that_is_unknown_there(house):
    with house.session() as session:
        measure = add(house, session)
        carry(house, session, measure, next_year(house, session))
        house.adopt(session)
    with house.session() as session:
        carrying.end_year(session, house.annual_plan_id, by=house.adviser, now=NOW)
        assert get_measure(session, measure.id).status == MeasureStatus.CARRIED
    asked = text("SELECT status FROM measure ORDER BY status")
    url = house.database.engine.url.render_as_string(hide_password=False)
    owner = as_role(url, "baken_owner")
    house.database.engine.dispose()
    migrate_down(owner, "0032")
    with above_the_walls(house.database) as plain:
        assert list(plain.execute(asked).scalars()) == ["planned", "stopped"]
        plain.execute(text("UPDATE progress_note SET evidence = 'x'"))
    migrate(as_role(url, "baken"), owner_url=owner)
    with above_the_walls(house.database) as plain:
        assert list(plain.execute(asked).scalars()) == ["carried", "planned"]
