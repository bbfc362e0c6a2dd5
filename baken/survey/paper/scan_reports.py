"""What came of files of scans, kept in the spool of their stack until that is sealed.

Beside the reports lies a list of them, under a name that only the key of the stack can make.
"""

import hmac
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.paper import spool
from baken.survey.paper.batches import check_is_first
from baken.survey.paper.errors import SpoolGone
from baken.survey.paper.models import ID_BYTES, PaperBatch
from baken.survey.paper.offers import Offer
from baken.survey.paper.rules import Way

_LIST: Final = b"baken: the files of this stack"

_OF_OTHERS: Final = frozenset({"other_form", "other_unit", "foreign"})
READ_BEFORE: Final = "read_before"
"""Beside the words of `Unclear`: pages that were taken over before."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Pages of a file that make no form.

    Attributes
    ----------
    reason
        A word of `Unclear`, or `READ_BEFORE`.
    places
        Of the pages in the file, from 1, in rising order.
    offers
        Forms that they may be, for a person to look at: identifiers in the spool, in hexadecimals.
    """

    reason: str
    places: tuple[int, ...]
    offers: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        return self.places[0]

    @property
    def last(self) -> int:
        return self.places[-1]


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What came of a file: its pages, forms that were taken over, blank backs, and the rest.

    `pale` says how many pages of these forms have lost what was pale, where something looks empty;
    `coarse`, how many have too few points, so that everything on them is looked at.
    """

    pages: int
    sheets: int
    backs: int
    left_out: tuple[LeftOut, ...]
    pale: int = 0
    coarse: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on any page of the file."""
        return self.backs == self.pages

    @property
    def unclear(self) -> tuple[LeftOut, ...]:
        """Pages to look for in the stack."""
        return tuple(one for one in self.left_out if one.reason != READ_BEFORE)

    @property
    def read_before(self) -> tuple[LeftOut, ...]:
        """Pages that were taken over before, in this stack or in another."""
        return tuple(one for one in self.left_out if one.reason == READ_BEFORE)

    @property
    def is_all_of_others(self) -> bool:
        """Whether nothing of what is left out belongs in the stack: no second scan helps."""
        return all(one.reason in _OF_OTHERS for one in self.unclear)

    @property
    def n_unclear(self) -> int:
        return sum(len(one.places) for one in self.unclear)

    @property
    def n_read_before(self) -> int:
        return sum(len(one.places) for one in self.read_before)

    @property
    def n_offers(self) -> int:
        """How many forms a person can still say yes or no to."""
        return sum(len(one.offers) for one in self.left_out)


def after_answer(report: ScanReport, offer: Offer, *, is_one_form: bool) -> ScanReport:
    """Return the report after an answer: pages of a form that was taken are left out no more."""
    gone = set(offer.places) if is_one_form else set()
    left = []
    for one in report.left_out:
        places = tuple(place for place in one.places if place not in gone)
        offers = tuple(each for each in one.offers if each != offer.identifier.hex())
        if places:
            left.append(replace(one, places=places, offers=offers))
    return replace(report, sheets=report.sheets + bool(gone), left_out=tuple(left))


def read_report(
    session: Session, keys: KeyStore, batch: PaperBatch, scan: UUID, *, by: Actor, today: date
) -> ScanReport:
    """Return what came of a file; `SpoolGone` when the stack has no such file (any more)."""
    require(by, Action.KEY_SHEETS)
    check_is_first(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    return load_report(session, key, batch.id, scan.bytes)


def list_reports(
    session: Session, keys: KeyStore, batch: PaperBatch, *, by: Actor, today: date
) -> tuple[tuple[UUID, ScanReport], ...]:
    """Return what came of each file of a stack, in the order of reading, to whoever scans it.

    Nobody else gets any, nor when the day is over: the page of the stack is for more people.
    """
    require(by, Action.KEY_SHEETS)
    if batch.way is not Way.SCANNED or batch.first_by != by.person_id:
        return ()
    try:
        key = spool.batch_key(keys, batch, today=today)
    except SpoolGone:
        return ()  # the page of the stack is where it is given up
    return tuple(
        (UUID(bytes=scan), load_report(session, key, batch.id, scan))
        for scan in _listed(session, key, batch.id)
    )


def load_report(session: Session, key: bytes, batch_id: UUID, scan: bytes) -> ScanReport:
    """Return the report of a file; `SpoolGone` when the stack has no such file (any more)."""
    plain = json.loads(spool.read_image(session, key, batch_id, scan))
    left = tuple(
        LeftOut(one["reason"], tuple(one["places"]), tuple(one["offers"]))
        for one in plain.pop("left_out")
    )
    return ScanReport(**plain, left_out=left)


def save_report(
    session: Session, key: bytes, batch_id: UUID, scan: bytes, report: ScanReport
) -> None:
    """Write the report of a file, over what was said of it before."""
    written = json.dumps(asdict(report)).encode()
    spool.replace_image(session, key, batch_id, written, scan)
    listed = _listed(session, key, batch_id)
    if scan not in listed:
        plain = json.dumps([one.hex() for one in (*listed, scan)]).encode()
        spool.replace_image(session, key, batch_id, plain, _name_of_list(key))


def _listed(session: Session, key: bytes, batch_id: UUID) -> tuple[bytes, ...]:
    name = _name_of_list(key)
    if not spool.has_image(session, batch_id, name):
        return ()
    plain = json.loads(spool.read_image(session, key, batch_id, name))
    return tuple(bytes.fromhex(one) for one in plain)


def _name_of_list(key: bytes) -> bytes:
    return hmac.digest(key, _LIST, "sha256")[:ID_BYTES]
