"""Pages of a scan that may be one form: their pictures side by side, and a yes or a no."""

import base64
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.batches import get_batch
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.scans import Answer, OfferSeen, answer_offer, next_offer
from baken.web.body import Form
from baken.web.pages.access import check_fresh
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_entry_views import unit_names
from baken.web.pages.reply import PageRequest, done, frame_of, page, see_page
from baken.web.texts import catalogue

LOOKS: Final = {"action": Action.KEY_SHEETS, "fresh": True}
SENDS: Final = {"action": Action.KEY_SHEETS, "fresh": True, "asks_itself": True}
PAGE: Final = "survey/paper_offer.html"
_YES: Final = "yes"


@dataclass(frozen=True, slots=True)
class OfferView:
    """Pages to look at: place in the file, kind and picture in base 64; empty: there is none."""

    name: str
    left: int
    pages: tuple[tuple[int, str, str], ...]

    @classmethod
    def of(cls, seen: OfferSeen) -> "OfferView":
        pages = tuple(
            (place, _kind(picture), base64.b64encode(picture).decode())
            for place, picture in zip(seen.offer.places, seen.pictures, strict=True)
        )
        return cls(seen.offer.identifier.hex(), seen.left, pages)


class OfferPages(Controller):
    """One offer after the other, with the keyboard alone."""

    path = (
        "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches/{batch_id:uuid}"
        "/scan/{scan_id:uuid}/together"
    )

    @get("/", opt=LOOKS, sync_to_thread=True)
    def offer_page(
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
        seen = next_offer(session, keys, batch, scan_id, by=actor, today=today)
        if seen is None:
            return see_page(_path(request, batch, scan_id))
        return page(request, PAGE, **_shown(request, session, batch, scan_id, seen))

    @post("/", opt=SENDS, sync_to_thread=True)
    def send(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
        scan_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        check_fresh(request)
        answer = Answer(scan_id, form.get("offer"), form.get("answer") == _YES)
        try:
            report = answer_offer(session, keys, batch_id, answer, by=actor, today=today)
        except BakenError as error:
            session.rollback()
            batch = get_batch(session, campaign_id, batch_id)
            seen = next_offer(session, keys, batch, scan_id, by=actor, today=today)
            if seen is None:
                raise
            shown = _shown(request, session, batch, scan_id, seen)
            shown["refusal"] = catalogue(frame_of(request).language).refusal(error)
            return page(request, PAGE, status=422, **shown)
        if report.n_offers:
            return see_page(_path(request, batch, scan_id, "/together"))
        return done(request, see=_path(request, batch, scan_id), said="paper_scans.done_together")


def _shown(
    request: PageRequest, session: Session, batch: PaperBatch, scan_id: UUID, seen: OfferSeen
) -> dict[str, Any]:
    campaign = get_campaign(session, batch.campaign_id)
    names = unit_names(campaign, catalogue(frame_of(request).language))
    return {
        "campaign": CampaignRow.of(campaign),
        "batch_id": batch.id,
        "unit": names.get(batch.unit, batch.unit),
        "scan_id": scan_id,
        "offer": OfferView.of(seen),
        "refusal": "",
    }


def _kind(picture: bytes) -> str:
    return "png" if picture.startswith(b"\x89PNG") else "jpeg"


def _path(request: PageRequest, batch: PaperBatch, scan_id: UUID, more: str = "") -> str:
    here = f"/campaigns/{batch.campaign_id}/paper/batches/{batch.id}/scan/{scan_id}"
    return frame_of(request).url(here + more)
