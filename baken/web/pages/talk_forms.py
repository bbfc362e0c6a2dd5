"""The forms of a talk: its plan, who was there, notes, dots, agreements and how far it may go."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, FormField, RadioField, SelectField, SelectMultipleField
from wtforms import Form as WTForm
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.actionplan.analyses.queries import list_open_analyses
from baken.actionplan.findings.factors import Factor
from baken.actionplan.talks.guides import guides
from baken.actionplan.talks.models import Talk, TalkNote
from baken.actionplan.talks.note_rules import AgreementFields, Input, NoteFields, Tone
from baken.actionplan.talks.rules import Category, HeldFields, Method, Reach, Safeguard, TalkFields
from baken.storage.session import Session
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP
from baken.web.pages import fields
from baken.web.pages.fields import WholeField, option, whole
from baken.web.pages.plan_forms import PlanForm, add_spare_rows, as_id, day, filled, line, text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue

MOST_PEOPLE: Final = 2_000


class TalkForm(PlanForm):
    """What is filled in before a talk."""

    title = line("talks.name", length=200, hint="talks.name_hint")
    method = RadioField(
        "talks.method",
        [InputRequired()],
        choices=[option(each.value, f"talks.method_{each}") for each in Method],
        default=Method.TEAM_TALK,
    )
    unit_id = SelectField("talks.unit", default="")
    risk_analysis_id = SelectField("talks.analysis", default="")
    purpose = text("talks.purpose", hint="talks.purpose_hint", rows=3)
    planned_on = day("talks.planned_on")
    place = line("talks.place", length=200, required=False)
    leader = line("talks.leader", length=200, hint="talks.leader_hint")
    observer = line("talks.observer", length=200, required=False)
    manager_present = BooleanField("talks.manager_present")
    min_group = whole(
        "talks.min_group", low=FLOOR_MIN_GROUP, high=1_000, hint="talks.min_group_hint"
    )
    safeguards = SelectMultipleField(
        "talks.safeguards",
        choices=[option(each.value, f"talks.safeguard_{each}") for each in Safeguard],
        description="talks.safeguards_hint",
    )

    @classmethod
    def of(cls, talk: Talk, language: str) -> Self:
        plain = ("title", "method", "purpose", "planned_on", "place", "leader", "observer")
        more = ("manager_present", "min_group", "safeguards", "version")
        values: dict[str, Any] = {name: getattr(talk, name) for name in (*plain, *more)}
        values["unit_id"] = str(talk.unit_id or "")
        values["risk_analysis_id"] = str(talk.risk_analysis_id or "")
        return cls.blank(language, values)

    def offer(self, session: Session, *, today: date, kept: UUID | None = None) -> Self:
        texts = catalogue(self.language)
        whole = texts("findings.whole")
        self.unit_id.choices = unit_choices(session, whole, today=today, kept=kept)
        open_ones = list_open_analyses(session, kept=as_id(self.risk_analysis_id.data))
        self.risk_analysis_id.choices = [
            option("", texts("findings.no_analysis")),
            *(option(str(row.id), row.title) for row in open_ones),
        ]
        return self

    def fields(self, today: date) -> TalkFields:
        return TalkFields(
            title=self.title.data or "",
            method=Method(self.method.data),
            unit_id=as_id(self.unit_id.data),
            risk_analysis_id=as_id(self.risk_analysis_id.data),
            purpose=self.purpose.data,
            planned_on=self.planned_on.data or today,
            place=self.place.data or "",
            leader=self.leader.data or "",
            observer=self.observer.data or "",
            manager_present=self.manager_present.data,
            min_group=self.min_group.data or 0,
            safeguards=tuple(map(Safeguard, self.safeguards.data or ())),
        )


class CategoryRow(WTForm):
    """How many of a kind of worker were there."""

    name = fields.line("talks.category", length=200, required=False)
    present = WholeField("talks.category_present", [Optional(), NumberRange(0, MOST_PEOPLE)])
    headcount = WholeField("talks.category_headcount", [Optional(), NumberRange(0, MOST_PEOPLE)])


class HeldForm(PlanForm):
    """What is filled in when the talk was held."""

    held_on = day("talks.held_on")
    n_invited = whole("talks.n_invited", low=1, high=MOST_PEOPLE)
    n_present = whole("talks.n_present", low=1, high=MOST_PEOPLE)
    composition = fields.Rows(FormField(CategoryRow), "talks.composition", max_entries=20)

    def with_rows(self) -> Self:
        """Leave room for more kinds of workers."""
        add_spare_rows(self.composition)
        return self

    def fields(self, today: date) -> HeldFields:
        return HeldFields(
            held_on=self.held_on.data or today,
            n_invited=self.n_invited.data or 0,
            n_present=self.n_present.data or 0,
            composition=tuple(
                Category(row["name"] or "", row["present"] or 0, row["headcount"] or 0)
                for row in filled(self.composition)
            ),
        )


_IN_A_GROUP: Final = (Input.SPOKEN, Input.CARD)
WAYS: Final[Mapping[Method, tuple[Input, ...]]] = {
    **dict.fromkeys(Method, _IN_A_GROUP),
    Method.INTERVIEWS: (Input.INTERVIEW,),
    Method.OBSERVATION: (Input.SPOKEN,),
}
"""How something comes in, by method; where there is one way only, nobody is asked."""


class NoteForm(PlanForm):
    """Something that was said, without who said it."""

    only_way: Input | None = None
    tone = RadioField(
        "talks.tone",
        [InputRequired()],
        choices=[
            option(each.value, f"talks.tone_{each}") for each in (Tone.POSITIVE, Tone.PROBLEM)
        ],
    )
    factor = SelectField(
        "talks.factor",
        [InputRequired()],
        choices=[option(each.value, f"findings.factor_{each}") for each in Factor],
    )
    topic = SelectField("talks.topic", default="", description="talks.topic_hint")
    text = text("talks.note", hint="talks.note_hint", rows=3, required=True)
    way = RadioField(
        "talks.way",
        [InputRequired()],
        choices=[option(each.value, f"talks.way_{each}") for each in Input],
        description="talks.way_hint",
    )

    @classmethod
    def of(cls, note: TalkNote, language: str) -> Self:
        names = ("tone", "factor", "topic", "text", "way", "version")
        return cls.blank(language, {name: getattr(note, name) for name in names})

    def offer(self, talk: Talk) -> Self:
        """Offer the topics of the guide, and the ways in which this method hears people."""
        ways = WAYS[talk.method]
        if len(ways) == 1:
            self.only_way = ways[0]
            del self.way
        else:
            self.way.choices = [option(each.value, f"talks.way_{each}") for each in ways]
        if talk.method == Method.DEPARIS:
            self.tone.choices = [option(each.value, f"talks.colour_{each}") for each in Tone]
        topics = guides()[talk.method].topics
        none = option("", catalogue(self.language)("talks.no_topic"))
        named = [option(one.key, f"guides.topic_{one.key}") for one in topics]
        self.topic.choices = [none, *named]
        return self

    def fields(self) -> NoteFields:
        return NoteFields(
            factor=Factor(self.factor.data),
            tone=Tone(self.tone.data),
            text=self.text.data,
            way=self.only_way or Input(self.way.data),
            topic=self.topic.data or "",
        )


class AgreementForm(PlanForm):
    """Who does what by when."""

    what = text("talks.agreement_what", rows=2, required=True)
    who = line("talks.agreement_who", length=200)
    due_on = day("talks.agreement_due")

    def fields(self, today: date) -> AgreementFields:
        return AgreementFields(
            who=self.who.data or "", what=self.what.data, due_on=self.due_on.data or today
        )


class ApprovalForm(PlanForm):
    """How far the notes may go."""

    reach = RadioField(
        "talks.reach",
        [InputRequired()],
        choices=[option(each.value, f"talks.reach_{each}") for each in Reach],
        description="talks.reach_hint",
    )
