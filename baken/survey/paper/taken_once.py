"""No page of a scan becomes a form twice, in one stack or in two of the same campaign.

Paper never gives a scanner the same picture twice: a picture that is the same to its last point
is the same scan. Only pages that were taken over are remembered, for those that were left out are
meant to come again. A page that no scanner made has no mark (`PageReading.digest`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.codes.taken_pages import add_taken, find_taken, mark_pages
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.scan_reports import READ_BEFORE, LeftOut, ScanReport, runs_without
from baken.survey.paper.scanning.assembling import Assembly, Sheet, Unclear
from baken.survey.paper.scanning.readings import Doubt, PageReading, Problem, QuestionState

_NONE: Final = b""


@dataclass(slots=True)
class FilePages:
    """The pages of one file: their marks, and those that became a form.

    Attributes
    ----------
    marks
        Place of the page in the file to its mark; only where it has one.
    known
        Marks of pages that were taken over, in an earlier file or in this one.
    new
        Those of this file.
    """

    readings: Sequence[PageReading]
    marks: Mapping[int, bytes]
    known: set[bytes]
    new: set[bytes]

    @classmethod
    def of(
        cls, session: Session, keys: KeyStore, campaign: Campaign, readings: Sequence[PageReading]
    ) -> "FilePages":
        """Mark the pages of a file. For the caller: the campaign is locked and takes paper."""
        mark_of = mark_pages(keys, campaign, {one.digest for one in readings if one.digest})
        marks = {one.number: mark_of[one.digest] for one in readings if one.digest}
        return cls(readings, marks, find_taken(session, campaign.id, set(marks.values())), set())

    def marks_of(self, pages: Collection[PageReading]) -> tuple[bytes, ...]:
        """The marks that tell a form from others: of pages on which something stands, or of all.

        A page that was left empty may look the same on many forms, after a program has cleaned it.
        """
        telling = [one for one in pages if _has_something(one)]
        return tuple(self.marks[one.number] for one in telling or pages if one.number in self.marks)

    def has_known(self, sheet: Sheet) -> bool:
        """Whether a page of a form was taken over before."""
        return not self.known.isdisjoint(self.marks_of(sheet.pages))

    def take(self, sheet: Sheet) -> bool:
        """Let a form be taken over; False, and nothing, when a page of it was before."""
        if self.has_known(sheet):
            return False
        marks = {self.marks[one.number] for one in sheet.pages if one.number in self.marks}
        self.new.update(marks - self.known)
        self.known.update(marks)
        return True

    def left_out(
        self, reason: str, pages: Sequence[PageReading], offers: tuple[str, ...] = ()
    ) -> list[LeftOut]:
        """Name pages that make no form; for those that were taken over before, `read_before` does.

        For the caller: all forms of the file that can be taken over are.
        """
        gone = {one.number for one in pages if self._is_known(one)}
        runs = runs_without(sorted(one.number for one in pages), gone)
        return [LeftOut(reason, run, () if place else offers) for place, run in enumerate(runs)]

    def read_before(self, taken: Collection[Sheet]) -> list[LeftOut]:
        """Name the pages that were taken over before; `taken` are the forms of this file."""
        here = {one.number for sheet in taken for one in sheet.pages}
        pages = [one for one in self.readings if not one.is_blank]
        runs = groupby(pages, key=lambda one: one.number not in here and self._is_known(one))
        return [
            LeftOut(READ_BEFORE, tuple(one.number for one in run)) for known, run in runs if known
        ]

    def _is_known(self, page: PageReading) -> bool:
        return self.marks.get(page.number, _NONE) in self.known


def _has_something(page: PageReading) -> bool:
    """Whether anything at all was found on a page, certain or not."""
    is_crossed = any(
        one.state is not QuestionState.UNANSWERED and one.doubt is not Doubt.NO_GREY
        for one in page.questions
    )
    return is_crossed or any(one.has_ink for one in page.fields)


def report_of(
    pages: FilePages, assembly: Assembly, mine: Sequence[Sheet], left: Sequence[LeftOut]
) -> ScanReport:
    """Return what came of a file.

    Parameters
    ----------
    mine
        The forms that were taken over.
    left
        What the stretches of the file left out.
    """
    taken = {id(sheet) for sheet in mine}
    others = [
        one
        for sheet in assembly.sheets
        if id(sheet) not in taken
        for one in pages.left_out(_why(pages, sheet), sheet.pages)
    ]
    named = [*left, *others, *pages.read_before(mine)]
    ordered = tuple(sorted(named, key=lambda one: one.first))
    read = [page for sheet in mine for page in sheet.pages]
    return ScanReport(
        len(pages.readings),
        len(mine),
        len(assembly.blank),
        ordered,
        pale=sum(page.hides_pale for page in read),
        coarse=sum(page.problem is Problem.COARSE for page in read),
    )


def _why(pages: FilePages, sheet: Sheet) -> str:
    """Why pages of a whole form that were not taken over before are not now either."""
    return str(Unclear.INCOMPLETE if pages.has_known(sheet) else Unclear.OTHER_UNIT)


def check_something_new(left: Sequence[LeftOut]) -> None:
    """Raise `NotThisSheet` when of a file without a new form every page was taken over before."""
    if left and all(one.reason == READ_BEFORE for one in left):
        raise NotThisSheet(
            "paper_entry.file_read_before",
            "All {n} form pages of this file were read for this survey before, in this stack or in "
            "another. Nothing was taken over a second time. Choose the scan of other forms; if "
            "these lie in two stacks, give up the stack to which they do not belong.",
            n=sum(len(one.places) for one in left),
        )


def take_marks(session: Session, campaign: Campaign, stack: UUID, marks: Collection[bytes]) -> None:
    """Let the pages of an offered form be taken over; raise `NotThisSheet` when one was before."""
    n = len(find_taken(session, campaign.id, marks))
    if n:
        raise NotThisSheet(
            "paper_entry.offer_read_before",
            "{n} pages of this form were read for this survey before, in this stack or in another. "
            "It was not taken over a second time. Answer no, so that it is left out.",
            n=n,
        )
    add_taken(session, campaign, stack, marks)
