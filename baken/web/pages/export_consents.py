"""What whoever reads it here lets go along with an export."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor, holders_of
from baken.organisation.transfers import consents
from baken.organisation.transfers.consents import READS, PartRow
from baken.storage.session import Session
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import Catalogue, catalogue

ALLOWING: Final = {"action": Action.ALLOW_IN_EXPORT, "fresh": True}


@dataclass(frozen=True, slots=True)
class PartView:
    """A guarded part in words."""

    part: str
    name: str
    state: str
    is_allowed: bool

    @classmethod
    def of(cls, row: PartRow, say: Catalogue) -> "PartView":
        if row.until_on:
            state = say("exports.part_goes", name=row.allowed_by, day=row.until_on)
        elif row.is_mine:
            state = say("exports.part_stays_short")
        else:
            state = say("exports.part_stays", who=holders_of(READS[row.part]))
        return cls(row.part, say(f"exports.part_{row.part}"), state, row.until_on is not None)


class ExportConsents(Controller):
    """Allowing a part, and taking that back."""

    path = "/o/{organisation_id:uuid}/organisation/export-consents"

    @get("/", opt={"action": Action.ALLOW_IN_EXPORT}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        say = catalogue(language)
        rows = consents.list_parts(session, by=actor, today=today)
        mine = tuple(PartView.of(row, say) for row in rows if row.is_mine)
        return page(request, "organisation/export_consents.html", rows=mine)

    @post("/{part:str}/allow", opt=ALLOWING, sync_to_thread=True)
    def allow(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        part: FromPath[str],
    ) -> Response[str]:
        consents.allow(session, part, by=actor, today=today, now=now)
        return _done(request, "exports.done_allowed")

    @post("/{part:str}/refuse", opt=ALLOWING, sync_to_thread=True)
    def refuse(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        part: FromPath[str],
    ) -> Response[str]:
        consents.refuse(session, part, by=actor, now=now)
        return _done(request, "exports.done_refused")


def _done(request: PageRequest, said: str) -> Response[str]:
    return done(request, see=frame_of(request).url("/organisation/export-consents"), said=said)
