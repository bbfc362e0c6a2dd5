"""In which ways the people of each unit are reached, and who is not reached yet."""

from dataclasses import dataclass
from datetime import date

from baken.storage.session import Session
from baken.survey.campaigns.channels import INVITED, Way, ways_of
from baken.survey.campaigns.models import Campaign
from baken.survey.invitations.queries import count_addresses, list_named_units


@dataclass(frozen=True, slots=True)
class WaysRow:
    """A unit in which somebody works, its ways, and how many of its people have an address."""

    name: str
    people: int
    ways: tuple[Way, ...]
    addresses: int

    @property
    def lacks_addresses(self) -> bool:
        """Whether codes go by letter or mail alone, and there are fewer addresses than people."""
        return set(self.ways) <= INVITED and self.addresses < self.people


def ways_rows(session: Session, campaign: Campaign, *, today: date) -> tuple[WaysRow, ...]:
    """The units of a campaign with their ways: frozen ones from the launch on."""
    addresses = count_addresses(session, campaign.id)
    return tuple(
        WaysRow(unit.name, unit.people, ways_of(campaign, unit.key), addresses[unit.key])
        for unit in list_named_units(session, campaign, today=today)
        if unit.people
    )
