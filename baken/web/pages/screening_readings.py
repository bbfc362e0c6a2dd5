"""The page that puts the group's alert lights beside what everybody said in a survey."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.analysis.methods.readings import ColourAgreement
from baken.analysis.releases.alert_lights import (
    Compared,
    Everybody,
    LightOverUnits,
    TwoReadings,
    compare_readings,
    everybody_in,
    lights_asked,
    lowest,
)
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import get_newest_release, list_releases
from baken.analysis.tallies.actions import instrument_of
from baken.instruments.screening import Colour, LightTexts
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.disclosure.tree import ROOT, Tree
from baken.survey.screening.queries import ReadSheet, list_agreed
from baken.survey.screening.wording import KEY, current_wording
from baken.web import numerals
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.screening_views import SheetRow, words_of
from baken.web.texts import Catalogue, catalogue

CLEAR = 0.05
"""Sign test below which a difference is called more than chance."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey in which everybody was asked about the lights, and that has results."""

    campaign_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class EverybodyView:
    """What everybody in a unit says of all lights together.

    `n_on` is of the `n_shown` lights with a reading: a hidden light is not one that is off.
    """

    colour: str
    worst: str
    n_on: int
    n_shown: int
    n_hidden: int
    is_certain: bool


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit with both readings; `verdict` is the key of a sentence, empty if nobody is shown."""

    name: str
    sheet: SheetRow
    everybody: EverybodyView | None
    verdict: str
    counts: bool
    only_everybody: tuple[str, ...]
    only_group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LightRow:
    """One light over the units; empty texts where fewer than five units have both readings."""

    name: str
    n_units: int
    group: str
    everybody: str
    gap: str
    agreement: float | None
    chance: str


@dataclass(frozen=True, slots=True)
class ColoursView:
    """The colours over the units; `table` has the group in rows, green to red.

    `is_clear` when more units differ in one direction than chance explains.
    """

    n_units: int
    n_worse: int
    n_better: int
    n_same: int
    gap: str
    table: tuple[tuple[str, tuple[int, ...]], ...]
    chance: str
    is_clear: bool
    kappa: float | None

    @property
    def n_differing(self) -> int:
        """Units with another colour in the two readings."""
        return self.n_worse + self.n_better


class ScreeningReadings(Controller):
    """Two readings of the same lights; nothing of a unit that its release does not show."""

    path = "/o/{organisation_id:uuid}/screenings/readings"

    @get("/{campaign_id:uuid}", opt={"action": Action.COMPARE_SCREENINGS}, sync_to_thread=True)
    def readings_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        if campaign.instrument_key != KEY:
            raise NotFoundException
        release = get_newest_release(session, campaign_id, by=actor)
        sheets = _sheets(session, campaign)
        read = _read(session, campaign, release, sheets)
        counted = lowest((unit.unit for unit in read if unit.everybody), campaign.tree)
        wording = current_wording(session)
        texts = catalogue(language)
        words = words_of(wording, language)
        lights = [light.item for light in wording.screening.lights]
        compared = compare_readings((unit for unit in read if unit.unit in counted), lights)
        return page(
            request,
            "survey/screening_readings.html",
            campaign=campaign.title,
            results=frame_of(request).url(f"/campaigns/{campaign_id}/results"),
            was_asked=bool(lights_asked(instrument_of(session, campaign))),
            release_number=release.number,
            min_group=release.min_group,
            units=tuple(_units(read, sheets, counted, campaign.tree, words.lights)),
            colours=_colours(compared, texts),
            n_certain=compared.n_units,
            lights=tuple(_light_row(one, words.lights, texts) for one in compared.lights),
            note=words.screening_note,
            is_official=wording.screening.is_official,
        )


def list_asked(session: Session, *, by: Actor) -> list[Asked]:
    """Return the surveys about the lights that have results, the newest first."""
    found: dict[UUID, str] = {}
    for release in list_releases(session, by=by):
        if release.instrument_key == KEY and release.campaign_id not in found:
            found[release.campaign_id] = get_campaign(session, release.campaign_id).title
    return [Asked(campaign_id, title) for campaign_id, title in found.items()]


def _sheets(session: Session, campaign: Campaign) -> dict[str, ReadSheet]:
    """Of each unit that was in the survey, the agreed sheet whose period ends nearest to it."""
    found: dict[str, ReadSheet] = {}
    for sheet in sorted(list_agreed(session), key=lambda one: _apart(one, campaign.closes_on)):
        key = str(sheet.sheet.unit_id)
        if key in campaign.tree:
            found.setdefault(campaign.tree.key_of(key), sheet)
    return found


def _apart(found: ReadSheet, closes_on: date) -> int:
    return abs((found.sheet.until_on - closes_on).days)


def _read(
    session: Session, campaign: Campaign, release: Release, sheets: Mapping[str, ReadSheet]
) -> list[TwoReadings]:
    """Both readings of every unit with a sheet, in the order of the tree."""
    asked = lights_asked(instrument_of(session, campaign))
    results = release.results
    read = []
    for unit in campaign.tree.keys:
        if unit in sheets:
            screening = sheets[unit].wording.screening
            everybody = everybody_in(
                results if unit == ROOT else results["units"][unit],
                asked,
                (light.item for light in screening.lights),
                screening.overall,
                k=release.min_group,
            )
            read.append(TwoReadings(unit, sheets[unit].result, everybody))
    return read


def _units(
    read: Iterable[TwoReadings],
    sheets: Mapping[str, ReadSheet],
    counted: frozenset[str],
    tree: Tree,
    words: Mapping[str, LightTexts],
) -> Iterator[UnitView]:
    """Units the group sees better than everybody first; those without a comparison last."""
    for unit in sorted(read, key=_first):
        yield UnitView(
            name=tree.name(unit.unit),
            sheet=SheetRow.of(sheets[unit.unit]),
            everybody=_everybody(unit.everybody) if unit.everybody else None,
            verdict=_verdict(unit),
            counts=unit.unit in counted,
            only_everybody=_differing(unit, words, group=False),
            only_group=_differing(unit, words, group=True),
        )


def _first(unit: TwoReadings) -> tuple[bool, bool, int]:
    return (unit.everybody is None, unit.step is None, -(unit.step or 0))


def _verdict(unit: TwoReadings) -> str:
    if unit.everybody is None:
        return ""
    if unit.step is None:
        return "open"
    return "worse" if unit.step > 0 else "better" if unit.step < 0 else "same"


def _everybody(found: Everybody) -> EverybodyView:
    return EverybodyView(
        colour=found.colour.word,
        worst=found.worst.word,
        n_on=found.n_on,
        n_shown=len(found.lights),
        n_hidden=found.n_hidden,
        is_certain=found.is_certain,
    )


def _differing(
    unit: TwoReadings, words: Mapping[str, LightTexts], *, group: bool
) -> tuple[str, ...]:
    """Names of the lights that are on for the group alone, or for everybody alone."""
    return tuple(
        words[light].name
        for light, (on_group, on_everybody) in unit.known.items()
        if on_group is group and on_everybody is not group and light in words
    )


def _colours(compared: Compared, texts: Catalogue) -> ColoursView | None:
    found = compared.colours
    if found is None:
        return None
    return ColoursView(
        n_units=found.n_units,
        n_worse=found.n_worse,
        n_better=found.n_better,
        n_same=found.n_units - found.n_worse - found.n_better,
        gap=numerals.signed(round(found.gap, 2), texts.language, None),
        table=_table(found),
        chance=_chance(found.p, texts),
        is_clear=found.p < CLEAR,
        kappa=None if math.isnan(found.kappa) else round(found.kappa, 2),
    )


def _table(found: ColourAgreement) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((colour.word, row) for colour, row in zip(Colour, found.table, strict=True))


def _light_row(
    found: LightOverUnits, words: Mapping[str, LightTexts], texts: Catalogue
) -> LightRow:
    name, both = words[found.item].name, found.agreement
    if both is None:
        return LightRow(name, found.n_units, "", "", "", None, "")
    (_, only_everybody), (only_group, together) = both.table
    return LightRow(
        name=name,
        n_units=found.n_units,
        group=texts("readings.of_units", n=only_group + together, units=found.n_units),
        everybody=texts("readings.of_units", n=only_everybody + together, units=found.n_units),
        gap=numerals.signed(100 * both.gap, texts.language),
        agreement=both.agreement,
        chance=_chance(both.p, texts),
    )


def _chance(p: float, texts: Catalogue) -> str:
    """A p value as people read it; nothing where no unit differs."""
    if math.isnan(p):
        return ""
    if p < 0.001:
        return texts("readings.chance_below", p=0.001)
    return texts("readings.chance", p=round(p, 3))
