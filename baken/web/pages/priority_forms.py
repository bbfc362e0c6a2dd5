"""The forms of priorities: themes, weighing, causes, ideas and votes."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Self

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from baken.actionplan.findings.factors import Factor
from baken.actionplan.findings.queries import list_findings
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.priorities.library import LibraryIdea
from baken.actionplan.priorities.models import Cause, Idea, Priority, Theme
from baken.actionplan.priorities.queries import list_priorities, list_themes
from baken.actionplan.priorities.rules import (
    HIGHEST,
    LOWEST,
    CauseFields,
    CauseKind,
    IdeaFields,
    IdeaState,
    PriorityFields,
    PriorityKind,
    PriorityState,
    Smart,
)
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.ballot_forms import body_choices
from baken.web.pages.fields import HintSays, option
from baken.web.pages.plan_forms import PlanForm, as_id, as_ids, line, lines_of, text
from baken.web.texts import catalogue

# The five A's an idea can be about.
FIVE: Final = (Factor.A1, Factor.A2, Factor.A3, Factor.A4, Factor.A5)


def _findings(session: Session) -> list[Any]:
    return [option(str(row.id), row.statement) for row in list_findings(session)]


class ThemeForm(PlanForm):
    """A word under which findings belong together."""

    title = line("priorities.theme_name", length=200, hint="priorities.theme_hint")
    story = text("priorities.theme_story", rows=3)
    finding_ids = SelectMultipleField("priorities.findings")

    @classmethod
    def of(cls, theme: Theme, findings: Iterable[Any], language: str) -> Self:
        chosen = [str(one.id) for one in findings]
        values = {"title": theme.title, "story": theme.story, "version": theme.version}
        return cls.blank(language, {**values, "finding_ids": chosen})

    def offer(self, session: Session) -> Self:
        self.finding_ids.choices = _findings(session)
        return self

    @property
    def chosen(self) -> frozenset[Any]:
        return as_ids(self.finding_ids.data)


def _steps(label: str) -> list[Any]:
    none = option("0", "priorities.not_weighed")
    steps = range(LOWEST, HIGHEST + 1)
    return [none, *(option(str(step), f"priorities.{label}_{step}") for step in steps)]


class PriorityForm(PlanForm):
    """A priority or a challenge; a field for every question of the check is added below."""

    title = line("priorities.name", length=200, hint="priorities.name_hint")
    kind = RadioField(
        "priorities.kind",
        [InputRequired()],
        choices=[option(each.value, f"priorities.kind_{each}") for each in PriorityKind],
        default=PriorityKind.PRIORITY,
    )
    theme_id = SelectField("priorities.theme", default="")
    story = text("priorities.story", hint="priorities.story_hint", rows=3, more=(HintSays(),))
    finding_ids = SelectMultipleField("priorities.findings")
    urgency = SelectField("priorities.urgency", choices=_steps("urgency"), default="0")
    feasibility = SelectField("priorities.feasibility", choices=_steps("feasibility"), default="0")

    @classmethod
    def of(cls, priority: Priority, fields: PriorityFields, language: str) -> Self:
        values = {
            "title": fields.title,
            "kind": fields.kind,
            "theme_id": str(fields.theme_id or ""),
            "story": fields.story,
            "finding_ids": [str(one) for one in fields.finding_ids],
            "urgency": str(fields.urgency),
            "feasibility": str(fields.feasibility),
            "version": priority.version,
        }
        values |= {f"smart_{key}": answer for key, answer in fields.smart.items()}
        return cls.blank(language, values)

    def offer(self, session: Session) -> Self:
        none = option("", catalogue(self.language)("priorities.no_theme"))
        themes = [option(str(one.id), one.title) for one in list_themes(session)]
        self.theme_id.choices = [none, *themes]
        self.finding_ids.choices = _findings(session)
        return self

    def fields(self) -> PriorityFields:
        return PriorityFields(
            title=self.title.data or "",
            kind=PriorityKind(self.kind.data),
            theme_id=as_id(self.theme_id.data),
            story=self.story.data,
            urgency=int(self.urgency.data),
            feasibility=int(self.feasibility.data),
            finding_ids=as_ids(self.finding_ids.data),
            smart={each: self[f"smart_{each}"].data for each in Smart},
        )


for _each in Smart:
    _asked = text(f"priorities.smart_{_each}", hint=f"priorities.smart_{_each}_hint", rows=2)
    setattr(PriorityForm, f"smart_{_each}", _asked)


def _to(state: PriorityState | IdeaState) -> str:
    return f"ideas.to_{state}" if isinstance(state, IdeaState) else f"priorities.to_{state}"


class DecisionForm(PlanForm):
    """What becomes of a priority or an idea, with the reason."""

    after = RadioField("priorities.after", [InputRequired()])
    reason = text("priorities.reason", hint="priorities.reason_hint", rows=3, more=(HintSays(),))

    def offer(self, states: Iterable[PriorityState | IdeaState]) -> Self:
        self.after.choices = [option(each.value, _to(each)) for each in states]
        return self


class PriorityDecisionForm(DecisionForm):
    """The same of a priority, with the body that decided."""

    decided_in = SelectField("priorities.decided_in", default="")

    def offer_bodies(self, session: Session, *, by: Actor, today: date) -> Self:
        none = option("", catalogue(self.language)("priorities.decided_by_me"))
        self.decided_in.choices = [none, *body_choices(session, by=by, today=today)]
        return self


class CauseForm(PlanForm):
    """Why it is so, or why nobody has to ask."""

    kind = RadioField(
        "priorities.cause_kind",
        [InputRequired()],
        choices=[option(each.value, f"priorities.cause_{each}") for each in CauseKind],
        default=CauseKind.WHYS,
    )
    whys = text("priorities.whys", hint="priorities.whys_hint", rows=6)
    root = text("priorities.root", hint="priorities.root_hint", rows=2)
    motivation = text("priorities.motivation", hint="priorities.motivation_hint", rows=3)

    @classmethod
    def of(cls, cause: Cause, language: str) -> Self:
        return cls.blank(
            language,
            {
                "kind": cause.kind,
                "whys": "\n".join(cause.whys),
                "root": cause.root,
                "motivation": cause.motivation,
                "version": cause.version,
            },
        )

    def fields(self) -> CauseFields:
        return CauseFields(
            kind=CauseKind(self.kind.data),
            whys=lines_of(self.whys.data),
            root=self.root.data,
            motivation=self.motivation.data,
        )


class IdeaForm(PlanForm):
    """Something that could be done, or is done already."""

    title = line("ideas.name", length=200)
    story = text("ideas.text", rows=3)
    priority_id = SelectField("ideas.priority", default="")
    dimension = SelectField("ideas.dimension", default="")
    level = RadioField(
        "ideas.level",
        [InputRequired()],
        choices=[option(each.value, f"ideas.level_{each}") for each in PreventionLevel],
    )
    scope = RadioField(
        "ideas.scope",
        [InputRequired()],
        choices=[option(each.value, f"ideas.scope_{each}") for each in Scope],
        default=Scope.COLLECTIVE,
    )
    is_quick_win = BooleanField("ideas.quick", description="ideas.quick_hint")
    is_in_place = BooleanField("ideas.in_place", description="ideas.in_place_hint")
    pros = text("ideas.pros", hint="ideas.lines_hint", rows=3)
    cons = text("ideas.cons", hint="ideas.lines_hint", rows=3)

    @classmethod
    def of(cls, idea: Idea, language: str) -> Self:
        return cls.blank(
            language,
            {
                "title": idea.title,
                "story": idea.text,
                "priority_id": str(idea.priority_id or ""),
                "dimension": idea.dimension,
                "level": idea.level,
                "scope": idea.scope,
                "is_quick_win": idea.is_quick_win,
                "pros": "\n".join(idea.pros),
                "cons": "\n".join(idea.cons),
                "version": idea.version,
            },
        )

    @classmethod
    def grown_from(cls, one: LibraryIdea, language: str) -> Self:
        """The form filled with an idea of the library, to be made one's own."""
        return cls.blank(
            language,
            {
                "title": one.title[language],
                "story": one.text[language],
                "dimension": one.dimension,
                "level": one.level,
                "scope": one.scope,
                "is_quick_win": one.is_quick_win,
            },
        )

    def offer(self, session: Session) -> Self:
        texts = catalogue(self.language)
        self.priority_id.choices = [
            option("", texts("ideas.no_priority")),
            *(option(str(one.id), one.title) for one in list_priorities(session)),
        ]
        self.dimension.choices = [
            option("", texts("ideas.no_dimension")),
            *(option(each.value, f"findings.factor_{each}") for each in FIVE),
        ]
        return self

    def fields(self) -> IdeaFields:
        return IdeaFields(
            title=self.title.data or "",
            text=self.story.data,
            dimension=self.dimension.data or "",
            level=PreventionLevel(self.level.data),
            scope=Scope(self.scope.data),
            is_quick_win=self.is_quick_win.data,
            pros=lines_of(self.pros.data),
            cons=lines_of(self.cons.data),
        )
