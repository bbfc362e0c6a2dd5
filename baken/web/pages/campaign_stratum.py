"""Preparing a campaign: one category that codes may carry, and the people in each of its groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.organisation.units import UnitRow
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.charter import spoken_languages
from baken.survey.campaigns.stratum import MAX_BANDS, TIMES_MIN_GROUP, band_totals
from baken.web.body import Form
from baken.web.pages.campaign_peopled import A_PAGE, start_of, units_of_page
from baken.web.pages.campaign_preparing import Preparation, Step, prepare, save_part
from baken.web.pages.campaign_sheets import called
from baken.web.pages.campaign_stratum_forms import (
    known_names,
    known_people,
    offer_rest,
    people_form,
    stratum_form,
)
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

GROUPS = "survey/prepare_stratum.html"
PEOPLE = "survey/prepare_stratum_people.html"


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """A unit with its fields; `left` people are in no group yet, below nought too many are."""

    name: str
    headcount: int
    left: int
    fields: tuple[str, ...]


class StratumPages(Controller):
    """Optional: a draft without a category is complete."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/prepare/stratum"
    opt = {"action": Action.PREPARE_CAMPAIGN}

    @get("/", sync_to_thread=True)
    def groups_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.STRATUM, today=today, language=language)
        languages = spoken_languages(draft.campaign.languages)
        known = known_names(draft.campaign, languages)
        form = stratum_form(languages, draft.campaign.stratum).blank(language, known)
        return page(request, GROUPS, form=form, **_groups_context(draft))

    @post("/", sync_to_thread=True)
    def groups(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.STRATUM, today=today, language=language)
        languages = spoken_languages(draft.campaign.languages)
        shown = _groups_context(draft)
        sent = stratum_form(languages, draft.campaign.stratum).read(form, language)
        if not sent.validate():
            return refused(request, session, GROUPS, form=sent, **shown)
        stratum = sent.stratum(languages, draft.campaign.stratum)
        try:
            save_part(session, campaign_id, seen=sent.seen, by=actor, stratum=stratum)
        except BakenError as error:
            return refused(request, session, GROUPS, form=sent, error=error, **shown)
        people = f"/campaigns/{campaign_id}/prepare/stratum/people"
        see = frame_of(request).url(people if stratum else draft.following())
        return done(request, see=see, said="preparation.done_saved")

    @get("/people", sync_to_thread=True)
    def people_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.STRATUM, today=today, language=language)
        units = units_of_page(session, draft.campaign, start_of(request), today=today)
        shown = _people_context(draft, units, language, start=start_of(request))
        kind = people_form(draft.campaign, units)
        form = kind.blank(language, known_people(draft.campaign, units))
        offer_rest(form, draft.campaign, language)
        return page(request, PEOPLE, form=form, **shown)

    @post("/people", sync_to_thread=True)
    def people(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.STRATUM, today=today, language=language)
        start = start_of(request)
        units = units_of_page(session, draft.campaign, start, today=today)
        shown = _people_context(draft, units, language, start=start)
        kind = people_form(draft.campaign, units)
        sent = offer_rest(kind.read(form, language), draft.campaign, language)
        if not sent.validate():
            return refused(request, session, PEOPLE, form=sent, **shown)
        try:
            before = draft.campaign.stratum
            stratum = sent.stratum(before, units) if before else None
            save_part(session, campaign_id, seen=sent.seen, by=actor, stratum=stratum)
        except BakenError as error:
            return refused(request, session, PEOPLE, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/prepare/stratum/people")
        onwards = f"{see}?from={start + A_PAGE}" if shown["has_more"] else see
        return done(request, see=onwards, said="preparation.done_saved")


def _groups_context(draft: Preparation) -> dict[str, Any]:
    languages = spoken_languages(draft.campaign.languages)
    at = range(len(languages))
    return {
        **draft.context,
        "titles": tuple(f"title_{one}" for one in at),
        "groups": tuple(tuple(f"band_{band}_{one}" for one in at) for band in range(MAX_BANDS)),
        "has_groups": draft.campaign.stratum is not None,
        "least": TIMES_MIN_GROUP * draft.campaign.min_group,
        "following": draft.following(),
    }


def _people_context(
    draft: Preparation, units: Sequence[UnitRow], language: str, *, start: int
) -> dict[str, Any]:
    stratum = draft.campaign.stratum
    bands = stratum["bands"] if stratum else []
    totals: Mapping[str, int] = band_totals(stratum) if stratum else {}
    told = stratum["people"] if stratum else {}
    return {
        **draft.context,
        "title": called(stratum["title"], language) if stratum else "",
        "bands": tuple((called(band["names"], language), totals[band["key"]]) for band in bands),
        "rows": tuple(
            PeopleRow(
                unit.name,
                unit.headcount or 0,
                (unit.headcount or 0) - sum(told.get(str(unit.id), {}).values()),
                tuple(f"people_{i}_{j}" for j in range(len(bands))),
            )
            for i, unit in enumerate(units)
        ),
        "least": TIMES_MIN_GROUP * draft.campaign.min_group,
        "start": start,
        "has_more": len(units) == A_PAGE,
        "following": draft.following(),
    }
