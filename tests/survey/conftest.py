"""A stage for campaigns: units, an instrument, codes and sheets, all made by the real actions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from baken.instruments.definition import (
    AnswerFormat,
    Background,
    Instrument,
    Item,
    OpenQuestion,
    Scale,
)
from baken.organisation.models import Headcount, Unit, UnitKind
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.box.sheet import Sheet
from baken.survey.box.steps import open_campaign
from baken.survey.box.writer import Writer
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.actions import print_codes
from baken.survey.codes.symbols import read_code
from tests.agreed import agree

N_ITEMS = 8
AGREE = AnswerFormat("agree", 1, 5)


def make_instrument(*, open_questions: bool = True, backgrounds: bool = True) -> Instrument:
    items = tuple(
        Item(f"q{number}", AGREE, "pace", False, "A2", not_applicable=number == 0)
        for number in range(N_ITEMS)
    )
    return Instrument(
        key="stage",
        version="1",
        kind="questionnaire",
        languages=("nl", "fr"),
        dimensions=("A2",),
        formats=(AGREE,),
        items=items,
        scales=(Scale("pace", "A2", tuple(item.code for item in items), "risk"),),
        backgrounds=(Background("age", ("-35", "35-50", "50+")),) if backgrounds else (),
        open_questions=(OpenQuestion("more", 300),) if open_questions else (),
        texts={},
        source="made for the tests",
        licence="CC0",
        fingerprint=f"{open_questions}{backgrounds}".ljust(64, "0"),
    )


@dataclass
class Stage:
    """One organisation in which campaigns are run."""

    database: Database
    keys: KeyStore
    client: Any
    backups: Path
    today: date = date(2026, 3, 2)
    instrument: Instrument = field(default_factory=make_instrument)
    unit_of: dict[str, str] = field(default_factory=dict)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.database, self.keys)

    @property
    def opening_day(self) -> date:
        """The first day on which a campaign that starts today may be opened."""
        return self.today + timedelta(days=22)

    def add_units(self, units: Mapping[str, tuple[str | None, int | None]]) -> None:
        """Name to (name of the parent, people attached directly)."""
        with self.database.session(self.client.id) as session:
            for position, (name, (parent, people)) in enumerate(units.items()):
                row = Unit(
                    parent_id=UUID(self.unit_of[parent]) if parent else None,
                    kind=UnitKind.TEAM,
                    number=name,
                    name=name,
                    position=position,
                    from_on=date(2020, 1, 1),
                )
                session.add(row)
                session.flush()
                self.unit_of[name] = str(row.id)
                if people is not None:
                    session.add(Headcount(unit_id=row.id, from_on=date(2020, 1, 1), people=people))

    def plan(self, **changes: Any) -> CampaignPlan:
        values: dict[str, Any] = {
            "title": "Hoe gaat het op het werk?",
            "languages": ("nl", "fr"),
            "opens_on": self.today,
            "closes_on": self.opening_day - timedelta(days=1),
            "background_headcounts": {"age": {"-35": 60, "35-50": 60, "50+": 60}},
            "adviser_name": "A. Adviseur",
            "key_holder": "Externe dienst",
            "contact": "vertrouwenspersoon@voorbeeld.invalid",
        }
        return CampaignPlan(**(values | changes))

    def create(self, **changes: Any) -> UUID:
        with self.database.session(self.client.id) as session:
            plan = self.plan(**changes)
            campaign_id = create_campaign(session, self.instrument, plan, by=self.client.adviser).id
            agree(session, campaign_id, by=self.client.adviser)
            return campaign_id

    def launch(self, **changes: Any) -> UUID:
        campaign_id = self.create(**changes)
        with self.database.session(self.client.id) as session:
            launch_campaign(
                session,
                self.keys,
                campaign_id,
                self.instrument,
                by=self.client.adviser,
                today=self.today,
            )
        return campaign_id

    def codes(self, campaign_id: UUID) -> dict[str, list[str]]:
        """Name of the unit to its codes."""
        with self.database.session(self.client.id) as session:
            cards = print_codes(session, self.keys, campaign_id, by=self.client.adviser)
        return {card.name: [read_code(code) for code in card.codes] for card in cards}

    def sheet(self, number: int = 0, **changes: Any) -> Sheet:
        """A sheet from which `number` (below 390,625) can be read back."""
        values: dict[str, Any] = {
            "language": "nl",
            "answers": tuple(number // 5**place % 5 for place in range(N_ITEMS)),
            "backgrounds": (number % 3,) if self.instrument.backgrounds else (),
            "comments": ("",) if self.instrument.open_questions else (),
        }
        return Sheet(**(values | changes))

    def submit(self, campaign_id: UUID, code: str, sheet: Sheet) -> Any:
        return self.writer.submit(self.client.id, campaign_id, code, sheet, today=self.today)

    def close(self, campaign_id: UUID) -> None:
        with self.database.session(self.client.id) as session:
            close_campaign(session, campaign_id, by=self.client.adviser, today=self.today)

    def open(self, campaign_id: UUID, *, days_later: int = 0) -> CampaignState:
        return open_campaign(
            self.database,
            self.keys,
            self.backups,
            campaign_id,
            by=self.client.adviser,
            today=self.opening_day + timedelta(days=days_later),
        )


@pytest.fixture
def stage(database: Database, keys: KeyStore, organisation: Any, tmp_path: Path) -> Iterator[Stage]:
    """An organisation with a department of three teams, one of them small, and a workshop."""
    made = Stage(database, keys, organisation, tmp_path / "backups")
    made.add_units(
        {
            "Organisation": (None, 0),
            "Care": ("Organisation", None),
            "Team A": ("Care", 12),
            "Team B": ("Care", 11),
            "Team C": ("Care", 3),
            "Workshop": ("Organisation", 10),
        }
    )
    yield made
    made.writer.stop()
