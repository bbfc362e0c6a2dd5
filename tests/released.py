"""A survey with frozen results, for tests that do not ask how these were counted."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from baken.analysis.releases.models import Release
from baken.analysis.tallies.models import StoredTally
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign


def add_released(
    session: Session,
    results: dict[str, Any],
    *,
    on: date,
    title: str = "",
    counts: bytes = b"sealed",
    sha256: str = "",
    **campaign: Any,
) -> UUID:
    """Add a campaign, its counts and one release; returns the identifier of the release."""
    asked = {
        "instrument_key": "vijf-a",
        "instrument_version": "1",
        "instrument_fingerprint": "0" * 64,
    }
    survey = Campaign(
        title=title or f"Bevraging {on}",
        languages=["nl"],
        opens_on=on,
        closes_on=on,
        background_headcounts={},
        answers_until_on=on,
        comments_until_on=on,
        **asked,
        **campaign,
    )
    session.add(survey)
    session.flush()
    tally = StoredTally(campaign_id=survey.id, box=counts)
    session.add(tally)
    session.flush()
    release = Release(
        number=1,
        campaign_id=survey.id,
        tally_id=tally.id,
        created_on=on,
        min_group=10,
        software_version="0",
        plan={},
        results=results,
        sha256=sha256 or uuid4().hex * 2,
        **asked,
    )
    session.add(release)
    session.flush()
    return release.id
