"""A stack of forms of one team, typed, checked, decided and sealed by the real actions."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from baken.organisation.permissions import Actor, Role
from baken.survey.box.sheet import Sheet
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.derivation import code_tag
from baken.survey.codes.places import exchange, list_places
from baken.survey.codes.secrets import PEPPER, CampaignSecrets
from baken.survey.paper.batches import BatchPlan, get_batch, open_batch
from baken.survey.paper.first_entry import key_sheet
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.progress import finish_entry
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.sealing import seal_batch
from baken.survey.paper.second_entry import key_second, next_second
from baken.survey.paper.typed import Typed


@dataclass
class Stacks:
    """One running campaign with paper places, and the hands that work on it."""

    stage: Any
    campaign_id: UUID
    unit: str

    @property
    def clerk(self) -> Actor:
        return self.stage.client.people[Role.CLERK]

    @property
    def second(self) -> Actor:
        return self.stage.client.people[Role.PREVENTION_ADVISER]

    @property
    def third(self) -> Actor:
        return self.stage.client.adviser

    def exchange(self, codes: list[str]) -> None:
        """Let so many slips become paper places."""
        client = self.stage.client
        with self.stage.database.session(client.id) as session:
            campaign = get_campaign(session, self.campaign_id)
            pepper = CampaignSecrets.of(self.stage.keys, campaign).get(PEPPER)
            for code in codes:
                tag = code_tag(pepper, self.campaign_id, code)
                assert exchange(session, self.campaign_id, tag, today=self.stage.today)

    def write(self, action: Any, *arguments: Any, **named: Any) -> Any:
        """Run an action in a transaction of its own."""
        with self.stage.database.session(self.stage.client.id) as session:
            return action(session, *arguments, **named)

    def open(self, counted: int, **changes: Any) -> PaperBatch:
        plan = BatchPlan(self.unit, "nl", Way.KEYED, counted)
        return self.write(
            open_batch, self.stage.keys, self.campaign_id, replace(plan, **changes),
            by=self.clerk, today=self.stage.today,
        )  # fmt: skip

    def typed(self, sheet: Sheet, **changes: Any) -> Typed:
        values: dict[str, Any] = {
            "unit": self.unit,
            "language": sheet.language,
            "answers": {f"q{n}": one for n, one in enumerate(sheet.answers)},
            "backgrounds": {"age": sheet.backgrounds[0]},
            "comments": {"more": sheet.comments[0]},
        }
        return Typed(**(values | changes))

    def key(self, batch: PaperBatch, place: int, typed: Typed) -> PaperBatch:
        return self.write(
            key_sheet, self.stage.keys, batch.id, place, typed,
            by=self.clerk, today=self.stage.today,
        )  # fmt: skip

    def finish(self, batch: PaperBatch, counted: int) -> BatchState:
        return self.write(
            finish_entry, self.stage.keys, batch.id, counted=counted,
            by=self.clerk, today=self.stage.today,
        )  # fmt: skip

    def check(self, batch: PaperBatch, sheets: list[Typed]) -> BatchState:
        """Type a second time whatever is asked for, from the same stack."""
        while self.look(batch).state in {BatchState.CHECKING, BatchState.WHOLE}:
            turn = self.write(
                next_second, self.stage.keys, batch.id, by=self.second, today=self.stage.today
            )
            self.write(
                key_second, self.stage.keys, batch.id, turn.place, sheets[turn.place - 1],
                by=self.second, today=self.stage.today,
            )  # fmt: skip
        return self.look(batch).state

    def seal(self, batch: PaperBatch, **changes: Any) -> None:
        seal_batch(
            self.stage.database, self.stage.keys, batch.id,
            by=self.third, today=self.stage.today, **changes,
        )  # fmt: skip

    def look(self, batch: PaperBatch) -> PaperBatch:
        with self.stage.database.read(self.stage.client.id) as session:
            return get_batch(session, self.campaign_id, batch.id)

    def place(self) -> Any:
        with self.stage.database.read(self.stage.client.id) as session:
            return list_places(session, self.campaign_id)[self.unit]

    def fill(self, counted: int) -> tuple[PaperBatch, list[Typed]]:
        """Open a stack and type all of it once; the first entry is finished."""
        batch, sheets = self.open(counted), self.sheets(counted)
        for place, typed in enumerate(sheets, start=1):
            self.key(batch, place, typed)
        self.finish(batch, counted)
        return batch, sheets

    def sheets(self, n: int) -> list[Typed]:
        """Forms that differ in most questions."""
        return [self.typed(self.stage.sheet(390_624 // (number + 1))) for number in range(n)]


def make_stacks(stage: Any, n_slips: int) -> Stacks:
    """Launch a campaign with groups of 5 and exchange so many slips of Team A for forms."""
    campaign_id = stage.launch(min_group=5)
    made = Stacks(stage, campaign_id, stage.unit_of["Team A"])
    made.exchange(stage.codes(campaign_id)["Team A"][:n_slips])
    return made
