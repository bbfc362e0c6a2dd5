"""What may be known about the box."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session
from baken.survey.answers import count_labels
from baken.survey.box.models import Envelope, Receipt
from baken.survey.box.sealing import print_receipt
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.models import Code, CodeState
from baken.survey.codes.places import list_places
from baken.survey.errors import NotOpened


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts that must agree after the opening.

    `places` are slips that were exchanged for a form: each was `sealed` or is `blank`.
    `by_label` holds the answers of every label, each at least the smallest group. With `too_few`
    nothing was opened and there are no answers.
    """

    issued: int
    used: int
    envelopes: int
    receipts: int
    answers: int
    by_label: tuple[tuple[str, int], ...]
    too_few: bool
    sealed: int = 0
    places: int = 0
    blank: int = 0
    imported: int | None = None

    @property
    def agrees(self) -> bool:
        """Whether every used code and every sealed form became one answer and one receipt.

        No envelope is left, and every slip that was exchanged was sealed or is blank.

        Answers from elsewhere have no codes and no receipts: each row that was accepted is one.
        """
        if self.imported is not None:
            return self.answers == self.imported and self.envelopes == self.receipts == 0
        expected = 0 if self.too_few else self.used + self.sealed
        is_paper_settled = self.too_few or self.places == self.sealed + self.blank
        return (
            is_paper_settled and self.envelopes == 0 and self.answers == self.receipts == expected
        )


def get_agreement(session: Session, campaign_id: UUID, *, by: Actor) -> Agreement:
    """Count codes, envelopes, receipts and answers of an opened campaign."""
    require(by, Action.SEE_CAMPAIGNS)
    campaign = get_campaign(session, campaign_id)
    if not campaign.is_opened:
        raise NotOpened(
            "survey.counts_not_opened", "Exact counts exist only after the survey was opened."
        )
    states: dict[int, int] = {}
    asked = (
        select(Code.state, func.count()).where(Code.campaign_id == campaign_id).group_by(Code.state)
    )
    for state, n in session.execute(asked):
        states[int(state)] = n
    places = () if campaign.too_few else tuple(list_places(session, campaign_id).values())
    labels = tuple(count_labels(session, campaign_id).items())
    return Agreement(
        issued=campaign.n_issued or 0,
        used=0 if campaign.too_few else states.get(int(CodeState.USED), 0),
        envelopes=_count(session, Envelope, campaign_id),
        receipts=_count(session, Receipt, campaign_id),
        answers=sum(n for _, n in labels),
        by_label=labels,
        too_few=campaign.too_few,
        sealed=sum(row.taken for row in places),
        places=sum(row.places for row in places),
        blank=sum(row.blank for row in places),
        imported=campaign.n_answers if campaign.is_imported else None,
    )


def list_receipts(session: Session, campaign_id: UUID) -> list[str]:
    """Return the receipts of all envelopes that were opened, sorted: everybody may see them."""
    asked = select(Receipt.hash).where(Receipt.campaign_id == campaign_id)
    return sorted(print_receipt(digest) for digest in session.scalars(asked))


def _count(session: Session, model: type[Envelope] | type[Receipt], campaign_id: UUID) -> int:
    asked = select(func.count()).select_from(model).where(model.campaign_id == campaign_id)
    return session.scalar(asked) or 0
