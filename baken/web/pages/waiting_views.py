"""What waits, in sentences with the way to where it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from baken.organisation.waiting import Waiting
from baken.web.frame import Frame
from baken.web.texts import Catalogue


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One thing that waits, as a sentence; `more` says how many others of its kind there are.

    `href` is empty when it is done outside the pages, or by somebody else.
    """

    sentence: str
    href: str
    when: str
    is_late: bool
    more: str
    more_href: str

    @classmethod
    def of(
        cls, one: Waiting, texts: Catalogue, root: str, *, today: date, country: str = ""
    ) -> "WaitingLine":
        return cls(
            sentence=texts(texts.own(f"home.wait_{one.kind}", country), what=one.what),
            href=root + one.path if one.path else "",
            when=_when(one, texts, today),
            is_late=one.is_late(today),
            more=texts("home.more", count=one.n_more) if one.n_more else "",
            more_href=root + _list_of(one.path),
        )


def lines_of(
    found: Iterable[Waiting], texts: Catalogue, frame: Frame, *, today: date
) -> tuple[WaitingLine, ...]:
    """Say each thing in a sentence, in the order given."""
    country = frame.place.country if frame.place else ""
    return tuple(
        WaitingLine.of(one, texts, frame.url(), today=today, country=country) for one in found
    )


def _when(one: Waiting, texts: Catalogue, today: date) -> str:
    if one.due_on is not None:
        return texts("home.late" if one.is_late(today) else "home.due", day=one.due_on)
    return texts("home.since", day=one.since_on) if one.since_on else ""


def _list_of(path: str) -> str:
    """The list on which everything of this kind stands."""
    if not path:
        return ""
    first = path.split("/")[1]
    return "/follow-up" if first == "measures" else f"/{first}"
