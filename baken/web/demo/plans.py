"""The five-year plan of the demonstration and the plans of two years, with their advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.consultations.rules import (
    Advice,
    ConsultationKind,
    Organ,
    Outcome,
    Question,
)
from baken.actionplan.plans import consultations
from baken.actionplan.plans.actions import (
    add_objective,
    adopt_global_plan,
    draft_global_plan,
    link_analysis,
)
from baken.actionplan.plans.annual_actions import (
    adopt_annual_plan,
    draft_annual_plan,
    edit_annual_plan,
)
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.queries import subject_of_plan
from baken.actionplan.plans.rules import (
    Activity,
    AnnualPlanFields,
    GlobalPlanFields,
    ObjectiveFields,
    RoleRow,
)
from baken.organisation.permissions import Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days
from baken.web.demo.findings import Known
from baken.web.demo.following import EarlierYear, Following
from baken.web.demo.measures import Agreed, Measures
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story

_YEAR_TEXTS = (
    "means_and_methods",
    "changed_circumstances",
    "accidents",
    "annual_report",
    "committee_advice",
)


@dataclass(frozen=True, slots=True)
class Planning:
    """Drafts the plans of the demonstration and has the committee advise on them."""

    database: Database
    house: House
    days: Days

    def draft(self, known: Known) -> Agreed:
        """Draft the five-year plan with its objectives; ask, adopt."""
        told = read_story("plans")
        by = self.house.people[Role.PREVENTION_ADVISER]
        with self.database.session(self.house.id) as session:
            plan = draft_global_plan(session, self._global_fields(), by=by)
            link_analysis(session, plan.id, known.analysis_id, by=by)
            objectives = self._add_objectives(session, plan, known)
            self._consult(session, plan, told["global_plan"])
            adopt_global_plan(
                session,
                plan.id,
                seen=plan.version,
                by=self.house.people[Role.STEERING_MEMBER],
                today=self.days.of(told["global_plan"]["adopted"]),
            )
            return Agreed(plan.id, known.findings, objectives)

    def _add_objectives(self, session: Session, plan: GlobalPlan, known: Known) -> dict[str, UUID]:
        by = self.house.people[Role.PREVENTION_ADVISER]
        added = {}
        for told in read_story("plans")["objectives"]:
            targets = {plan.from_on.year + n: text for n, text in enumerate(told["targets"])}
            fields = ObjectiveFields(statement=told["statement"], targets=targets)
            finding_ids = [known.findings[key] for key in told["findings"]]
            objective = add_objective(session, plan.id, fields, finding_ids=finding_ids, by=by)
            added[told["key"]] = objective.id
        return added

    def plan_year(self, agreed: Agreed, year: str, earlier: EarlierYear | None = None) -> None:
        """Draft the plan of a year with its measures and go on as far as the story tells.

        One measure of the `earlier` year goes on in it.
        """
        told = read_story("plans")["years"][year]
        asked_on = self.days.of(told["asked"])
        with self.database.session(self.house.id) as session:
            plan = self._draft_year(session, agreed, told)
            measures = Measures(self.house, self.days, agreed, plan.id)
            measures.add(session, year)
            if earlier is not None:
                following = Following(self.database, self.house, self.days)
                following.carry_on(session, earlier, plan.id, agreed.objectives["aggression"])
            measures.follow(session, until=asked_on)
            self._consult(session, plan, told)
            if "adopted" in told:
                adopt_annual_plan(
                    session,
                    plan.id,
                    seen=plan.version,
                    by=self.house.people[Role.STEERING_MEMBER],
                    today=self.days.of(told["adopted"]),
                )
            measures.follow(session, after=asked_on, until=self.days.today)

    def _draft_year(self, session: Session, agreed: Agreed, told: Mapping[str, Any]) -> AnnualPlan:
        by = self.house.people[Role.PREVENTION_ADVISER]
        objective_ids = [agreed.objectives[key] for key in told["objectives"]]
        plan = draft_annual_plan(
            session,
            agreed.global_plan_id,
            starts_on=self.days.of(told["starts"]),
            objective_ids=objective_ids,
            by=by,
        )
        fields = AnnualPlanFields(
            roles=_roles(told["roles"]), **{name: told.get(name, "") for name in _YEAR_TEXTS}
        )
        return edit_annual_plan(
            session, plan.id, fields, objective_ids=objective_ids, seen=plan.version, by=by
        )

    def _consult(
        self, session: Session, plan: GlobalPlan | AnnualPlan, told: Mapping[str, Any]
    ) -> None:
        """Ask the committee, and record its advice and the reply, as far as that is past."""
        of, people = self.days.of, self.house.people
        asked_on = of(told["asked"])
        if asked_on > self.days.today:
            return
        question = Question(
            organ=Organ.CPBW,
            kind=ConsultationKind.ADVICE,
            asked_on=asked_on,
            due_on=of(told["due"]),
            text_sent=told["text_sent"],
        )
        by = people[Role.PREVENTION_ADVISER]
        subject = subject_of_plan(plan)
        asked = consultations.ask(session, subject, question, by=by, today=asked_on)
        if "advised" not in told:
            return
        advised_on = of(told["advised"])
        advice = Advice(
            outcome=Outcome(told["outcome"]),
            advised_on=advised_on,
            outcome_text=told["outcome_text"],
        )
        consultations.record_advice(
            session,
            asked.id,
            advice,
            seen=asked.version,
            by=people[Role.CPBW_MEMBER],
            today=advised_on,
        )
        if "reply" in told:
            self._reply(session, asked.id, asked.version, told["reply"], of(told["replied"]))

    def _reply(
        self, session: Session, consultation_id: UUID, seen: int, reply: str, on: date
    ) -> None:
        by = self.house.people[Role.STEERING_MEMBER]
        consultations.record_reply(
            session, consultation_id, reply, replied_on=on, seen=seen, by=by, today=on
        )

    def _global_fields(self) -> GlobalPlanFields:
        told, of = read_story("plans")["global_plan"], self.days.of
        from_on = of("Y-01-01")
        return GlobalPlanFields(
            title=f"{told['title']} {from_on.year}-{from_on.year + 4}",
            from_on=from_on,
            intended_measures=tuple(told["intended_measures"]),
            activities=tuple(
                Activity(
                    what=row["what"],
                    owner=row["owner"],
                    from_on=of(row["from"]),
                    until_on=of(row["until"]),
                )
                for row in told["activities"]
            ),
            means_organisational=told["means_organisational"],
            means_material=told["means_material"],
            means_financial=told["means_financial"],
            roles=_roles(told["roles"]),
            adaptation=told["adaptation"],
            criteria=tuple(told["criteria"]),
        )


def _roles(rows: list[dict[str, str]]) -> tuple[RoleRow, ...]:
    return tuple(RoleRow(**row) for row in rows)
