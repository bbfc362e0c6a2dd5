"""Making a release: the counts of a campaign become frozen results."""

from datetime import date
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.analysis.releases.canonical import sha256_of
from baken.analysis.releases.models import Release
from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.actions import count_campaign, instrument_of
from baken.analysis.tallies.queries import get_stored
from baken.analysis.tallies.tally import Tally
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.disclosure.merging import recall_merging


def make_release(
    session: Session, keys: KeyStore, campaign_id: UUID, *, by: Actor, today: date
) -> Release:
    """Freeze the results of an opened campaign under the next number.

    The same counts, tree, questionnaire and smallest group give the same bytes and the same hash.
    """
    require(by, Action.RELEASE_RESULTS)
    campaign = lock_campaign(session, campaign_id)
    tally = count_campaign(session, keys, campaign_id)
    report = _report(session, campaign, tally)
    release = Release(
        number=1 + len(_earlier(session, campaign_id)),
        campaign_id=campaign_id,
        tally_id=get_stored(session, campaign_id).id,
        created_on=today,
        instrument_key=campaign.instrument_key,
        instrument_version=campaign.instrument_version,
        instrument_fingerprint=campaign.instrument_fingerprint,
        min_group=campaign.min_group,
        software_version=version("baken"),
        plan=report.plan,
        results=report.results,
        sha256=_hash(campaign.instrument_fingerprint, report.plan, report.results),
    )
    session.add(release)
    session.flush()
    record(
        session,
        "release.made",
        by=by.person_id,
        subject=f"campaign:{campaign_id}",
        facts={"release": str(release.id), "number": release.number, "sha256": release.sha256},
    )
    return release


def has_intact_results(release: Release) -> bool:
    """Whether results and plan are still those that were released."""
    found = _hash(release.instrument_fingerprint, release.plan, release.results)
    return release.sha256 == found


def _report(session: Session, campaign: Campaign, tally: Tally) -> Report:
    """Compute results that may stand beside every earlier release of the campaign.

    Labels were merged at opening and are final; a smallest group that was raised later counts
    for the plan alone.
    """
    return analyse(
        tally,
        campaign.tree,
        instrument_of(session, campaign),
        min_group=campaign.min_group,
        merging=recall_merging(
            campaign.tree,
            campaign.label_of or {},
            tally.rows,
            campaign.min_group_at_launch or campaign.min_group,
            root_is_loose=campaign.root_is_loose,
        ),
        earlier=[release.plan for release in _earlier(session, campaign.id)],
    )


def _earlier(session: Session, campaign_id: UUID) -> list[Release]:
    asked = select(Release).where(Release.campaign_id == campaign_id).order_by(Release.number)
    return list(session.scalars(asked))


def _hash(fingerprint: str, plan: dict[str, Any], results: dict[str, Any]) -> str:
    return sha256_of({"instrument": fingerprint, "plan": plan, "results": results})
