"""Pages of a scan that make no form of the stack: why, where, and of which survey they are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from sqlalchemy import select

from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.errors import FormNotFound
from baken.survey.paper.batches import units_of
from baken.survey.paper.forms import unit_of
from baken.survey.paper.layout import Layout
from baken.survey.paper.models import PaperBatch, PaperForm
from baken.survey.paper.offers import Desk, put_offer
from baken.survey.paper.scan_reports import LeftOut
from baken.survey.paper.scanning.assembling import Sheet, Stretch, Unclear
from baken.survey.paper.scanning.gaps import gaps_in
from baken.survey.paper.scanning.readings import PageReading
from baken.survey.paper.taken_once import FilePages


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form comes from: a word of `why_...` in the texts, and which other survey."""

    reason: str
    title: str = ""


UNKNOWN: Final = Origin(str(Unclear.OTHER_FORM))
PROOF: Final = Origin("proof")
OTHER_LANGUAGE: Final = Origin("other_language")


def of_units(
    campaign: Campaign, batch: PaperBatch, sheets: Sequence[Sheet]
) -> list[tuple[Sheet, str]]:
    """Return the forms of the units of a stack, each with the key of its unit."""
    units = units_of(campaign, batch)
    found = []
    for sheet in sheets:
        mark = next(page.mark for page in sheet.pages if page.mark)
        try:
            unit = unit_of(campaign, mark)["key"]
        except FormNotFound:
            continue
        if unit in units:
            found.append((sheet, unit))
    return found


def leave_out(
    desk: Desk, pages: FilePages, stretch: Stretch, layouts: Mapping[str, Layout]
) -> list[LeftOut]:
    """Name the pages of a stretch; what they may be is kept for a person to look at."""
    if stretch.reason is Unclear.OTHER_FORM:
        return [
            replace(one, title=origin.title)
            for origin, part in _by_origin(desk.session, desk.campaign, stretch.pages)
            for one in pages.left_out(origin.reason, part)
        ]
    offers = [
        put_offer(desk, sheet, layouts[sheet.edition], unit, pages.marks_of(sheet.pages))
        for sheet, unit in of_units(desk.campaign, desk.batch, stretch.proposed)
        if not pages.has_known(sheet)
    ]
    named = pages.left_out(str(stretch.reason), stretch.pages, tuple(offers))
    if stretch.reason is not Unclear.INCOMPLETE:
        return named
    edition = next(page.mark.edition for page in stretch.pages if page.mark)
    gaps = gaps_in(stretch.pages, len(layouts[edition].pages))
    return [
        replace(one, gaps=tuple(gap for gap in gaps if gap.place in one.places)) for one in named
    ]


def _by_origin(
    session: Session, campaign: Campaign, pages: Sequence[PageReading]
) -> Iterator[tuple[Origin, list[PageReading]]]:
    known = _origins(session, campaign, {page.mark.edition for page in pages if page.mark})

    def origin(page: PageReading) -> Origin:
        if page.mark and page.mark.is_proof:
            return PROOF
        return known.get(page.mark.edition, UNKNOWN) if page.mark else UNKNOWN

    for each, run in groupby(pages, key=origin):
        yield each, list(run)


def _origins(session: Session, campaign: Campaign, editions: Collection[str]) -> dict[str, Origin]:
    asked = (
        select(PaperForm.edition, Campaign)
        .join(Campaign, Campaign.id == PaperForm.campaign_id)
        .where(PaperForm.edition.in_(editions))
    )
    return {edition: _origin(campaign, other) for edition, other in session.execute(asked)}


def _origin(campaign: Campaign, other: Campaign) -> Origin:
    if other.id == campaign.id:
        return OTHER_LANGUAGE
    is_same = other.instrument_key == campaign.instrument_key
    was_changed = other.instrument_fingerprint != campaign.instrument_fingerprint
    return Origin("other_version" if is_same and was_changed else "other_survey", other.title)
