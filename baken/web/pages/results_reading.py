"""A release with everything needed to read it aloud: units, questionnaire, who is reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from baken.analysis.releases.models import Release
from baken.analysis.tallies.actions import instrument_of
from baken.instruments.definition import Instrument, Scale, Texts
from baken.organisation.permissions import ALLOWED, Action, Actor, may
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.disclosure.tree import ROOT, Tree
from baken.web.pages.campaign_forms import texts_of
from baken.web.pages.results_values import Cell, Shown, unit_cell, whole_cell
from baken.web.texts import Catalogue, catalogue


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One release for one reader; `root` is the address of the campaign's pages."""

    results: Mapping[str, Any]
    release_id: UUID
    tree: Tree
    instrument: Instrument
    texts: Texts
    say: Catalogue
    root: str
    visible: frozenset[str]
    may_record: bool
    may_see_all: bool

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales in the order of the dimensions."""
        dimensions = self.instrument.dimensions
        return tuple(scale for key in dimensions for scale in self.instrument.scales_of(key))

    def cell(self, unit: str, scale: Scale) -> Cell:
        if unit == ROOT:
            return whole_cell(self.results, scale)
        return unit_cell(self.results, unit, scale)

    def unit_name(self, unit: str) -> str:
        if unit == ROOT and self.tree.root_key is None:
            return self.say("results.whole")
        return self.tree.name(unit)

    def unit_url(self, unit: str) -> str:
        """The page of a unit, or nothing where this reader has none."""
        if unit == ROOT:
            return f"{self.root}/results" if self.may_see_all else ""
        return f"{self.root}/results/units/{unit}" if unit in self.visible else ""

    def scale_url(self, scale: str) -> str:
        return f"{self.root}/results/scales/{scale}" if self.may_see_all else ""

    def finding_url(self, organisation: str, unit: str, scale: str) -> str:
        if not self.may_record:
            return ""
        return f"{organisation}/findings/new?release={self.release_id}&unit={unit}&scale={scale}"

    def ordered_units(self) -> Iterator[str]:
        """Every unit under its parent; of units side by side the one that weighs most comes first.

        Units without figures stand after the others, in the order of the tree: nothing that is
        hidden decides where a row stands.
        """
        yield from self._below(ROOT)

    def depth(self, unit: str) -> int:
        return len(self.tree.ancestors(unit)) - 1

    def _below(self, unit: str) -> Iterator[str]:
        weights = {child: self._weight(child) for child in self.tree.children(unit)}
        for child in sorted(weights, key=lambda key: _rank(weights[key])):
            yield child
            yield from self._below(child)

    def _weight(self, unit: str) -> float | None:
        """How far the shrunken means lie on the side of risk, on average over what is shown."""
        found = []
        for scale in self.scales:
            own, whole = self.cell(unit, scale), self.cell(ROOT, scale)
            if isinstance(own, Shown) and isinstance(whole, Shown) and own.shrunken is not None:
                sign = 1 if scale.high_is == "risk" else -1
                found.append(sign * (own.shrunken - whole.mean))
        return sum(found) / len(found) if found else None


def _rank(weight: float | None) -> tuple[bool, float]:
    return (weight is None, -(weight or 0.0))


def read_release(
    session: Session,
    release: Release,
    campaign: Campaign,
    *,
    by: Actor,
    language: str,
    organisation: str,
) -> Reading:
    """Prepare a release for a reader; `organisation` is the address of the organisation."""
    instrument = instrument_of(session, campaign)
    tree = campaign.tree
    return Reading(
        results=release.results,
        release_id=release.id,
        tree=tree,
        instrument=instrument,
        texts=texts_of(instrument, language),
        say=catalogue(language),
        root=f"{organisation}/campaigns/{campaign.id}",
        visible=visible_units(by, tree),
        may_record=may(by, Action.RECORD_FINDING),
        may_see_all=may(by, Action.SEE_RESULTS),
    )


def visible_units(by: Actor, tree: Tree) -> frozenset[str]:
    """Units whose page this person may open: all of them, or their own and those below."""
    if may(by, Action.SEE_RESULTS):
        return frozenset(tree.units)
    roles = ALLOWED[Action.SEE_OWN_UNIT_RESULTS]
    own = {str(grant.unit_id) for grant in by.grants if grant.unit_id and grant.role in roles}
    heads = [tree.key_of(key) for key in own if key in tree]
    return frozenset(
        unit for unit in tree.units if any(tree.is_within(unit, head) for head in heads)
    )
