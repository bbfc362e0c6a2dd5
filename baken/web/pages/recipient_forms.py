"""Forms about whom to invite."""

from collections.abc import Sequence
from typing import Any, Self

from wtforms import BooleanField, FileField, HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from baken.survey.campaigns.models import Campaign
from baken.survey.invitations.models import Recipient
from baken.survey.invitations.queries import Named
from baken.survey.invitations.reading import clean
from baken.survey.invitations.rules import LONGEST_ADDRESS, LONGEST_NAME, Entry
from baken.web.body import Upload
from baken.web.forms import BackOfficeForm
from baken.web.languages import name_of
from baken.web.pages.fields import FileChosen, line, option
from baken.web.pages.recipient_views import digest_of


class ListForm(BackOfficeForm):
    """A file with addresses."""

    file = FileField("invitations.file", [FileChosen()], description="invitations.file_hint")
    chosen: Upload | None = None


class RecipientForm(BackOfficeForm):
    """One person to invite."""

    name = line("invitations.name", length=LONGEST_NAME)
    address = TextAreaField(
        "invitations.address",
        [DataRequired(), Length(max=LONGEST_ADDRESS)],
        description="invitations.address_hint",
        render_kw={"rows": 3},
    )
    unit = SelectField("invitations.unit", [InputRequired()])
    spoken = SelectField("invitations.language", [InputRequired()])
    # Left out where codes carry no group; where they do, the list is held against the groups.
    group = SelectField("invitations.group", validate_choice=False)
    is_newcomer = BooleanField(
        "invitations.is_newcomer", description="invitations.is_newcomer_hint"
    )
    seen = HiddenField()
    ask_group = False

    def offer(self, campaign: Campaign, units: Sequence[Named], language: str) -> Self:
        """Fill in what there is to choose."""
        first = option("", "invitations.choose")
        known: Any = self.unit
        known.choices = [first, *(option(unit.key, unit.name) for unit in units if unit.people)]
        languages: Any = self.spoken
        languages.choices = [option(code, name_of(code)) for code in campaign.languages]
        bands = campaign.stratum["bands"] if campaign.stratum else []
        groups: Any = self.group
        groups.choices = [first] if not bands else []
        groups.choices += [
            option(band["key"], band["names"].get(language) or band["key"]) for band in bands
        ]
        self.ask_group = bool(bands)
        groups.flags.required = self.ask_group
        return self

    @classmethod
    def of(cls, row: Recipient, language: str) -> Self:
        """The form, filled with what is known."""
        return cls.blank(
            language,
            {
                "name": row.name,
                "address": row.address,
                "unit": row.unit,
                "spoken": row.language,
                "group": row.stratum or "",
                "seen": digest_of(row),
            },
        )

    def entry(self, units: Sequence[Named]) -> Entry:
        """What was typed, as a line of a list would say it."""
        chosen = next((unit for unit in units if unit.key == self.unit.data), None)
        return Entry(
            line=1,
            name=clean(self.name.data or "").replace("\n", " "),
            address=clean(self.address.data or ""),
            unit=(chosen.number or chosen.name) if chosen else "",
            language=str(self.spoken.data or ""),
            group=str(self.group.data or ""),
        )


class ReminderForm(BackOfficeForm):
    """Whether another reminder was agreed."""

    is_agreed = BooleanField("invitations.is_agreed")
