"""Forms of a sitting: the plan, the counts by hand, the witness."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from baken.survey.campaigns.models import Campaign
from baken.survey.paper.sittings.actions import HandCount, SittingPlan
from baken.survey.paper.sittings.models import Kind
from baken.survey.paper.sittings.queries import SittingView
from baken.survey.paper.sittings.rules import Counts
from baken.web.languages import name_of
from baken.web.pages.campaign_charter import unix_lines
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.fields import day, line, option, whole

MOST_FORMS: Final = 99_999


class PlanForm(VersionedForm):
    """Where and when slips are exchanged, and for whom."""

    kind = RadioField(
        "paper_sittings.kind",
        [InputRequired()],
        choices=[option(kind.value, f"paper_sittings.kind_{kind}") for kind in Kind],
    )
    held_on = day("paper_sittings.held_on")
    place = line("paper_sittings.place", length=200, hint="paper_sittings.place_hint")
    leader = line("paper_sittings.leader", length=200, hint="paper_sittings.leader_hint")
    units = SelectMultipleField(
        "paper_sittings.units", [InputRequired("paper_sittings.units_missing")]
    )
    languages = SelectMultipleField(
        "paper_sittings.languages", [InputRequired("paper_sittings.languages_missing")]
    )

    def offer(self, campaign: Campaign) -> "PlanForm":
        """Fill in what there is to choose: units with people, languages of the survey."""
        units: Any = self.units
        units.choices = [
            option(unit["key"], unit["name"])
            for unit in campaign.unit_tree or []
            if unit["headcount"]
        ]
        languages: Any = self.languages
        languages.choices = [option(code, name_of(code)) for code in campaign.languages]
        return self

    def plan(self) -> SittingPlan:
        """What was filled in."""
        return SittingPlan(
            kind=Kind(self["kind"].data),
            held_on=self["held_on"].data,
            place=str(self["place"].data),
            leader=str(self["leader"].data),
            units=tuple(self["units"].data),
            languages=tuple(self["languages"].data),
        )


class CountForm(VersionedForm):
    """What was counted by hand; fields are added for every unit of the sitting."""

    destroyed = whole(
        "paper_sittings.destroyed", low=0, high=MOST_FORMS, hint="paper_sittings.destroyed_hint"
    )
    remarks = TextAreaField(
        "paper_sittings.remarks",
        [Optional(), Length(max=1000)],
        filters=[unix_lines],
        description="paper_sittings.remarks_hint",
    )
    is_right = BooleanField("paper_sittings.is_right", false_values=("", "false"))
    ask_right = False  # whether a number was so high that the page asks back

    def counted(self, counts: Sequence[Counts], *, is_urn: bool) -> dict[str, HandCount]:
        """Unit to what was counted; by post or urn one number stands for what came in."""
        found = {}
        for i, one in enumerate(counts):
            returned = int(self[f"returned_{i}"].data)
            if is_urn:
                found[one.unit] = HandCount(returned, returned, 0)
            else:
                handed_out, empty = self[f"handed_out_{i}"].data, self[f"empty_{i}"].data
                found[one.unit] = HandCount(int(handed_out), returned, int(empty))
        return found


class WitnessForm(VersionedForm):
    """Who watched, and signed on paper."""

    witness = line("paper_sittings.witness", length=200, hint="paper_sittings.witness_hint")


def count_form(view: SittingView) -> type[CountForm]:
    """Make the form with the fields of every unit of a sitting."""
    is_urn = view.kind is Kind.URN
    names = ("returned",) if is_urn else ("handed_out", "returned", "empty")
    # An urn asks what lies on the pile; a sitting destroys no envelope.
    fields: dict[str, Any] = {
        f"{name}_{i}": whole(
            f"paper_sittings.{'piled' if is_urn else name}", low=0, high=MOST_FORMS
        )
        for i in range(len(view.counts))
        for name in names
    }
    if not is_urn:
        fields["destroyed"] = None
    return type("CountFormOf", (CountForm,), fields)


def known_counts(view: SittingView) -> dict[str, Any]:
    """The numbers that stand in the form: nothing before anybody has counted."""
    found: dict[str, Any] = {"version": view.version, "remarks": view.remarks}
    found["destroyed"] = view.destroyed if view.is_counted else None
    if view.is_counted:
        for i, one in enumerate(view.counts):
            found |= {
                f"handed_out_{i}": one.handed_out,
                f"returned_{i}": one.returned,
                f"empty_{i}": one.empty,
            }
    return found
