"""The forms of meetings: the meeting, a point, minutes, decisions, tasks and approval."""

from datetime import date, time
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import select
from wtforms import RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.actionplan.bodies.models import Body
from baken.actionplan.bodies.rules import BodyState
from baken.actionplan.meetings.actions import Led
from baken.actionplan.meetings.minutes.models import Decision, MeetingTask
from baken.actionplan.meetings.minutes.rules import (
    Carried,
    DecidedBy,
    DecisionFields,
    TaskFields,
    TaskState,
    Votes,
)
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.people import list_led_bodies, list_members
from baken.actionplan.meetings.points import MOST_MINUTES, PointFields, PointKind
from baken.actionplan.meetings.queries import reference_of
from baken.actionplan.meetings.rules import MeetingFields
from baken.organisation.people import list_names
from baken.organisation.permissions import ALLOWED, Action, Actor
from baken.organisation.roles import list_open_grants
from baken.storage.session import Session
from baken.web.pages.fields import HintSays, WholeField, option, whole
from baken.web.pages.meeting_subjects import as_reference, list_choices
from baken.web.pages.plan_forms import PlanForm, as_id, day, line, text
from baken.web.texts import LANGUAGES, NAMES, catalogue

MOST_VOTES: Final = 1_000
MIDNIGHT: Final = time(0)
# Inside a form a field named text hides the function of that name.
_prose = text


class MeetingForm(PlanForm):
    """Which body meets, when and where."""

    body_id = SelectField("meetings.body", [InputRequired()])
    on = day("meetings.on")
    starts = TimeField("meetings.starts", [InputRequired()])
    ends = TimeField("meetings.ends", [InputRequired()])
    place = line("meetings.place", length=200, required=False)
    link = line(
        "meetings.link", length=500, required=False, hint="meetings.link_hint", more=(HintSays(),)
    )
    chair_id = SelectField("meetings.chair", default="")
    secretary_id = SelectField("meetings.secretary", default="")
    spoken = SelectField(
        "meetings.language",
        choices=[option(code, NAMES[code]) for code in LANGUAGES],
        description="meetings.language_hint",
    )

    @classmethod
    def of(cls, meeting: Meeting, language: str) -> Self:
        names = ("on", "starts", "ends", "place", "link", "version")
        values: dict[str, Any] = {name: getattr(meeting, name) for name in names}
        for name in ("body_id", "chair_id", "secretary_id"):
            values[name] = str(getattr(meeting, name) or "")
        return cls.blank(language, {**values, "spoken": meeting.language})

    def offer(self, session: Session, *, by: Actor, today: date, body_id: UUID | None) -> Self:
        """Offer the bodies that the person leads, and the seats of the chosen one.

        Parameters
        ----------
        body_id : UUID or None
            The body of a meeting that there is, whose day or place is changed.
        """
        led = list_led_bodies(session, by=by, today=today)
        bodies = session.scalars(select(Body).order_by(Body.name, Body.id))
        offered = {
            one.id: one.name
            for one in bodies
            if one.id == body_id or (one.id in led and one.state is not BodyState.ENDED)
        }
        self.body_id.choices = [option(str(one_id), name) for one_id, name in offered.items()]
        chosen = body_id or as_id(self.body_id.data)
        seats = list_members(session, chosen, on=self.on.data or today) if chosen in offered else []
        none = option("", catalogue(self.language)("meetings.not_chosen"))
        for control in (self.chair_id, self.secretary_id):
            control.choices = [none, *(option(str(one.seat_id), one.name) for one in seats)]
        return self

    def fields(self, today: date) -> MeetingFields:
        return MeetingFields(
            body_id=UUID(self.body_id.data),
            on=self.on.data or today,
            starts=self.starts.data or MIDNIGHT,
            ends=self.ends.data or MIDNIGHT,
            place=self.place.data or "",
            link=self.link.data or "",
            language=self.spoken.data,
        )

    @property
    def led(self) -> Led:
        return Led(as_id(self.chair_id.data), as_id(self.secretary_id.data))


class PointForm(PlanForm):
    """A point of an agenda."""

    title = line("meetings.point_title", length=200)
    kind = RadioField(
        "meetings.kind",
        [InputRequired()],
        choices=[option(each.value, f"meetings.kind_{each}") for each in PointKind],
        default=PointKind.DISCUSSION.value,
    )
    text = text("meetings.point_text", hint="meetings.point_text_hint", rows=5)
    about = SelectField("meetings.about", default="", description="meetings.about_hint")
    brought_by = line("meetings.brought_by", length=200, required=False)
    minutes = whole("meetings.minutes_wanted", low=1, high=MOST_MINUTES)

    @classmethod
    def of(cls, point: AgendaPoint, language: str) -> Self:
        names = ("title", "kind", "text", "brought_by", "minutes", "version")
        values: dict[str, Any] = {name: getattr(point, name) for name in names}
        reference = reference_of(point)
        values["about"] = f"{reference.about}:{reference.id}" if reference else ""
        return cls.blank(language, values)

    def offer(self, session: Session, *, by: Actor, today: date) -> Self:
        """Offer what a point can be about; what it is about already stays."""
        found = list_choices(session, self.language, by=by, today=today)
        self.about.choices = [option(value, label) for value, label in found]
        return self

    def keep_subject(self, value: str, label: str) -> Self:
        """Offer what the point is about, where it would not be offered any more."""
        if value and value not in {choice[0] for choice in self.about.choices or ()}:
            self.about.choices = [*(self.about.choices or ()), option(value, label)]
        return self

    def fields(self) -> PointFields:
        return PointFields(
            kind=PointKind(self.kind.data),
            title=self.title.data or "",
            text=self.text.data or "",
            brought_by=self.brought_by.data or "",
            minutes=self.minutes.data or 0,
            reference=as_reference(self.about.data),
        )


class ReasonForm(PlanForm):
    """Why a point is moved, or a meeting called off."""

    reason = text("meetings.reason", rows=3, required=True)


class SaidForm(PlanForm):
    """What was said on one point."""

    said = text("meetings.said", rows=6)


class DecisionForm(PlanForm):
    """What was decided, and how."""

    text = text("meetings.decision_text", rows=3, required=True)
    by = RadioField(
        "meetings.by",
        [InputRequired()],
        choices=[option(each.value, f"meetings.by_{each}") for each in DecidedBy],
        default=DecidedBy.CONSENSUS.value,
    )
    in_favour = WholeField("meetings.in_favour", [Optional(), NumberRange(0, MOST_VOTES)])
    against = WholeField("meetings.against", [Optional(), NumberRange(0, MOST_VOTES)])
    abstained = WholeField("meetings.abstained", [Optional(), NumberRange(0, MOST_VOTES)])
    dissent = _prose("meetings.dissent", hint="meetings.dissent_hint", rows=2)

    @classmethod
    def of(cls, row: Decision, language: str) -> Self:
        names = ("text", "in_favour", "against", "abstained", "dissent", "version")
        values: dict[str, Any] = {name: getattr(row, name) or None for name in names}
        return cls.blank(language, {**values, "by": row.decided_by.value})

    def fields(self) -> DecisionFields:
        counted = (self.in_favour, self.against, self.abstained)
        return DecisionFields(
            text=self.text.data or "",
            by=DecidedBy(self.by.data),
            votes=Votes(*(one.data or 0 for one in counted)),
            dissent=self.dissent.data or "",
        )


class TaskForm(PlanForm):
    """Who does what by when."""

    what = text("meetings.task_what", rows=2, required=True)
    person_id = SelectField("meetings.person", default="")
    who = line(
        "meetings.who_else",
        length=200,
        required=False,
        hint="meetings.who_hint",
        more=(HintSays(),),
    )
    due_on = day("meetings.due_on")

    @classmethod
    def of(cls, row: MeetingTask, language: str) -> Self:
        values = {
            "what": row.what,
            "person_id": str(row.person_id or ""),
            "who": row.who,
            "due_on": row.due_on,
            "version": row.version,
        }
        return cls.blank(language, values)

    def offer(self, session: Session, *, today: date, holder: UUID | None = None) -> Self:
        """Offer the people who can open the task; others are written by name.

        Parameters
        ----------
        holder : UUID, optional
            Who has the task already, and is offered in any case.
        """
        none = option("", catalogue(self.language)("meetings.not_chosen"))
        grants = list_open_grants(session, since=today)
        open_it = {one.person_id for one in grants if one.role in ALLOWED[Action.SEE_MEETINGS]}
        offered = [one for one in list_names(session) if one[0] in open_it | {holder}]
        people = sorted(offered, key=lambda one: one[1].casefold())
        self.person_id.choices = [none, *(option(str(key), name) for key, name in people)]
        return self

    def fields(self) -> TaskFields:
        return TaskFields(
            what=self.what.data or "",
            who=self.who.data or "",
            due_on=self.due_on.data,
            person_id=as_id(self.person_id.data),
        )


class TaskNoteForm(PlanForm):
    """Where a task stands."""

    state = RadioField(
        "meetings.state",
        [InputRequired()],
        choices=[option(each.value, f"meetings.task_{each}") for each in TaskState],
        default=TaskState.OPEN.value,
    )
    text = text("meetings.note", rows=3)


class CarriedForm(PlanForm):
    """Where a decision stands."""

    carried = RadioField(
        "meetings.carried",
        [InputRequired()],
        choices=[option(each.value, f"meetings.carried_{each}") for each in Carried],
        default=Carried.OPEN.value,
    )
    text = text("meetings.note", rows=3)


class CorrectionForm(PlanForm):
    """What has to be said otherwise."""

    text = text("meetings.correction_text", rows=3, required=True)
    asked_by = line("meetings.asked_by", length=200, required=False)


class ApprovalOfMinutesForm(PlanForm):
    """At which meeting the minutes were approved."""

    at_id = SelectField(
        "meetings.approved_at", [InputRequired()], description="meetings.approved_at_hint"
    )
