"""The forms of the category on the codes: its groups in every language, and the people in each."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from baken.organisation.units import UnitRow
from baken.survey.campaigns.models import Band, Campaign, Stratum
from baken.survey.campaigns.stratum import MAX_BANDS
from baken.web.languages import name_of
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.campaign_sheets import called
from baken.web.pages.fields import NeededToStart, line, option

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
    """How many people of each unit belong to each group; fields are added for each.

    Whoever belongs to no group is counted somewhere all the same: a code without a group would say
    by itself who has it.
    """

    rest = SelectField(
        "preparation.stratum_rest",
        description="preparation.stratum_rest_hint",
        validate_choice=False,
    )

    def stratum(self, before: Stratum, units: Sequence[UnitRow]) -> Stratum:
        """The category with the people that were filled in; those left over where it says so."""
        keys = [band["key"] for band in before["bands"]]
        people = dict(before["people"])
        for i, unit in enumerate(units):
            told = {key: int(self[f"people_{i}_{j}"].data or 0) for j, key in enumerate(keys)}
            if self.rest.data in keys:
                left = (unit.headcount or 0) - sum(told.values())
                told[self.rest.data] += max(0, left)  # too many are told, not taken away
            people[str(unit.id)] = told
        return {**before, "people": people}


def stratum_form(languages: Sequence[str], stratum: Stratum | None) -> type[StratumForm]:
    """Make the form with a name for the category and each group, in every language.

    Once there is a category, it and its groups need a name in each before the survey starts.
    """
    used = {"title", *map(_band_field, stratum["bands"])} if stratum else set()
    fields: dict[str, Any] = {}
    for at, language in enumerate(languages):
        for name in ("title", *(f"band_{place}" for place in range(MAX_BANDS))):
            fields[f"{name}_{at}"] = line(
                name_of(language),
                length=NAME_LENGTH,
                required=False,
                more=(NeededToStart(),) if name in used else (),
                language=language,
            )
    return type("StratumFormOf", (StratumForm,), fields)


def people_form(campaign: Campaign, units: Sequence[UnitRow]) -> type[PeopleForm]:
    """Make the form with a number for every group of every unit on this page."""
    bands = campaign.stratum["bands"] if campaign.stratum else []
    fields = {
        f"people_{i}_{j}": IntegerField(
            f"{unit.name}: {called(band['names'], '')}",
            [Optional(), NumberRange(0, MAX_PEOPLE), NeededToStart()],
            render_kw={"min": 0, "inputmode": "numeric"},
        )
        for i, unit in enumerate(units)
        for j, band in enumerate(bands)
    }
    return type("PeopleFormOf", (PeopleForm,), fields)


def offer_rest(form: PeopleForm, campaign: Campaign, language: str) -> PeopleForm:
    """Offer each group for those who belong to none."""
    bands = campaign.stratum["bands"] if campaign.stratum else []
    form.rest.choices = [
        option("", "preparation.stratum_rest_nowhere"),
        *(option(band["key"], called(band["names"], language)) for band in bands),
    ]
    return form


def known_names(campaign: Campaign, languages: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {"version": campaign.version}
    stratum = campaign.stratum
    if stratum is None:
        return values
    for at, language in enumerate(languages):
        values[f"title_{at}"] = stratum["title"].get(language, "")
        for band in stratum["bands"]:
            values[f"{_band_field(band)}_{at}"] = band["names"].get(language, "")
    return values


def _band_field(band: Band) -> str:
    """Where the names of a group stand: its key counts from one, the fields from nought."""
    return f"band_{int(band['key'].removeprefix('s')) - 1}"


def known_people(campaign: Campaign, units: Sequence[UnitRow]) -> dict[str, Any]:
    values: dict[str, Any] = {"version": campaign.version}
    stratum = campaign.stratum
    for i, unit in enumerate(units):
        for j, band in enumerate(stratum["bands"] if stratum else []):
            told = stratum["people"].get(str(unit.id), {}) if stratum else {}
            values[f"people_{i}_{j}"] = told.get(band["key"])
    return values
