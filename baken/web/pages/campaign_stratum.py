"""Preparing a campaign: one category that codes may carry, and the people in each of its groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from baken.organisation.permissions import Action, Actor
from baken.organisation.units import UnitRow
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.charter import spoken_languages
from baken.survey.campaigns.models import Band, Campaign, Stratum
from baken.survey.campaigns.stratum import MAX_BANDS, TIMES_MIN_GROUP, band_totals
from baken.web.body import Form
from baken.web.languages import name_of
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.campaign_peopled import A_PAGE, start_of, units_of_page
from baken.web.pages.campaign_preparing import Preparation, Step, prepare, save_part
from baken.web.pages.campaign_sheets import called
from baken.web.pages.fields import line
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

GROUPS = "survey/prepare_stratum.html"
PEOPLE = "survey/prepare_stratum_people.html"
MAX_PEOPLE: Final = 1_000_000
NAME_LENGTH: Final = 80


class StratumForm(VersionedForm):
    """The category and its groups in every language; fields are added for each."""

    def stratum(self, languages: Sequence[str], before: Stratum | None) -> Stratum | None:
        """What was filled in; None when every name is empty. Headcounts of a group stay its own."""
        title = self._names("title", languages)
        bands = [
            Band(key=f"s{place + 1}", names=names)
            for place in range(MAX_BANDS)
            if any((names := self._names(f"band_{place}", languages)).values())
        ]
        if not bands and not any(title.values()):
            return None
        kept = {band["key"] for band in bands}
        people = {
            unit: {key: n for key, n in of_unit.items() if key in kept}
            for unit, of_unit in (before["people"] if before else {}).items()
        }
        return Stratum(title=title, bands=bands, people=people)

    def _names(self, name: str, languages: Sequence[str]) -> dict[str, str]:
        return {
            language: str(self[f"{name}_{at}"].data or "") for at, language in enumerate(languages)
        }


class PeopleForm(VersionedForm):
    """How many people of each unit belong to each group; fields are added for each."""


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """A unit with its fields."""

    name: str
    headcount: int
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
        form = stratum_form(languages).blank(language, _known_names(draft.campaign, languages))
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
        shown, sent = _groups_context(draft), stratum_form(languages).read(form, language)
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
        form = people_form(draft.campaign, units).blank(language, _known(draft.campaign, units))
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
        sent = people_form(draft.campaign, units).read(form, language)
        if not sent.validate():
            return refused(request, session, PEOPLE, form=sent, **shown)
        try:
            stratum = _with_people(draft.campaign.stratum, units, sent)
            save_part(session, campaign_id, seen=sent.seen, by=actor, stratum=stratum)
        except BakenError as error:
            return refused(request, session, PEOPLE, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/prepare/stratum/people")
        onwards = f"{see}?from={start + A_PAGE}" if shown["has_more"] else see
        return done(request, see=onwards, said="preparation.done_saved")


def stratum_form(languages: Sequence[str]) -> type[StratumForm]:
    """Make the form with a name for the category and each group, in every language."""
    fields: dict[str, Any] = {}
    for at, language in enumerate(languages):
        for name in ("title", *(f"band_{place}" for place in range(MAX_BANDS))):
            fields[f"{name}_{at}"] = line(
                name_of(language), length=NAME_LENGTH, required=False, language=language
            )
    return type("StratumFormOf", (StratumForm,), fields)


def people_form(campaign: Campaign, units: Sequence[UnitRow]) -> type[PeopleForm]:
    """Make the form with a number for every group of every unit on this page."""
    bands = campaign.stratum["bands"] if campaign.stratum else []
    fields = {
        f"people_{i}_{j}": IntegerField(
            f"{unit.name}: {called(band['names'], '')}",
            [Optional(), NumberRange(0, MAX_PEOPLE)],
            render_kw={"min": 0, "inputmode": "numeric"},
        )
        for i, unit in enumerate(units)
        for j, band in enumerate(bands)
    }
    return type("PeopleFormOf", (PeopleForm,), fields)


def _known_names(campaign: Campaign, languages: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {"version": campaign.version}
    stratum = campaign.stratum
    if stratum is None:
        return values
    for at, language in enumerate(languages):
        values[f"title_{at}"] = stratum["title"].get(language, "")
        for band in stratum["bands"]:
            values[f"band_{int(band['key'][1:]) - 1}_{at}"] = band["names"].get(language, "")
    return values


def _known(campaign: Campaign, units: Sequence[UnitRow]) -> dict[str, Any]:
    values: dict[str, Any] = {"version": campaign.version}
    stratum = campaign.stratum
    for i, unit in enumerate(units):
        for j, band in enumerate(stratum["bands"] if stratum else []):
            told = stratum["people"].get(str(unit.id), {}) if stratum else {}
            values[f"people_{i}_{j}"] = told.get(band["key"])
    return values


def _with_people(
    stratum: Stratum | None, units: Sequence[UnitRow], sent: PeopleForm
) -> Stratum | None:
    if stratum is None:
        return None
    filled = {
        str(unit.id): {
            band["key"]: int(sent[f"people_{i}_{j}"].data or 0)
            for j, band in enumerate(stratum["bands"])
        }
        for i, unit in enumerate(units)
    }
    return {**stratum, "people": {**stratum["people"], **filled}}


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
    return {
        **draft.context,
        "title": called(stratum["title"], language) if stratum else "",
        "bands": tuple((called(band["names"], language), totals[band["key"]]) for band in bands),
        "rows": tuple(
            PeopleRow(
                unit.name,
                unit.headcount or 0,
                tuple(f"people_{i}_{j}" for j in range(len(bands))),
            )
            for i, unit in enumerate(units)
        ),
        "least": TIMES_MIN_GROUP * draft.campaign.min_group,
        "start": start,
        "has_more": len(units) == A_PAGE,
        "following": draft.following(),
    }
