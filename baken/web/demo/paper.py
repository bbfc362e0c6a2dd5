"""Paper in the survey that runs: a sitting, forms that were sealed, and a stack under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Actor, Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.sheet import Sheet
from baken.survey.campaigns.channels import Way as Reached
from baken.survey.paper.batches import BatchPlan, finish_entry, open_batch
from baken.survey.paper.keying import Typed, key_second, key_sheet
from baken.survey.paper.keystrokes import in_order
from baken.survey.paper.rules import Way
from baken.survey.paper.sealing import seal_batch
from baken.survey.paper.sittings.actions import (
    HandCount,
    SittingPlan,
    count_sitting,
    plan_sitting,
    sign_sitting,
)
from baken.survey.paper.sittings.exchanging import exchange_slip
from baken.survey.paper.sittings.models import Kind
from baken.web.demo.organisation import House
from baken.web.demo.respondents import Crowd

KITCHEN: Final = "HK-1"
CLEANING: Final = "HK-2"
LANGUAGE: Final = "nl"
_SITTING_AFTER: Final = timedelta(days=3)
_WITNESS: Final = "Wim Gefingeerd"


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """Those who work with paper in a survey: one leads and types, the other checks and seals."""

    database: Database
    keys: KeyStore
    house: House
    campaign_id: UUID
    instrument: Instrument

    @property
    def leader(self) -> Actor:
        return self.house.people[Role.PREVENTION_ADVISER]

    @property
    def adviser(self) -> Actor:
        return self.house.people[Role.ADVISER]

    def plan(self, kind: Kind, unit: str, place: str, on: date) -> UUID:
        plan = SittingPlan(kind, on, place, self.leader.name, (self._key(unit),), (LANGUAGE,))
        made = self._write(plan_sitting, self.campaign_id, plan, by=self.leader)
        return UUID(str(made.id))

    def hold(self, sitting_id: UUID, unit: str, codes: Sequence[str], empty: int, on: date) -> None:
        """Exchange slips, count the forms before a witness, and sign."""
        for code in codes:
            self._write(exchange_slip, self.keys, sitting_id, code, by=self.leader, today=on)
        counted = {self._key(unit): HandCount(len(codes), len(codes), empty)}
        view = self._write(
            count_sitting, sitting_id, counted, destroyed=0, remarks="", seen=1, by=self.leader
        )
        self._write(
            sign_sitting, sitting_id, witness=_WITNESS, seen=view.version, by=self.leader, today=on
        )

    def begin(self, unit: str, sheets: Sequence[Sheet], counted: int, on: date) -> UUID:
        """Start a stack and type these forms of it."""
        plan = BatchPlan(self._key(unit), LANGUAGE, Way.KEYED, counted)
        batch = self._write(open_batch, self.keys, self.campaign_id, plan, by=self.leader, today=on)
        for place, typed in enumerate(self._typed(unit, sheets), start=1):
            self._write(key_sheet, self.keys, batch.id, place, typed, by=self.leader, today=on)
        return UUID(str(batch.id))

    def finish(self, batch_id: UUID, unit: str, sheets: Sequence[Sheet], on: date) -> None:
        """Type the forms a second time and seal them."""
        n = len(sheets)
        self._write(finish_entry, self.keys, batch_id, counted=n, by=self.leader, today=on)
        for place, typed in enumerate(self._typed(unit, sheets), start=1):
            self._write(key_second, self.keys, batch_id, place, typed, by=self.adviser, today=on)
        seal_batch(self.database, self.keys, batch_id, by=self.adviser, today=on)

    def _typed(self, unit: str, sheets: Sequence[Sheet]) -> list[Typed]:
        def named(kind: Any, values: Sequence[Any]) -> dict[str, Any]:
            return dict(zip(in_order(self.instrument, kind), values, strict=True))

        return [
            Typed(
                self._key(unit),
                LANGUAGE,
                named("answers", sheet.answers),
                named("backgrounds", sheet.backgrounds),
                named("comments", sheet.comments),
            )
            for sheet in sheets
        ]

    def _key(self, unit: str) -> str:
        return str(self.house.units[unit])

    def _write(self, action: Any, *arguments: Any, **named: Any) -> Any:
        with self.database.session(self.house.id) as session:
            return action(session, *arguments, **named)


def ways(house: House) -> dict[str, list[str]]:
    """Who answers on paper beside cards: the kitchen in a sitting, cleaning by an urn."""
    return {
        str(house.units[KITCHEN]): [Reached.CARDS.value, Reached.SITTING.value],
        str(house.units[CLEANING]): [Reached.CARDS.value, Reached.PAPER.value],
    }


def answer_on_paper(
    desk: PaperDesk,
    codes: dict[str, list[str]],
    crowd: Crowd,
    *,
    opens_on: date,
    today: date,
) -> None:
    """Hold a sitting and seal its forms, empty an urn, and leave a stack half typed today."""
    on = opens_on + _SITTING_AFTER
    slips = [codes[KITCHEN].pop() for _ in range(11)]
    sitting = desk.plan(Kind.SITTING, KITCHEN, "Refter", on)
    desk.hold(sitting, KITCHEN, slips, 1, on)
    sheets = crowd.draw(KITCHEN, len(slips) - 1)
    desk.finish(desk.begin(KITCHEN, sheets, len(sheets), on), KITCHEN, sheets, on)

    yesterday = today - timedelta(days=1)
    slips = [codes[CLEANING].pop() for _ in range(10)]
    urn = desk.plan(Kind.URN, CLEANING, "Bus aan de linnenkamer", yesterday)
    desk.hold(urn, CLEANING, slips, 0, yesterday)
    desk.begin(CLEANING, crowd.draw(CLEANING, 3), len(slips), today)
    desk.plan(Kind.SITTING, KITCHEN, "Vergaderzaal keuken", today + timedelta(days=1))
