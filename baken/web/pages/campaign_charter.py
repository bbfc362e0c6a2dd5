"""Preparing a campaign: the charter, the agreement on it, and the page to print."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.charter import (
    MAX_PART,
    PARTS,
    Agreement,
    CharterView,
    changed_since,
    spoken_languages,
    view_of_charter,
)
from baken.survey.campaigns.charter_actions import agree_charter, stamp_of, write_charter
from baken.survey.campaigns.models import Campaign, Charter
from baken.survey.campaigns.queries import find_charter, get_campaign, list_charters
from baken.web.body import Form
from baken.web.languages import has_screens, name_of
from baken.web.numerals import NARROW, NO_BREAK
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.campaign_preparing import Preparation, Step, path_of, prepare
from baken.web.pages.campaign_sheets import called
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.fields import NeededToStart, day, line
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.texts import catalogue

WORDS = "survey/prepare_charter.html"
AGREEMENT = "survey/prepare_agreement.html"
ROWS: Final = 5


class CharterForm(VersionedForm):
    """The words of the charter in every language of the campaign; fields are added for each."""

    def words(self, languages: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """Language to part to text, as filled in."""
        return {
            language: {part: self[f"{part}_{at}"].data or "" for part in PARTS}
            for at, language in enumerate(languages)
        }


class AgreementForm(VersionedForm):
    """Where, when and by whom it was agreed."""

    body = line("preparation.body", length=200, hint="preparation.body_hint")
    agreed_on = day("preparation.agreed_on")
    employer = line("preparation.for_employer", length=400, hint="preparation.for_employer_hint")
    workers = line("preparation.for_workers", length=400, hint="preparation.for_workers_hint")

    @property
    def agreement(self) -> Agreement:
        """What was filled in."""
        sent: dict[str, Any] = self.data
        return Agreement(**{key: value for key, value in sent.items() if key != "version"})


class CharterPages(Controller):
    """The charter of a draft; afterwards it can be read and printed."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}"

    @get("/prepare/charter", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def words_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.CHARTER, today=today, language=language)
        charter = find_charter(session, campaign_id)
        form = charter_form(draft.campaign).blank(language, _known_words(draft.campaign, charter))
        return page(request, WORDS, form=form, **_words_context(draft, charter))

    @post("/prepare/charter", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def words(
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
        draft = prepare(session, campaign_id, Step.CHARTER, today=today, language=language)
        shown = _words_context(draft, find_charter(session, campaign_id))
        sent = charter_form(draft.campaign).read(form, language)
        if not sent.validate():
            return refused(request, session, WORDS, form=sent, **shown)
        words = sent.words(spoken_languages(draft.campaign.languages))
        try:
            write_charter(session, campaign_id, words, seen=sent.seen, by=actor)
        except BakenError as error:
            return refused(request, session, WORDS, form=sent, error=error, **shown)
        see = frame_of(request).url(draft.following())
        return done(request, see=see, said="preparation.done_saved")

    @get("/prepare/agreement", opt={"action": Action.RECORD_ADVICE}, sync_to_thread=True)
    def agreement_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.AGREEMENT, today=today, language=language)
        charter = find_charter(session, campaign_id)
        values = {
            "body": charter.body if charter else "",
            "employer": charter.agreed_employer if charter else "",
            "workers": charter.agreed_workers if charter else "",
            "version": stamp_of(charter),
        }
        values["body"] = values["body"] or catalogue(language)("preparation.body_default")
        form = AgreementForm.blank(language, values)
        return page(request, AGREEMENT, form=form, **_agreement_context(draft, charter))

    @post("/prepare/agreement", opt={"action": Action.RECORD_ADVICE}, sync_to_thread=True)
    def agreement(
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
        draft = prepare(session, campaign_id, Step.AGREEMENT, today=today, language=language)
        shown = _agreement_context(draft, find_charter(session, campaign_id))
        sent = AgreementForm.read(form, language)
        if not sent.validate():
            return refused(request, session, AGREEMENT, form=sent, **shown)
        try:
            agree_charter(
                session, campaign_id, sent.agreement, seen=sent.seen, by=actor, today=today
            )
        except BakenError as error:
            return refused(request, session, AGREEMENT, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/charter")
        return done(request, see=see, said="preparation.done_agreed")

    @get("/charter", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def charter(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        editions = list_charters(session, campaign_id)
        newest = editions[0] if editions else None
        view = view_of_charter(campaign, newest) if newest else None
        spoken = spoken_languages(campaign.languages)
        asked = request.query_params.get("in", language)
        chosen = asked if asked in spoken else next(iter(spoken), language)
        return page(
            request,
            "survey/charter.html",
            campaign=CampaignRow.of(campaign),
            charter=view,
            words=view.words_in(chosen) if view else {},
            stratum=stratum_names(view, language),
            languages=spoken,
            chosen=chosen,
            written_in="" if chosen == language else chosen,
            is_draft=campaign.launched_on is None,
            agreed=tuple((one.edition, one.agreed_on) for one in editions if one.agreed_on),
            changed=_changed(campaign, newest),
            agreement_path=path_of(campaign_id, Step.AGREEMENT),
        )


def charter_form(campaign: Campaign) -> type[CharterForm]:
    """Make the form with four texts for each language of the campaign.

    A text may stay empty for now; the launch asks for all of them.
    """
    fields: dict[str, Any] = {}
    for at, language in enumerate(spoken_languages(campaign.languages)):
        for part in PARTS:
            fields[f"{part}_{at}"] = TextAreaField(
                f"preparation.part_{part}",
                [Optional(), Length(max=MAX_PART), NeededToStart()],
                filters=[unix_lines],
                description=f"preparation.part_{part}_hint",
                render_kw={"rows": ROWS, "lang": language},
            )
    return type("CharterFormOf", (CharterForm,), fields)


def unix_lines(value: str | None) -> str:
    """Lines end in one way, signs nobody can see are gone.

    Spaces that do not break stay: French writes one before a colon.
    """
    lines = (value or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(filter(_is_seen, line)) for line in lines).strip()


def _is_seen(sign: str) -> bool:
    return sign.isprintable() or sign in (NO_BREAK, NARROW)


def _known_words(campaign: Campaign, charter: Charter | None) -> dict[str, Any]:
    """What is written already; before that, words to start from."""
    values: dict[str, Any] = {"version": stamp_of(charter)}
    for at, language in enumerate(spoken_languages(campaign.languages)):
        written = (charter.words if charter else {}).get(language)
        for part in PARTS:
            values[f"{part}_{at}"] = (written or usual_words(language)).get(part, "")
    return values


def usual_words(language: str) -> Mapping[str, str]:
    """Words for somebody who writes a charter for the first time; none in other languages."""
    if not has_screens(language):
        return {}
    return {part: catalogue(language)(f"preparation.usual_{part}") for part in PARTS}


def _words_context(draft: Preparation, charter: Charter | None) -> dict[str, Any]:
    languages = spoken_languages(draft.campaign.languages)
    return {
        **draft.context,
        "groups": tuple(
            (language, name_of(language), tuple(f"{part}_{at}" for part in PARTS))
            for at, language in enumerate(languages)
        ),
        "is_agreed": charter is not None and charter.agreed_on is not None,
        "is_new": charter is None,
    }


def _agreement_context(draft: Preparation, charter: Charter | None) -> dict[str, Any]:
    return {
        **draft.context,
        "promise": draft.campaign,
        "charter": view_of_charter(draft.campaign, charter) if charter else None,
        "changed": _changed(draft.campaign, charter),
    }


def stratum_names(charter: CharterView | None, language: str) -> tuple[str, tuple[str, ...]]:
    """The category that codes carry and its groups, by name; empty where there is none."""
    if charter is None or charter.stratum is None:
        return "", ()
    bands = tuple(called(band["names"], language) for band in charter.stratum["bands"])
    return called(charter.stratum["title"], language), bands


def _changed(campaign: Campaign, charter: Charter | None) -> tuple[str, ...]:
    """What was changed in a draft since it was agreed."""
    if charter is None or charter.agreed_on is None or campaign.launched_on is not None:
        return ()
    return changed_since(campaign, charter)
