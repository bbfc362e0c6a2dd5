"""Taking a reference along: entered once, used for several clients, each with a copy of its own."""

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.analysis.references.actions import check_own, take_along
from baken.analysis.references.models import ReferenceSet
from baken.analysis.references.queries import get_reference_set
from baken.organisation.accounts.sessions import LoggedIn
from baken.organisation.organisations import OrganisationRow, list_of_account
from baken.organisation.people import get_actor
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.removals.actions import check_not_started
from baken.storage.errors import BakenError
from baken.storage.session import Database
from baken.web.body import Form
from baken.web.pages.reference_forms import AlongForm
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

FORM: Final = "analysis/reference_along.html"
EDIT: Final = {"action": Action.EDIT_REFERENCES}


class ReferenceAlong(Controller):
    """To other organisations where the same account may enter references."""

    path = "/o/{organisation_id:uuid}/references/{reference_id:uuid}/along"

    @get("/", opt=EDIT, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        actor: NamedDependency[Actor],
        account: NamedDependency[LoggedIn],
        today: NamedDependency[date],
        language: NamedDependency[str],
        reference_id: FromPath[UUID],
    ) -> Response[str]:
        row = _own(database, reference_id, by=actor)
        told: dict[str, str | bool] = {"country": row.country, "sector": row.sector}
        told |= {"is_other_country": row.is_other_country, "is_other_sector": row.is_other_sector}
        form = AlongForm.blank(language, told)
        others = _others(database, account, actor, today=today)
        return page(request, FORM, form=form, row=row, others=others)

    @post("/", opt=EDIT, sync_to_thread=True, status_code=200)
    def take(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        actor: NamedDependency[Actor],
        account: NamedDependency[LoggedIn],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        reference_id: FromPath[UUID],
    ) -> Response[str]:
        row = _own(database, reference_id, by=actor)
        others = _others(database, account, actor, today=today)
        sent = AlongForm.read(form, language)
        sent.chosen = tuple(form.getlist("client"))
        chosen = [one for one in others if str(one.id) in sent.chosen]
        if not chosen:
            sent.refusals = (catalogue(language)("references.along_none"),)
        if not sent.validate() or not chosen:
            return page(request, FORM, status=422, form=sent, row=row, others=others)
        texts, refusals = catalogue(language), {}
        for one in chosen:
            try:
                _copy(database, one, row, sent, account, today=today)
            except BakenError as error:
                refusals[str(one.id)] = texts.labelled(one.name, texts.refusal(error))
        if refusals:
            # The others have it by now; those that are left stay ticked and are said by name.
            sent.chosen, sent.refusals = tuple(refusals), tuple(refusals.values())
            return page(request, FORM, status=422, form=sent, row=row, others=others)
        see = frame_of(request).url(f"/references/{reference_id}")
        return done(request, see=see, said="references.done_along")


def _own(database: Database, reference_id: UUID, *, by: Actor) -> ReferenceSet:
    with database.read(by.organisation_id) as session:
        row = get_reference_set(session, reference_id, by=by)
        check_own(row, by=by)
        return row


def _others(
    database: Database, account: LoggedIn, actor: Actor, *, today: date
) -> tuple[OrganisationRow, ...]:
    """Return the other organisations where this account may enter references today."""
    found = []
    for one in list_of_account(database, account.account_id, today=today):
        with database.read(one.id) as session:
            by = get_actor(session, account.account_id, today=today)
        if one.id != actor.organisation_id and may(by, Action.EDIT_REFERENCES):
            found.append(one)
    return tuple(found)


def _copy(
    database: Database,
    client: OrganisationRow,
    row: ReferenceSet,
    sent: AlongForm,
    account: LoggedIn,
    *,
    today: date,
) -> None:
    """Write in the other organisation, as the person that the account is there."""
    with database.session(client.id) as session:
        check_not_started(session)
        by = get_actor(session, account.account_id, today=today)
        take_along(session, row, sent.described, by=by, today=today)
