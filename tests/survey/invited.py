"""A campaign with an address list: two teams by mail, a workshop by letter, the rest on cards."""

from typing import Any
from uuid import UUID

from baken.survey.campaigns.queries import get_campaign
from baken.survey.invitations.actions import take_list
from tests.agreed import agree
from tests.survey.conftest import Stage

WORDS = {
    language: {
        "subject": "Hoe gaat het? ({closes_on})",
        "body": "Dag {name}\n\n{link}\n\n{code}\n\nTot {closes_on}.",
    }
    for language in ("nl", "fr")
}


def draft(stage: Stage, people: dict[str, int], *, tag: str = "a", **changes: Any) -> UUID:
    """Make a draft in which so many people of each unit are invited by mail."""
    ways = {stage.unit_of[name]: ["mail", "letter", "cards"] for name in people}
    campaign_id = stage.create(
        channels=ways,
        invitation=WORDS,
        employer_signatory="E. Example, director",
        committee_signatory="W. Example, secretary",
        **changes,
    )
    lines = ["name,address,unit,language"]
    lines += [
        f"P {n},{tag}-{n}-{name.replace(' ', '').lower()}@voorbeeld.example,{name},"
        for name, count in people.items()
        for n in range(count)
    ]
    with stage.database.session(stage.client.id) as session:
        listing = take_list(
            session,
            stage.keys,
            campaign_id,
            "\n".join(lines).encode(),
            by=stage.client.adviser,
            today=stage.today,
        )
        assert listing.problems == ()
        agree(session, campaign_id, by=stage.client.adviser)
    return campaign_id


def issued(stage: Stage, campaign_id: UUID) -> dict[str, int]:
    """Name of a unit to the codes that count, as results would count them."""
    with stage.database.read(stage.client.id) as session:
        tree = get_campaign(session, campaign_id).tree
        return {tree.name(key): tree.headcount(key) or 0 for key in tree.units}
