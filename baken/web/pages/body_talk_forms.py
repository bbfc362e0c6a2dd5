"""The forms of what is said to a body: calls and applications, topics, proposals and answers."""

from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from baken.actionplan.bodies import queries
from baken.actionplan.bodies.calls import ApplicationFields, ApplicationState, CallFields
from baken.actionplan.bodies.composition import Side
from baken.actionplan.bodies.models import Body, OpenCall, Proposal
from baken.actionplan.bodies.proposals import AnswerFields, Backing, ProposalFields, Verdict
from baken.actionplan.bodies.rules import BodyKind, BodyState
from baken.actionplan.bodies.topics import From, TopicFields
from baken.actionplan.priorities.rules import PriorityFields, PriorityKind
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.body_forms import LONGEST_NAME, people_choices, side_field
from baken.web.pages.fields import HintSays, option
from baken.web.pages.plan_forms import PlanForm, as_id, day, line
from baken.web.pages.plan_forms import text as long_text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue

EMPLOYER: Final = "employer"


class CallForm(PlanForm):
    """A call to take part."""

    text = long_text("bodies.call_text", hint="bodies.call_text_hint", rows=6, required=True)
    open_to = line("bodies.open_to", length=LONGEST_NAME, hint="bodies.open_to_hint")
    from_on = day("bodies.call_from")
    until_on = day("bodies.call_until")

    @classmethod
    def of(cls, call: OpenCall, language: str) -> Self:
        names = ("text", "open_to", "from_on", "until_on", "version")
        return cls.blank(language, {name: getattr(call, name) for name in names})

    def fields(self, today: date) -> CallFields:
        return CallFields(
            text=self.text.data or "",
            open_to=self.open_to.data or "",
            from_on=self.from_on.data or today,
            until_on=self.until_on.data or today,
        )


class ApplyForm(PlanForm):
    """Taking part oneself."""

    function = line("bodies.function", length=LONGEST_NAME, required=False)
    unit_id = SelectField("bodies.seat_unit", default="")
    side = side_field("bodies.side")
    groups = SelectMultipleField("bodies.groups", description="bodies.groups_hint")
    motivation = long_text("bodies.motivation", hint="bodies.motivation_hint", rows=4)

    def offer(self, session: Session, body: Body, *, today: date) -> Self:
        texts = catalogue(self.language)
        self.unit_id.choices = unit_choices(session, texts("bodies.no_unit"), today=today)
        self.groups.choices = [option(one.group, one.group) for one in queries.wanted_of(body)]
        return self

    def fields(self, by: Actor) -> ApplicationFields:
        return ApplicationFields(person_id=by.person_id, **self.described())

    def described(self) -> dict[str, Any]:
        return {
            "function": self.function.data or "",
            "unit_id": as_id(self.unit_id.data),
            "side": Side(self.side.data),
            "groups": tuple(self.groups.data or ()),
            "motivation": self.motivation.data or "",
        }


class NotedApplyForm(ApplyForm):
    """Somebody else who wants to take part."""

    person_id = SelectField("bodies.person", default="", description="bodies.person_hint")
    name = line("bodies.other_name", length=LONGEST_NAME, required=False)

    def offer(self, session: Session, body: Body, *, today: date) -> Self:
        none = catalogue(self.language)("bodies.person_none")
        self.person_id.choices = people_choices(session, none)
        return super().offer(session, body, today=today)

    def noted(self) -> ApplicationFields:
        return ApplicationFields(
            person_id=as_id(self.person_id.data), name=self.name.data or "", **self.described()
        )


class ChoiceForm(PlanForm):
    """What somebody who applied hears."""

    state = RadioField(
        "bodies.choice",
        [InputRequired()],
        choices=[
            option(each.value, f"bodies.choose_{each}")
            for each in (ApplicationState.CHOSEN, ApplicationState.DECLINED)
        ],
    )
    reason = long_text("bodies.choice_why", hint="bodies.choice_why_hint", rows=3, required=True)


class TopicForm(PlanForm):
    """Something a body should look at."""

    body_id = SelectField("bodies.topic_to", [InputRequired()])
    title = line("bodies.topic_title", length=LONGEST_NAME, hint="bodies.topic_title_hint")
    text = long_text("bodies.topic_text", hint="bodies.topic_text_hint", rows=4)

    def offer(self, session: Session, *, by: Actor, today: date) -> Self:
        found = queries.list_bodies(session, by=by, today=today)
        self.body_id.choices = [
            option(str(one.id), one.name) for one in found if one.state != BodyState.ENDED
        ]
        return self

    def fields(self) -> TopicFields:
        # What was chosen stood in the list, so it is an identifier.
        return TopicFields(
            body_id=UUID(self.body_id.data),
            title=self.title.data or "",
            text=self.text.data or "",
        )


class NotedTopicForm(TopicForm):
    """A topic that is noted for somebody else."""

    raised_for = RadioField(
        "bodies.topic_for",
        [InputRequired()],
        choices=[option(each.value, f"bodies.topic_for_{each}") for each in From],
        default=From.MYSELF,
    )
    raised_name = line("bodies.topic_name", length=LONGEST_NAME, required=False)

    def fields(self) -> TopicFields:
        plain = super().fields()
        return TopicFields(
            body_id=plain.body_id,
            title=plain.title,
            text=plain.text,
            raised_for=From(self.raised_for.data),
            raised_name=self.raised_name.data or "",
        )


class AgendaForm(PlanForm):
    """When a topic comes up."""

    on = day("bodies.agenda_on", required=False, hint="bodies.agenda_on_hint")


class TopicAnswerForm(PlanForm):
    """The answer to a topic."""

    answer = long_text(
        "bodies.topic_answer", hint="bodies.topic_answer_hint", rows=4, required=True
    )


class ProposalForm(PlanForm):
    """What a body proposes, and to whom."""

    title = line("bodies.proposal_title", length=LONGEST_NAME)
    text = long_text(
        "bodies.proposal_text", hint="bodies.proposal_text_hint", rows=5, required=True
    )
    grounds = long_text("bodies.grounds", hint="bodies.grounds_hint", rows=4)
    means = long_text("bodies.proposal_means", rows=2)
    backing = RadioField(
        "bodies.backing",
        [InputRequired()],
        choices=[option(each.value, f"bodies.backing_{each}") for each in Backing],
    )
    dissent = long_text("bodies.dissent", hint="bodies.dissent_hint", rows=2)
    to = SelectField("bodies.proposal_to", default=EMPLOYER)
    proposed_on = day("bodies.proposed_on")

    @classmethod
    def of(cls, proposal: Proposal, language: str) -> Self:
        names = ("title", "text", "grounds", "means", "backing", "dissent", "proposed_on")
        values = {name: getattr(proposal, name) for name in (*names, "version")}
        return cls.blank(language, {**values, "to": str(proposal.to_body_id or EMPLOYER)})

    def offer(self, session: Session, body: Body, *, by: Actor, today: date) -> Self:
        running = [
            option(str(one.id), one.name)
            for one in queries.list_bodies(session, by=by, today=today)
            if one.kind == BodyKind.STEERING_GROUP
            and one.state == BodyState.RUNNING
            and one.id != body.id
        ]
        self.to.choices = [*running, option(EMPLOYER, "bodies.to_employer")]
        return self

    def fields(self, today: date) -> ProposalFields:
        return ProposalFields(
            title=self.title.data or "",
            text=self.text.data or "",
            grounds=self.grounds.data or "",
            means=self.means.data or "",
            backing=Backing(self.backing.data),
            dissent=self.dissent.data or "",
            to_body_id=as_id(self.to.data),
            proposed_on=self.proposed_on.data or today,
        )


class AnswerForm(PlanForm):
    """The written answer to a proposal."""

    verdict = RadioField(
        "bodies.verdict",
        [InputRequired()],
        choices=[option(each.value, f"bodies.verdict_{each}") for each in Verdict],
    )
    reasons = long_text("bodies.reasons", hint="bodies.reasons_hint", rows=6, required=True)
    answered_on = day("bodies.answered_on")

    def fields(self, today: date) -> AnswerFields:
        return AnswerFields(
            verdict=Verdict(self.verdict.data),
            reasons=self.reasons.data or "",
            answered_on=self.answered_on.data or today,
        )


class TakeOnForm(PlanForm):
    """The priority that a proposal becomes."""

    title = line("priorities.name", length=LONGEST_NAME, hint="priorities.name_hint")
    kind = RadioField(
        "priorities.kind",
        [InputRequired()],
        choices=[option(each.value, f"priorities.kind_{each}") for each in PriorityKind],
        default=PriorityKind.PRIORITY,
    )
    story = long_text("priorities.story", hint="priorities.story_hint", rows=6, more=(HintSays(),))

    def fields(self) -> PriorityFields:
        return PriorityFields(
            title=self.title.data or "",
            kind=PriorityKind(self.kind.data),
            story=self.story.data or "",
        )
