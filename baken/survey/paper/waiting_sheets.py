"""Forms that were read and wait in the spool for their envelopes."""

from baken.storage.session import Session
from baken.survey.box.sheet import check_sheet
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import units_of, wait
from baken.survey.paper.content import SheetContent
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState
from baken.survey.paper.sheets import sheet_of


def add_sheet(session: Session, key: bytes, batch: PaperBatch, content: SheetContent) -> bytes:
    """Put one form into the spool and let it wait for its envelope; return its identifier.

    The fields stand in the order of the questionnaire. For the caller: the batch is locked, and the
    sheet says a unit of the stack (`units_of`).
    """
    rules.check_state(batch.state, BatchState.ENTERING)
    campaign = lock_campaign(session, batch.campaign_id)
    _check_content(campaign, batch, content)
    identifier = spool.put_sheet(session, key, batch.id, content)
    wait(session, batch, str(content.unit.first), 1)
    batch.n_sheets += 1
    session.flush()
    return identifier


def put_in_place(
    session: Session, key: bytes, batch: PaperBatch, identifier: bytes, content: SheetContent
) -> None:
    """Put what was typed in the place of a form that a scan could not read."""
    campaign = lock_campaign(session, batch.campaign_id)
    _check_content(campaign, batch, content)
    before = spool.read_sheet(session, key, batch.id, identifier)
    wait(session, batch, str(before.unit.first), -1)
    wait(session, batch, str(content.unit.first), 1)
    spool.replace_sheet(session, key, batch.id, identifier, content)


def _check_content(campaign: Campaign, batch: PaperBatch, content: SheetContent) -> None:
    shape = campaign.sheet_shape
    if shape is None:
        raise RuntimeError("a campaign was launched without a box")
    fits = (
        content.unit.value in units_of(campaign, batch)
        and content.language.value == batch.language
        and list(content.backgrounds) == [key for key, _ in shape["backgrounds"]]
        and list(content.comments) == [key for key, _ in shape["open_questions"]]
    )
    if not fits:
        raise NotThisSheet(
            "paper_entry.not_of_stack",
            "This form is not one of this stack: it is of another unit, in another language, or "
            "of another survey. Lay it aside for its own stack. Nothing of it was saved.",
        )
    check_sheet(shape, campaign.languages, sheet_of(content))
