"""The measures of the demonstration and what happened to them up to today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.findings.queries import get_finding
from baken.actionplan.indicators.followed import list_followed, series_contract
from baken.actionplan.indicators.types import Better, Figure, Indicator, OwnFigure
from baken.actionplan.measures.actions import add_measure, note_progress
from baken.actionplan.measures.contracts import scale_contract
from baken.actionplan.measures.queries import get_measure
from baken.actionplan.measures.rules import MeasureFields, MeasureStatus
from baken.actionplan.plans.queries import get_frame
from baken.actionplan.prevention import Domain, PreventionLevel, Scope
from baken.actionplan.priorities.queries import list_priorities
from baken.organisation.permissions import Role
from baken.storage.session import Session
from baken.web.demo.days import Days, morning
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story

_TEXTS = (
    "title",
    "method",
    "who_does_what",
    "means_organisational",
    "means_material",
    "means_financial",
    "initiator",
    "responsible_name",
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """The five-year plan, and what its years can build on, by the keys of the story."""

    global_plan_id: UUID
    findings: Mapping[str, UUID]
    objectives: Mapping[str, UUID]


@dataclass(slots=True)
class Measures:
    """The measures of one year: added and chosen in its draft, followed once it is adopted."""

    house: House
    days: Days
    agreed: Agreed
    plan_id: UUID
    added: list[tuple[UUID, Mapping[str, Any]]] = field(default_factory=list)

    def add(self, session: Session, year: str) -> None:
        """Add what the story plans for this year."""
        frame = get_frame(session, self.plan_id)
        by = self.house.people[Role.PREVENTION_ADVISER]
        for told in read_story("plans")["measures"]:
            if told["year"] == year:
                fields = self._fields(session, told)
                measure = add_measure(session, fields, within=frame, by=by)
                self.added.append((measure.id, told))

    def follow(self, session: Session, *, after: date = date.min, until: date) -> None:
        """Note what has happened in a period; what lies ahead of today has not."""
        for measure_id, told in self.added:
            for event in told["events"]:
                if after < self.days.of(event["on"]) <= min(until, self.days.today):
                    self._note(session, measure_id, event)

    def _note(self, session: Session, measure_id: UUID, event: Mapping[str, Any]) -> None:
        on = self.days.of(event["on"])
        note_progress(
            session,
            measure_id,
            event["text"],
            status=MeasureStatus(event["status"]) if "status" in event else None,
            value=event.get("value"),
            within=get_frame(session, self.plan_id),
            seen=get_measure(session, measure_id).version,
            by=self.house.people[Role(event["by"])],
            today=on,
            now=morning(on),
        )
        session.flush()

    def _fields(self, session: Session, told: Mapping[str, Any]) -> MeasureFields:
        people, units, of = self.house.people, self.house.units, self.days.of
        responsible = people[Role(told["responsible"])] if "responsible" in told else None
        return MeasureFields(
            objective_id=self.agreed.objectives[told["objective"]],
            finding_id=self.agreed.findings[told["finding"]],
            priority_id=_priority(session, told["priority"]) if "priority" in told else None,
            unit_id=units[told["unit"]] if "unit" in told else None,
            responsible_id=responsible.person_id if responsible else None,
            decider_id=people[Role(told["decider"])].person_id,
            prevention_level=PreventionLevel(told["level"]),
            scope=Scope(told["scope"]),
            domains=tuple(Domain(domain) for domain in told["domains"]),
            starts_on=of(told["starts"]),
            ends_on=of(told["ends"]),
            is_reported=told.get("reported", False),
            indicator=self._indicator(session, told),
            **{name: told.get(name, "") for name in _TEXTS},
        )

    def _indicator(self, session: Session, told: Mapping[str, Any]) -> Indicator:
        agreement = told["indicator"]
        by_on = self.days.of(agreement["by"])
        if "series" in agreement:
            found = next(one for one in list_followed(session) if one.name == agreement["series"])
            return series_contract(
                session,
                found.series,
                found.unit_key,
                name=found.name,
                start_on=self.days.of(agreement["start"]),
                better=Better(agreement["better"]),
                target=agreement["target"],
                by_on=by_on,
            )
        if "fall" not in agreement:
            return OwnFigure(
                name=agreement["name"],
                unit=agreement["unit"],
                better=Better(agreement["better"]),
                start=agreement["start"],
                target=agreement["target"],
                by_on=by_on,
            )
        finding = get_finding(session, self.agreed.findings[told["finding"]])
        start = 100 * finding.figures["share_at_risk"]
        return scale_contract(
            finding,
            figure=Figure.SHARE_AT_RISK,
            better=Better.LOWER,
            target=float(round(start - agreement["fall"])),
            by_on=by_on,
        )


def _priority(session: Session, key: str) -> UUID:
    """The priority of the story with this key; it was chosen, with a note on its cause."""
    told = next(one for one in read_story("weighing")["priorities"] if one["key"] == key)
    return next(one.id for one in list_priorities(session) if one.title == told["title"])
