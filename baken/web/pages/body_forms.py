"""The forms of bodies: what it is, seats, the end, terms."""

from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, FormField, RadioField, SelectField, SelectMultipleField
from wtforms import Form as WTForm
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.actionplan.bodies import proposals, queries, stalled
from baken.actionplan.bodies.composition import GROUP_LENGTH, MOST_WANTED, Side, Wanted
from baken.actionplan.bodies.models import Body, Seat
from baken.actionplan.bodies.rules import BodyFields, BodyKind
from baken.actionplan.bodies.seats import SeatFields, SeatRole
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages import fields
from baken.web.pages.fields import HintSays, WholeField, option, whole
from baken.web.pages.plan_forms import PlanForm, add_spare_rows, as_id, day, filled, line
from baken.web.pages.plan_forms import text as long_text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue

LONGEST_NAME: Final = 200


def people_choices(session: Session, none: str) -> list[Any]:
    """People with a task here, to choose one from; `none` is what nobody means."""
    return [option("", none), *(option(str(key), name) for key, name in list_names(session))]


def side_field(label: str, hint: str = "") -> Any:
    """For whom somebody sits or would sit there."""
    return RadioField(
        label,
        [InputRequired()],
        choices=[option(each.value, f"bodies.side_{each}") for each in Side],
        default=Side.WORKERS,
        description=hint,
    )


class WantedRow(WTForm):
    """So many people of a group."""

    group = fields.line("bodies.wanted_group", length=GROUP_LENGTH, required=False)
    people = WholeField("bodies.wanted_people", [Optional(), NumberRange(1, MOST_WANTED)])


class BodyForm(PlanForm):
    """What a body is, its mandate, and who is wanted there."""

    name = line("bodies.name", length=LONGEST_NAME, hint="bodies.name_hint")
    purpose = long_text("bodies.purpose", hint="bodies.purpose_hint", rows=3)
    unit_id = SelectField("bodies.unit", default="")
    from_on = day("bodies.from_on")
    is_open = BooleanField("bodies.is_open", description="bodies.is_open_hint")
    owner_id = SelectField("bodies.owner", default="", description="bodies.owner_hint")
    owner_name = line("bodies.owner_name", length=LONGEST_NAME, required=False)
    set_up_by_id = SelectField("bodies.set_up_by", default="")
    may_decide = long_text("bodies.may_decide", hint="bodies.may_decide_hint", rows=3)
    limits = long_text("bodies.limits", hint="bodies.limits_hint", rows=3)
    means = long_text("bodies.means", hint="bodies.means_hint", rows=3)
    mandate_until = day("bodies.mandate_until", required=False)
    wanted = fields.Rows(FormField(WantedRow), "bodies.wanted", max_entries=20)

    @classmethod
    def of(cls, body: Body, language: str) -> Self:
        plain = ("name", "purpose", "from_on", "is_open", "owner_name", "may_decide")
        more = ("limits", "means", "mandate_until", "wanted", "version")
        values: dict[str, Any] = {name: getattr(body, name) for name in (*plain, *more)}
        for name in ("unit_id", "owner_id", "set_up_by_id"):
            values[name] = str(getattr(body, name) or "")
        return cls.blank(language, values)

    def offer(
        self, session: Session, *, by: Actor, today: date, standing: Body | None = None
    ) -> Self:
        """Offer units, people and bodies; what set it up stays, also where it is closed."""
        texts = catalogue(self.language)
        self.unit_id.choices = unit_choices(session, texts("findings.whole"), today=today)
        self.owner_id.choices = people_choices(session, texts("bodies.owner_none"))
        found = {str(row.id): row.name for row in queries.list_bodies(session, by=by, today=today)}
        if standing is not None and standing.set_up_by_id is not None:
            found.setdefault(str(standing.set_up_by_id), texts("bodies.set_up_by_closed"))
        none = option("", texts("bodies.set_up_by_none"))
        self.set_up_by_id.choices = [none, *(option(key, name) for key, name in found.items())]
        add_spare_rows(self.wanted)
        return self

    def fields(self, kind: BodyKind, today: date) -> BodyFields:
        return BodyFields(
            kind=kind,
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            unit_id=as_id(self.unit_id.data),
            owner_id=as_id(self.owner_id.data),
            owner_name=self.owner_name.data or "",
            set_up_by_id=as_id(self.set_up_by_id.data),
            from_on=self.from_on.data or today,
            may_decide=self.may_decide.data or "",
            limits=self.limits.data or "",
            means=self.means.data or "",
            mandate_until=self.mandate_until.data,
            is_open=bool(self.is_open.data),
            wanted=tuple(
                Wanted((row["group"] or "").strip(), row["people"] or 0)
                for row in filled(self.wanted)
            ),
        )


class NewBodyForm(BodyForm):
    """A body that is set up: only then is its kind chosen."""

    kind = RadioField(
        "bodies.kind",
        [InputRequired()],
        choices=[option(each.value, f"bodies.kind_{each}") for each in BodyKind],
        default=BodyKind.WORKING_GROUP,
    )

    def chosen(self) -> BodyKind:
        return BodyKind(self.kind.data)


class SeatForm(PlanForm):
    """Who sits there, in what part and for which side."""

    person_id = SelectField(
        "bodies.person", [HintSays()], default="", description="bodies.person_hint"
    )
    name = line("bodies.other_name", length=LONGEST_NAME, required=False)
    function = line("bodies.function", length=LONGEST_NAME, required=False)
    role = RadioField(
        "bodies.role",
        [InputRequired()],
        choices=[option(each.value, f"bodies.role_{each}") for each in SeatRole],
        default=SeatRole.MEMBER,
    )
    side = side_field("bodies.side", "bodies.side_hint")
    groups = SelectMultipleField("bodies.groups", description="bodies.groups_hint")
    unit_id = SelectField("bodies.seat_unit", default="")
    substitute_of_id = SelectField("bodies.substitute_of", default="")
    from_on = day("bodies.seat_from")
    until_on = day("bodies.seat_until", required=False, hint="bodies.seat_until_hint")

    @classmethod
    def of(cls, seat: Seat, language: str) -> Self:
        plain = ("name", "function", "role", "side", "groups", "from_on", "until_on", "version")
        values: dict[str, Any] = {name: getattr(seat, name) for name in plain}
        for name in ("person_id", "unit_id", "substitute_of_id"):
            values[name] = str(getattr(seat, name) or "")
        return cls.blank(language, values)

    def offer(self, session: Session, body: Body, *, today: date, own: UUID | None = None) -> Self:
        texts = catalogue(self.language)
        names = dict(list_names(session))
        self.person_id.choices = people_choices(session, texts("bodies.person_none"))
        self.unit_id.choices = unit_choices(session, texts("bodies.no_unit"), today=today)
        self.groups.choices = [option(one.group, one.group) for one in queries.wanted_of(body)]
        self.substitute_of_id.choices = [
            option("", texts("bodies.substitute_none")),
            *(
                option(str(one.id), one.name or names.get(one.person_id or UUID(int=0), ""))
                for one in queries.list_seats(session, body.id)
                if one.id != own and one.substitute_of_id is None
            ),
        ]
        return self

    def fields(self, today: date) -> SeatFields:
        return SeatFields(
            person_id=as_id(self.person_id.data),
            name=self.name.data or "",
            function=self.function.data or "",
            role=SeatRole(self.role.data),
            side=Side(self.side.data),
            unit_id=as_id(self.unit_id.data),
            substitute_of_id=as_id(self.substitute_of_id.data),
            groups=tuple(self.groups.data or ()),
            from_on=self.from_on.data or today,
            until_on=self.until_on.data,
        )


class EndForm(PlanForm):
    """What came of a body."""

    outcome = long_text("bodies.outcome", hint="bodies.outcome_hint", rows=5, required=True)
    ended_on = day("bodies.ended_on")


class LeaveForm(PlanForm):
    """The last day of somebody who leaves."""

    until_on = day("bodies.last_day", hint="bodies.last_day_hint")


class NoteForm(PlanForm):
    """How it goes."""

    text = long_text("bodies.notes", hint="bodies.note_hint", rows=3, required=True)


class TermsForm(PlanForm):
    """After how many days something stands still, and within how many an answer comes."""

    stalled_after_days = whole(
        "bodies.stalled_after",
        low=stalled.FEWEST_DAYS,
        high=stalled.MOST_DAYS,
        hint="bodies.stalled_after_hint",
    )
    answer_within_days = whole(
        "bodies.answer_within",
        low=proposals.FEWEST_DAYS,
        high=proposals.MOST_DAYS,
        hint="bodies.answer_within_hint",
    )
