"""What came of files of scans, kept in the spool of their stack until that is sealed.

Beside the reports lies a list of them, under a name that only the key of the stack can make.
"""

import hmac
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Final
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
from baken.survey.paper.scanning.gaps import Gap

_LIST: Final = b"baken: the files of this stack"

_OF_OTHERS: Final = frozenset(
    {
        "foreign",
        "other_form",
        "other_language",
        "other_survey",
        "other_unit",
        "other_version",
        "proof",
    }
)
READ_BEFORE: Final = "read_before"
"""Beside the words of `Unclear` and of `Origin`: pages that were taken over before."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Pages of a file that make no form.

    Attributes
    ----------
    reason
        A word of `Unclear` or of `Origin`, or `READ_BEFORE`.
    places
        Of the pages in the file, from 1, in rising order.
    offers
        Forms that they may be, for a person to look at: identifiers in the spool, in hexadecimals.
    title
        Of the survey to which they belong, where it is another one that is known here.
    gaps
        Where their order is not that of the form.
    """

    reason: str
    places: tuple[int, ...]
    offers: tuple[str, ...] = ()
    title: str = ""
    gaps: tuple[Gap, ...] = ()

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
    def to_mend(self) -> tuple[LeftOut, ...]:
        """Pages that may be forms of the stack: put in order and scanned again they are read."""
        return tuple(one for one in self.unclear if one.reason not in _OF_OTHERS)

    @property
    def of_others(self) -> tuple[LeftOut, ...]:
        """Pages that do not belong in the stack: no second scan helps."""
        return tuple(one for one in self.unclear if one.reason in _OF_OTHERS)

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
        offers = tuple(each for each in one.offers if each != offer.identifier.hex())
        for places in runs_without(one.places, gone):
            gaps = tuple(gap for gap in one.gaps if gap.place in places)
            left.append(replace(one, places=places, offers=offers, gaps=gaps))
            offers = ()
    return replace(report, sheets=report.sheets + bool(gone), left_out=tuple(left))


def runs_without(places: Sequence[int], gone: Collection[int]) -> list[tuple[int, ...]]:
    """Return what is left of rising places, cut where others lay between them."""
    left = (place for place in places if place not in gone)
    runs = groupby(left, key=lambda place: sum(one < place for one in gone))
    return [tuple(run) for _, run in runs]


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
    left = tuple(_left_out(one) for one in plain.pop("left_out"))
    return ScanReport(**plain, left_out=left)


def _left_out(plain: dict[str, Any]) -> LeftOut:
    """Read what `asdict` wrote; a report of this morning may be of an older program."""
    gaps = tuple(Gap(**gap) for gap in plain.get("gaps", ()))
    listed = {"places": tuple(plain["places"]), "offers": tuple(plain["offers"]), "gaps": gaps}
    return LeftOut(**(plain | listed))


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
