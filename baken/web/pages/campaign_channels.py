"""Preparing a campaign: in which ways the people of each unit can take part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import InputRequired

from baken.organisation.permissions import Action, Actor
from baken.organisation.units import UnitRow
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.channels import Way, ways_of
from baken.survey.campaigns.models import Campaign
from baken.web.body import Form
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.campaign_peopled import A_PAGE, peopled_units, start_of, units_of_page
from baken.web.pages.campaign_preparing import Preparation, Step, prepare, save_part
from baken.web.pages.fields import option, whole
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings

TEMPLATE = "survey/prepare_channels.html"
MAX_SPARES: Final = 100


class ChannelForm(VersionedForm):
    """Ways per unit, and how many spare cards each gets; a field is added for every unit."""

    spares_per_unit = whole(
        "campaigns.spares", low=0, high=MAX_SPARES, hint="campaigns.spares_hint"
    )

    types_handwriting = BooleanField(
        "preparation.types_handwriting", description="preparation.types_handwriting_hint"
    )

    def ways(self, units: Sequence[UnitRow]) -> dict[str, list[str]]:
        """Unit to its ways, as filled in."""
        return {str(unit.id): list(self[f"ways_{i}"].data) for i, unit in enumerate(units)}


class EverywhereForm(VersionedForm):
    """The same ways for every unit."""

    everywhere = SelectMultipleField(
        "preparation.everywhere",
        [InputRequired("preparation.way_missing")],
        choices=[option(way.value, f"preparation.way_{way}") for way in Way],
    )


@dataclass(frozen=True, slots=True)
class UnitWays:
    """A unit with its field."""

    name: str
    people: int
    field: str


class ChannelPages(Controller):
    """Optional: a unit for which nobody chose gets cards."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/prepare/channels"
    opt = {"action": Action.PREPARE_CAMPAIGN}

    @get("/", sync_to_thread=True)
    def channels_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.CHANNELS, today=today, language=language)
        units = units_of_page(session, draft.campaign, start_of(request), today=today)
        form = channel_form(units).blank(language, _known(draft.campaign, units))
        return page(
            request,
            TEMPLATE,
            form=form,
            **_context(draft, units, settings, start=start_of(request)),
        )

    @post("/", sync_to_thread=True)
    def channels(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.CHANNELS, today=today, language=language)
        start = start_of(request)
        units = units_of_page(session, draft.campaign, start, today=today)
        shown, sent = (
            _context(draft, units, settings, start=start),
            channel_form(units).read(form, language),
        )
        if not sent.validate():
            return refused(request, session, TEMPLATE, form=sent, **shown)
        ways: Mapping[str, Any] = {**draft.campaign.channels, **sent.ways(units)}
        try:
            save_part(
                session,
                campaign_id,
                seen=sent.seen,
                by=actor,
                channels=ways,
                spares_per_unit=sent.spares_per_unit.data,
                types_handwriting=sent.types_handwriting.data,
            )
        except BakenError as error:
            return refused(request, session, TEMPLATE, form=sent, error=error, **shown)
        here = frame_of(request).url(f"/campaigns/{campaign_id}/prepare/channels")
        onwards = frame_of(request).url(draft.following())
        see = f"{here}?from={start + A_PAGE}" if shown["has_more"] else onwards
        return done(request, see=see, said="preparation.done_saved")

    @post("/all", sync_to_thread=True)
    def everywhere(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.CHANNELS, today=today, language=language)
        units = peopled_units(session, draft.campaign, today=today)
        on_page = units[:A_PAGE]
        sent = EverywhereForm.read(form, language)
        shown = _context(draft, on_page, settings, start=0)
        if not sent.validate():
            rows = channel_form(on_page).blank(language, _known(draft.campaign, on_page))
            rows.refusals = tuple(problem.sentence for problem in sent.problems)
            return refused(request, session, TEMPLATE, form=rows, **shown)
        ways = {str(unit.id): list(sent.everywhere.data or ()) for unit in units}
        save_part(session, campaign_id, seen=sent.seen, by=actor, channels=ways)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/prepare/channels")
        return done(request, see=see, said="preparation.done_saved")


def channel_form(units: Sequence[UnitRow]) -> type[ChannelForm]:
    """Make the form with a row of boxes for every unit on this page."""
    choices = [option(way.value, f"preparation.way_{way}") for way in Way]
    fields = {
        f"ways_{i}": SelectMultipleField(
            unit.name, [InputRequired("preparation.way_missing")], choices=choices
        )
        for i, unit in enumerate(units)
    }
    return type("ChannelFormOf", (ChannelForm,), fields)


def _known(campaign: Campaign, units: Sequence[UnitRow]) -> dict[str, Any]:
    ways = {
        f"ways_{i}": [way.value for way in ways_of(campaign, unit.id)]
        for i, unit in enumerate(units)
    }
    return {
        **ways,
        "spares_per_unit": campaign.spares_per_unit,
        "types_handwriting": campaign.types_handwriting,
        "version": campaign.version,
    }


def _names_mail(campaign: Campaign) -> bool:
    return any(Way.MAIL in chosen for chosen in campaign.channels.values())


def _context(
    draft: Preparation, units: Sequence[UnitRow], settings: Settings, *, start: int
) -> dict[str, Any]:
    rows = tuple(
        UnitWays(unit.name, unit.headcount or 0, f"ways_{i}") for i, unit in enumerate(units)
    )
    return {
        **draft.context,
        "rows": rows,
        "everywhere": EverywhereForm.blank("nl", {"version": draft.campaign.version}),
        "ways": tuple(Way),
        "has_mail": settings.mail is not None,
        "counts_on_mail": settings.mail is None and _names_mail(draft.campaign),
        "start": start,
        "has_more": len(units) == A_PAGE,
    }
