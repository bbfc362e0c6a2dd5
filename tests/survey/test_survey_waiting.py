"""What waits in the life of a campaign, and for whom."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from baken.organisation.permissions import Actor, Role
from baken.survey.campaigns.rules import CampaignState
from baken.survey.waiting import CampaignFacts, list_facts, list_waiting

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
ADVISERS = {Role.ADVISER, Role.PREVENTION_ADVISER}


def facts(state: CampaignState, **more: Any) -> CampaignFacts:
    return CampaignFacts(
        id=uuid4(),
        title="Voorjaar",
        state=state,
        **{"opens_on": TODAY, "closes_on": TODAY + 20 * DAY, **more},
    )


# What a campaign is, what waits, by or since when, and for whom.
STEPS: list[tuple[CampaignFacts, str, date | None, date | None, set[Role]]] = [
    (facts(CampaignState.DRAFT), "launch", TODAY, None, ADVISERS),
    (
        facts(CampaignState.RUNNING, closes_on=TODAY + 7 * DAY),
        "campaign_ends",
        TODAY + 7 * DAY,
        None,
        ADVISERS,
    ),
    (facts(CampaignState.RUNNING, closes_on=TODAY + 8 * DAY), "", None, None, set()),
    (facts(CampaignState.RUNNING, closes_on=TODAY), "campaign_ends", TODAY, None, ADVISERS),
    (facts(CampaignState.RUNNING, closes_on=TODAY - DAY), "close", None, TODAY, ADVISERS),
    (facts(CampaignState.CLOSED, closes_on=TODAY), "", None, None, set()),
    (
        facts(CampaignState.CLOSED, closes_on=TODAY - DAY, closed_on=TODAY - 5 * DAY),
        "open",
        None,
        TODAY,
        {Role.ADVISER},
    ),
    (
        facts(CampaignState.BACKED_UP, copies_expire_on=TODAY),
        "key_copies",
        TODAY,
        None,
        {Role.ADMINISTRATOR},
    ),
    (facts(CampaignState.SHREDDED, copies_expire_on=TODAY - DAY), "", None, None, set()),
]


def test_each_step_waits_for_whoever_may_take_it(stage: Any) -> None:
    people: dict[Role, Actor] = stage.client.people
    with stage.database.read(stage.client.id) as session:
        for campaign, kind, due_on, since_on, roles in STEPS:
            found = {
                role: list_waiting(session, [campaign], by=actor, today=TODAY)
                for role, actor in people.items()
            }
            assert {role for role, each in found.items() if each} == roles, campaign
            for role in roles:
                ((waiting),) = found[role]
                assert (waiting.kind, waiting.due_on, waiting.since_on) == (kind, due_on, since_on)
                assert waiting.what == "Voorjaar"
                assert waiting.path.startswith("/campaigns/")


def test_the_facts_of_a_campaign_come_without_its_units(stage: Any) -> None:
    with stage.database.read(stage.client.id) as session:
        assert list_facts(session) == ()
