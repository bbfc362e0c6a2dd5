"""The slot of the box: what the respondent pages call. It writes by itself, without a session.

Nothing here is recorded in the audit chain or in a log: who answers is nobody's business.
"""

import threading
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from baken.instruments.sheet import MISSING
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box import sealing, statements
from baken.survey.box.sheet import (
    SEALING_BYTES,
    Sheet,
    check_sheet,
    decode_sheet,
    encode_sheet,
)
from baken.survey.box.statements import Outcome, Place, Standing
from baken.survey.box.turns import Turns
from baken.survey.campaigns.models import Campaign, SheetShape
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.derivation import code_tag
from baken.survey.codes.secrets import PEPPER, CampaignSecrets

# Short, since no process hears that another one has opened a campaign; long enough to spare the key
# store while everybody answers.
SECRETS_STAY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Slot:
    """What the writer keeps in memory of a campaign that was launched."""

    organisation_id: UUID
    campaign_id: UUID
    pepper: bytes
    public_key: bytes
    box_size: int
    shape: SheetShape
    languages: tuple[str, ...]

    def place(self, code: str, today: date) -> Place:
        return Place(
            organisation_id=self.organisation_id,
            campaign_id=self.campaign_id,
            tag=code_tag(self.pepper, self.campaign_id, code),
            draft=sealing.draft_id(self.pepper, self.campaign_id, code),
            today=today,
        )

    def seal_for(self, sheet: Sheet, unit: str) -> bytes:
        content = encode_sheet(unit, sheet, size=self.box_size - SEALING_BYTES)
        return sealing.seal_envelope(self.public_key, self.campaign_id, content)


class Writer:
    """Takes answer sheets, for all campaigns of an installation.

    Codes are given as `read_code` returns them. `organisation_id` comes with the public name.

    Secrets stay in memory for `SECRETS_STAY_S` at most and are then read anew: a campaign may be
    opened by another process, and nobody has to come by here for its secrets to go.
    """

    def __init__(
        self, database: Database, keys: KeyStore, *, secrets_stay_s: float = SECRETS_STAY_S
    ) -> None:
        self._database = database
        self._keys = keys
        self._turns = Turns(database)
        self._slots: dict[UUID, _Slot] = {}
        self._secrets_stay_s = secrets_stay_s
        self._forgetting: threading.Timer | None = None
        self._lock = threading.Lock()

    def submit(
        self, organisation_id: UUID, campaign_id: UUID, code: str, sheet: Sheet, *, today: date
    ) -> Outcome:
        """Use the code and keep the answers, durably, or say why not.

        Raises
        ------
        InvalidSheet
            The answers do not belong to the questionnaire.
        NotStored
            The database refused; the code can still be used.
        """
        slot = self._slot(organisation_id, campaign_id)
        if isinstance(slot, Outcome):
            return slot
        check_sheet(slot.shape, slot.languages, sheet)
        work = partial(
            statements.submit,
            place=slot.place(code, today),
            seal_for=partial(slot.seal_for, sheet),
        )
        return self._seen(slot, self._turns.run(slot.organisation_id, work))

    def look_up(
        self, organisation_id: UUID, campaign_id: UUID, code: str, *, today: date
    ) -> Outcome:
        """Say whether a code may answer, without using it."""
        slot = self._slot(organisation_id, campaign_id)
        if isinstance(slot, Outcome):
            return slot
        with self._database.transaction(slot.organisation_id, read_only=True) as connection:
            return self._seen(slot, statements.look_up(connection, slot.place(code, today)))

    def save_draft(
        self, organisation_id: UUID, campaign_id: UUID, code: str, sheet: Sheet, *, today: date
    ) -> Outcome:
        """Keep answers to go on elsewhere; `WELCOME` means that they are kept."""
        slot = self._slot(organisation_id, campaign_id)
        if isinstance(slot, Outcome):
            return slot
        check_sheet(slot.shape, slot.languages, sheet)
        size = slot.box_size - sealing.DRAFT_SEALING_BYTES
        content = encode_sheet("", sheet, size=size)
        box = sealing.seal_draft(slot.pepper, campaign_id, code, content)
        work = partial(statements.save_draft, place=slot.place(code, today), box=box)
        return self._seen(slot, self._turns.run(slot.organisation_id, work))

    def load_draft(
        self, organisation_id: UUID, campaign_id: UUID, code: str, *, today: date
    ) -> Sheet | None:
        """Return the answers kept under a code; None when there are none."""
        slot = self._slot(organisation_id, campaign_id)
        if isinstance(slot, Outcome):
            return None
        with self._database.transaction(slot.organisation_id, read_only=True) as connection:
            box = statements.read_draft(connection, slot.place(code, today))
        if box is None:
            return None
        content = sealing.open_draft(slot.pepper, campaign_id, code, box)
        return decode_sheet(content, slot.shape)[1]

    def sample(self, organisation_id: UUID, campaign_id: UUID, *, answer: int) -> bytes:
        """Seal an invented sheet, as everybody's is sealed: what a server has of an answer.

        Only the first question has an answer. Empty where there is no box any more.
        """
        slot = self._slot(organisation_id, campaign_id)
        if isinstance(slot, Outcome):
            return b""
        answers = (answer, *[MISSING] * (len(slot.shape["items"]) - 1))
        backgrounds = (MISSING,) * len(slot.shape["backgrounds"])
        comments = ("",) * len(slot.shape["open_questions"])
        sheet = Sheet(slot.languages[0], answers, backgrounds, comments)
        check_sheet(slot.shape, slot.languages, sheet)
        return slot.seal_for(sheet, "")

    def forget(self, campaign_id: UUID) -> None:
        """Drop the secrets of a campaign that takes no answers any more."""
        self._slots.pop(campaign_id, None)

    def stop(self) -> None:
        """Finish what is being written and forget all secrets."""
        self._turns.stop()
        self._forget_all()

    def _slot(self, organisation_id: UUID, campaign_id: UUID) -> _Slot | Outcome:
        known = self._slots.get(campaign_id)
        if known is not None:
            return known
        with self._database.read(organisation_id) as session:
            campaign = get_campaign(session, campaign_id)
            if campaign.state is CampaignState.DRAFT:
                return Outcome(Standing.NOT_YET)
            if campaign.state not in {CampaignState.RUNNING, CampaignState.CLOSED}:
                return Outcome(Standing.CLOSED)
            slot = _slot_of(self._keys, campaign)
        self._remember(slot)
        return slot

    def _remember(self, slot: _Slot) -> None:
        with self._lock:
            self._slots[slot.campaign_id] = slot
            if self._forgetting is None:
                self._forgetting = threading.Timer(self._secrets_stay_s, self._forget_all)
                self._forgetting.daemon = True
                self._forgetting.start()

    def _forget_all(self) -> None:
        with self._lock:
            timer, self._forgetting = self._forgetting, None
            if timer is not None:
                timer.cancel()
            self._slots.clear()

    def _seen(self, slot: _Slot, outcome: Outcome) -> Outcome:
        if outcome.standing is Standing.CLOSED:
            self.forget(slot.campaign_id)
        return outcome


def _slot_of(keys: KeyStore, campaign: Campaign) -> _Slot:
    if campaign.box_public_key is None or not campaign.box_size or not campaign.sheet_shape:
        raise RuntimeError("a campaign was launched without a box")
    return _Slot(
        organisation_id=campaign.organisation_id,
        campaign_id=campaign.id,
        pepper=CampaignSecrets.of(keys, campaign).get(PEPPER),
        public_key=campaign.box_public_key,
        box_size=campaign.box_size,
        shape=campaign.sheet_shape,
        languages=tuple(campaign.languages),
    )
