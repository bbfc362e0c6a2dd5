"""Slips: the numbered places of a unit, one for everybody and the spares after them.

A code follows from its slip, so that none is kept. All slips exist from the launch on; what comes
later only hands them out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from baken.storage.keys import KeyStore
from baken.survey.campaigns.models import Campaign, FrozenUnit
from baken.survey.codes.derivation import code_tag, derive_code
from baken.survey.codes.secrets import CODES, PEPPER, CampaignSecrets


@dataclass(frozen=True, slots=True)
class Slip:
    """One place of a unit; the band of a spare is not known before somebody gets it."""

    unit: str
    number: int
    is_spare: bool
    stratum: str | None = None


@dataclass(frozen=True, slots=True)
class CodeMaker:
    """Derives the codes of one campaign; what it gives is shown or sent, and kept nowhere."""

    campaign_id: UUID
    key: bytes
    pepper: bytes

    @classmethod
    def of(cls, keys: KeyStore, campaign: Campaign) -> "CodeMaker":
        """Return the maker of a campaign that was launched and not opened."""
        place = CampaignSecrets.of(keys, campaign)
        return cls(campaign.id, place.get(CODES), place.get(PEPPER))

    def code(self, unit: str, number: int) -> str:
        return derive_code(self.key, self.campaign_id, unit, number)

    def tag(self, unit: str, number: int) -> bytes:
        return self.tag_of(self.code(unit, number))

    def tag_of(self, code: str) -> bytes:
        return code_tag(self.pepper, self.campaign_id, code)


def list_slips(campaign: Campaign) -> list[Slip]:
    """Return every slip of a campaign that was launched, unit by unit, spares last."""
    return [slip for unit in campaign.unit_tree or [] for slip in _of_unit(campaign, unit)]


def first_spare(campaign: Campaign, unit: str) -> int:
    """Return the number of a unit's first spare slip."""
    return headcounts(campaign)[unit]


def headcounts(campaign: Campaign) -> dict[str, int]:
    """Return how many people were attached to each unit at the launch."""
    return {unit["key"]: unit["headcount"] for unit in campaign.unit_tree or []}


def _of_unit(campaign: Campaign, unit: FrozenUnit) -> Iterator[Slip]:
    key, people = unit["key"], unit["headcount"]
    for number, stratum in enumerate(_strata(campaign, key, people)):
        yield Slip(key, number, is_spare=False, stratum=stratum)
    n_spares = campaign.spares_per_unit if people else 0
    for number in range(people, people + n_spares):
        yield Slip(key, number, is_spare=True)


def _strata(campaign: Campaign, unit: str, people: int) -> list[str | None]:
    """Return the band of every slip of the people: so many of each as was given."""
    if campaign.stratum is None:
        return [None] * people
    given = campaign.stratum["people"].get(unit, {})
    bands = [band["key"] for band in campaign.stratum["bands"]]
    found: list[str | None] = [band for band in bands for _ in range(given.get(band, 0))]
    if len(found) != people:
        raise ValueError("the bands of a unit do not add up to its people")
    return found
