"""Counting the answers of a campaign, once, and keeping the counts."""

from uuid import UUID, uuid4

import numpy as np

from baken.analysis.errors import NotTheSameQuestions, NotYetOpened
from baken.analysis.tallies.binary import to_bytes
from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.portions import Portion, count_portions, processes_for
from baken.analysis.tallies.queries import find_stored, seal_address, tally_key_name, unseal_tally
from baken.analysis.tallies.tally import NO_BAND, Tally
from baken.instruments.definition import Instrument
from baken.storage.keys import KeyStore, seal
from baken.storage.session import Session
from baken.survey.answers import PURPOSE, Block, count_labels, read_blocks
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.library.queries import get_instrument


def count_campaign(session: Session, keys: KeyStore, campaign_id: UUID) -> Tally:
    """Return the tally of an opened campaign; the first call counts the answers and keeps it.

    Raises
    ------
    NotYetOpened
        The answers are still sealed, or there were too few to open.
    CellTooSmall
        A label stands for fewer people than was agreed at the launch; nothing is stored.
    """
    stored = find_stored(session, campaign_id)
    if stored is not None:
        return unseal_tally(keys, stored)
    campaign = get_campaign(session, campaign_id)
    check_has_answers(campaign)
    tally = _count_blocks(session, keys, campaign)
    _store(session, keys, campaign, tally)
    return tally


def check_has_answers(campaign: Campaign) -> None:
    """Raise `NotYetOpened` unless the answers were opened and are enough to be read."""
    if not campaign.is_opened:
        raise NotYetOpened(
            "analysis.not_opened",
            "The answers to this survey are still sealed. They can be counted after it is closed "
            "and opened.",
        )
    if campaign.too_few:
        raise NotYetOpened(
            "analysis.too_few_answers",
            "Fewer people answered than the smallest group that was agreed. The answers were "
            "destroyed unread; there are no results.",
        )


def instrument_of(session: Session, campaign: Campaign) -> Instrument:
    """Return the questionnaire of a campaign, exactly as it was at the launch."""
    instrument = get_instrument(session, campaign.instrument_key, campaign.instrument_version)
    if instrument.fingerprint != campaign.instrument_fingerprint:
        raise NotTheSameQuestions(
            "analysis.instrument_changed",
            "The questionnaire {name} {version} on this installation is not the one this survey "
            "was held with. Restore the original files; the answers are unchanged.",
            name=campaign.instrument_key,
            version=campaign.instrument_version,
        )
    return instrument


def _count_blocks(session: Session, keys: KeyStore, campaign: Campaign) -> Tally:
    instrument = instrument_of(session, campaign)
    bands = {background.key: background.bands for background in instrument.backgrounds}
    portions = (_portion(block, bands) for block in read_blocks(session, keys, campaign.id))
    processes = processes_for(sum(count_labels(session, campaign.id).values()))
    counted = count_portions(instrument, portions, processes=processes)
    return counted.tally.with_safe_bands(instrument, campaign.min_group)


def _portion(block: Block, bands: dict[str, tuple[str, ...]]) -> Portion:
    backgrounds = {}
    for position, column in enumerate(block.columns):
        if column in bands:
            # -1, no answer, becomes the last name of the list
            names = (*bands[column], NO_BAND)
            which = block.backgrounds[:, position].astype(np.intp)
            backgrounds[column] = (np.where(which < 0, len(names) - 1, which), names)
    lines = np.zeros(len(block.items), dtype=np.intp)
    return Portion(block.items, lines, (block.label,), backgrounds)


def _store(session: Session, keys: KeyStore, campaign: Campaign, tally: Tally) -> None:
    owner = campaign.organisation_id
    content = to_bytes(tally, min_group=campaign.min_group_at_launch or campaign.min_group)
    name = tally_key_name(campaign.id)
    if keys.has(owner, PURPOSE, name):
        # left by a count that was rolled back; nothing is sealed under it
        key = keys.get(owner, PURPOSE, name)
    else:
        key = keys.make(owner, PURPOSE, name)
    tally_id = uuid4()
    box = seal(key, content, seal_address(owner, tally_id))
    session.add(StoredTally(id=tally_id, campaign_id=campaign.id, box=box))
    session.flush()
