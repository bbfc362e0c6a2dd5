"""From the pages of one scanned form to the form in the spool: what is certain, and what is not.

A doubt is a word of the engine (`Doubt`), or one of these: `ink`, an open question on which
something is written; `blank`, a form on which nothing was found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from baken.instruments.sheet import MISSING
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.library.queries import get_instrument
from baken.survey.paper import spool
from baken.survey.paper.content import Reading, SheetContent
from baken.survey.paper.keystrokes import Kind, in_order
from baken.survey.paper.layout import Layout, Page
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.scanning.assembling import Sheet
from baken.survey.paper.scanning.readings import Doubt, PageReading, QuestionReading

INK: Final = "ink"
BLANK: Final = "blank"
_KINDS: Final[tuple[Kind, ...]] = ("answers", "backgrounds", "comments")


@dataclass(frozen=True, slots=True)
class _Seen:
    """One question: what was read, and the picture that a person needs."""

    question: str
    reading: Reading
    picture: bytes | None = None


@dataclass(slots=True)
class _Pictures:
    """Pictures of one form, each kept in the spool once."""

    session: Session
    key: bytes
    batch: PaperBatch
    kept: dict[bytes, bytes] = field(default_factory=dict)

    def keep(self, picture: bytes) -> bytes:
        if picture not in self.kept:
            self.kept[picture] = spool.put_image(self.session, self.key, self.batch.id, picture)
        return self.kept[picture]


def sheet_content(
    session: Session,
    key: bytes,
    campaign: Campaign,
    batch: PaperBatch,
    *,
    sheet: Sheet,
    layout: Layout,
    unit: str,
) -> SheetContent:
    """Return a scanned form for the next place of its stack; its pictures are in the spool."""
    seen = {
        one.question: one
        for page in sheet.pages
        if page.mark
        for one in _seen(page, layout.page(page.mark.page))
    }
    pictures = _Pictures(session, key, batch)
    instrument = get_instrument(
        session,
        campaign.instrument_key,
        campaign.instrument_version,
        campaign.instrument_fingerprint,
    )
    parts: dict[str, dict[str, Reading]] = {kind: {} for kind in _KINDS}
    shown: dict[tuple[str, str], bytes] = {}
    for kind in _KINDS:
        for name in in_order(instrument, kind):
            one = seen.get(name) or _Seen(name, Reading(doubt=Doubt.PAGE.value))
            parts[kind][name] = one.reading
            if one.picture is not None:
                shown[kind, name] = pictures.keep(one.picture)
    return SheetContent(
        place=batch.n_sheets + 1,
        unit=Reading(unit),
        language=Reading(sheet.language),
        answers=parts["answers"],
        backgrounds=parts["backgrounds"],
        comments=parts["comments"],
        images=tuple(pictures.kept.values()),
        pictures=shown,
        blank=_blank(parts),
    )


def _blank(parts: dict[str, dict[str, Reading]]) -> Reading:
    """Whether nothing stands on the form; that is never taken over without a person."""
    closed = (*parts["answers"].values(), *parts["backgrounds"].values())
    is_empty = all(one.first == MISSING and not one.doubt for one in closed)
    if is_empty and not any(one.doubt for one in parts["comments"].values()):
        return Reading(1, doubt=BLANK)
    return Reading(0)


def _seen(page: PageReading, printed: Page) -> Iterator[_Seen]:
    """Yield each question that was printed on a page, read or not."""
    read = {one.question: one for one in page.questions}
    for question in dict.fromkeys(box.question for box in printed.boxes):
        one = read.get(question)
        if one is None:
            yield _Seen(question, Reading(doubt=Doubt.PAGE.value), page.picture)
        else:
            yield _closed(one, page)
    fields = {one.question: one for one in page.fields}
    for room in printed.fields:
        written = fields.get(room.question)
        if written is not None and not written.has_ink:
            yield _Seen(room.question, Reading(""))
        else:
            picture = written.picture if written else page.picture
            yield _Seen(room.question, Reading("", doubt=INK), picture)


def _closed(one: QuestionReading, page: PageReading) -> _Seen:
    if one in page.doubtful:
        doubt = one.doubt or Doubt.UNCLEAR
        return _Seen(one.question, Reading(one.guess, doubt=doubt.value), one.picture)
    return _Seen(one.question, Reading(one.value))
