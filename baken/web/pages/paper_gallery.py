"""All boxes of a scanned stack by state and ink: where the thresholds of the reader lie."""

import base64
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper.batches import get_batch
from baken.survey.paper.scanned_boxes import list_boxes
from baken.survey.paper.scanning.gallery import Row
from baken.survey.paper.scanning.readings import BoxCrop
from baken.survey.paper.scanning.thresholds import STANDARD
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.paper_entry_views import unit_names
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue

LOOKS: Final = {"action": Action.DECIDE_SHEETS, "fresh": True}


@dataclass(frozen=True, slots=True)
class BoxView:
    """One box: its picture in base 64, and shares of 1."""

    picture: str
    ink: float
    trace: float
    confidence: float

    @classmethod
    def of(cls, crop: BoxCrop) -> "BoxView":
        picture = base64.b64encode(crop.picture).decode()
        return cls(picture, crop.ink, crop.trace, crop.confidence)


@dataclass(frozen=True, slots=True)
class StateView:
    """Boxes of one state: how many there are, and those shown."""

    state: str
    count: int
    boxes: tuple[BoxView, ...]

    @classmethod
    def of(cls, row: Row) -> "StateView":
        return cls(row.state.value, row.count, tuple(map(BoxView.of, row.boxes)))


class GalleryPages(Controller):
    """Nothing is changed here: a threshold is moved in the program, by whoever keeps it."""

    path = (
        "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/batches/{batch_id:uuid}/boxes"
    )

    @get("/", opt=LOOKS, sync_to_thread=True)
    def boxes_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        campaign_id: FromPath[UUID],
        batch_id: FromPath[UUID],
    ) -> Response[str]:
        batch = get_batch(session, campaign_id, batch_id)
        campaign = get_campaign(session, campaign_id)
        rows = list_boxes(session, keys, batch, by=actor, today=today)
        names = unit_names(campaign, catalogue(frame_of(request).language))
        return page(
            request,
            "survey/paper_boxes.html",
            campaign=CampaignRow.of(campaign),
            batch_id=batch.id,
            unit=names.get(batch.unit, batch.unit),
            rows=tuple(map(StateView.of, rows)),
            limits=STANDARD,
        )
