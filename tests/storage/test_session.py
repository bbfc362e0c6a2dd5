"""The wall around an organisation."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import (
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.orm import aliased

from baken.organisation.models import Headcount, Organisation, Unit, UnitKind
from baken.storage.base import EditedMeanwhile, check_version
from baken.storage.session import Database, OutsideOrganisation


@pytest.fixture
def two(database: Database) -> tuple[UUID, UUID]:
    ids = []
    for name in ("Een", "Twee"):
        with database.session(None) as session:
            organisation = Organisation(name=name)
            session.add(organisation)
            session.flush()
            ids.append(organisation.id)
        with database.session(ids[-1]) as session:
            session.add(make_unit(f"canary-{name}"))
    return ids[0], ids[1]


def make_unit(name: str, **values: object) -> Unit:
    return Unit(kind=UnitKind.TEAM, number=name, name=name, from_on=date(2026, 1, 1), **values)


def test_a_session_sees_its_own_rows_only(database: Database, two: tuple[UUID, UUID]) -> None:
    with database.read(two[0]) as session:
        assert [unit.name for unit in session.scalars(select(Unit))] == ["canary-Een"]
        assert session.scalar(select(func.count()).select_from(Unit)) == 1
        other = aliased(Unit)
        assert session.scalars(select(other.name)).all() == ["canary-Een"]
        joined = select(Unit.name, other.name).join(other, Unit.from_on == other.from_on)
        assert len(session.execute(joined).all()) == 1


def test_a_row_of_another_organisation_is_not_found_by_its_identifier(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with database.read(two[1]) as session:
        foreign = session.scalars(select(Unit)).one()
    with database.read(two[0]) as session:
        assert session.get(Unit, foreign.id) is None


def test_an_update_reaches_own_rows_only(database: Database, two: tuple[UUID, UUID]) -> None:
    with database.session(two[0]) as session:
        session.execute(update(Unit).values(name="changed"))
    with database.read(two[1]) as session:
        assert session.scalars(select(Unit.name)).all() == ["canary-Twee"]


def test_writing_for_another_organisation_raises(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        session.add(make_unit("x", organisation_id=two[1]))
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        values = {"kind": "team", "number": "9", "name": "x", "from_on": date(2026, 1, 1)}
        session.execute(insert(Unit), [{**values, "organisation_id": two[1]}])
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        session.scalars(select(Unit)).one().organisation_id = two[1]
        session.flush()


def test_a_session_outside_all_organisations_reaches_no_owned_table(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with pytest.raises(OutsideOrganisation), database.read(None) as session:
        session.scalars(select(Unit)).all()
    with pytest.raises(OutsideOrganisation), database.session(None) as session:
        session.add(make_unit("x", organisation_id=two[0]))


def test_tables_and_raw_sql_are_refused_since_they_cannot_be_filtered(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
        session.execute(select(Unit.__table__))
    with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
        session.execute(text("select name from unit"))
    with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
        session.scalars(select(Organisation.name).where(select(Unit.__table__.c.id).exists())).all()
    with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
        session.execute(select(Organisation.name, Unit.__table__)).all()
    with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
        session.execute(select(Organisation.name, Unit.__table__.c.name)).all()
    with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
        named = Unit.__table__.c.name == "canary-Twee"
        session.execute(select(Organisation.name).where(named)).all()


def test_text_inside_a_statement_is_refused_like_a_statement_of_text(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    hidden = (
        select(text("name")).select_from(text("unit")),
        select(column("name")).select_from(table("unit", column("name"))),
        select(literal_column("(select max(name) from unit)")),
        select(Organisation.name).where(text("exists (select 1 from unit)")),
        select(Unit).from_statement(text("select * from unit")),
    )
    for statement in hidden:
        with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
            session.execute(statement)


def test_rows_in_bulk_do_not_climb_over_the_wall(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with database.session(two[1]) as session:
        foreign = session.scalars(select(Unit)).one()
        session.add(Headcount(unit_id=foreign.id, from_on=date(2026, 1, 1), people=8))
    with database.read(two[1]) as session:
        staff = session.scalars(select(Headcount)).one()
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        session.execute(update(Headcount), [{"id": staff.id, "people": 99}])
    row = make_unit("x", organisation_id=two[1])
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        session.bulk_save_objects([row])
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        session.bulk_insert_mappings(Unit, [{"name": "x", "organisation_id": two[1]}])
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        session.bulk_update_mappings(Headcount, [{"id": staff.id, "people": 99}])
    with database.read(two[1]) as session:
        assert session.scalars(select(Unit.name)).all() == ["canary-Twee"]
        assert session.scalars(select(Headcount.people)).all() == [8]


def test_models_in_subqueries_are_filtered_too(database: Database, two: tuple[UUID, UUID]) -> None:
    with database.read(two[0]) as session:
        named = select(Unit.id).where(Unit.name == "canary-Twee")
        assert session.scalars(select(Unit.name).where(Unit.id.in_(named))).all() == []
        found = session.scalars(select(Organisation.name).where(named.exists())).all()
        assert found == []
        assert session.scalar(select(select(func.count(Unit.id)).scalar_subquery())) == 1


def test_a_reading_session_does_not_write(database: Database, two: tuple[UUID, UUID]) -> None:
    with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
        session.add(make_unit("x"))
        session.flush()
    for statement in (update(Unit).values(name="x"), delete(Unit)):
        with pytest.raises(OutsideOrganisation), database.read(two[0]) as session:
            session.execute(statement)
    with database.read(two[0]) as session:
        assert session.scalars(select(Unit.name)).all() == ["canary-Een"]


def test_the_second_of_two_editors_is_told(database: Database, two: tuple[UUID, UUID]) -> None:
    with database.read(two[0]) as session:
        unit = session.scalars(select(Unit)).one()
    with database.session(two[0]) as session:
        mine = session.get_one(Unit, unit.id)
        check_version(mine, unit.version)
        mine.name = "first"
    with database.session(two[0]) as session:
        theirs = session.get_one(Unit, unit.id)
        with pytest.raises(EditedMeanwhile):
            check_version(theirs, unit.version)


def test_a_failing_session_leaves_nothing(database: Database, two: tuple[UUID, UUID]) -> None:
    with pytest.raises(RuntimeError), database.session(two[0]) as session:
        session.add(make_unit("gone"))
        session.flush()
        raise RuntimeError
    with database.read(two[0]) as session:
        assert session.scalars(select(Unit.name)).all() == ["canary-Een"]
