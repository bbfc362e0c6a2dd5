"""What is asked of a stack: its group, its language, and how many forms were counted by hand."""

from typing import Any, Final

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, NumberRange

from baken.survey.campaigns.models import Campaign
from baken.survey.disclosure.tree import ROOT
from baken.web.forms import BackOfficeForm
from baken.web.languages import name_of
from baken.web.pages.fields import HintSays, WholeField, line, option
from baken.web.pages.paper_entry_views import unit_names
from baken.web.texts import catalogue

MOST_FORMS: Final = 2_000
MOST_SIGNS: Final = 20  # of an imprint that was typed with spaces


class BatchForm(BackOfficeForm):
    """A stack that was counted by hand."""

    unit = SelectField("paper_entry.unit", [InputRequired()], description="paper_entry.unit_hint")
    spoken = SelectField("paper_entry.language", [InputRequired()])
    counted = WholeField(
        "paper_entry.counted",
        [InputRequired(), NumberRange(min=1, max=MOST_FORMS)],
        description="paper_entry.counted_hint",
    )
    imprint = line(
        "paper_entry.imprint",
        length=MOST_SIGNS,
        hint="paper_entry.imprint_hint",
        required=False,
        more=(HintSays(),),
    )
    is_scanned = BooleanField(
        "paper_scans.is_scanned",
        false_values=("", "false"),
        description="paper_scans.is_scanned_hint",
    )
    is_another = BooleanField("paper_entry.is_another", false_values=("", "false"))
    ask_another = False

    def offer(self, campaign: Campaign, *, has_imprint: bool) -> "BatchForm":
        """Fill in the units and languages of a campaign; ask for what stands at the foot, if so."""
        units: Any = self.unit
        units.choices = [
            option("", "codes.choose"),
            *(option(key, name) for key, name in _stackable(campaign, self.language).items()),
        ]
        languages: Any = self.spoken
        languages.choices = [option(code, name_of(code)) for code in campaign.languages]
        if not has_imprint:
            del self.imprint
        return self


class CountForm(BackOfficeForm):
    """A stack that is counted again."""

    counted = WholeField(
        "paper_entry.counted_again",
        [InputRequired(), NumberRange(min=1, max=MOST_FORMS)],
        description="paper_entry.counted_again_hint",
    )


def _stackable(campaign: Campaign, language: str) -> dict[str, str]:
    """Units a stack can be of; a single top unit stands for the whole organisation itself."""
    names = unit_names(campaign, catalogue(language))
    if campaign.tree.root_key is not None:
        names.pop(ROOT)
    return names
