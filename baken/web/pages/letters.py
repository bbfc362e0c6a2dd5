"""Letters with a code: sent by mail, or printed. Each is shown before it goes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.jobs import find_unfinished
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign, get_public_name
from baken.survey.invitations import sending
from baken.survey.invitations.models import Letter
from baken.survey.invitations.rules import MOST_REMINDERS
from baken.survey.invitations.sending import Addressed
from baken.web.body import Form
from baken.web.languages import name_of
from baken.web.mail.invitations import Occasion, compose
from baken.web.mail.post import MailNotConfigured
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.codes import QrCode
from baken.web.pages.jobs import see_job
from baken.web.pages.recipient_forms import ReminderForm
from baken.web.pages.recipient_views import list_view
from baken.web.pages.reply import PageRequest, page, refused
from baken.web.settings import Settings
from baken.web.texts import catalogue

SENDING: Final = {"action": Action.SEND_INVITATIONS, "fresh": True}
PRINTING: Final = {"action": Action.PRINT_CODES, "fresh": True}
SEND: Final = "survey/send_letters.html"
EXAMPLE_CODE: Final = "ABCD-EFGH-JKMN-P"


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter as one language has it, with an invented name and code."""

    language: str
    language_name: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """One letter on paper."""

    language: str
    address: tuple[str, ...]
    subject: str
    paragraphs: tuple[tuple[str, ...], ...]
    code: str
    square: QrCode


class LetterPages(Controller):
    """Invitations, reminders and letters on paper."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/invitations"

    @get("/send", opt=SENDING, sync_to_thread=True)
    def send_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        asked = find_unfinished(session, sending.JOB, campaign_id)
        if asked is not None:
            return see_job(request, asked)
        campaign = get_campaign(session, campaign_id)
        shown = _shown(
            session, campaign, Letter.INVITATION, settings, language, by=actor, today=today
        )
        form = ReminderForm.blank(language)
        return page(
            request, SEND, form=form, refusal=why_not(campaign, Letter.INVITATION, today), **shown
        )

    @post("/send", opt=SENDING, sync_to_thread=True)
    def send(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        asked = find_unfinished(session, sending.JOB, campaign_id)
        if asked is not None:
            return see_job(request, asked)
        campaign = get_campaign(session, campaign_id)
        shown = _shown(
            session, campaign, Letter.INVITATION, settings, language, by=actor, today=today
        )
        try:
            check_mail(settings)
            asked = sending.ask_invitations(session, campaign_id, by=actor, today=today, now=now)
        except BakenError as error:
            form = ReminderForm.blank(language)
            return refused(request, session, SEND, form=form, error=error, refusal=None, **shown)
        return see_job(request, asked)

    @get("/remind", opt=SENDING, sync_to_thread=True)
    def remind_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        asked = find_unfinished(session, sending.JOB, campaign_id)
        if asked is not None:
            return see_job(request, asked)
        campaign = get_campaign(session, campaign_id)
        shown = _shown(
            session, campaign, Letter.REMINDER, settings, language, by=actor, today=today
        )
        form = ReminderForm.blank(language)
        return page(
            request, SEND, form=form, refusal=why_not(campaign, Letter.REMINDER, today), **shown
        )

    @post("/remind", opt=SENDING, sync_to_thread=True)
    def remind(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        asked = find_unfinished(session, sending.JOB, campaign_id)
        if asked is not None:
            return see_job(request, asked)
        campaign = get_campaign(session, campaign_id)
        sent = ReminderForm.read(form, language)
        shown = _shown(
            session, campaign, Letter.REMINDER, settings, language, by=actor, today=today
        )
        try:
            check_mail(settings)
            is_agreed = bool(sent["is_agreed"].data)
            asked = sending.ask_reminder(
                session, campaign_id, is_agreed=is_agreed, by=actor, today=today, now=now
            )
        except BakenError as error:
            return refused(request, session, SEND, form=sent, error=error, refusal=None, **shown)
        return see_job(request, asked)

    # A POST: every print is one act with one line in the audit.
    @post("/letters", opt=PRINTING, sync_to_thread=True, status_code=200)
    def print(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        settings: NamedDependency[Settings],
        form: NamedDependency[Form],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        letters = sending.print_letters(
            session,
            keys,
            campaign_id,
            shuffled=form.get("order") == "shuffled",
            by=actor,
            today=today,
        )
        occasion = _occasion(session, campaign, settings)
        return page(
            request,
            "survey/letters.html",
            campaign=CampaignRow.of(campaign),
            letters=tuple(_printed(occasion, letter) for letter in letters),
        )


def _occasion(session: Session, campaign: Campaign, settings: Settings) -> Occasion:
    name = get_public_name(session, campaign.id)
    return Occasion.of(campaign, address=f"{settings.origin}/s/{name}")


def _shown(
    session: Session,
    campaign: Campaign,
    kind: Letter,
    settings: Settings,
    language: str,
    *,
    by: Actor,
    today: date,
) -> dict[str, Any]:
    found = list_view(session, campaign, by=by, today=today)
    occasion = _occasion(session, campaign, settings)
    reader = catalogue(language)("invitations.example_name")
    samples = []
    for code in campaign.languages:
        letter = compose(occasion, Addressed(kind, reader, "", code, EXAMPLE_CODE))
        samples.append(Sample(code, name_of(code), letter.subject, letter.text))
    is_reminder = kind is Letter.REMINDER
    return {
        "campaign": CampaignRow.of(campaign),
        "samples": tuple(samples),
        "is_reminder": is_reminder,
        "people": found.sent if is_reminder else found.waiting,
        "asks_agreement": is_reminder and sending.n_reminders(campaign) >= MOST_REMINDERS,
        "n_reminders": sending.n_reminders(campaign),
        "has_mail": settings.mail is not None,
    }


def check_mail(settings: Settings) -> None:
    """Raise `MailNotConfigured` where no letter could leave: a job for it would only fail."""
    if settings.mail is None:
        raise MailNotConfigured


def why_not(campaign: Campaign, kind: Letter, today: date) -> BakenError | None:
    """Why these letters may not go out today, before anybody presses the button."""
    try:
        if kind is Letter.REMINDER:
            sending.check_may_remind(campaign, is_agreed=True, today=today)
        else:
            sending.check_may_send(campaign, today=today)
    except BakenError as error:
        return error
    return None


def _printed(occasion: Occasion, to: Addressed) -> PrintedLetter:
    letter = compose(occasion, to)
    paragraphs = letter.text.strip("\n").split("\n\n")
    return PrintedLetter(
        language=to.language,
        address=(to.name, *to.address.split("\n")),
        subject=letter.subject,
        paragraphs=tuple(tuple(part.split("\n")) for part in paragraphs),
        code=to.code,
        square=QrCode.of(occasion.link(to.code)),
    )
