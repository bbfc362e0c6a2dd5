"""How the response stands, and how much is missing: from the published counts alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.counts import Count, list_counts
from baken.survey.disclosure.required import Precision, margin, precision
from baken.survey.disclosure.rounding import answers_still_needed
from baken.survey.disclosure.tree import ROOT, Tree
from baken.survey.monitoring.rules import check_was_watched
from baken.survey.monitoring.strata import list_strata, stratum_people


@dataclass(frozen=True, slots=True)
class Outlook:
    """A group of at least k people, and what its published count allows.

    Attributes
    ----------
    name
        Of the unit; the key of the band; empty for the whole organisation.
    published
        Answers, rounded down to five; None while it is too few to say.
    precision
        What a result of this many answers would allow; None without a count.
    needed
        About how many more make a usable picture, rounded up to five; 0 when it is there.
    """

    name: str
    depth: int
    people: int
    published: int | None
    precision: Precision | None
    needed: int

    @classmethod
    def of(cls, name: str, people: int, published: int | None, *, depth: int = 0) -> "Outlook":
        """Judge a group by what is published of it, never by what is known."""
        known = published or 0
        word = None if published is None else precision(margin(published, people))
        needed = min(answers_still_needed(published, people), max(0, people - known))
        return cls(name, depth, people, published, word, needed)


@dataclass(frozen=True, slots=True)
class Response:
    """Everything that may be known of the response of a campaign.

    `days` has the published counts of the whole organisation, the oldest first.
    """

    counted_on: date | None
    whole: Outlook
    units: tuple[Outlook, ...]
    strata: tuple[Outlook, ...]
    days: tuple[tuple[date, int], ...]


def get_response(session: Session, campaign_id: UUID, *, by: Actor) -> Response:
    """Return the published counts of a launched campaign with a forecast for each."""
    require(by, Action.SEE_CAMPAIGNS)
    campaign = get_campaign(session, campaign_id)
    check_was_watched(campaign.state, is_imported=campaign.is_imported)
    counts = list_counts(session, campaign_id, by=by)
    outlooks = _units(campaign.tree, campaign.min_group, counts)
    return Response(
        counted_on=max((count.counted_on for count in counts), default=None),
        whole=outlooks[0],
        units=outlooks[1:],
        strata=_strata(session, campaign),
        days=tuple((count.counted_on, count.rounded) for count in counts if count.unit == ROOT),
    )


def _units(tree: Tree, min_group: int, counts: Iterable[Count]) -> tuple[Outlook, ...]:
    """The organisation, then every unit of at least k people; a smaller one is counted above."""
    newest = {count.unit: count.rounded for count in counts}
    found = []
    for key in tree.keys:
        people = tree.headcount_with_below(key) or 0
        if key == ROOT or people >= min_group:
            name = "" if key == ROOT else tree.name(key)
            depth = max(0, len(tree.ancestors(key)) - 1)
            found.append(Outlook.of(name, max(people, 1), newest.get(key), depth=depth))
    return tuple(found)


def _strata(session: Session, campaign: Campaign) -> tuple[Outlook, ...]:
    if campaign.stratum is None:
        return ()
    newest = {row.stratum: row.rounded for row in list_strata(session, campaign.id)}
    people = stratum_people(session, campaign.id)
    keys = [band["key"] for band in campaign.stratum["bands"]]
    return tuple(
        Outlook.of(key, people[key], newest.get(key))
        for key in keys
        if people[key] >= campaign.min_group
    )
