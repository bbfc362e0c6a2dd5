"""What the respondent pages know of a campaign, and the writer of the box behind them.

Nothing of a person is kept here: only what everybody may read about a campaign.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from math import inf
from typing import Final
from uuid import UUID

from baken.instruments.definition import Instrument
from baken.instruments.errors import InstrumentError
from baken.organisation.organisations import get_organisation
from baken.storage.errors import BakenError
from baken.storage.keys import COPIES_EXPIRE_AFTER_DAYS, KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.queries import list_receipts
from baken.survey.box.writer import Writer
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import charter_view, find_public_name, get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.library.errors import LibraryError
from baken.survey.library.queries import get_instrument

KEY_COPIES_DAYS: Final = COPIES_EXPIRE_AFTER_DAYS


class Stage(StrEnum):
    """What a visitor can do today."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


class QuestionnaireChanged(BakenError):
    """The installed questionnaire is not the one that was agreed; no answer may be read with it."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "respondent.questionnaire_changed",
            "The questionnaire on this server is not the one that was agreed for this survey. "
            "Nothing was saved and your code is still valid. Tell the contact person of the "
            "survey; the right version has to be put back.",
        )


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as everybody may read it."""

    name: str
    organisation_id: UUID
    campaign_id: UUID
    organisation: str
    title: str
    state: CampaignState
    languages: tuple[str, ...]
    opens_on: date
    closes_on: date
    first_closes_on: date | None  # before the campaign was extended
    closed_on: date | None
    opened_on: date | None
    too_few: bool
    min_group: int
    adviser: str
    key_holder: str
    contact: str
    counsellor: str  # empty: the contact is named in that place
    key_fingerprint: str
    answers_until_on: date
    comments_until_on: date
    has_charter: bool
    instrument_fingerprint: str
    # None before the launch, and when the one that was agreed is not here any more. The fingerprint
    # stands for it where views are compared: pages that were rendered are found by their view.
    instrument: Instrument | None = field(compare=False)

    @property
    def home(self) -> str:
        return f"/s/{self.name}"

    @property
    def questionnaire(self) -> Instrument:
        """What is asked, in the form in which it was agreed."""
        if self.instrument is None:
            raise QuestionnaireChanged
        return self.instrument

    @property
    def page_version(self) -> str:
        """Travels with the answers, so that a page that showed other questions is noticed."""
        return self.instrument_fingerprint[:16]

    @property
    def is_launched(self) -> bool:
        return self.state is not CampaignState.DRAFT

    @property
    def last_day(self) -> date:
        """The last day on which answers were accepted."""
        return min(self.closed_on or self.closes_on, self.closes_on)

    @property
    def spaced_fingerprint(self) -> str:
        """In groups of four, so that two people can compare it aloud."""
        text = self.key_fingerprint.upper()
        return " ".join(text[place : place + 4] for place in range(0, len(text), 4))

    def stage(self, today: date) -> Stage:
        """Say what a visitor can do today; the box itself asks again."""
        if not self.is_launched:
            return Stage.NOT_YET
        if self.state is not CampaignState.RUNNING or today > self.closes_on:
            return Stage.CLOSED
        return Stage.NOT_YET if today < self.opens_on else Stage.OPEN


class GuessBrake:
    """Slows wrong codes down over the whole site, and nobody else.

    Five a second pass at once; the others wait for their turn, at most `LONGEST`. Nobody is
    locked out, and no address is kept.
    """

    PER_SECOND: Final = 5
    AT_ONCE: Final = 25
    LONGEST: Final = 10.0

    def __init__(self) -> None:
        self._free_at = -inf

    def delay(self, moment: float) -> float:
        """Return how many seconds the answer to one more wrong code has to wait."""
        earliest = moment - self.AT_ONCE / self.PER_SECOND
        self._free_at = max(self._free_at, earliest) + 1 / self.PER_SECOND
        return min(self.LONGEST, max(0.0, self._free_at - moment))


class FrontDoor:
    """Finds campaigns by their public name and holds the writer of the box."""

    def __init__(self, database: Database, keys: KeyStore) -> None:
        self.writer = Writer(database, keys)
        self.brake = GuessBrake()
        self._database = database
        self._known: dict[str, CampaignView] = {}

    def look(self, name: str) -> CampaignView:
        """Return the campaign as it is now; raise `CampaignNotFound` for an unknown name."""
        known = self._known.get(name)
        if known is None:
            with self._database.read(None) as session:
                address = find_public_name(session, name)
            owner, campaign_id = address.organisation_id, address.subject_id
        else:
            owner, campaign_id = known.organisation_id, known.campaign_id
        with self._database.read(owner) as session:
            campaign = get_campaign(session, campaign_id)
            title = known.organisation if known else get_organisation(session, owner).name
            view = _view(name, campaign, title, _find_instrument(session, campaign))
            # Nobody starts without a charter, and what was agreed then stays to be read.
            agreed = known.has_charter if known else charter_view(session, campaign) is not None
            view = replace(view, has_charter=agreed)
        if view.is_launched:
            # From the launch on the name stays; a draft may still get another one.
            self._known[name] = view
        if view.opened_on is not None:
            self.writer.forget(campaign_id)
        return view

    def remember(self, name: str) -> CampaignView:
        """Return the campaign as last seen: enough to read a sheet, whatever the database does.

        Whether it is still open is for the box to say, in the transaction that writes.
        """
        return self._known.get(name) or self.look(name)

    def receipts(self, view: CampaignView) -> tuple[str, ...]:
        """Return the receipts of all envelopes that were opened; empty before that."""
        if view.opened_on is None:
            return ()
        with self._database.read(view.organisation_id) as session:
            return tuple(list_receipts(session, view.campaign_id))

    def stop(self) -> None:
        """Finish what is being written and forget what is known."""
        self.writer.stop()
        self._known.clear()


def _find_instrument(session: Session, campaign: Campaign) -> Instrument | None:
    """Return what is asked; a page that does not ask anything can do without it."""
    if campaign.state is CampaignState.DRAFT:
        return None
    try:
        return get_instrument(
            session,
            campaign.instrument_key,
            campaign.instrument_version,
            campaign.instrument_fingerprint,
        )
    except (LibraryError, InstrumentError):
        return None


def _view(
    name: str, campaign: Campaign, organisation: str, instrument: Instrument | None
) -> CampaignView:
    return CampaignView(
        name=name,
        organisation_id=campaign.organisation_id,
        campaign_id=campaign.id,
        organisation=organisation,
        title=campaign.title,
        state=CampaignState(campaign.state),
        languages=tuple(campaign.languages),
        opens_on=campaign.opens_on,
        closes_on=campaign.closes_on,
        first_closes_on=campaign.first_closes_on,
        closed_on=campaign.closed_on,
        opened_on=campaign.opened_on,
        too_few=campaign.too_few,
        min_group=campaign.min_group,
        adviser=campaign.adviser_name,
        key_holder=campaign.key_holder,
        contact=campaign.contact,
        counsellor=campaign.counsellor,
        key_fingerprint=campaign.key_fingerprint or "",
        answers_until_on=campaign.answers_until_on,
        comments_until_on=campaign.comments_until_on,
        has_charter=False,
        instrument_fingerprint=campaign.instrument_fingerprint,
        instrument=instrument,
    )
