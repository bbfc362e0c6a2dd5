"""Pages of a scan that may be one form: kept with small pictures until a person says yes or no.

What was read of them waits in the spool as a whole form would, but under a name of its own; it
counts for nothing until somebody has looked.
"""

import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from uuid import UUID

from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.paper import spool
from baken.survey.paper.content import SheetContent, from_bytes, to_bytes
from baken.survey.paper.layout import Layout
from baken.survey.paper.models import ID_BYTES, PaperBatch
from baken.survey.paper.scanned_sheets import sheet_content
from baken.survey.paper.scanning.assembling import Sheet
from baken.survey.paper.scanning.readings import PageReading
from baken.survey.paper.waiting_sheets import add_sheet


@dataclass(frozen=True, slots=True)
class Desk:
    """One stack at work: its session, its key and its campaign."""

    session: Session
    key: bytes
    campaign: Campaign
    batch: PaperBatch

    def content_of(self, sheet: Sheet, layout: Layout, unit: str) -> SheetContent:
        """Return what was read of a form; its pictures are in the spool."""
        return sheet_content(
            self.session, self.key, self.campaign, self.batch, sheet=sheet, layout=layout, unit=unit
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """Pages that may be one form.

    Attributes
    ----------
    places
        Of its pages in the file, from 1, in the order of the form.
    pictures
        Identifiers of their small pictures in the spool; empty where there is none.
    marks
        By which its pages are known again once they are taken over.
    """

    identifier: bytes
    places: tuple[int, ...]
    pictures: tuple[bytes, ...]
    content: SheetContent
    marks: tuple[bytes, ...] = ()


def put_offer(desk: Desk, sheet: Sheet, layout: Layout, unit: str, marks: tuple[bytes, ...]) -> str:
    """Keep a form that may be one; return its name in the spool, in hexadecimals."""
    identifier = secrets.token_bytes(ID_BYTES)
    plain = {
        "places": [page.number for page in sheet.pages],
        "pictures": [_picture(desk, page).hex() for page in sheet.pages],
        "marks": [one.hex() for one in marks],
        "content": b64encode(to_bytes(desk.content_of(sheet, layout, unit))).decode(),
    }
    written = json.dumps(plain).encode()
    spool.put_image(desk.session, desk.key, desk.batch.id, written, identifier)
    return identifier.hex()


def read_offer(session: Session, key: bytes, batch_id: UUID, identifier: bytes) -> Offer:
    """Return what was offered; `SpoolGone` when somebody has said yes or no to it."""
    plain = json.loads(spool.read_image(session, key, batch_id, identifier))
    return Offer(
        identifier,
        tuple(plain["places"]),
        tuple(bytes.fromhex(one) for one in plain["pictures"]),
        from_bytes(b64decode(plain["content"])),
        tuple(bytes.fromhex(one) for one in plain["marks"]),
    )


def take_offer(desk: Desk, offer: Offer) -> None:
    """Let an offer be the next form of its stack."""
    content = replace(offer.content, place=desk.batch.n_sheets + 1)
    add_sheet(desk.session, desk.key, desk.batch, content)
    _delete(desk, offer, ())


def delete_offer(desk: Desk, offer: Offer) -> None:
    """Delete an offer with everything that was read of it."""
    _delete(desk, offer, offer.content.images)


def _delete(desk: Desk, offer: Offer, more: tuple[bytes, ...]) -> None:
    gone = (offer.identifier, *filter(None, offer.pictures), *more)
    spool.delete_images(desk.session, desk.batch.id, gone)


def _picture(desk: Desk, page: PageReading) -> bytes:
    seen = page.glimpse or page.picture
    if seen is None:
        return b""
    return spool.put_image(desk.session, desk.key, desk.batch.id, seen)
