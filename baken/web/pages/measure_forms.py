"""The form of a measure: what is done, by whom, when, and what is agreed."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from baken.actionplan.findings.queries import list_findings
from baken.actionplan.indicators.types import (
    Better,
    Figure,
)
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.people import list_deciders
from baken.actionplan.measures.prevention_units import read_tariff
from baken.actionplan.measures.rules import MeasureFields
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_global_plan,
    list_chosen_objectives,
)
from baken.actionplan.plans.variants import Strategy, Variant, read_variants, variant_of
from baken.actionplan.prevention import Domain, PreventionLevel, Scope
from baken.actionplan.priorities.queries import list_priorities
from baken.actionplan.priorities.rules import PriorityState
from baken.actionplan.wording import shortened
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.fields import HintSays, Refused, WholeField, option
from baken.web.pages.measure_agreed import OWN, SERIES, chosen_figure, figure_values
from baken.web.pages.measure_series import series_choices
from baken.web.pages.plan_forms import PlanForm, as_id, day, figure, line, text
from baken.web.pages.plan_views import unit_choices, unit_names
from baken.web.texts import Catalogue, catalogue

MOST_SHOWN: Final = 110
NAME_LENGTH: Final = 200
PLAIN: Final = (
    "title", "method", "who_does_what", "means_organisational", "means_material",
    "means_financial", "initiator", "responsible_name", "decider_name", "is_reported",
    "starts_on", "ends_on", "prevention_level", "scope", "budget", "strategy", "topic",
    "changes_work",
)  # fmt: skip
IDS: Final = (
    "objective_id", "finding_id", "unit_id", "responsible_id", "decider_id", "priority_id",
)  # fmt: skip


class MeasureForm(PlanForm):
    """A measure, from what is done to the figure that tells whether it helped."""

    objective_id = SelectField("measures.objective", [InputRequired()])
    title = line("measures.name", length=NAME_LENGTH, hint="measures.name_hint")
    method = text("measures.method", hint="measures.method_hint")
    unit_id = SelectField("measures.unit", default="")
    finding_id = SelectField(
        "measures.finding", [HintSays()], description="measures.finding_hint", default=""
    )
    responsible_id = SelectField("measures.responsible", default="")
    responsible_name = line(
        "measures.responsible_name",
        length=NAME_LENGTH,
        required=False,
        hint="measures.name_free",
        more=(HintSays(),),
    )
    decider_id = SelectField("measures.decider", default="")
    decider_name = line(
        "measures.decider_name",
        length=NAME_LENGTH,
        required=False,
        hint="measures.name_free",
        more=(HintSays(),),
    )
    who_does_what = text("measures.who_does_what", rows=3)
    means_organisational = text("plans.means_organisational", rows=2)
    means_material = text("plans.means_material", rows=2)
    means_financial = text("plans.means_financial", rows=2)
    budget = WholeField(
        "board.budget", [Optional()], description="board.budget_hint",
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    hours_psychosocial = figure("board.hours_psychosocial", hint="board.hours_hint")
    hours_safety = figure("board.hours_safety")
    hours_ergonomics = figure("board.hours_ergonomics")
    hours_hygiene = figure("board.hours_hygiene")
    hours_physician = figure("board.hours_physician")
    hours_assistant = figure("board.hours_assistant")
    priority_id = SelectField("board.priority", description="board.priority_hint", default="")
    strategy = SelectField("board.strategy", [Optional()], default="")
    topic = SelectField("board.topic", [Optional()], default="")
    changes_work = BooleanField("board.changes_work", description="board.changes_work_hint")
    prevention_level = RadioField(
        "measures.level",
        [InputRequired()],
        choices=[option(each.value, f"measures.level_{each}_what") for each in PreventionLevel],
    )
    scope = RadioField(
        "measures.scope",
        [InputRequired()],
        choices=[option(each.value, f"measures.scope_{each}_what") for each in Scope],
    )
    by_strategy = False
    domains = SelectMultipleField(
        "measures.domains",
        [InputRequired()],
        choices=[option(each.value, f"measures.domain_{each}") for each in Domain],
    )
    starts_on = day("measures.starts_on")
    ends_on = day("measures.ends_on")
    follow = RadioField(
        "indicators.follow",
        [InputRequired()],
        choices=[
            option(Figure.SHARE_AT_RISK.value, "indicators.follow_share"),
            option(Figure.MEAN.value, "indicators.follow_mean"),
            option(SERIES, "indicators.follow_series"),
            option(OWN, "indicators.follow_own"),
        ],
        description="indicators.follow_hint",
    )
    own_name = line("indicators.own_name", length=NAME_LENGTH, required=False,
                    hint="indicators.own_name_hint")  # fmt: skip
    own_unit = line("indicators.own_unit", length=60, required=False,
                    hint="indicators.own_unit_hint")  # fmt: skip
    series = SelectField("indicators.series", description="indicators.series_hint", default="")
    start = figure("indicators.start", hint="indicators.start_hint")
    target = figure("indicators.target", hint="indicators.target_hint", required=True)
    better = RadioField(
        "indicators.better",
        [InputRequired()],
        choices=[option(each.value, f"indicators.better_{each}") for each in Better],
        default=Better.LOWER,
    )
    by_on = day("indicators.by_on", hint="indicators.by_hint")
    is_reported = BooleanField("measures.is_reported", description="measures.is_reported_hint")
    initiator = line("measures.initiator", length=NAME_LENGTH, required=False)

    @classmethod
    def of(cls, measure: Measure, language: str) -> Self:
        values: dict[str, Any] = {name: getattr(measure, name) for name in PLAIN}
        values |= {name: str(getattr(measure, name) or "") for name in IDS}
        for who in ("responsible", "decider"):
            if values[f"{who}_id"]:
                values[f"{who}_name"] = ""
        values |= {"domains": measure.domains, "version": measure.version}
        values |= {f"hours_{name}": n for name, n in measure.prevention_hours.items()}
        return cls.blank(language, values | figure_values(measure.indicator))

    def offer(
        self,
        session: Session,
        annual_plan_id: UUID,
        *,
        today: date,
        measure: Measure | None = None,
    ) -> Self:
        """Fill in what can be chosen, and what the measure has already: no list takes it away."""
        texts = catalogue(self.language)
        objectives = list_chosen_objectives(session, annual_plan_id)
        self.objective_id.choices = [
            option(str(row.id), short(f"{row.rank}. {row.statement}")) for row in objectives
        ]
        units = unit_choices(session, texts("findings.whole"), today=today)
        own = measure.unit_id if measure else None
        if own is not None and all(one.value != str(own) for one in units):
            units = [*units, option(str(own), unit_names(session)[own])]
        self.unit_id.choices = units
        self.finding_id.choices = [
            option("", texts("measures.no_finding")),
            *(option(str(row.id), short(row.statement)) for row in list_findings(session)),
        ]
        people = [
            option("", texts("measures.somebody")),
            *(option(str(i), n) for i, n in list_names(session)),
        ]
        self.responsible_id.choices = people
        had_id = measure.decider_id if measure else None
        may_decide = {str(one) for one in list_deciders(session, on=today)} | {"", str(had_id)}
        self.decider_id.choices = [one for one in people if one.value in may_decide]
        self.priority_id.choices = [
            option("", texts("board.no_priority")),
            *(
                option(str(row.id), short(row.title))
                for row in list_priorities(session)
                if row.state == PriorityState.CHOSEN
                or (measure is not None and row.id == measure.priority_id)
            ),
        ]
        agreed = measure.indicator if measure else None
        self.series.choices = series_choices(session, agreed, self.language)
        # The plan stays under the rules it was drafted under, whatever the house chose since.
        whole = get_annual_plan(session, annual_plan_id).global_plan_id
        known = read_variants()[variant_of(get_global_plan(session, whole).kind)]
        strategies = known.strategies
        self.by_strategy = bool(strategies)
        if self.by_strategy:  # level and scope follow from it
            self.prevention_level.validators = self.scope.validators = [Optional()]
            self.strategy.validators = [InputRequired()]
            self.strategy.flags.required = True
        had = (measure.strategy, measure.topic) if measure else ("", "")
        self.strategy.choices = _named(texts, "strategy", strategies, had[0])
        self.topic.choices = _named(texts, "topic", known.topics, had[1])
        return self

    def validate_series(self, field: Any) -> None:
        """Whoever follows a series says which one."""
        if self.follow.data == SERIES and not field.data:
            raise Refused("indicators.series_missing")

    def validate_start(self, field: Any) -> None:
        """An own figure says where it starts; a scale starts from its finding."""
        if self.follow.data == OWN and field.data is None:
            raise Refused("indicators.number_missing")

    def fields(self, session: Session, *, by: Actor) -> MeasureFields:
        ids: dict[str, Any] = {
            name: as_id(self[name].data) for name in IDS if name != "objective_id"
        }
        plain = {name: self[name].data for name in PLAIN}
        plain |= {
            "strategy": self.strategy.data or "",
            "topic": self.topic.data or "",
            **self._grip(),
        }
        return MeasureFields(
            objective_id=UUID(self.objective_id.data),
            **ids,
            **plain,
            domains=tuple(Domain(each) for each in self.domains.data or ()),
            prevention_hours={
                name: n for name in read_tariff().weights if (n := self[f"hours_{name}"].data)
            },
            indicator=chosen_figure(self, session, by),
        )

    def _grip(self) -> dict[str, Any]:
        """Level and scope: chosen, or what the place in the order of measures means."""
        if self.by_strategy:
            grip = read_variants()[Variant.DUTCH].grips[Strategy(self.strategy.data)]
            return {"prevention_level": grip.level, "scope": grip.scope}
        return {
            "prevention_level": PreventionLevel(self.prevention_level.data),
            "scope": Scope(self.scope.data),
        }


def _named(texts: Catalogue, kind: str, values: Iterable[str], had: str) -> list[Any]:
    """What can be chosen under the rules of the organisation; nothing at all under most."""
    offered = dict.fromkeys([*map(str, values), *([had] if had else [])])
    named = [option(one, texts(f"board.{kind}_{one}")) for one in offered]
    return [option("", texts("board.none_chosen")), *named]


def short(sentence: str) -> str:
    """A sentence for a list to choose from."""
    return shortened(sentence, MOST_SHOWN)
