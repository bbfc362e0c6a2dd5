"""The wall around an organisation."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    CTE,
    DDL,
    case,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert as on_sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Bundle, aliased, join

from baken.organisation.models import Headcount, Organisation, Unit, UnitKind
from baken.storage.base import EditedMeanwhile, check_version
from baken.storage.guard import NotThere, OutsideOrganisation
from baken.storage.session import Database


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


# Every way of asking that somebody thought of, with what the other organisation would show.
FILTERED = {
    "union": lambda: union_all(select(Unit.name), select(Unit.name)),
    "union of aliases": lambda: union_all(select(aliased(Unit).name), select(aliased(Unit).name)),
    "subquery as a model": lambda: select(aliased(Unit, select(Unit).subquery()).name),
    "scalar subquery": lambda: select(select(func.max(Unit.name)).scalar_subquery()),
    "bundle": lambda: select(Bundle("names", Unit.name)),
    "function of a column": lambda: select(func.max(Unit.name)),
    "group": lambda: select(Unit.name).group_by(Unit.name).having(func.count(Unit.id) > 0),
    "named source": lambda: select(Unit.name).select_from(join(Unit, Headcount, isouter=True)),
    "from a union": lambda: select(Unit).from_statement(union_all(select(Unit), select(Unit))),
    "case": lambda: select(case((Unit.name != "", Unit.name), else_="")),
    "window": lambda: select(func.count(Unit.id).over(), Unit.name),
    "order by a subquery": lambda: select(Unit.name).order_by(
        select(Unit.name).limit(1).scalar_subquery()
    ),
}  # fmt: skip


def grown() -> CTE:
    top = select(Unit.id, Unit.name).where(Unit.parent_id.is_(None)).cte("top", recursive=True)
    return top.union_all(select(Unit.id, Unit.name).join(top, Unit.parent_id == top.c.id))


@pytest.mark.parametrize("way", FILTERED)
def test_whatever_way_a_model_is_asked_for_it_is_filtered(
    database: Database, two: tuple[UUID, UUID], way: str
) -> None:
    with database.read(two[0]) as session:
        found = repr(session.execute(FILTERED[way]()).all())
    assert "canary-Twee" not in found, way
    with database.read(two[0]) as session:
        units = {unit.name for unit in session.scalars(select(Unit))}
    assert units == {"canary-Een"}


REFUSED = {
    "columns of a common table expression without a model": lambda: select(
        select(Unit.name).cte("names").c.name
    ),
    "columns of a recursive expression without a model": lambda: select(grown().c.name),
    "columns of a subquery without a model": lambda: select(select(Unit.name).subquery().c.name),
    "columns of a lateral without a model": lambda: select(select(Unit.name).lateral().c.name),
    "an operator of one's own": lambda: select(Unit.name).where(Unit.name.op("=")("x")),
    "text before": lambda: select(Unit.name).prefix_with("DISTINCT"),
    "text behind": lambda: select(Organisation.name).suffix_with("UNION SELECT name FROM unit"),
    "a hint": lambda: select(Unit.name).with_hint(Unit, "INDEXED BY x"),
    "a hint for the statement": lambda: select(Unit.name).with_statement_hint("x"),
    "text with columns": lambda: text("SELECT id, name FROM unit").columns(Unit.id, Unit.name),
    "a function that reads": lambda: select(func.query_to_xml("select * from unit")),
    "a function that walks over": lambda: select(func.set_config("app.organisation", "", True)),
    "a function alone": lambda: func.set_config("app.organisation", "", True),
    "a function as a table": lambda: select(func.json_each("[]").table_valued("value").c.value),
    "a definition": lambda: DDL("DROP TABLE headcount"),
    "a change inside": lambda: select(Organisation.id).add_cte(delete(Unit).cte("gone")),
    "a changed owner": lambda: update(Unit).values(organisation_id=uuid4()),
    "a changed owner in order": lambda: update(Unit).ordered_values(("organisation_id", uuid4())),
    "a changed reference": lambda: update(Headcount).values(unit_id=uuid4()),
    "an insert of values": lambda: insert(Unit).values(organisation_id=uuid4(), name="x"),
    "an insert from a select": lambda: insert(Unit).from_select(["name"], select(Unit.name)),
    "an insert that updates": lambda: on_sqlite(Unit).on_conflict_do_update(
        index_elements=["id"], set_={"name": "x"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", REFUSED)
def test_what_could_pass_unseen_is_refused(
    database: Database, two: tuple[UUID, UUID], way: str
) -> None:
    with pytest.raises(OutsideOrganisation), database.session(two[0]) as session:
        session.execute(REFUSED[way]())


def test_a_session_has_no_back_door(database: Database, two: tuple[UUID, UUID]) -> None:
    with database.session(two[0]) as session:
        with pytest.raises(OutsideOrganisation):
            session.connection()
        with pytest.raises(AttributeError):
            session.organisation_id = two[1]
        with pytest.raises(AttributeError):
            session.read_only = False
        with pytest.raises(OutsideOrganisation):
            session.execute(insert(Unit).values(name="x"), [{"organisation_id": two[0]}])
        with pytest.raises(OutsideOrganisation):
            session.execute(update(Unit), {"organisation_id": two[1]})


def test_rows_from_another_session_do_not_come_along(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with database.read(two[1]) as session:
        foreign = session.scalars(select(Unit)).one()
    for take in ("add", "merge", "refresh", "delete"):
        with database.session(two[1]) as session:
            foreign = session.scalars(select(Unit)).one()
        with pytest.raises((OutsideOrganisation, SQLAlchemyError)), database.session(two[0]) as own:
            foreign.name = "taken"
            getattr(own, take)(foreign)
            own.flush()
    with database.read(two[1]) as session:
        assert session.scalars(select(Unit.name)).all() == ["canary-Twee"]


def test_a_row_refers_to_rows_of_its_own_organisation_only(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with database.read(two[1]) as session:
        foreign = session.scalars(select(Unit.id)).one()
    for target in (foreign, uuid4()):
        with pytest.raises(NotThere), database.session(two[0]) as session:
            session.add(Headcount(unit_id=target, from_on=date(2026, 1, 1), people=8))
        with pytest.raises(NotThere), database.session(two[0]) as session:
            session.scalars(select(Unit)).one().parent_id = target
        with pytest.raises(NotThere), database.session(two[0]) as session:
            row = {"organisation_id": two[0], "unit_id": target, "people": 8}
            session.execute(insert(Headcount), [{**row, "from_on": date(2026, 1, 1)}])


def test_rows_that_come_together_refer_to_each_other(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    with database.session(two[0]) as session:
        top = make_unit("top", id=uuid4())
        session.add(top)
        session.add(make_unit("below", parent_id=top.id))
    with database.read(two[0]) as session:
        assert len(session.scalars(select(Unit)).all()) == 3
