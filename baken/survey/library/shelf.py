"""Questionnaires that were read before, so that no page reads the same one twice.

A questionnaire stands under its organisation and its fingerprint. The fingerprint stands for all of
its content, so what is found is never out of date; with the organisation before it, nobody finds
what only another organisation has, whatever fingerprint a file brings along.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final
from uuid import UUID

from baken.instruments.definition import Instrument

MOST_SIGNS: Final = 16_000_000
"""Of all texts together; read, each takes a few times as many bytes. A questionnaire has 20,000."""

Place = tuple[UUID | None, str]


class Shelf:
    """Holds so many signs of text at most; what was asked for longest ago goes first."""

    def __init__(self, most: int = MOST_SIGNS) -> None:
        self._most = most
        self._signs = 0
        self._lock = Lock()
        self._books: OrderedDict[Place, tuple[Instrument, int]] = OrderedDict()

    def find(self, organisation_id: UUID | None, fingerprint: str) -> Instrument | None:
        """Return what was put here for this organisation."""
        place = (organisation_id, fingerprint)
        with self._lock:
            if place not in self._books:
                return None
            self._books.move_to_end(place)
            return self._books[place][0]

    def put(self, organisation_id: UUID | None, instrument: Instrument, *, signs: int) -> None:
        """Keep a questionnaire of so many signs; one too large for the shelf is not kept."""
        place = (organisation_id, instrument.fingerprint)
        with self._lock:
            _, before = self._books.pop(place, (None, 0))
            self._signs -= before
            if signs > self._most:
                return
            self._books[place] = (instrument, signs)
            self._signs += signs
            while self._signs > self._most:
                _, (_, gone) = self._books.popitem(last=False)
                self._signs -= gone

    def __len__(self) -> int:
        return len(self._books)
