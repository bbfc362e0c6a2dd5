"""Scans of a stack: a file comes in, its forms go into the spool, and what is left out is named."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from litestar import Controller, MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.sheet import room_for_pictures
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.batches import check_is_first, get_batch
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.first_entry import lay_aside
from baken.survey.paper.layout import Layout
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scan_reports import read_report
from baken.survey.paper.scanning.apart import FIELD_BYTES, read_apart
from baken.survey.paper.scanning.errors import empty_scan, large_scan
from baken.survey.paper.scanning.limits import MAX_MIB, MAX_PAGES
from baken.survey.paper.scanning.sealed_files import SealedFile
from baken.survey.paper.scans import find_scan, layouts_to_read, take_scan
from baken.web.arriving import passing_file
from baken.web.body import Form
from baken.web.pages.access import arrival_of
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_entry_views import BatchView
from baken.web.pages.paper_keying import MOST_SIGNS
from baken.web.pages.reply import PageRequest, done, frame_of, page, see_page
from baken.web.texts import catalogue

KEYS: Final = {"action": Action.KEY_SHEETS, "fresh": True}
SENDS: Final = {"action": Action.KEY_SHEETS}
STREAMS: Final = {"action": Action.KEY_SHEETS, "streams": True}
PAGE: Final = "survey/paper_scan.html"
REPORT: Final = "survey/paper_scan_report.html"

# A little more than a file may have: its own sentence says what the limit is.
BODY_LIMIT: Final = (MAX_MIB + 1) * 2**20

# Files are read one at a time: each takes a processor of its own.
_READING: Final = CapacityLimiter(1)

# Of the file that is being read: pages read, and how many there are. For whoever waits for it.
_SO_FAR: Final[dict[UUID, tuple[int, int]]] = {}


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who scans for which stack, and when."""

    database: Database
    keys: KeyStore
    by: Actor
    today: date
    campaign_id: UUID
    batch_id: UUID

    def layouts(self) -> dict[str, Layout]:
        """What may lie in the stack; refused before anything is written when nothing may come."""
        with self.database.read(self.by.organisation_id) as session:
            return layouts_to_read(
                session,
                self.keys,
                self.campaign_id,
                self.batch_id,
                by=self.by,
                today=self.today,
            )

    def field_bytes(self) -> int:
        """Bytes for what is written below one open question: as much as goes into an envelope."""
        with self.database.read(self.by.organisation_id) as session:
            shape = get_campaign(session, self.campaign_id).sheet_shape
        return (room_for_pictures(shape) if shape else 0) or FIELD_BYTES

    def find(self, digest: bytes) -> UUID | None:
        """The report of this very file, when it was read for the stack before."""
        with self.database.read(self.by.organisation_id) as session:
            return find_scan(
                session, self.keys, self.batch_id, digest, by=self.by, today=self.today
            )

    def take(self, file: SealedFile, digest: bytes, layouts: dict[str, Layout]) -> UUID:
        """Read a file, then keep its forms in one transaction: all of them, or none."""
        field_bytes = self.field_bytes()
        try:
            found = read_apart(file, layouts, field_bytes=field_bytes, said=self._say)
        finally:
            _SO_FAR.pop(self.batch_id, None)
        with self.database.session(self.by.organisation_id) as session:
            return take_scan(
                session,
                self.keys,
                self.batch_id,
                digest,
                found.pages,
                by=self.by,
                today=self.today,
                boxes=found.boxes,
            )

    def _say(self, n_read: int, total: int) -> None:
        _SO_FAR[self.batch_id] = (n_read, total)


class ScanPages(Controller):
    """Files of a scanner for one stack."""

    path = (
        "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches/{batch_id:uuid}/scan"
    )

    @get("/", opt=KEYS, sync_to_thread=True)
    def file_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        if batch.state is not BatchState.ENTERING or batch.way is not Way.SCANNED:
            return see_page(_path(request, campaign_id, batch_id))
        return page(request, PAGE, **_shown(request, session, actor, today, batch))

    # Not asked for a second factor here: the page was, and a scan must not wait for it.
    @post("/", opt=STREAMS, request_max_body_size=BODY_LIMIT)
    async def take(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        desk = _Desk(database, keys, actor, today, campaign_id, batch_id)
        try:
            scan_id, is_known = await _received(request, desk)
        except BakenError as error:
            if error.kind == "missing":
                raise
            return await to_thread.run_sync(_refused, request, desk, error)
        see = _path(request, campaign_id, batch_id, f"/scan/{scan_id}")
        return done(request, see=see, said="paper_scans.done_before" if is_known else "")

    @get("/progress", opt=SENDS, sync_to_thread=True, media_type=MediaType.TEXT)
    def progress(
        self,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> str:
        """How far the file is that whoever scans has just sent; empty while none is being read."""
        check_is_first(session, get_batch(session, campaign_id, batch_id), actor)
        if batch_id not in _SO_FAR:
            return ""
        n_read, total = _SO_FAR[batch_id]
        t = catalogue(language)
        return (
            t("paper_scans.read_of", read=n_read, total=total)
            if total
            else t("paper_scans.read_some", count=n_read)
        )

    @get("/{scan_id:uuid}", opt=SENDS, sync_to_thread=True)
    def report_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
        scan_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        report = read_report(session, keys, batch, scan_id, by=actor, today=today)
        shown = _shown(request, session, actor, today, batch)
        return page(request, REPORT, report=report, scan_id=scan_id, **shown)

    @post("/aside", opt=SENDS, sync_to_thread=True)
    def aside(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        sent = form.get("aside")[:MOST_SIGNS]
        seen = int(sent) if sent.isascii() and sent.isdigit() else batch.n_aside
        lay_aside(session, batch_id, seen=seen, by=actor)
        see = _path(request, campaign_id, batch_id, "/scan")
        return done(request, see=see, said="paper_entry.done_aside")


async def _received(request: PageRequest, desk: _Desk) -> tuple[UUID, bool]:
    """The report of the file that came, and whether it is one of before."""
    arrival = arrival_of(request)
    layouts = await to_thread.run_sync(desk.layouts)
    if not arrival.has_file:
        raise NotThisSheet("paper_entry.no_scan_chosen", "Choose the file of the scanner first.")
    async with passing_file() as sealed:
        with sealed.open("wb") as file:
            digest = await arrival.save(file, MAX_MIB * 2**20)
        if digest is None:
            raise large_scan(MAX_MIB)
        if sealed.size == 0:
            raise empty_scan()
        known = await to_thread.run_sync(desk.find, digest)
        if known is not None:
            return known, True
        take: Callable[[], UUID] = partial(desk.take, sealed, digest, layouts)
        return await to_thread.run_sync(take, limiter=_READING), False


def _refused(request: PageRequest, desk: _Desk, error: BakenError) -> Response[str]:
    with desk.database.read(desk.by.organisation_id) as session:
        batch = get_batch(session, desk.campaign_id, desk.batch_id)
        shown = _shown(request, session, desk.by, desk.today, batch)
        shown["refusal"] = catalogue(frame_of(request).language).refusal(error)
        return page(request, PAGE, status=422, **shown)


def _shown(
    request: PageRequest, session: Session, by: Actor, today: date, batch: PaperBatch
) -> dict[str, Any]:
    campaign = get_campaign(session, batch.campaign_id)
    t = catalogue(frame_of(request).language)
    return {
        "campaign": CampaignRow.of(campaign),
        "batch": BatchView.of(batch, campaign, t, by, today),
        "most_mib": MAX_MIB,
        "most_pages": MAX_PAGES,
        "refusal": "",
    }


def _path(request: PageRequest, campaign_id: UUID, batch_id: UUID, more: str = "") -> str:
    return frame_of(request).url(f"/campaigns/{campaign_id}/paper/batches/{batch_id}{more}")
