"""A survey that was launched counts with the units of its launch, whatever becomes of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from baken.organisation.structure import changes
from baken.organisation.structure.actions import change_units
from baken.organisation.structure.history import UnitKind
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.trees import get_frozen
from baken.survey.codes.models import Code


def kept(stage, campaign_id):
    """What a launch froze, and the number of people of each unit."""
    with stage.database.read(stage.client.id) as session:
        campaign = session.get_one(Campaign, campaign_id)
        units = sorted(session.scalars(select(Code.unit).where(Code.campaign_id == campaign_id)))
        return campaign.unit_tree, campaign.tree_sha256, campaign.has_intact_tree, units


def test_units_change_and_the_survey_does_not(stage):
    stage.add_units({"Huis": (None, None), "A": ("Huis", 30), "B": ("Huis", 30), "C": ("Huis", 30)})
    campaign_id = stage.launch(background_headcounts={"age": {"-35": 30, "35-50": 30, "50+": 30}})
    before = kept(stage, campaign_id)
    ids = {name: UUID(key) for name, key in stage.unit_of.items()}
    later = stage.today + timedelta(days=1)
    fields = changes.UnitFields("AB", "A en B", UnitKind.TEAM)
    for change in (
        changes.Merge(later, (ids["A"], ids["B"]), fields, 60),
        changes.Split(later, ids["C"], (changes.Part("C", "C1", 10), changes.Part("D", "C2", 20))),
        changes.SetCount(later, ids["Huis"], 7),
    ):
        with stage.database.session(stage.client.id) as session:
            change_units(
                session,
                change,
                by=stage.client.administrator,
                today=later,
                now=datetime(2026, 3, 3, 9, tzinfo=UTC),
                frozen=get_frozen(session),
            )
    assert kept(stage, campaign_id) == before
    with stage.database.read(stage.client.id) as session:
        frozen = get_frozen(session)
    assert frozen.until_on == stage.today
    assert frozen.unit_ids == frozenset(ids.values())
