"""The forms of a vote: on what, by whom, and one's own."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from baken.actionplan.bodies.queries import list_bodies
from baken.actionplan.bodies.rules import BodyState
from baken.actionplan.priorities.ballots import MOST_DOTS, BallotFields
from baken.actionplan.priorities.queries import list_priorities
from baken.actionplan.priorities.rules import PriorityState
from baken.organisation.permissions import ALLOWED, Action, Actor, Role, may
from baken.storage.session import Session
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP
from baken.web.pages.fields import HintSays, option, whole
from baken.web.pages.plan_forms import PlanForm, as_id, as_ids, day, line
from baken.web.texts import catalogue


def body_choices(session: Session, *, by: Actor, today: date) -> list[Any]:
    """The bodies this person finds that have not ended."""
    if not may(by, Action.SEE_BODIES):
        return []
    found = list_bodies(session, by=by, today=today)
    return [option(str(one.id), one.name) for one in found if one.state != BodyState.ENDED]


class BallotForm(PlanForm):
    """A vote: on what, by whom, with or without a name."""

    title = line("votes.name", length=200, hint="votes.name_hint")
    priority_ids = SelectMultipleField("votes.options", validators=[InputRequired()])
    dots = whole("votes.dots", low=1, high=MOST_DOTS, hint="votes.dots_hint")
    body_id = SelectField("votes.body", description="votes.body_hint", default="")
    roles = SelectMultipleField("votes.roles", [HintSays()], description="votes.roles_hint")
    is_anonymous = BooleanField("votes.anonymous", description="votes.anonymous_hint")
    min_group = whole("votes.min_group", low=FLOOR_MIN_GROUP, high=1_000)
    closes_on = day("votes.closes_on")

    def offer(self, session: Session, *, by: Actor, today: date) -> Self:
        proposed = [one for one in list_priorities(session) if one.state == PriorityState.PROPOSED]
        self.priority_ids.choices = [option(str(one.id), one.title) for one in proposed]
        voters = [role for role in Role if role in ALLOWED[Action.VOTE_PRIORITIES]]
        self.roles.choices = [option(role.value, f"people.role_{role}") for role in voters]
        none = option("", catalogue(self.language)("votes.no_body"))
        self.body_id.choices = [none, *body_choices(session, by=by, today=today)]
        return self

    def fields(self, today: date) -> BallotFields:
        return BallotFields(
            title=self.title.data or "",
            is_anonymous=self.is_anonymous.data,
            dots=self.dots.data or 0,
            roles=frozenset(map(Role, self.roles.data or ())),
            body_id=as_id(self.body_id.data),
            min_group=self.min_group.data or 0,
            closes_on=self.closes_on.data or today,
            priority_ids=as_ids(self.priority_ids.data),
        )


class VoteForm(PlanForm):
    """One's own vote."""

    chosen = SelectMultipleField("votes.chosen", validators=[InputRequired()])

    def offer(self, options: Iterable[tuple[Any, str]]) -> Self:
        self.chosen.choices = [option(str(key), title) for key, title in options]
        return self
