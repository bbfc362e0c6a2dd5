"""Forms about people and their roles."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Regexp

from baken.organisation.addresses import LOOKS_LIKE
from baken.organisation.people import PersonRow, RoleRow
from baken.organisation.permissions import Role
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import HintSays, Refused, day, line, option, whole
from baken.web.texts import catalogue

IS_ADDRESS: Final = Regexp(rf"{LOOKS_LIKE.pattern}\Z", message="people.mail_odd")
_MANY_EDITS: Final = 1_000_000

ON_DAY, NO_END, AT_ONCE = "on_day", "no_end", "at_once"


class DetailsForm(BackOfficeForm):
    """Who somebody is."""

    name = line("people.name", length=200)
    task = line("people.task", length=200, hint="people.task_hint", required=False)
    mail = line("people.mail", length=254, required=False, more=(IS_ADDRESS,))


class EditForm(DetailsForm):
    """Who somebody is, to be corrected."""

    version = whole("people.version", low=1, high=_MANY_EDITS)

    @classmethod
    def of(cls, person: PersonRow, language: str) -> Self:
        """The form, filled with what is known."""
        known = {"name": person.name, "task": person.task, "mail": person.mail}
        return cls.blank(language, {**known, "version": person.version})


class RoleForm(BackOfficeForm):
    """A role, for a unit where it needs one, from a day until a day."""

    role = SelectField("people.role", [InputRequired()], description="people.role_hint")
    unit = SelectField("people.unit", [HintSays()], description="people.unit_hint")
    from_on = day("people.from_on")
    until_on = day(
        "people.until_on", hint="people.until_on_hint", required=False, more=(HintSays(),)
    )

    def offer(self, session: Session, roles: Iterable[Role], language: str, *, today: date) -> Self:
        """Fill in what there is to choose."""
        offered = frozenset(roles)
        known: Any = self.role
        known.choices = [
            option("", "people.role_choose"),
            *(option(str(role), f"people.role_{role}") for role in Role if role in offered),
        ]
        units: Any = self.unit
        units.choices = [
            option("", catalogue(language)("people.no_unit")),
            *(option(str(unit.id), unit.name) for unit in list_units(session, on=today)),
        ]
        return self

    @property
    def unit_id(self) -> UUID | None:
        return UUID(self.unit.data) if self.unit.data else None


class PersonForm(DetailsForm, RoleForm):
    """Somebody new, with a first role."""

    invite = BooleanField("people.invite", description="people.invite_hint")

    def name_way(self, *, has_mail: bool) -> Self:
        """Say how the invitation goes: by mail, or with a link to hand over."""
        if not has_mail:
            self.invite.label.text = "people.invite_link"
            self.invite.description = "people.invite_link_hint"
        return self

    def validate_invite(self, field: Any) -> None:
        """An invitation goes to an address."""
        if field.data and not self.mail.data:
            raise Refused("people.mail_missing")


class LastDayForm(BackOfficeForm):
    """When a role ends."""

    how = RadioField(
        "people.how",
        [InputRequired()],
        choices=[
            option(ON_DAY, "people.how_on_day"),
            option(NO_END, "people.how_no_end"),
            option(AT_ONCE, "people.how_at_once"),
        ],
    )
    until_on = day("people.until_on", hint="people.until_on_hint_day", required=False)
    version = whole("people.version", low=1, high=_MANY_EDITS)

    @classmethod
    def of(cls, role: RoleRow, language: str, *, today: date) -> Self:
        """The form, filled with how the role ends now."""
        values = {"how": ON_DAY, "until_on": role.until_on or today, "version": role.version}
        return cls.blank(language, values)

    def validate_how(self, field: Any) -> None:
        """A last day is needed where one was chosen."""
        if field.data == ON_DAY and not any(self.until_on.raw_data or ()):
            raise Refused("people.until_on_missing")
