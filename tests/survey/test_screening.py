"""Sheets of a unit over three years, on both engines: filled in, agreed, corrected, compared."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from baken.instruments.screening import Colour
from baken.organisation.errors import Denied
from baken.organisation.models import Headcount, Unit, UnitKind
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry, verify
from baken.storage.base import EditedMeanwhile
from baken.storage.errors import BakenError
from baken.survey.screening import actions, queries
from baken.survey.screening.errors import CannotAgree, InvalidEntry, NotADraft, SheetNotFound
from baken.survey.screening.marks import LightState, Mark, Member, read_marks
from baken.survey.screening.rules import SheetFields, SheetState
from baken.survey.screening.waiting import list_waiting
from baken.survey.screening.wording import change_bands, change_texts, current_wording

TODAY = date(2026, 3, 2)
GROUP = (Member("Mieke Voorbeeld", "hoofd van dienst"), Member("Ali Voorbeeld", "afgevaardigde"))


def year(number, **changes):
    days = {"from_on": date(number, 1, 1), "until_on": date(number, 12, 31)}
    return SheetFields(**{**days, "group": GROUP, "met_on": TODAY, **changes})


def add_unit(session, name, people):
    unit = Unit(kind=UnitKind.TEAM, number=name, name=name, from_on=date(2020, 1, 1))
    session.add(unit)
    session.flush()
    session.add(Headcount(unit_id=unit.id, from_on=date(2020, 1, 1), people=people))
    return unit.id


def filled(session, unit_id, number, n_on, by, **of_first):
    """An agreed sheet with so many lights on."""
    sheet = actions.start_sheet(session, unit_id, year(number), by=by, today=TODAY)
    marks = read_marks(sheet.marks)
    for place, code in enumerate(marks):
        state = LightState.ON if place < n_on else LightState.OFF
        more = of_first if place == 0 else {}
        before = marks[code]
        marks[code] = Mark(state, before=before.before, before_that=before.before_that, **more)
    actions.fill_sheet(session, sheet.id, marks, seen=sheet.version, by=by)
    return actions.agree_sheet(session, sheet.id, seen=sheet.version, by=by, today=TODAY)


def test_three_years_of_a_unit(database, organisation):
    by = organisation.people[Role.HR]
    with database.session(organisation.id) as session:
        unit_id = add_unit(session, "Nacht", 40)
        other_id = add_unit(session, "Dag", 60)
        for number, n_on, value in ((2023, 3, 4.0), (2024, 5, 4.4), (2025, 9, 5.2)):
            filled(session, unit_id, number, n_on, by, value=value, sector=4.0, source="Dossier")
        filled(session, other_id, 2025, 9, by)
    with database.read(organisation.id) as session:
        history = queries.list_history(session, unit_id)
        assert [(one.sheet.from_on.year, one.result.colour) for one in history] == [
            (2025, Colour.RED),
            (2024, Colour.ORANGE),
            (2023, Colour.GREEN),
        ]
        sector, _, change = history[0].result.lights[0].compared
        assert (sector.colour, sector.number) == (Colour.RED, 1.3)
        assert (change.reference, change.colour) == (4.0, Colour.RED)
        assert history[0].sheet.people == 40
        first = [one.unit for one in queries.list_priorities(session, on=TODAY)]
        assert first == ["Dag", "Nacht"]  # equal lights: more people come first
        assert queries.list_former(session, on=TODAY) == []
        assert list_waiting(session, by=by, today=TODAY) == []
    with database.session(organisation.id) as session:
        session.get_one(Unit, other_id).until_on = TODAY
    with database.read(organisation.id) as session:
        assert len(queries.list_priorities(session, on=TODAY)) == 2  # its last day
        tomorrow = TODAY + timedelta(days=1)
        assert [one.unit for one in queries.list_priorities(session, on=tomorrow)] == ["Nacht"]
        assert [one.unit for one in queries.list_former(session, on=tomorrow)] == ["Dag"]
        assert len(queries.list_agreed(session)) == 4


def test_a_draft_moved_to_another_period_carries_figures_over_anew(database, organisation):
    by = organisation.people[Role.HR]
    with database.session(organisation.id) as session:
        unit_id = add_unit(session, "Nacht", 40)
        for number, value in ((2022, 3.0), (2024, 5.0)):
            filled(session, unit_id, number, 3, by, value=value, source="Dossier")
        sheet = actions.start_sheet(session, unit_id, year(2025), by=by, today=TODAY)
        marks = read_marks(sheet.marks)
        assert (marks["ABS"].before, marks["ABS"].before_that) == (5.0, 3.0)
        calm = {code: replace(mark, state=LightState.OFF) for code, mark in marks.items()}
        calm["ACC"] = replace(calm["ACC"], before=7.0)
        actions.fill_sheet(session, sheet.id, calm, seen=sheet.version, by=by)
        end = year(2025, until_on=date(2025, 11, 30))  # the periods before stay the same
        actions.edit_sheet(session, sheet.id, end, seen=sheet.version, by=by, today=TODAY)
        assert read_marks(sheet.marks) == calm
        actions.edit_sheet(session, sheet.id, year(2023), seen=sheet.version, by=by, today=TODAY)
        marks = read_marks(sheet.marks)
        assert (marks["ABS"].before, marks["ABS"].before_that) == (3.0, None)
        assert (marks["ACC"].before, marks["ACC"].is_displaced) == (7.0, True)
        with pytest.raises(CannotAgree, match="Look at them"):
            actions.agree_sheet(session, sheet.id, seen=sheet.version, by=by, today=TODAY)
        seen_again = {"ACC": replace(marks["ACC"], is_displaced=False)}
        actions.fill_sheet(session, sheet.id, seen_again, seen=sheet.version, by=by)
        actions.agree_sheet(session, sheet.id, seen=sheet.version, by=by, today=TODAY)


def test_what_was_agreed_is_corrected_by_a_new_edition_only(database, organisation):
    by = organisation.prevention_adviser
    with database.session(organisation.id) as session:
        sheet = filled(session, add_unit(session, "Nacht", 40), 2025, 9, by)
        with pytest.raises(NotADraft):
            actions.fill_sheet(session, sheet.id, {"ABS": Mark()}, seen=sheet.version, by=by)
        edition = actions.revise_sheet(session, sheet.id, by=by, today=TODAY)
        with pytest.raises(InvalidEntry, match="newer edition"):
            actions.revise_sheet(session, sheet.id, by=by, today=TODAY)
        with pytest.raises(InvalidEntry, match="same days"):
            actions.edit_sheet(
                session, edition.id, year(2024), seen=edition.version, by=by, today=TODAY
            )
        calm = {code: Mark(LightState.OFF) for code in edition.marks}
        actions.fill_sheet(session, edition.id, calm, seen=edition.version, by=by)
        assert queries.list_priorities(session, on=TODAY)[0].result.n_on == 9
        with pytest.raises(CannotAgree, match="on which day"):  # the group meets once more
            actions.agree_sheet(session, edition.id, seen=edition.version, by=by, today=TODAY)
        actions.edit_sheet(
            session, edition.id, year(2025), seen=edition.version, by=by, today=TODAY
        )
        actions.agree_sheet(session, edition.id, seen=edition.version, by=by, today=TODAY)
        assert queries.list_priorities(session, on=TODAY)[0].result.n_on == 0
        assert [one.edition for one in queries.list_of_unit(session, sheet.unit_id)] == [1, 2]


def test_a_draft_takes_over_what_an_earlier_sheet_was_corrected_to(database, organisation):
    by = organisation.prevention_adviser
    with database.session(organisation.id) as session:
        unit_id = add_unit(session, "Nacht", 40)
        wrong = filled(session, unit_id, 2024, 3, by, value=4.0, source="Dossier")
        draft = actions.start_sheet(session, unit_id, year(2025), by=by, today=TODAY)
        first, second, *_ = draft.marks
        own = {second: Mark(LightState.OFF, before=7.0)}
        actions.fill_sheet(session, draft.id, own, seen=draft.version, by=by)
        edition = actions.revise_sheet(session, wrong.id, by=by, today=TODAY)
        right = replace(read_marks(edition.marks)[first], value=5.0)
        actions.fill_sheet(session, edition.id, {first: right}, seen=edition.version, by=by)
        actions.edit_sheet(
            session, edition.id, year(2024), seen=edition.version, by=by, today=TODAY
        )
        assert read_marks(draft.marks)[first].before == 4.0  # the correction is not agreed yet
        actions.agree_sheet(session, edition.id, seen=edition.version, by=by, today=TODAY)
        marks = read_marks(draft.marks)
        assert (marks[first].before, marks[first].is_displaced) == (5.0, False)
        assert (marks[second].before, marks[second].state) == (7.0, LightState.OFF)  # typed


def test_a_draft_waits_and_can_be_thrown_away(database, organisation):
    by = organisation.adviser
    with database.session(organisation.id) as session:
        unit_id = add_unit(session, "Nacht", 40)
        sheet = actions.start_sheet(session, unit_id, year(2025), by=by, today=TODAY)
        with pytest.raises(InvalidEntry, match="already a sheet"):
            actions.start_sheet(session, unit_id, year(2025), by=by, today=TODAY)
        with pytest.raises(CannotAgree):
            actions.agree_sheet(session, sheet.id, seen=sheet.version, by=by, today=TODAY)
        seen = sheet.version
        later = year(2025, met_on=None)
        actions.edit_sheet(session, sheet.id, later, seen=seen, by=by, today=TODAY)
        with pytest.raises(EditedMeanwhile):
            actions.edit_sheet(session, sheet.id, later, seen=seen, by=by, today=TODAY)
        (waits,) = list_waiting(session, by=by, today=TODAY)
        assert (waits.what, waits.path) == ("Nacht", f"/screenings/{sheet.id}")
        assert list_waiting(session, by=organisation.people[Role.CPBW_MEMBER], today=TODAY) == []
        assert [one.unit for one in queries.list_drafts(session)] == ["Nacht"]
        actions.delete_sheet(session, sheet.id, seen=sheet.version, by=by)
        with pytest.raises(SheetNotFound):
            queries.get_sheet(session, sheet.id)
        with pytest.raises(InvalidEntry, match="does not exist"):
            actions.start_sheet(session, UUID(int=7), year(2025), by=by, today=TODAY)


def test_own_lights_and_limits_count_for_new_sheets_only(database, organisation):
    by = organisation.prevention_adviser
    with database.session(organisation.id) as session:
        unit_id = add_unit(session, "Nacht", 40)
        before = filled(session, unit_id, 2024, 4, by)
        lights = current_wording(session).instrument.texts["nl"].lights
        change_bands(session, (5, 9), {"rate": (1.2, 1.5)}, seen=0, by=by, today=TODAY)
        own = change_texts(
            session,
            "nl",
            "Onze eigen woorden.",
            {**lights, "ABS": type(lights["ABS"])("Verzuim", "Aan als", "%", "HR")},
            seen=1,
            by=by,
            today=TODAY,
        )
        after = filled(session, unit_id, 2025, 4, by)
        assert own.number == 2
        assert queries.read_sheet(session, before).result.colour is Colour.ORANGE
        assert queries.read_sheet(session, after).result.colour is Colour.GREEN
        read = queries.read_sheet(session, after).wording
        assert read.instrument.texts["nl"].lights["ABS"].name == "Verzuim"
        assert read.instrument.texts["fr"].lights["ABS"].name == "Absence pour maladie"
        assert read.screening.bands[0].red_from == 1.5
        with pytest.raises(EditedMeanwhile):
            change_bands(session, (5, 9), {}, seen=1, by=by, today=TODAY)
        for overall, limits in (((9, 5), {}), ((4, 8), {"rate": (2, 1)}), ((4, 8), {"x": (1, 2)})):
            with pytest.raises(InvalidEntry, match="do not fit together"):
                change_bands(session, overall, limits, seen=2, by=by, today=TODAY)
        with pytest.raises(InvalidEntry):
            change_texts(session, "xx", "", {}, seen=2, by=by, today=TODAY)


def test_each_act_is_recorded_once_and_only_by_those_who_may(database, organisation):
    reader = organisation.people[Role.CPBW_MEMBER]
    by = organisation.people[Role.EMPLOYER]
    with database.session(organisation.id) as session:
        unit_id = add_unit(session, "Nacht", 40)
        with pytest.raises(Denied):
            actions.start_sheet(session, unit_id, year(2025), by=reader, today=TODAY)
        with pytest.raises(Denied):
            change_bands(session, (4, 8), {}, seen=0, by=by, today=TODAY)
        sheet = filled(session, unit_id, 2025, 9, by)
        assert sheet.state is SheetState.AGREED
    with database.read(organisation.id) as session:
        done = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [entry.action for entry in done] == [
            "screening.started",
            "screening.filled_in",
            "screening.agreed",
        ]
        assert done[-1].facts == {"colour": "red", "on": 9, "unknown": 0}
        assert verify(session).first_bad is None


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql_url"], indirect=True)
def test_two_people_who_begin_the_same_at_once_make_one(database, organisation):
    """The slower one looked before the other was done; SQLite lets one writer in at a time."""
    by = organisation.prevention_adviser
    told = {}

    def slower():
        for name, act in (
            ("sheet", lambda s: actions.start_sheet(s, unit_id, year(2025), by=by, today=TODAY)),
            ("bands", lambda s: change_bands(s, (5, 9), {}, seen=0, by=by, today=TODAY)),
        ):
            try:
                with database.session(organisation.id) as session:
                    act(session)
            except BakenError as error:
                told[name] = type(error)

    with database.session(organisation.id) as session:
        unit_id = add_unit(session, "Nacht", 40)
    with database.session(organisation.id) as session:
        actions.start_sheet(session, unit_id, year(2025), by=by, today=TODAY)
        change_bands(session, (5, 9), {}, seen=0, by=by, today=TODAY)
        thread = threading.Thread(target=slower)
        thread.start()
        thread.join(timeout=0.5)  # it waits for what this transaction holds
    thread.join()
    assert told == {"sheet": InvalidEntry, "bands": EditedMeanwhile}
    with database.read(organisation.id) as session:
        assert len(queries.list_of_unit(session, unit_id)) == 1
        assert current_wording(session).number == 1
