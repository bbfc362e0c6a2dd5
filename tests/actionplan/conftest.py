"""An organisation with units and released results, and a plan to work in."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from baken.actionplan.consultations.rules import (
    Advice,
    ConsultationKind,
    Organ,
    Outcome,
    Question,
)
from baken.actionplan.findings.actions import record_finding
from baken.actionplan.findings.factors import Factor
from baken.actionplan.findings.rules import FindingFields
from baken.actionplan.indicators.types import Better, OwnFigure
from baken.actionplan.measures.rules import MeasureFields
from baken.actionplan.plans import actions, annual_actions, consultations
from baken.actionplan.plans.queries import get_annual_plan, get_global_plan, subject_of_plan
from baken.actionplan.plans.rules import GlobalPlanFields, ObjectiveFields
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.organisation.models import Unit
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.session import Database, Session
from tests.released import add_released


def a_cell(**changes: Any) -> dict[str, Any]:
    cell = {
        "n": 22,
        "mean": 61.5,
        "sd": 14.0,
        "low": 56.0,
        "high": 67.0,
        "rwg": 0.7,
        "share_at_risk": 0.52,
        "share_low": 0.41,
        "share_high": 0.6,
        "diff_rest": 9.25,
        "g": 0.6,
        "g_low": 0.2,
        "g_high": 1.0,
        "q_welch": 0.012,
        "light": "red",
    }
    return cell | changes


@dataclass(frozen=True)
class House:
    """Where the tests happen."""

    database: Database
    organisation_id: UUID
    people: dict[Role, Actor]
    care: UUID
    night: UUID
    kitchen: UUID
    head: Actor
    release_id: UUID
    global_plan_id: UUID
    annual_plan_id: UUID
    objective_id: UUID
    finding_id: UUID

    @property
    def adviser(self) -> Actor:
        return self.people[Role.PREVENTION_ADVISER]

    def session(self) -> Any:
        return self.database.session(self.organisation_id)

    def question(self, **changes: Any) -> Question:
        return a_question(**changes)

    def finding(self, **changes: Any) -> FindingFields:
        return a_finding(**changes)

    def add_release(self, session: Session, *, on: date, **changes: Any) -> UUID:
        """A later campaign in which the cell of the finding reads otherwise."""
        results = some_results(night=self.night, kitchen=self.kitchen, **changes)
        return add_release(session, results, on=on)

    def measure(self, **changes: Any) -> MeasureFields:
        values: dict[str, Any] = {
            "objective_id": self.objective_id,
            "unit_id": self.night,
            "title": "Roosters zes weken vooraf",
            "method": "Wissels alleen met akkoord.",
            "responsible_name": "Hoofd planning",
            "decider_name": "Directie zorg",
            "prevention_level": PreventionLevel.PRIMARY,
            "scope": Scope.COLLECTIVE,
            "starts_on": date(2026, 4, 1),
            "ends_on": date(2026, 12, 31),
            "indicator": OwnFigure(
                name="Late wissels",
                unit="per maand",
                better=Better.LOWER,
                start=40,
                target=10,
                by_on=date(2026, 12, 31),
            ),
        }
        return MeasureFields(**(values | changes))

    def adopt(self, session: Session) -> None:
        """Get advice on both plans and adopt them, on the day of the tests."""
        today = date(2026, 3, 2)
        for plan in (
            get_global_plan(session, self.global_plan_id),
            get_annual_plan(session, self.annual_plan_id),
        ):
            asked = consultations.ask(
                session, subject_of_plan(plan), a_question(), by=self.adviser, today=today
            )
            consultations.record_advice(
                session,
                asked.id,
                Advice(outcome=Outcome.FAVOURABLE, advised_on=today),
                seen=asked.version,
                by=self.adviser,
                today=today,
            )
        actions.adopt_global_plan(
            session,
            self.global_plan_id,
            seen=get_global_plan(session, self.global_plan_id).version,
            by=self.adviser,
            today=today,
        )
        annual_actions.adopt_annual_plan(
            session,
            self.annual_plan_id,
            seen=get_annual_plan(session, self.annual_plan_id).version,
            by=self.adviser,
            today=today,
        )


def a_question(**changes: Any) -> Question:
    values: dict[str, Any] = {
        "organ": Organ.CPBW,
        "kind": ConsultationKind.ADVICE,
        "asked_on": date(2026, 2, 2),
        "due_on": date(2026, 3, 31),
        "text_sent": "Ontwerp van het plan.",
    }
    return Question(**(values | changes))


def a_finding(**changes: Any) -> FindingFields:
    values: dict[str, Any] = {
        "factor": Factor.A3,
        "statement": "In de nachtploeg wegen de roosters.",
        "employer_has_impact": True,
        "impact_motivation": "De werkgever maakt de roosters.",
        "objective_danger": True,
        "danger_motivation": "De helft van de ploeg zit in de gevarenzone.",
    }
    return FindingFields(**(values | changes))


def add_release(session: Session, results: dict[str, Any], *, on: date) -> UUID:
    """A campaign with frozen results; how they were counted is no matter of the plan."""
    return add_released(session, results, on=on, title=f"Bevraging {on.year}")


def some_results(*, night: UUID, kitchen: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "instrument": {"key": "vijf-a", "version": "1"},
        "n": 300,
        "scales": {"rosters": a_cell(n=300, mean=50.0, diff_rest=None)},
        "units": {
            str(night): {
                "n": 22,
                "headcount": 30,
                "scales": {"rosters": a_cell(**changes), "support": None},
                "withheld": {"scales": {"support": "privacy"}},
            },
            str(kitchen): {
                "n": None,
                "headcount": None,
                "scales": {"rosters": None},
                "withheld": {"unit": "merged", "counted_in": str(night)},
            },
        },
    }


def _unit(session: Session, number: str, name: str, parent_id: UUID | None) -> UUID:
    unit = Unit(
        number=number,
        name=name,
        kind="team",
        parent_id=parent_id,
        from_on=date(2020, 1, 1),
    )
    session.add(unit)
    session.flush()
    return unit.id


@pytest.fixture
def house(database: Database, organisation: Any) -> House:
    """Three units, one release, a plan of five years and one of 2026, both drafts."""
    return _build(database, organisation)


def _build(database: Database, client: Any) -> House:
    by = client.people[Role.PREVENTION_ADVISER]
    with database.session(client.id) as session:
        care = _unit(session, "1", "Zorg", None)
        night = _unit(session, "1.1", "Nachtploeg", care)
        kitchen = _unit(session, "2", "Keuken", None)
        release_id = add_release(
            session, some_results(night=night, kitchen=kitchen), on=date(2026, 1, 20)
        )
        finding = record_finding(
            session,
            release_id,
            unit_key=str(night),
            scale="rosters",
            fields=a_finding(),
            by=by,
            today=date(2026, 2, 1),
        )
        plan = actions.draft_global_plan(
            session, GlobalPlanFields(title="GPP 2026-2030", from_on=date(2026, 1, 1)), by=by
        )
        objective = actions.add_objective(
            session,
            plan.id,
            ObjectiveFields(statement="Voorspelbare roosters"),
            finding_ids=[finding.id],
            by=by,
        )
        year = annual_actions.draft_annual_plan(
            session, plan.id, starts_on=date(2026, 1, 1), objective_ids=[objective.id], by=by
        )
    head = client.people[Role.UNIT_HEAD]
    return House(
        database=database,
        organisation_id=client.id,
        people=client.people,
        care=care,
        night=night,
        kitchen=kitchen,
        head=Actor(head.person_id, client.id, head.name, frozenset({Grant(Role.UNIT_HEAD, care)})),
        release_id=release_id,
        global_plan_id=plan.id,
        annual_plan_id=year.id,
        objective_id=objective.id,
        finding_id=finding.id,
    )
