"""A form on paper on its way into the box."""

import secrets
from uuid import UUID

from sqlalchemy import insert

from baken.storage.crash import crash_point
from baken.storage.session import Session
from baken.survey.box.models import Envelope
from baken.survey.box.sealing import seal_envelope
from baken.survey.box.sheet import SEALING_BYTES, Sheet, check_sheet, encode_sheet
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import TAG_BYTES
from baken.survey.codes.places import take_places
from baken.survey.errors import InvalidSheet, InvalidTransition


def seal_sheet(session: Session, campaign_id: UUID, unit: str, sheet: Sheet) -> None:
    """Seal the answers of a form; it takes one place of its unit.

    The envelope gets a tag of its own, drawn at random: no slip leads to it. Envelope and place
    change in the caller's transaction. Forms are sealed while the campaign runs and after it was
    closed, until it is opened.

    Raises
    ------
    InvalidTransition
        The campaign is not between launch and opening.
    InvalidSheet
        The answers do not belong to the questionnaire, or the sheet is not one of paper.
    NoPlaceLeft
        More forms than slips that were exchanged for one.
    """
    campaign = lock_campaign(session, campaign_id)
    check_takes_paper(campaign)
    shape, size, key = campaign.sheet_shape, campaign.box_size, campaign.box_public_key
    if shape is None or size is None or key is None:
        raise RuntimeError("a campaign was launched without a box")
    check_sheet(shape, campaign.languages, sheet)
    if sheet.mode != "paper":
        raise InvalidSheet(
            "survey.sheet_not_paper", "Only a form on paper takes a place. Nothing was saved."
        )
    take_places(session, campaign_id, unit)
    content = encode_sheet(unit, sheet, size=size - SEALING_BYTES)
    envelope = {
        "tag": secrets.token_bytes(TAG_BYTES),
        "organisation_id": campaign.organisation_id,
        "campaign_id": campaign_id,
        "box": seal_envelope(key, campaign_id, content),
    }
    session.execute(insert(Envelope), [envelope])
    crash_point("sheet.sealed")


def check_takes_paper(campaign: Campaign) -> None:
    """Raise `InvalidTransition` unless forms of the campaign can be sealed now."""
    if campaign.state not in {CampaignState.RUNNING, CampaignState.CLOSED}:
        raise InvalidTransition(
            "survey.no_paper_now",
            "Forms are read from the start of a survey until it is opened. This one is {state}.",
            state=campaign.state.value,
        )
