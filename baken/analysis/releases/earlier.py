"""Earlier surveys that a survey may stand beside."""

from dataclasses import dataclass

from sqlalchemy import select

from baken.analysis.errors import NotComparable
from baken.analysis.releases.comparing import check_previous
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import list_releases
from baken.instruments.definition import Instrument
from baken.organisation.movements.queries import list_movers
from baken.organisation.movements.rules import Span
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """An earlier survey with its newest release."""

    campaign: Campaign
    release: Release


def list_earlier(
    session: Session, campaign: Campaign, instrument: Instrument, *, by: Actor
) -> list[Earlier]:
    """Return surveys that ended before this one began and asked some of the same, newest first.

    Those of which nothing is told, because too few people answered, are left out.
    """
    newest: dict[object, Release] = {}
    for release in list_releases(session, by=by):
        newest.setdefault(release.campaign_id, release)
    asked = (
        select(Campaign)
        .where(Campaign.id.in_(newest), Campaign.closes_on < campaign.opens_on)
        .order_by(Campaign.closes_on.desc(), Campaign.id)
    )
    found = (Earlier(one, newest[one.id]) for one in session.scalars(asked))
    return [one for one in found if _may_stand_beside(one.release, instrument)]


def movers_between(session: Session, earlier: Campaign, campaign: Campaign) -> dict[str, int]:
    """Return how many people joined or left each unit between the ends of two surveys.

    Only units of which that was entered for exactly these days.
    """
    return list_movers(session, span_between(earlier, campaign))


def span_between(earlier: Campaign, campaign: Campaign) -> Span:
    """Return the days between the ends of two surveys."""
    return Span(earlier.closes_on, campaign.closes_on)


def _may_stand_beside(release: Release, instrument: Instrument) -> bool:
    if isinstance(release.results["withheld"], str):
        return False
    try:
        check_previous(release.results, instrument, protected=True)
    except NotComparable:
        return False
    return True
