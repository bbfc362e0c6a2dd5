"""Where an organisation stands in its cycle, read from what there is."""

from collections.abc import Collection
from enum import StrEnum

from baken.actionplan.plans.rules import IN_THE_MAKING, PlanState
from baken.actionplan.talks.rules import TalkState
from baken.survey.campaigns.rules import AFTER_OPENING, CampaignState
from baken.survey.screening.rules import SheetState

_TOLD = frozenset({TalkState.HELD, TalkState.READ_BACK, TalkState.APPROVED})
_ASKING = frozenset({CampaignState.RUNNING, CampaignState.CLOSED})


class Phase(StrEnum):
    """The five verbs of the cycle."""

    EXPLORE = "explore"
    ASK = "ask"
    UNDERSTAND = "understand"
    PLAN = "plan"
    FOLLOW_UP = "follow_up"


class Ground(StrEnum):
    """What an organisation goes by: answers of a survey, talks, or alert lights."""

    ANSWERS = "answers"
    TALKS = "talks"
    LIGHTS = "lights"


def phase_of(
    campaigns: Collection[CampaignState],
    plans: Collection[PlanState],
    *,
    talks: Collection[TalkState] = (),
    sheets: Collection[SheetState] = (),
) -> tuple[Phase, Ground]:
    """Return the phase that asks most of people now, and what it goes by.

    Whoever asks is asking, whatever else goes on. Otherwise a plan in the making comes before
    one that is carried out, and answers without any plan are to be understood first. The law
    imposes no method: whoever only talks, or only fills in alert lights, stands in the cycle too.
    """
    if not _ASKING.isdisjoint(campaigns):
        return Phase.ASK, Ground.ANSWERS
    if not IN_THE_MAKING.isdisjoint(plans):
        return Phase.PLAN, Ground.ANSWERS
    if PlanState.ADOPTED in plans:
        return Phase.FOLLOW_UP, Ground.ANSWERS
    return _before_plans(campaigns, talks, sheets)


def _before_plans(
    campaigns: Collection[CampaignState],
    talks: Collection[TalkState],
    sheets: Collection[SheetState],
) -> tuple[Phase, Ground]:
    stands = (
        (not AFTER_OPENING.isdisjoint(campaigns), Phase.UNDERSTAND, Ground.ANSWERS),
        (not _TOLD.isdisjoint(talks), Phase.UNDERSTAND, Ground.TALKS),
        (CampaignState.DRAFT in campaigns, Phase.ASK, Ground.ANSWERS),
        (TalkState.PLANNED in talks, Phase.ASK, Ground.TALKS),
        (SheetState.AGREED in sheets, Phase.UNDERSTAND, Ground.LIGHTS),
        (SheetState.DRAFT in sheets, Phase.EXPLORE, Ground.LIGHTS),
    )
    found = ((phase, ground) for holds, phase, ground in stands if holds)
    return next(found, (Phase.EXPLORE, Ground.ANSWERS))
