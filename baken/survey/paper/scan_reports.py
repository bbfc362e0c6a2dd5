"""What came of a file of scans, kept in the spool of its stack until that is sealed."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Final
from uuid import UUID

from baken.storage.session import Session
from baken.survey.paper import spool
from baken.survey.paper.offers import Offer

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
    """What came of a file: its pages, forms that were taken over, blank backs, and the rest."""

    pages: int
    sheets: int
    backs: int
    left_out: tuple[LeftOut, ...]

    @property
    def unclear(self) -> tuple[LeftOut, ...]:
        """Pages to look for in the stack."""
        return tuple(one for one in self.left_out if one.reason != READ_BEFORE)

    @property
    def read_before(self) -> tuple[LeftOut, ...]:
        """Pages that were taken over before, in this stack or in another."""
        return tuple(one for one in self.left_out if one.reason == READ_BEFORE)

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
