"""Where pages do not follow each other as on the form: so that a person finds them in the pile."""

from collections.abc import Sequence
from dataclasses import dataclass

from baken.survey.paper.scanning.readings import PageReading


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where another page of the form is due than the one that lies there.

    Attributes
    ----------
    place
        In the file, from 1.
    due
        Page of the form that should be there.
    found
        Page that is there; 0 when `place` is the last of its stretch and `due` should follow it.
    """

    place: int
    due: int
    found: int

    @property
    def is_repeated(self) -> bool:
        """Whether the page before lies there once more."""
        return self.found == self.due - 1 > 0


def gaps_in(pages: Sequence[PageReading], last: int) -> tuple[Gap, ...]:
    """Return where pages of forms with `last` pages leave their order.

    A page of which nothing could be read counts as the one that is due.
    """
    gaps, due = [], 1
    for page in pages:
        found = page.mark.page if page.mark else due
        if found != due:
            gaps.append(Gap(page.number, due, found))
        due = found % last + 1
    if pages and due != 1:
        gaps.append(Gap(pages[-1].number, due, 0))
    return tuple(gaps)
