"""From the pages of one scanned form to the form in the spool: what is certain, and what is not.

A doubt is a word of the engine (`Doubt`), or one of these: `ink`, an open question on which
something is written that a person types over; `not_seen`, one that looks empty on a scan that has
lost what was pale; `blank`, a form on which nothing was found. Where the envelopes of a campaign
have room for it, what is written by hand goes along as a picture instead, and nobody reads it
before the opening.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from baken.instruments.sheet import MISSING
from baken.storage.session import Session
from baken.survey.box.sheet import room_for_pictures
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
NOT_SEEN: Final = "not_seen"
BLANK: Final = "blank"
_KINDS: Final[tuple[Kind, ...]] = ("answers", "backgrounds", "comments")


@dataclass(frozen=True, slots=True)
class _Seen:
    """One question: what was read, and the picture that a person needs."""

    question: str
    reading: Reading
    picture: bytes | None = None
    # Whether the picture is the answer itself, and nobody has to look at it.
    is_written: bool = False


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
    room = room_for_pictures(campaign.sheet_shape) if campaign.sheet_shape else 0
    seen = {
        one.question: one
        for page in sheet.pages
        if page.mark
        for one in _seen(page, layout.page(page.mark.page), room)
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
    written: dict[str, bytes] = {}
    for kind in _KINDS:
        for name in in_order(instrument, kind):
            one = seen.get(name) or _Seen(name, Reading(doubt=Doubt.PAGE.value))
            parts[kind][name] = one.reading
            if one.picture is not None and one.is_written:
                written[name] = pictures.keep(one.picture)
            elif one.picture is not None:
                shown[kind, name] = pictures.keep(one.picture)
    blank = Reading(0) if written else _blank(parts)
    return SheetContent(
        place=batch.n_sheets + 1,
        unit=Reading(unit),
        language=Reading(sheet.language),
        answers=parts["answers"],
        backgrounds=parts["backgrounds"],
        comments=parts["comments"],
        images=tuple(pictures.kept.values()),
        pictures=shown,
        written=written,
        blank=blank,
    )


def _blank(parts: dict[str, dict[str, Reading]]) -> Reading:
    """Whether nothing stands on the form; that is never taken over without a person.

    A grain of the paper may be a trace, and a form without any mark has a hundred boxes: whoever
    is asked whether it is blank looks at the paper itself, so they are not asked for each trace.
    """
    closed = (*parts["answers"].values(), *parts["backgrounds"].values())
    written = (one.doubt for one in parts["comments"].values())
    if not all(map(_is_empty, closed)) or any(doubt not in {"", NOT_SEEN} for doubt in written):
        return Reading(0)
    for kind in _KINDS:
        nothing = "" if kind == "comments" else MISSING
        parts[kind] = dict.fromkeys(parts[kind], Reading(nothing))
    return Reading(1, doubt=BLANK)


def _is_empty(one: Reading) -> bool:
    is_trace = one.first is None and one.doubt in {Doubt.UNCLEAR.value, Doubt.NO_GREY.value}
    return is_trace or (one.first == MISSING and not one.doubt)


def _seen(page: PageReading, printed: Page, most_bytes: int) -> Iterator[_Seen]:
    """Yield each question that was printed on a page, read or not.

    `most_bytes`: what a picture of handwriting may have to go along; 0: none goes along.
    """
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
            doubt = NOT_SEEN if written.is_doubtful else ""
            yield _Seen(room.question, Reading("", doubt=doubt), written.picture)
        elif (
            written is not None
            and not written.is_doubtful
            and 0 < len(written.picture or b"") <= most_bytes
        ):
            yield _Seen(room.question, Reading(""), written.picture, is_written=True)
        else:
            picture = written.picture if written else page.picture
            yield _Seen(room.question, Reading("", doubt=INK), picture)


def _closed(one: QuestionReading, page: PageReading) -> _Seen:
    if one in page.doubtful:
        doubt = one.doubt or Doubt.UNCLEAR
        return _Seen(one.question, Reading(one.guess, doubt=doubt.value), one.picture)
    return _Seen(one.question, Reading(one.value))
