"""Forms of a campaign that is prepared, launched or closed; one form for each page."""

from collections.abc import Mapping
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional, Regexp

from baken.instruments.definition import Instrument
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP
from baken.survey.library.queries import get_instrument, list_choices
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.languages import name_of
from baken.web.pages.fields import Refused, day, line, option, whole
from baken.web.pages.library_words import full_name
from baken.web.texts import LANGUAGES

MAX_MIN_GROUP: Final = 1_000
_IS_NAME: Final = Regexp(r"[a-z0-9][a-z0-9-]{2,38}[a-z0-9]\Z", message="campaigns.public_name_odd")


class VersionedForm(BackOfficeForm):
    """A form that knows which version of the campaign somebody was looking at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version on the page; 0, which no campaign has, when the field was changed."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _public_name(hint: str) -> StringField:
    return line("campaigns.public_name", length=40, hint=hint, required=False, more=(_IS_NAME,))


class BasisForm(VersionedForm):
    """What it is called, when it runs, where people find it."""

    title = line("campaigns.name", length=200, hint="campaigns.name_hint")
    opens_on = day("campaigns.opens_on")
    closes_on = day("campaigns.closes_on", hint="preparation.closes_on_hint")
    public_name = _public_name("preparation.public_name_hint")

    @classmethod
    def of(cls, campaign: Campaign, public_name: str, language: str) -> Self:
        """The form of a draft as it stands."""
        return cls.blank(
            language,
            {
                "title": campaign.title,
                "opens_on": campaign.opens_on,
                "closes_on": campaign.closes_on,
                "public_name": public_name,
                "version": campaign.version,
            },
        )

    def validate_closes_on(self, field: Any) -> None:
        if self.opens_on.data and field.data and field.data < self.opens_on.data:
            raise Refused("campaigns.dates_reversed")


class NewCampaignForm(BasisForm):
    """A campaign that begins; a former one may be its start."""

    public_name = _public_name("campaigns.public_name_hint")
    former = SelectField("preparation.former", [Optional()], description="preparation.former_hint")

    def offer(self, former: Mapping[UUID, str]) -> Self:
        """Fill in which campaigns can be copied."""
        nothing = option("", "preparation.former_none")
        self.former.choices = [nothing, *(option(str(key), name) for key, name in former.items())]
        return self

    @property
    def copied(self) -> UUID | None:
        """The campaign to start from."""
        return UUID(self.former.data) if self.former.data else None


class QuestionnaireForm(VersionedForm):
    """What is asked, and in which languages."""

    instrument = SelectField("campaigns.instrument", [InputRequired()])
    languages = SelectMultipleField(
        "campaigns.languages", [InputRequired()], description="preparation.languages_hint"
    )
    known: Mapping[str, Instrument]

    @classmethod
    def of(cls, campaign: Campaign, known: Mapping[str, Instrument], language: str) -> Self:
        """The form of a draft as it stands."""
        form = cls.blank(
            language,
            {
                "instrument": f"{campaign.instrument_key} {campaign.instrument_version}",
                "languages": campaign.languages,
                "version": campaign.version,
            },
        )
        return form.offer(known)

    @classmethod
    def sent(cls, body: Form, known: Mapping[str, Instrument], language: str) -> Self:
        """The form as it came in."""
        return cls.read(body, language).offer(known)

    def offer(self, known: Mapping[str, Instrument]) -> Self:
        """Fill in what can be chosen."""
        self.known = known
        self.instrument.choices = [
            option(key, full_name(title_of(one, self.language), one.version, self.language))
            for key, one in known.items()
        ]
        self.languages.choices = [option(code, name_of(code)) for code in written_languages(known)]
        return self

    def validate_languages(self, field: Any) -> None:
        """The questionnaire exists in every language that is chosen."""
        instrument = self.known.get(self.instrument.data)
        if instrument and not set(field.data) <= set(instrument.languages):
            raise Refused("campaigns.language_missing")

    @property
    def chosen(self) -> Instrument:
        return self.known[self.instrument.data]


class PromiseForm(VersionedForm):
    """What people are told before the first question."""

    min_group = whole(
        "campaigns.min_group",
        low=FLOOR_MIN_GROUP,
        high=MAX_MIN_GROUP,
        hint="campaigns.min_group_hint",
    )
    adviser_name = line("campaigns.adviser", length=200, hint="campaigns.adviser_hint")
    key_holder = line("campaigns.key_holder", length=400, hint="campaigns.key_holder_hint")
    contact = line("campaigns.contact", length=400, hint="campaigns.contact_hint")
    counsellor = line(
        "campaigns.counsellor", length=400, hint="campaigns.counsellor_hint", required=False
    )
    answers_until_on = day("preparation.answers_until", hint="preparation.answers_until_hint")
    comments_until_on = day("preparation.comments_until", hint="preparation.comments_until_hint")

    @classmethod
    def of(cls, campaign: Campaign, language: str) -> Self:
        """The form of a draft as it stands."""
        names = [name for name in cls.blank(language).data if name != "version"]
        values = {name: getattr(campaign, name) for name in names}
        return cls.blank(language, {**values, "version": campaign.version})

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by the names of the plan."""
        return {name: value for name, value in self.data.items() if name != "version"}


class CloseForm(BackOfficeForm):
    """Asked when somebody closes before the last day that people were told."""

    known = BooleanField("campaigns.close_known", [InputRequired("campaigns.close_known_missing")])


def questionnaires(session: Session) -> dict[str, Instrument]:
    """Whatever people can be asked, by key and version; those of the organisation first.

    Screenings come last: everybody can be asked about alert lights, but few campaigns do.
    """
    usable = [choice for choice in list_choices(session) if choice.is_usable]
    usable.sort(key=lambda choice: choice.kind == "screening")
    return {choice.name: get_instrument(session, choice.key, choice.version) for choice in usable}


def written_languages(known: Mapping[str, Instrument]) -> tuple[str, ...]:
    """Languages in which there is a questionnaire, those of the screens first."""
    written = dict.fromkeys(code for one in known.values() for code in one.languages)
    ours = [code for code in LANGUAGES if code in written]
    return (*ours, *(code for code in written if code not in ours))


def texts_of(instrument: Instrument, language: str) -> Any:
    """Texts in the reader's language, or in the first one the instrument has."""
    return instrument.texts.get(language) or instrument.texts[instrument.languages[0]]


def title_of(instrument: Instrument, language: str) -> str:
    """Title in the reader's language, or in the first one the instrument has."""
    title: str = texts_of(instrument, language).title
    return title
