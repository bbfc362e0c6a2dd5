"""Who gets which slip: drawn by lot among those of the unit, and of the band where there is one."""

import secrets
from collections import Counter
from uuid import UUID

from sqlalchemy import select

from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.codes.handing_out import assign, list_free_slips
from baken.survey.codes.slips import CodeMaker
from baken.survey.disclosure.tree import Tree
from baken.survey.errors import CannotLaunch, NoCodeLeft
from baken.survey.invitations.models import Recipient
from baken.survey.invitations.rules import Place


def allot(session: Session, keys: KeyStore, campaign: Campaign) -> None:
    """Give a slip to everybody on the list who has none.

    Raises
    ------
    NoCodeLeft
        More people of a unit are on the list than it has codes; nobody gets one.
    """
    waiting = _without_slip(session, campaign.id)
    if not waiting:
        return
    heaps: dict[Place, list[int]] = {}
    for slip in list_free_slips(session, keys, campaign):
        heaps.setdefault((slip.unit, slip.stratum), []).append(slip.number)
    for heap in heaps.values():
        secrets.SystemRandom().shuffle(heap)
    maker = CodeMaker.of(keys, campaign)
    for person in waiting:
        heap = heaps.get((person.unit, person.stratum), [])
        if not heap:
            raise no_slip_left(campaign, person.unit)
        person.slip = heap.pop()
        assign(session, maker, person.unit, person.slip, person.channel)
    session.flush()


def no_slip_left(campaign: Campaign, unit: str) -> NoCodeLeft:
    """Say that the codes of a unit are all spoken for."""
    name = next((row["name"] for row in campaign.unit_tree or [] if row["key"] == unit), "")
    return NoCodeLeft(
        "survey.no_slip_left",
        "Every code of {unit} stands on a card or belongs to an address. Give a card, or write the "
        "person down as a newcomer: that takes a spare code.",
        unit=name,
    )


def room_in(session: Session, keys: KeyStore, campaign: Campaign) -> Counter[Place]:
    """Return how many more people of each unit and band of a running campaign can be invited."""
    free = list_free_slips(session, keys, campaign)
    return Counter((slip.unit, slip.stratum) for slip in free)


def list_obstacles(session: Session, campaign: Campaign, tree: Tree | None) -> list[CannotLaunch]:
    """Say which units have more addresses than people, or left the tree since the list was made."""
    if tree is None:
        return []
    asked = select(Recipient.unit, Recipient.stratum).where(Recipient.campaign_id == campaign.id)
    counted: Counter[Place] = Counter((unit, band) for unit, band in session.execute(asked))
    gone = sum(n for (unit, _), n in counted.items() if unit not in tree)
    found = []
    if gone:
        found.append(
            CannotLaunch(
                "survey.launch_recipients_gone",
                "{n} people on the address list belong to a unit that is not there on the first "
                "day. Give them another unit or take them off the list.",
                n=gone,
            )
        )
    return found + [
        CannotLaunch(
            "survey.launch_recipients_over",
            "{unit} has {people} people and {n} addresses. Take some off the list, or correct the "
            "number of people.",
            unit=tree.name(tree.key_of(unit)),
            people=_people(campaign, tree, unit, band),
            n=n,
        )
        for (unit, band), n in sorted(counted.items(), key=str)
        if unit in tree and n > _people(campaign, tree, unit, band)
    ]


def _people(campaign: Campaign, tree: Tree, unit: str, band: str | None) -> int:
    if campaign.stratum is None or band is None:
        # Whoever has no band while codes carry one cannot be given a code.
        return (tree.headcount(tree.key_of(unit)) or 0) if campaign.stratum is None else 0
    return campaign.stratum["people"].get(unit, {}).get(band, 0)


def _without_slip(session: Session, campaign_id: UUID) -> list[Recipient]:
    asked = select(Recipient).where(Recipient.campaign_id == campaign_id, Recipient.slip.is_(None))
    return list(session.scalars(asked))
