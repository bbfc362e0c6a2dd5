"""What an organisation that takes part brings: its own released figures, and nothing else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select

from baken.analysis.benchmarks.membership import find_member, take_turn
from baken.analysis.benchmarks.models import PoolContribution
from baken.analysis.errors import UnusableReference
from baken.analysis.methods.moments import Moments
from baken.analysis.references.editions import Edition
from baken.analysis.references.pools import Contribution, OrganisationFigures, contribution
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.models import Release
from baken.storage.audit import record
from baken.storage.session import Session
from baken.survey.library.queries import is_own


def bring_contributions(session: Session, *, today: date) -> int:
    """Bring every released survey that can take part and is not there yet; return how many.

    A survey counts once, with the figures that were released when it came in. Own questionnaires
    stay out: nobody else asks them, and their names may say whose they are.
    """
    take_turn(session)
    member = find_member(session)
    if member is None or not member.takes_part:
        return 0
    known = set(session.scalars(select(PoolContribution.campaign_id)))
    brought = 0
    for release in _newest(session):
        if release.campaign_id not in known and _bring(session, release, today):
            brought += 1
    return brought


def contribution_of(row: PoolContribution, member: str) -> Contribution:
    """Return a stored contribution as the rules know it, under identifiers that name nobody."""
    edition = Edition(row.instrument_key, row.instrument_version, row.instrument_fingerprint)
    figures = {scale: OrganisationFigures(**told) for scale, told in sorted(row.figures.items())}
    return Contribution(member, str(row.id), edition, figures)


def _newest(session: Session) -> list[Release]:
    """Return the newest release of every survey."""
    asked = select(Release).order_by(Release.created_on, Release.number)
    return list({row.campaign_id: row for row in session.scalars(asked)}.values())


def _bring(session: Session, release: Release, today: date) -> bool:
    results = release.results
    is_whole = results.get("protected") and has_intact_results(release)
    if is_own(release.instrument_version) or not is_whole:
        return False
    edition = Edition(
        release.instrument_key, release.instrument_version, release.instrument_fingerprint
    )
    scales = tuple(sorted(results["scales"]))
    try:
        found = contribution(
            "", "", edition, scales, _moments([results["scales"][scale] for scale in scales])
        )
    except UnusableReference:  # a scale is hidden: then nothing of this survey takes part
        return False
    row = PoolContribution(
        campaign_id=release.campaign_id,
        release_id=release.id,
        instrument_key=edition.key,
        instrument_version=edition.version,
        instrument_fingerprint=edition.fingerprint,
        released_on=release.created_on,
        brought_on=today,
        figures={
            scale: {"n": one.n, "mean": one.mean, "sd": one.sd}
            for scale, one in found.figures.items()
        },
    )
    session.add(row)
    session.flush()
    record(
        session,
        "benchmark.contributed",
        by=None,
        subject=f"release:{release.id}",
        facts={"scales": len(scales)},
    )
    return True


def _moments(scales: list[Mapping[str, Any]]) -> Moments:
    def column(name: str) -> Any:
        values = [scale.get(name) for scale in scales]
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    return Moments(np.nan_to_num(column("n")).astype(np.int64), column("mean"), column("sd"))
