"""How long reading a file may go on: as long as it goes on, and no longer.

A large file on a slow machine takes many minutes; a page made to hold up its reader holds it up on
any machine. So what counts is how long nothing came, of each reader, and then how fast pages come.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

SILENCE: Final = 60.0
"""Seconds until a reader must have said something: a page takes less than one, at a load of 20 some
ten; its libraries are loaded in this time as well."""

START: Final = 240.0
PER_PAGE: Final = 2.0
"""Seconds for the whole file, and more of them for each page that came."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds; see the constants for what they are usually."""

    silence: float = SILENCE
    start: float = START
    per_page: float = PER_PAGE

    def most(self, n_pages: int) -> float:
        """Return how long reading so many pages may take."""
        return self.start + self.per_page * n_pages


@dataclass(slots=True)
class Patience:
    """What was heard of the readers of one file; times are of a clock that never goes back."""

    limits: Limits
    began: float
    n_pages: int = 0
    _heard: dict[object, float] = field(default_factory=dict)

    def hear(self, reader: object, now: float, *, is_page: bool) -> None:
        """Note that a reader said something."""
        self._heard[reader] = now
        self.n_pages += is_page

    def left(self, readers: Collection[object], now: float) -> float:
        """Return for how many seconds these readers may still be waited for; 0 when no more."""
        last = min(self._heard.get(each, self.began) for each in readers)
        until = min(last + self.limits.silence, self.began + self.limits.most(self.n_pages))
        return max(0.0, until - now)
