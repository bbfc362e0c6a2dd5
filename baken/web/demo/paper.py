"""Paper in two surveys: an opened one, with handwriting, and one that runs, with work left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Actor, Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.sheet import Sheet
from baken.survey.campaigns.channels import Way as Reached
from baken.survey.paper.batches import BatchPlan, lock_batch, open_batch
from baken.survey.paper.content import Reading, SheetContent
from baken.survey.paper.destruction import Destruction, log_destruction
from baken.survey.paper.first_entry import key_sheet
from baken.survey.paper.keystrokes import in_order
from baken.survey.paper.progress import finish_entry
from baken.survey.paper.rules import Way
from baken.survey.paper.sealing import seal_batch
from baken.survey.paper.second_entry import key_second
from baken.survey.paper.sittings.actions import (
    HandCount,
    SittingPlan,
    count_sitting,
    plan_sitting,
    sign_sitting,
)
from baken.survey.paper.sittings.exchanging import exchange_slip
from baken.survey.paper.sittings.models import Kind
from baken.survey.paper.spool import batch_key, put_image
from baken.survey.paper.typed import Typed
from baken.survey.paper.waiting_sheets import add_sheet
from baken.web.demo.handwriting import write_by_hand
from baken.web.demo.organisation import House
from baken.web.demo.respondents import Crowd
from baken.web.demo.stories import say, spoken
from baken.web.demo.submitting import Answering

KITCHEN: Final = "HK-1"
CLEANING: Final = "HK-2"
_SITTING_AFTER: Final = timedelta(days=3)
_WITNESS: Final = "Wim Gefingeerd"
# Of which question whoever scores low takes paper sooner, and how much chance does beside that.
_LEANING, _CHANCE = "AUT1", 1.5


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """Those who work with paper in a survey: one leads, one types, one checks and seals."""

    database: Database
    keys: KeyStore
    house: House
    campaign_id: UUID
    instrument: Instrument

    @property
    def leader(self) -> Actor:
        return self.house.people[Role.PREVENTION_ADVISER]

    @property
    def clerk(self) -> Actor:
        return self.house.people[Role.CLERK]

    @property
    def adviser(self) -> Actor:
        return self.house.people[Role.ADVISER]

    def plan(self, kind: Kind, unit: str, place: str, on: date) -> UUID:
        plan = SittingPlan(kind, on, place, self.leader.name, (self._key(unit),), (spoken(),))
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
        plan = BatchPlan(self._key(unit), spoken(), Way.KEYED, counted)
        batch = self._write(open_batch, self.keys, self.campaign_id, plan, by=self.clerk, today=on)
        for place, typed in enumerate(self._typed(unit, sheets), start=1):
            self._write(key_sheet, self.keys, batch.id, place, typed, by=self.clerk, today=on)
        return UUID(str(batch.id))

    def scan(self, unit: str, sheets: Sequence[Sheet], on: date, rng: np.random.Generator) -> None:
        """Keep these forms as a scan without any doubt would, their comments as pictures; seal."""
        plan = BatchPlan(self._key(unit), spoken(), Way.SCANNED, len(sheets))
        batch = self._write(open_batch, self.keys, self.campaign_id, plan, by=self.leader, today=on)
        with self.database.session(self.house.id) as session:
            stack, key = lock_batch(session, batch.id), batch_key(self.keys, batch, today=on)
            for place, sheet in enumerate(sheets, start=1):
                written = {
                    one.key: put_image(session, key, batch.id, write_by_hand(text, rng))
                    for one, text in zip(
                        self.instrument.open_questions, sheet.comments, strict=True
                    )
                    if text
                }
                add_sheet(session, key, stack, self._read(place, unit, sheet, written))
        n = len(sheets)
        self._write(finish_entry, self.keys, batch.id, counted=n, by=self.leader, today=on)
        seal_batch(self.database, self.keys, batch.id, by=self.adviser, today=on)

    def destroy(self, on: date) -> None:
        """Write down that the paper is gone."""
        said = Destruction(on, say("Versnipperd in het archief"), _WITNESS)
        self._write(log_destruction, self.campaign_id, said, by=self.leader, today=on)

    def finish(self, batch_id: UUID, unit: str, sheets: Sequence[Sheet], on: date) -> None:
        """Type the forms a second time and seal them."""
        n = len(sheets)
        self._write(finish_entry, self.keys, batch_id, counted=n, by=self.clerk, today=on)
        for place, typed in enumerate(self._typed(unit, sheets), start=1):
            self._write(key_second, self.keys, batch_id, place, typed, by=self.adviser, today=on)
        seal_batch(self.database, self.keys, batch_id, by=self.adviser, today=on)

    def _read(self, place: int, unit: str, sheet: Sheet, written: dict[str, bytes]) -> SheetContent:
        def readings(kind: Any, values: Sequence[int]) -> dict[str, Reading]:
            names = in_order(self.instrument, kind)
            return {name: Reading(one) for name, one in zip(names, values, strict=True)}

        return SheetContent(
            place,
            Reading(self._key(unit)),
            Reading(spoken()),
            readings("answers", sheet.answers),
            readings("backgrounds", sheet.backgrounds),
            {one.key: Reading("") for one in self.instrument.open_questions},
            images=tuple(written.values()),
            written=written,
        )

    def _typed(self, unit: str, sheets: Sequence[Sheet]) -> list[Typed]:
        def named(kind: Any, values: Sequence[Any]) -> dict[str, Any]:
            return dict(zip(in_order(self.instrument, kind), values, strict=True))

        return [
            Typed(
                self._key(unit),
                spoken(),
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


@dataclass(frozen=True, slots=True)
class OnPaper:
    """How many people of a unit answer on paper, and where; `by_hand`: those with a comment."""

    unit: str
    kind: str
    place: str
    forms: int
    by_hand: bool = False


def ways(house: House, told: Sequence[OnPaper] = ()) -> dict[str, list[str]]:
    """Who answers on paper beside cards: usually the kitchen in a sitting, cleaning by an urn."""
    kinds = {one.unit: one.kind for one in told} or {KITCHEN: Kind.SITTING, CLEANING: Kind.URN}
    return {
        str(house.units[unit]): [
            Reached.CARDS.value,
            (Reached.SITTING if kind == Kind.SITTING else Reached.PAPER).value,
        ]
        for unit, kind in kinds.items()
    }


def take_papers(
    answering: list[Answering], told: OnPaper, instrument: Instrument, rng: np.random.Generator
) -> dict[str, Sheet]:
    """Take out those who answer on paper, in the language of the forms; return them by code.

    Who decides little about one's own work does so a little sooner.
    """
    at = [item.code for item in instrument.items].index(_LEANING)
    leaning = {one.code: one.sheet.answers[at] + _CHANCE * rng.normal() for one in answering}
    answering.sort(key=lambda one: (any(one.sheet.comments) != told.by_hand, leaning[one.code]))
    taken, answering[:] = answering[: told.forms], answering[told.forms :]
    return {one.code: replace(one.sheet, language=spoken()) for one in taken}


def answered_on_paper(
    desk: PaperDesk,
    sheets: Sequence[tuple[OnPaper, dict[str, Sheet]]],
    rng: np.random.Generator,
    *,
    on: date,
) -> None:
    """Let people of these units answer on paper, in a survey that is long past.

    Parameters
    ----------
    sheets
        Of each unit its slips, by code, and what stands on the form of each.
    """
    for told, by_code in sheets:
        sitting = desk.plan(Kind(told.kind), told.unit, told.place, on)
        desk.hold(sitting, told.unit, list(by_code), 0, on)
        desk.scan(told.unit, list(by_code.values()), on, rng)


def answer_on_paper(
    desk: PaperDesk,
    codes: dict[str, list[str]],
    crowd: Crowd,
    *,
    opens_on: date,
    today: date,
) -> None:
    """Hold a sitting and seal its forms, empty an urn, start a stack, and plan a sitting today.

    Nothing of the stack is typed yet: whoever types it a second time has to know what the first
    one typed, and here there is no paper.
    """
    on = opens_on + _SITTING_AFTER
    slips = [codes[KITCHEN].pop() for _ in range(11)]
    sitting = desk.plan(Kind.SITTING, KITCHEN, say(say("Refter")), on)
    desk.hold(sitting, KITCHEN, slips, 1, on)
    sheets = crowd.draw(KITCHEN, len(slips) - 1)
    desk.finish(desk.begin(KITCHEN, sheets, len(sheets), on), KITCHEN, sheets, on)

    yesterday = today - timedelta(days=1)
    slips = [codes[CLEANING].pop() for _ in range(10)]
    urn = desk.plan(Kind.URN, CLEANING, say("Bus aan de linnenkamer"), yesterday)
    desk.hold(urn, CLEANING, slips, 0, yesterday)
    desk.begin(CLEANING, [], len(slips), today)
    desk.plan(Kind.SITTING, KITCHEN, say("Vergaderzaal keuken"), today)
