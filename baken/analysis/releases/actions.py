"""Making a release: the counts of a campaign become frozen results."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.analysis.releases.beside_scales import Weights
from baken.analysis.releases.canonical import sha256_of
from baken.analysis.releases.models import Release
from baken.analysis.releases.modes import modes_to_tell
from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.actions import count_campaign, instrument_of, merging_of
from baken.analysis.tallies.counts import Counts
from baken.analysis.tallies.queries import get_stored
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.backgrounds import known_headcounts
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign


def make_release(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    *,
    by: Actor,
    today: date,
    counted: Counts | None = None,
) -> Release:
    """Freeze the results of an opened campaign under the next number.

    `counted` is what `read_counts` found a moment ago; left out, it is counted here. The same
    counts, tree, questionnaire and smallest group give the same bytes and the same hash.
    """
    require(by, Action.RELEASE_RESULTS)
    campaign = lock_campaign(session, campaign_id)
    counts = count_campaign(session, keys, campaign_id, counted=counted)
    earlier = _earlier_plans(session, campaign_id)
    report = _report(session, campaign, counts, earlier)
    release = Release(
        number=1 + len(earlier),
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


def _report(
    session: Session, campaign: Campaign, counts: Counts, earlier: Sequence[Mapping[str, Any]]
) -> Report:
    """Compute results that may stand beside every earlier release of the campaign.

    Labels were merged at opening and are final; a smallest group that was raised later counts
    for the plan alone.
    """
    instrument = instrument_of(session, campaign)
    report = analyse(
        counts.tally,
        campaign.tree,
        instrument,
        min_group=campaign.min_group,
        merging=merging_of(campaign, counts.tally),
        earlier=earlier,
        # counts of before models were counted hold none
        drivers=counts.drivers or None,
        headcounts=known_headcounts(campaign, instrument.backgrounds),
        kept_weights=_first_weights(session, campaign) if earlier else None,
    )
    modes = modes_to_tell(counts, report.results, campaign.min_group)
    return replace(report, results=report.results | modes)


def _first_weights(session: Session, campaign: Campaign) -> Weights:
    """Return the weights of the first release, when the smallest group is still what it was."""
    asked = select(Release).where(Release.campaign_id == campaign.id).order_by(Release.number)
    first = session.scalars(asked.limit(1)).one()
    found: Weights = first.results.get("weights", {})
    return found if first.min_group == campaign.min_group else {}


def _earlier_plans(session: Session, campaign_id: UUID) -> list[dict[str, Any]]:
    """Return the plans of all releases of a campaign; their results are not read for it."""
    asked = select(Release.plan).where(Release.campaign_id == campaign_id).order_by(Release.number)
    return list(session.scalars(asked))


def _hash(fingerprint: str, plan: dict[str, Any], results: dict[str, Any]) -> str:
    return sha256_of({"instrument": fingerprint, "plan": plan, "results": results})
