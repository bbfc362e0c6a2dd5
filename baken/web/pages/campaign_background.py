"""Preparing a campaign: how many people stand behind each answer about the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Action, Actor
from baken.organisation.units import list_units
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.backgrounds import Advice, advise
from baken.survey.campaigns.models import Campaign
from baken.web.body import Form
from baken.web.pages.campaign_forms import VersionedForm, texts_of
from baken.web.pages.campaign_preparing import Preparation, Step, prepare, save_part
from baken.web.pages.campaign_sheets import day_of_units
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.texts import catalogue

TEMPLATE = "survey/prepare_background.html"
MAX_PEOPLE: Final = 10_000_000
MAX_OUTSIDE_BANDS: Final = 10  # percent of the people of the organisation


class BackgroundForm(VersionedForm):
    """How many people of the organisation belong to each band."""

    def counts(self, instrument: Instrument) -> dict[str, dict[str, int]]:
        """Headcount of every band, as filled in."""
        return {
            background.key: {
                band: self[band_field(i, j)].data or 0 for j, band in enumerate(background.bands)
            }
            for i, background in enumerate(instrument.backgrounds)
        }

    def totals_fit(self, instrument: Instrument, people: int) -> bool:
        """Refuse a question whose bands cannot be the people of the units.

        A few may be in no band; with more, a band may be smaller than it is said to be.
        """
        names = texts_of(instrument, self.language).backgrounds
        for key, counts in self.counts(instrument).items():
            told = sum(counts.values())
            if people and not people * (100 - MAX_OUTSIDE_BANDS) <= told * 100 <= people * 100:
                sentence = catalogue(self.language)(
                    "campaigns.band_total", question=names[key], sum=told, people=people
                )
                self.refusals = (*self.refusals, sentence)
        return not self.refusals


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its fields, and what is wrong with its bands, in words to fill in."""

    title: str
    fields: tuple[str, ...]
    advice: tuple[Mapping[str, Any], ...]


class BackgroundPages(Controller):
    """At most three questions, and no band so small that somebody could be recognised."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/prepare/background"
    opt = {"action": Action.PREPARE_CAMPAIGN}

    @get("/", sync_to_thread=True)
    def background_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.BACKGROUND, today=today, language=language)
        known = _known_values(draft.campaign, draft.instrument)
        form = background_form(draft.instrument, language).blank(language, known)
        shown = _context(session, draft, language, today=today)
        return page(request, TEMPLATE, form=form, **shown)

    @post("/", sync_to_thread=True)
    def background(
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
        draft = prepare(session, campaign_id, Step.BACKGROUND, today=today, language=language)
        shown = _context(session, draft, language, today=today)
        sent = background_form(draft.instrument, language).read(form, language)
        if not (sent.validate() and sent.totals_fit(draft.instrument, shown["people"])):
            return refused(request, session, TEMPLATE, form=sent, **shown)
        counts = sent.counts(draft.instrument)
        try:
            save_part(session, campaign_id, seen=sent.seen, by=actor, background_headcounts=counts)
        except BakenError as error:
            return refused(request, session, TEMPLATE, form=sent, error=error, **shown)
        # Kept either way; with a band that is too small the page comes back and says so.
        is_fine = not any(
            advise(counts[one.key], one.bands, draft.campaign.min_group)
            for one in draft.instrument.backgrounds
        )
        here = f"/campaigns/{campaign_id}/prepare/background"
        see = frame_of(request).url(draft.following() if is_fine else here)
        return done(request, see=see, said="preparation.done_saved")


def background_form(instrument: Instrument, language: str) -> type[BackgroundForm]:
    """Make the form of a questionnaire: one number for every band."""
    labels = texts_of(instrument, language).bands
    fields = {
        band_field(i, j): _band(labels[background.key][band], language)
        for i, background in enumerate(instrument.backgrounds)
        for j, band in enumerate(background.bands)
    }
    return type("BackgroundFormOf", (BackgroundForm,), fields)


def band_field(question: int, band: int) -> str:
    """Name of the field for a band: numbers, since keys of instruments are free text."""
    return f"band_{question}_{band}"


def _band(label: str, language: str) -> IntegerField:
    missing = catalogue(language)("campaigns.band_missing", band=label)
    return IntegerField(
        label,
        [InputRequired(missing), NumberRange(0, MAX_PEOPLE)],
        render_kw={"min": 0, "inputmode": "numeric"},
    )


def _context(session: Session, draft: Preparation, language: str, *, today: date) -> dict[str, Any]:
    units = list_units(session, on=day_of_units(draft.campaign, today))
    return {
        **draft.context,
        "people": sum(unit.headcount or 0 for unit in units),
        "min_group": draft.campaign.min_group,
        "questions": tuple(
            _question(draft, place, language) for place in range(len(draft.instrument.backgrounds))
        ),
        "following": draft.following(),
    }


def _question(draft: Preparation, place: int, language: str) -> QuestionRow:
    background = draft.instrument.backgrounds[place]
    texts = texts_of(draft.instrument, language)
    names = texts.bands[background.key]
    counts = draft.campaign.background_headcounts.get(background.key)
    found: tuple[Advice, ...] = ()
    if counts is not None:
        found = advise(counts, background.bands, draft.campaign.min_group)
    return QuestionRow(
        title=texts.backgrounds[background.key],
        fields=tuple(band_field(place, j) for j in range(len(background.bands))),
        advice=tuple(
            {
                "band": names[one.band],
                "people": one.people,
                "neighbour": names[one.neighbour] if one.neighbour is not None else "",
                "together": one.together,
            }
            for one in found
        ),
    )


def _known_values(campaign: Campaign, instrument: Instrument) -> dict[str, int]:
    known = campaign.background_headcounts
    values = {"version": campaign.version}
    for i, background in enumerate(instrument.backgrounds):
        for j, band in enumerate(background.bands):
            given = known.get(background.key, {}).get(band)
            if given is not None:
                values[band_field(i, j)] = given
    return values
