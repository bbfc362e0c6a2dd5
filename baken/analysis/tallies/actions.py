"""Counting the answers of a campaign, once, and keeping the counts."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import numpy as np

from baken.analysis.errors import NotTheSameQuestions, NotYetOpened
from baken.analysis.methods.modes import ModeDifference
from baken.analysis.methods.scoring import ScoringRule
from baken.analysis.tallies.binary import to_bytes
from baken.analysis.tallies.cells import ScaleCounts
from baken.analysis.tallies.counts import Counts
from baken.analysis.tallies.crossing import Crossing, added
from baken.analysis.tallies.driver_cells import DriverCells, about_the_same, declared_models
from baken.analysis.tallies.driver_remainder import needed_draw, without
from baken.analysis.tallies.models import StoredTally
from baken.analysis.tallies.modes import compare_modes
from baken.analysis.tallies.portions import Portion, count_portions, processes_for
from baken.analysis.tallies.queries import find_stored, seal_address, tally_key_name, unseal_tally
from baken.analysis.tallies.tally import NO_BAND, Tally
from baken.instruments.definition import Instrument
from baken.storage.keys import KeyStore, seal
from baken.storage.session import Session
from baken.survey.answers import MODE_COLUMN, PURPOSE, Block, count_labels, read_blocks
from baken.survey.box.sheet import MODES
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.disclosure.merging import Merging, recall_merging
from baken.survey.disclosure.thresholds import is_safe, threshold
from baken.survey.library.queries import get_instrument


def count_campaign(
    session: Session, keys: KeyStore, campaign_id: UUID, *, counted: Counts | None = None
) -> Counts:
    """Return the counts of an opened campaign; the first call counts the answers and keeps them.

    Only the first call knows background bands within units: what needs them is computed then.

    Parameters
    ----------
    counted : Counts, optional
        What `read_counts` found a moment ago, so that nobody waits for the counting to write.

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
    counts = counted or _count_blocks(session, keys, campaign)
    _store(session, keys, campaign, counts)
    return counts


def read_counts(session: Session, keys: KeyStore, campaign_id: UUID) -> Counts:
    """Return the counts of an opened campaign and keep nothing; raises as `count_campaign`.

    Choosing which groups may be shown can take a minute: too long for a transaction that writes.
    """
    stored = find_stored(session, campaign_id)
    if stored is not None:
        return unseal_tally(keys, stored)
    campaign = get_campaign(session, campaign_id)
    check_has_answers(campaign)
    return _count_blocks(session, keys, campaign)


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


def merging_of(campaign: Campaign, tally: Tally) -> Merging:
    """Return how labels were merged when the campaign was opened; that is final."""
    return recall_merging(
        campaign.tree,
        campaign.label_of or {},
        tally.rows,
        campaign.min_group_at_launch or campaign.min_group,
        root_is_loose=campaign.root_is_loose,
    )


def _count_blocks(session: Session, keys: KeyStore, campaign: Campaign) -> Counts:
    instrument = instrument_of(session, campaign)
    bands = {background.key: background.bands for background in instrument.backgrounds}
    portions = (_portion(block, bands) for block in read_blocks(session, keys, campaign.id))
    processes = processes_for(sum(count_labels(session, campaign.id).values()))
    models = declared_models(instrument)
    counted = count_portions(instrument, portions, processes=processes, models=models)
    merging = merging_of(campaign, counted.tally)
    tally = counted.tally.broken_down(instrument, merging, campaign.min_group)
    asked = _outcomes_to_show(tally, instrument, counted.drivers, campaign.min_group)
    drivers = tuple(about_the_same(counted.drivers, asked))
    draw = needed_draw(tally, drivers, instrument, campaign.min_group)
    shares = draw.shares() if draw else {}
    for block in read_blocks(session, keys, campaign.id) if shares else ():
        if block.label in shares:
            drivers = without(drivers, tally.shape, block.label, block.items, shares[block.label])
    return Counts(tally, drivers, _modes(session, keys, campaign, instrument, tally))


def _modes(
    session: Session, keys: KeyStore, campaign: Campaign, instrument: Instrument, tally: Tally
) -> tuple[tuple[str, ModeDifference], ...]:
    """Compare paper and screen where both were used by enough people to be told apart."""
    if MODE_COLUMN not in (campaign.kept_columns or []) or tally.breakdowns is None:
        return ()
    names = {MODE_COLUMN: MODES} | {one.key: one.bands for one in instrument.backgrounds}
    portions = (_portion(block, names) for block in read_blocks(session, keys, campaign.id))
    crossings = [
        Crossing.count(tally.shape, one.matrix, one.lines, one.labels, one.backgrounds)
        for one in portions
    ]
    merging = merging_of(campaign, tally)
    return compare_modes(added(crossings), instrument, merging, tally.breakdowns)


def _outcomes_to_show(
    tally: Tally, instrument: Instrument, drivers: Sequence[DriverCells], min_group: int
) -> list[int]:
    """Return the places of the models whose outcome may be shown of the whole organisation.

    An outcome that hardly anybody was asked takes nobody from the others. Later k can only be
    higher, and then a model is withheld.
    """
    keys = [scale.key for scale in tally.shape.scales]
    asked = []
    for place, cells in enumerate(drivers):
        at = keys.index(cells.model.outcome)
        k = threshold(min_group, instrument.scales[at].min_group)
        if is_safe(*_answered(tally.cells.scales[at], tally.shape.scales[at].rule), k):
            asked.append(place)
    return asked


def _answered(counts: ScaleCounts, rule: ScoringRule) -> tuple[int, tuple[int, int]]:
    """Return how many have a score, and how many of them not the lowest and not the highest."""
    sums, answered = counts.keys.T
    people = counts.people.sum(axis=0)
    not_highest = people[sums < rule.step * answered].sum()
    return int(people.sum()), (int(people[sums > 0].sum()), int(not_highest))


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


def _store(session: Session, keys: KeyStore, campaign: Campaign, counts: Counts) -> None:
    owner = campaign.organisation_id
    k = campaign.min_group_at_launch or campaign.min_group
    content = to_bytes(counts.tally, min_group=k, drivers=counts.drivers, modes=counts.modes)
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
