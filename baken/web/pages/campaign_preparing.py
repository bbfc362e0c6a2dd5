"""The list beside every page of the preparation: what is done, what still stands in the way."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.box.actions import list_launch_obstacles
from baken.survey.campaigns.actions import CampaignPlan, edit_campaign
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import check_is_draft
from baken.survey.errors import CannotLaunch
from baken.survey.library.queries import get_instrument
from baken.web.languages import name_of
from baken.web.pages.campaign_forms import texts_of
from baken.web.pages.campaign_views import CampaignRow


class Step(StrEnum):
    """A page of the preparation; in this order they are offered, in any order they are filled."""

    BASIS = "basis"
    PROMISE = "promise"
    CHARTER = "charter"
    QUESTIONNAIRE = "questionnaire"
    UNITS = "units"
    REACH = "reach"
    BACKGROUND = "background"
    STRATUM = "stratum"
    CHANNELS = "channels"
    INVITATION = "invitation"
    AGREEMENT = "agreement"
    LAUNCH = "launch"


_PATHS: Final = {Step.BASIS: "edit", Step.LAUNCH: "launch"}

# Where an obstacle is taken away; the last words of its key begin with one of these.
_CLEARED_AT: Final = (
    ("charter_missing", Step.CHARTER),
    ("charter_unwritten", Step.CHARTER),
    ("charter_", Step.AGREEMENT),
    ("names", Step.PROMISE),
    ("min_group", Step.PROMISE),
    ("closing_passed", Step.BASIS),
    ("dates_reversed", Step.BASIS),
    ("no_units", Step.UNITS),
    ("headcount_unknown", Step.UNITS),
    ("too_few_people", Step.UNITS),
    ("band", Step.BACKGROUND),
    ("backgrounds", Step.QUESTIONNAIRE),
    ("stratum_", Step.STRATUM),
    ("paper_", Step.CHANNELS),
    ("invitation_", Step.INVITATION),
    ("instrument_changed", Step.QUESTIONNAIRE),
    ("no_language", Step.QUESTIONNAIRE),
    ("language_missing", Step.QUESTIONNAIRE),
    ("open_questions", Step.QUESTIONNAIRE),
    ("structure_only", Step.QUESTIONNAIRE),
)
# Pages that only show something.
_SHOWS: Final = frozenset({Step.REACH, Step.LAUNCH})


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the list."""

    key: Step
    path: str
    state: Literal["done", "stuck", "free", "shows"]
    is_here: bool


@dataclass(frozen=True, slots=True)
class ObstacleRow:
    """What stands in the way, and the page that takes it away; empty where none does."""

    key: str
    values: dict[str, object]
    sentence: str
    path: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """A draft with everything that its pages have in common."""

    campaign: Campaign
    instrument: Instrument
    obstacles: tuple[CannotLaunch, ...]
    here: Step
    language: str

    @property
    def context(self) -> dict[str, Any]:
        """What every page of the preparation shows."""
        return {
            "campaign": CampaignRow.of(self.campaign),
            "steps": self._steps(),
            "here": self.here,
            "obstacles": self.rows(self.here),
        }

    def rows(self, step: Step | None = None) -> tuple[ObstacleRow, ...]:
        """The obstacles in words: all of them, or those that one page takes away."""
        return tuple(
            ObstacleRow(one.key, self._named(one), str(one), path_of(self.campaign.id, cleared))
            for one in self.obstacles
            if (cleared := cleared_at(one)) is step or step is None
        )

    def _named(self, obstacle: CannotLaunch) -> dict[str, object]:
        """The values of a sentence; languages, questions and bands by what people read."""
        values: dict[str, object] = dict(obstacle.values)
        if "language" in values:
            values["language"] = name_of(str(values["language"]))
        if "question" in values:
            texts = texts_of(self.instrument, self.language)
            key = str(values["question"])
            values["question"] = texts.backgrounds[key]
            if "band" in values:
                values["band"] = texts.bands[key][values["band"]]
        elif "band" in values:
            values["band"] = self._group(str(values["band"]))
        return values

    def _group(self, name: str) -> str:
        """A group of the category in the reader's language, where it has a name in that."""
        bands = self.campaign.stratum["bands"] if self.campaign.stratum else []
        names = next((band["names"] for band in bands if name in band["names"].values()), {})
        return names.get(self.language) or name

    def following(self) -> str:
        """The page after this one."""
        order = list(Step)
        return path_of(self.campaign.id, order[min(order.index(self.here) + 1, len(order) - 1)])

    def _steps(self) -> tuple[StepRow, ...]:
        stuck = Counter(cleared_at(one) for one in self.obstacles)
        free = {
            Step.STRATUM: self.campaign.stratum is None,
            Step.CHANNELS: not self.campaign.channels,
            Step.INVITATION: not self.campaign.invitation,
            Step.BACKGROUND: not self.instrument.backgrounds,
        }

        def state(step: Step) -> Literal["done", "stuck", "free", "shows"]:
            if step in _SHOWS:
                return "shows"
            if stuck[step] or (step is Step.AGREEMENT and stuck[Step.CHARTER]):
                return "stuck"
            return "free" if free.get(step) else "done"

        return tuple(
            StepRow(step, path_of(self.campaign.id, step), state(step), step is self.here)
            for step in Step
        )


def prepare(
    session: Session, campaign_id: UUID, here: Step, *, today: date, language: str
) -> Preparation:
    """Look at a draft from one of its pages; raise once it was launched."""
    campaign = get_campaign(session, campaign_id)
    check_is_draft(campaign.state)
    instrument = get_instrument(session, campaign.instrument_key, campaign.instrument_version)
    found = list_launch_obstacles(session, campaign_id, instrument, today=today)
    return Preparation(campaign, instrument, tuple(found), here, language)


def save_part(
    session: Session,
    campaign_id: UUID,
    *,
    seen: int,
    by: Actor,
    instrument: Instrument | None = None,
    public_name: str | None = None,
    **values: Any,
) -> None:
    """Keep what one page of the preparation is about; everything else stays as it is."""
    plan = replace(CampaignPlan.of(get_campaign(session, campaign_id)), **values)
    edit_campaign(
        session,
        campaign_id,
        plan,
        seen=seen,
        by=by,
        public_name=public_name,
        instrument=instrument,
    )


def cleared_at(obstacle: CannotLaunch) -> Step | None:
    """Which page takes an obstacle away; None when it is no page of the preparation."""
    name = obstacle.key.removeprefix("survey.launch_")
    return next((step for start, step in _CLEARED_AT if name.startswith(start)), None)


def path_of(campaign_id: UUID, step: Step | None) -> str:
    """The address of a page, below the organisation; empty for none."""
    if step is None:
        return ""
    return f"/campaigns/{campaign_id}/{_PATHS.get(step) or f'prepare/{step}'}"
