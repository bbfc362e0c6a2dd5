"""People with a task, their roles, and the account they log in with."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Regexp

from baken.organisation import accounts, people
from baken.organisation.errors import OrganisationError
from baken.organisation.people import PersonRow
from baken.organisation.permissions import Action, Actor, Role
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import Refused, day, line, option
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

# No sign that looks like another one, so that a password can be read out. 20 signs hold 98 bits.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS: Final = 4
_GROUP: Final = 5
_IS_ADDRESS: Final = Regexp(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\Z", message="people.mail_odd")


class PersonForm(BackOfficeForm):
    """Somebody new, with a first role."""

    name = line("people.name", length=200)
    role = SelectField(
        "people.role",
        [InputRequired()],
        choices=[option(str(role), f"people.role_{role}") for role in Role],
    )
    unit = SelectField("people.unit", description="people.unit_hint")
    task = line("people.task", length=200, hint="people.task_hint", required=False)
    mail = line("people.mail", length=254, required=False, more=(_IS_ADDRESS,))
    account = BooleanField("people.account", description="people.account_hint")

    def validate_account(self, field: Any) -> None:
        """Whoever logs in does so with an address."""
        if field.data and not self.mail.data:
            raise Refused("people.mail_missing")

    @property
    def unit_id(self) -> UUID | None:
        return UUID(self.unit.data) if self.unit.data else None


class EndForm(BackOfficeForm):
    """The last day of a role."""

    until_on = day("people.until_on", hint="people.until_on_hint")
    today: date

    def validate_until_on(self, field: Any) -> None:
        """Yesterday ends it now; a day long gone would rewrite who could do what."""
        if field.data and field.data < self.today - timedelta(days=1):
            raise Refused("people.until_on_past")


class PeoplePages(Controller):
    """Who has which task."""

    path = "/o/{organisation_id:uuid}/people"

    @get("/", opt={"action": Action.SEE_PEOPLE}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
    ) -> Response[str]:
        rows = tuple(people.list_people(session, by=actor, today=today))
        return page(request, "organisation/people.html", rows=rows)

    @get("/new", opt={"action": Action.EDIT_PEOPLE}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = PersonForm.blank(language, {"role": Role.STEERING_MEMBER})
        _offer_units(form, session, today)
        return page(request, "organisation/person.html", form=form)

    @post("/new", opt={"action": Action.EDIT_PEOPLE}, sync_to_thread=True, status_code=200)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = PersonForm.read(form, language)
        _offer_units(sent, session, today)
        if not sent.validate():
            return refused(request, session, "organisation/person.html", form=sent)
        try:
            password = _add(session, sent, by=actor, today=today, now=now)
        except OrganisationError as error:
            return refused(request, session, "organisation/person.html", form=sent, error=error)
        if not password:
            return done(request, see=frame_of(request).url("/people"), said="people.done_added")
        return page(
            request,
            "organisation/person_added.html",
            name=sent.name.data,
            mail=sent.mail.data,
            password=password,
        )

    @get(
        "/{person_id:uuid}/roles/{role:str}",
        opt={"action": Action.EDIT_PEOPLE},
        sync_to_thread=True,
    )
    def end_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        person_id: FromPath[UUID],
        role: FromPath[str],
    ) -> Response[str]:
        person = _holder(session, person_id, role, by=actor, today=today)
        form = EndForm.blank(language, {"until_on": today})
        return page(
            request, "organisation/end_role.html", form=form, person=person, role=Role(role)
        )

    @post(
        "/{person_id:uuid}/roles/{role:str}",
        opt={"action": Action.EDIT_PEOPLE},
        sync_to_thread=True,
    )
    def end(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        person_id: FromPath[UUID],
        role: FromPath[str],
    ) -> Response[str]:
        person = _holder(session, person_id, role, by=actor, today=today)
        shown: dict[str, Any] = {"person": person, "role": Role(role)}
        sent = EndForm.read(form, language)
        sent.today = today
        template = "organisation/end_role.html"
        if not sent.validate():
            return refused(request, session, template, form=sent, **shown)
        last_day: date = sent.data["until_on"]
        try:
            people.end_role(
                session, person_id, Role(role), until_on=last_day, by=actor, today=today
            )
        except OrganisationError as error:
            return refused(request, session, template, form=sent, error=error, **shown)
        return done(request, see=frame_of(request).url("/people"), said="people.done_ended")


def _add(session: Session, sent: PersonForm, *, by: Actor, today: date, now: datetime) -> str:
    """Add the person, and the account where one is wanted; return its password.

    One transaction for both: an account without a person could never log in anywhere.
    """
    password = new_password() if sent.account.data else ""
    account_id = None
    if password:
        account_id = accounts.make_account(
            session,
            mail=str(sent.mail.data),
            name=str(sent.name.data),
            password=password,
            language=sent.language,
            by=by.person_id,
            now=now,
        ).id
    people.add_person(
        session,
        name=str(sent.name.data),
        mail=str(sent.mail.data),
        task=str(sent.task.data),
        role=Role(sent.role.data),
        unit_id=sent.unit_id,
        account_id=account_id,
        by=by,
        today=today,
    )
    return password


def new_password() -> str:
    """A password for the first log-in: four groups of five signs."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _offer_units(form: PersonForm, session: Session, today: date) -> None:
    units = [option(str(unit.id), unit.name) for unit in list_units(session, on=today)]
    form.unit.choices = [option("", "people.no_unit"), *units]


def _holder(session: Session, person_id: UUID, role: str, *, by: Actor, today: date) -> PersonRow:
    """The person who holds the role today; no page for anybody else."""
    for row in people.list_people(session, by=by, today=today):
        if row.id == person_id and any(held == role for held, _ in row.roles):
            return row
    raise NotFoundException
