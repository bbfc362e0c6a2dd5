"""Preparing a campaign: the words of the invitation, and how they will look."""

from collections.abc import Sequence
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
from baken.survey.campaigns.channels import sends_letters
from baken.survey.campaigns.charter import spoken_languages
from baken.survey.campaigns.invitation import MAX_BODY, MAX_SUBJECT, PLACES, fill_in
from baken.survey.campaigns.models import Campaign, Letter
from baken.survey.campaigns.queries import get_public_name
from baken.web import numerals
from baken.web.body import Form
from baken.web.languages import has_screens, name_of, screen_of
from baken.web.pages.campaign_charter import unix_lines
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.campaign_peopled import peopled_units
from baken.web.pages.campaign_preparing import Preparation, Step, path_of, prepare, save_part
from baken.web.pages.fields import NeededToStart, line
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.settings import Settings
from baken.web.texts import catalogue

TEMPLATE = "survey/prepare_invitation.html"
PREVIEW = "survey/invitation_preview.html"
ROWS: Final = 14
SAMPLE_CODE: Final = "XXXX-XXXX-XXXX-X"  # no symbol of it can stand in a code
FORMS: Final = ("mail", "letter")
SIGNATORIES: Final = ("employer_signatory", "committee_signatory")


class InvitationWordsForm(VersionedForm):
    """Subject and text in every language, and who signs; the fields are added for each draft."""

    def letters(self, languages: Sequence[str]) -> dict[str, Letter]:
        """Language to letter, as filled in; a language without words is left out."""
        found = {
            language: Letter(
                subject=str(self[f"subject_{at}"].data or ""),
                body=str(self[f"body_{at}"].data or ""),
            )
            for at, language in enumerate(languages)
        }
        return {key: letter for key, letter in found.items() if any(letter.values())}


class InvitationWordsPages(Controller):
    """One text for mail and letter; the code is put in when it is sent, and kept nowhere."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/prepare/invitation"
    opt = {"action": Action.PREPARE_CAMPAIGN}

    @get("/", sync_to_thread=True)
    def words_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.INVITATION, today=today, language=language)
        languages = spoken_languages(draft.campaign.languages)
        known = _known_words(draft.campaign, languages)
        shown = _context(session, draft, today=today)
        form = invitation_form(languages, is_needed=shown["is_needed"]).blank(language, known)
        return page(request, TEMPLATE, form=form, **shown)

    @post("/", sync_to_thread=True)
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
        draft = prepare(session, campaign_id, Step.INVITATION, today=today, language=language)
        languages = spoken_languages(draft.campaign.languages)
        shown = _context(session, draft, today=today)
        sent = invitation_form(languages, is_needed=shown["is_needed"]).read(form, language)
        if not sent.validate():
            return refused(request, session, TEMPLATE, form=sent, **shown)
        try:
            save_part(
                session,
                campaign_id,
                seen=sent.seen,
                by=actor,
                invitation=sent.letters(languages),
                employer_signatory=sent["employer_signatory"].data or "",
                committee_signatory=sent["committee_signatory"].data or "",
            )
        except BakenError as error:
            return refused(request, session, TEMPLATE, form=sent, error=error, **shown)
        see = frame_of(request).url(f"/campaigns/{campaign_id}/prepare/invitation/preview")
        return done(request, see=see, said="preparation.done_saved")

    @get("/preview", sync_to_thread=True)
    def preview(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        settings: NamedDependency[Settings],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.INVITATION, today=today, language=language)
        form = request.query_params.get("as", "")
        address = f"{settings.origin}/s/{get_public_name(session, campaign_id)}"
        return page(
            request,
            PREVIEW,
            letters=tuple(
                _filled(draft.campaign, language, address)
                for language in spoken_languages(draft.campaign.languages)
                if language in draft.campaign.invitation
            ),
            form=form if form in FORMS else FORMS[0],
            forms=FORMS,
            address=address,
            employer=draft.campaign.employer_signatory,
            committee=draft.campaign.committee_signatory,
            following=draft.following(),
            **draft.context,
        )


def invitation_form(languages: Sequence[str], *, is_needed: bool) -> type[InvitationWordsForm]:
    """Make the form with a subject and a text for each language, and the two who sign.

    Where nobody gets a mail or a letter the survey starts without any of it.
    """
    later = (NeededToStart(),) if is_needed else ()
    fields: dict[str, Any] = {}
    for at, language in enumerate(languages):
        fields[f"subject_{at}"] = line(
            "preparation.subject", length=MAX_SUBJECT, required=False, more=later, language=language
        )
        fields[f"body_{at}"] = TextAreaField(
            "preparation.letter_body",
            [Optional(), Length(max=MAX_BODY), *later],
            filters=[unix_lines],
            render_kw={"rows": ROWS, "lang": language},
        )
    for name in SIGNATORIES:
        fields[name] = line(
            f"preparation.{name}",
            length=200,
            hint=f"preparation.{name}_hint",
            required=False,
            more=later,
        )
    return type("InvitationWordsFormOf", (InvitationWordsForm,), fields)


def usual_letter(language: str) -> Letter:
    """Words for somebody who invites for the first time; none in other languages."""
    if not has_screens(language):
        return Letter(subject="", body="")
    texts = catalogue(language)
    places = {place: f"{{{place}}}" for place in PLACES}
    paragraphs = [texts(f"preparation.usual_letter_{at}", **places) for at in range(1, 7)]
    return Letter(subject=texts("preparation.usual_subject"), body="\n\n".join(paragraphs))


def _known_words(campaign: Campaign, languages: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "version": campaign.version,
        "employer_signatory": campaign.employer_signatory,
        "committee_signatory": campaign.committee_signatory,
    }
    for at, language in enumerate(languages):
        letter = campaign.invitation.get(language) or usual_letter(language)
        values[f"subject_{at}"] = letter["subject"]
        values[f"body_{at}"] = letter["body"]
    return values


def _filled(campaign: Campaign, language: str, address: str) -> dict[str, Any]:
    """A letter as somebody gets it, with a code that is none."""
    letter = campaign.invitation[language]
    screen = screen_of(language)
    values = {
        "code": SAMPLE_CODE,
        "link": f"{address}#{SAMPLE_CODE}",
        "closes_on": numerals.day(campaign.closes_on, screen),
        "name": catalogue(screen)("preparation.sample_name"),
    }
    return {
        "language": language,
        "name": name_of(language),
        "subject": fill_in(letter["subject"], values),
        "paragraphs": tuple(fill_in(letter["body"], values).split("\n\n")),
    }


def _context(session: Session, draft: Preparation, *, today: date) -> dict[str, Any]:
    languages = spoken_languages(draft.campaign.languages)
    units = peopled_units(session, draft.campaign, today=today)
    return {
        **draft.context,
        "groups": tuple(
            (language, name_of(language), f"subject_{at}", f"body_{at}")
            for at, language in enumerate(languages)
        ),
        "places": PLACES,
        "is_needed": sends_letters(draft.campaign, (str(unit.id) for unit in units)),
        "is_new": not draft.campaign.invitation,
        "has_words": bool(draft.campaign.invitation),
        "channels": path_of(draft.campaign.id, Step.CHANNELS),
        "following": draft.following(),
    }
