"""The spool: sheets and pages between the reading of a form and its envelope, encrypted.

Everything of a batch is encrypted with a key of its own, kept in the key store and nowhere else.
The key lives for the day of its batch; once it is destroyed, what is left in files, logs of the
database and copies of them opens no more. Identifiers are random and rows have no order.
"""

import secrets
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select

from baken.storage.key_errors import KeyGone
from baken.storage.keys import KeyStore, seal, unseal
from baken.storage.session import Session
from baken.survey.paper.content import SheetContent, from_bytes, to_bytes
from baken.survey.paper.errors import SpoolGone
from baken.survey.paper.models import ID_BYTES, PaperBatch, SpoolImage, SpoolSheet
from baken.survey.paper.rules import READABLE

PURPOSE: Final = "paper"

_NO_SYNC = {"synchronize_session": False}


def make_batch_key(keys: KeyStore, batch: PaperBatch) -> bytes:
    """Make the key of a new batch."""
    return keys.make(batch.organisation_id, PURPOSE, str(batch.id))


def batch_key(keys: KeyStore, batch: PaperBatch, *, today: date) -> bytes:
    """Return the key of a batch on the day on which it may be read.

    Raises
    ------
    SpoolGone
        The day is over, the batch is at its end, or the key was destroyed: entry starts again
        from the paper.
    """
    if batch.state not in READABLE or batch.opened_on != today:
        raise SpoolGone
    return key_for_sealing(keys, batch)


def key_for_sealing(keys: KeyStore, batch: PaperBatch) -> bytes:
    """Return the key whatever the day: a sealing that was cut off is finished, never left half."""
    try:
        return keys.get(batch.organisation_id, PURPOSE, str(batch.id))
    except KeyGone as error:
        raise SpoolGone from error


def destroy_batch_key(keys: KeyStore, organisation_id: UUID, batch_id: UUID) -> None:
    """Destroy the key of a batch; no error when it is gone already."""
    keys.destroy(organisation_id, PURPOSE, str(batch_id))


def put_sheet(session: Session, key: bytes, batch_id: UUID, content: SheetContent) -> bytes:
    """Keep a sheet and return its identifier."""
    identifier = secrets.token_bytes(ID_BYTES)
    box = seal(key, to_bytes(content), _address("spool_sheet", batch_id, identifier))
    session.add(SpoolSheet(id=identifier, batch_id=batch_id, box=box))
    session.flush()
    return identifier


def replace_sheet(
    session: Session, key: bytes, batch_id: UUID, identifier: bytes, content: SheetContent
) -> None:
    """Put a sheet in the place of what was known of it before."""
    row = _get(session, batch_id, identifier)
    row.box = seal(key, to_bytes(content), _address("spool_sheet", batch_id, identifier))
    session.flush()


def read_sheet(session: Session, key: bytes, batch_id: UUID, identifier: bytes) -> SheetContent:
    """Return one sheet; raise `SpoolGone` when it is not there (any more)."""
    row = _get(session, batch_id, identifier)
    return from_bytes(unseal(key, row.box, _address("spool_sheet", batch_id, identifier)))


def read_sheets(session: Session, key: bytes, batch_id: UUID) -> dict[bytes, SheetContent]:
    """Return all sheets of a batch, by identifier, in the order of the stack."""
    asked = select(SpoolSheet).where(SpoolSheet.batch_id == batch_id)
    rows = session.scalars(asked, execution_options={"populate_existing": True})
    found = {
        row.id: from_bytes(unseal(key, row.box, _address("spool_sheet", batch_id, row.id)))
        for row in rows
    }
    return dict(sorted(found.items(), key=lambda one: one[1].place))


def count_sheets(session: Session, batch_id: UUID) -> int:
    """How many sheets of a batch lie in the spool."""
    asked = select(func.count()).select_from(SpoolSheet).where(SpoolSheet.batch_id == batch_id)
    return session.scalar(asked) or 0


def delete_sheet(session: Session, batch_id: UUID, identifier: bytes) -> bool:
    """Delete one sheet; whether it was there."""
    return _delete(
        session, SpoolSheet, SpoolSheet.batch_id == batch_id, SpoolSheet.id == identifier
    )


def put_image(
    session: Session, key: bytes, batch_id: UUID, image: bytes, identifier: bytes = b""
) -> bytes:
    """Keep a picture and return its identifier: a random one, unless one is given."""
    identifier = identifier or secrets.token_bytes(ID_BYTES)
    box = seal(key, image, _address("spool_image", batch_id, identifier))
    session.add(SpoolImage(id=identifier, batch_id=batch_id, box=box))
    session.flush()
    return identifier


def replace_image(
    session: Session, key: bytes, batch_id: UUID, image: bytes, identifier: bytes
) -> None:
    """Put something in the place of what lay under this identifier; nothing need have lain there.

    For the caller: the batch is locked.
    """
    delete_images(session, batch_id, (identifier,))
    put_image(session, key, batch_id, image, identifier)


def read_image(session: Session, key: bytes, batch_id: UUID, identifier: bytes) -> bytes:
    """Return the picture of a page; raise `SpoolGone` when it is not there (any more)."""
    row = session.get(SpoolImage, identifier, populate_existing=True)
    if row is None or row.batch_id != batch_id:
        raise SpoolGone
    return unseal(key, row.box, _address("spool_image", batch_id, identifier))


def has_image(session: Session, batch_id: UUID, identifier: bytes) -> bool:
    """Whether something lies in the spool of a batch under this identifier."""
    row = session.get(SpoolImage, identifier)
    return row is not None and row.batch_id == batch_id


def delete_images(session: Session, batch_id: UUID, identifiers: tuple[bytes, ...]) -> None:
    """Delete pictures of pages."""
    if identifiers:
        _delete(
            session,
            SpoolImage,
            SpoolImage.batch_id == batch_id,
            SpoolImage.id.in_(identifiers),
        )


def empty_spool(session: Session, batch_id: UUID) -> None:
    """Delete every sheet and picture of a batch."""
    _delete(session, SpoolSheet, SpoolSheet.batch_id == batch_id)
    _delete(session, SpoolImage, SpoolImage.batch_id == batch_id)


def _delete(session: Session, model: type[SpoolSheet | SpoolImage], *conditions: object) -> bool:
    gone = session.execute(delete(model).where(*conditions), execution_options=_NO_SYNC)  # type: ignore[arg-type]
    return bool(getattr(gone, "rowcount", 0))


def _get(session: Session, batch_id: UUID, identifier: bytes) -> SpoolSheet:
    row = session.get(SpoolSheet, identifier, populate_existing=True)
    if row is None or row.batch_id != batch_id:
        raise SpoolGone
    return row


def _address(table: str, batch_id: UUID, identifier: bytes) -> bytes:
    return f"{table}|{batch_id.hex}|{identifier.hex()}|box|v1|v1".encode()
