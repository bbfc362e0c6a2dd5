"""References as an organisation keeps them, and what published results say beside them."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from baken.analysis.benchmarks.comparing import compare, list_comparisons
from baken.analysis.benchmarks.sums import ScaleSums
from baken.analysis.errors import NoSuchReference, ReferenceRetired, UnusableReference
from baken.analysis.methods.benchmarks import Reference, against_reference
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.pooling import pooled
from baken.analysis.references.actions import (
    Described,
    check_own,
    enter_references,
    retire_reference,
    take_along,
)
from baken.analysis.references.models import ReferenceSet
from baken.analysis.references.pools import OrganisationFigures
from baken.analysis.references.queries import fitting, get_reference_set, list_reference_sets
from baken.analysis.references.reference import ScaleReference
from baken.analysis.references.rows import read_row, same_format
from baken.analysis.releases.models import Release
from baken.instruments.library import load_instrument
from baken.organisation.errors import Denied
from baken.organisation.permissions import Role
from baken.storage.base import EditedMeanwhile
from baken.storage.guard import NotThere
from baken.storage.session import Database
from tests.conftest import TODAY, Client, make_client
from tests.released import add_released
from tests.storage.portable import bring, export

INSTRUMENT = load_instrument("vijf-a", "1")
PEOPLE = Described("België", "zorg", is_other_country=False, is_other_sector=True)
WORKLOAD = ScaleReference("workload", Reference(45.5, 20.0, 900), "Panel", 2024, "all", "1-5")
EXHAUSTION = replace(WORKLOAD, scale="exhaustion", figures=Reference(30.0, 21.0, None))


def enter(database: Database, client: Client, *references: ScaleReference, **more) -> ReferenceSet:
    with database.session(client.id) as session:
        by = client.adviser
        return enter_references(
            session, INSTRUMENT, references, PEOPLE, by=by, today=TODAY, **more
        )[0]


def test_a_set_is_kept_corrected_retired_and_seen_by_nobody_else(
    database: Database, organisation: Client
) -> None:
    other = make_client(database, "Buren (fictief)")
    first = enter(database, organisation, WORKLOAD, EXHAUSTION)
    with pytest.raises(UnusableReference, match=r"workload of Panel \(2024\), all, stands"):
        enter(database, organisation, WORKLOAD)
    better = replace(WORKLOAD, figures=Reference(46.0, 20.0, 900))
    second = enter(database, organisation, better, replaces_id=first.id)
    with pytest.raises(ReferenceRetired):
        enter(database, organisation, replace(better, year=2020), replaces_id=first.id)
    with pytest.raises(NoSuchReference):  # a row of somebody else is a row of nobody
        enter(database, other, WORKLOAD, replaces_id=first.id)
    with database.read(organisation.id) as session:
        rows = list_reference_sets(session, by=organisation.administrator)
        assert [(row.id, row.is_retired) for row in rows] == [(second.id, False), (first.id, True)]
        assert rows[1].figures["exhaustion"]["n"] is None
        (found,) = fitting(rows[0], INSTRUMENT)
        assert found.figures == better.figures
        assert fitting(rows[0], load_instrument("vijf-a", "2")) != []  # kept its meaning
        assert fitting(rows[0], load_instrument("puls", "1")) == []
    with database.read(other.id) as session:
        assert list_reference_sets(session, by=other.adviser) == []
        with pytest.raises(NoSuchReference):
            get_reference_set(session, first.id, by=other.adviser)
    copied = Described("België", "", is_other_country=False, is_other_sector=False)
    with database.session(other.id) as session:
        copy = take_along(session, second, copied, by=other.adviser, today=TODAY)
        assert (copy.figures, copy.replaces_id) == (second.figures, None)
    with pytest.raises(NoSuchReference):
        check_own(second, by=organisation.prevention_adviser)
    with pytest.raises(EditedMeanwhile), database.session(organisation.id) as session:
        retire_reference(session, second.id, version=9, by=organisation.adviser, today=TODAY)
    with pytest.raises(Denied), database.session(organisation.id) as session:
        by = organisation.people[Role.MAIN_CONTACT]
        retire_reference(session, second.id, version=1, by=by, today=TODAY)
    with pytest.raises(NotThere), database.session(other.id) as session:
        session.add(ReferenceSet(**{**_values(copy), "id": None, "replaces_id": second.id}))


def _values(row: ReferenceSet) -> dict:
    return {name: getattr(row, name) for name in ReferenceSet.__table__.columns.keys()}  # noqa: SIM118


def test_references_leave_with_the_organisation(
    sqlite: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    client = make_client(sqlite)
    first = enter(sqlite, client, WORKLOAD)
    enter(sqlite, client, replace(WORKLOAD, year=2025), replaces_id=first.id)
    content, manifest = export(sqlite, client.id)
    assert manifest.members["reference_set"].rows == 2
    assert "pool_member" not in manifest.members
    elsewhere = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'elsewhere.sqlite')}")
    bring(elsewhere, content)
    with elsewhere.read(client.id) as session:
        rows = session.scalars(select(ReferenceSet)).all()
        assert {row.replaces_id for row in rows} == {None, first.id}
    elsewhere.dispose()


def cell(n: int, mean: float | None, sd: float | None = 20.0) -> dict:
    return {"n": n, "mean": mean, "sd": None if mean is None else sd}


RESULTS = {
    "headcount": 100,
    "scales": {"workload": cell(80, 55.0), "exhaustion": cell(80, 40.0)},
    "units": {
        "a": {"headcount": 40, "scales": {"workload": cell(30, 70.0)}},
        "b": {"headcount": 40, "scales": {"workload": cell(0, None)}},
        "c": {"headcount": 20, "scales": {"workload": cell(20, 45.5, 0.0)}},
        "d": {"headcount": 20},
    },
}


def test_shown_cells_stand_beside_a_reference_and_hidden_ones_do_not() -> None:
    found = compare(RESULTS, [WORKLOAD, EXHAUSTION])
    assert set(found["workload"]) == {"ALL", "a", "c"}
    assert set(found["exhaustion"]) == {"ALL"}
    own = Moments(np.array([80]), np.array([55.0]), np.array([20.0]))
    plain = against_reference(own, WORKLOAD.figures)
    whole = found["workload"]["ALL"]
    assert whole.difference == 9.5
    assert (whole.low, whole.high) == (plain.interval.low[0], plain.interval.high[0])
    assert whole.q > plain.p[0]  # corrected for all comparisons with this reference
    own = replace(own, mean=np.array([40.0]))
    exact = against_reference(own, EXHAUSTION.figures)
    assert found["exhaustion"]["ALL"].low == exact.interval.low[0]
    assert compare(RESULTS, [replace(EXHAUSTION, scale="autonomy")]) == {"autonomy": {}}
    alone = compare({**RESULTS, "units": {"c": RESULTS["units"]["c"]}}, [EXHAUSTION])
    assert alone["exhaustion"]["ALL"].q == exact.p[0]


def test_a_release_is_compared_with_what_fits_and_stays_as_it_is(sqlite: Database) -> None:
    client = make_client(sqlite)
    enter(sqlite, client, WORKLOAD, EXHAUSTION)
    retired = enter(sqlite, client, replace(WORKLOAD, source="Old"))
    with sqlite.session(client.id) as session:
        retire_reference(session, retired.id, version=1, by=client.adviser, today=TODAY)
        release_id = add_released(session, RESULTS, on=TODAY)
    with sqlite.read(client.id) as session:
        release = session.get_one(Release, release_id)
        (one,) = list_comparisons(session, release, INSTRUMENT)
        assert (one.kind, one.source, set(one.cells)) == (
            "reference",
            "Panel",
            {"workload", "exhaustion"},
        )
        assert list_comparisons(session, release, load_instrument("puls", "1")) == []
        assert release.results == RESULTS


@given(
    st.lists(
        st.tuples(st.integers(2, 900), st.floats(0, 100), st.floats(0, 50)), min_size=3, max_size=9
    )
)
@settings(max_examples=40)
def test_sums_less_the_own_figures_are_the_others(organisations) -> None:
    n, mean, sd = map(np.array, zip(*organisations, strict=True))
    own = OrganisationFigures(*organisations[0])
    left = ScaleSums.of(Moments(n, mean, sd)).without(own).pooled()
    others = pooled(Moments(n[1:], mean[1:], sd[1:]))
    assert (left.organisations, left.n) == (others.organisations, others.n)
    assert left.mean == pytest.approx(others.mean, abs=1e-9)
    for name in ("sd", "within", "between"):
        # squares are taken away from squares: half of the digits are left
        assert getattr(left, name) == pytest.approx(getattr(others, name), abs=1e-4)


@pytest.mark.parametrize("said", ["1-5", "1 – 5", "1—5", " 1 − 5 "])
def test_a_range_is_read_whatever_dash_it_has(said) -> None:
    assert same_format(said) == "1-5"
    assert same_format(f"0-4 und {said}") == "0-4 and 1-5"
    told = {"scale": "workload", "mean": "40", "sd": "20", "n": "", "source": "S", "year": "2024"}
    row = read_row({**told, "population": "P", "format": said}, INSTRUMENT, this_year=2026)
    assert row.figures == Reference(40.0, 20.0, None)
