"""Where an organisation stands in its cycle, read from what there is."""

from collections.abc import Collection
from enum import StrEnum

from baken.actionplan.plans.rules import IN_THE_MAKING, PlanState
from baken.survey.campaigns.rules import AFTER_OPENING, CampaignState

_ASKING = frozenset({CampaignState.RUNNING, CampaignState.CLOSED})


class Phase(StrEnum):
    """The five verbs of the cycle."""

    EXPLORE = "explore"
    ASK = "ask"
    UNDERSTAND = "understand"
    PLAN = "plan"
    FOLLOW_UP = "follow_up"


def phase_of(campaigns: Collection[CampaignState], plans: Collection[PlanState]) -> Phase:
    """Return the phase that asks most of people now.

    Whoever asks is asking, whatever else goes on. Otherwise a plan in the making comes before
    one that is carried out, and answers without any plan are to be understood first.
    """
    if not _ASKING.isdisjoint(campaigns):
        return Phase.ASK
    if not IN_THE_MAKING.isdisjoint(plans):
        return Phase.PLAN
    if PlanState.ADOPTED in plans:
        return Phase.FOLLOW_UP
    if not AFTER_OPENING.isdisjoint(campaigns):
        return Phase.UNDERSTAND
    return Phase.ASK if CampaignState.DRAFT in campaigns else Phase.EXPLORE
