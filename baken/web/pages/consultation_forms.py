"""Forms of a consultation: the question, the advice, the employer's reply."""

from typing import Self

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from baken.actionplan.bodies.rules import ConsultationKind, Organ, Outcome, Question
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import PlanForm, day, text
from baken.web.pages.plan_views import ConsultationView


class AskForm(PlanForm):
    """What is asked, of whom, until when."""

    organ = SelectField(
        "consultations.organ",
        [InputRequired()],
        choices=[option(each.value, f"consultations.organ_{each}") for each in Organ],
        description="consultations.organ_hint",
    )
    kind = RadioField(
        "consultations.kind",
        [InputRequired()],
        choices=[option(each.value, f"consultations.kind_{each}") for each in ConsultationKind],
        default=ConsultationKind.ADVICE,
    )
    text_sent = text("consultations.text_sent", hint="consultations.text_sent_hint", required=True)
    asked_on = day("consultations.asked_on")
    due_on = day("consultations.due_on", hint="consultations.due_hint")

    def question(self) -> Question:
        return Question(
            organ=Organ(self.organ.data),
            kind=ConsultationKind(self.kind.data),
            asked_on=self.asked_on.data,
            due_on=self.due_on.data,
            text_sent=self.text_sent.data,
        )


class AdviceForm(PlanForm):
    """What came back."""

    outcome = RadioField(
        "consultations.outcome",
        [InputRequired()],
        choices=[option(each.value, f"consultations.outcome_{each}") for each in Outcome],
    )
    advised_on = day("consultations.advised_on")
    outcome_text = text("consultations.outcome_text", hint="consultations.outcome_text_hint")
    dissent = text("consultations.dissent", hint="consultations.dissent_hint", rows=3)

    @classmethod
    def of(cls, consultation: ConsultationView, language: str) -> Self:
        names = ("outcome", "advised_on", "outcome_text", "dissent", "version")
        return cls.blank(language, {name: getattr(consultation, name) or None for name in names})


class ReplyForm(PlanForm):
    """The employer's reply, with its reasons."""

    reply = text("consultations.reply", hint="consultations.reply_hint", rows=6, required=True)
    replied_on = day("consultations.replied_on")
