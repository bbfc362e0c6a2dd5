"""What pages show of stacks of forms: counts and what comes next, never a form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.analysis.methods.rates import Rate, error_rate
from baken.organisation.models import Person
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.disclosure.tree import ROOT
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import READABLE, BatchState, Way
from baken.web.texts import Catalogue

PER_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class RateView:
    """Wrong fields per thousand, with the limits of the interval."""

    wrong: int
    checked: int
    per_thousand: float
    low: float
    high: float

    @classmethod
    def of(cls, wrong: int, checked: int) -> "RateView | None":
        rate: Rate | None = error_rate(wrong, checked)
        if rate is None:
            return None
        values = (PER_THOUSAND * one for one in (rate.value, rate.low, rate.high))
        return cls(wrong, checked, *values)


@dataclass(frozen=True, slots=True)
class BatchView:
    """A stack: what it is, how far it is, and what the reader may do with it now."""

    id: UUID
    unit: str
    language: str
    way: Way
    counted: int
    opened_on: date
    state: BatchState
    n_entered: int
    n_aside: int
    n_sealed: int
    n_blank: int
    n_surplus: int
    identifiers_wrong: int
    rate: RateView | None
    is_first: bool  # whether the reader did the first entry
    may_check: bool  # whether the second entry is, or can be, the reader's
    may_decide: bool
    is_readable: bool
    is_opened: bool  # the survey: from then on no page tells how many forms one stack had

    @classmethod
    def of(
        cls, batch: PaperBatch, campaign: Campaign, t: Catalogue, by: Actor, today: date
    ) -> "BatchView":
        # Nothing of it can be read from midnight on, whoever clears it away a moment later.
        is_over = batch.opened_on < today and batch.state is not BatchState.SEALING
        state = BatchState.EXPIRED if is_over and batch.state in READABLE else batch.state
        return cls(
            id=batch.id,
            unit=unit_names(campaign, t).get(batch.unit, batch.unit),
            language=batch.language,
            way=batch.way,
            counted=batch.counted,
            opened_on=batch.opened_on,
            state=state,
            n_entered=batch.n_sheets,
            n_aside=batch.n_aside,
            n_sealed=batch.n_sealed,
            n_blank=batch.n_blank,
            n_surplus=batch.n_surplus,
            identifiers_wrong=batch.identifiers_wrong,
            rate=RateView.of(batch.first_wrong, batch.fields_checked),
            is_first=batch.first_by == by.person_id,
            may_check=by.person_id not in {batch.first_by, batch.decided_by}
            and batch.second_by in {None, by.person_id},
            may_decide=(batch.way is Way.SCANNED or not has_typed(batch, by))
            and batch.decided_by in {None, by.person_id},
            is_readable=state in READABLE,
            is_opened=campaign.is_opened,
        )


def has_typed(batch: PaperBatch, by: Actor) -> bool:
    """Whether the reader entered forms of a stack, and so leaves its decisions to somebody else."""
    return by.person_id in {batch.first_by, batch.second_by}


@dataclass(frozen=True, slots=True)
class StackTotals:
    """All stacks of a survey together."""

    stacks: int
    entered: int
    sealed: int
    blank: int
    surplus: int

    @classmethod
    def of(cls, batches: Sequence[PaperBatch]) -> "StackTotals":
        sealed = [batch for batch in batches if batch.state is BatchState.SEALED]
        return cls(
            stacks=len(sealed),
            entered=sum(batch.n_sheets for batch in sealed),
            sealed=sum(batch.n_sealed for batch in batches),
            blank=sum(batch.n_blank for batch in batches),
            surplus=sum(batch.n_surplus for batch in batches),
        )


@dataclass(frozen=True, slots=True)
class ClerkRow:
    """How often somebody typed something else than the paper says, over all sealed stacks."""

    name: str
    rate: RateView


def unit_names(campaign: Campaign, t: Catalogue) -> dict[str, str]:
    """Key to name of the frozen units; the whole organisation among them."""
    whole = {ROOT: t("paper_entry.whole_organisation")}
    return whole | {unit["key"]: unit["name"] for unit in campaign.unit_tree or []}


def clerk_rows(session: Session, batches: Iterable[PaperBatch]) -> tuple[ClerkRow, ...]:
    """Return the error rates of those who entered, by name; both entries count alike."""
    wrong: dict[UUID, list[int]] = {}
    for batch in batches:
        if batch.state is not BatchState.SEALED or not batch.fields_checked:
            continue
        for person_id, n in (
            (batch.first_by, batch.first_wrong),
            (batch.second_by, batch.second_wrong),
        ):
            if person_id is not None:
                counts = wrong.setdefault(person_id, [0, 0])
                counts[0] += n
                counts[1] += batch.fields_checked
    rows = []
    for person_id, (n, checked) in wrong.items():
        person = session.get(Person, person_id)
        rate = RateView.of(n, checked)
        if person is not None and rate is not None:
            rows.append(ClerkRow(person.name, rate))
    return tuple(sorted(rows, key=lambda row: row.name))
