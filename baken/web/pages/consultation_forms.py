"""Forms of a consultation: the question, the advice, the employer's reply, the organs."""

from collections.abc import Collection
from typing import Any, Self

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from baken.actionplan.consultations.items import Item, fewest_days, is_short, items_for
from baken.actionplan.consultations.models import ConsultedOrgans
from baken.actionplan.consultations.organs import CHOSEN
from baken.actionplan.consultations.rules import (
    ConsultationKind,
    Organ,
    Outcome,
    Question,
    Subject,
    SubjectKind,
)
from baken.actionplan.wording import TITLE_LENGTH
from baken.organisation.people import list_names
from baken.storage.session import Session
from baken.web.pages.fields import Refused, WholeField, option
from baken.web.pages.plan_forms import PlanForm, as_id, day, line, text
from baken.web.pages.plan_views import ConsultationView
from baken.web.texts import catalogue


class AskForm(PlanForm):
    """What is asked, of whom, until when; and about what, where no row of Baken says so."""

    item = SelectField("consultations.item", [Optional()], default="")
    subject = line(
        "consultations.subject", length=TITLE_LENGTH, required=False,
        hint="consultations.subject_hint",
    )  # fmt: skip
    person_id = SelectField("consultations.person", [Optional()], default="")
    year = WholeField("consultations.year", [Optional()], render_kw={"inputmode": "numeric"})
    organ = SelectField(
        "consultations.organ",
        [InputRequired()],
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
    short_is_meant = BooleanField("consultations.short_is_meant")

    def offer(
        self, session: Session, kind: SubjectKind, *, country: str, present: frozenset[Organ]
    ) -> Self:
        """Fill in the lines of the table that fit, the organs there are, and the people."""
        texts = catalogue(self.language)
        asks_for = {
            SubjectKind.TEXT: self.subject,
            SubjectKind.PERSON: self.person_id,
            SubjectKind.YEAR: self.year,
        }
        if kind in asks_for:
            needed = asks_for[kind]
            needed.validators = [InputRequired()]
            needed.flags.required = True
        self.item.flags.required = True
        items = items_for(kind, country)
        self.item.choices = [
            option(one.code, texts(f"consultation_items.{one.code}")) for one in items
        ]
        # Of the organs there are, those that a line asks; without any, all of them.
        asked = present & {organ for one in items for organ in one.organs}
        self.organ.choices = [
            option(one.value, f"consultations.organ_{one}")
            for one in Organ
            if one in (asked or present)
        ]
        people = list_names(session) if kind == SubjectKind.PERSON else ()
        self.person_id.choices = [
            option("", texts("consultations.nobody")),
            *(option(str(each), name) for each, name in people),
        ]
        return self

    def validate_due_on(self, field: Any) -> None:
        """A term after which silence counts too soon is meant, or it is a slip."""
        if self.is_short and not self.short_is_meant.data:
            raise Refused(catalogue(self.language)("consultations.due_short", n=fewest_days()))

    @property
    def is_short(self) -> bool:
        """Whether little time is given to answer: then the form asks whether that is meant."""
        if not (self.asked_on.data and self.due_on.data and self.organ.data and self.kind.data):
            return False
        is_in_order = self.due_on.data >= self.asked_on.data
        return is_in_order and is_short(self.question())

    def begin(self, item: Item, present: Collection[Organ]) -> Self:
        """Start from what a line of the table says: whom it asks, and for what."""
        organ = item.organ_of(present)
        self.item.data = item.code
        if organ is not None:
            self.organ.data, self.kind.data = organ.value, item.kind_for(organ).value
        return self

    def about(self, named: Subject) -> Subject:
        """What is asked about: what the address names, or what was filled in."""
        if named.kind == SubjectKind.TEXT:
            return Subject(named.kind, text=self.subject.data or "")
        if named.kind == SubjectKind.YEAR:
            return Subject(named.kind, year=self.year.data)
        if named.kind == SubjectKind.PERSON:
            return Subject(named.kind, as_id(self.person_id.data))
        return named

    def question(self) -> Question:
        return Question(
            organ=Organ(self.organ.data),
            kind=ConsultationKind(self.kind.data),
            asked_on=self.asked_on.data,
            due_on=self.due_on.data,
            text_sent=self.text_sent.data,
            item=self.item.data or "",
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

    def asks(self, kind: str) -> Self:
        """Word the answers for what was asked: an agreement is given or not."""
        if kind == ConsultationKind.AGREEMENT:
            self.outcome.choices = [
                option(each.value, f"consultations.agreement_{each}") for each in Outcome
            ]
            self.outcome.label.text = "consultations.answer_is"
            self.advised_on.label.text = "consultations.answer_date"
            self.outcome_text.label.text = "consultations.answer_text"
        return self


class ReplyForm(PlanForm):
    """The employer's reply, with its reasons."""

    reply = text("consultations.reply", hint="consultations.reply_hint", rows=6, required=True)
    replied_on = day("consultations.replied_on")


class OrgansForm(PlanForm):
    """Which organs there are to ask."""

    cpbw = BooleanField("consultations.organ_cpbw")
    union_delegation = BooleanField("consultations.organ_union_delegation")
    works_council = BooleanField("consultations.organ_works_council")
    staff_representation = BooleanField("consultations.organ_staff_representation")

    @classmethod
    def of(cls, row: ConsultedOrgans | None, present: Collection[Organ], language: str) -> Self:
        values = {organ.value: organ in present for organ in CHOSEN}
        return cls.blank(language, values | {"version": row.version if row else 0})

    @property
    def chosen(self) -> frozenset[Organ]:
        return frozenset(organ for organ in CHOSEN if self[organ.value].data)


def item_asked(code: str | None, kind: SubjectKind, country: str) -> Item | None:
    """The line of the table that an address names, where it fits; else the first that does."""
    fitting = items_for(kind, country)
    named = (item for item in fitting if item.code == code)
    return next(iter((*named, *fitting)), None)
