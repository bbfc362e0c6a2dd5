"""The first wall between organisations: what a session may ask, write and hold.

It stands in the program and holds on every engine; `walls.py` is the second, in PostgreSQL. A
statement is let through when every table of an organisation in it can be filtered, that is when it
is named by its model. What could pass unseen - text, tables without their model, unusual functions,
statements inside statements - is refused outright.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Alias,
    Column,
    ColumnClause,
    Select,
    TableClause,
    TextClause,
    event,
    inspect,
    select,
)
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import BinaryExpression, UnaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.schema import Table

from baken.storage.base import Base, OrganisationOwned
from baken.storage.errors import BakenError

# A function may read what it is not given (`query_to_xml`) or walk into another organisation
# (`set_config`). One more that only computes is added here.
FUNCTIONS: Final = frozenset(
    {"coalesce", "count", "length", "lower", "max", "min", "sum", "upper"}
    | {"pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"}
)


class OutsideOrganisation(Exception):
    """Code tried to reach data of an organisation for which its session was not opened.

    Not a `BakenError`: no user can cause or mend it, it is a fault in Baken.
    """


class NotThere(BakenError):
    """A row refers to something that this organisation does not have.

    The same for what is nowhere and for what belongs to somebody else.
    """

    def __init__(self) -> None:
        super().__init__(
            "storage.not_there",
            "Something that you chose is not there any more. Nothing was saved. Load the page "
            "again and choose from the list.",
        )


def owned_tables() -> set[Table]:
    """Every table that holds data of one organisation."""
    return set(_owned_models())


def check_statement(
    state: ORMExecuteState, organisation_id: UUID | None, *, read_only: bool
) -> None:
    """Refuse a statement that cannot be kept to one organisation; keep the others to it."""
    statement: Any = state.statement
    elements = list(visitors.iterate(statement))
    _check_kind(state, elements, read_only=read_only)
    if any(map(_is_unseen, elements)):
        raise OutsideOrganisation("Raw SQL belongs in migrations; a session cannot check it.")
    if not _names_owned_table(state, elements):
        return
    if organisation_id is None:
        raise OutsideOrganisation("This session was opened for no organisation.")
    if state.is_insert:
        _check_inserted(state, organisation_id)
        return
    if state.is_update:
        _check_updated(state)
    state.statement = state.statement.options(
        with_loader_criteria(
            OrganisationOwned,
            lambda model: model.organisation_id == organisation_id,
            include_aliases=True,
        )
    )


def check_rows(session: Session, organisation_id: UUID | None, *, read_only: bool) -> None:
    """Refuse rows of another organisation, and rows that refer to one."""
    if read_only and (session.new or session.dirty or session.deleted):
        raise OutsideOrganisation("This session only reads.")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OrganisationOwned):
            continue
        if organisation_id is None:
            raise OutsideOrganisation("This session was opened for no organisation.")
        if row.organisation_id is None:
            row.organisation_id = organisation_id
        if row.organisation_id != organisation_id:
            raise OutsideOrganisation("A row of another organisation cannot be written here.")
    written = [row for row in (*session.new, *session.dirty) if isinstance(row, OrganisationOwned)]
    _check_references(session, [(type(row), _changed(row)) for row in written])


def _check_kind(state: ORMExecuteState, elements: list[Any], *, read_only: bool) -> None:
    if not (state.is_select or state.is_insert or state.is_update or state.is_delete):
        raise OutsideOrganisation("A session reads and writes rows, nothing else.")
    if read_only and not state.is_select:
        raise OutsideOrganisation("This session only reads.")
    inner = [one for one in elements if isinstance(one, UpdateBase) and one is not state.statement]
    if inner:
        raise OutsideOrganisation("Write in a statement of its own, not inside another one.")


def _is_unseen(element: Any) -> bool:
    """Whether something stands in the statement that no model tells about."""
    return _look_at(element.__class__)(element)


@cache
def _look_at(kind: Any) -> Callable[[Any], bool]:
    """How elements of a kind are looked at; a statement has many, of few kinds."""
    if issubclass(kind, ColumnClause):
        return _is_written_column
    if issubclass(kind, TableClause):
        return lambda _: not issubclass(kind, Table)
    if issubclass(kind, FunctionElement):
        return lambda element: getattr(element, "name", "") not in FUNCTIONS
    if issubclass(kind, BinaryExpression | UnaryExpression):
        return _has_own_operator
    if issubclass(kind, TextClause):
        return lambda _: True
    places = [name for name in _WRITTEN if hasattr(kind, name)]
    return lambda element: any(getattr(element, name) for name in places)


def _is_written_column(element: ColumnClause[Any]) -> bool:
    return element.is_literal and element.name != "*"  # what `count()` counts


def _has_own_operator(element: Any) -> bool:
    return any(isinstance(getattr(element, name, None), custom_op) for name in _OPERATORS)


_OPERATORS = ("operator", "modifier")
# Places where a statement takes text that is written out as it is.
_WRITTEN = ("_prefixes", "_suffixes", "_hints", "_statement_hints")


def _names_owned_table(state: ORMExecuteState, elements: list[Any]) -> bool:
    """Whether the statement reads or changes a table of an organisation.

    Only models can be filtered: a table that is reached without its model is refused.
    """
    placed = [element for element in elements if isinstance(element, Column | Alias | Table)]
    named = {_table_key(element) for element in placed} & _owned_keys()
    if not named:
        return False
    modelled = {_table_key(element) for element in placed if _has_model(element)}
    if not state.is_orm_statement or not named <= modelled or any(map(_selects_bare, elements)):
        raise OutsideOrganisation(
            f"Ask for the model, not for its table: {sorted(map(str, named))}"
        )
    return True


def _table_key(element: Any) -> str | None:
    table = element.table if isinstance(element, Column) else element
    table = table.element if isinstance(table, Alias) else table
    return table.key if isinstance(table, Table) else None


def _has_model(element: Any) -> bool:
    return "parententity" in getattr(element, "_annotations", {})


def _selects_bare(element: Any) -> bool:
    """Whether a select lists columns, or names a source, without its model."""
    if not isinstance(element, Select):
        return False
    places = (*element._raw_columns, *element._from_obj)  # noqa: SLF001 - nothing public tells
    return any(isinstance(place, Column | Table) and not _has_model(place) for place in places)


def _check_inserted(state: ORMExecuteState, organisation_id: UUID) -> None:
    parameters: Any = state.parameters
    statement: Any = state.statement
    rows = [parameters] if isinstance(parameters, dict) else list(parameters or [])
    if _values_of(statement) or statement._post_values_clause is not None:  # noqa: SLF001
        raise OutsideOrganisation("Give the rows to insert beside the statement, and only insert.")
    if not rows or any(row.get("organisation_id") != organisation_id for row in rows):
        raise OutsideOrganisation("Every inserted row names the organisation of its session.")
    model: Any = statement.entity_description["entity"]
    _check_references(state.session, [(model, row) for row in rows])


def _check_updated(state: ORMExecuteState) -> None:
    if state.is_executemany:
        raise OutsideOrganisation("Rows that are updated by their identifiers cannot be filtered.")
    statement: Any = state.statement
    model: Any = statement.entity_description["entity"]
    set_here = {getattr(name, "key", name) for name in _values_of(statement)}
    if state.parameters or set_here & {"organisation_id", *_references(model)}:
        raise OutsideOrganisation("Owner and references are changed row by row.")


def _values_of(statement: Any) -> list[Any]:
    """Return the columns that an insert or update sets by itself."""
    found = [statement._values, *(statement._multi_values or ())]  # noqa: SLF001 - nothing public
    ordered = getattr(statement, "_ordered_values", None) or ()
    names = [name for values in found if values for name in values]
    return names + [name for name, _ in ordered]


def _check_references(session: Session, written: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    """Raise `NotThere` when a row refers to one that this organisation does not have.

    The foreign key would accept the row of any organisation.
    """
    wanted: dict[Any, set[Any]] = {}
    for model, values in written:
        for name, target in _references(model).items():
            if values.get(name) is not None:
                wanted.setdefault(target, set()).add(values[name])
    coming = {(type(row), getattr(row, "id", None)) for row in session.new}
    for target, ids in wanted.items():
        known = inspect(target).identity_key_from_primary_key
        missing = {
            one
            for one in ids
            if (target, one) not in coming and known((one,)) not in session.identity_map
        }
        if missing - set(session.scalars(select(target.id).where(target.id.in_(missing)))):
            raise NotThere


@cache
def _references(model: Any) -> dict[str, Any]:
    """Return the attributes that refer to another row of an organisation, and its model."""
    owned = _owned_models()
    mapper: Any = inspect(model)
    return {
        mapper.get_property_by_column(key.parent).key: owned[key.column.table]
        for key in mapper.local_table.foreign_keys
        if key.column.table in owned
    }


@cache
def _owned_models() -> dict[Table, Any]:
    return {
        mapper.local_table: mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, OrganisationOwned) and isinstance(mapper.local_table, Table)
    }


@cache
def _owned_keys() -> frozenset[str | None]:
    return frozenset(table.key for table in _owned_models())


@event.listens_for(Mapper, "after_mapper_constructed")
def _look_again(_mapper: Any, _model: Any) -> None:
    """Forget what is known about the models when one more is loaded."""
    _owned_models.cache_clear()
    _owned_keys.cache_clear()
    _references.cache_clear()


def _changed(row: Any) -> dict[str, Any]:
    """Return the values of a row that are not in the database yet."""
    state: Any = inspect(row)
    return (
        dict(state.dict)
        if state.transient or state.pending
        else {name: state.dict[name] for name in state.committed_state if name in state.dict}
    )
