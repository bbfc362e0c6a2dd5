"""People with a task: who they are, adding somebody, and somebody who leaves."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation import people
from baken.organisation.accounts.lost_factor_lists import list_in_organisation
from baken.organisation.open_invitations import list_open
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.roles import list_roles_to_give, take_away_all
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.pages.people_forms import EditForm, PersonForm
from baken.web.pages.people_invitation import invite_and_say
from baken.web.pages.people_views import PersonLine, acts_about, roles_in_words, why_few_roles
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

ADD: Final = "organisation/person_form.html"
EDIT: Final = "organisation/person_edit.html"
LEAVE: Final = "organisation/person_leave.html"


class PeoplePages(Controller):
    """Who has which task."""

    path = "/o/{organisation_id:uuid}/people"

    @get("/", opt={"action": Action.SEE_PEOPLE}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        database: NamedDependency[Database],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        organisation_id: FromPath[UUID],
    ) -> Response[str]:
        invited = list_open(session, now=now)
        lines = [
            PersonLine.of(row, invited)
            for row in people.list_people(session, by=actor, today=today)
        ]
        return page(
            request,
            "organisation/people.html",
            lines=tuple(line for line in lines if line.person.open_roles),
            without=tuple(line for line in lines if not line.person.open_roles),
            n_lost=len(list_in_organisation(database, organisation_id, now=now)),
        )

    @get("/new", opt={"action": Action.EDIT_PEOPLE, "fresh": True}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        has_mail = settings.mail is not None
        roles = list_roles_to_give(session, by=actor, today=today)
        form = PersonForm.blank(language, {"from_on": today, "invite": True})
        form.offer(session, roles, language, today=today).name_way(has_mail=has_mail)
        few = why_few_roles(session, roles, language, today=today)
        words = roles_in_words(roles)
        return page(request, ADD, form=form, roles=words, few=few, has_mail=has_mail)

    @post("/new", opt={"action": Action.EDIT_PEOPLE, "fresh": True}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        has_mail = settings.mail is not None
        roles = list_roles_to_give(session, by=actor, today=today)
        sent = PersonForm.read(form, language).offer(session, Role, language, today=today)
        sent.name_way(has_mail=has_mail)
        few = why_few_roles(session, roles, language, today=today)
        shown: dict[str, Any] = {"roles": roles_in_words(roles), "few": few, "has_mail": has_mail}
        if not sent.validate():
            return refused(request, session, ADD, form=sent, **shown)
        acted: dict[str, Any] = {"by": actor, "today": today, "now": now}
        try:
            person_id = _add(session, sent, **acted)
            if sent.invite.data:
                return invite_and_say(
                    request, session, person_id, settings=settings, keys=keys, **acted
                )
        except BakenError as error:
            return refused(request, session, ADD, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/people/{person_id}")
        return done(request, see=see, said="people.done_added")

    @get("/{person_id:uuid}", opt={"action": Action.SEE_PEOPLE}, sync_to_thread=True)
    def person_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        person = people.get_person(session, person_id, by=actor, today=today)
        sees_acts = may(actor, Action.SEE_AUDIT)
        return page(
            request,
            "organisation/person.html",
            line=PersonLine.of(person, list_open(session, now=now)),
            person=person,
            past=tuple(role for role in person.roles if not role.is_open),
            acts=acts_about(session, person_id, language) if sees_acts else (),
            is_self=person.id == actor.person_id,
            has_mail=settings.mail is not None,
        )

    @get(
        "/{person_id:uuid}/edit",
        opt={"action": Action.EDIT_PEOPLE, "fresh": True},
        sync_to_thread=True,
    )
    def edit_page(
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
        return page(request, EDIT, form=EditForm.of(person, language), person=person)

    @post(
        "/{person_id:uuid}/edit",
        opt={"action": Action.EDIT_PEOPLE, "fresh": True},
        sync_to_thread=True,
    )
    def edit(
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
        sent = EditForm.read(form, language)
        if not sent.validate():
            return refused(request, session, EDIT, form=sent, person=person)
        try:
            people.edit_person(session, person_id, **sent.data, by=actor, today=today, now=now)
        except BakenError as error:
            return refused(request, session, EDIT, form=sent, error=error, person=person)
        see = frame_of(request).url(f"/people/{person_id}")
        return done(request, see=see, said="people.done_changed")

    @get(
        "/{person_id:uuid}/leave",
        opt={"action": Action.EDIT_PEOPLE, "fresh": True},
        sync_to_thread=True,
    )
    def leave_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        person = people.get_person(session, person_id, by=actor, today=today)
        return page(request, LEAVE, person=person)

    @post(
        "/{person_id:uuid}/leave",
        opt={"action": Action.EDIT_PEOPLE, "fresh": True},
        sync_to_thread=True,
    )
    def leave(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        take_away_all(session, person_id, by=actor, today=today, now=now)
        is_self = person_id == actor.person_id
        see = "/organisations" if is_self else frame_of(request).url(f"/people/{person_id}")
        return done(request, see=see, said="people.done_left")


def _add(session: Session, sent: PersonForm, *, by: Actor, today: date, now: datetime) -> UUID:
    person = people.add_person(
        session,
        name=str(sent.name.data),
        mail=str(sent.mail.data or ""),
        task=str(sent.task.data or ""),
        role=Role(sent.role.data),
        unit_id=sent.unit_id,
        from_on=sent.from_on.data,
        until_on=sent.until_on.data,
        by=by,
        today=today,
        now=now,
    )
    return person.id
