"""Launch and close: the seal is made, and the slot is shut."""

import secrets
from datetime import date
from uuid import UUID

from sqlalchemy import delete

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KEY_BYTES, KeyStore
from baken.storage.session import Session
from baken.survey.box import sealing
from baken.survey.box.models import Draft
from baken.survey.box.sheet import box_size, shape_of
from baken.survey.campaigns import rules
from baken.survey.campaigns.channels import keeps_handwriting
from baken.survey.campaigns.holding import shut
from baken.survey.campaigns.launching import check_can_launch, launch_obstacles
from baken.survey.campaigns.models import Campaign, hash_tree
from baken.survey.campaigns.queries import find_charter, get_campaign, lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.campaigns.trees import current_tree, freeze_units
from baken.survey.codes.actions import issue_codes
from baken.survey.codes.secrets import BOX, CODES, PEPPER, TABLE, CampaignSecrets
from baken.survey.errors import CannotLaunch
from baken.survey.invitations.allotting import allot, list_obstacles
from baken.survey.library.actions import lock_version
from baken.survey.monitoring.actions import publish_counts


def list_launch_obstacles(
    session: Session, campaign_id: UUID, instrument: Instrument, *, today: date
) -> list[CannotLaunch]:
    """Everything that still stands in the way of a launch, in words."""
    campaign = get_campaign(session, campaign_id)
    tree = current_tree(session, on=max(today, campaign.opens_on))
    charter = find_charter(session, campaign_id)
    found = launch_obstacles(campaign, instrument, tree, charter, today=today)
    return found + list_obstacles(session, campaign, tree)


def launch_campaign(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    instrument: Instrument,
    *,
    by: Actor,
    today: date,
) -> Campaign:
    """Freeze units and smallest group, make the keys and issue the codes."""
    require(by, Action.LAUNCH_CAMPAIGN)
    campaign = lock_campaign(session, campaign_id)
    day = max(today, campaign.opens_on)
    tree, charter = current_tree(session, on=day), find_charter(session, campaign_id)
    check_can_launch(campaign, instrument, tree, charter, today=today)
    for obstacle in list_obstacles(session, campaign, tree):
        raise obstacle
    lock_version(
        session, instrument.key, instrument.version, campaign_id, campaign.instrument_fingerprint
    )
    campaign.unit_tree = freeze_units(session, on=day)
    campaign.min_group_at_launch = campaign.min_group
    campaign.tree_sha256 = hash_tree(campaign.unit_tree, campaign.min_group)
    campaign.sheet_shape = shape_of(instrument, handwriting=keeps_handwriting(campaign))
    campaign.box_size = box_size(campaign.sheet_shape)
    campaign.box_public_key = _make_secrets(keys, campaign)
    campaign.key_fingerprint = sealing.fingerprint(campaign.box_public_key)
    campaign.n_issued = issue_codes(session, keys, campaign)
    allot(session, keys, campaign)
    campaign.launched_on = today
    campaign.state = CampaignState.RUNNING
    session.flush()
    record(
        session,
        "campaign.launched",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={
            "codes": campaign.n_issued,
            "spares_per_unit": campaign.spares_per_unit,
            "min_group": campaign.min_group,
            "tree_sha256": campaign.tree_sha256,
            "key_fingerprint": campaign.key_fingerprint,
            "instrument": f"{campaign.instrument_key} {campaign.instrument_version}",
            "instrument_fingerprint": campaign.instrument_fingerprint,
        },
    )
    return campaign


def close_campaign(session: Session, campaign_id: UUID, *, by: Actor, today: date) -> Campaign:
    """Shut the slot: no answer is accepted from now on, and drafts are deleted."""
    require(by, Action.CLOSE_CAMPAIGN)
    shut(session, campaign_id)
    campaign = lock_campaign(session, campaign_id)
    rules.check_transition(campaign.state, CampaignState.CLOSED)
    publish_counts(session, campaign_id, today)
    session.execute(
        delete(Draft).where(Draft.campaign_id == campaign_id),
        execution_options={"synchronize_session": False},
    )
    campaign.state = CampaignState.CLOSED
    campaign.closed_on = today
    session.flush()
    record(session, "campaign.closed", by=by.person_id, subject=f"campaign:{campaign.id}")
    return campaign


def _make_secrets(keys: KeyStore, campaign: Campaign) -> bytes:
    place = CampaignSecrets.of(keys, campaign)
    private_key, public_key = sealing.make_key_pair()
    place.replace(BOX, private_key)
    for name in (CODES, PEPPER, TABLE):
        place.replace(name, secrets.token_bytes(KEY_BYTES))
    return public_key
