"""Preparing a campaign. Launch, close and open belong to the box: they make and break the seal."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.campaigns import queries, rules
from baken.survey.campaigns.channels import check_channels
from baken.survey.campaigns.invitation import check_invitation
from baken.survey.campaigns.models import Campaign, Letter, PublicName, Stratum
from baken.survey.campaigns.stratum import check_stratum
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP
from baken.survey.errors import NameTaken

_NAME_SYMBOLS = "abcdefghjkmnpqrstvwxyz23456789"
_NAME_LENGTH = 8
_KEPT_DAYS = 365


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What people fill in while they prepare a campaign.

    `answers_until_on` and `comments_until_on` are the days on which answers and comments are
    deleted; left out, a year after the last day of answering.
    """

    title: str
    languages: tuple[str, ...]
    opens_on: date
    closes_on: date
    min_group: int = DEFAULT_MIN_GROUP
    spares_per_unit: int = 0
    background_headcounts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    adviser_name: str = ""
    key_holder: str = ""
    contact: str = ""
    counsellor: str = ""
    answers_until_on: date | None = None
    comments_until_on: date | None = None
    stratum: Stratum | None = None
    channels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    types_handwriting: bool = False
    invitation: Mapping[str, Letter] = field(default_factory=dict)
    employer_signatory: str = ""
    committee_signatory: str = ""

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignPlan":
        """What a draft says now; a page replaces its own part."""
        values = {name.name: getattr(campaign, name.name) for name in fields(cls)}
        return cls(**{**values, "languages": tuple(campaign.languages)})


def create_campaign(
    session: Session,
    instrument: Instrument,
    plan: CampaignPlan,
    *,
    by: Actor,
    public_name: str | None = None,
) -> Campaign:
    """Make a draft campaign with an instrument; the public name is random unless chosen."""
    require(by, Action.PREPARE_CAMPAIGN)
    campaign = begin_campaign(session, instrument, plan, public_name=public_name)
    record_campaign(session, "campaign.created", campaign, by)
    return campaign


def begin_campaign(
    session: Session, instrument: Instrument, plan: CampaignPlan, *, public_name: str | None
) -> Campaign:
    """Write a new draft; whoever asks has to say so in the record."""
    campaign = Campaign(**_instrument_values(instrument))
    _fill(campaign, plan)
    session.add(campaign)
    session.flush()
    _give_name(session, campaign, public_name or _random_name())
    return campaign


def edit_campaign(
    session: Session,
    campaign_id: UUID,
    plan: CampaignPlan,
    *,
    seen: int,
    by: Actor,
    public_name: str | None = None,
    instrument: Instrument | None = None,
) -> Campaign:
    """Change a draft; `seen` is the version the person was looking at."""
    require(by, Action.PREPARE_CAMPAIGN)
    campaign = queries.lock_campaign(session, campaign_id)
    rules.check_is_draft(campaign.state)
    check_version(campaign, seen)
    if instrument is not None:
        for name, value in _instrument_values(instrument).items():
            setattr(campaign, name, value)
    _fill(campaign, plan)
    if public_name is not None and public_name != queries.get_public_name(session, campaign_id):
        _give_name(session, campaign, public_name)
    session.flush()
    record_campaign(session, "campaign.edited", campaign, by)
    return campaign


def delete_draft_campaign(session: Session, campaign_id: UUID, *, by: Actor) -> None:
    """Remove a campaign that was never launched."""
    require(by, Action.PREPARE_CAMPAIGN)
    campaign = queries.lock_campaign(session, campaign_id)
    rules.check_is_draft(campaign.state)
    session.delete(session.get_one(PublicName, queries.get_public_name(session, campaign_id)))
    for charter in queries.list_charters(session, campaign_id):
        session.delete(charter)
    session.flush()
    session.delete(campaign)
    session.flush()
    record_campaign(session, "campaign.deleted", campaign, by)


def raise_min_group(session: Session, campaign_id: UUID, to: int, *, by: Actor) -> Campaign:
    """Raise the smallest group. Before the opening it counts for the merging of labels too."""
    require(by, Action.LAUNCH_CAMPAIGN)
    campaign = queries.lock_campaign(session, campaign_id)
    rules.check_can_raise(campaign.state, campaign.min_group, to)
    campaign.min_group = to
    session.flush()
    record(
        session,
        "campaign.min_group_changed",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={"min_group": to},
    )
    return campaign


def _instrument_values(instrument: Instrument) -> dict[str, str]:
    return {
        "instrument_key": instrument.key,
        "instrument_version": instrument.version,
        "instrument_fingerprint": instrument.fingerprint,
    }


def _fill(campaign: Campaign, plan: CampaignPlan) -> None:
    in_a_year = plan.closes_on + timedelta(days=_KEPT_DAYS)
    answers_until_on = plan.answers_until_on or in_a_year
    comments_until_on = plan.comments_until_on or in_a_year
    rules.check_draft(
        title=plan.title,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        kept_until=(answers_until_on, comments_until_on),
        min_group=plan.min_group,
    )
    check_stratum(plan.stratum)
    check_channels(plan.channels)
    check_invitation(plan.invitation)
    campaign.title = plan.title.strip()
    campaign.languages = list(plan.languages)
    campaign.opens_on = plan.opens_on
    campaign.closes_on = plan.closes_on
    campaign.min_group = plan.min_group
    campaign.spares_per_unit = plan.spares_per_unit
    campaign.background_headcounts = {
        key: dict(bands) for key, bands in plan.background_headcounts.items()
    }
    campaign.adviser_name = plan.adviser_name
    campaign.key_holder = plan.key_holder
    campaign.contact = plan.contact
    campaign.counsellor = plan.counsellor.strip()
    campaign.answers_until_on = answers_until_on
    campaign.comments_until_on = comments_until_on
    campaign.stratum = plan.stratum
    campaign.channels = {unit: list(ways) for unit, ways in plan.channels.items()}
    campaign.types_handwriting = plan.types_handwriting
    campaign.invitation = dict(plan.invitation)
    campaign.employer_signatory = plan.employer_signatory.strip()
    campaign.committee_signatory = plan.committee_signatory.strip()


def _give_name(session: Session, campaign: Campaign, name: str) -> None:
    rules.check_public_name(name)
    if session.get(PublicName, name) is not None:
        raise NameTaken(
            "survey.public_name_taken", "The address {name} is in use. Choose another.", name=name
        )
    for old in session.scalars(select(PublicName).where(PublicName.subject_id == campaign.id)):
        session.delete(old)
    session.add(
        PublicName(
            name=name,
            organisation_id=campaign.organisation_id,
            kind=queries.CAMPAIGN_NAME,
            subject_id=campaign.id,
        )
    )
    session.flush()


def _random_name() -> str:
    return "".join(secrets.choice(_NAME_SYMBOLS) for _ in range(_NAME_LENGTH))


def record_campaign(
    session: Session, action: str, campaign: Campaign, by: Actor, **facts: str
) -> None:
    """Write down what was done to a campaign."""
    record(session, action, by=by.person_id, subject=f"campaign:{campaign.id}", facts=facts)
