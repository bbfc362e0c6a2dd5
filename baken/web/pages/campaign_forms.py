"""Forms of a campaign: what is agreed before it starts."""

from collections.abc import Mapping
from typing import Any, Final, Self

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Regexp

from baken.instruments.definition import Instrument
from baken.instruments.library import list_instruments, load_instrument
from baken.survey.campaigns.actions import CampaignPlan
from baken.survey.campaigns.models import Campaign
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP, FLOOR_MIN_GROUP
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import Refused, day, line, option, whole
from baken.web.texts import LANGUAGES, NAMES, Catalogue, catalogue

MAX_MIN_GROUP: Final = 1_000
MAX_SPARES: Final = 100
MAX_PEOPLE: Final = 10_000_000
MAX_OUTSIDE_BANDS: Final = 10  # percent of the people of the organisation
_IS_NAME: Final = Regexp(r"[a-z0-9][a-z0-9-]{2,38}[a-z0-9]\Z", message="campaigns.public_name_odd")


class CampaignForm(BackOfficeForm):
    """A campaign that is being prepared."""

    title = line("campaigns.name", length=200, hint="campaigns.name_hint")
    instrument = SelectField("campaigns.instrument", [InputRequired()])
    languages = SelectMultipleField("campaigns.languages", [InputRequired()])
    opens_on = day("campaigns.opens_on")
    closes_on = day("campaigns.closes_on")
    min_group = whole(
        "campaigns.min_group",
        low=FLOOR_MIN_GROUP,
        high=MAX_MIN_GROUP,
        hint="campaigns.min_group_hint",
    )
    adviser_name = line("campaigns.adviser", length=200, hint="campaigns.adviser_hint")
    key_holder = line("campaigns.key_holder", length=400, hint="campaigns.key_holder_hint")
    contact = line("campaigns.contact", length=400, hint="campaigns.contact_hint")
    spares_per_unit = whole(
        "campaigns.spares", low=0, high=MAX_SPARES, hint="campaigns.spares_hint"
    )
    public_name = line(
        "campaigns.public_name",
        length=40,
        hint="campaigns.public_name_hint",
        required=False,
        more=(_IS_NAME,),
    )
    version = HiddenField()

    @classmethod
    def empty(cls, language: str) -> Self:
        """The form for a new campaign, with what is usual filled in."""
        values = {"min_group": DEFAULT_MIN_GROUP, "spares_per_unit": 0}
        form = cls.blank(language, values)
        form.offer(language)
        form.instrument.data = next(iter(questionnaires()), "")
        form.languages.data = list(written_languages())
        return form

    @classmethod
    def of(cls, campaign: Campaign, public_name: str, language: str) -> Self:
        """The form of a draft as it stands."""
        form = cls.blank(
            language,
            {
                "title": campaign.title,
                "instrument": f"{campaign.instrument_key} {campaign.instrument_version}",
                "languages": campaign.languages,
                "opens_on": campaign.opens_on,
                "closes_on": campaign.closes_on,
                "min_group": campaign.min_group,
                "adviser_name": campaign.adviser_name,
                "key_holder": campaign.key_holder,
                "contact": campaign.contact,
                "spares_per_unit": campaign.spares_per_unit,
                "public_name": public_name,
                "version": campaign.version,
            },
        )
        form.offer(language)
        return form

    @classmethod
    def sent(cls, body: Form, language: str) -> Self:
        """The form as it came in."""
        form = cls.read(body, language)
        form.offer(language)
        return form

    def offer(self, language: str) -> None:
        """Fill in what can be chosen."""
        known = questionnaires()
        self.instrument.choices = [
            option(key, f"{title_of(instrument, language)} ({instrument.key} {instrument.version})")
            for key, instrument in known.items()
        ]
        self.languages.choices = [option(code, NAMES[code]) for code in written_languages()]

    def validate_languages(self, field: Any) -> None:
        """The questionnaire exists in every language that is chosen."""
        instrument = questionnaires().get(self.instrument.data)
        if instrument and not set(field.data) <= set(instrument.languages):
            raise Refused("campaigns.language_missing")

    def validate_closes_on(self, field: Any) -> None:
        if self.opens_on.data and field.data and field.data < self.opens_on.data:
            raise Refused("campaigns.dates_reversed")

    @property
    def chosen(self) -> Instrument:
        return questionnaires()[self.instrument.data]

    @property
    def seen(self) -> int:
        """The version of the draft that the person was looking at; 0 when the field was changed."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def plan(self, background_headcounts: Mapping[str, Mapping[str, int]]) -> CampaignPlan:
        """What the form says; headcounts of background bands are entered at the launch."""
        sent: dict[str, Any] = self.data
        return CampaignPlan(
            title=sent["title"],
            languages=tuple(sent["languages"]),
            opens_on=sent["opens_on"],
            closes_on=sent["closes_on"],
            min_group=sent["min_group"],
            spares_per_unit=sent["spares_per_unit"],
            background_headcounts=background_headcounts,
            adviser_name=sent["adviser_name"],
            key_holder=sent["key_holder"],
            contact=sent["contact"],
        )


class CloseForm(BackOfficeForm):
    """Asked when somebody closes before the last day that people were told."""

    known = BooleanField("campaigns.close_known", [InputRequired("campaigns.close_known_missing")])


class LaunchForm(BackOfficeForm):
    """What is told at the launch: the headcount of every band, and that all was agreed."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

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


def launch_form(instrument: Instrument, min_group: int, language: str) -> type[LaunchForm]:
    """Make the launch form of a questionnaire.

    A band below the smallest group is refused here, beside its field; the launch refuses it again.
    """
    labels = texts_of(instrument, language).bands
    fields = {
        band_field(i, j): _band(labels[background.key][band], min_group, catalogue(language))
        for i, background in enumerate(instrument.backgrounds)
        for j, band in enumerate(background.bands)
    }
    # last, so that the list of problems has the order of the page
    agreed = BooleanField("campaigns.agreed", [InputRequired("campaigns.agreed_missing")])
    return type("LaunchFormOf", (LaunchForm,), {**fields, "agreed": agreed})


def _band(label: str, min_group: int, texts: Catalogue) -> IntegerField:
    missing = texts("campaigns.band_missing", band=label)
    small = texts("campaigns.band_small", band=label, k=min_group).replace("%", "%%")
    return IntegerField(
        label,
        [InputRequired(missing), NumberRange(min_group, MAX_PEOPLE, message=small)],
        render_kw={"min": 0, "inputmode": "numeric"},
    )


def band_field(question: int, band: int) -> str:
    """Name of the field for a band: numbers, since keys of instruments are free text."""
    return f"band_{question}_{band}"


def questionnaires() -> dict[str, Instrument]:
    """All questionnaires one can choose, by key and version."""
    known = {
        f"{one.key} {one.version}": load_instrument(one.key, one.version)
        for one in list_instruments()
    }
    return {
        key: instrument for key, instrument in known.items() if instrument.kind == "questionnaire"
    }


def written_languages() -> tuple[str, ...]:
    """Languages in which there is a questionnaire."""
    written = {code for one in questionnaires().values() for code in one.languages}
    return tuple(code for code in LANGUAGES if code in written)


def texts_of(instrument: Instrument, language: str) -> Any:
    """Texts in the reader's language, or in the first one the instrument has."""
    return instrument.texts.get(language) or instrument.texts[instrument.languages[0]]


def title_of(instrument: Instrument, language: str) -> str:
    """Title in the reader's language, or in the first one the instrument has."""
    title: str = texts_of(instrument, language).title
    return title
