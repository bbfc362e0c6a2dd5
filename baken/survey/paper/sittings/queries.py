"""Reading sittings and the counts of paper."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.places import list_places
from baken.survey.disclosure.rounding import STEP
from baken.survey.errors import SittingFrozen, SittingNotFound
from baken.survey.paper.sittings.models import Kind, Sitting, SittingCount
from baken.survey.paper.sittings.rules import Counts, PaperLine, fold_small, total_of


@dataclass(frozen=True, slots=True)
class SittingView:
    """A sitting with its counts, in the order of the units.

    While nobody has counted the forms by hand the slips of a unit are 0 here, and `slips_so_far`
    is rounded down to five: nothing ticks when somebody comes by, and the count is made blind.
    """

    id: UUID
    campaign_id: UUID
    kind: Kind
    held_on: date
    place: str
    leader: str
    languages: tuple[str, ...]
    counts: tuple[Counts, ...]
    destroyed: int
    is_counted: bool
    remarks: str
    witness: str
    signed_on: date | None
    version: int
    slips_so_far: int = 0

    @property
    def slips(self) -> int:
        return sum(one.slips for one in self.counts)

    @property
    def agrees(self) -> bool:
        return all(one.agrees for one in self.counts)


@dataclass(frozen=True, slots=True)
class PaperCounts:
    """What may be known of the paper of a campaign now.

    Attributes
    ----------
    whole
        The whole organisation: rounded down to five while the survey runs, exact afterwards.
    units
        Groups of at least k places; none while it is too early or once it was opened.
    surplus
        Forms that found no place, from the closing on.
    """

    whole: PaperLine
    units: tuple[PaperLine, ...]
    surplus: int
    destroyed: int
    is_rounded: bool


@dataclass(frozen=True, slots=True)
class OpenForms:
    """A unit that still keeps the box from being opened."""

    unit: str
    name: str
    left: int
    waiting: int


def get_sitting(session: Session, sitting_id: UUID) -> Sitting:
    """Return a sitting of the session's organisation or raise `SittingNotFound`."""
    sitting = session.get(Sitting, sitting_id)
    if sitting is None:
        raise SittingNotFound
    return sitting


def lock_sitting(session: Session, sitting_id: UUID, *, together: bool = False) -> Sitting:
    """Return a sitting as it is now, and let nobody sign or count it until this transaction ends.

    With `together` others may exchange slips of it at the same time.
    """
    sitting = session.get(
        Sitting, sitting_id, with_for_update={"read": together}, populate_existing=True
    )
    if sitting is None:
        raise SittingNotFound
    return sitting


def check_before_opening(campaign: Campaign) -> None:
    """Raise `SittingFrozen` once the box was opened: counts per unit are not shown any more."""
    if campaign.is_opened:
        raise SittingFrozen(
            "survey.sitting_opened",
            "This survey was opened: its sittings no longer change, and only totals are shown.",
        )


def check_unsigned(sitting: Sitting) -> None:
    """Raise `SittingFrozen` once a witness has signed."""
    if sitting.signed_on is not None:
        raise SittingFrozen(
            "survey.sitting_frozen",
            "The counts of this sitting were signed on {day} and no longer change. Plan a new "
            "sitting for slips that come later.",
            day=sitting.signed_on,
        )


def view_sitting(session: Session, sitting_id: UUID, *, by: Actor) -> SittingView:
    """Return a sitting for those who lead it: exact once counted; from the opening on totals."""
    require(by, Action.EXCHANGE_SLIPS)
    return _view(session, get_sitting(session, sitting_id))


def exact_counts(session: Session, sitting: Sitting) -> tuple[Counts, ...]:
    """Return the counts of a sitting per unit, for whoever counts and signs; never for a page."""
    campaign = get_campaign(session, sitting.campaign_id)
    asked = select(SittingCount).where(SittingCount.sitting_id == sitting.id)
    options = {"populate_existing": True}  # slips are counted in the database
    rows = {row.unit: row for row in session.scalars(asked, execution_options=options)}
    return tuple(
        Counts(unit["key"], unit["name"], row.slips, row.handed_out, row.returned, row.empty)
        for unit in campaign.unit_tree or []
        if (row := rows.get(unit["key"])) is not None
    )


def list_sittings(session: Session, campaign_id: UUID, *, by: Actor) -> list[SittingView]:
    """Return the sittings of a campaign, the earliest first."""
    require(by, Action.EXCHANGE_SLIPS)
    asked = select(Sitting).where(Sitting.campaign_id == campaign_id)
    rows = session.scalars(asked.order_by(Sitting.held_on, Sitting.place, Sitting.id))
    return [_view(session, row) for row in rows]


def list_with_paper(session: Session, *, by: Actor) -> list[Campaign]:
    """Return the campaigns that run or wait for their opening, for whoever lends a hand."""
    require(by, Action.WORK_WITH_PAPER)
    at_work = (CampaignState.RUNNING, CampaignState.CLOSED)
    asked = select(Campaign).where(Campaign.state.in_(at_work))
    return list(session.scalars(asked.order_by(Campaign.closes_on, Campaign.title, Campaign.id)))


def list_unsettled(session: Session, campaign_id: UUID, *, by: Actor) -> tuple[OpenForms, ...]:
    """Return the units whose forms are not all sealed or blank; none before the closing."""
    require(by, Action.SETTLE_PAPER)
    campaign = get_campaign(session, campaign_id)
    if campaign.state is not CampaignState.CLOSED:
        return ()
    places = list_places(session, campaign_id)
    return tuple(
        OpenForms(unit["key"], unit["name"], place.left, place.waiting)
        for unit in campaign.unit_tree or []
        if (place := places.get(unit["key"])) is not None and not place.is_settled
    )


def count_paper(session: Session, campaign_id: UUID, *, by: Actor) -> PaperCounts:
    """Return the counts of paper that must agree, as finely as the state of the campaign allows.

    While it runs: slips of sittings that a witness has signed, rounded down to five, so that
    nothing ticks when somebody comes by. From the closing on: exact, in groups of at least k
    places. From the opening on: totals.
    """
    require(by, Action.SEE_CAMPAIGNS)
    campaign = get_campaign(session, campaign_id)
    is_running = campaign.state is CampaignState.RUNNING
    places = list_places(session, campaign_id)
    units = campaign.unit_tree or []
    signed = _signed_slips(session, campaign_id) if is_running else {}
    lines = [
        PaperLine(
            unit["name"],
            signed.get(unit["key"], 0) if is_running else place.places,
            place.taken,
            place.blank,
        )
        for unit in units
        if (place := places.get(unit["key"])) is not None
    ]
    whole = PaperLine.of_all("", lines)
    if is_running and whole.places < campaign.min_group:
        whole = PaperLine("", 0, 0, 0)  # of fewer than k nothing is said
    fine = () if campaign.is_opened else fold_small(lines, campaign.min_group)
    if is_running:
        whole, fine = whole.rounded(), tuple(line.rounded() for line in fine)
    return PaperCounts(
        whole=whole,
        units=fine if whole.places >= campaign.min_group else (),
        surplus=0 if is_running else sum(place.surplus for place in places.values()),
        destroyed=_destroyed(session, campaign_id),
        is_rounded=is_running,
    )


def _signed_slips(session: Session, campaign_id: UUID) -> dict[str, int]:
    asked = (
        select(SittingCount.unit, SittingCount.slips)
        .join(Sitting, Sitting.id == SittingCount.sitting_id)
        .where(Sitting.campaign_id == campaign_id, Sitting.signed_on.is_not(None))
    )
    found: dict[str, int] = {}
    for unit, slips in session.execute(asked):
        found[unit] = found.get(unit, 0) + slips
    return found


def _destroyed(session: Session, campaign_id: UUID) -> int:
    asked = select(Sitting.destroyed).where(
        Sitting.campaign_id == campaign_id, Sitting.signed_on.is_not(None)
    )
    return sum(session.scalars(asked))


def _view(session: Session, sitting: Sitting) -> SittingView:
    campaign = get_campaign(session, sitting.campaign_id)
    counts = exact_counts(session, sitting)
    slips = sum(one.slips for one in counts)
    if campaign.is_opened:  # from then on totals: a unit of three is nobody's business
        counts = (total_of(counts),)
    elif not sitting.is_counted:
        counts = tuple(replace(one, slips=0) for one in counts)
        slips = slips // STEP * STEP
    return SittingView(
        id=sitting.id,
        campaign_id=sitting.campaign_id,
        kind=sitting.kind,
        held_on=sitting.held_on,
        place=sitting.place,
        leader=sitting.leader,
        languages=tuple(sitting.languages),
        counts=counts,
        destroyed=sitting.destroyed,
        is_counted=sitting.is_counted,
        remarks=sitting.remarks,
        witness=sitting.witness,
        signed_on=sitting.signed_on,
        version=sitting.version,
        slips_so_far=slips,
    )
