"""Requests of people who lost their second factor, for those who may approve them."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.accounts import lost_factor_lists, lost_factor_rules, lost_factors
from baken.organisation.accounts.lost_factor_lists import LostFactorRow
from baken.organisation.accounts.lost_factor_rules import Approver
from baken.organisation.accounts.lost_factor_standing import get_reach
from baken.organisation.accounts.sessions import LoggedIn
from baken.organisation.errors import Denied, NotFound
from baken.organisation.models import Person
from baken.organisation.permissions import Action
from baken.storage.session import Database, Session
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.settings import Settings


class _Requests(Controller):
    """What both kinds of approvers do: look at requests, approve one, stop one."""

    @get("/", sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        account: NamedDependency[LoggedIn],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        _approver(request, account)
        rows = _rows(request, database, now=now)
        return page(
            request, "account/lost_factors.html", rows=rows, account=account, root=_root(request)
        )

    @get("/{request_id:uuid}", opt={"fresh": True}, sync_to_thread=True)
    def one_page(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
        request_id: FromPath[UUID],
    ) -> Response[str]:
        _approver(request, account)
        row = _find(_rows(request, database, now=now), request_id)
        reach = get_reach(database, row.account_id, today=today)
        needs_reader = reach.reads_facts and not reach.needs_installer
        return page(
            request,
            "account/lost_factor.html",
            row=replace(row, needs_installer=reach.needs_installer, needs_reader=needs_reader),
            account=account,
            root=_root(request),
            has_mail=settings.mail is not None,
        )

    @post("/{request_id:uuid}/approve", opt={"fresh": True}, sync_to_thread=True)
    def approve(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
        request_id: FromPath[UUID],
    ) -> Response[str]:
        by = _approver(request, account)
        is_by_mail = settings.mail is not None
        lost_factors.approve(
            database, request_id, is_by_mail=is_by_mail, by=by, now=now, today=today
        )
        return done(request, see=_root(request), said="account.done_lost_approved")

    @post("/{request_id:uuid}/stop", opt={"fresh": True}, sync_to_thread=True)
    def stop(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
        request_id: FromPath[UUID],
    ) -> Response[str]:
        by = _approver(request, account)
        lost_factors.stop(database, request_id, by=by, now=now, today=today)
        return done(request, see=_root(request), said="account.done_lost_stopped")


class InstallerPages(_Requests):
    """Those who look after the installation: everybody's requests."""

    path = "/account/lost-factors"
    opt = {"account": True}


class LostFactorPages(_Requests):
    """Administrators of one organisation: the people who have a task there."""

    path = "/o/{organisation_id:uuid}/lost-factors"
    opt = {"action": Action.EDIT_PEOPLE}

    @get("/new/{person_id:uuid}", opt={"fresh": True}, sync_to_thread=True)
    def ask_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        person = _person(session, person_id)
        return page(
            request,
            "account/lost_factor_ask.html",
            name=person.name,
            person_id=person.id,
            root=_root(request),
            has_mail=settings.mail is not None,
        )

    @post("/new/{person_id:uuid}", opt={"fresh": True}, sync_to_thread=True)
    def ask(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
        organisation_id: FromPath[UUID],
        person_id: FromPath[UUID],
    ) -> Response[str]:
        with database.read(organisation_id) as session:
            account_id = _account_of(_person(session, person_id))
        by = _approver(request, account)
        lost_factor_rules.check_may_look(get_reach(database, account_id, today=today), by)
        lost_factors.ask(
            database,
            account_id,
            is_by_mail=settings.mail is not None,
            by=account.account_id,
            now=now,
            today=today,
        )
        return done(request, see=_root(request), said="account.done_lost_asked")


def _rows(request: PageRequest, database: Database, *, now: datetime) -> list[LostFactorRow]:
    """The requests of the organisation whose page it is, or of everybody."""
    place = frame_of(request).place
    if place is not None:
        return lost_factor_lists.list_in_organisation(database, place.id, now=now)
    with database.read(None) as session:
        return lost_factor_lists.list_everywhere(session, now=now)


def _approver(request: PageRequest, account: LoggedIn) -> Approver:
    """Who asks: for an organisation on its pages, for the installation outside of them."""
    place = frame_of(request).place
    if place is None and not account.is_installer:
        raise Denied(
            "organisation.installers_only",
            "Only somebody who looks after the whole installation may do this.",
        )
    return Approver(account.account_id, account.is_installer, place.id if place else None)


def _root(request: PageRequest) -> str:
    return (
        frame_of(request).url("/lost-factors") if frame_of(request).place else InstallerPages.path
    )


def _find(rows: list[LostFactorRow], request_id: UUID) -> LostFactorRow:
    for row in rows:
        if row.id == request_id:
            return row
    raise NotFound("organisation.no_lost_factor", "This request is over, or never was.")


def _person(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("organisation.no_such_person", "This person does not exist.")
    return person


def _account_of(person: Person) -> UUID:
    if person.account_id is None:
        raise NotFound("organisation.no_account", "This person has no account.")
    return person.account_id
