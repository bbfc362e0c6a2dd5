"""The life line of a measure in words: what was found, chosen, advised, done and measured."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from baken.actionplan.indicators.types import Verdict
from baken.actionplan.measures.lifeline import Step, StepKind, StepState
from baken.actionplan.measures.models import Measure
from baken.analysis.releases.queries import get_release
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web import numerals
from baken.web.pages.campaign_views import LifeStep
from baken.web.pages.measure_figures import AgreedFigure, amount
from baken.web.pages.plan_views import name_of_unit, scale_name, share_in_words
from baken.web.texts import Catalogue, catalogue, inside

STATES: Final[dict[StepState, Literal["past", "now", "ahead"]]] = {
    StepState.DONE: "past",
    StepState.NOW: "now",
    StepState.AHEAD: "ahead",
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """The stations of one measure, said in one language to one reader."""

    session: Session
    measure: Measure
    by: Actor
    today: date
    language: str

    @property
    def t(self) -> Catalogue:
        return catalogue(self.language)

    def step(self, step: Step) -> LifeStep:
        when = self.t("measures.now") if step.state == StepState.NOW else self._when(step)
        title = self.t(f"measures.life_{step.kind}")
        if step.kind == StepKind.ADVICE and "organ" in step.values:
            organ = self.t(f"consultations.organ_{step.values['organ']}")
            title = self.t(f"measures.life_asked_{step.values['kind']}", organ=organ)
        return LifeStep(when, title, self._text(step), STATES[step.state])

    def _when(self, step: Step) -> str:
        if step.on is None:
            return self.t("measures.later")
        if step.state == StepState.AHEAD:
            return self.t(f"measures.when_{step.kind}", day=step.on)
        return numerals.day(step.on, self.language)

    def _text(self, step: Step) -> str:
        makers = {
            StepKind.FINDING: self._finding,
            StepKind.CHOICE: self._choice,
            StepKind.ADVICE: self._advice,
            StepKind.DOING: self._doing,
            StepKind.MEASUREMENT: self._measurement,
        }
        return makers[step.kind](dict(step.values))

    def _finding(self, values: dict[str, Any]) -> str:
        unit = name_of_unit(self.session, values["unit_key"], self.language)
        if values["release_id"] is None:
            return self.t("findings.life_text", unit=unit, statement=values["statement"])
        release = get_release(self.session, values["release_id"], by=self.by)
        scale = scale_name(self.session, release, values["scale"], self.language)
        share = share_in_words(values["figures"], self.language) if values["figures"] else ""
        said = {"unit": unit, "scale": scale, "statement": values["statement"]}
        return self.t("measures.life_finding_text", **said) + (f" {share}" if share else "")

    def _inside(self, key: str) -> str:
        return inside(self.t(key), self.language)

    def _choice(self, values: dict[str, Any]) -> str:
        if values["strategy"]:
            how = self._inside(f"board.strategy_{values['strategy']}")
        else:
            level = self._inside(f"measures.level_{values['level']}")
            scope = self._inside(f"measures.scope_{values['scope']}")
            how = f"{level}, {scope}"
        if values["decider"]:
            return self.t("measures.life_choice_by", decider=values["decider"], how=how)
        return self.t("measures.life_choice_text", how=how)

    def _advice(self, values: dict[str, Any]) -> str:
        if not values:
            return self.t("measures.life_advice_none")
        if values["outcome"] is None:
            return self.t(
                "measures.life_advice_waits", asked=values["asked_on"], due=values["due_on"]
            )
        outcome = self.t(f"consultations.outcome_{values['outcome']}")
        words = values["outcome_text"]
        return f"{outcome}. {words}" if words else f"{outcome}."

    def _doing(self, values: dict[str, Any]) -> str:
        status = self.t(f"measures.status_{values['status']}")
        period = self.t("measures.period", first=values["starts_on"], last=values["ends_on"])
        note = values["last_note"]
        return f"{status}, {period}." + (f" {note}" if note else "")

    def _measurement(self, values: dict[str, Any]) -> str:
        if values["indicator"] is None:
            return self.t("measures.life_hidden")
        figure = AgreedFigure(self.session, self.measure, self.by, self.today, self.language)
        agreement = figure.agreement()
        reading, judgement = values["reading"], values["judgement"]
        if judgement is not None and judgement.verdict is Verdict.HIDDEN:
            return f"{agreement} {self.t('indicators.hidden')}"
        if reading is None or judgement.verdict is Verdict.BEFORE:
            return agreement
        last = amount(reading.value, values["indicator"], self.language)
        return f"{agreement} {self.t('measures.life_last', value=last)}"
