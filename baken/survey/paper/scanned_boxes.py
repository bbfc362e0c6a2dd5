"""The boxes of a scanned stack as they were seen, kept in its spool for whoever tunes the reader.

They are counted and a few of each state are kept, whatever the number of files; they go with the
spool.
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections import Counter
from datetime import date
from typing import Any, Final
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.paper import rules, spool
from baken.survey.paper.deciding import check_is_third
from baken.survey.paper.models import ID_BYTES, PaperBatch
from baken.survey.paper.rules import Way
from baken.survey.paper.scanning.gallery import Boxes, Row
from baken.survey.paper.scanning.readings import BoxCrop, BoxState

_NAME: Final = b"baken: the boxes of this stack"


def add_boxes(session: Session, key: bytes, batch_id: UUID, boxes: Boxes) -> None:
    """Add the boxes of one more file; for the caller: the batch is locked."""
    found, name = _read(session, key, batch_id), _name(key)
    found.merge(boxes)
    spool.replace_image(session, key, batch_id, _to_bytes(found), name)


def list_boxes(
    session: Session, keys: KeyStore, batch: PaperBatch, *, by: Actor, today: date
) -> tuple[Row, ...]:
    """Return the boxes of a stack by state and ink, for somebody who did not scan it."""
    require(by, Action.DECIDE_SHEETS)
    rules.check_way(batch.way, Way.SCANNED)
    check_is_third(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    return _read(session, key, batch.id).rows


def _read(session: Session, key: bytes, batch_id: UUID) -> Boxes:
    name = _name(key)
    if not spool.has_image(session, batch_id, name):
        return Boxes()
    return _from_bytes(spool.read_image(session, key, batch_id, name))


def _name(key: bytes) -> bytes:
    return hmac.digest(key, _NAME, "sha256")[:ID_BYTES]


def _to_bytes(boxes: Boxes) -> bytes:
    kept = [_plain(crop) for crops in boxes.kept.values() for crop in crops]
    return json.dumps({"counts": dict(boxes.counts), "kept": kept}).encode()


def _from_bytes(written: bytes) -> Boxes:
    plain = json.loads(written)
    boxes = Boxes()
    boxes.add(_crop(one) for one in plain["kept"])
    boxes.counts = Counter({BoxState(state): n for state, n in plain["counts"].items()})
    return boxes


def _plain(crop: BoxCrop) -> list[Any]:
    picture = b64encode(crop.picture).decode()
    numbers = [crop.ink, crop.confidence, crop.trace, crop.value, crop.lot]
    return [crop.state, picture, *numbers]


def _crop(plain: list[Any]) -> BoxCrop:
    state, picture, ink, confidence, trace, value, lot = plain
    return BoxCrop(ink, BoxState(state), confidence, b64decode(picture), trace, value, lot)
