"""What a list of addresses is held against: units, ways, languages, groups and the room left."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Channel
from baken.survey.invitations.allotting import room_in
from baken.survey.invitations.models import Recipient
from baken.survey.invitations.queries import Named, list_named_units
from baken.survey.invitations.rules import Ground, Invitee, Place

_WAYS = (Channel.MAIL, Channel.LETTER)


def ground_of(
    session: Session,
    keys: KeyStore,
    campaign: Campaign,
    *,
    today: date,
    without: Recipient | None = None,
) -> Ground:
    """Return what a list of a campaign is held against, without one person where that is edited."""
    units = list_named_units(session, campaign, today=today)
    called: dict[str, tuple[str, ...]] = {}
    for unit in units:
        for word in {unit.number.casefold(), unit.name.casefold()} - {""}:
            called[word] = (*called.get(word, ()), unit.key)
    listed = session.scalars(select(Recipient).where(Recipient.campaign_id == campaign.id)).all()
    others = [row for row in listed if row is not without]
    if campaign.state is CampaignState.RUNNING:
        room = room_in(session, keys, campaign)
        if without is not None and without.slip is not None:
            room[without.unit, without.stratum] += 1
    else:
        room = _places(campaign, units)
        room.subtract((row.unit, row.stratum) for row in others)
    return Ground(
        units=called,
        names={unit.key: unit.name for unit in units},
        ways={unit.key: _ways(campaign, unit.key) for unit in units},
        languages=campaign.languages,
        bands=_bands(campaign),
        room=room,
        known=[_mark(row) for row in others],
        groups=_names_of_bands(campaign),
        is_running=campaign.state is CampaignState.RUNNING,
    )


def _ways(campaign: Campaign, unit: str) -> frozenset[Channel]:
    chosen = campaign.channels.get(unit, [])
    return frozenset(way for way in _WAYS if way.value in chosen)


def _bands(campaign: Campaign) -> dict[str, str]:
    if campaign.stratum is None:
        return {}
    return {
        word.casefold(): band["key"]
        for band in campaign.stratum["bands"]
        for word in (band["key"], *band["names"].values())
    }


def _names_of_bands(campaign: Campaign) -> list[str]:
    """Return the bands in the first language of the campaign that names them."""
    bands = campaign.stratum["bands"] if campaign.stratum else []
    first = campaign.languages[0] if campaign.languages else ""
    return [
        band["names"].get(first) or next(iter(band["names"].values()), band["key"])
        for band in bands
    ]


def _places(campaign: Campaign, units: Sequence[Named]) -> Counter[Place]:
    """Return the people of every unit and band as they are before the launch."""
    people: Counter[Place] = Counter()
    for unit in units:
        if campaign.stratum is None:
            people[unit.key, None] = unit.people
        else:
            given = campaign.stratum["people"].get(unit.key, {})
            people.update({(unit.key, band): n for band, n in given.items()})
    return people


def _mark(row: Recipient) -> str:
    return Invitee(0, row.name, row.address, row.channel, row.unit, row.language, row.stratum).mark
