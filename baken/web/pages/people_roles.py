"""Roles of one person: giving one, changing its last day; and the invitation to log in."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.organisation import invitations, people
from baken.organisation.people import PersonRow, RoleRow
from baken.organisation.permissions import Action, Actor, Role
from baken.organisation.roles import change_last_day, give_role, list_roles_to_give, take_away
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.people_forms import AT_ONCE, ON_DAY, LastDayForm, RoleForm
from baken.web.pages.people_invitation import invite_and_say
from baken.web.pages.people_views import roles_in_words, why_few_roles
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

GIVE: Final = "organisation/role_form.html"
END: Final = "organisation/role_end.html"


class RolePages(Controller):
    """What one person may do, and since when."""

    path = "/o/{organisation_id:uuid}/people/{person_id:uuid}"

    @get("/roles/new", opt={"action": Action.EDIT_PEOPLE, "fresh": True}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        person = people.get_person(session, person_id, by=actor, today=today)
        roles = list_roles_to_give(session, by=actor, today=today)
        form = RoleForm.blank(language, {"from_on": today})
        form.offer(session, roles, language, today=today)
        few = why_few_roles(session, roles, language, today=today)
        words = roles_in_words(roles)
        return page(request, GIVE, form=form, person=person, roles=words, few=few)

    @post("/roles/new", opt={"action": Action.EDIT_PEOPLE, "fresh": True}, sync_to_thread=True)
    def give(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        person = people.get_person(session, person_id, by=actor, today=today)
        roles = list_roles_to_give(session, by=actor, today=today)
        sent = RoleForm.read(form, language).offer(session, Role, language, today=today)
        few = why_few_roles(session, roles, language, today=today)
        shown: dict[str, Any] = {"person": person, "roles": roles_in_words(roles), "few": few}
        if not sent.validate():
            return refused(request, session, GIVE, form=sent, **shown)
        try:
            give_role(
                session,
                person_id,
                Role(sent.role.data),
                unit_id=sent.unit_id,
                from_on=sent.data["from_on"],
                until_on=sent.until_on.data,
                by=actor,
                today=today,
                now=now,
            )
        except BakenError as error:
            return refused(request, session, GIVE, form=sent, error=error, **shown)
        return done(request, see=_home(request, person), said="people.done_role_given")

    @get(
        "/roles/{grant_id:uuid}",
        opt={"action": Action.EDIT_PEOPLE, "fresh": True},
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
        grant_id: FromPath[UUID],
    ) -> Response[str]:
        person, role = _holder(session, person_id, grant_id, by=actor, today=today)
        form = LastDayForm.of(role, language, today=today)
        return page(request, END, form=form, person=person, role=role)

    @post(
        "/roles/{grant_id:uuid}",
        opt={"action": Action.EDIT_PEOPLE, "fresh": True},
        sync_to_thread=True,
    )
    def end(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        person_id: FromPath[UUID],
        grant_id: FromPath[UUID],
    ) -> Response[str]:
        person, role = _holder(session, person_id, grant_id, by=actor, today=today)
        shown: dict[str, Any] = {"person": person, "role": role}
        sent = LastDayForm.read(form, language)
        if not sent.validate():
            return refused(request, session, END, form=sent, **shown)
        acted: dict[str, Any] = {
            "version": sent.version.data,
            "by": actor,
            "today": today,
            "now": now,
        }
        try:
            if sent.how.data == AT_ONCE:
                take_away(session, grant_id, **acted)
            else:
                until_on = sent.until_on.data if sent.how.data == ON_DAY else None
                change_last_day(session, grant_id, until_on, **acted)
        except BakenError as error:
            return refused(request, session, END, form=sent, error=error, **shown)
        at_once = sent.how.data == AT_ONCE
        is_self = person.id == actor.person_id
        see = "/organisations" if at_once and is_self else _home(request, person)
        said = "people.done_taken_away" if at_once else "people.done_role_changed"
        return done(request, see=see, said=said)

    @post("/invitation", opt={"action": Action.EDIT_PEOPLE, "fresh": True}, sync_to_thread=True)
    def invite(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        return invite_and_say(
            request,
            session,
            person_id,
            settings=settings,
            keys=keys,
            by=actor,
            today=today,
            now=now,
        )

    @post(
        "/invitation/withdraw",
        opt={"action": Action.EDIT_PEOPLE, "fresh": True},
        sync_to_thread=True,
    )
    def withdraw(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        person = people.get_person(session, person_id, by=actor, today=today)
        invitations.withdraw(session, person_id, by=actor, now=now)
        return done(request, see=_home(request, person), said="people.done_withdrawn")


def _home(request: PageRequest, person: PersonRow) -> str:
    return frame_of(request).url(f"/people/{person.id}")


def _holder(
    session: Session, person_id: UUID, grant_id: UUID, *, by: Actor, today: date
) -> tuple[PersonRow, RoleRow]:
    """The person and the open role that the address names."""
    person = people.get_person(session, person_id, by=by, today=today)
    for role in person.open_roles:
        if role.id == grant_id:
            return person, role
    raise NotFoundException
