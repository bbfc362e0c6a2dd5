"""Stacks of forms: started with a count made by hand, found again, and brought to their end."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box.paper import check_takes_paper
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.places import add_waiting, list_places
from baken.survey.disclosure.rounding import next_step
from baken.survey.disclosure.tree import ROOT
from baken.survey.paper import rules, spool
from baken.survey.paper.errors import BatchNotFound, CannotOpenBatch, SamePerson
from baken.survey.paper.imprints import check_imprint
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.roles import check_reads_forms
from baken.survey.paper.rules import BatchState, Way


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What is said of a stack before anything of it is read.

    Attributes
    ----------
    unit
        Key of a frozen unit, or `ROOT`; the forms are of that unit or of one below it.
    counted
        Forms in the stack, counted by hand.
    is_another
        That a stack of the same unit was there before, and that this is another one.
    imprint
        What stands at the foot of the forms; a scan reads the square code instead.
    """

    unit: str
    language: str
    way: Way
    counted: int
    is_another: bool = False
    imprint: str = ""


def open_batch(
    session: Session, keys: KeyStore, campaign_id: UUID, plan: BatchPlan, *, by: Actor, today: date
) -> PaperBatch:
    """Start a stack: its key is made, and the day begins on which it can be read."""
    require(by, Action.KEY_SHEETS)
    check_reads_forms(session, by, today=today)
    campaign = lock_campaign(session, campaign_id)
    check_takes_paper(campaign)
    if plan.language not in campaign.languages or plan.unit not in {ROOT, *_keys(campaign)}:
        raise CannotOpenBatch(
            "paper_entry.not_of_campaign",
            "Choose a unit and a language of this survey. Nothing was saved.",
        )
    if plan.way is Way.KEYED:
        check_imprint(session, campaign, plan.language, plan.imprint)
    rules.check_counted(plan.counted, campaign.min_group, is_last=is_last(campaign, plan.unit))
    check_places(session, campaign, plan.unit, plan.counted)
    _check_is_another(session, campaign_id, plan)
    batch = PaperBatch(
        campaign_id=campaign_id,
        unit=plan.unit,
        language=plan.language,
        way=plan.way,
        counted=plan.counted,
        opened_on=today,
        first_by=by.person_id,
        waiting={},
    )
    session.add(batch)
    session.flush()
    # Recorded at its end, once for the whole stack.
    spool.make_batch_key(keys, batch)
    return batch


def get_batch(session: Session, campaign_id: UUID, batch_id: UUID) -> PaperBatch:
    """Return a batch of a campaign or raise `BatchNotFound`."""
    batch = session.get(PaperBatch, batch_id)
    if batch is None or batch.campaign_id != campaign_id:
        raise BatchNotFound
    return batch


def lock_batch(session: Session, batch_id: UUID) -> PaperBatch:
    """Return a batch as it is now; nobody else changes it until this transaction ends."""
    batch = session.get(PaperBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise BatchNotFound
    return batch


def list_batches(session: Session, campaign_id: UUID) -> list[PaperBatch]:
    """Return the stacks of a campaign, those of the last day first."""
    asked = select(PaperBatch).where(PaperBatch.campaign_id == campaign_id)
    return list(session.scalars(asked.order_by(PaperBatch.opened_on.desc(), PaperBatch.id)))


def units_of(campaign: Campaign, batch: PaperBatch) -> frozenset[str]:
    """Keys of the units of which forms may lie in a stack."""
    return _at_or_below(campaign, batch.unit)


def empty_batch(session: Session, batch: PaperBatch) -> None:
    """Delete what lies in the spool, and let nothing wait any more."""
    spool.empty_spool(session, batch.id)
    lock_campaign(session, batch.campaign_id)  # as everybody who changes places of several units
    for unit, n in list(batch.waiting.items()):
        wait(session, batch, unit, -n)


def wait(session: Session, batch: PaperBatch, unit: str, n: int) -> None:
    """Note that `n` more sheets of a unit lie in the spool; fewer when negative."""
    add_waiting(session, batch.campaign_id, unit, n)
    # A dictionary of its own: a change inside the old one would not be written.
    left = Counter(batch.waiting)
    left[unit] += n
    batch.waiting = {unit: n_left for unit, n_left in left.items() if n_left}


def record_end(session: Session, batch: PaperBatch, action: str, *, by: UUID | None) -> None:
    """Record how a stack ended: one entry for all of it, none for a form.

    How many forms it had is not told: while people answer, whoever reads the record sees rounded
    counts only.
    """
    record(
        session,
        action,
        by=by,
        subject=f"paper_batch:{batch.id}",
        facts={"campaign": str(batch.campaign_id), "surplus": batch.n_surplus},
    )


def check_is_first(session: Session, batch: PaperBatch, by: Actor) -> None:
    """Raise `SamePerson` unless it is this person's first entry."""
    check_reads_forms(session, by, today=batch.opened_on)  # the one day on which it is readable
    if batch.first_by != by.person_id:
        raise SamePerson(
            "paper_entry.other_started",
            "Somebody else has started this stack, and one person does the whole first entry. "
            "Start a stack of your own, or wait for the second entry of this one.",
        )


def is_last(campaign: Campaign, unit: str) -> bool:
    """Whether a stack is what is left of the whole organisation after the closing."""
    return campaign.state is CampaignState.CLOSED and campaign.tree.key_of(unit) == ROOT


def check_places(session: Session, campaign: Campaign, unit: str, n: int) -> None:
    """Refuse `n` more forms than slips that were exchanged and still wait for their form.

    While people answer the slips count as the next multiple of five: whoever asks for one more and
    one more would else read, without a trace, how many there are, and see it tick when somebody
    comes by. They are rounded before what was entered is taken off: who enters one form more would
    else shift the steps and find the number between them. What is too many after that is found
    when the stack is sealed.
    """
    places = list_places(session, campaign.id)
    within = _at_or_below(campaign, unit)
    mine = [row for key, row in places.items() if key in within]
    slips = sum(row.places - row.blank for row in mine)
    if campaign.state is CampaignState.RUNNING:
        slips = next_step(slips)
    if n > slips - sum(row.taken + row.waiting for row in mine):
        raise CannotOpenBatch(
            "paper_entry.more_than_places",
            "The stack holds more forms than slips of this unit that were exchanged and wait for "
            "their form. Look first whether slips still have to be exchanged, whether this stack "
            "was entered before, and whether the forms are of this unit. Nothing was saved.",
        )


def _check_is_another(session: Session, campaign_id: UUID, plan: BatchPlan) -> None:
    ended = (BatchState.EXPIRED, BatchState.DROPPED)
    asked = select(PaperBatch.id).where(
        PaperBatch.campaign_id == campaign_id,
        PaperBatch.unit == plan.unit,
        PaperBatch.state.not_in(ended),
    )
    if not plan.is_another and session.scalars(asked.limit(1)).first() is not None:
        raise CannotOpenBatch(
            "paper_entry.same_again",
            "A stack of this unit was entered before, or is being entered. If this is another "
            "stack, with other forms, tick that below and go on.",
        )


def _keys(campaign: Campaign) -> frozenset[str]:
    return frozenset(unit["key"] for unit in campaign.unit_tree or [])


def _at_or_below(campaign: Campaign, unit: str) -> frozenset[str]:
    tree = campaign.tree
    top = tree.key_of(unit)
    return frozenset(key for key in _keys(campaign) if tree.is_within(tree.key_of(key), top))
